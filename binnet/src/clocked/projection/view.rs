//! What a projection consists of, for those who look at it from outside.

use std::sync::Arc;

use super::inlet::{Block, Wires};
use super::rows::BLOCK;
use super::wiring::{Blocked, Link, Wiring};
use crate::clocked::Populations;
use crate::error::{BuildError, Result};
use crate::neuron::Real;
use crate::population::FieldInfo;

/// One synapse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synapse {
    /// Position of the presynaptic neuron in its population.
    pub pre: usize,
    /// Position of the postsynaptic neuron in its population.
    pub post: usize,
    /// In the unit of the target; that of synapses with equations is their `w`, in its unit, and NaN if they have none.
    pub weight: f64,
    /// In steps of the clock.
    pub delay: usize,
}

/// A projection as it was built.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectionInfo {
    /// Its name, or its ends.
    pub name: String,
    /// The connection rule in words.
    pub rule: String,
    /// How many synapses it has; the expected number if they are not stored.
    pub synapses: u64,
    /// Connections of neurons onto themselves that the rule made and that were removed.
    pub autapses_removed: u64,
    /// Bytes of memory of its synapses.
    pub bytes: usize,
    /// The longest delay in steps.
    pub longest_delay: usize,
    /// How synapses are stored, in words.
    pub storage: &'static str,
}

/// How synapses with equations are stored.
const EQUATIONS: &str = "rows of targets, with equations";

impl Wiring {
    /// All projections, in order of declaration.
    pub(in crate::clocked) fn info(&self) -> Vec<ProjectionInfo> {
        self.links.iter().map(|link| self.about(link)).collect()
    }

    /// What arrives where, and the memory that it takes, line by line.
    pub(in crate::clocked) fn describe<P: Populations>(&self, populations: &P) -> Vec<String> {
        let mut lines: Vec<String> = self.backgrounds.iter().map(|background| background.describe.clone()).collect();
        for (number, port) in self.ports.iter().enumerate() {
            let cohort = populations.at(port.population);
            let field = cohort.fields().get(port.field).map_or("", |field| field.name);
            let here = |link: &&Link| {
                let feeds = link.plastic.into_iter().flat_map(|i| self.plastics[i].feeds.iter().flatten());
                link.port == number || feeds.into_iter().any(|feed| feed.0 == number)
            };
            let from: Vec<_> = self.links.iter().filter(here).map(|l| &l.label[..]).collect();
            let (blocks, bytes) = match &port.inlet {
                Blocked::F32(inlet) => (inlet.blocks.len(), inlet.blocks.iter().map(Block::bytes).sum::<usize>()),
                Blocked::F64(inlet) => (inlet.blocks.len(), inlet.blocks.iter().map(Block::bytes).sum()),
            };
            let what = if from.len() > 1 { format!("{} share it", from.join(" and ")) } else { from.concat() };
            lines.push(format!("{}.{field}: {blocks} blocks of targets, {} KB; {what}", cohort.name(), bytes / 1000));
        }
        for watched in &self.watched {
            lines.push(watched.describe(populations.at(watched.population)));
        }
        for link in &self.links {
            lines.extend(link.plastic.map(|i| format!("{}: {}", link.label, self.plastics[i].describe())));
        }
        lines
    }

    fn about(&self, link: &Link) -> ProjectionInfo {
        let plastic = link.plastic.map(|i| (self.plastics[i].bytes(), EQUATIONS));
        let (bytes, storage) = plastic.unwrap_or_else(|| match &self.ports[link.port].inlet {
            Blocked::F32(inlet) => about(inlet.blocks.iter().map(|block| &*block.wires[link.feed])),
            Blocked::F64(inlet) => about(inlet.blocks.iter().map(|block| &*block.wires[link.feed])),
        });
        ProjectionInfo {
            name: link.label.clone(),
            rule: link.describe.clone(),
            synapses: link.about.synapses,
            autapses_removed: link.about.autapses_removed,
            bytes,
            longest_delay: link.about.longest.unwrap_or(link.about.delay),
            storage,
        }
    }

