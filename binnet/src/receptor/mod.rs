//! Receptors: what spikes leave at a neuron, and the current that it feeds the neuron with.
//!
//! A receptor is a model of its own, mostly written with `neuron!`: equations without a threshold, an `output`, and for
//! conductances one `input`, the potential. [`Fed`] joins it with the neuron, whatever that is. All equations of both
//! advance together from the same old state, so that every method is joint over them: `exact` takes the exponential of
//! the matrix of both, the inner stages of `rk4` are those of both. A spike adds its weight to one state of the receptor,
//! which the next sample shows undecayed. States are kept once for each postsynaptic neuron, however many synapses there
//! are, so equations should be linear in what spikes add up to.
//!
//! In [`network!`](crate::network!), a projection names its receptor, and projections that share one share its state:
//!
//! ```
//! use binnet::models::neurons::Lif;
//! use binnet::prelude::*;
//!
//! network! {
//!     /// Spikes from outside, through two kinds of receptors.
//!     pub struct Half {
//!         clock 0.1 ms;
//!         source events: external[10];
//!         population cells: Lif[10] { method: rk4 };
//!         // A current, in the unit of the input: a weight is 0.2 nA.
//!         projection fast: events -> cells { receptor: alpha(2 ms), connect: one_to_one, weight: 0.2 nA };
//!         // A conductance towards 0 mV: a weight is in uS, since the input is in nA.
//!         projection slow: events -> cells {
//!             receptor: exponential(50 ms, reversal: 0 mV), connect: one_to_one, weight: 0.4 nS
//!         };
//!         record cells.g_fast;
//!         record cells.i_slow;
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let mut net = Half::builder().build()?;
//! let mut counts = binnet::ndarray::Array2::zeros((1, 10));
//! counts[[0, 3]] = 1;
//! net.source_mut("events")?.give(counts.view())?;
//! net.run(5.ms())?;
//! // An alpha function has its largest value, the weight, after one time constant.
//! let g = net.records().cells.g_fast.values()[[20, 3]];
//! assert!((g - 0.2).abs() < 1e-6);
//! # Ok(())
//! # }
//! ```
//!
//! | receptor | its current, t after a spike of weight w | model |
//! | --- | --- | --- |
//! | `exponential(tau)` | w exp(-t/tau) | [`Exponential`](crate::models::receptors::Exponential) |
//! | `alpha(tau)` | w t/tau exp(1 - t/tau) | [`Alpha`](crate::models::receptors::Alpha) |
//! | `dual_exponential(rise: .., decay: ..)` | w N (exp(-t/decay) - exp(-t/rise)), N so that w is the largest value | [`DualExponential`](crate::models::receptors::DualExponential) |
//! | the same with `reversal: 0 mV` | this conductance times (reversal - v) | [`ExponentialConductance`](crate::models::receptors::ExponentialConductance), .. |
//! | `nmda { .. }` | a slow conductance with magnesium block | [`Nmda`](crate::models::receptors::Nmda), and with `g_max` [`NmdaSaturating`](crate::models::receptors::NmdaSaturating) |
//! | `MyReceptor { tau: 5 ms }` | as its equations say | a [`Receptor`] of one's own |
//!
//! # Units
//!
//! Without a reversal potential, a weight is in the unit of the input that the receptor feeds. With one, it is a
//! conductance: the dimension of the input divided by a voltage (pA and mV give nS).
//!
//! # Names
//!
//! A field of the receptor is called by its own name and that of the projection: `g_fast` above, `tau_fast`; `i_slow` is
//! the current of a conductance. A projection without a name lends that of its presynaptic population (`g_exc`). States
//! can be recorded and initialised, parameters set, like all fields of the population.
//!
//! # Sharing
//!
//! Projections onto one population whose receptors agree (kind, parameters, target, reversal potential) have one state
//! together, which is called after the first of them. `unmerged: true` among the arguments keeps a receptor apart.
//! `explain()` says what was merged.
//!
//! # Synapses with equations
//!
//! `receptor: exponential(5 ms, reversal: 0 mV), synapse: PairStdp { g_max: 2 nS }` lets what the
//! [synapse](mod@crate::synapse) delivers, in the place of a weight, act through the receptor; the units must agree.
//!
//! # Methods
//!
//! A population with currents of linear receptors stays linear if its model is, and is solved exactly by default. A
//! conductance multiplies two variables: the default is `exponential_euler` then (or what the model itself has), of first
//! order in the step for all equations, those of the receptors too. `method: rk4` is joint and of fourth order.
//!
//! # Neurons written by hand
//!
//! A model with a step of its own ([`Neuron`](crate::neuron::Neuron), or `update`) sees the current of the beginning of
//! the step in its input; its receptors then advance by themselves, exactly where they are linear.

mod apart;
mod arrays;
mod check;
mod equations;
mod fed;
mod tables;

pub use apart::Apart;
pub use arrays::FedArrays;
#[doc(hidden)]
pub use check::{check_potential, check_receives_spikes, check_receptor_names, check_receptor_target};
pub use fed::Fed;
#[doc(hidden)]
pub use tables::Arrival;

use crate::neuron::{Driven, Real};
use crate::population::Model;

/// A receptor: a model whose `output` feeds a neuron.
///
/// Its parameters are shared by the population (`param`); each of its states has an equation, and it has at most eight.
/// If it has an `input`, that is the potential of the neuron.
///
/// ```
/// use binnet::population::Model;
/// use binnet::prelude::*;
/// use binnet::receptor::Receptor;
///
/// neuron! {
///     /// A current that decays in two stages.
///     pub struct Biexponential {
///         param tau_fast = 2 ms > 0 ms;
///         param tau_slow = 20 ms > 0 ms;
///         param share = 0.8;
///         state x = 0;
///         state y = 0;
///         dx/dt = -x / tau_fast;
///         dy/dt = (x - y) / tau_slow;
///         let i = share * x + (1 - share) * y;
///         output i;
///     }
/// }
///
/// impl<S: Real> Receptor for Biexponential<S> {
///     const ARRIVES: &'static str = "x";
///     const AMPLITUDES: &'static [&'static str] = &["x", "y"];
///     type Method<M: Model> = M::FedLinear;
/// }
/// ```
///
/// and then `projection e -> i { receptor: Biexponential { share: 0.5 }, .. }`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no receptor",
    note = "write `impl<S: Real> Receptor for ..`; receptors of the language are `exponential`, `alpha`, `dual_exponential` and `nmda`"
)]
pub trait Receptor: Driven {
    /// The state that a spike adds its weight to.
    const ARRIVES: &'static str;
    /// The fields without a unit of their own that are in the unit of the weight, so that the output is in the unit of
    /// what the receptor feeds. If there are none, the output has that dimension by itself, and the weight the unit of the
    /// state.
    const AMPLITUDES: &'static [&'static str];
    /// What advances a neuron with this receptor by default: [`M::FedLinear`](Model::FedLinear) if equations and output
    /// are linear, [`M::FedAny`](Model::FedAny) otherwise.
    type Method<M: Model>: 'static;
}

/// How a receptor feeds a population: what `network!` writes for `receptor: ..`.
pub trait Feed: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// The receptor.
    type Receptor<S: Real>: Receptor<S = S>;
    /// What is appended to the names of its fields, after an underscore.
    const LABEL: &'static str;
    /// The input that it feeds; empty for the only one.
    const TARGET: &'static str;
    /// The state that is the potential, for receptors that read one.
    const POTENTIAL: &'static str;
}
