//! One neuron alone, step by step.

use core::ops::{Deref, DerefMut};

use rand_distr::{Distribution as _, StandardNormal};

use super::{Advance, Scalar as _, Spikes, StepContext, Vector as _};
use crate::population::Model;
use crate::rng::{Stream, Streams};
use crate::units::Time;

/// One neuron outside of any network, advanced by method `I`: by default, the method that a population
/// of it would have.
///
/// Fields of the model are there under their names. States start as the model that was given says; inputs
/// keep the values that they are set to. Spikes reset the neuron at the end of the step in which they are emitted.
///
/// ```
/// use binnet::integrate::Rk4;
/// use binnet::models::neurons::Lif;
/// use binnet::neuron::Single;
/// use binnet::prelude::*;
///
/// let mut neuron = Single::<Lif, Rk4>::new(Lif { t_ref: 3.0, ..Lif::default() }, 0.1.ms());
/// neuron.i = 0.2; // nA
/// let mut trace = Vec::new();
/// while neuron.time() < 20.ms() {
///     trace.push(neuron.v);
///     neuron.step();
/// }
/// // -65 + 20 (1 - exp(-t / 10)) reaches -50 after 13.9 ms, and starts again 3 ms later.
/// assert!(trace[138] > -50.1 && trace[139..169].iter().all(|&v| v == -65.0));
/// assert_eq!(neuron.run(200.ms()), 12);
/// ```
#[derive(Clone, Debug)]
pub struct Single<M: Advance<I>, I = <M as Model>::Method> {
    neuron: M,
    coefficients: M::Coefficients,
    /// Whether parameters may have changed since the coefficients were computed.
    stale: bool,
    steps: u64,
    dt: f64,
    spikes: Spikes,
    rng: Stream,
}

impl<M: Advance<I>, I> Single<M, I> {
    /// The neuron at 0 ms, to be advanced in steps of `dt`.
    #[must_use]
    pub fn new(neuron: M, dt: Time) -> Self {
        let dt = dt.ms();
        let coefficients = neuron.prepare(dt);
        let rng = Streams::new(0).named("noise");
        Self { neuron, coefficients, stale: false, steps: 0, dt, spikes: Spikes::NONE, rng }
    }

    /// The same with noise from another seed (it is 0 at first).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.rng = Streams::new(seed).named("noise");
        self
    }

    /// Makes one step with noise of its own; returns the spikes at its end.
    pub fn step(&mut self) -> Spikes {
        let deviation = self.dt.sqrt();
        let rng = &mut self.rng;
        let noise = M::Noise::from_fn(|_| {
            let z: f64 = StandardNormal.sample(rng);
            M::Real::of(deviation * z)
        });
        self.step_with(&noise)
    }

    /// Makes one step with these increments of the sources of noise, in root of ms; returns the spikes
    /// at its end.
    pub fn step_with(&mut self, noise: &M::Noise) -> Spikes {
        if self.stale {
            self.coefficients = self.neuron.prepare(self.dt);
            self.stale = false;
        }
        let cx = StepContext { t: self.time().ms(), dt: self.dt, index: 0, spikes: self.spikes.0 };
        self.spikes = self.neuron.advance(&cx, &self.coefficients, noise);
        if self.spikes.any() {
            self.neuron.reset(&cx, self.spikes);
        }
        self.steps += 1;
        self.spikes
    }

    /// Makes all steps of this duration, rounded to whole ones; returns the number of spikes.
    pub fn run(&mut self, duration: Time) -> u32 {
        let steps = (duration.ms() / self.dt).round() as u64;
        (0..steps).map(|_| self.step().0).sum()
    }

    /// The steps made so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The time at the beginning of the next step.
    #[must_use]
    pub fn time(&self) -> Time {
        Time::from_ms(self.steps as f64 * self.dt)
    }

    /// The neuron as it is now.
    #[must_use]
    pub fn into_inner(self) -> M {
        self.neuron
    }
}

impl<M: Advance<I>, I> Deref for Single<M, I> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.neuron
    }
}

impl<M: Advance<I>, I> DerefMut for Single<M, I> {
    fn deref_mut(&mut self) -> &mut M {
        self.stale = true;
        &mut self.neuron
    }
}
