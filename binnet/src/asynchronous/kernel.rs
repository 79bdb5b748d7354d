//! What a flip does to the counters: masked additions of one column, and the packing of columns.
//!
//! A column of connections is a few *segments*: runs of 32-neuron words with a field of 1, 2 or 4
//! bits a target (some bits of the number of contacts), or one byte a target. Fields lie so that a
//! word, broadcast to all 16-bit lanes, offers each lane its field: of the 2b half-words of a word of
//! b-bit fields, neuron l has half-word l mod 2b, and in it field l div 2b. Then a shift, a mask and
//! an addition do 32 neurons, whatever b is. The instruction set is chosen once, when a network is
//! built; all variants give the same integers.

use super::layout::{Segment, Store};
pub(crate) use crate::simd::{Kernels, Level};

/// Neurons in one word of a bit-plane.
pub(crate) const WORD: usize = 32;

/// A counter of active contacts, as narrow as the in-degrees allow.
pub(crate) trait Counter: Copy + Default + Send + Sync + 'static {
    fn plus(self, other: Self) -> Self;
    fn from_i16(x: i16) -> Self;
    fn to_f64(self) -> f64;
    /// Adds `delta` (1 or -1) times the contacts of a column to the counters.
    fn apply(kernels: Kernels, segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [Self], delta: i16);
}

impl Counter for i16 {
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn from_i16(x: i16) -> Self {
        x
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn apply(kernels: Kernels, segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [Self], delta: i16) {
        match kernels.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Kernels::detect` sets this level only where the processor has the features.
            Level::Avx512 => unsafe { avx512::apply(segments, words, bytes, counters, delta) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx2 => unsafe { avx2_apply(segments, words, bytes, counters, delta) },
            Level::Baseline => portable::apply(segments, words, bytes, counters, delta),
        }
    }
}

impl Counter for i32 {
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn from_i16(x: i16) -> Self {
        i32::from(x)
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn apply(kernels: Kernels, segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [Self], delta: i16) {
        match kernels.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Kernels::detect` sets these levels only where the processor has the features.
            Level::Avx512 | Level::Avx2 => unsafe { avx2_apply(segments, words, bytes, counters, delta) },
            Level::Baseline => portable::apply(segments, words, bytes, counters, delta),
        }
    }
}

impl Kernels {
    /// For each of 32 counts, whether any of the bits `mask` is set.
    #[inline]
    pub(crate) fn test(self, counts: &[u16; WORD], mask: u16) -> u32 {
        #[cfg(target_arch = "x86_64")]
        if self.level == Level::Avx512 {
            // SAFETY: the level is only set where the features were detected.
            return unsafe { avx512::test(counts, mask) };
        }
        portable::test(counts, mask)
    }
}

