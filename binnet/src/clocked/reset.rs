//! Back to the start.

use super::{Clocked, Cohort, Populations, Step};
use crate::error::{Result, RunError};
use crate::rng::Streams;
use crate::run::Reset;

impl<P: Populations> Clocked<P> {
    /// Puts parts of the network back to what they were when it was built: `reset(Reset::STATE | Reset::WEIGHTS)`.
    ///
    /// | part | is put back |
    /// | --- | --- |
    /// | [`STATE`](Reset::STATE) | time, states of neurons and synapses (but weights), inputs, spikes in flight, counts, random streams; records are empty, and what was handed to `external` sources and not yet used is gone |
    /// | [`WEIGHTS`](Reset::WEIGHTS) | weights: those drawn or given when the projections were built |
    /// | [`CONNECTIVITY`](Reset::CONNECTIVITY) | connections, weights and delays are drawn again; spikes in flight are lost; records of synapses begin anew |
    /// | [`RECORDERS`](Reset::RECORDERS) | records are empty; those that were paused or stopped begin as declared |
    ///
    /// Parameters, locals and rates stay as they are; where nothing was set since the build, a run after
    /// `reset(Reset::ALL)` is the first one, bit for bit. Weights and connections are drawn from the seed of the
    /// build, so they are the same; see [`reset_seeded`](Self::reset_seeded) for others.
    ///
    /// ```
    /// use binnet::models::neurons::Lif;
    /// use binnet::prelude::*;
    /// use binnet::run::Reset;
    /// # network! { pub struct One { clock 0.1 ms; population cell: Lif[2] { v: uniform(-60 mV, -50 mV) }; } }
    /// # fn main() -> binnet::Result<()> {
    /// let mut net = One::builder().build()?;
    /// let first = net.values("cell", "v")?;
    /// net.run(10.ms())?;
    /// net.reset(Reset::STATE)?;
    /// assert_eq!((net.time(), net.values("cell", "v")?), (0.ms(), first));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When connections are to be drawn while values of synapses are streamed, when memory is too small to draw connections again beside the present ones, and when first values no longer
    /// fit bounds that follow from parameters.
    pub fn reset(&mut self, parts: Reset) -> Result<()> {
        self.put_back(parts, self.options.seed, self.declared.seed)
    }

    /// As [`reset`](Self::reset), with another seed for all that is drawn: first values and noise with `STATE`,
    /// connections with `CONNECTIVITY`. Weights without connections are those drawn before.
    ///
    /// # Errors
    /// As for [`reset`](Self::reset).
    pub fn reset_seeded(&mut self, parts: Reset, seed: u64) -> Result<()> {
        let own = |part, old| if parts.contains(part) { seed } else { old };
        self.put_back(parts, own(Reset::STATE, self.options.seed), own(Reset::CONNECTIVITY, self.declared.seed))
    }

    fn put_back(&mut self, parts: Reset, seed: u64, wires: u64) -> Result<()> {
        let (state, weights) = (parts.contains(Reset::STATE), parts.contains(Reset::WEIGHTS));
        let connectivity = parts.contains(Reset::CONNECTIVITY);
        if connectivity && self.records.streams_synapses() {
            return Err(RunError::Unsupported {
                problem: "connections cannot be drawn again while values of synapses are streamed".to_owned(),
                help: "call `finish_stream()` first".to_owned(),
            }
            .into());
        }
        let streams = Streams::new(seed);
        // What can fail for want of memory comes first.
        if connectivity || weights || (state && self.wiring.has_equations()) {
            let mut declared = self.declared.clone();
            declared.seed = wires;
            if connectivity {
                declared.forget_values();
            }
            let step = if state { Step { number: 0, t: 0.0, dt: self.dt } } else { self.step_at(self.steps) };
            let cohorts: Vec<&dyn Cohort> = (0..self.populations.count())
                .map(|p| self.populations.at(p))
                .chain(self.sources.iter().map(|source| source as &dyn Cohort))
                .collect();
            let budget = self.options.memory_budget;
            let mut fresh = declared.wiring(&cohorts, self.populations.count(), streams, &step, budget)?;
            if connectivity || (weights && state) {
                fresh.continue_inputs(&self.wiring);
                self.wiring = fresh;
            } else if weights {
                self.wiring.take_weights(fresh, step.number)?;
            } else {
                self.wiring.take_states(fresh, self.steps, step.number)?;
            }
            self.declared = declared;
        }
        if state {
            self.options.seed = seed;
            self.stimuli.restart(streams, &mut self.populations);
            for p in 0..self.populations.count() {
                self.populations.at_mut(p).restart(&streams)?;
            }
            self.sources.iter_mut().try_for_each(|source| source.restart(&streams))?;
            self.wiring.restart(&streams);
            self.spikes.fill(0);
            self.unsound = false;
            (self.steps, self.wall, self.ended) = (0, std::time::Duration::ZERO, None);
        }
        if connectivity {
            self.records.rewire(&self.wiring);
        }
        if state || parts.contains(Reset::RECORDERS) {
            self.records.clear();
        }
        if parts.contains(Reset::RECORDERS) {
            self.records.reset_gates();
        }
        Ok(())
    }
}
