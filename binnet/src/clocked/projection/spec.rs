//! A projection before it is built: what connects to what, by which rule, with which weights and delays.

use core::fmt;
use core::ops::Range;
use std::sync::Arc;

use super::plastic::SynapseSpec;
use crate::connect::{Pairs, Rule, WeightMatrix};
use crate::population::Init;
use crate::units::Time;

/// One end of a projection: a population or source, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub(super) name: String,
    pub(super) part: Part,
}

/// Which neurons of a population.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    All,
    Neurons(Range<usize>),
    /// Rows and columns of a population with two dimensions.
    Patch(Range<usize>, Range<usize>),
}

impl End {
    /// A whole population or source.
    pub fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), part: Part::All }
    }

    /// Only these neurons: `exc[0..50]`. Rules see them as a population of their own.
    #[must_use]
    pub fn neurons(mut self, neurons: Range<usize>) -> Self {
        self.part = Part::Neurons(neurons);
        self
    }

    /// Only these rows and columns of a population with two dimensions: `grid[..5, ..5]`.
    #[must_use]
    pub fn patch(mut self, rows: Range<usize>, columns: Range<usize>) -> Self {
        self.part = Part::Patch(rows, columns);
        self
    }
}

impl End {
    /// It in words, as the name of its random streams.
    pub(super) fn text(&self) -> String {
        match &self.part {
            Part::All => self.name.clone(),
            Part::Neurons(range) => format!("{}[{}..{}]", self.name, range.start, range.end),
            Part::Patch(rows, columns) => {
                format!("{}[{}..{}, {}..{}]", self.name, rows.start, rows.end, columns.start, columns.end)
            }
        }
    }
}

impl From<&str> for End {
    fn from(name: &str) -> Self {
        Self::of(name)
    }
}
impl From<String> for End {
    fn from(name: String) -> Self {
        Self::of(name)
    }
}

/// Values for the synapses of a projection: weights in the unit of the target, or delays in ms.
#[derive(Clone)]
pub enum PerSynapse {
    /// From an initialiser: one value for all (which is not stored), a distribution, or one value for each
    /// synapse in order of presynaptic neuron, then of postsynaptic neuron.
    Init(Init),
    /// Computed from the positions of the two neurons, within the ends of the projection.
    Pairs(Arc<dyn Fn(usize, usize) -> f64 + Send + Sync>),
}

impl PerSynapse {
    /// Computed from the positions of the presynaptic and the postsynaptic neuron, within the ends of the
    /// projection.
    pub fn by_pair(f: impl Fn(usize, usize) -> f64 + Send + Sync + 'static) -> Self {
        Self::Pairs(Arc::new(f))
    }

    /// The one value of all synapses.
    pub(super) fn constant(&self) -> Option<f64> {
        if let Self::Init(Init::Value(value)) = self { Some(*value) } else { None }
    }
}

impl fmt::Debug for PerSynapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Init(init) => init.fmt(f),
            Self::Pairs(_) => f.write_str("by pair"),
        }
    }
}

impl From<f64> for PerSynapse {
    fn from(value: f64) -> Self {
        Self::Init(Init::Value(value))
    }
}
impl From<Init> for PerSynapse {
    fn from(init: Init) -> Self {
        Self::Init(init)
    }
}
impl From<Vec<f64>> for PerSynapse {
    fn from(values: Vec<f64>) -> Self {
        Self::Init(Init::Each(values))
    }
}
impl From<Time> for PerSynapse {
    fn from(time: Time) -> Self {
        time.ms().into()
    }
}
impl From<WeightMatrix> for PerSynapse {
    /// A matrix `[pre][post]`; what it does not hold is 0.
    fn from(matrix: WeightMatrix) -> Self {
        Self::by_pair(matrix.into_lookup())
    }
}
impl From<ndarray::Array2<f64>> for PerSynapse {
    /// A matrix `[pre][post]`; positions beyond it have 0.
    fn from(matrix: ndarray::Array2<f64>) -> Self {
        Self::by_pair(move |pre, post| matrix.get((pre, post)).copied().unwrap_or(0.0))
    }
}

