//! Drawing the synapses of a projection: contacts by the rule, then weights and delays.

pub(super) mod values;
pub(super) mod writer;

use super::bits::{Bits, DENSE};
use super::inlet::Wires;
use super::plastic::SynapseSpec;
use super::positions::Positions;
use super::rows::Rows;
use super::spec::Projection;
use crate::connect::{Contacts, KindWeights, Law, Listed, Refusal, Shape};
use crate::error::{BuildError, Result};
use crate::neuron::Real;
use crate::rng::{Family, Streams};
use crate::snapshot::persist;
use writer::{Store, Writer};

/// Where the targets of a projection lie: blocks of so many neurons each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    pub(super) neurons: usize,
    pub(super) block: usize,
}

impl Blocks {
    pub(super) fn count(&self) -> usize {
        self.neurons.div_ceil(self.block)
    }

    pub(super) fn len(&self, block: usize) -> usize {
        self.block.min(self.neurons - block * self.block)
    }
}

/// What was about.
#[derive(Debug)]
pub(super) struct Drawn<R> {
    /// The wires onto each block.
    pub(super) wires: Vec<Wires<R>>,
    pub(super) about: About,
}

/// What the blocks of a projection have in common.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// The weight of all synapses, where none are stored; a factor otherwise.
    pub(super) weight: f64,
    /// The delay of all synapses in steps, if none are stored.
    pub(super) delay: usize,
    /// The longest delay in steps, if they are stored.
    pub(super) longest: Option<usize>,
    pub(super) synapses: u64,
    pub(super) autapses_removed: u64,
}

persist!([] About { weight } fixed {} built { delay, longest, synapses, autapses_removed });

/// The projection as it is drawn: ends, shape, length of a step.
pub(super) struct Draft<'a> {
    pub(super) spec: &'a Projection,
    pub(super) pre: Positions,
    pub(super) post: Positions,
    pub(super) shape: Shape,
    /// Whether both ends are of the same population.
    pub(super) same: bool,
    /// Whether it transmits spikes, in whole numbers.
    pub(super) spikes: bool,
    pub(super) dt: f64,
    pub(super) streams: Streams,
    /// The name of the projection, by which it is found.
    pub(super) label: String,
    /// The name of its random streams.
    pub(super) stream: String,
}

/// The longest delay that is stored.
const LONGEST: usize = u16::MAX as usize;

