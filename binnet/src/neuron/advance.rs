//! What the kernels call: one step of one neuron, by a method.

use super::lanes::{Columns, Lanes};
use super::{Equations, Neuron, Real, Scalar as _, Spikes, StepContext, Stepped, Vector};
use crate::integrate::Integrator;
use crate::population::Model;

/// The method of models that are written by hand: their own step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own;

/// The method of models that `neuron!` writes for `update`: their own step, with what follows from parameters alone
/// computed before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Update;

/// What `method` of a population can name, and what its report calls it.
pub trait Method: 'static {
    /// Its name.
    const NAME: &'static str;
}

impl Method for Own {
    const NAME: &'static str = "its own step";
}

impl Method for Update {
    const NAME: &'static str = Own::NAME;
}

impl<I: Integrator> Method for I {
    const NAME: &'static str = <I as Integrator>::NAME;
}

/// A neuron that method `I` can advance.
///
/// Implemented for every [`Neuron`] with [`Own`], and for all [`Equations`] with every
/// [`Integrator`]; whether equations admit a method is checked by `network!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no neuron of a clock-driven network",
    note = "declare it with `neuron!`, or write `impl Neuron for {Self}` with `fn step(&mut self, cx: &StepContext) -> Spikes`"
)]
pub trait Advance<I>: Model {
    /// What can be computed when parameters and clock are set, instead of in each step.
    type Coefficients: Clone + core::fmt::Debug + Send + Sync + 'static;
    /// The coefficients of the neurons of a tile.
    type Lanes: Lanes<Self::Coefficients>;
    /// The precision of random numbers.
    type Real: Real;
    /// One Wiener increment (root of ms) for each source of noise.
    type Noise: Vector<Self::Real>;

    /// Computes the coefficients of one neuron for steps of `dt` ms.
    fn prepare(&self, dt: f64) -> Self::Coefficients;

    /// Advances the neuron by one step and returns its spikes; `noise` are the increments of its
    /// sources of noise.
    fn advance(&mut self, cx: &StepContext, coefficients: &Self::Coefficients, noise: &Self::Noise) -> Spikes;

    /// Whether kernels make the two halves of a step one after the other, each for all neurons of a tile.
    const IN_HALVES: bool = false;

    /// The first half of [`advance`](Self::advance); nothing, unless [`IN_HALVES`](Self::IN_HALVES).
    #[inline(always)]
    fn first_half(&mut self, cx: &StepContext, coefficients: &Self::Coefficients) {
        let _ = (cx, coefficients);
    }

    /// The second half; all of it, unless [`IN_HALVES`](Self::IN_HALVES).
    #[inline(always)]
    fn second_half(&mut self, cx: &StepContext, coefficients: &Self::Coefficients, noise: &Self::Noise) -> Spikes {
        self.advance(cx, coefficients, noise)
    }

    /// What spikes do to the neuron that emitted them.
    fn reset(&mut self, cx: &StepContext, spikes: Spikes);
}

impl<M: Neuron> Advance<Own> for M {
    type Coefficients = ();
    type Lanes = Vec<()>;
    type Real = f64;
    type Noise = [f64; 0];

    fn prepare(&self, _dt: f64) {}

    #[inline(always)]
    fn advance(&mut self, cx: &StepContext, _: &(), _: &[f64; 0]) -> Spikes {
        self.step(cx)
    }

    #[inline(always)]
    fn reset(&mut self, cx: &StepContext, spikes: Spikes) {
        Neuron::reset(self, cx, spikes);
    }
}

impl<M: Stepped> Advance<Update> for M {
    type Coefficients = M::Prepared<M::S>;
    type Lanes = Columns<M::S, M::Prepared<M::S>>;
    type Real = f64;
    type Noise = [f64; 0];

    /// In double precision, whatever that of the fields.
    fn prepare(&self, dt: f64) -> Self::Coefficients {
        let values = Stepped::prepare::<f64>(self, &StepContext::new(dt));
        Vector::from_fn(|i| M::S::of(values.at(i)))
    }

    #[inline(always)]
    fn advance(&mut self, cx: &StepContext, prepared: &Self::Coefficients, _: &[f64; 0]) -> Spikes {
        Stepped::step(self, cx, prepared)
    }

    const IN_HALVES: bool = M::IN_HALVES;

    #[inline(always)]
    fn first_half(&mut self, cx: &StepContext, prepared: &Self::Coefficients) {
        Stepped::first_half(self, cx, prepared);
    }

    #[inline(always)]
    fn second_half(&mut self, cx: &StepContext, prepared: &Self::Coefficients, _: &[f64; 0]) -> Spikes {
        Stepped::second_half(self, cx, prepared)
    }

    #[inline(always)]
    fn reset(&mut self, cx: &StepContext, spikes: Spikes) {
        Stepped::reset(self, cx, spikes);
    }
}

impl<E: Equations, I: Integrator> Advance<I> for E {
    type Coefficients = I::Coefficients<E>;
    type Lanes = Vec<I::Coefficients<E>>;
    type Real = E::S;
    type Noise = E::Noise<E::S>;

    fn prepare(&self, dt: f64) -> Self::Coefficients {
        I::prepare(self, dt)
    }

    #[inline(always)]
    fn advance(&mut self, cx: &StepContext, coefficients: &Self::Coefficients, noise: &Self::Noise) -> Spikes {
        self.begin(cx);
        let before = self.state();
        let after = I::step(self, &before, cx, coefficients, noise);
        self.set_state(&after);
        self.clip();
        self.spikes(&before, cx)
    }

    #[inline(always)]
    fn reset(&mut self, cx: &StepContext, spikes: Spikes) {
        Equations::reset(self, cx, spikes);
    }
}