/// A projection for [`Clocked::connect`](crate::clocked::Clocked::connect).
///
/// ```
/// use binnet::clocked::{End, Projection};
/// use binnet::connect::fixed_prob;
/// use binnet::prelude::*;
/// let excitation = Projection::new("exc", "inh", fixed_prob(0.02)).onto("g_exc").weight(6.0).delay(0.1.ms());
/// let drive = Projection::new(End::of("noise").neurons(0..50), "exc", fixed_prob(1.0)).onto("v");
/// ```
#[derive(Clone)]
pub struct Projection {
    pub(super) name: Option<String>,
    pub(super) pre: End,
    pub(super) post: End,
    pub(super) rule: Arc<dyn Rule>,
    pub(super) target: Option<String>,
    pub(super) weight: PerSynapse,
    /// Whether the weight was given.
    pub(super) weighted: bool,
    pub(super) delay: PerSynapse,
    pub(super) autapses: bool,
    pub(super) procedural: bool,
    pub(super) pairs: Pairs,
    pub(super) clusters: usize,
    /// Equations of the synapses.
    pub(super) synapses: Option<SynapseSpec>,
}

impl Projection {
    /// A projection between two populations (or from a source), or parts of them.
    ///
    /// Without more, it adds 1 to the only input of the target for each spike, in the step of the spike.
    pub fn new(pre: impl Into<End>, post: impl Into<End>, rule: impl Rule + 'static) -> Self {
        Self::from_rule(pre, post, Arc::new(rule))
    }

    /// As [`new`](Self::new), with a rule that several projections share.
    pub fn from_rule(pre: impl Into<End>, post: impl Into<End>, rule: Arc<dyn Rule>) -> Self {
        Self {
            name: None,
            pre: pre.into(),
            post: post.into(),
            rule,
            target: None,
            weight: 1.0.into(),
            weighted: false,
            delay: 0.0.into(),
            autapses: false,
            procedural: false,
            pairs: Pairs::All,
            clusters: 1,
            synapses: None,
        }
    }

    /// A name, by which views and weights are found; by default `pre -> post`. Connections, weights and delays
    /// draw from streams of this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The input or state that spikes add to.
    #[must_use]
    pub fn onto(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// The weights, in the unit of the target. Those of synapses with equations are the values of their `w`, in its
    /// unit.
    #[must_use]
    pub fn weight(mut self, weight: impl Into<PerSynapse>) -> Self {
        (self.weight, self.weighted) = (weight.into(), true);
        self
    }

    /// Gives the synapses equations of their own: plasticity, or coupling in each step.
    ///
    /// A presynaptic spike of step k acts, and delivers, at the end of step k + delay; a postsynaptic spike at the
    /// end of its own step. Within a step, presynaptic spikes come first. What synapses read of their neurons then is
    /// the value after the threshold test, before arrivals and resets; what acts in each step reads the values at its
    /// beginning, and delivers onto an input.
    ///
    /// Delays may differ from synapse to synapse. What follows from presynaptic spikes alone is then kept once for each
    /// presynaptic neuron and delay.
    #[must_use]
    pub fn with_synapses(mut self, synapses: SynapseSpec) -> Self {
        self.synapses = Some(synapses);
        self
    }

    /// The delays; values and distributions in ms. They are rounded to the clock: floor(delay / dt + 1/2) steps.
    #[must_use]
    pub fn delay(mut self, delay: impl Into<PerSynapse>) -> Self {
        self.delay = delay.into();
        self
    }

    /// Keeps connections of a neuron onto itself, which are removed otherwise. Matrices and lists of edges keep them
    /// always.
    #[must_use]
    pub fn autapses(mut self, keep: bool) -> Self {
        self.autapses = keep;
        self
    }

    /// Stores no connections: the targets of a neuron are drawn again at each of its spikes, always the same.
    #[must_use]
    pub fn procedural(mut self, yes: bool) -> Self {
        self.procedural = yes;
        self
    }

    /// Connects only neurons of the same cluster, or only of different ones; both ends are split into
    /// `clusters` equal parts.
    #[must_use]
    pub fn pairs(mut self, pairs: Pairs, clusters: usize) -> Self {
        (self.pairs, self.clusters) = (pairs, clusters);
        self
    }

    /// The weight, if one was given.
    pub(super) fn given_weight(&self) -> Option<&PerSynapse> {
        self.weighted.then_some(&self.weight)
    }

    /// Its name, or its ends.
    pub(super) fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{} -> {}", self.pre.text(), self.post.text()))
    }
}

impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label(), self.rule.describe())
    }
}
