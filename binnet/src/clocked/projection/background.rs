//! Poisson spikes to each neuron of a population, from sources that are not simulated.

use rand::Rng as _;
use rand_distr::{Distribution as _, Poisson};

use crate::rng::Stream;
use crate::simd::Kernels;
use crate::snapshot::persist;
use crate::units::Time;

/// Poisson spikes to each neuron, as from `n` independent sources: no source is simulated, no synapse stored. For
/// [`Clocked::poisson_input`](crate::clocked::Clocked::poisson_input).
///
/// ```
/// use binnet::clocked::PoissonInput;
/// let background = PoissonInput::new("exc", "v", 1000, 20.0, 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PoissonInput {
    pub(super) population: String,
    pub(super) target: String,
    n: u64,
    hertz: f64,
    pub(super) weight: f64,
}

impl PoissonInput {
    /// `n` sources of `hertz` each onto an input or state of all neurons; `weight` in the unit of the target.
    pub fn new(population: impl Into<String>, target: impl Into<String>, n: u64, hertz: f64, weight: f64) -> Self {
        Self { population: population.into(), target: target.into(), n, hertz, weight }
    }

    /// The mean number of spikes of a step.
    pub(super) fn mean(&self, dt: f64) -> f64 {
        self.n as f64 * self.hertz * dt * 1e-3
    }

    /// What is wrong with its numbers: problem and help.
    pub(super) fn problem(&self, dt: f64) -> Option<(String, &'static str)> {
        if !(self.hertz.is_finite() && self.hertz >= 0.0) {
            return Some((format!("has a rate of {} Hz", self.hertz), "a rate is finite and not negative"));
        }
        if !self.weight.is_finite() {
            return Some((format!("has the weight {}", self.weight), "weights are finite"));
        }
        if self.mean(dt) > MOST {
            let mean = self.mean(dt);
            return Some((format!("brings {mean} spikes a step"), "a constant or noisy current stands for so many"));
        }
        None
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "poisson_input(n: {}, rate: {} Hz, weight: {}) onto {}.{}",
            self.n, self.hertz, self.weight, self.population, self.target
        )
    }

    /// The mean time between spikes of one neuron; infinite without any.
    #[must_use]
    pub fn interval(&self) -> Time {
        Time::from_ms(1e3 / (self.n as f64 * self.hertz))
    }
}

/// More spikes a step are refused.
const MOST: f64 = 10_000.0;
/// Larger means are drawn one by one.
const TABLED: f64 = 24.0;
/// Generators side by side.
const LANES: usize = 16;
/// Numbers drawn before they are compared.
const AT_ONCE: usize = 16 * LANES;
/// Thresholds that so few numbers reach are looked at only if one of those drawn at once does.
const RARE: u32 = u32::MAX / (64 * AT_ONCE as u32);

/// Draws Poisson numbers of one mean.
///
/// A random number of 32 bits is compared with the distribution function: exact up to the 2^-32 of the number. All
/// lanes have a generator of their own, xoshiro128++ (Blackman & Vigna 2021).
#[derive(Clone)]
pub(super) struct Counts {
    mean: f64,
    neurons: usize,
    /// The distribution function times 2^32, up to where it is 1.
    thresholds: Vec<u32>,
    lanes: [[u32; LANES]; 4],
    stream: Stream,
}

persist!([] Counts { lanes, stream } fixed {} built { mean, neurons, thresholds });

impl Counts {
    pub(super) fn new(mean: f64, neurons: usize, stream: &mut Stream) -> Self {
        let (mut thresholds, mut term, mut sum) = (Vec::new(), (-mean).exp(), 0.0);
        let most = if mean <= TABLED { 200 } else { 0 };
        for k in 1..=most {
            sum += term;
            let scaled = sum * 4_294_967_296.0;
            if scaled >= 4_294_967_295.5 {
                break;
            }
            thresholds.push(scaled.round() as u32);
            term *= mean / f64::from(k);
        }
        let mut counts = Self { mean, neurons, thresholds, lanes: [[0; LANES]; 4], stream: stream.clone() };
        counts.restart(stream);
        counts
    }

    /// Draws from a stream from now on.
    pub(super) fn restart(&mut self, stream: &mut Stream) {
        self.lanes = core::array::from_fn(|_| core::array::from_fn(|_| stream.next_u32()));
        self.stream = stream.clone();
    }

