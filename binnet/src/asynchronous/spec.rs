//! What an asynchronous network is made of, before it is built.

use std::fmt;
use std::sync::Arc;

use crate::connect::{Pairs, Rule};
use crate::population::Init;

/// A population as the engine sees it: name, size, clusters, time constant, first states, drive.
#[derive(Clone, Debug)]
pub struct PopulationSpec {
    pub(crate) name: String,
    pub(crate) size: usize,
    pub(crate) clusters: usize,
    pub(crate) tau: f64,
    pub(crate) init: Init,
    pub(crate) drives: Vec<Drive>,
}

impl PopulationSpec {
    /// A population of `size` neurons, updated once in 10 ms on average, each active with
    /// probability 0.2 at the start (the defaults of the Python package).
    pub fn new(name: impl Into<String>, size: usize) -> Self {
        Self { name: name.into(), size, clusters: 1, tau: 10.0, init: Init::Bernoulli(0.2), drives: Vec::new() }
    }

    /// Splits it into equal clusters of consecutive neurons.
    #[must_use]
    pub fn clusters(mut self, clusters: usize) -> Self {
        self.clusters = clusters;
        self
    }

    /// The mean update interval of a neuron, in ms.
    #[must_use]
    pub fn tau(mut self, ms: f64) -> Self {
        self.tau = ms;
        self
    }

    /// The states at the start.
    #[must_use]
    pub fn init(mut self, init: Init) -> Self {
        self.init = init;
        self
    }

    /// Adds a background drive to the field of every neuron.
    #[must_use]
    pub fn drive(mut self, drive: Drive) -> Self {
        self.drives.push(drive);
        self
    }
}

/// A background drive: `weight` times the value of a source, added to the field.
#[derive(Clone, Debug)]
pub struct Drive {
    pub(crate) weight: f64,
    pub(crate) source: Source,
}

impl Drive {
    /// `weight` times the value of `source`.
    #[must_use]
    pub fn new(weight: f64, source: Source) -> Self {
        Self { weight, source }
    }
}

/// A source of background drive.
#[derive(Clone)]
#[non_exhaustive]
pub enum Source {
    /// A constant; folded into the threshold, so it costs nothing.
    Constant(f64),
    /// 1 with this probability, else 0; drawn anew at each update.
    Bernoulli(f64),
    /// Poisson counts of this mean; drawn anew at each update.
    Poisson(f64),
    /// Normal values of this mean and standard deviation; drawn anew at each update.
    Normal(f64, f64),
    /// A function of the time in ms.
    OfTime(Arc<dyn Fn(f64) -> f64 + Send + Sync>),
}

impl Source {
    /// A source that is a function of the time in ms.
    pub fn of_time(f: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        Self::OfTime(Arc::new(f))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(v) => write!(f, "constant({v})"),
            Self::Bernoulli(p) => write!(f, "bernoulli({p})"),
            Self::Poisson(r) => write!(f, "poisson({r})"),
            Self::Normal(m, s) => write!(f, "normal({m}, {s})"),
            Self::OfTime(_) => write!(f, "of_time(..)"),
        }
    }
}

/// A projection between two populations, given by their positions in the order of declaration.
#[derive(Clone, Debug)]
pub struct ProjectionSpec {
    pub(crate) pre: usize,
    pub(crate) post: usize,
    pub(crate) pairs: Pairs,
    pub(crate) rule: Arc<dyn Rule>,
    pub(crate) weight: f64,
    pub(crate) autapses: bool,
    pub(crate) group: usize,
    pub(crate) stream: Option<String>,
}

impl ProjectionSpec {
    /// A projection from population `pre` to population `post` with one weight for all contacts.
    ///
    /// Rules that bring weights of their own (matrices, weighted edges) multiply them by `weight`.
    pub fn new(pre: usize, post: usize, rule: impl Rule + 'static, weight: f64) -> Self {
        Self {
            pre,
            post,
            pairs: Pairs::All,
            rule: Arc::new(rule),
            weight,
            autapses: false,
            group: usize::MAX,
            stream: None,
        }
    }

    /// Which pairs of clusters it connects.
    #[must_use]
    pub fn pairs(mut self, pairs: Pairs) -> Self {
        self.pairs = pairs;
        self
    }

    /// Keeps connections of a neuron onto itself, which are removed otherwise.
    #[must_use]
    pub fn autapses(mut self, keep: bool) -> Self {
        self.autapses = keep;
        self
    }

    /// Marks the blocks that come from one declaration, so that their weights line up in memory.
    #[must_use]
    pub fn group(mut self, group: usize) -> Self {
        self.group = group;
        self
    }

    /// The name of its random stream; by default its ends, its `where` and its ordinal among equals.
    #[must_use]
    pub fn stream(mut self, name: impl Into<String>) -> Self {
        self.stream = Some(name.into());
        self
    }
}
