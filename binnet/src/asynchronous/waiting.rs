//! The rejection-free scheme: only flips are simulated, and the updates in between are counted.
//!
//! In a network of thresholds, an update changes something only if the neuron's state disagrees with
//! its field. Let P be the probability that an update picks such a neuron. The number of updates
//! before the next flip is geometric with P, and the neuron that flips is one that disagrees, chosen
//! by rate (the n-fold way of Bortz, Kalos & Lebowitz 1975). The law of the trajectory is the same
//! as with all updates drawn; the random numbers are not.

use rand::RngExt as _;
use rand_distr::{Distribution as _, Geometric};

use super::fields::{Counters, Reals};
use super::kernel::Counter;
use super::layout::Connectivity;
use super::spec::PopulationSpec;
use super::thresholds::Thresholds;
use super::trajectory::{Setting, Trajectory};
use crate::record::PackedFlip;
use crate::snapshot::persist;

/// State of the rejection-free scheme.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// Updates that still pass before the next flip, where they were drawn already.
    left: Option<u64>,
    /// One bit a neuron: whether its state disagrees with its field.
    bits: Vec<u64>,
    /// How many neurons disagree, by population.
    counts: Vec<u64>,
    /// Nothing disagrees: the network stays as it is for ever.
    absorbed: bool,
}

// Which neurons disagree is found anew before each flip.
persist!([] Waiting { left, absorbed } fixed {} built { bits, counts });

/// Whether simulating only flips is cheaper at this number of flips an epoch. A null update takes
/// about 4 ns, finding all disagreements about 0.3 ns a neuron and slot.
pub(crate) fn pays(flips: u64, epoch: u64, neurons: usize, slots: usize) -> bool {
    flips as f64 * (0.3 * (neurons * (slots + 1)) as f64 + 40.0) < 4.0 * epoch as f64
}

impl Waiting {
    /// Drops a wait that was drawn under other circumstances.
    pub(crate) fn forget(&mut self) {
        self.left = None;
    }

    /// Whether the last look found no neuron that could flip.
    pub(crate) fn absorbed(&self) -> bool {
        self.absorbed
    }
}

impl Trajectory {
    /// Passes `n` updates by waiting from flip to flip.
    pub(crate) fn wait_updates(&mut self, setting: &Setting<'_>, n: u64, out: &mut Vec<PackedFlip>) {
        let Setting { net, chooser, populations, thresholds, refresh, base } = *setting;
        let Some(mut waiting) = self.waiting.take() else { return };
        let mut left = n;
        while left > 0 {
            self.find_disagreements(net, populations, thresholds, &mut waiting);
            let mass: f64 = waiting.counts.iter().zip(populations).map(|(c, p)| *c as f64 / p.tau).sum();
            waiting.absorbed = mass == 0.0;
            if waiting.absorbed {
                waiting.left = None;
                self.updates += left;
                break;
            }
            let wait = waiting.left.take().unwrap_or_else(|| {
                // P is positive and, up to rounding, at most 1.
                Geometric::new((mass / chooser.rate).min(1.0)).map_or(0, |g| g.sample(&mut self.updates_rng))
            });
            if wait >= left {
                waiting.left = Some(wait - left);
                self.updates += left;
                break;
            }
            left -= wait + 1;
            self.updates += wait;
            let neuron = self.pick(&waiting, populations, mass);
            self.flip(net, neuron, refresh);
            out.push(PackedFlip::new((self.updates - base) as u32, neuron as u32, self.states[neuron] == 1));
            self.updates += 1;
        }
        self.drawn += n;
        self.waiting = Some(waiting);
    }

    /// Chooses one of the disagreeing neurons by its rate.
    fn pick(&mut self, waiting: &Waiting, populations: &[PopulationSpec], mass: f64) -> usize {
        let mut x = self.updates_rng.random::<f64>() * mass;
        let mut chosen = None;
        for (p, population) in populations.iter().enumerate() {
            let own = waiting.counts[p] as f64 / population.tau;
            if own > 0.0 {
                chosen = Some(p);
                if x < own {
                    break;
                }
            }
            x -= own;
        }
        let p = chosen.unwrap_or(0);
        let first: usize = populations[..p].iter().map(|s| s.size).sum();
        let rank = self.updates_rng.random_range(0..waiting.counts[p].max(1));
        nth_set(&waiting.bits, first, rank)
    }

