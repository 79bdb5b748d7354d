//! Two methods for one system: some equations by the one, the rest by the other.

use super::{Calculus, Integrator};
use crate::neuron::{Equations, StepContext, Vector as _};

/// Equation `i` by method `B` where bit `i` of `MASK` is set, else by method `A`: what `dm/dt = .. by rk4;` asks for.
///
/// Both methods make a whole step from the same old state, and each gives its equations' new values. So
/// the order of the whole is the lower one, unless the systems are independent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Both<A, B, const MASK: u64>(core::marker::PhantomData<(A, B)>);

impl<A: Integrator, B: Integrator, const MASK: u64> Integrator for Both<A, B, MASK> {
    const NAME: &'static str = "by equation";
    const ORDER: u32 = if A::ORDER < B::ORDER { A::ORDER } else { B::ORDER };
    const STOCHASTIC: Option<Calculus> = A::STOCHASTIC;
    type Coefficients<E: Equations> = (A::Coefficients<E>, B::Coefficients<E>);

    fn prepare<E: Equations>(neuron: &E, dt: f64) -> Self::Coefficients<E> {
        (A::prepare(neuron, dt), B::prepare(neuron, dt))
    }

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (first, second): &Self::Coefficients<E>,
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        let a = A::step(neuron, x, cx, first, noise);
        let b = B::step(neuron, x, cx, second, noise);
        E::Vector::from_fn(|i| if MASK >> i & 1 == 1 { b.at(i) } else { a.at(i) })
    }
}