    /// The position of a projection, by name.
    pub(in crate::clocked) fn find(&self, name: &str) -> Result<usize> {
        self.links.iter().position(|link| link.label == name).ok_or_else(|| {
            let known: Vec<_> = self.links.iter().map(|link| link.label.as_str()).collect();
            BuildError::unknown("projection", name, &known).into()
        })
    }

    /// The presynaptic side of a projection (a population, or behind them a source) and its postsynaptic population.
    pub(in crate::clocked) fn ends(&self, link: usize) -> (usize, usize) {
        let link = &self.links[link];
        (link.pre, self.ports[link.port].population)
    }

    /// Overwrites the weights of a projection: one for all, or one a synapse in the order of `synapses`.
    pub(in crate::clocked) fn set_weights(&mut self, link: usize, weights: &[f64], step: u64) -> Result<()> {
        let link = &mut self.links[link];
        if let Some(plastic) = link.plastic {
            return self.plastics[plastic].set_weights(weights, link.about.synapses as usize, step);
        }
        let refuse = |problem: String, help: &str| -> Result<()> {
            let projection = link.label.clone();
            Err(BuildError::Connect { projection, problem, help: help.to_owned() }.into())
        };
        if let Some(bad) = weights.iter().find(|weight| !weight.is_finite()) {
            return refuse(format!("a weight is {bad}"), "weights are finite");
        }
        let port = &mut self.ports[link.port];
        let fits = weights.len() as u64 == link.about.synapses;
        let one = if let [weight] = weights { Some(*weight) } else { None };
        let (rows, feed) = (link.pre_part.len(), link.feed);
        let stored = match &mut port.inlet {
            Blocked::F32(inlet) => set(&mut inlet.blocks, feed, rows, weights, one),
            Blocked::F64(inlet) => set(&mut inlet.blocks, feed, rows, weights, one),
        };
        match (stored, one) {
            _ if one.is_none() && !fits => Err(BuildError::Length {
                what: format!("weights of `{}`", link.label),
                expected: link.about.synapses as usize,
                found: weights.len(),
            }
            .into()),
            (Stored::Each, _) => {
                // Factors are within the weights from now on.
                link.about.weight = 1.0;
                (port.feeds[feed].weight, port.feeds[feed].changed) = (1.0, true);
                Ok(())
            }
            (Stored::None, Some(weight)) => {
                link.about.weight = weight;
                port.feeds[feed].weight = weight;
                Ok(())
            }
            (Stored::None, None) => refuse(
                "its synapses have one weight, which is stored once".to_owned(),
                "give one weight here, or weights that differ when the projection is declared",
            ),
        }
    }

    /// All synapses of a projection, by presynaptic, then by postsynaptic neuron.
    pub(in crate::clocked) fn synapses(&self, link: usize, step: u64) -> Vec<Synapse> {
        let link = &self.links[link];
        let mut synapses = Vec::new();
        if let Some(plastic) = link.plastic {
            self.plastics[plastic].synapses.each(step, &mut |row, post, weight, delay| {
                let (pre, delay) = (link.pre_part.neuron(row), delay.map_or(link.about.delay, usize::from));
                synapses.push(Synapse { pre, post, weight, delay });
            });
            return synapses;
        }
        for pre in 0..link.pre_part.len() {
            match &self.ports[link.port].inlet {
                Blocked::F32(inlet) => {
                    inlet.blocks.iter().for_each(|b| link.row(pre, b.start, &b.wires[link.feed], &mut synapses));
                }
                Blocked::F64(inlet) => {
                    inlet.blocks.iter().for_each(|b| link.row(pre, b.start, &b.wires[link.feed], &mut synapses));
                }
            }
        }
        synapses
    }
}