    /// Compares all fields with their thresholds.
    pub(crate) fn find_disagreements(
        &self,
        net: &Connectivity,
        populations: &[PopulationSpec],
        thresholds: &Thresholds,
        waiting: &mut Waiting,
    ) {
        waiting.bits.clear();
        waiting.bits.resize(net.n.div_ceil(64), 0);
        waiting.counts.clear();
        let mut first = 0;
        for (p, population) in populations.iter().enumerate() {
            let range = first..first + population.size;
            first = range.end;
            let bits = &mut waiting.bits;
            let count = net.kernels.vectorize(
                #[inline(always)]
                || match &self.counters {
                    Counters::Narrow(c) => disagreements(net, c, &self.reals, &self.states, thresholds, p, range, bits),
                    Counters::Wide(c) => disagreements(net, c, &self.reals, &self.states, thresholds, p, range, bits),
                },
            );
            waiting.counts.push(count);
        }
    }
}

/// Neurons whose fields are computed together.
const CHUNK: usize = 64;

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel over the parts of a network")]
fn disagreements<C: Counter>(
    net: &Connectivity,
    counters: &[C],
    reals: &Reals,
    states: &[u8],
    thresholds: &Thresholds,
    population: usize,
    range: core::ops::Range<usize>,
    bits: &mut [u64],
) -> u64 {
    let weights = &net.weights[population * net.slots..][..net.slots];
    let mut count = 0;
    let mut start = range.start;
    while start < range.end {
        // Chunks begin at multiples of 64, so that each fills one word of bits.
        let end = ((start / CHUNK + 1) * CHUNK).min(range.end);
        let len = end - start;
        let mut fields = [0.0_f64; CHUNK];
        for (c, w) in weights.iter().enumerate() {
            let counters = &counters[c * net.stride + start..][..len];
            for (h, n) in fields.iter_mut().zip(counters) {
                *h += w * n.to_f64();
            }
        }
        match reals {
            Reals::None => {}
            Reals::F32(v) => fields.iter_mut().zip(&v[start..end]).for_each(|(h, r)| *h += f64::from(*r)),
            Reals::F64(v) => fields.iter_mut().zip(&v[start..end]).for_each(|(h, r)| *h += r),
        }
        let mut word = 0_u64;
        for (i, (h, s)) in fields.iter().zip(&states[start..end]).enumerate() {
            let differs = (*h > thresholds.at(population, start + i)) != (*s != 0);
            word |= u64::from(differs) << ((start + i) % CHUNK);
        }
        bits[start / CHUNK] |= word;
        count += u64::from(word.count_ones());
        start = end;
    }
    count
}

/// The position of the set bit of this rank, counted from bit `first`.
fn nth_set(bits: &[u64], first: usize, rank: u64) -> usize {
    let mut rank = rank;
    let mut at = first / 64;
    let mut word = bits[at] & (u64::MAX << (first % 64));
    loop {
        let ones = u64::from(word.count_ones());
        if rank < ones {
            for _ in 0..rank {
                word &= word - 1;
            }
            return at * 64 + word.trailing_zeros() as usize;
        }
        rank -= ones;
        at += 1;
        if at == bits.len() {
            return first; // no such bit: cannot happen for a rank below the count
        }
        word = bits[at];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_bits_by_rank() {
        let bits = [0b1010_0001_u64 << 3, 0, 1 << 63 | 1];
        let all: Vec<_> = (0..3 * 64).filter(|i| bits[i / 64] >> (i % 64) & 1 == 1).collect();
        for (rank, &i) in all.iter().enumerate() {
            assert_eq!(nth_set(&bits, 0, rank as u64), i);
        }
        assert_eq!(nth_set(&bits, 4, 0), 8);
        assert_eq!(nth_set(&bits, 100, 1), 191);
    }
}