impl Draft<'_> {
    /// Whether connections of neurons onto themselves are removed.
    pub(super) fn removes_own(&self) -> bool {
        self.same && !self.spec.autapses && !self.spec.rule.is_given()
    }

    /// The streams of its contacts, one for each presynaptic neuron.
    pub(super) fn contacts(&self) -> Family {
        self.streams.family(&format!("connect/{}", self.stream))
    }

    /// An error of this projection.
    pub(super) fn refused(&self, problem: impl Into<String>, help: impl Into<String>) -> crate::Error {
        let projection = self.spec.label();
        BuildError::Connect { projection, problem: problem.into(), help: help.into() }.into()
    }

    fn refusal(&self, refusal: Refusal) -> crate::Error {
        self.refused(refusal.problem, refusal.help)
    }

    /// A delay in steps.
    pub(super) fn steps(&self, ms: f64) -> Result<usize> {
        let steps = (ms / self.dt + 0.5).floor();
        if ms < 0.0 || ms.is_nan() {
            let help = "a delay is 0 ms or above; a distribution can end there: `normal(2 ms, 0.5 ms, min: 0.1 ms)`";
            return Err(self.refused(format!("a delay is {ms} ms"), help));
        }
        if steps > LONGEST as f64 {
            return Err(self.refused(
                format!("a delay is {ms} ms, more than {LONGEST} steps"),
                "shorten it, or lengthen the clock",
            ));
        }
        Ok(steps as usize)
    }

    /// Refuses ends that the rule does not fit. Returns the weight that it gives to all its contacts, as
    /// [`own_weight`](Self::own_weight).
    pub(super) fn checked(&self) -> Result<Option<f64>> {
        self.spec.rule.check(&self.shape).map_err(|refusal| self.refusal(refusal))?;
        Ok(self.own_weight(&self.spec.rule.multiplicity(&self.shape).law))
    }

    /// Draws all synapses onto the blocks of a population.
    pub(super) fn draw<R: Real>(&self, blocks: Blocks) -> Result<Drawn<R>> {
        let Self { spec, shape, .. } = self;
        let kind = self.checked()?;
        let multiplicity = spec.rule.multiplicity(shape);
        let (weight, delay) = (spec.weight.constant(), spec.delay.constant());
        let factor = kind.unwrap_or(1.0) * weight.unwrap_or(1.0);
        if !factor.is_finite() {
            return Err(self.refused(format!("the weight is {factor}"), "weights are finite"));
        }
        let constant = delay.map(|ms| self.steps(ms)).transpose()?;
        let wires;
        let mut about =
            About { weight: factor, delay: constant.unwrap_or(0), longest: None, synapses: 0, autapses_removed: 0 };
        let alike = kind.is_some() && weight.is_some() && constant.is_some();
        let line = self.post.is_line();
        if spec.procedural {
            if !(alike && line && spec.rule.procedural()) {
                return Err(self.refused(
                    "connections that are not stored need a rule that draws each neuron apart, one weight, one delay",
                    "leave `procedural: true` out",
                ));
            }
            about.synapses = (multiplicity.mean * shape.pairs_connected() as f64) as u64;
            wires = self.spans(blocks, |first, start, width| Wires::Hits { first, start, width });
            return Ok(Drawn { wires, about });
        }
        let every = multiplicity.mean == 1.0 && multiplicity.law == Law::AtMost(1) && shape.pairs_connected() > 0;
        if alike && line && every && shape.targets(0).len() == shape.n_post {
            let own = self.removes_own();
            about.synapses = shape.n_pre as u64 * shape.n_post as u64;
            if own {
                about.autapses_removed = (0..self.pre.len())
                    .filter(|pre| self.post.position(self.pre.neuron(*pre)).is_some())
                    .count() as u64;
                about.synapses -= about.autapses_removed;
            }
            if !own || self.pre == self.post {
                wires =
                    self.spans(blocks, |first, start, width| Wires::All { start, width, own: own.then_some(first) });
                return Ok(Drawn { wires, about });
            }
            (about.synapses, about.autapses_removed) = (0, 0);
        }
        let dense = constant.is_some() && !alike && line && multiplicity.mean >= 0.5 && self.once(&multiplicity.law);
        let expected = multiplicity.mean * shape.pairs_connected() as f64;
        let bits = alike && self.spikes && multiplicity.mean >= DENSE;
        let store = if dense {
            self.matrices(blocks)
        } else if bits {
            Store::Bits((0..blocks.count()).map(|block| Bits::new(blocks.len(block), shape.n_pre)).collect())
        } else {
            self.lists(blocks, expected, kind.is_none() || weight.is_none(), constant.is_none())
        };
        let mut writer = Writer::new(self, blocks, kind.is_none(), store);
        self.rows(kind.is_none(), &mut about, &mut |pre, hits| writer.row(pre, hits))?;
        writer.complete()?;
        about.longest = constant.is_none().then_some(writer.longest);
        wires = writer.finish();
        Ok(Drawn { wires, about })
    }

    /// Bytes that the synapses will take, about; `real` are those of a weight.
    pub(super) fn expected_bytes(&self, blocks: Blocks, real: u64) -> Result<u64> {
        let Self { spec, shape, .. } = self;
        let own = self.checked()?;
        if spec.procedural {
            return Ok(0);
        }
        let multiplicity = spec.rule.multiplicity(shape);
        let weights = own.is_none() || spec.weight.constant().is_none();
        let equations = spec.synapses.as_ref().map_or(0, SynapseSpec::bytes_each);
        let each = equations + 2 + if weights { real } else { 0 } + u64::from(spec.delay.constant().is_none());
        let synapses = multiplicity.mean * shape.pairs_connected() as f64;
        Ok((synapses * each as f64) as u64 + 4 * shape.n_pre as u64 * blocks.count() as u64)
    }

    /// The weight that the rule gives to all its contacts; none if each pair has its own.
    fn own_weight(&self, law: &Law) -> Option<f64> {
        // A matrix of small multiples would be many synapses instead of few weights.
        let most = if matches!(law, Law::AtMost(m) if *m > 2) { 0 } else { 1 };
        match self.spec.rule.weights(most) {
            KindWeights::Kinds(kinds) if kinds.len() == 1 => Some(kinds[0]),
            KindWeights::Kinds(kinds) if kinds.is_empty() => Some(1.0),
            _ => None,
        }
    }

    /// Empty lists of targets with room for what is expected.
    fn lists<R: Real>(&self, blocks: Blocks, expected: f64, weights: bool, delays: bool) -> Store<R> {
        let make = |block: usize| {
            let mean = expected * blocks.len(block) as f64 / blocks.neurons as f64;
            let room = (mean + 6.0 * mean.sqrt()) as usize + 1;
            Rows::new(self.shape.n_pre, room, weights, delays)
        };
        Store::Lists((0..blocks.count()).map(make).collect())
    }

    /// Matrices of 0.
    fn matrices<R: Real>(&self, blocks: Blocks) -> Store<R> {
        let n_pre = self.shape.n_pre;
        Store::Matrices(self.spans(blocks, |_, start, width| Wires::Dense {
            start,
            width,
            weights: vec![R::of(0.0); width * n_pre],
        }))
    }

    fn once(&self, law: &Law) -> bool {
        *law == Law::AtMost(1) || self.spec.rule.weights(0) == KindWeights::Real
    }

    /// Wires for the stretch of targets that lies in each block: `make(first, start, width)` with the position in
    /// the post end and in the block.
    fn spans<R>(&self, blocks: Blocks, make: impl Fn(usize, usize, usize) -> Wires<R>) -> Vec<Wires<R>> {
        let (low, high) = (self.post.neuron(0), self.post.neuron(0) + self.post.len());
        let span = |block: usize| {
            let start = block * blocks.block;
            let (from, to) = (low.max(start), high.min(start + blocks.len(block)));
            if from >= to { make(0, 0, 0) } else { make(from - low, from - start, to - from) }
        };
        (0..blocks.count()).map(span).collect()
    }

    /// Draws row by row, and hands each row over: the presynaptic neuron and its targets, both counted within the
    /// ends. `row` returns how many synapses these are. With `real`, the rule brings a weight for each pair.
    pub(super) fn rows(
        &self,
        real: bool,
        about: &mut About,
        row: &mut dyn FnMut(usize, &[Hit]) -> Result<u64>,
    ) -> Result<()> {
        let Self { spec, shape, .. } = self;
        let mut sampler = spec.rule.sampler(shape, self.contacts()).map_err(|refusal| self.refusal(refusal))?;
        let (mut counts, mut values) =
            if real { (Vec::new(), vec![0.0; shape.n_post]) } else { (vec![0_u16; shape.n_post], Vec::new()) };
        let mut hits: Vec<Hit> = Vec::new();
        let mut listed = Listed::new(counts.len());
        for pre in 0..shape.n_pre {
            let own = if self.removes_own() { self.post.position(self.pre.neuron(pre)) } else { None };
            hits.clear();
            if real {
                values.fill(0.0);
                sampler.column(pre, &mut Contacts::new(&mut [], &[], shape.n_post, &mut values));
                let each = values.iter().enumerate().filter(|(_, value)| **value != 0.0);
                hits.extend(each.map(|(post, value)| Hit { post: post as u32, count: 1, value: *value }));
            } else {
                let mut lane = Contacts::new(&mut counts, &[0], shape.n_post, &mut []);
                sampler.column(pre, &mut lane);
                if lane.overflowed() {
                    let help = "lower the number of contacts, raise the weight";
                    return Err(self.refused("a pair has more than 65535 contacts", help));
                }
                listed.drain(&mut counts, |post, count| hits.push(Hit { post, count, value: 1.0 }));
            }
            if let Some(own) = own
                && let Ok(at) = hits.binary_search_by_key(&(own as u32), |hit| hit.post)
            {
                about.autapses_removed += u64::from(hits.remove(at).count);
            }
            about.synapses += row(pre, &hits)?;
        }
        Ok(())
    }
}

/// A target of a row: how often it is contacted, or with which weight of the rule.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    /// Position in the post end.
    pub(super) post: u32,
    pub(super) count: u16,
    pub(super) value: f64,
}
