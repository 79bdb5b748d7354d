//! The spikes of the last steps, for those that read them later.

use super::super::Spiked;
use super::past::Past;
use crate::snapshot::persist;

/// What a population or source did in the last steps: spikes in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// One list a step, used in turn; its length is the longest delay plus one.
    steps: Vec<Vec<(u32, u32)>>,
    /// Values of the output of each neuron, if they are read.
    pub(super) outputs: Past,
}

persist!([] History { outputs } fixed { steps } built {});

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

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.steps.iter_mut().for_each(Vec::clear);
        self.outputs.clear();
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
}
