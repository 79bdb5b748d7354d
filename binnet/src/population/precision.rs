//! The same model in another precision.

use core::marker::PhantomData;

use super::Model;
use crate::neuron::Real;

/// A model in precision `R`: what stands in a network that says `precision f32;`.
///
/// The derive implements it: a `struct X<S: Real = f64>` becomes `X<R>`, a struct of plain `f64` (or `f32`) fields
/// stays what it is. Whether that suits the network is what [`Stores`] says.
pub trait InPrecision<R: Real>: Model {
    /// The model with fields of type `R`, if it has a choice.
    type Model: Model;
}

/// A model whose numbers can be of type `R`: what `precision f32;` asks of the models of a network.
///
/// The derive implements it: for `struct X<S: Real = f64>` with all precisions, for a struct of plain
/// `f64` (or `f32`) fields with that one.
#[diagnostic::on_unimplemented(
    message = "the fields of `{Self}` are not of type `{R}`, which the network's `precision` asks for",
    note = "write the model for both precisions, `struct X<S: Real = f64> {{ #[state(0 mV)] v: S }}`, or leave `precision` out"
)]
pub trait Stores<R: Real>: Model {}

/// A type that exists for models of precision `R` only: any other is refused once, at its name.
#[doc(hidden)]
#[derive(Debug)]
pub struct IsStored<M: Stores<R>, R: Real>(PhantomData<(M, R)>);
