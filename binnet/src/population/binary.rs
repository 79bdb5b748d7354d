//! Binary neurons: the gain from field to new state.

use rand::RngExt as _;

use super::Model;
use crate::rng::Stream;

/// A neuron with the states 0 and 1.
///
/// When it is updated, its new state is 1 with [`probability`](Self::probability), given its field:
/// the sum of the weights from all active neurons, plus the drive.
///
/// ```
/// use binnet::prelude::*;
///
/// /// A neuron with a sigmoid gain.
/// #[derive(Population, Clone)]
/// pub struct SigmoidBinary {
///     #[local(1)]
///     threshold: f64,
///     #[param(0.1)]
///     width: f64,
/// }
///
/// impl BinaryNeuron for SigmoidBinary {
///     fn probability(&self, field: f64) -> f64 {
///         1.0 / (1.0 + (-(field - self.threshold) / self.width).exp())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no binary neuron",
    note = "write `impl BinaryNeuron for {Self}` with `fn probability(&self, field: f64) -> f64`"
)]
pub trait BinaryNeuron: Model {
    /// Whether the new state follows from the field alone, as one threshold: 1 if the field is
    /// strictly above [`threshold`](Self::threshold). Such neurons get the fastest kernels.
    const HEAVISIDE: bool = false;

    /// The probability that the new state is 1, for this field. What lies below 0 counts as 0, above 1
    /// as 1; NaN stops the run with an error.
    fn probability(&self, field: f64) -> f64;

    /// The threshold of a [`HEAVISIDE`](Self::HEAVISIDE) neuron; not used for others.
    fn threshold(&self) -> f64 {
        0.0
    }

    /// Draws the new state; `None` if the probability is no number. A random number is used only if the
    /// probability lies between 0 and 1.
    #[inline]
    fn next(&self, field: f64, rng: &mut Stream) -> Option<bool> {
        let p = self.probability(field);
        (!p.is_nan()).then(|| p >= 1.0 || (p > 0.0 && rng.random::<f64>() < p))
    }
}

/// The stock binary neuron: 1 if its field is strictly above its threshold, else 0.
#[derive(binnet_macros::Population, Clone, Debug)]
#[population(crate = crate)]
pub struct Binary {
    /// The field above which the neuron becomes active.
    #[local(0)]
    pub threshold: f64,
}

impl BinaryNeuron for Binary {
    const HEAVISIDE: bool = true;

    #[inline]
    fn probability(&self, field: f64) -> f64 {
        if field > self.threshold { 1.0 } else { 0.0 }
    }

    #[inline]
    fn threshold(&self) -> f64 {
        self.threshold
    }
}
