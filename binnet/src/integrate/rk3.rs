//! Kutta's method with three stages:
//!
//! k1 = f(x, t), k2 = f(x + h/2 k1, t + h/2), k3 = f(x + h (2 k2 - k1), t + h),
//! x + h/6 (k1 + 4 k2 + k3).
//!
//! Order 3. Stable on the real axis for h a > -2.51, and for undamped oscillations up to h omega = 1.73.
//! Kutta (1901), Z. Math. Phys. 46.

use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// Kutta's method with three stages: order 3.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rk3;

impl Integrator for Rk3 {
    const NAME: &'static str = "rk3";
    const ORDER: u32 = 3;
    const STOCHASTIC: Option<Calculus> = None;
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        _: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        let (h, half) = (cx.dt, 0.5 * cx.dt);
        let (two, four) = (E::S::of(2.0), E::S::of(4.0));
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(half), &k1), cx.t + half, cx);
        let ahead = <E::Vector<E::S>>::from_fn(|i| two * k2.at(i) - k1.at(i));
        let k3 = neuron.drift(&x.plus(E::S::of(h), &ahead), cx.t + h, cx);
        x.plus(E::S::of(h / 6.0), &<E::Vector<E::S>>::from_fn(|i| k1.at(i) + four * k2.at(i) + k3.at(i)))
    }
}
