//! All that arrives at one field of a population: its projections, block by block of targets.

use std::sync::Arc;

use super::bits::Bits;
use super::ring::Ring;
use super::rows::{BLOCK, Rows};
use crate::asynchronous::aligned::AlignedVec;
use crate::neuron::Real;
use crate::simd::Kernels;

/// What a projection delivers in a step: a row and an amount for each presynaptic neuron that has something
/// to say. Amounts are numbers of spikes, or outputs of rate neurons.
#[derive(Clone, Debug, Default)]
pub(super) struct Due {
    pub(super) rows: Vec<(u32, f64)>,
    /// The sum of the amounts.
    pub(super) total: f64,
    /// For what stores no connections: how often each target is hit.
    pub(super) hits: Vec<u16>,
    /// What each target gets from synapses with equations.
    pub(super) sums: Vec<f64>,
    /// Whether there is anything.
    pub(super) any: bool,
    /// Whether these are outputs that were so forever, since they are the first.
    pub(super) first: bool,
}

/// How the arrivals of a projection are computed, as far as all blocks agree.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    /// The weight of all synapses, where none are stored; a factor otherwise.
    pub(super) weight: f64,
    /// Whether amounts are whole numbers.
    pub(super) spikes: bool,
    /// Whether weights were set since they were drawn.
    pub(super) changed: bool,
    pub(super) due: Due,
}

impl Feed {
    pub(super) fn new(weight: f64, spikes: bool) -> Self {
        Self { weight, spikes, changed: false, due: Due::default() }
    }
}

/// The synapses of a projection onto a block.
#[derive(Clone, Debug)]
pub(super) enum Wires<R> {
    /// Lists of targets.
    Rows(Rows<R>),
    /// A bit for each pair; a bound on the contacts of a pair.
    Bits(Bits, u16),
    /// Rows of weights for targets `start..start + width` of the block.
    Dense { start: usize, width: usize, weights: Vec<R> },
    /// Each row contacts all targets `start..start + width`; target `start + i` is not contacted by row `own + i`,
    /// if there is one.
    All { start: usize, width: usize, own: Option<usize> },
    /// Nothing is stored: `hits` has them, from this position on, for targets `start..start + width`.
    Hits { first: usize, start: usize, width: usize },
    /// Synapses with equations: `sums` have what arrives, from this position on.
    Sums { first: usize },
}

/// Consecutive targets, whose arrivals are computed together.
#[derive(Clone, Debug)]
pub(super) struct Block<R> {
    pub(super) start: usize,
    pub(super) len: usize,
    /// The wires of each projection, in order of declaration; copies of a network share them.
    pub(super) wires: Vec<Arc<Wires<R>>>,
    pub(super) ring: Ring<R>,
    pub(super) scratch: Scratch<R>,
}

/// Counters and sums, 0 between uses.
#[derive(Clone, Debug)]
pub(super) struct Scratch<R> {
    counts: AlignedVec<i16>,
    sums: Vec<R>,
    /// The rows of neurons that spiked once.
    singles: Vec<u32>,
}

impl<R> Scratch<R> {
    /// Whether the counters hold all that is due, a row being added at most so often to one of them. Gathers the rows that are
    /// added once.
    fn admits(&mut self, most: u16, due: &Due) -> bool {
        if due.total * f64::from(most) > f64::from(u16::MAX) {
            return false;
        }
        self.singles.clear();
        self.singles.extend(due.rows.iter().filter(|(_, amount)| *amount == 1.0).map(|(row, _)| row));
        true
    }
}

/// The values that arrivals are added to: those of the targets of a block.
pub(super) struct Field<'a, R> {
    pub(super) values: &'a mut [R],
    /// Above 0 for neurons that take nothing (refractory).
    pub(super) held: Option<&'a [R]>,
}

