//! Choosing the neuron of each update, with probability proportional to 1/tau.

use rand::Rng as _;

use super::spec::PopulationSpec;
use crate::rng::Stream;

/// Updates whose neurons are drawn at once; divides [`super::trajectory::EPOCH`].
pub(crate) const BATCH: usize = 512;

/// Maps random numbers to neurons.
///
/// A 64-bit number picks the population by its place among the cumulative rates, and the neuron by
/// its place within the population's share. The probability of a neuron is right to about 1e-15
/// relative.
#[derive(Clone, Debug)]
pub(crate) struct Chooser {
    /// Where the share of each population but the first begins.
    starts: Vec<u64>,
    shares: Vec<Share>,
    /// Updates per ms of the whole network.
    pub(crate) rate: f64,
}

#[derive(Clone, Copy, Debug)]
struct Share {
    start: u64,
    multiplier: u64,
    shift: u32,
    first: u32,
    last: u32,
}

/// A batch of drawn updates.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) neurons: [u32; BATCH],
    pub(crate) populations: [u8; BATCH],
}

impl Batch {
    pub(crate) fn new() -> Self {
        Self { neurons: [0; BATCH], populations: [0; BATCH] }
    }
}

impl Chooser {
    pub(crate) fn new(populations: &[PopulationSpec]) -> Self {
        let rate: f64 = populations.iter().map(|p| p.size as f64 / p.tau).sum();
        let mut cumulative = 0.0;
        let mut first = 0;
        let mut start = 0_u64;
        let mut shares = Vec::new();
        for (i, population) in populations.iter().enumerate() {
            cumulative += population.size as f64 / population.tau;
            // A float to integer cast saturates, so the last share ends at 2^64.
            let end = if i + 1 == populations.len() {
                1 << 64
            } else {
                u128::from((cumulative / rate * 2_f64.powi(64)) as u64)
            };
            let width = (end.saturating_sub(u128::from(start))).max(1);
            let (multiplier, shift) = (0..=32)
                .rev()
                .map(|shift| (((population.size as u128) << (64 + shift)) / width, shift))
                .find(|(m, _)| *m <= u128::from(u64::MAX))
                .unwrap_or((0, 0));
            let last = first + population.size as u32 - 1;
            shares.push(Share { start, multiplier: multiplier as u64, shift: shift as u32, first, last });
            first = last + 1;
            start = end.min(u128::from(u64::MAX)) as u64;
        }
        Self { starts: shares[1..].iter().map(|s| s.start).collect(), shares, rate }
    }

    #[inline(always)]
    fn neuron(&self, population: usize, x: u64) -> u32 {
        let share = &self.shares[population];
        let high = (u128::from(x - share.start) * u128::from(share.multiplier)) >> 64;
        (share.first + ((high as u64) >> share.shift) as u32).min(share.last)
    }

    /// Draws the next batch of updates.
    pub(crate) fn draw(&self, rng: &mut Stream, batch: &mut Batch) {
        let pairs = batch.neurons.iter_mut().zip(&mut batch.populations);
        match *self.starts.as_slice() {
            [] => pairs.for_each(|(neuron, _)| *neuron = self.neuron(0, rng.next_u64())),
            [second] => pairs.for_each(|(neuron, population)| {
                let x = rng.next_u64();
                *population = u8::from(x >= second);
                *neuron = self.neuron(usize::from(x >= second), x);
            }),
            ref starts => pairs.for_each(|(neuron, population)| {
                let x = rng.next_u64();
                let p = starts.partition_point(|s| *s <= x);
                *population = p as u8;
                *neuron = self.neuron(p, x);
            }),
        }
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
                chooser.draw(&mut rng, &mut batch);
                for (&k, &p) in batch.neurons.iter().zip(&batch.populations) {
                    counts[k as usize] += 1;
                    let first: usize = specs[..usize::from(p)].iter().map(|s| s.size).sum();
                    assert!((first..first + specs[usize::from(p)].size).contains(&(k as usize)));
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
