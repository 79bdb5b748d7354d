//! Receptors from the literature, each a block of `neuron!`; how projections use them: [`receptor`](crate::receptor).
//!
//! Fields without a unit are in that of the weight.
//!
//! | receptor | in a projection | a spike adds to |
//! | --- | --- | --- |
//! | [`Exponential`] | `exponential(5 ms)` | g |
//! | [`ExponentialConductance`] | `exponential(5 ms, reversal: 0 mV)` | g |
//! | [`Alpha`] | `alpha(5 ms)` | x |
//! | [`AlphaConductance`] | `alpha(5 ms, reversal: 0 mV)` | x |
//! | [`DualExponential`] | `dual_exponential(rise: 1 ms, decay: 5 ms)` | x |
//! | [`DualExponentialConductance`] | `dual_exponential(rise: 1 ms, decay: 5 ms, reversal: 0 mV)` | x |
//! | [`Nmda`] | `nmda { tau_rise: 2 ms, tau_decay: 100 ms }` | x |
//! | [`NmdaSaturating`] | `nmda { g_max: 8 nS }` | x |

mod alpha;
mod dual_exponential;
mod exponential;
mod nmda;

pub use alpha::{Alpha, AlphaConductance};
pub use dual_exponential::{DualExponential, DualExponentialConductance};
pub use exponential::{Exponential, ExponentialConductance};
pub use nmda::{Nmda, NmdaSaturating};

/// `Receptor` for a model: where a spike arrives, the fields in the unit of the weight, the default method.
macro_rules! receptor {
    ($model:ident, $arrives:literal, [$($amplitude:literal),*], $method:ident) => {
        impl<S: crate::neuron::Real> crate::receptor::Receptor for $model<S> {
            const ARRIVES: &'static str = $arrives;
            const AMPLITUDES: &'static [&'static str] = &[$($amplitude),*];
            type Method<M: crate::population::Model> = M::$method;
        }
    };
}

receptor!(Exponential, "g", ["g"], FedLinear);
receptor!(ExponentialConductance, "g", ["g"], FedAny);
receptor!(Alpha, "x", ["x", "g"], FedLinear);
receptor!(AlphaConductance, "x", ["x", "g"], FedAny);
receptor!(DualExponential, "x", ["x", "g"], FedLinear);
receptor!(DualExponentialConductance, "x", ["x", "g"], FedAny);
receptor!(Nmda, "x", ["x", "g"], FedAny);
receptor!(NmdaSaturating, "x", ["x", "g", "g_max"], FedAny);
