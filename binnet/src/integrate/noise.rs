//! What the stochastic methods share: sums over the sources of noise.

use crate::neuron::{Equations, Vector as _};

/// The number of sources of noise.
#[inline(always)]
pub(super) fn sources<E: Equations>() -> usize {
    <E::Noise<E::S>>::LEN
}

/// `x + G dW`.
#[inline(always)]
pub(super) fn shaken<E: Equations>(
    x: &E::Vector<E::S>,
    diffusion: &E::Diffusion<E::S>,
    noise: &E::Noise<E::S>,
) -> E::Vector<E::S> {
    let m = sources::<E>();
    <E::Vector<E::S>>::from_fn(|i| {
        let mut sum = x.at(i);
        for j in 0..m {
            sum += diffusion.at(i * m + j) * noise.at(j);
        }
        sum
    })
}

/// Column `j` of G: what source `j` does to each variable.
#[inline(always)]
pub(super) fn column<E: Equations>(diffusion: &E::Diffusion<E::S>, j: usize) -> E::Vector<E::S> {
    <E::Vector<E::S>>::from_fn(|i| diffusion.at(i * sources::<E>() + j))
}
