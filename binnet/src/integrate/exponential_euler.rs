//! Exponential Euler, each variable by its own slope a_i = df_i/dx_i:
//!
//! x_i + h phi(h a_i) f_i(x, t) + sum_j G_ij(x, t) dW_j, with phi(z) = (e^z - 1)/z.
//!
//! `exponential_euler` holds fixed, for the slope, the intermediate values that depend on the variable
//! (frozen); `exponential_euler_diagjac` takes the whole derivative. Where an equation is linear in its
//! own variable, both are x_i e^(h a) + (e^(h a) - 1)/a b with a and b from the beginning of the step.
//!
//! Order 1 (for a single autonomous equation with the whole derivative: 2); exact where f_i is linear in
//! x_i and depends on nothing else. A variable that decays is stable for every h, as far as the others
//! move slowly. Noise is added as in Euler-Maruyama: Ito, strong order 1 for additive noise, else 1/2;
//! for dX = -a X dt + s dW, the chain has the variance s^2 h / (1 - e^(-2 a h)), not s^2 / (2 a).
//! Certaine (1960) in Ralston & Wilf, Mathematical methods for digital computers; Rush & Larsen (1978),
//! IEEE Trans. Biomed. Eng. 25 (gates of membranes); Hochbruck & Ostermann (2010), Acta Numerica 19.

use super::noise::shaken;
use super::unrolled::entries;
use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar, StepContext, Vector as _};

/// Exponential Euler, with intermediate values held fixed for the slope of each variable: order 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExponentialEuler;

/// Exponential Euler, with the diagonal of the Jacobian matrix: order 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExponentialEulerDiagJac;

#[inline(always)]
fn advance<E: Equations>(
    neuron: &E,
    x: &E::Vector<E::S>,
    cx: &StepContext,
    noise: &E::Noise<E::S>,
    frozen: bool,
) -> E::Vector<E::S> {
    let h = E::S::of(cx.dt);
    let rates = neuron.drift(x, cx.t, cx);
    let slopes = neuron.slopes(x, cx.t, cx, frozen);
    let moved = entries!(E::Vector<E::S>, i => x.at(i) + h * Scalar::exprel(h * slopes.at(i)) * rates.at(i));
    shaken::<E>(&moved, &neuron.diffusion(x, cx.t, cx), noise)
}

impl Integrator for ExponentialEuler {
    const NAME: &'static str = "exponential_euler";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Ito);
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        advance(neuron, x, cx, noise, true)
    }
}

impl Integrator for ExponentialEulerDiagJac {
    const NAME: &'static str = "exponential_euler_diagjac";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Ito);
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        advance(neuron, x, cx, noise, false)
    }
}
