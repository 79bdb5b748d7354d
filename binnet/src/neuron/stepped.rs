//! A neuron that is given by its own discrete step.

use binnet_math::Scalar;

use super::{Real, Spikes, StepContext, Vector};
use crate::population::Model;

/// A neuron that fixes its own step: what `neuron!` writes for a model with `update`.
///
/// Intermediate values (`let`) that follow from parameters, locals and the clock alone are computed when
/// these are set, in double precision, and not in the step.
pub trait Stepped: Model {
    /// The precision of the fields.
    type S: Real;
    /// One entry for each value that is computed before.
    type Prepared<T: Scalar>: Vector<T>;

    /// The values that follow from parameters, locals and the length of a step.
    fn prepare<T: Scalar>(&self, cx: &StepContext) -> Self::Prepared<T>;

    /// Advances the neuron by `cx.dt` and returns its spikes.
    fn step(&mut self, cx: &StepContext, prepared: &Self::Prepared<Self::S>) -> Spikes;

    /// What spikes do to the neuron, after all that is due in this step has arrived.
    fn reset(&mut self, cx: &StepContext, spikes: Spikes);
}
