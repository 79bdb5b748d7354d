//! The two precisions that populations are stored in.

use binnet_math::Scalar;
use bytemuck::Pod;

use crate::population::{Values, ValuesMut};
use crate::snapshot::Item;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A number that a population can store: `f32` or `f64`.
pub trait Real: Scalar + Pod + Item + sealed::Sealed {
    /// Its name in Rust.
    const NAME: &'static str;

    /// A whole number as a count: 0 for what is negative or no number, at most 2^22.
    fn count(self) -> u32;

    /// The smallest whole number that is not below, as a count: the same as `count` of `ceil`, with fewer operations.
    fn ceil_count(self) -> u32;

    /// One value for all neurons, as the run time reads it.
    fn shared(value: &Self) -> Values<'_>;
    /// One value for all neurons, to be changed.
    fn shared_mut(value: &mut Self) -> ValuesMut<'_>;
    /// One value a neuron, as the run time reads it.
    fn each(values: &[Self]) -> Values<'_>;
    /// One value a neuron, to be changed.
    fn each_mut(values: &mut [Self]) -> ValuesMut<'_>;
}

/// Within 0 and 2^22; 0 for NaN.
#[inline(always)]
fn clamped<T: Scalar>(x: T) -> T {
    let most = T::of(4_194_304.0);
    let positive = T::select(x > T::of(0.0), x, T::of(0.0));
    T::select(positive < most, positive, most)
}

impl Real for f64 {
    const NAME: &'static str = "f64";

    #[inline(always)]
    fn count(self) -> u32 {
        // Vectors have no conversion that saturates, but a whole number is in the low bits of its sum with 2^52.
        (clamped(self) + 4_503_599_627_370_496.0).to_bits() as u32
    }

    #[inline(always)]
    fn ceil_count(self) -> u32 {
        let x = clamped(self);
        // The sum is rounded to the nearest whole number, which may lie below.
        let sum = x + 4_503_599_627_370_496.0;
        sum.to_bits() as u32 + u32::from(sum - 4_503_599_627_370_496.0 < x)
    }

    fn shared(value: &Self) -> Values<'_> {
        Values::SharedF64(value)
    }
    fn shared_mut(value: &mut Self) -> ValuesMut<'_> {
        ValuesMut::SharedF64(value)
    }
    fn each(values: &[Self]) -> Values<'_> {
        Values::EachF64(values)
    }
    fn each_mut(values: &mut [Self]) -> ValuesMut<'_> {
        ValuesMut::EachF64(values)
    }
}

impl Real for f32 {
    const NAME: &'static str = "f32";

    #[inline(always)]
    fn count(self) -> u32 {
        // As for `f64`, with 2^23.
        (clamped(self) + 8_388_608.0).to_bits() & 0x007f_ffff
    }

    #[inline(always)]
    fn ceil_count(self) -> u32 {
        let x = clamped(self);
        let sum = x + 8_388_608.0;
        (sum.to_bits() & 0x007f_ffff) + u32::from(sum - 8_388_608.0 < x)
    }

    fn shared(value: &Self) -> Values<'_> {
        Values::SharedF32(value)
    }
    fn shared_mut(value: &mut Self) -> ValuesMut<'_> {
        ValuesMut::SharedF32(value)
    }
    fn each(values: &[Self]) -> Values<'_> {
        Values::EachF32(values)
    }
    fn each_mut(values: &mut [Self]) -> ValuesMut<'_> {
        ValuesMut::EachF32(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_counts() {
        for (x, count) in [
            (0.0, 0),
            (-0.0, 0),
            (-3.0, 0),
            (f64::NAN, 0),
            (f64::NEG_INFINITY, 0),
            (1.0, 1),
            (2.0, 2),
            (3_000_001.0, 3_000_001),
            (4_194_304.0, 4_194_304),
            (1e30, 4_194_304),
            (f64::INFINITY, 4_194_304),
        ] {
            assert_eq!(x.count(), count, "{x}");
            assert_eq!((x as f32).count(), count, "{x}");
            assert_eq!(x.ceil_count(), count, "{x}");
            assert_eq!((x as f32).ceil_count(), count, "{x}");
        }
    }

    #[test]
    fn counts_are_rounded_up() {
        for x in (-40..4000).map(|k| 0.07 * f64::from(k)).chain([1e-300, 0.5, 1.5, 2.5, 4_194_303.5, 1e30]) {
            assert_eq!(x.ceil_count(), x.ceil().count(), "{x}");
            assert_eq!((x as f32).ceil_count(), (x as f32).ceil().count(), "{x}");
        }
    }
}