impl<R: Real> Block<R> {
    pub(super) fn new(start: usize, len: usize) -> Self {
        let scratch = Scratch { counts: AlignedVec::zeroed(BLOCK), sums: vec![R::of(0.0); len], singles: Vec::new() };
        Self { start, len, wires: Vec::new(), ring: Ring::new(len), scratch }
    }

    /// Adds all that arrives in a step. Spikes of synapses with delays of their own are sent on their way.
    pub(super) fn deliver(&mut self, feeds: &[Feed], mut field: Field<'_, R>, step: u64, kernels: Kernels) {
        for (feed, wires) in feeds.iter().zip(&self.wires) {
            if !feed.due.any {
                continue;
            }
            let weight = R::of(feed.weight);
            match &**wires {
                Wires::Rows(rows) if rows.has_delays() && feed.due.first => {
                    send_past(rows, feed, weight, &mut self.ring, step);
                }
                Wires::Rows(rows) if rows.has_delays() => send(rows, feed, weight, &mut self.ring, step),
                Wires::Bits(bits, most) if self.scratch.admits(*most, &feed.due) => {
                    let Scratch { counts, singles, .. } = &mut self.scratch;
                    bits.count_all(singles, counts, kernels);
                    for (row, amount) in feed.due.rows.iter().filter(|(_, amount)| *amount != 1.0) {
                        (0..*amount as u64).for_each(|_| bits.count(*row as usize, counts, kernels));
                    }
                    field.flush_counts(&mut counts[..self.len], weight, kernels);
                }
                Wires::Bits(bits, most) => {
                    let add = |row: usize, counts: &mut [i16]| bits.count(row, counts, kernels);
                    counted(*most, feed, weight, &mut self.scratch.counts, &mut field, kernels, |row, part, counts| {
                        (0..part).for_each(|_| add(row, counts));
                    });
                }
                Wires::Rows(rows) => scatter(rows, feed, weight, &mut self.scratch, &mut field, kernels),
                Wires::Dense { start, width, weights } => {
                    dense(weights, *width, feed, weight, &mut self.scratch.sums[*start..*start + *width], kernels);
                    field.flush(&mut self.scratch.sums, kernels);
                }
                Wires::All { start, width, own } => {
                    all(&feed.due, weight, *own, &mut self.scratch.sums[*start..*start + *width]);
                    field.flush(&mut self.scratch.sums, kernels);
                }
                Wires::Hits { first, start, width } => {
                    let hits = feed.due.hits.get(*first..*first + *width).unwrap_or_default();
                    let sums = &mut self.scratch.sums[*start..*start + *width];
                    sums.iter_mut().zip(hits).for_each(|(sum, hit)| *sum = R::of(f64::from(*hit)) * weight);
                    field.flush(&mut self.scratch.sums, kernels);
                }
                Wires::Sums { first } => {
                    let due = feed.due.sums.get(*first..*first + self.len).unwrap_or_default();
                    self.scratch.sums.iter_mut().zip(due).for_each(|(sum, due)| *sum = R::of(*due * feed.weight));
                    field.flush(&mut self.scratch.sums, kernels);
                }
            }
        }
        if let Some(due) = self.ring.due(step) {
            field.flush(due, kernels);
        }
    }

    /// Bytes of memory, apart from wires.
    pub(super) fn bytes(&self) -> usize {
        2 * BLOCK + size_of::<R>() * self.len + self.ring.bytes()
    }
}

impl<R: Real> Wires<R> {
    /// Synapses with weights that can be changed; those that are not stored do not count.
    pub(super) fn synapses(&self, rows: usize) -> usize {
        match self {
            Self::Rows(lists) => (0..rows).map(|row| lists.len(row)).sum(),
            Self::Bits(..) => 0,
            Self::Dense { weights, .. } => weights.iter().filter(|weight| **weight != R::of(0.0)).count(),
            Self::All { .. } | Self::Hits { .. } | Self::Sums { .. } => 0,
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.bytes(),
            Self::Bits(bits, _) => bits.bytes(),
            Self::Dense { weights, .. } => size_of::<R>() * weights.len(),
            Self::All { .. } | Self::Hits { .. } | Self::Sums { .. } => 0,
        }
    }
}

