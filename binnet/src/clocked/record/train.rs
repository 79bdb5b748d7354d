//! Recorded spikes.

use core::ops::Range;

use super::gate::Gate;
use crate::clocked::Spiked;
use crate::clocked::chosen::Chosen;
use crate::clocked::clock::time;
use crate::snapshot::persist;
use crate::units::Time;

/// The spikes of a population, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeTrain {
    pub(super) name: String,
    pub(super) population: usize,
    pub(super) neurons: Chosen,
    pub(super) dt: f64,
    pub(super) gate: Gate,
    /// The steps that were watched, in order.
    pub(super) watched: Vec<Range<u64>>,
    pub(super) steps: Vec<u64>,
    pub(super) ids: Vec<u32>,
}

persist!([] SpikeTrain { gate, watched, steps, ids } fixed {} built { name, population, neurons, dt });

impl SpikeTrain {
    /// Its name: `exc.spikes`, or the one that was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The neurons of the population, or the channels of the source, that are recorded, from the first to the last;
    /// [`chosen`](Self::chosen) says which.
    #[must_use]
    pub fn neurons(&self) -> Range<usize> {
        self.neurons.hull()
    }

    /// All neurons or channels that are recorded, in order.
    #[must_use]
    pub fn chosen(&self) -> Vec<usize> {
        self.neurons.iter().collect()
    }

    /// The place of the neuron of each spike among those that are [`chosen`](Self::chosen): what
    /// [`SpikeTrains::new`](crate::analysis::SpikeTrains::new) takes, with their number.
    #[must_use]
    pub fn places(&self) -> Vec<u32> {
        // None but those were taken.
        self.ids.iter().map(|id| self.neurons.place(*id as usize).unwrap_or(0) as u32).collect()
    }

    /// The time that was recorded, from and to.
    #[must_use]
    pub fn span(&self) -> (Time, Time) {
        let at = |step| Time::from_ms(time(step, self.dt));
        (at(self.watched.first().map_or(0, |part| part.start)), at(self.watched.last().map_or(0, |part| part.end)))
    }

    /// The parts of the [`span`](Self::span) that were recorded: one, unless the record was paused.
    #[must_use]
    pub fn watched(&self) -> Vec<(Time, Time)> {
        let at = |step| Time::from_ms(time(step, self.dt));
        self.watched.iter().map(|part| (at(part.start), at(part.end))).collect()
    }

    /// The number of spikes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step of each spike, its label: a neuron that crosses its threshold between k dt and (k+1) dt
    /// spikes with label k.
    #[must_use]
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// The neuron of each spike, its position in the population. Two spikes in one step are two entries.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The time of each spike in ms: its label times the clock.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        self.steps.iter().map(|step| time(*step, self.dt)).collect()
    }

    /// Takes the spikes of a step.
    pub(super) fn take(&mut self, spiked: &[Spiked], step: u64) {
        if !self.gate.watches(step) {
            return;
        }
        watch(&mut self.watched, step);
        for spiked in spiked.iter().filter(|spiked| self.neurons.place(spiked.neuron as usize).is_some()) {
            for _ in 0..spiked.count {
                self.steps.push(step);
                self.ids.push(spiked.neuron);
            }
        }
    }

    /// Bytes of what was recorded.
    pub(super) fn bytes(&self) -> usize {
        12 * self.steps.len() + 16 * self.watched.len()
    }

    /// Forgets what was recorded.
    pub(super) fn clear(&mut self) {
        self.watched.clear();
        self.steps.clear();
        self.ids.clear();
    }
}

/// Notes that a step was watched.
pub(super) fn watch(watched: &mut Vec<Range<u64>>, step: u64) {
    match watched.last_mut() {
        Some(last) if last.end == step => last.end = step + 1,
        _ => watched.push(step..step + 1),
    }
}
