//! How connections lie in memory.
//!
//! Presynaptic neurons with the same targets (a cluster of a population) form a *group*. The column
//! of a neuron, its contacts with all targets, has the same shape throughout its group: segments of
//! bit-fields or bytes, lists of targets, and blocks of real weights. Contacts of equal weight share
//! a *slot*: one integer counter for each target.

use super::aligned::AlignedVec;
use super::kernel::{Counter, Kernels};
use crate::snapshot::Fingerprint;

/// Targets that one list can name with 16 bits.
pub(crate) const TILE: usize = 1 << 16;

/// A run of words of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The counter of its first neuron; a multiple of 32.
    pub(crate) lane: usize,
    /// Its length in words of 32 neurons.
    pub(crate) words: usize,
    pub(crate) store: Store,
}

/// How a segment is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// Fields of 1, 2 or 4 bits from word `offset` of the column, which count `1 << shift`.
    Fields { bits: usize, offset: usize, shift: u32 },
    /// One byte a target, from byte `offset` of the column.
    Bytes { offset: usize },
}

/// A list of targets: each entry is a distance from `lane` and counts one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListKind {
    pub(crate) lane: usize,
}

/// Contacts that did not fit into the field of their target: a counter, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extra {
    pub(crate) lane: u32,
    pub(crate) count: i16,
}

/// Presynaptic neurons whose columns have one shape.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) first: usize,
    pub(crate) len: usize,
    pub(crate) segments: Vec<Segment>,
    pub(crate) words_per_column: usize,
    pub(crate) word_base: usize,
    pub(crate) bytes_per_column: usize,
    pub(crate) byte_base: usize,
    pub(crate) lists: Vec<ListKind>,
    /// Position of the group's first entry in `list_ends`.
    pub(crate) list_base: usize,
    pub(crate) reals: Vec<RealBlock>,
}

/// Real weights from one population onto another.
#[derive(Clone, Debug)]
pub(crate) struct RealBlock {
    /// Presynaptic neurons: the first, and the position of its column in the block.
    pub(crate) first_post: usize,
    pub(crate) n_post: usize,
    pub(crate) store: RealStore,
}

/// How real weights are stored; columns are counted from the group's first neuron.
#[derive(Clone, Debug)]
pub(crate) enum RealStore {
    /// All pairs, column after column.
    Dense(RealValues),
    /// Compressed columns.
    Sparse { ends: Vec<u64>, targets: Vec<u32>, weights: RealValues },
}

/// Real weights in their arithmetic.
#[derive(Clone, Debug)]
pub(crate) enum RealValues {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl RealValues {
    pub(crate) fn new(single: bool) -> Self {
        if single { Self::F32(Vec::new()) } else { Self::F64(Vec::new()) }
    }

    pub(crate) fn push(&mut self, w: f64) {
        match self {
            Self::F32(v) => v.push(w as f32),
            Self::F64(v) => v.push(w),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::F32(v) => size_of_val(&v[..]),
            Self::F64(v) => size_of_val(&v[..]),
        }
    }

    fn at(&self, i: usize) -> f64 {
        match self {
            Self::F32(v) => f64::from(v[i]),
            Self::F64(v) => v[i],
        }
    }
}

impl RealStore {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Dense(values) => values.bytes(),
            Self::Sparse { ends, targets, weights } => {
                size_of_val(&ends[..]) + size_of_val(&targets[..]) + weights.bytes()
            }
        }
    }

    /// Visits the weights of a column: target within the block, weight.
    pub(crate) fn visit(&self, column: usize, n_post: usize, mut f: impl FnMut(usize, f64)) {
        match self {
            Self::Dense(values) => (0..n_post).for_each(|i| f(i, values.at(column * n_post + i))),
            Self::Sparse { ends, targets, weights } => {
                for i in column_range(ends, column) {
                    f(targets[i] as usize, weights.at(i));
                }
            }
        }
    }
}

/// The range of a column in a vector of column ends.
#[inline]
pub(crate) fn column_range(ends: &[u64], column: usize) -> core::ops::Range<usize> {
    let start = if column == 0 { 0 } else { ends[column - 1] };
    start as usize..ends[column] as usize
}

