//! The two precisions that populations are stored in.

use binnet_math::Scalar;
use bytemuck::Pod;

use crate::population::{Values, ValuesMut};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A number that a population can store: `f32` or `f64`.
pub trait Real: Scalar + Pod + sealed::Sealed {
    /// Its name in Rust.
    const NAME: &'static str;

    /// One value for all neurons, as the run time reads it.
    fn shared(value: &Self) -> Values<'_>;
    /// One value for all neurons, to be changed.
    fn shared_mut(value: &mut Self) -> ValuesMut<'_>;
    /// One value a neuron, as the run time reads it.
    fn each(values: &[Self]) -> Values<'_>;
    /// One value a neuron, to be changed.
    fn each_mut(values: &mut [Self]) -> ValuesMut<'_>;
}

impl Real for f64 {
    const NAME: &'static str = "f64";

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
