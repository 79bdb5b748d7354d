//! Runge-Kutta methods with two stages, a family with one parameter, beta:
//!
//! k1 = f(x, t), k2 = f(x + beta h k1, t + beta h), x + h ((1 - 1/(2 beta)) k1 + 1/(2 beta) k2).
//!
//! Order 2 for every beta. All share one region of stability: |1 + z + z^2/2| < 1 for z = h a, on the
//! real axis -2 < z < 0; undamped oscillations grow, as h^3. Runge (1895), Math. Ann. 46 (`midpoint`,
//! beta = 1/2); Heun (1900), Z. Math. Phys. 45 (`heun`, beta = 1); Ralston (1962), Math. Comp. 16
//! (beta = 2/3, the smallest bound of the error).

use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// The midpoint method, `x + h f(x + h/2 f(x))`: order 2.
#[derive(Clone, Copy, Debug, Default)]
pub struct Midpoint;

impl Integrator for Midpoint {
    const NAME: &'static str = "midpoint";
    const ORDER: u32 = 2;
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
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(half), &k1), cx.t + half, cx);
        x.plus(E::S::of(h), &k2)
    }
}

/// The method of Heun, the mean of both ends of the step: order 2.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heun;

impl Integrator for Heun {
    const NAME: &'static str = "heun";
    const ORDER: u32 = 2;
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
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(h), &k1), cx.t + h, cx);
        x.plus(E::S::of(0.5 * h), &<E::Vector<E::S>>::from_fn(|i| k1.at(i) + k2.at(i)))
    }
}

/// The whole family with two stages, for beta = `NUM / DEN`: order 2. By default the method of Ralston,
/// beta = 2/3.
///
/// ```compile_fail
/// use binnet::integrate::{Integrator, Rk2};
/// // beta is not 0.
/// let rk2 = <Rk2<0, 1> as Integrator>::ORDER;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Rk2<const NUM: u32 = 2, const DEN: u32 = 3>;

impl<const NUM: u32, const DEN: u32> Rk2<NUM, DEN> {
    /// The parameter of the family: where in the step the second stage lies.
    pub const BETA: f64 = {
        assert!(NUM > 0 && DEN > 0, "beta of `rk2` is a fraction above 0");
        NUM as f64 / DEN as f64
    };
    /// The weight of the second stage, 1/(2 beta).
    const SECOND: f64 = DEN as f64 / (2.0 * NUM as f64);
}

impl<const NUM: u32, const DEN: u32> Integrator for Rk2<NUM, DEN> {
    const NAME: &'static str = "rk2";
    const ORDER: u32 = {
        assert!(Self::BETA > 0.0);
        2
    };
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
        let (h, inner) = (cx.dt, Self::BETA * cx.dt);
        let (first, second) = (E::S::of(1.0 - Self::SECOND), E::S::of(Self::SECOND));
        let k1 = neuron.drift(x, cx.t, cx);
        let k2 = neuron.drift(&x.plus(E::S::of(inner), &k1), cx.t + inner, cx);
        x.plus(E::S::of(h), &<E::Vector<E::S>>::from_fn(|i| first * k1.at(i) + second * k2.at(i)))
    }
}
