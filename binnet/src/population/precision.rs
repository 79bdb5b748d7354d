//! The same model in another precision.

use super::Model;
use crate::neuron::Real;

/// A model whose numbers can be of type `R`: what `precision f32;` asks of the models of a network.
///
/// The derive implements it: for `struct X<S: Real = f64>` with all precisions, for a struct of plain
/// `f64` (or `f32`) fields with that one.
#[diagnostic::on_unimplemented(
    message = "the fields of `{Self}` are not of type `{R}`, which the network's `precision` asks for",
    note = "write the model for both precisions, `struct X<S: Real = f64> {{ #[state(0 mV)] v: S }}`, or leave `precision` out"
)]
pub trait InPrecision<R: Real>: Model {
    /// The model with fields of type `R`.
    type Model: Model;
}
