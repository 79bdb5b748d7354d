//! Forward Euler: x + h f(x, t).
//!
//! Order 1. Stable for x' = a x while |1 + h a| < 1; grows on undamped oscillations, for every h.
//! Euler (1768), Institutiones calculi integralis.

use super::{Calculus, Integrator};
use crate::neuron::{Equations, Scalar as _, StepContext, Vector as _};

/// Forward Euler, `x + h f(x)`: order 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Euler;

impl Integrator for Euler {
    const NAME: &'static str = "euler";
    const ORDER: u32 = 1;
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
        x.plus(E::S::of(cx.dt), &neuron.drift(x, cx.t, cx))
    }
}