/// Packs bits `low..low + bits` of 32 counts into a word of fields; `word` has `bits` entries.
#[inline]
pub(crate) fn pack(counts: &[u16; WORD], low: usize, word: &mut [u32]) {
    let bits = word.len();
    let mask = (1_u16 << bits) - 1;
    let mut halves = [0_u16; 8];
    let halves = &mut halves[..2 * bits];
    for (field, counts) in counts.chunks_exact(2 * bits).enumerate() {
        for (half, count) in halves.iter_mut().zip(counts) {
            *half |= ((count >> low) & mask) << (field * bits);
        }
    }
    for (word, pair) in word.iter_mut().zip(halves.as_chunks::<2>().0) {
        *word = u32::from(pair[0]) | u32::from(pair[1]) << 16;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2_apply<C: Counter>(segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [C], delta: i16) {
    portable::apply(segments, words, bytes, counters, delta);
}

/// Plain Rust that the compiler vectorises for the features of its caller.
mod portable {
    use super::{Counter, Segment, Store, WORD};

    #[inline(always)]
    pub(super) fn apply<C: Counter>(segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [C], delta: i16) {
        for segment in segments {
            let lanes = &mut counters[segment.lane..segment.lane + segment.words * WORD];
            match segment.store {
                Store::Fields { bits, offset, shift } => {
                    let words = &words[offset..offset + bits * segment.words];
                    match bits {
                        1 => add_fields::<C, 1, 2>(lanes, words, delta, shift),
                        2 => add_fields::<C, 2, 4>(lanes, words, delta, shift),
                        _ => add_fields::<C, 4, 8>(lanes, words, delta, shift),
                    }
                }
                Store::Bytes { offset } => add_bytes(lanes, &bytes[offset..offset + segment.words * WORD], delta),
            }
        }
    }

    /// Fields of `BITS` bits in words of `HALVES` half-words. A product moves each lane's field to the
    /// top, since before AVX-512 lanes of 16 bits cannot be shifted by different amounts.
    #[inline(always)]
    fn add_fields<C: Counter, const BITS: usize, const HALVES: usize>(
        lanes: &mut [C],
        words: &[u32],
        delta: i16,
        shift: u32,
    ) {
        let unit = delta << shift;
        for (lanes, word) in lanes.as_chunks_mut::<WORD>().0.iter_mut().zip(words.chunks_exact(BITS)) {
            let mut halves = [0_u16; HALVES];
            for (pair, w) in halves.as_chunks_mut::<2>().0.iter_mut().zip(word) {
                *pair = [*w as u16, (*w >> 16) as u16];
            }
            for (field, lanes) in lanes.as_chunks_mut::<HALVES>().0.iter_mut().enumerate() {
                let lift = 1_u16 << (16 - BITS * (field + 1));
                for (lane, half) in lanes.iter_mut().zip(halves) {
                    let n = half.wrapping_mul(lift) >> (16 - BITS);
                    *lane = lane.plus(C::from_i16(n as i16 * unit));
                }
            }
        }
    }

    #[inline(always)]
    fn add_bytes<C: Counter>(lanes: &mut [C], bytes: &[u8], delta: i16) {
        for (lane, &n) in lanes.iter_mut().zip(bytes) {
            *lane = lane.plus(C::from_i16(i16::from(n) * delta));
        }
    }

    #[inline]
    pub(super) fn test(counts: &[u16; WORD], mask: u16) -> u32 {
        let mut word = 0;
        for (eight, counts) in counts.as_chunks::<8>().0.iter().enumerate() {
            let mut flags = [0_u8; 8];
            for (flag, count) in flags.iter_mut().zip(counts) {
                *flag = u8::from(count & mask != 0);
            }
            // Gathers the eight flags into the top byte of the product.
            let byte = u64::from_le_bytes(flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            word |= (byte as u32) << (8 * eight);
        }
        word
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use core::arch::x86_64::{
        __m512i, _mm_cvtsi32_si128, _mm_loadu_si128, _mm256_loadu_si256, _mm512_add_epi16, _mm512_and_si512,
        _mm512_broadcast_i32x4, _mm512_cvtepu8_epi16, _mm512_load_si512, _mm512_loadu_si512, _mm512_mullo_epi16,
        _mm512_set1_epi16, _mm512_set1_epi32, _mm512_set1_epi64, _mm512_sll_epi16, _mm512_srlv_epi16,
        _mm512_store_si512, _mm512_sub_epi16, _mm512_test_epi16_mask, _mm512_xor_si512,
    };

    use super::{Segment, Store, WORD};

    /// See [`Counter::apply`](super::Counter::apply). Counters lie in 64-byte aligned memory, in which
    /// every lane of a segment begins at a multiple of 32.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    pub(super) fn apply(segments: &[Segment], words: &[u32], bytes: &[u8], counters: &mut [i16], delta: i16) {
        for segment in segments {
            let n = segment.words;
            let lanes = &mut counters[segment.lane..segment.lane + n * WORD];
            assert!(lanes.as_ptr().addr().is_multiple_of(64));
            let lanes = lanes.as_mut_ptr().cast::<__m512i>();
            match segment.store {
                Store::Fields { bits, offset, shift } => {
                    let words = words[offset..offset + bits * n].as_ptr();
                    // SAFETY: `lanes` covers n aligned vectors, `words` holds `bits` times n words.
                    unsafe {
                        match bits {
                            1 => fields::<1>(lanes, words, n, delta, shift),
                            2 => fields::<2>(lanes, words, n, delta, shift),
                            _ => fields::<4>(lanes, words, n, delta, shift),
                        }
                    }
                }
                Store::Bytes { offset } => {
                    let bytes = &bytes[offset..offset + n * WORD];
                    let delta = _mm512_set1_epi16(delta);
                    for w in 0..n {
                        // SAFETY: w < n, and both sides hold n times 32 values.
                        unsafe {
                            let counts = _mm512_cvtepu8_epi16(_mm256_loadu_si256(bytes.as_ptr().add(w * WORD).cast()));
                            let lane = lanes.add(w);
                            let sum = _mm512_add_epi16(_mm512_load_si512(lane), _mm512_mullo_epi16(counts, delta));
                            _mm512_store_si512(lane, sum);
                        }
                    }
                }
            }
        }
    }

    /// Adds (or, for -1, subtracts) `n` words of fields of `BITS` bits, shifted left. The sign is no
    /// branch, since ups and downs come at random.
    ///
    /// # Safety
    /// `lanes` points to `n` aligned vectors, and `words` to `BITS * n` words.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    unsafe fn fields<const BITS: usize>(lanes: *mut __m512i, words: *const u32, n: usize, delta: i16, shift: u32) {
        let places: [u16; WORD] = core::array::from_fn(|l| (l / (2 * BITS) * BITS) as u16);
        // SAFETY: 32 numbers of 16 bits are one vector; the load need not be aligned.
        let places = unsafe { _mm512_loadu_si512(places.as_ptr().cast()) };
        let mask = _mm512_set1_epi16((1 << BITS) - 1);
        let left = _mm_cvtsi32_si128(shift as i32);
        // x ^ sign - sign is x or -x.
        let sign = _mm512_set1_epi16(delta >> 15);
        for w in 0..n {
            // SAFETY: w < n, so word w and lane w exist, and the lane is aligned.
            unsafe {
                let word = words.add(w * BITS);
                let word = match BITS {
                    1 => _mm512_set1_epi32(word.cast::<i32>().read_unaligned()),
                    2 => _mm512_set1_epi64(word.cast::<i64>().read_unaligned()),
                    _ => _mm512_broadcast_i32x4(_mm_loadu_si128(word.cast())),
                };
                let mut counts = _mm512_and_si512(_mm512_srlv_epi16(word, places), mask);
                if shift > 0 {
                    counts = _mm512_sll_epi16(counts, left);
                }
                let lane = lanes.add(w);
                let old = _mm512_sub_epi16(_mm512_load_si512(lane), sign);
                _mm512_store_si512(lane, _mm512_add_epi16(old, _mm512_xor_si512(counts, sign)));
            }
        }
    }

    /// See [`Kernels::test`](super::Kernels::test).
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    pub(super) fn test(counts: &[u16; WORD], mask: u16) -> u32 {
        // SAFETY: 32 numbers of 16 bits are one vector; the load need not be aligned.
        let counts = unsafe { _mm512_loadu_si512(counts.as_ptr().cast()) };
        _mm512_test_epi16_mask(counts, _mm512_set1_epi16(mask as i16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asynchronous::aligned::AlignedVec;
    use crate::rng::Streams;
    use rand::Rng as _;

    fn levels() -> Vec<Kernels> {
        let mut all = vec![Kernels::detect(Some(Level::Baseline))];
        #[cfg(target_arch = "x86_64")]
        all.extend([Kernels::detect(Some(Level::Avx2)), Kernels::detect(None)]);
        all
    }

    #[test]
    fn all_levels_add_the_same() {
        let mut rng = Streams::new(3).named("kernel");
        let n = 7;
        let words: Vec<u32> = (0..7 * n).map(|_| rng.next_u32()).collect();
        let bytes: Vec<u8> = (0..n * WORD).map(|_| (rng.next_u32() >> 28) as u8).collect();
        let segments = [
            Segment { lane: 0, words: n, store: Store::Fields { bits: 1, offset: 0, shift: 0 } },
            Segment { lane: WORD, words: n, store: Store::Fields { bits: 2, offset: n, shift: 1 } },
            Segment { lane: 2 * WORD, words: 3, store: Store::Fields { bits: 4, offset: 3 * n, shift: 0 } },
            Segment { lane: 0, words: n, store: Store::Bytes { offset: 0 } },
        ];
        let lanes = (n + 2) * WORD;
        let mut expected = vec![0_i32; lanes];
        for delta in [1_i16, 1, -1, 1] {
            for segment in &segments {
                for i in 0..segment.words * WORD {
                    expected[segment.lane + i] += i32::from(delta)
                        * match segment.store {
                            Store::Fields { bits, offset, shift } => {
                                let (l, word) = (i % WORD, &words[offset + i / WORD * bits..][..bits]);
                                let half = word[l % (2 * bits) / 2] >> (l % 2 * 16);
                                let field = (half >> (l / (2 * bits) * bits)) & ((1 << bits) - 1);
                                (field as i32) << shift
                            }
                            Store::Bytes { offset } => i32::from(bytes[offset + i]),
                        };
                }
            }
        }
        for kernels in levels() {
            let mut narrow = AlignedVec::<i16>::zeroed(lanes);
            let mut wide = AlignedVec::<i32>::zeroed(lanes);
            for delta in [1, 1, -1, 1] {
                i16::apply(kernels, &segments, &words, &bytes, &mut narrow, delta);
                i32::apply(kernels, &segments, &words, &bytes, &mut wide, delta);
            }
            assert!(narrow.iter().zip(&expected).all(|(a, b)| i32::from(*a) == *b), "{}", kernels.name());
            assert_eq!(wide[..], expected[..], "{}", kernels.name());
        }
    }

    #[test]
    fn what_is_packed_is_added() {
        let mut rng = Streams::new(6).named("pack");
        for (bits, low) in [(1, 0), (1, 3), (2, 0), (2, 1), (4, 0), (4, 2)] {
            let counts: [u16; WORD] = core::array::from_fn(|_| (rng.next_u32() % 64) as u16);
            let mut word = vec![0; bits];
            pack(&counts, low, &mut word);
            let segment = Segment { lane: 0, words: 1, store: Store::Fields { bits, offset: 0, shift: low as u32 } };
            for kernels in levels() {
                let mut lanes = AlignedVec::<i16>::zeroed(WORD);
                i16::apply(kernels, &[segment], &word, &[], &mut lanes, 1);
                let expected = counts.map(|c| (c & (((1 << bits) - 1) << low)) as i16);
                assert_eq!(lanes[..], expected[..], "{bits} bits from {low}, {}", kernels.name());
            }
        }
    }

    #[test]
    fn all_levels_test_the_same() {
        let mut rng = Streams::new(4).named("test");
        for _ in 0..100 {
            let counts: [u16; WORD] = core::array::from_fn(|_| (rng.next_u32() % 9) as u16);
            for mask in [1, 2, 4, !0, !1, 8] {
                let expected = (0..WORD).fold(0_u32, |w, i| w | u32::from(counts[i] & mask != 0) << i);
                for kernels in levels() {
                    assert_eq!(kernels.test(&counts, mask), expected, "{}", kernels.name());
                }
            }
        }
    }
}
