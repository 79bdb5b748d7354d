//! Runge-Kutta methods with four stages. The classical one, after the rule of Simpson:
//!
//! k1 = f(x, t), k2 = f(x + h/2 k1, t + h/2), k3 = f(x + h/2 k2, t + h/2), k4 = f(x + h k3, t + h),
//! x + h/6 (k1 + 2 k2 + 2 k3 + k4);
//!
//! and after the 3/8 rule:
//!
//! k1 = f(x, t), k2 = f(x + h/3 k1, t + h/3), k3 = f(x + h (k2 - k1/3), t + 2h/3),
//! k4 = f(x + h (k1 - k2 + k3), t + h), x + h/8 (k1 + 3 k2 + 3 k3 + k4).
//!
//! Order 4. Both are stable on the real axis for h a > -2.78, and for undamped oscillations up to
//! h omega = 2.83. Kutta (1901), Z. Math. Phys. 46.

use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// The classical method of Runge and Kutta: order 4.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rk4;

impl Integrator for Rk4 {
    const NAME: &'static str = "rk4";
    const ORDER: u32 = 4;
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
        let two = E::S::of(2.0);
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(half), &k1), cx.t + half, cx);
        let k3 = neuron.drift(&x.plus(E::S::of(half), &k2), cx.t + half, cx);
        let k4 = neuron.drift(&x.plus(E::S::of(h), &k3), cx.t + h, cx);
        let sum = <E::Vector<E::S>>::from_fn(|i| k1.at(i) + two * (k2.at(i) + k3.at(i)) + k4.at(i));
        x.plus(E::S::of(h / 6.0), &sum)
    }
}

/// Kutta's method after the 3/8 rule: order 4, with a smaller error than [`Rk4`] on most equations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rk4ThreeEighths;

impl Integrator for Rk4ThreeEighths {
    const NAME: &'static str = "rk4_38";
    const ORDER: u32 = 4;
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
        let h = cx.dt;
        let (third, three) = (E::S::of(1.0 / 3.0), E::S::of(3.0));
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(h / 3.0), &k1), cx.t + h / 3.0, cx);
        let ahead = <E::Vector<E::S>>::from_fn(|i| k2.at(i) - third * k1.at(i));
        let k3 = neuron.drift(&x.plus(E::S::of(h), &ahead), cx.t + h * (2.0 / 3.0), cx);
        let ahead = <E::Vector<E::S>>::from_fn(|i| k1.at(i) - k2.at(i) + k3.at(i));
        let k4 = neuron.drift(&x.plus(E::S::of(h), &ahead), cx.t + h, cx);
        let sum = <E::Vector<E::S>>::from_fn(|i| k1.at(i) + three * (k2.at(i) + k3.at(i)) + k4.at(i));
        x.plus(E::S::of(h / 8.0), &sum)
    }
}