impl<R: Real> Field<'_, R> {
    /// Adds sums and clears them.
    fn flush(&mut self, sums: &mut [R], kernels: Kernels) {
        let zero = R::of(0.0);
        kernels.vectorize(
            #[inline(always)]
            || match self.held {
                None => self.values.iter_mut().zip(sums).for_each(|(x, sum)| {
                    *x += *sum;
                    *sum = zero;
                }),
                Some(held) => self.values.iter_mut().zip(sums).zip(held).for_each(|((x, sum), held)| {
                    *x = if *held > zero { *x } else { *x + *sum };
                    *sum = zero;
                }),
            },
        );
    }

    /// Adds a weight as often as counted and clears the counts.
    fn flush_counts(&mut self, counts: &mut [i16], weight: R, kernels: Kernels) {
        let zero = R::of(0.0);
        kernels.vectorize(
            #[inline(always)]
            || match self.held {
                None => self.values.iter_mut().zip(counts).for_each(|(x, count)| {
                    *x += weight * R::of(f64::from(*count as u16));
                    *count = 0;
                }),
                Some(held) => self.values.iter_mut().zip(counts).zip(held).for_each(|((x, count), held)| {
                    let sum = *x + weight * R::of(f64::from(*count));
                    *x = if *held > zero { *x } else { sum };
                    *count = 0;
                }),
            },
        );
    }
}

/// Sends outputs on their way that were so forever: they arrive from now on, up to the delay of each synapse.
fn send_past<R: Real>(rows: &Rows<R>, feed: &Feed, weight: R, ring: &mut Ring<R>, step: u64) {
    let mut add = ring.add(step);
    for (row, amount) in &feed.due.rows {
        let (row, amount) = (*row as usize, weight * R::of(*amount));
        let weights = rows.weights(row);
        rows.each_delayed(row, |i, target, delay| {
            let amount = weights.get(i).map_or(amount, |weight| amount * *weight);
            (0..=delay).for_each(|delay| add(delay, usize::from(target), amount));
        });
    }
}

/// Sends spikes on their way through synapses with delays of their own.
fn send<R: Real>(rows: &Rows<R>, feed: &Feed, weight: R, ring: &mut Ring<R>, step: u64) {
    let mut add = ring.add(step);
    for (row, amount) in &feed.due.rows {
        let (row, amount) = (*row as usize, weight * R::of(*amount));
        let weights = rows.weights(row);
        if weights.is_empty() {
            rows.each_delayed(row, |_, target, delay| add(delay, usize::from(target), amount));
        } else {
            rows.each_delayed(row, |i, target, delay| add(delay, usize::from(target), amount * weights[i]));
        }
    }
}

/// Adds rows to their targets at once.
fn scatter<R: Real>(
    rows: &Rows<R>,
    feed: &Feed,
    weight: R,
    scratch: &mut Scratch<R>,
    field: &mut Field<'_, R>,
    kernels: Kernels,
) {
    if rows.has_weights() {
        if field.held.is_some() {
            each_weight(rows, feed, weight, &mut scratch.sums);
            field.flush(&mut scratch.sums, kernels);
        } else {
            each_weight(rows, feed, weight, field.values);
        }
        return;
    }
    // Counting pays where there is more to add than there are targets to look at; where neurons may be held, all
    // targets are looked at anyway.
    let synapses: usize = feed.due.rows.iter().map(|(row, _)| rows.len(*row as usize)).sum();
    if synapses == 0 {
        return;
    }
    let count = feed.spikes && (field.held.is_some() || 2 * synapses > field.values.len());
    if count {
        counted(rows.most(), feed, weight, &mut scratch.counts, field, kernels, |row, times, counts| {
            count_list(rows.targets(row), times, counts);
        });
    } else if field.held.is_some() {
        each_equal(rows, feed, weight, &mut scratch.sums);
        field.flush(&mut scratch.sums, kernels);
    } else {
        each_equal(rows, feed, weight, field.values);
    }
}

