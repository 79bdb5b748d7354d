//! What snapshots hold of projections: what is under way, weights that were set, and plastic synapses.

use std::sync::Arc;

use super::draw::About;
use super::inlet::{Block, Feed, Wires};
use super::wiring::{Background, Blocked, Inlet, Link, Port, Watched, Wiring};
use crate::neuron::Real;
use crate::snapshot::{Fingerprint, Persist, Reader, SnapshotError, Writer, persist};

persist!([] Wiring {} fixed { histories, ports, links, backgrounds, plastics, watched } built { lag });
persist!([] Watched { past } fixed {} built { population, variable });
persist!([] Link { about, silent } fixed {} built { label, describe, pre, pre_part, post_part, port, feed, again, plastic });
// Nothing is drawn ahead between steps.
persist!([] Background { counts } fixed {} built { port, feed, stream, ahead, spare, describe });
persist!([R: Real] Inlet<R> {} fixed { blocks } built { length });
persist!([R: Real] Block<R> { ring } fixed {} built { start, len, wires, scratch });
persist!([] Feed { weight, changed } fixed {} built { spikes, due });

/// Weights of single synapses are stored if they were set, or if all is to be stored; otherwise they are compared.
impl Persist for Port {
    fn save(&self, out: &mut Writer) {
        let Self { population: _, field: _, held: _, stage: _, inlet, feeds, busy: _ } = self;
        feeds[..].save(out);
        inlet.save(out);
        for (i, feed) in feeds.iter().enumerate() {
            let stored = feed.changed || out.is_whole();
            stored.save(out);
            if stored {
                inlet.save_weights(i, out);
            } else {
                inlet.weights(i).save(out);
            }
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { population: _, field: _, held: _, stage: _, inlet, feeds, busy: _ } = self;
        feeds[..].load(from)?;
        inlet.load(from)?;
        for i in 0..feeds.len() {
            if from.value()? {
                inlet.load_weights(i, from)?;
            } else if inlet.weights(i) != from.value::<u64>()? {
                return Err(from.refused(
                    "has weights as they were drawn, which are not stored; those of this network were set since, or drawn \
                     otherwise"
                        .to_owned(),
                ));
            }
        }
        Ok(())
    }
}

impl Persist for Blocked {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::F32(inlet) => inlet.save(out),
            Self::F64(inlet) => inlet.save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::F32(inlet) => inlet.load(from),
            Self::F64(inlet) => inlet.load(from),
        }
    }
}

impl Blocked {
    fn save_weights(&self, feed: usize, out: &mut Writer) {
        match self {
            Self::F32(inlet) => inlet.blocks.iter().for_each(|block| block.wires[feed].weights().save(out)),
            Self::F64(inlet) => inlet.blocks.iter().for_each(|block| block.wires[feed].weights().save(out)),
        }
    }

    fn load_weights(&mut self, feed: usize, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::F32(inlet) => {
                inlet.blocks.iter_mut().try_for_each(|block| load_weights(&mut block.wires[feed], from))
            }
            Self::F64(inlet) => {
                inlet.blocks.iter_mut().try_for_each(|block| load_weights(&mut block.wires[feed], from))
            }
        }
    }

    /// A hash of the weights of single synapses.
    fn weights(&self, feed: usize) -> u64 {
        let mut all = Fingerprint::default();
        match self {
            Self::F32(inlet) => inlet.blocks.iter().for_each(|block| all.add(block.wires[feed].weights())),
            Self::F64(inlet) => inlet.blocks.iter().for_each(|block| all.add(block.wires[feed].weights())),
        }
        all.finish()
    }

    fn fingerprint(&self, feed: usize, all: &mut Fingerprint) {
        match self {
            Self::F32(inlet) => inlet.blocks.iter().for_each(|block| block.wires[feed].fingerprint(all)),
            Self::F64(inlet) => inlet.blocks.iter().for_each(|block| block.wires[feed].fingerprint(all)),
        }
    }
}

