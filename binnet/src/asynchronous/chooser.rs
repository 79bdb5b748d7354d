//! Choosing the neuron of each update, with probability proportional to 1/tau.

use rand::Rng as _;

use super::kernel::Kernels;
use super::spec::PopulationSpec;
use crate::rng::Stream;
use crate::snapshot::persist;

/// Updates whose neurons are drawn at once; divides [`super::trajectory::EPOCH`].
pub(crate) const BATCH: usize = 512;

/// Maps random numbers to neurons.
///
/// A uniform number u of 52 bits picks the population by its place among the cumulative rates, and
/// the neuron by its place within the population's share. The probability of a neuron is right to
/// N 2^-52.
#[derive(Clone, Debug)]
pub(crate) struct Chooser {
    shares: Vec<Share>,
    /// Updates per ms of the whole network.
    pub(crate) rate: f64,
}

/// The share of a population: it begins at `start`, and `scale` neurons go into a length of 1.
#[derive(Clone, Copy, Debug)]
struct Share {
    start: f64,
    scale: f64,
    first: f64,
    last: f64,
}

/// A batch of drawn updates.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) neurons: [u32; BATCH],
    pub(crate) populations: [u32; BATCH],
}

persist!([] Batch { neurons, populations } fixed {} built {});

impl Batch {
    pub(crate) fn new() -> Self {
        Self { neurons: [0; BATCH], populations: [0; BATCH] }
    }
}

/// 2^52: adding it to a number rounds that number to an integer, which the low bits then hold.
const INTEGER: f64 = 4_503_599_627_370_496.0;

impl Chooser {
    pub(crate) fn new(populations: &[PopulationSpec]) -> Self {
        let rate: f64 = populations.iter().map(|p| p.size as f64 / p.tau).sum();
        let (mut cumulative, mut first) = (0.0, 0);
        let shares = populations.iter().map(|population| {
            let start = cumulative / rate;
            cumulative += population.size as f64 / population.tau;
            let last = first + population.size - 1;
            // u - start lies in [0, N / (tau rate)) and is stretched to [0, N).
            let share = Share { start, scale: population.tau * rate, first: first as f64, last: last as f64 };
            first = last + 1;
            share
        });
        Self { shares: shares.collect(), rate }
    }

    /// Draws the next batch of updates.
    pub(crate) fn draw(&self, kernels: Kernels, rng: &mut Stream, batch: &mut Batch) {
        let mut raw = [0_u64; BATCH];
        raw.iter_mut().for_each(|x| *x = rng.next_u64());
        match *self.shares {
            [a] => kernels.vectorize(
                #[inline(always)]
                || place(&[a], &raw, batch),
            ),
            [a, b] => kernels.vectorize(
                #[inline(always)]
                || place(&[a, b], &raw, batch),
            ),
            [a, b, c] => kernels.vectorize(
                #[inline(always)]
                || place(&[a, b, c], &raw, batch),
            ),
            ref shares => {
                for (i, x) in raw.into_iter().enumerate() {
                    let p = shares.partition_point(|s| s.start <= uniform(x)) - 1;
                    batch.populations[i] = p as u32;
                    batch.neurons[i] = shares[p].neuron(uniform(x));
                }
            }
        }
    }
}

/// A uniform number in [0, 1) from the high 52 bits.
#[inline(always)]
fn uniform(x: u64) -> f64 {
    f64::from_bits(x >> 12 | 0x3ff0_0000_0000_0000) - 1.0
}

impl Share {
    /// The neuron at u, in arithmetic that every instruction set has in its vectors.
    #[inline(always)]
    fn neuron(&self, u: f64) -> u32 {
        let x = (u - self.start) * self.scale;
        let rounded = (x + INTEGER) - INTEGER;
        let floor = if rounded > x { rounded - 1.0 } else { rounded };
        let id = self.first + floor;
        let id = if id > self.last { self.last } else { id };
        (id + INTEGER).to_bits() as u32
    }
}

/// Maps a batch of numbers, for few populations.
#[inline(always)]
fn place<const P: usize>(shares: &[Share; P], raw: &[u64; BATCH], batch: &mut Batch) {
    let out = batch.neurons.iter_mut().zip(&mut batch.populations);
    for (x, (neuron, chosen)) in raw.iter().zip(out) {
        let u = uniform(*x);
        let mut share = shares[0];
        let mut population = 0;
        for (p, next) in shares.iter().enumerate().skip(1) {
            let beyond = u >= next.start;
            share = Share {
                start: if beyond { next.start } else { share.start },
                scale: if beyond { next.scale } else { share.scale },
                first: if beyond { next.first } else { share.first },
                last: if beyond { next.last } else { share.last },
            };
            population = if beyond { p as u32 } else { population };
        }
        *neuron = share.neuron(u);
        *chosen = population;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Streams;

    #[test]
    fn every_neuron_by_its_rate() {
        // 2 M draws; each count within 5.5 standard deviations: false alarm below 1e-5 for 200 neurons.
        for specs in [
            vec![PopulationSpec::new("a", 7).tau(3.0)],
            vec![PopulationSpec::new("e", 80).tau(10.0), PopulationSpec::new("i", 20).tau(5.0)],
            vec![
                PopulationSpec::new("a", 1).tau(3.3),
                PopulationSpec::new("b", 1).tau(3.1),
                PopulationSpec::new("c", 50).tau(40.0),
            ],
        ] {
            let chooser = Chooser::new(&specs);
            let n: usize = specs.iter().map(|s| s.size).sum();
            let mut counts = vec![0_u64; n];
            let mut rng = Streams::new(5).named("updates");
            let mut batch = Batch::new();
            let draws = 2_000_000 / BATCH;
            for _ in 0..draws {
                chooser.draw(Kernels::detect(None), &mut rng, &mut batch);
                for (&k, &p) in batch.neurons.iter().zip(&batch.populations) {
                    counts[k as usize] += 1;
                    let first: usize = specs[..p as usize].iter().map(|s| s.size).sum();
                    assert!((first..first + specs[p as usize].size).contains(&(k as usize)));
                }
            }
            let mut k = 0;
            for spec in &specs {
                let p = 1.0 / spec.tau / chooser.rate;
                let (mean, sd) = (p * (draws * BATCH) as f64, (p * (1.0 - p) * (draws * BATCH) as f64).sqrt());
                for _ in 0..spec.size {
                    assert!((counts[k] as f64 - mean).abs() < 5.5 * sd, "{spec:?}: {} for {mean}", counts[k]);
                    k += 1;
                }
            }
        }
    }
}
