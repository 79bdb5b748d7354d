//! What synapses with equations do in a step.

use super::store::{Ends, Synapses};
use crate::clocked::projection::history::History;
use crate::clocked::projection::positions::Positions;
use crate::clocked::projection::wiring::{Stage, Watched};
use crate::clocked::{Populations, Step};
use crate::error::Result;
use crate::simd::Kernels;
use crate::snapshot::persist;
use crate::synapse::Kept;

/// A port, and the position of a projection among those that arrive there.
pub(in crate::clocked::projection) type Feed = (usize, usize);

/// A projection whose synapses have equations. It is one task: all that happens in it happens in one order.
pub(in crate::clocked::projection) struct Plastic {
    pub(in crate::clocked::projection) pre: usize,
    pub(in crate::clocked::projection) pre_part: Positions,
    pub(in crate::clocked::projection) population: usize,
    /// Steps from a spike to its arrival, where all synapses agree.
    pub(in crate::clocked::projection) delay: usize,
    /// Where it delivers in each step, and where for spikes.
    pub(in crate::clocked::projection) feeds: [Option<Feed>; 2],
    pub(in crate::clocked::projection) synapses: Box<dyn Synapses>,
    /// What each neuron of the postsynaptic population gets.
    pub(in crate::clocked::projection) sums: Vec<f64>,
    /// Whether any gets something.
    pub(in crate::clocked::projection) arrived: bool,
    /// The rows that something arrives from, with the number of spikes.
    due: Vec<(u32, u32)>,
}

impl Plastic {
    pub(in crate::clocked::projection) fn new(
        pre: usize,
        pre_part: Positions,
        population: usize,
        delay: usize,
        feeds: [Option<Feed>; 2],
        synapses: Box<dyn Synapses>,
    ) -> Self {
        let (sums, due) = (Vec::new(), Vec::new());
        Self { pre, pre_part, population, delay, feeds, synapses, sums, arrived: false, due }
    }

    /// Where it delivers at a stage.
    pub(in crate::clocked::projection) fn feed(&self, stage: Stage) -> Option<Feed> {
        let [before, after] = self.feeds;
        match stage {
            Stage::Before => before,
            Stage::Given => None,
            Stage::After => after,
        }
    }

    /// Does what is to be done at a stage of a step.
    pub(in crate::clocked::projection) fn work<P: Populations>(
        &mut self,
        stage: Stage,
        histories: &[History],
        watched: &[Watched],
        populations: &P,
        step: &Step,
        kernels: Kernels,
    ) {
        self.arrived = false;
        let Self { pre, pre_part, population, delay, synapses, sums, arrived, due, .. } = self;
        let [before, after] = synapses.each_step();
        let post = populations.at(*population);
        let source = *pre >= populations.count();
        let from = if source { None } else { Some(populations.at(*pre)) };
        let numbers = [*pre, *population];
        let ends = Ends { pre: from, pre_part, post, numbers, watched, step: *step, kernels };
        match stage {
            Stage::Before if before => {
                clear(sums, post.size());
                synapses.begin(&ends, sums);
                *arrived = true;
            }
            Stage::Before | Stage::Given => {}
            Stage::After => {
                due.clear();
                let spikes = |delay: usize| {
                    let spikes = histories[*pre].at(step.number, delay).iter();
                    spikes.filter_map(|(neuron, count)| Some((pre_part.position(*neuron as usize)?, *count)))
                };
                match synapses.branches() {
                    None => due.extend(spikes(*delay).map(|(neuron, count)| (neuron as u32, count))),
                    Some(branches) => {
                        for &delay in branches.all_delays() {
                            let of = |(neuron, count)| Some((branches.of(neuron, delay)?, count));
                            due.extend(spikes(delay.into()).filter_map(of));
                        }
                    }
                }
                let hits = if synapses.hears_post() { histories[*population].at(step.number, 0) } else { &[] };
                if after || !due.is_empty() || !hits.is_empty() {
                    clear(sums, post.size());
                    *arrived = synapses.spikes(&ends, due, hits, sums);
                }
            }
        }
    }

    /// Where states are kept, in words.
    pub(in crate::clocked::projection) fn describe(&self) -> String {
        let kept = self.synapses.kept();
        let before = match self.synapses.branches() {
            Some(_) => "once for each presynaptic neuron and delay",
            None => "once for each presynaptic neuron",
        };
        let places = [
            (Kept::Shared, "once for all"),
            (Kept::Pre, before),
            (Kept::Post, "once for each postsynaptic neuron"),
            (Kept::Synapse, "for each synapse"),
        ];
        let parts = places.iter().filter_map(|(place, words)| {
            let names: Vec<_> = kept.iter().filter(|(_, at)| at == place).map(|(name, _)| *name).collect();
            (!names.is_empty()).then(|| format!("{} {words}", names.join(", ")))
        });
        let parts: Vec<_> = parts.collect();
        format!("{} keeps {}", self.synapses.model(), parts.join("; "))
    }

    pub(in crate::clocked::projection) fn bytes(&self) -> usize {
        self.synapses.bytes() + size_of_val(&self.sums[..])
    }

    /// Sets `w` of all synapses: one value, or one for each.
    pub(in crate::clocked::projection) fn set_weights(&mut self, weights: &[f64], n: usize, step: u64) -> Result<()> {
        match weights {
            [one] => self.synapses.set_values(super::draw::WEIGHT, &vec![*one; n], step),
            each => self.synapses.set_values(super::draw::WEIGHT, each, step),
        }
    }
}

fn clear(sums: &mut Vec<f64>, n: usize) {
    sums.clear();
    sums.resize(n, 0.0);
}

impl Clone for Plastic {
    fn clone(&self) -> Self {
        let Self { pre, pre_part, population, delay, feeds, synapses, sums, arrived, due } = self;
        Self {
            pre: *pre,
            pre_part: *pre_part,
            population: *population,
            delay: *delay,
            feeds: *feeds,
            synapses: synapses.copy(),
            sums: sums.clone(),
            arrived: *arrived,
            due: due.clone(),
        }
    }
}

persist!([] Plastic { synapses } fixed {} built { pre, pre_part, population, delay, feeds, sums, arrived, due });