impl Wiring {
    /// The number of a projection with equations, and what the model of its synapses says of a field.
    pub(in crate::clocked) fn synapse_field(
        &self,
        projection: &str,
        field: &str,
    ) -> Result<(usize, &'static FieldInfo)> {
        let plastic = self.plastic(projection)?;
        Ok((plastic, self.plastics[plastic].synapses.field(field)?))
    }

    /// A field of one synapse of projection number `plastic` at the beginning of a step.
    pub(in crate::clocked) fn synapse_value(&self, plastic: usize, field: &str, synapse: usize, step: u64) -> f64 {
        self.plastics.get(plastic).map_or(f64::NAN, |plastic| plastic.synapses.value(field, synapse, step))
    }

    /// The neurons at both ends of each of its synapses.
    pub(in crate::clocked) fn synapse_ends(&self, plastic: usize) -> Vec<(u32, u32)> {
        let link = self.links.iter().position(|link| link.plastic == Some(plastic));
        let synapses = link.map(|link| self.synapses(link, 0)).unwrap_or_default();
        synapses.into_iter().map(|synapse| (synapse.pre as u32, synapse.post as u32)).collect()
    }

    /// Its postsynaptic population.
    pub(in crate::clocked) fn synapses_end_at(&self, plastic: usize) -> Option<usize> {
        let link = self.links.iter().position(|link| link.plastic == Some(plastic))?;
        Some(self.ends(link).1)
    }

    /// The number of its synapses.
    pub(in crate::clocked) fn synapse_count(&self, plastic: usize) -> usize {
        self.plastics[plastic].synapses.targets().len()
    }

    /// Its synapses onto one postsynaptic neuron.
    pub(in crate::clocked) fn synapses_onto(&self, plastic: usize, neuron: usize) -> Vec<u32> {
        let targets = self.plastics[plastic].synapses.targets();
        (0..).zip(targets).filter(|(_, target)| **target as usize == neuron).map(|(synapse, _)| synapse).collect()
    }

    fn plastic(&self, projection: &str) -> Result<usize> {
        let link = &self.links[self.find(projection)?];
        link.plastic.ok_or_else(|| {
            BuildError::Connect {
                projection: link.label.clone(),
                problem: "its synapses have no equations".to_owned(),
                help: "read their weights by `synapses`".to_owned(),
            }
            .into()
        })
    }

    /// A field of all synapses of a projection at the beginning of a step.
    pub(in crate::clocked) fn synapse_values(&self, projection: &str, field: &str, step: u64) -> Result<Vec<f64>> {
        self.plastics[self.plastic(projection)?].synapses.values(field, step)
    }

    /// Sets a field of all synapses of a projection at the beginning of a step.
    pub(in crate::clocked) fn set_synapse_values(
        &mut self,
        projection: &str,
        field: &str,
        values: &[f64],
        step: u64,
    ) -> Result<()> {
        let plastic = self.plastic(projection)?;
        self.plastics[plastic].synapses.set_values(field, values, step)
    }

    /// Sets a parameter of the synapses of a projection at the beginning of a step.
    pub(in crate::clocked) fn set_synapse_param(
        &mut self,
        projection: &str,
        name: &str,
        value: f64,
        step: u64,
    ) -> Result<()> {
        let plastic = self.plastic(projection)?;
        self.plastics[plastic].synapses.set_param(name, value, step)
    }
}

/// Whether weights are stored.
enum Stored {
    Each,
    None,
}

