//! Stochastic methods of Heun. `heun_full` averages drift and diffusion over both ends of the step:
//!
//! y = x + h f(x, t) + G(x, t) dW,
//! x + h/2 (f(x, t) + f(y, t + h)) + 1/2 (G(x, t) + G(y, t + h)) dW;
//!
//! `heun_drift_euler` averages the diffusion only:
//!
//! y = x + G(x, t) dW, x + h f(x, t) + 1/2 (G(x, t) + G(y, t + h)) dW.
//!
//! Stratonovich. Strong order 1 for commuting noise (see `milstein`), else 1/2; weak order 1. Without
//! noise `heun_full` is the method of Heun, order 2 with -2 < h a < 0 stable, and `heun_drift_euler`
//! forward Euler, order 1 with the same interval.
//! Ruemelin (1982), SIAM J. Numer. Anal. 19; the second as in Brian 2 (Stimberg, Brette & Goodman 2019).

use super::noise::shaken;
use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// The stochastic method of Heun: Stratonovich, strong order 1 for commuting noise, order 2 without
/// noise.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeunFull;

/// The stochastic method of Heun for the noise, forward Euler for the drift: Stratonovich, strong order 1
/// for commuting noise.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeunDriftEuler;

/// The mean of G at both ends of the step.
#[inline(always)]
fn mean<E: Equations>(here: &E::Diffusion<E::S>, there: &E::Diffusion<E::S>) -> E::Diffusion<E::S> {
    <E::Diffusion<E::S>>::from_fn(|entry| E::S::of(0.5) * (here.at(entry) + there.at(entry)))
}

impl Integrator for HeunFull {
    const NAME: &'static str = "heun_full";
    const ORDER: u32 = 2;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Stratonovich);
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
        let end = cx.t + cx.dt;
        let (k1, g1) = (neuron.drift(x, cx.t, cx), neuron.diffusion(x, cx.t, cx));
        let support = shaken::<E>(&x.plus(E::S::of(cx.dt), &k1), &g1, noise);
        let (k2, g2) = (neuron.drift(&support, end, cx), neuron.diffusion(&support, end, cx));
        let sum = <E::Vector<E::S>>::from_fn(|i| k1.at(i) + k2.at(i));
        shaken::<E>(&x.plus(E::S::of(0.5 * cx.dt), &sum), &mean::<E>(&g1, &g2), noise)
    }
}

impl Integrator for HeunDriftEuler {
    const NAME: &'static str = "heun_drift_euler";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Stratonovich);
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
        let g1 = neuron.diffusion(x, cx.t, cx);
        let g2 = neuron.diffusion(&shaken::<E>(x, &g1, noise), cx.t + cx.dt, cx);
        let moved = x.plus(E::S::of(cx.dt), &neuron.drift(x, cx.t, cx));
        shaken::<E>(&moved, &mean::<E>(&g1, &g2), noise)
    }
}