    /// Draws from another stream from now on.
    pub(super) fn reseed(&mut self, stream: &mut Stream) {
        *self = Self::new(self.mean, self.neurons, stream);
    }

    /// Overwrites `out` with a number for each neuron.
    pub(super) fn draw(&mut self, out: &mut Vec<u16>, kernels: Kernels) {
        out.resize(self.neurons.next_multiple_of(LANES), 0);
        if self.mean > TABLED {
            if let Ok(law) = Poisson::new(self.mean) {
                out.iter_mut().for_each(|count| *count = law.sample(&mut self.stream).min(f64::from(u16::MAX)) as u16);
            }
            return;
        }
        // A copy, which nothing else can point to, so that it stays in registers.
        let mut lanes = self.lanes;
        let usual = self.thresholds.partition_point(|threshold| *threshold < u32::MAX - RARE);
        let (usual, rare) = self.thresholds.split_at(usual);
        let least = rare.first().copied().unwrap_or(u32::MAX);
        kernels.vectorize(
            #[inline(always)]
            || {
                for out in out.chunks_mut(AT_ONCE) {
                    let (mut random, mut counts) = ([0; AT_ONCE], [0; AT_ONCE]);
                    for numbers in &mut random.as_chunks_mut().0[..out.len() / LANES] {
                        *numbers = next(&mut lanes);
                    }
                    count(usual, &random, &mut counts);
                    if random.iter().fold(0, |most: u32, random| most.max(*random)) >= least {
                        count(rare, &random, &mut counts);
                    }
                    out.iter_mut().zip(counts).for_each(|(out, count)| *out = count as u16);
                }
            },
        );
        self.lanes = lanes;
    }
}

/// How many of some thresholds each of some random numbers reaches, added to counts. (Four thresholds at a time, so that
/// numbers and counts are loaded seldom; over many numbers, so that the compiler turns the inner loop into vector
/// instructions and not the outer one.)
#[inline(always)]
fn count(thresholds: &[u32], random: &[u32; AT_ONCE], counts: &mut [u32; AT_ONCE]) {
    let (fours, rest) = thresholds.as_chunks::<4>();
    for [a, b, c, d] in fours {
        for (count, random) in counts.iter_mut().zip(random) {
            let (low, high) =
                (u32::from(random >= a) + u32::from(random >= b), u32::from(random >= c) + u32::from(random >= d));
            *count += low + high;
        }
    }
    for threshold in rest {
        counts.iter_mut().zip(random).for_each(|(count, random)| *count += u32::from(random >= threshold));
    }
}

/// One number of each lane.
#[inline(always)]
fn next(state: &mut [[u32; LANES]; 4]) -> [u32; LANES] {
    let mut out = [0; LANES];
    let [s0, s1, s2, s3] = state;
    for i in 0..LANES {
        out[i] = s0[i].wrapping_add(s3[i]).rotate_left(7).wrapping_add(s0[i]);
        let shifted = s1[i] << 9;
        s2[i] ^= s0[i];
        s3[i] ^= s1[i];
        s1[i] ^= s2[i];
        s0[i] ^= s3[i];
        s2[i] ^= shifted;
        s3[i] = s3[i].rotate_left(11);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Streams;

    #[test]
    fn moments_of_the_counts() {
        // 2 million numbers each; 5 standard errors of mean and variance: false alarms below 1e-6 each.
        for mean in [0.0, 0.02, 2.0, 20.0, 60.0] {
            let mut counts = Counts::new(mean, 20_000, &mut Streams::new(3).named("counts"));
            let (mut out, mut sum, mut squares, mut n) = (Vec::new(), 0.0, 0.0, 0.0);
            for _ in 0..100 {
                counts.draw(&mut out, Kernels::detect(None));
                for count in &out[..20_000] {
                    let x = f64::from(*count) - mean;
                    (sum, squares, n) = (sum + x, squares + x * x, n + 1.0);
                }
            }
            let (error, variance) = (sum / n, squares / n);
            assert!(error.abs() <= 5.0 * (mean / n).sqrt(), "mean {mean}: off by {error}");
            // The fourth central moment of a Poisson number is mean + 3 mean^2.
            let spread = ((mean + 2.0 * mean * mean) / n).sqrt();
            assert!((variance - mean).abs() <= 5.0 * spread, "variance of {mean}: {variance}");
        }
    }
}
