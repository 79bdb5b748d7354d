//! Where drawn rows go: lists of targets, or matrices of weights, one for each block.

use super::values::Values;
use super::{Blocks, Draft, Hit};
use crate::clocked::projection::bits::Bits;
use crate::clocked::projection::inlet::Wires;
use crate::clocked::projection::rows::Rows;
use crate::error::Result;
use crate::neuron::Real;

/// What is stored.
pub(super) enum Store<R> {
    Lists(Vec<Rows<R>>),
    Bits(Vec<Bits>),
    /// All of them `Dense`.
    Matrices(Vec<Wires<R>>),
}

/// Gives weights and delays to the contacts of each row, and stores them.
pub(super) struct Writer<'a, R> {
    draft: &'a Draft<'a>,
    blocks: Blocks,
    /// Whether the rule brings a weight for each pair.
    real: bool,
    store: Store<R>,
    weights: Values<'a>,
    delays: Values<'a>,
    /// The longest delay so far, in steps.
    pub(super) longest: usize,
    weight_row: Vec<f64>,
    delay_row: Vec<f64>,
}

impl<'a, R: Real> Writer<'a, R> {
    pub(super) fn new(draft: &'a Draft<'a>, blocks: Blocks, real: bool, store: Store<R>) -> Self {
        let (spec, streams) = (draft.spec, &draft.streams);
        Self {
            draft,
            blocks,
            real,
            store,
            weights: Values::new(&spec.weight, streams.family(&format!("weight/{}", draft.stream))),
            delays: Values::new(&spec.delay, streams.family(&format!("delay/{}", draft.stream))),
            longest: 0,
            weight_row: Vec::new(),
            delay_row: Vec::new(),
        }
    }

    /// Stores a row; returns its synapses.
    pub(super) fn row(&mut self, pre: usize, hits: &[Hit]) -> Result<u64> {
        let (spec, blocks) = (self.draft.spec, self.blocks);
        let synapses: usize = hits.iter().map(|hit| usize::from(hit.count)).sum();
        let drawn_weights = spec.weight.constant().is_none();
        let drawn_delays = spec.delay.constant().is_none();
        if drawn_weights {
            self.weights.row(
                pre,
                targets(hits),
                &format!("the weights of `{}`", spec.label()),
                &mut self.weight_row,
            )?;
            if let Some(bad) = self.weight_row.iter().find(|weight| !weight.is_finite()) {
                return Err(self.draft.refused(format!("a weight is {bad}"), "weights are finite"));
            }
        }
        if drawn_delays {
            self.delays.row(pre, targets(hits), &format!("the delays of `{}`", spec.label()), &mut self.delay_row)?;
        }
        if let Store::Bits(each) = &mut self.store {
            let mut rest = hits;
            for (block, bits) in each.iter_mut().enumerate() {
                let (post, origin) = (&self.draft.post, block * blocks.block);
                let within = |hit: &Hit| post.neuron(hit.post as usize) < origin + blocks.block;
                let (own, others) = rest.split_at(rest.partition_point(within));
                bits.push(own.iter().map(|hit| (post.neuron(hit.post as usize) - origin, hit.count)));
                rest = others;
            }
            return Ok(synapses as u64);
        }
        let (mut at, mut block) = (0, 0);
        let mut origin = 0;
        for hit in hits {
            let neuron = self.draft.post.neuron(hit.post as usize);
            while neuron >= origin + blocks.block {
                (block, origin) = (block + 1, origin + blocks.block);
            }
            let target = neuron - origin;
            if !self.real && !drawn_weights && !drawn_delays {
                if let Store::Lists(lists) = &mut self.store {
                    lists[block].extend(target as u16, hit.count);
                }
                continue;
            }
            for _ in 0..hit.count {
                let weight = if drawn_weights { self.weight_row[at] } else { 1.0 };
                let weight = if self.real { weight * hit.value } else { weight };
                let steps = if drawn_delays { self.draft.steps(self.delay_row[at])? } else { 0 };
                self.longest = self.longest.max(steps);
                at += 1;
                match &mut self.store {
                    Store::Lists(lists) => {
                        let weight = (self.real || drawn_weights).then_some(R::of(weight));
                        lists[block].push(target as u16, weight, steps as u16);
                    }
                    Store::Bits(_) => {}
                    Store::Matrices(blocks) => {
                        if let Wires::Dense { start, width, weights } = &mut blocks[block] {
                            let sum = &mut weights[pre * *width + target - *start];
                            *sum += R::of(weight);
                        }
                    }
                }
            }
        }
        if let Store::Lists(lists) = &mut self.store
            && !lists.iter_mut().fold(true, |fits, rows| fits & rows.end())
        {
            return Err(self
                .draft
                .refused("more than 2^32 synapses onto 8192 neurons", "make the projection sparser, or split it"));
        }
        Ok(synapses as u64)
    }

    /// Whether weights and delays that were given for each synapse are as many as there are.
    pub(super) fn complete(&self) -> Result<()> {
        let label = self.draft.spec.label();
        self.weights.complete(&format!("the weights of `{label}`"))?;
        self.delays.complete(&format!("the delays of `{label}`"))
    }

    pub(super) fn finish(self) -> Vec<Wires<R>> {
        match self.store {
            Store::Matrices(blocks) => blocks,
            Store::Bits(each) => {
                let each = each.into_iter().map(|mut bits| {
                    bits.shrink();
                    let most = bits.most();
                    Wires::Bits(bits, most)
                });
                each.collect()
            }
            Store::Lists(lists) => {
                let each = lists.into_iter().map(|mut rows| {
                    rows.shrink();
                    Wires::Rows(rows)
                });
                each.collect()
            }
        }
    }
}

/// The target of each synapse of a row: positions in the post end.
pub(in crate::clocked::projection) fn targets(hits: &[Hit]) -> impl ExactSizeIterator<Item = usize> {
    Targets { hits, at: 0, used: 0, left: hits.iter().map(|hit| usize::from(hit.count)).sum() }
}

struct Targets<'a> {
    hits: &'a [Hit],
    at: usize,
    used: u16,
    left: usize,
}

impl Iterator for Targets<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let mut hit = self.hits.get(self.at)?;
        while self.used == hit.count {
            (self.at, self.used) = (self.at + 1, 0);
            hit = self.hits.get(self.at)?;
        }
        self.used += 1;
        self.left -= 1;
        Some(hit.post as usize)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Targets<'_> {}