/// Writes weights over all rows and blocks. Nothing is written if they are not as many as synapses.
fn set<R: Real>(blocks: &mut [Block<R>], feed: usize, rows: usize, weights: &[f64], one: Option<f64>) -> Stored {
    let mut stored = Stored::None;
    let count = |blocks: &[Block<R>]| -> usize { blocks.iter().map(|block| block.wires[feed].synapses(rows)).sum() };
    if one.is_none() && count(blocks) != weights.len() {
        return stored;
    }
    let mut next = weights.iter().map(|weight| R::of(*weight));
    let mut value = |_: &R| one.map_or_else(|| next.next().unwrap_or(R::of(0.0)), R::of);
    for row in 0..rows {
        for block in &mut *blocks {
            // Copies of the network that share them keep their own.
            match Arc::make_mut(&mut block.wires[feed]) {
                Wires::Rows(lists) => {
                    if one.is_some() && !lists.has_weights() {
                        continue;
                    }
                    lists.store_weights(R::of(1.0));
                    lists.weights_mut(row).iter_mut().for_each(|weight| *weight = value(weight));
                    stored = Stored::Each;
                }
                Wires::Dense { width, weights, .. } => {
                    let row = weights.iter_mut().skip(row * *width).take(*width);
                    row.filter(|weight| **weight != R::of(0.0)).for_each(|weight| *weight = value(weight));
                    stored = Stored::Each;
                }
                Wires::All { .. } | Wires::Hits { .. } | Wires::Bits(..) | Wires::Sums { .. } => {}
            }
        }
    }
    stored
}

fn about<'a, R: Real>(wires: impl Iterator<Item = &'a Wires<R>>) -> (usize, &'static str) {
    wires.fold((0, "lists of targets"), |(bytes, _), wires| {
        let storage = match wires {
            Wires::Rows(rows) if rows.has_delays() => "lists of targets, each with weight and delay",
            Wires::Rows(rows) if rows.has_weights() => "lists of targets, each with its weight",
            Wires::Rows(_) => "lists of targets",
            Wires::Bits(..) => "a bit for each pair",
            Wires::Dense { .. } => "a matrix of weights",
            Wires::All { .. } => "all pairs, not stored",
            Wires::Hits { .. } => "drawn again at each spike, not stored",
            Wires::Sums { .. } => EQUATIONS,
        };
        (bytes + wires.bytes(), storage)
    })
}

impl Link {
    /// Appends the synapses of one presynaptic neuron with one block.
    fn row<R: Real>(&self, pre: usize, start: usize, wires: &Wires<R>, synapses: &mut Vec<Synapse>) {
        let (weight, delay) = (self.about.weight, self.about.delay);
        let neuron = self.pre_part.neuron(pre);
        let mut push = |post: usize, weight: f64, delay: usize| {
            synapses.push(Synapse { pre: neuron, post: start + post, weight, delay });
        };
        match wires {
            Wires::Rows(rows) => {
                let weights = rows.weights(pre);
                let delays = rows.delays(pre, delay as u16);
                for (i, (target, delay)) in rows.targets(pre).iter().zip(delays).enumerate() {
                    let own = weights.get(i).map_or(1.0, |own| own.to_f64());
                    push(usize::from(*target), weight * own, usize::from(delay));
                }
            }
            Wires::Bits(bits, _) => {
                for (target, count) in bits.row(pre, BLOCK).into_iter().enumerate() {
                    (0..count).for_each(|_| push(target, weight, delay));
                }
            }
            Wires::Dense { start, width, weights } => {
                for (i, own) in weights.iter().skip(pre * width).take(*width).enumerate() {
                    if own.to_f64() != 0.0 {
                        push(start + i, weight * own.to_f64(), delay);
                    }
                }
            }
            Wires::All { start, width, own } => {
                for i in (0..*width).filter(|i| own.is_none_or(|own| own + i != pre)) {
                    push(start + i, weight, delay);
                }
            }
            // The synapses are elsewhere.
            Wires::Sums { .. } => {}
            Wires::Hits { first, start, width } => {
                let mut due = super::inlet::Due { rows: vec![(pre as u32, 1.0)], ..Default::default() };
                if let Some(again) = &self.again {
                    again.hits(&mut due, &self.pre_part, &self.post_part);
                }
                for (i, hits) in due.hits.iter().skip(*first).take(*width).enumerate() {
                    (0..*hits).for_each(|_| push(start + i, weight, delay));
                }
            }
        }
    }
}
