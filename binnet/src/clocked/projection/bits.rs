//! Synapses of equal weight and delay in dense projections: one bit for each pair.

use super::planes;
use crate::asynchronous::kernel::{Counter as _, WORD, pack};
use crate::asynchronous::layout::{Segment, Store};
use crate::memory::prefer_large_pages;
use crate::simd::Kernels;
use crate::snapshot::Fingerprint;

/// Where at least this share of the pairs is connected, a row of bits takes no more memory than a list of targets,
/// and less time.
pub(super) const DENSE: f64 = 1.0 / 16.0;

/// Rows of bits for the targets of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    /// Words of 32 targets in a row.
    stride: usize,
    words: Vec<u32>,
    /// Contacts beyond the first with a target, row by row: targets, and where each row ends.
    more: Vec<u16>,
    ends: Vec<u32>,
}

impl Bits {
    /// No rows yet, for so many targets.
    pub(super) fn new(targets: usize, rows: usize) -> Self {
        let words = targets.div_ceil(WORD);
        // Long rows are whole vectors, so that many of them can be added at once.
        let stride = if words < planes::CHUNK { words } else { words.next_multiple_of(planes::CHUNK) };
        let mut words = Vec::with_capacity(stride * rows);
        prefer_large_pages(words.spare_capacity_mut());
        Self { stride, words, more: Vec::new(), ends: Vec::with_capacity(rows) }
    }

    /// Adds a row: target and number of contacts of each, in ascending order of targets.
    pub(super) fn push(&mut self, hits: impl Iterator<Item = (usize, u16)>) {
        let row = self.words.len();
        self.words.resize(row + self.stride, 0);
        let (mut current, mut counts) = (0, [0_u16; WORD]);
        for (target, count) in hits {
            let word = target / WORD;
            if word != current {
                pack(&counts, 0, &mut self.words[row + current..=row + current]);
                (current, counts) = (word, [0; WORD]);
            }
            counts[target % WORD] = 1;
            self.more.extend(core::iter::repeat_n(target as u16, usize::from(count.saturating_sub(1))));
        }
        if self.stride > 0 {
            pack(&counts, 0, &mut self.words[row + current..=row + current]);
        }
        self.ends.push(self.more.len() as u32);
    }

    /// Gives back memory that was reserved for nothing.
    pub(super) fn shrink(&mut self) {
        self.more.shrink_to_fit();
    }

    fn more(&self, row: usize) -> &[u16] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or(0));
        self.ends.get(row).and_then(|end| self.more.get(start as usize..*end as usize)).unwrap_or_default()
    }

    /// Adds the contacts of a row to counters, which may wrap around.
    #[inline]
    pub(super) fn count(&self, row: usize, counts: &mut [i16], kernels: Kernels) {
        let Some(words) = self.words.get(row * self.stride..(row + 1) * self.stride) else { return };
        let segment = Segment { lane: 0, words: self.stride, store: Store::Fields { bits: 1, offset: 0, shift: 0 } };
        i16::apply(kernels, &[segment], words, &[], counts, 1);
        self.count_more(row, counts);
    }

    /// The same for several rows; counters are as many as targets of a whole block.
    pub(super) fn count_all(&self, rows: &[u32], counts: &mut [i16], kernels: Kernels) {
        let stride = self.stride;
        if rows.len() < planes::ENOUGH || stride == 0 || !stride.is_multiple_of(planes::CHUNK) {
            return rows.iter().for_each(|row| self.count(*row as usize, counts, kernels));
        }
        let words = |row: usize| self.words.get(row * stride..(row + 1) * stride).unwrap_or_default();
        planes::add(rows.len(), stride, |i| words(rows[i] as usize), counts, kernels);
        // All lists are touched before the first is gone through, so that they are fetched side by side: each is a place of
        // its own in memory, and waiting for them in turn takes longer than everything else.
        let touched = rows.iter().fold(0, |any, row| match self.more(*row as usize) {
            [first, .., last] => any | first | last,
            _ => any,
        });
        core::hint::black_box(touched);
        rows.iter().for_each(|row| self.count_more(*row as usize, counts));
    }

    /// Adds the contacts of a row beyond the first with a target.
    #[inline]
    fn count_more(&self, row: usize, counts: &mut [i16]) {
        for target in self.more(row) {
            if let Some(count) = counts.get_mut(usize::from(*target)) {
                *count = count.wrapping_add(1);
            }
        }
    }

    /// The most contacts that any row has with one target.
    pub(super) fn most(&self) -> u16 {
        let longest = |row: usize| self.more(row).chunk_by(|a, b| a == b).map(<[u16]>::len).max().unwrap_or(0);
        1 + (0..self.ends.len()).map(longest).max().unwrap_or(0) as u16
    }

    /// The contacts of a row, by target.
    pub(super) fn row(&self, row: usize, targets: usize) -> Vec<u16> {
        let mut counts = crate::asynchronous::aligned::AlignedVec::zeroed(targets.max(self.stride * WORD));
        self.count(row, &mut counts, Kernels::detect(None));
        counts[..targets].iter().map(|count: &i16| *count as u16).collect()
    }

    /// Takes the connections in account.
    pub(super) fn fingerprint(&self, all: &mut Fingerprint) {
        let Self { stride, words, more, ends } = self;
        all.number(*stride);
        all.add(words);
        all.add(more);
        all.add(ends);
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        4 * self.words.len() + 2 * self.more.len() + 4 * self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written() {
        let rows: [&[(usize, u16)]; 4] = [&[(0, 1), (31, 2), (32, 1), (69, 4)], &[], &[(40, 3)], &[(1, 1)]];
        let mut bits = Bits::new(70, 4);
        rows.iter().for_each(|row| bits.push(row.iter().copied()));
        for (i, row) in rows.iter().enumerate() {
            let mut expected = vec![0; 70];
            row.iter().for_each(|(target, count)| expected[*target] = *count);
            assert_eq!(bits.row(i, 70), expected);
        }
        assert_eq!(bits.most(), 4);
        assert_eq!(bits.row(9, 70), vec![0; 70]);
    }

    #[test]
    fn several_rows_are_the_sum_of_each() {
        for targets in [70, 600, 5000] {
            let row = |row: usize| {
                (0..targets)
                    .filter(move |i| (i * 7 + row).is_multiple_of(3))
                    .map(move |i| (i, 1 + (i % 11 == row) as u16))
            };
            let mut bits = Bits::new(targets, 20);
            (0..20).for_each(|i| bits.push(row(i)));
            let rows: Vec<u32> = [3, 3, 0, 19, 7, 8, 9, 10, 11, 12, 5, 5].into();
            let mut expected = vec![0; targets];
            let each = rows.iter().flat_map(|i| row(*i as usize));
            each.for_each(|(target, count)| expected[target] += count as i16);
            for rows in [&rows[..], &rows[..3]] {
                let mut counts = crate::asynchronous::aligned::AlignedVec::<i16>::zeroed(8192);
                bits.count_all(rows, &mut counts, Kernels::detect(None));
                bits.count_all(&[], &mut counts, Kernels::detect(None));
                if rows.len() == 12 {
                    assert_eq!(counts[..targets], expected[..]);
                } else {
                    let sum: i64 = counts.iter().map(|count| i64::from(*count)).sum();
                    let all =
                        rows.iter().flat_map(|i| row(*i as usize)).map(|(_, count)| i64::from(count)).sum::<i64>();
                    assert_eq!(sum, all);
                }
            }
        }
    }
}
