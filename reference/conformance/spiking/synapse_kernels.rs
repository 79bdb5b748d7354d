//! What one spike does at a synapse: a jump that decays, an alpha function, a rise and a decay; the stock receptors.
//!
//! All are linear equations with a jump at the end of the step that a spike is labelled with. Solved exactly, their
//! samples are the closed forms, `exp(-s/tau)`, `(s/tau) exp(1 - s/tau)` and `N (exp(-s/tau_decay) - exp(-s/tau_rise))`.

use binnet::integrate::{Euler, Exact, Rk4};
use binnet::models::receptors::{Alpha, DualExponential, Exponential};
use binnet::neuron::{Advance, Single};
use binnet::prelude::*;

use super::reference::Reference;
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-12;

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    let spikes: Vec<i32> = params.list("spike_ms")?.iter().map(|ms| (ms / dt).round() as i32).collect();
    reference.times("t_ms", dt, steps)?;
    reference.spikes("spike_step", &spikes)?;

    let (rise, decay) = (params.get("tau_rise_ms")?, params.get("tau_decay_ms")?);
    let run = Run { dt, steps, spikes };
    let exponential = Exponential { tau: params.get("tau_exp_ms")?, ..Exponential::default() };
    run.kernel(reference, "exp", &exponential, |s| s.g += 1.0, |s| s.g)?;
    let alpha = Alpha { tau: params.get("tau_alpha_ms")?, ..Alpha::default() };
    run.kernel(reference, "alpha", &alpha, |s| s.x += 1.0, |s| s.g)?;
    let dual = DualExponential { tau_rise: rise, tau_decay: decay, ..DualExponential::default() };
    run.kernel(reference, "dualexp", &dual, |s| s.x += 1.0, |s| s.g)
}

struct Run {
    dt: f64,
    steps: usize,
    /// Several spikes may share a step.
    spikes: Vec<i32>,
}

impl Run {
    fn kernel<M: Advance<Exact> + Advance<Euler> + Advance<Rk4> + Clone>(
        &self,
        reference: &mut Reference<'_>,
        name: &str,
        synapse: &M,
        jump: impl Fn(&mut M),
        read: impl Fn(&M) -> f64,
    ) -> Result<()> {
        let exact = self.samples::<M, Exact>(synapse, &jump, &read);
        let euler = self.samples::<M, Euler>(synapse, &jump, &read);
        let rk4 = self.samples::<M, Rk4>(synapse, &jump, &read);
        for (ending, samples) in [("", exact), ("_euler", euler), ("_rk4", rk4)] {
            reference.put(&format!("{name}{ending}"), &[self.steps], &samples, TOLERANCE)?;
        }
        Ok(())
    }

    fn samples<M: Advance<I> + Clone, I>(
        &self,
        synapse: &M,
        jump: &impl Fn(&mut M),
        read: &impl Fn(&M) -> f64,
    ) -> Vec<f64> {
        let mut synapse = Single::<M, I>::new(synapse.clone(), self.dt.ms());
        (0..)
            .take(self.steps)
            .map(|step| {
                let sample = read(&synapse);
                synapse.step();
                self.spikes.iter().filter(|spike| **spike == step).for_each(|_| jump(&mut synapse));
                sample
            })
            .collect()
    }
}
