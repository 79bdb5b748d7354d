//! Projections at the start again: what is under way is forgotten, weights and states are put back.

use super::inlet::{Due, Feed};
use super::plastic::WEIGHT;
use super::wiring::{Blocked, Inlet, Wiring};
use crate::error::Result;
use crate::neuron::Real;
use crate::rng::Streams;
use crate::synapse::Kept;

impl Wiring {
    /// Whether synapses have equations, and so states.
    pub(in crate::clocked) fn has_equations(&self) -> bool {
        !self.plastics.is_empty()
    }

    /// Whether a field of the synapses of a projection is a local, other than their weight.
    pub(in crate::clocked) fn is_local(&self, projection: &str, field: &str) -> bool {
        let link = self.links.iter().find(|link| link.label == projection);
        let plastic = link.and_then(|link| link.plastic);
        plastic.is_some_and(|i| self.plastics[i].synapses.is_local(field))
    }

    /// Forgets what is under way, and lets random numbers begin anew.
    pub(in crate::clocked) fn restart(&mut self, streams: &Streams) {
        self.histories.iter_mut().for_each(super::history::History::clear);
        self.links.iter_mut().for_each(|link| link.silent = true);
        self.watched.iter_mut().for_each(|watched| watched.past.clear());
        for port in &mut self.ports {
            port.busy = false;
            port.feeds.iter_mut().for_each(|feed| feed.due = Due::default());
            match &mut port.inlet {
                Blocked::F32(inlet) => inlet.blocks.iter_mut().for_each(|block| block.ring.clear()),
                Blocked::F64(inlet) => inlet.blocks.iter_mut().for_each(|block| block.ring.clear()),
            }
        }
        for background in &mut self.backgrounds {
            background.counts.restart(&mut streams.named(&background.stream));
            background.ahead = None;
        }
    }

    /// Goes on with the random numbers of inputs as another wiring of the same inputs left them.
    pub(in crate::clocked) fn continue_inputs(&mut self, old: &Self) {
        for (own, old) in self.backgrounds.iter_mut().zip(&old.backgrounds) {
            own.counts = old.counts.clone();
        }
    }

    /// Takes the synapses with equations, but not their weights, from a wiring that was just made from the same projections.
    /// `now` is the step up to which the present weights count.
    pub(in crate::clocked) fn take_states(&mut self, mut fresh: Self, now: u64, first: u64) -> Result<()> {
        for (own, fresh) in self.plastics.iter().zip(&mut fresh.plastics) {
            if has_weights(&fresh.synapses.kept()) {
                fresh.synapses.set_values(WEIGHT, &own.synapses.values(WEIGHT, now)?, first)?;
            }
        }
        self.plastics = fresh.plastics;
        Ok(())
    }

    /// Takes the weights from a wiring that was just made from the same projections.
    pub(in crate::clocked) fn take_weights(&mut self, fresh: Self, now: u64) -> Result<()> {
        for (own, fresh) in self.plastics.iter_mut().zip(&fresh.plastics) {
            if has_weights(&fresh.synapses.kept()) {
                own.synapses.set_values(WEIGHT, &fresh.synapses.values(WEIGHT, now)?, now)?;
            }
        }
        for (own, fresh) in self.ports.iter_mut().zip(fresh.ports) {
            take_factors(&mut own.feeds, &fresh.feeds);
            match (&mut own.inlet, fresh.inlet) {
                (Blocked::F32(own), Blocked::F32(fresh)) => own.take_wires(fresh),
                (Blocked::F64(own), Blocked::F64(fresh)) => own.take_wires(fresh),
                // A field keeps its precision.
                _ => {}
            }
        }
        for (own, fresh) in self.links.iter_mut().zip(fresh.links) {
            own.about = fresh.about;
        }
        Ok(())
    }
}

/// Whether each synapse has a weight of its own.
fn has_weights(kept: &[(&'static str, Kept)]) -> bool {
    kept.contains(&(WEIGHT, Kept::Synapse))
}

fn take_factors(own: &mut [Feed], fresh: &[Feed]) {
    own.iter_mut().zip(fresh).for_each(|(own, fresh)| (own.weight, own.changed) = (fresh.weight, fresh.changed));
}

impl<R: Real> Inlet<R> {
    /// What is under way stays.
    fn take_wires(&mut self, fresh: Self) {
        self.blocks.iter_mut().zip(fresh.blocks).for_each(|(own, fresh)| own.wires = fresh.wires);
    }
}
