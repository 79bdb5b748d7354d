//! Connection rules: which neurons of one population contact which of another.
//!
//! A rule is asked for one *column* at a time: all contacts that one presynaptic neuron makes. Each
//! column draws from its own random stream, so it does not matter in which order columns are drawn.
//! [`Connectivity::draw`] shows what a rule makes of a [`Shape`], outside of any network.

mod column;
mod contacts;
mod degree;
mod gaussian;
mod graph;
mod grid;
mod in_degree;
mod lattice;
mod matrix;
mod out_degree;
mod probability;
mod regular;
mod shape;
mod total;
mod views;
mod weight_of_distance;

pub use column::Columns;
pub(crate) use column::Listed;
pub use contacts::Contacts;
pub use degree::{Degree, InDegree};
pub use gaussian::{GaussianProb, gaussian_prob};
pub use graph::{Graph, scale_free, small_world};
pub use grid::{Grid, grid_eight, grid_four, grid_n};
pub use in_degree::{fixed_in_degree, fixed_in_degree_without_multapses};
pub use matrix::{GivenWeights, IntoWeights, WeightMatrix, dense, dense_post_pre, edges, sparse, weighted_edges};
pub use out_degree::{fixed_out_degree, fixed_out_degree_without_multapses};
pub use probability::{bernoulli_halving, bernoulli_sum, fixed_prob, poisson};
pub use regular::{all_to_all, from_fn, one_to_one};
pub use shape::{Pairs, Shape, Targets};
pub use total::fixed_total_number;
pub use views::Connectivity;
pub use weight_of_distance::{WeightOfDistance, dog, gaussian_weight};

use crate::rng::Family;

/// Why a rule cannot be applied: what is wrong, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub problem: String,
    /// How to mend it.
    pub help: String,
}

impl Refusal {
    /// A refusal from its two sentences.
    pub fn new(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self { problem: problem.into(), help: help.into() }
    }
}

/// A connection rule. All stock rules implement it; so may yours.
///
/// ```
/// use binnet::connect::{Contacts, Multiplicity, Refusal, Rule, Sampler, Shape};
/// use binnet::rng::Family;
///
/// /// Every neuron contacts its `k` right-hand neighbours on a ring.
/// #[derive(Debug)]
/// struct Ring { k: usize }
///
/// impl Rule for Ring {
///     fn multiplicity(&self, shape: &Shape) -> Multiplicity {
///         Multiplicity::single(self.k as f64 / shape.n_post as f64)
///     }
///     fn sampler(&self, shape: &Shape, _streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
///         let (n, k) = (shape.n_post, self.k);
///         Ok(Box::new(move |pre: usize, contacts: &mut Contacts| {
///             for step in 1..=k {
///                 contacts.add(0, (pre + step) % n, 1);
///             }
///         }))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no connection rule",
    note = "the stock rules are `fixed_prob`, `poisson`, `bernoulli_sum`, `fixed_in_degree`, `fixed_out_degree`, `fixed_total_number`, `all_to_all`, `one_to_one`, `grid_four`, `grid_eight`, `grid_n`, `gaussian_prob`, `gaussian_weight`, `dog`, `small_world`, `scale_free`, `dense`, `sparse`, `edges`, `from_fn`; others implement `binnet::connect::Rule`"
)]
pub trait Rule: core::fmt::Debug + Send + Sync {
    /// The rule in words, for `explain()`.
    fn describe(&self) -> String {
        format!("{self:?}")
    }

    /// The weights of its kinds of contact, if it brings weights of its own; they are multiplied by
    /// the weight of the projection. A rule without weights has one kind of weight 1.
    ///
    /// `most` is the largest number of kinds that is still stored as integers.
    fn weights(&self, _most: usize) -> KindWeights {
        KindWeights::Kinds(vec![1.0])
    }

    /// How many contacts a pair has, for choosing a storage layout.
    fn multiplicity(&self, shape: &Shape) -> Multiplicity;

    /// Whether it can be applied to this shape.
    ///
    /// # Errors
    /// Says what does not fit and how to mend it.
    fn check(&self, _shape: &Shape) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether the connections are given one by one, so that none is to be removed (in networks with a clock,
    /// connections of a neuron onto itself are kept then).
    fn is_given(&self) -> bool {
        false
    }

    /// Whether columns can be drawn again whenever a neuron spikes, instead of being stored: its
    /// [`Sampler`] then remembers a few numbers a neuron at most, not the contacts.
    fn procedural(&self) -> bool {
        false
    }

    /// Prepares to draw columns.
    ///
    /// # Errors
    /// When the rule cannot be applied to this shape.
    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal>;
}

/// Draws the columns of one projection, one presynaptic neuron at a time.
pub trait Sampler: Send {
    /// Adds all contacts of presynaptic neuron `pre` (an index within its population).
    ///
    /// The contacts of a neuron are the same each time, whichever were drawn before: a rule that needs
    /// random numbers takes them from the stream of the neuron's index, or draws all in advance.
    fn column(&mut self, pre: usize, contacts: &mut Contacts<'_>);
}

impl<F: FnMut(usize, &mut Contacts<'_>) + Send> Sampler for F {
    fn column(&mut self, pre: usize, contacts: &mut Contacts<'_>) {
        self(pre, contacts);
    }
}

/// The weights that a rule brings.
#[derive(Clone, Debug, PartialEq)]
pub enum KindWeights {
    /// A few weights; contacts name them by position and come in integer numbers.
    Kinds(Vec<f64>),
    /// A weight of its own for each pair.
    Real,
}

/// The law of the number of contacts a pair has.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiplicity {
    /// Mean contacts of a pair, over all kinds.
    pub mean: f64,
    /// Which law.
    pub law: Law,
}

/// Laws of the number of contacts a pair has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// At most this many.
    AtMost(u32),
    /// Poisson.
    Poisson,
}

impl Multiplicity {
    /// At most one contact a pair.
    #[must_use]
    pub fn single(mean: f64) -> Self {
        Self { mean, law: Law::AtMost(1) }
    }

    /// The probability (or a bound on it) that a pair has at least `m` contacts.
    #[must_use]
    pub fn at_least(&self, m: u32) -> f64 {
        if m == 0 {
            return 1.0;
        }
        match self.law {
            Law::AtMost(most) if m > most => 0.0,
            Law::AtMost(1) => self.mean.min(1.0),
            Law::AtMost(_) | Law::Poisson => {
                let (mut term, mut below) = ((-self.mean).exp(), 0.0);
                for k in 0..m {
                    below += term;
                    term *= self.mean / f64::from(k + 1);
                }
                (1.0 - below).max(0.0)
            }
        }
    }
}