impl<R: Real> Wires<R> {
    /// The weights of single synapses, where they are stored.
    fn weights(&self) -> &[R] {
        match self {
            Self::Rows(rows) => rows.all_weights(),
            Self::Dense { weights, .. } => weights,
            Self::Bits(..) | Self::All { .. } | Self::Hits { .. } | Self::Sums { .. } => &[],
        }
    }

    /// Takes the connections in account.
    fn fingerprint(&self, all: &mut Fingerprint) {
        let mut numbers = |numbers: &[usize]| numbers.iter().for_each(|number| all.number(*number));
        match self {
            Self::Rows(rows) => rows.fingerprint(all),
            Self::Bits(bits, most) => {
                numbers(&[usize::from(*most)]);
                bits.fingerprint(all);
            }
            Self::Dense { start, width, weights } => numbers(&[*start, *width, weights.len()]),
            Self::All { start, width, own } => numbers(&[*start, *width, own.map_or(usize::MAX, |own| own)]),
            Self::Hits { first, start, width } => numbers(&[*first, *start, *width]),
            Self::Sums { first } => numbers(&[*first]),
        }
    }
}

/// Replaces weights. What copies of the network share stays shared if nothing changes.
fn load_weights<R: Real>(wires: &mut Arc<Wires<R>>, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
    let weights: Vec<R> = from.value()?;
    let (new, old): (&[u8], &[u8]) = (bytemuck::cast_slice(&weights), bytemuck::cast_slice(wires.weights()));
    if new == old {
        return Ok(());
    }
    let (found, own) = (weights.len(), wires.weights().len());
    let fits = match Arc::make_mut(wires) {
        Wires::Rows(rows) => rows.replace_weights(weights),
        Wires::Dense { weights: old, .. } if own == found => {
            *old = weights;
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(from.refused(format!("has {found} weights where the network has {own}"))) }
}

impl Wiring {
    /// The projections as the model has them, a line each; `names` are those of populations and sources.
    pub(in crate::clocked) fn structure(&self, names: &[&str]) -> Vec<String> {
        let mut lines: Vec<String> = self.links.iter().map(|link| self.link_structure(link, names)).collect();
        lines.extend(self.backgrounds.iter().map(|background| background.describe.clone()));
        lines
    }

    fn link_structure(&self, link: &Link, names: &[&str]) -> String {
        let Link { label, describe, pre, pre_part, post_part, port, plastic, .. } = link;
        let Port { population, field, stage, .. } = &self.ports[*port];
        let name = |i: usize| names.get(i).copied().unwrap_or_default();
        let (pre_part, post_part) = (pre_part.describe(), post_part.describe());
        let synapses = plastic.map_or_else(String::new, |i| format!(" by {}", self.plastics[i].synapses.model()));
        format!(
            "projection {label}: {} ({pre_part}) onto field {field} of {} ({post_part}), {describe}{synapses}, {stage:?}",
            name(*pre),
            name(*population)
        )
    }

    /// The projections as they were drawn, a line each.
    pub(in crate::clocked) fn built(&self) -> Vec<String> {
        self.links.iter().map(|link| self.link_built(link)).collect()
    }

    fn link_built(&self, link: &Link) -> String {
        let About { weight: _, delay, longest, synapses, autapses_removed: _ } = &link.about;
        let mut all = Fingerprint::default();
        match link.plastic {
            Some(i) => self.plastics[i].synapses.fingerprint(&mut all),
            None => self.ports[link.port].inlet.fingerprint(link.feed, &mut all),
        }
        let (label, longest) = (&link.label, longest.unwrap_or(*delay));
        format!("synapses of {label}: {synapses}, delays up to {longest} steps, connections {:016x}", all.finish())
    }

    /// The lines of one projection, without its name: where else its weights fit.
    pub(in crate::clocked) fn one_structure(&self, link: usize) -> (String, String) {
        let link = &self.links[link];
        let synapses = link.plastic.map_or_else(String::new, |i| format!(" by {}", self.plastics[i].synapses.model()));
        let (pre, post) = (link.pre_part.len(), link.post_part.len());
        let built = self.link_built(link);
        let built = built.split_once(": ").map_or(built.clone(), |(_, built)| built.to_owned());
        (format!("projection of {pre} onto {post} neurons, {}{synapses}", link.describe), built)
    }

    /// Writes the weights of a projection, or all values of its synapses if they have equations.
    pub(in crate::clocked) fn save_link(&self, link: usize, step: u64, out: &mut Writer) {
        let link = &self.links[link];
        if let Some(plastic) = link.plastic {
            return self.plastics[plastic].synapses.save_values(step, out);
        }
        link.about.save(out);
        self.ports[link.port].feeds[link.feed].save(out);
        self.ports[link.port].inlet.save_weights(link.feed, out);
    }

    /// Takes over what [`save_link`](Self::save_link) wrote.
    pub(in crate::clocked) fn load_link(
        &mut self,
        link: usize,
        step: u64,
        from: &mut Reader<'_>,
    ) -> Result<(), SnapshotError> {
        let link = &mut self.links[link];
        if let Some(plastic) = link.plastic {
            return self.plastics[plastic].synapses.load_values(step, from);
        }
        link.about.load(from)?;
        let port = &mut self.ports[link.port];
        port.feeds[link.feed].load(from)?;
        port.feeds[link.feed].changed = true;
        port.inlet.load_weights(link.feed, from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocked::{Cells, Clocked, ClockedOptions, Projection, Source};
    use crate::connect::fixed_prob;
    use crate::neuron::{Neuron, Own, Spikes, StepContext};
    use crate::population::Init;
    use crate::rng::Streams;
    use crate::units::Units as _;

    #[derive(binnet_macros::Population, Clone)]
    struct Sum {
        #[state(0)]
        v: f64,
    }

    impl Neuron for Sum {
        fn step(&mut self, _: &StepContext) -> Spikes {
            Spikes::NONE
        }
    }

    type Net = Clocked<Cells<Sum, Own, 40>>;

    /// How many networks hold the wires of each projection.
    fn holders(net: &Net) -> Vec<usize> {
        let port = &net.wiring().ports[0];
        let Blocked::F64(inlet) = &port.inlet else { return Vec::new() };
        inlet.blocks[0].wires.iter().map(Arc::strong_count).collect()
    }

    #[test]
    fn copies_share_wires_until_weights_differ() {
        let cells = Cells::build("cells", Vec::new(), &Streams::new(1)).unwrap();
        let mut net: Net = Clocked::new("test", 0.1.ms(), ClockedOptions::seeded(1), cells).unwrap();
        net.add_source(Source::poisson("noise", 40, 50.0)).unwrap();
        let wire = |name: &str| Projection::new("noise", "cells", fixed_prob(0.5)).onto("v").named(name);
        net.connect(wire("each").weight(Init::Uniform(0.0, 1.0))).unwrap();
        net.connect(wire("one").weight(1.0)).unwrap();
        let mut copy = net.clone();
        let fork = net.fork(2);
        assert_eq!(holders(&net), [3, 3]);
        net.restore(&copy.snapshot()).unwrap();
        assert_eq!(holders(&net), [3, 3], "weights that are equal are not replaced");
        copy.set_weights("each", &[2.0]).unwrap();
        assert_eq!((holders(&net), holders(&copy), holders(&fork)), (vec![2, 3], vec![1, 3], vec![2, 3]));
        net.restore(&copy.snapshot()).unwrap();
        assert_eq!((holders(&net), holders(&fork)), (vec![1, 3], vec![1, 3]));
        let whole = fork.fork(1).snapshot();
        copy.restore(&whole).unwrap();
        assert!(copy.snapshot() == whole);
    }
}