/// Columns of so many words lie beyond the first caches. All their lines are asked for at once, since
/// the kernel alone would wait for them in turn.
const LARGE_COLUMN: usize = 128;

/// Asks for the cache lines of a slice.
#[inline(always)]
fn prefetch<T>(data: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in data.chunks((64 / size_of::<T>()).max(1)) {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch has no effect but on the cache, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = data;
}

/// All connections of a network; shared by its replicas.
#[derive(Clone, Debug)]
pub(crate) struct Connectivity {
    pub(crate) n: usize,
    pub(crate) populations: usize,
    /// Counters of one slot: `n` rounded up to whole words.
    pub(crate) stride: usize,
    pub(crate) slots: usize,
    /// `weights[p * slots + c]`: what one contact of slot c adds to the field of a neuron of population p.
    pub(crate) weights: Vec<f64>,
    pub(crate) groups: Vec<Group>,
    pub(crate) group_of: Vec<u32>,
    pub(crate) words: AlignedVec<u32>,
    pub(crate) bytes: AlignedVec<u8>,
    pub(crate) list_ends: Vec<u64>,
    pub(crate) list_targets: Vec<u16>,
    /// Where the extras of each neuron begin; one more entry than neurons.
    pub(crate) extra_starts: Vec<u64>,
    pub(crate) extras: Vec<Extra>,
    /// Largest number of contacts in a slot of a neuron: decides the width of the counters.
    pub(crate) largest_in_degree: u64,
    /// Largest sum of absolute real weights onto a neuron: bounds the drift.
    pub(crate) largest_real_sum: f64,
    pub(crate) has_reals: bool,
    pub(crate) kernels: Kernels,
}

impl RealValues {
    fn fingerprint(&self, all: &mut Fingerprint) {
        match self {
            Self::F32(values) => all.add(values),
            Self::F64(values) => all.add(values),
        }
    }
}

impl Group {
    fn fingerprint(&self, all: &mut Fingerprint) {
        let Self { first, len, segments, words_per_column, word_base, bytes_per_column, byte_base, .. } = self;
        let Self { lists, list_base, reals, .. } = self;
        all.add(&[*first, *len, *words_per_column, *word_base, *bytes_per_column, *byte_base, *list_base]);
        for Segment { lane, words, store } in segments {
            all.add(&match store {
                Store::Fields { bits, offset, shift } => [*lane, *words, *bits, *offset, *shift as usize],
                Store::Bytes { offset } => [*lane, *words, 0, *offset, 0],
            });
        }
        lists.iter().for_each(|ListKind { lane }| all.number(*lane));
        for RealBlock { first_post, n_post, store } in reals {
            all.add(&[*first_post, *n_post]);
            match store {
                RealStore::Dense(values) => values.fingerprint(all),
                RealStore::Sparse { ends, targets, weights } => {
                    all.add(ends);
                    all.add(targets);
                    weights.fingerprint(all);
                }
            }
        }
    }
}

impl Connectivity {
    /// A hash of all connections and weights, and of how they lie in memory.
    pub(crate) fn fingerprint(&self) -> u64 {
        let Self { n, populations, stride, slots, weights, groups, group_of, words, bytes, .. } = self;
        let Self { list_ends, list_targets, extra_starts, extras, .. } = self;
        let mut all = Fingerprint::default();
        all.add(&[*n, *populations, *stride, *slots]);
        all.add(weights);
        groups.iter().for_each(|group| group.fingerprint(&mut all));
        all.add(group_of);
        all.add(&words[..]);
        all.add(&bytes[..]);
        all.add(list_ends);
        all.add(list_targets);
        all.add(extra_starts);
        all.add(&extras.iter().map(|extra| (extra.lane, extra.count)).collect::<Vec<_>>());
        all.finish()
    }

    /// Adds `delta` (1 or -1) times the integer contacts of neuron `pre` to the counters.
    #[inline]
    pub(crate) fn apply<C: Counter>(&self, pre: usize, delta: i16, counters: &mut [C]) {
        let group = &self.groups[self.group_of[pre] as usize];
        let column = pre - group.first;
        let words = &self.words[group.word_base + column * group.words_per_column..][..group.words_per_column];
        let bytes = &self.bytes[group.byte_base + column * group.bytes_per_column..][..group.bytes_per_column];
        let extras = &self.extras[self.extra_starts[pre] as usize..self.extra_starts[pre + 1] as usize];
        if words.len() >= LARGE_COLUMN {
            prefetch(extras.get(..8).unwrap_or(extras));
            prefetch(words);
        }
        C::apply(self.kernels, &group.segments, words, bytes, counters, delta);
        for extra in extras {
            let lane = &mut counters[extra.lane as usize];
            *lane = lane.plus(C::from_i16(delta * extra.count));
        }
        let step = C::from_i16(delta);
        for (kind, list) in group.lists.iter().enumerate() {
            let lanes = &mut counters[list.lane..];
            let range = column_range(&self.list_ends, group.list_base + column * group.lists.len() + kind);
            for &target in &self.list_targets[range] {
                let lane = &mut lanes[usize::from(target)];
                *lane = lane.plus(step);
            }
        }
    }

    /// Adds `delta` times the real weights of neuron `pre` to the single-precision fields.
    pub(crate) fn apply_f32(&self, pre: usize, delta: f32, fields: &mut [f32]) {
        let group = &self.groups[self.group_of[pre] as usize];
        let column = pre - group.first;
        for block in &group.reals {
            let fields = &mut fields[block.first_post..block.first_post + block.n_post];
            match &block.store {
                RealStore::Dense(RealValues::F32(values)) => {
                    let column = &values[column * block.n_post..][..block.n_post];
                    fields.iter_mut().zip(column).for_each(|(h, w)| *h += delta * w);
                }
                RealStore::Sparse { ends, targets, weights: RealValues::F32(values) } => {
                    let range = column_range(ends, column);
                    for (target, w) in targets[range.clone()].iter().zip(&values[range]) {
                        fields[*target as usize] += delta * w;
                    }
                }
                other => other.visit(column, block.n_post, |i, w| fields[i] += delta * w as f32),
            }
        }
    }

    /// Adds `delta` times the real weights of neuron `pre` to the double-precision fields.
    pub(crate) fn apply_f64(&self, pre: usize, delta: f64, fields: &mut [f64]) {
        let group = &self.groups[self.group_of[pre] as usize];
        let column = pre - group.first;
        for block in &group.reals {
            let fields = &mut fields[block.first_post..block.first_post + block.n_post];
            match &block.store {
                RealStore::Dense(RealValues::F64(values)) => {
                    let column = &values[column * block.n_post..][..block.n_post];
                    fields.iter_mut().zip(column).for_each(|(h, w)| *h += delta * w);
                }
                RealStore::Sparse { ends, targets, weights: RealValues::F64(values) } => {
                    let range = column_range(ends, column);
                    for (target, w) in targets[range.clone()].iter().zip(&values[range]) {
                        fields[*target as usize] += delta * w;
                    }
                }
                other => other.visit(column, block.n_post, |i, w| fields[i] += delta * w),
            }
        }
    }

    /// The summed weight of neuron `pre` onto every neuron, written into `row` (length n); `scratch`
    /// holds one counter for each slot and lane.
    pub(crate) fn weights_of(&self, pre: usize, population_of: &[u8], scratch: &mut AlignedVec<i32>, row: &mut [f64]) {
        scratch.fill(0);
        self.apply(pre, 1, &mut scratch[..]);
        for (i, w) in row.iter_mut().enumerate() {
            let weights = &self.weights[usize::from(population_of[i]) * self.slots..][..self.slots];
            *w = weights.iter().enumerate().map(|(c, w)| w * f64::from(scratch[c * self.stride + i])).sum();
        }
        let group = &self.groups[self.group_of[pre] as usize];
        for block in &group.reals {
            block.store.visit(pre - group.first, block.n_post, |i, w| row[block.first_post + i] += w);
        }
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let reals: usize = self.groups.iter().flat_map(|g| &g.reals).map(|b| b.store.bytes()).sum();
        size_of_val(&self.words[..])
            + size_of_val(&self.bytes[..])
            + size_of_val(&self.list_ends[..])
            + size_of_val(&self.list_targets[..])
            + size_of_val(&self.extra_starts[..])
            + size_of_val(&self.extras[..])
            + size_of_val(&self.group_of[..])
            + reals
    }
}
