//! Methods of integration, each for any model that is given by [`Equations`](crate::neuron::Equations).

mod euler;

pub use euler::Euler;

use crate::neuron::{Equations, StepContext};

/// A method of integration.
pub trait Integrator: Copy + Default + Send + Sync + 'static {
    /// Its name in the language.
    const NAME: &'static str;

    /// What follows from parameters and step alone.
    type Coefficients<E: Equations>: Clone + core::fmt::Debug + Send + Sync + 'static;

    /// Computes the coefficients for steps of `dt` ms.
    fn prepare<E: Equations>(neuron: &E, dt: f64) -> Self::Coefficients<E>;

    /// The variables after one step from `x`; `noise` are the increments of each source of
    /// noise (Wiener, in root of ms).
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        coefficients: &Self::Coefficients<E>,
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S>;
}