#[inline]
fn each_weight<R: Real>(rows: &Rows<R>, feed: &Feed, weight: R, values: &mut [R]) {
    for (row, amount) in &feed.due.rows {
        let (row, amount) = (*row as usize, weight * R::of(*amount));
        for (target, weight) in rows.targets(row).iter().zip(rows.weights(row)) {
            if let Some(x) = values.get_mut(usize::from(*target)) {
                *x += amount * *weight;
            }
        }
    }
}

#[inline]
fn each_equal<R: Real>(rows: &Rows<R>, feed: &Feed, weight: R, values: &mut [R]) {
    for (row, amount) in &feed.due.rows {
        let amount = weight * R::of(*amount);
        for target in rows.targets(*row as usize) {
            if let Some(x) = values.get_mut(usize::from(*target)) {
                *x += amount;
            }
        }
    }
}

/// Counts arrivals in two bytes a target, then multiplies: exact, and in any order the same. `add` adds a row so many
/// times to counters that wrap around; `most` is a bound on what one row adds to one counter.
fn counted<R: Real>(
    most: u16,
    feed: &Feed,
    weight: R,
    counts: &mut [i16],
    field: &mut Field<'_, R>,
    kernels: Kernels,
    mut add: impl FnMut(usize, u16, &mut [i16]),
) {
    let len = field.values.len();
    let (most, limit) = (u64::from(most), u64::from(u16::MAX));
    // No counter is above this.
    let mut bound = 0_u64;
    for (row, amount) in &feed.due.rows {
        let mut left = *amount as u64;
        // A neuron that spikes more often than a counter can count is counted in parts.
        while left > 0 {
            let part = left.min((limit / most).max(1));
            if bound + part * most > limit {
                field.flush_counts(&mut counts[..len], weight, kernels);
                bound = 0;
            }
            bound += part * most;
            left -= part;
            add(*row as usize, part as u16, counts);
        }
    }
    field.flush_counts(&mut counts[..len], weight, kernels);
}

/// Adds a list of targets so many times to counters.
#[inline]
fn count_list(targets: &[u16], times: u16, counts: &mut [i16]) {
    // Positions are cut to the length of the counters, so that none need be checked.
    let Ok(counts) = <&mut [i16; BLOCK]>::try_from(counts) else { return };
    let mut add = |target: u16| {
        let count = &mut counts[usize::from(target) % BLOCK];
        *count = count.wrapping_add(times as i16);
    };
    let (chunks, rest) = targets.as_chunks::<8>();
    chunks.iter().for_each(|chunk| chunk.iter().for_each(|target| add(*target)));
    rest.iter().for_each(|target| add(*target));
}

/// Adds whole rows of weights, vector by vector.
fn dense<R: Real>(weights: &[R], width: usize, feed: &Feed, weight: R, sums: &mut [R], kernels: Kernels) {
    kernels.vectorize(
        #[inline(always)]
        || {
            for (row, amount) in &feed.due.rows {
                let amount = weight * R::of(*amount);
                let start = *row as usize * width;
                let row = weights.get(start..start + width).unwrap_or_default();
                sums.iter_mut().zip(row).for_each(|(sum, w)| *sum += amount * *w);
            }
        },
    );
}

/// All rows contact all targets: one sum, without each target's own row.
fn all<R: Real>(due: &Due, weight: R, own: Option<usize>, sums: &mut [R]) {
    sums.fill(weight * R::of(due.total));
    let Some(own) = own else { return };
    for (row, amount) in &due.rows {
        let target = (*row as usize).wrapping_sub(own);
        if let Some(sum) = sums.get_mut(target) {
            // The sum of the others, not a difference of products, so that one neuron alone gets exactly 0.
            *sum = weight * R::of(due.total - *amount);
        }
    }
}
