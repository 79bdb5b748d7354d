//! Neurons of clock-driven networks: what `neuron!` writes, and what is written by hand.
//!
//! A model is one neuron: a struct with `#[derive(Population, Clone)]`. How it advances by one step is
//! either written by hand ([`Neuron`]), or follows from its equations ([`Equations`], as `neuron!`
//! writes them) and an [`Integrator`](crate::integrate::Integrator), or is written in `update` ([`Stepped`]). [`Advance`] is what both have in
//! common, and what the kernels call. [`Single`] advances one neuron outside of any network.

mod admitted;
mod advance;
mod block;
mod driven;
mod equations;
mod lanes;
mod real;
mod single;
mod spikes;
mod stepped;
mod text;
mod vector;

#[doc(hidden)]
pub use admitted::{Admitted, ByHand, IsNeuron, check_method};
pub use advance::{Advance, Method, Own, Update};
pub use driven::Driven;
pub use equations::{Equations, Structure};
pub use lanes::{Columns, Lanes, ReadLane, Same};
pub use real::Real;
pub use single::Single;
pub use spikes::{Neuron, Spikes, StepContext};
pub use stepped::Stepped;
pub use text::ModelText;
pub use vector::{Copies, Joint, Vector};

pub use binnet_math::{Dual, Scalar};
