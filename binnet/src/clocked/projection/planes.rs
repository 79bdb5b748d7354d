//! Many rows of bits added up: how many of them have a bit in each column.
//!
//! To add rows to counters one by one reads and writes all counters for each row. Here, eight rows at a time pass a tree
//! of full adders, which work on 512 columns at once: a plane of bits holds one binary digit of all sums (Mula, Kurz &
//! Lemire 2018, Faster population counts using AVX2 instructions, Computer Journal 61, after Harley and Seal). Only the
//! planes are added to counters.

use super::rows::BLOCK;
use crate::asynchronous::kernel::{Counter as _, WORD};
use crate::asynchronous::layout::{Segment, Store};
use crate::simd::Kernels;

/// Words that are worked on at once: a vector of the widest kind.
pub(super) const CHUNK: usize = 16;
/// From so many rows on, it takes less time than adding them one by one.
pub(super) const ENOUGH: usize = 6;
/// Rows that are added at once.
const GROUP: usize = 8;
/// The most rows that sums of eight digits hold, in whole groups.
const MOST: usize = 248;
/// A row without bits.
const NONE: &[u32] = &[0; BLOCK / WORD];

/// The digits of the sums of 512 columns, lowest first.
type Digits<const D: usize> = [[u32; CHUNK]; D];

/// Adds `n` rows to counters that may wrap around. A row has `stride` words, a multiple of [`CHUNK`]; `row` gives those
/// that exist.
pub(super) fn add<'a>(n: usize, stride: usize, row: impl Fn(usize) -> &'a [u32], counts: &mut [i16], kernels: Kernels) {
    for start in (0..n).step_by(MOST) {
        let part = MOST.min(n - start);
        let row = |i: usize| if i < part { row(start + i) } else { &NONE[..stride] };
        match part {
            ..16 => add_part::<4>(part, stride, row, counts, kernels),
            16..64 => add_part::<6>(part, stride, row, counts, kernels),
            _ => add_part::<8>(part, stride, row, counts, kernels),
        }
    }
}

/// Adds so many rows that `D` digits hold their sums.
fn add_part<'a, const D: usize>(
    n: usize,
    stride: usize,
    row: impl Fn(usize) -> &'a [u32],
    counts: &mut [i16],
    kernels: Kernels,
) {
    let mut planes = [[[0; CHUNK]; D]; BLOCK / WORD / CHUNK];
    let planes = &mut planes[..stride / CHUNK];
    for group in (0..n).step_by(GROUP) {
        let rows: [&[u32]; GROUP] = core::array::from_fn(|i| row(group + i));
        kernels.vectorize(
            #[inline(always)]
            || {
                for (chunk, digits) in planes.iter_mut().enumerate() {
                    let [a, b, c, d, e, f, g, h] = rows.map(|row| row.as_chunks().0.get(chunk).unwrap_or(&[0; CHUNK]));
                    add_eight(digits, a, b, c, d, e, f, g, h);
                }
            },
        );
    }
    let used = (usize::BITS - n.leading_zeros()) as usize;
    for (chunk, digits) in planes.iter().enumerate() {
        let segments: [Segment; D] = core::array::from_fn(|digit| Segment {
            lane: chunk * CHUNK * WORD,
            words: CHUNK,
            store: Store::Fields { bits: 1, offset: digit * CHUNK, shift: digit as u32 },
        });
        i16::apply(kernels, &segments[..used.min(D)], digits.as_flattened(), &[], counts, 1);
    }
}

/// Adds a bit of each row to the sum of each column. (The rows are arguments of their own, of which the compiler knows that
/// the digits do not overlap them.)
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "eight rows")]
fn add_eight<const D: usize>(
    digits: &mut Digits<D>,
    a: &[u32; CHUNK],
    b: &[u32; CHUNK],
    c: &[u32; CHUNK],
    d: &[u32; CHUNK],
    e: &[u32; CHUNK],
    f: &[u32; CHUNK],
    g: &[u32; CHUNK],
    h: &[u32; CHUNK],
) {
    for w in 0..CHUNK {
        let (ones, two_1) = full(digits[0][w], a[w], b[w]);
        let (ones, two_2) = full(ones, c[w], d[w]);
        let (ones, two_3) = full(ones, e[w], f[w]);
        let (ones, two_4) = full(ones, g[w], h[w]);
        let (twos, four_1) = full(digits[1][w], two_1, two_2);
        let (twos, four_2) = full(twos, two_3, two_4);
        let (fours, mut carry) = full(digits[2][w], four_1, four_2);
        (digits[0][w], digits[1][w], digits[2][w]) = (ones, twos, fours);
        for digit in &mut digits[3..] {
            (digit[w], carry) = (digit[w] ^ carry, digit[w] & carry);
        }
    }
}

/// The two digits of the sum of three bits.
#[inline(always)]
fn full(a: u32, b: u32, c: u32) -> (u32, u32) {
    let either = a ^ b;
    (either ^ c, (a & b) | (either & c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asynchronous::aligned::AlignedVec;
    use crate::rng::Streams;
    use crate::simd::Instructions;
    use rand::Rng as _;

    #[test]
    fn sums_are_those_of_the_rows_one_by_one() {
        let mut rng = Streams::new(5).named("planes");
        for stride in [CHUNK, 3 * CHUNK, BLOCK / WORD] {
            for n in [0, 1, 5, 8, 15, 16, 17, 63, 64, 70, 247, 248, 249, 500] {
                let rows: Vec<Vec<u32>> = (0..n)
                    .map(|row| (0..stride).map(|_| if row % 9 == 8 { !0 } else { rng.next_u32() }).collect())
                    .collect();
                // A row at a time, as kernels of binary networks do.
                let all = Segment { lane: 0, words: stride, store: Store::Fields { bits: 1, offset: 0, shift: 0 } };
                let mut expected = AlignedVec::<i16>::zeroed(stride * WORD);
                expected.fill(3);
                for row in &rows {
                    i16::apply(Instructions::Baseline.kernels(), &[all], row, &[], &mut expected, 1);
                }
                for instructions in [Instructions::Baseline, Instructions::UpToAvx2, Instructions::Detect] {
                    let mut counts = AlignedVec::<i16>::zeroed(stride * WORD);
                    counts.fill(3);
                    add(n, stride, |row| &rows[row], &mut counts, instructions.kernels());
                    assert_eq!(counts[..], expected[..], "{n} rows of {stride} words, {instructions:?}");
                }
            }
        }
    }
}
