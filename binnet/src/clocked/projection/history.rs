//! The spikes of the last steps, for those that read them later.

use super::super::Spiked;
use crate::snapshot::persist;

/// What a population or source did in the last steps: spikes in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// One list a step, used in turn; its length is the longest delay plus one.
    steps: Vec<Vec<(u32, u32)>>,
    /// Values of the output of each neuron, likewise, if they are read.
    outputs: Vec<Vec<f64>>,
}

persist!([] History {} fixed { steps, outputs } built {});

impl History {
    /// Keeps spikes for a delay of so many steps.
    pub(super) fn reach(&mut self, delay: usize, now: u64) {
        if self.steps.len() > delay {
            return;
        }
        let old = core::mem::take(&mut self.steps);
        self.steps = vec![Vec::new(); delay + 1];
        for step in now.saturating_sub(old.len() as u64)..now {
            let slot = self.slot(step);
            self.steps[slot].clone_from(&old[(step % old.len() as u64) as usize]);
        }
    }

    fn slot(&self, step: u64) -> usize {
        (step % self.steps.len() as u64) as usize
    }

    /// Takes the spikes of a step, in ascending order of neurons.
    pub(super) fn push(&mut self, step: u64, spiked: &[Spiked]) {
        if self.steps.is_empty() {
            return;
        }
        let slot = self.slot(step);
        let list = &mut self.steps[slot];
        list.clear();
        list.extend(spiked.iter().map(|spiked| (spiked.neuron, spiked.count)));
    }

    /// The spikes (neuron, count) of `delay` steps ago, seen from `step`.
    pub(super) fn at(&self, step: u64, delay: usize) -> &[(u32, u32)] {
        match step.checked_sub(delay as u64) {
            Some(then) if delay < self.steps.len() => &self.steps[self.slot(then)],
            _ => &[],
        }
    }

    /// Keeps outputs for a delay of so many steps.
    pub(super) fn reach_outputs(&mut self, delay: usize) {
        if self.outputs.len() <= delay {
            // Those of the past are unknown, and 0.
            self.outputs = vec![Vec::new(); delay + 1];
        }
    }

    /// Whether anyone reads outputs.
    pub(super) fn keeps_outputs(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Takes the outputs at the beginning of a step, which `read` writes.
    pub(super) fn push_outputs(&mut self, step: u64, read: impl FnOnce(&mut Vec<f64>)) {
        let slots = self.outputs.len() as u64;
        if slots > 0 {
            read(&mut self.outputs[(step % slots) as usize]);
        }
    }

    /// The outputs of `delay` steps ago; empty before the first step.
    pub(super) fn outputs(&self, step: u64, delay: usize) -> &[f64] {
        match step.checked_sub(delay as u64) {
            Some(then) if delay < self.outputs.len() => &self.outputs[(then % self.outputs.len() as u64) as usize],
            _ => &[],
        }
    }
}
