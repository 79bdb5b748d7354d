//! A neuron that is written by hand.

use crate::population::Model;

/// What a neuron knows of the step that it makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepContext {
    /// The time at the beginning of the step, in ms.
    pub t: f64,
    /// The length of the step, in ms.
    pub dt: f64,
    /// The neuron's position in its population.
    pub index: usize,
    /// The spikes that the neuron emitted in the step before.
    pub spikes: u32,
}

impl StepContext {
    /// The first step of a single neuron, from 0 ms.
    #[must_use]
    pub fn new(dt_ms: f64) -> Self {
        Self { t: 0.0, dt: dt_ms, index: 0, spikes: 0 }
    }
}

/// The spikes that a neuron emits in one step: a count, since some models emit several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spikes(pub u32);

impl Spikes {
    /// No spike.
    pub const NONE: Self = Self(0);

    /// Whether there is one.
    #[inline(always)]
    #[must_use]
    pub fn any(self) -> bool {
        self.0 > 0
    }
}

impl From<bool> for Spikes {
    #[inline(always)]
    fn from(spike: bool) -> Self {
        Self(u32::from(spike))
    }
}

impl From<u32> for Spikes {
    #[inline(always)]
    fn from(count: u32) -> Self {
        Self(count)
    }
}

/// A neuron whose step is written by hand.
///
/// ```
/// use binnet::prelude::*;
///
/// /// A perfect integrator.
/// #[derive(Population, Clone)]
/// pub struct Integrator {
///     #[param(1 mV)]
///     v_th: f64,
///     #[state(0 mV)]
///     v: f64,
///     #[input(mV/ms)]
///     drive: f64,
/// }
///
/// impl Neuron for Integrator {
///     fn step(&mut self, cx: &StepContext) -> Spikes {
///         self.v += cx.dt * self.drive;
///         let spike = self.v > self.v_th;
///         self.v -= if spike { self.v_th } else { 0.0 };
///         spike.into()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no neuron of a clock-driven network",
    note = "declare it with `neuron!`, or write `impl Neuron for {Self}` with `fn step(&mut self, cx: &StepContext) -> Spikes`"
)]
pub trait Neuron: Model {
    /// Advances the neuron by `cx.dt` and returns its spikes.
    fn step(&mut self, cx: &StepContext) -> Spikes;

    /// What a spike does to the neuron, after all that is due in this step has arrived. Models by hand
    /// mostly reset within [`step`](Self::step).
    #[inline(always)]
    fn reset(&mut self, _cx: &StepContext, _spikes: Spikes) {}
}
