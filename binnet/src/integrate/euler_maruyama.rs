//! Euler-Maruyama: x + h f(x, t) + G(x, t) dW.
//!
//! Ito. Strong order 1/2, and 1 for additive noise; weak order 1; order 1 without noise. For
//! dX = a X dt + b X dW, stable in mean square while (1 + h a)^2 + h b^2 < 1.
//! Maruyama (1955), Rend. Circ. Mat. Palermo 4; Kloeden & Platen (1992), section 10.2.

use super::noise::shaken;
use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// Euler-Maruyama, `x + h f(x) + G(x) dW`: Ito, strong order 1/2 (additive noise: 1).
#[derive(Clone, Copy, Debug, Default)]
pub struct EulerMaruyama;

impl Integrator for EulerMaruyama {
    const NAME: &'static str = "euler_maruyama";
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
        let moved = x.plus(E::S::of(cx.dt), &neuron.drift(x, cx.t, cx));
        shaken::<E>(&moved, &neuron.diffusion(x, cx.t, cx), noise)
    }
}
