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

    /// Whether a step is long enough to be made in two halves, one for all neurons of a tile after the other: so the
    /// processor finds more that it can do at once.
    const IN_HALVES: bool = false;

    /// The first half of a step; all of it is the second, unless [`IN_HALVES`](Self::IN_HALVES).
    #[inline(always)]
    fn first_half(&mut self, cx: &StepContext, prepared: &Self::Prepared<Self::S>) {
        let _ = (cx, prepared);
    }

    /// The second half, which returns the spikes.
    #[inline(always)]
    fn second_half(&mut self, cx: &StepContext, prepared: &Self::Prepared<Self::S>) -> Spikes {
        self.step(cx, prepared)
    }

    /// Advances the neuron by `cx.dt` and returns its spikes: both halves.
    fn step(&mut self, cx: &StepContext, prepared: &Self::Prepared<Self::S>) -> Spikes;

    /// What spikes do to the neuron, after all that is due in this step has arrived.
    fn reset(&mut self, cx: &StepContext, spikes: Spikes);
}
