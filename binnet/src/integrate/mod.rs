//! Methods of integration, each for any model that is given by [`Equations`].
//!
//! A method advances one neuron by one step of fixed length. It allocates nothing, has no branches that
//! depend on data, and uses no fused operations: a loop over neurons vectorises, and gives the same
//! bits on every machine. [`solve`] is for single models, with a step that adapts itself.
//!
//! Inner stages are evaluated at their own time; what comes from the network (inputs) is constant
//! within a step. Of `heun` and `rk4` for the system x' = f(x, t) and step h, the error after a given
//! time shrinks as h^2 and h^4: the order of the method.
//!
//! For stochastic equations dX = f dt + G dW, [`Integrator::STOCHASTIC`] says which solution a method
//! tends to. The two differ where G depends on X:
//!
//! | | Ito | Stratonovich |
//! | --- | --- | --- |
//! | dX = mu X dt + sigma X dW | x0 exp((mu - sigma^2 / 2) t + sigma W) | x0 exp(mu t + sigma W) |
//! | mean | x0 exp(mu t) | x0 exp((mu + sigma^2 / 2) t) |
//!
//! The methods by name: [`METHODS`].

mod both;
mod euler;
mod euler_maruyama;
mod exact;
mod exponential_euler;
mod matrix_exponential;
mod methods;
mod milstein;
mod noise;
mod rk2;
mod rk3;
mod rk4;
mod rk45;
mod stochastic_heun;
mod unrolled;

pub use both::Both;
pub use euler::Euler;
pub use euler_maruyama::EulerMaruyama;
pub use exact::{Exact, Propagators};
pub use exponential_euler::{ExponentialEuler, ExponentialEulerDiagJac};
pub use methods::{METHODS, MethodInfo};
pub use milstein::{MilsteinIto, MilsteinStratonovich, MilsteinStratonovichDerivativeFree};
pub use rk2::{Heun, Midpoint, Rk2};
pub use rk3::Rk3;
pub use rk4::{Rk4, Rk4ThreeEighths};
pub use rk45::{Solution, Tolerances, solve};
pub use stochastic_heun::{HeunDriftEuler, HeunFull};

use crate::neuron::{Equations, StepContext};

/// How a stochastic integral is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calculus {
    /// The integrand at the beginning of each interval (Ito 1944).
    Ito,
    /// The integrand in the middle of each interval (Stratonovich 1966).
    Stratonovich,
}

impl core::fmt::Display for Calculus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Ito => "Ito",
            Self::Stratonovich => "Stratonovich",
        })
    }
}

/// A method of integration.
pub trait Integrator: Copy + Default + Send + Sync + 'static {
    /// Its name in the language.
    const NAME: &'static str;
    /// The power of the step that the error after a given time shrinks with, without noise.
    const ORDER: u32;
    /// How it reads noise; `None` for a method that ignores noise.
    const STOCHASTIC: Option<Calculus>;

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
