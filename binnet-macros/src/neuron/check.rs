//! Judges a written neuron or synapse: names, kinds, units. Never returns early; what is wrong is left out.

mod bodies;
mod declarations;
mod equations;
mod mend;
mod names;
mod reads;
mod typing;
mod uses;
mod whole;

use std::collections::{HashMap, HashSet};

pub(crate) use reads::{Delay, Delayed};

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Visibility};

use super::kind::Quantity;
use super::model::{Class, Dialect, Let, Neuron, Side, Value};
use super::node::{Id, Shared};
use crate::diag::Sink;

/// A checked neuron.
pub(crate) struct Plan<'a> {
    pub(crate) krate: &'a TokenStream,
    pub(crate) attrs: &'a [Attribute],
    pub(crate) vis: &'a Visibility,
    pub(crate) name: &'a Ident,
    pub(crate) symbols: Vec<Symbol>,
    /// Intermediate values in the order in which they can be computed.
    pub(crate) lets: Vec<Id>,
    pub(crate) equations: Vec<Equation>,
    /// Sources of noise.
    pub(crate) noises: Vec<Id>,
    pub(crate) spike: Option<Spike>,
    pub(crate) update: Option<Vec<Step>>,
    /// Variables that are held during the refractory period.
    pub(crate) held: Vec<Id>,
    pub(crate) bounds: Vec<Bound>,
    pub(crate) output: Option<Id>,
    /// What a synapse reads of either neuron.
    pub(crate) reads: Vec<(Id, Side)>,
    /// Those of it that are of a time ago.
    pub(crate) delayed: Vec<Delayed>,
}

/// Anything that has a name.
pub(crate) struct Symbol {
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) role: Role,
    pub(crate) quantity: Quantity,
    /// The value it starts with, where that is known.
    pub(crate) default: f64,
    /// What it stands for (a `let`), or starts with (a `state` that follows from parameters).
    pub(crate) definition: Option<Shared>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Folded wherever it is used.
    Const,
    Param,
    Local,
    State,
    Input,
    Let,
    /// A `let` of `spike` or `update`.
    Temporary,
    Time,
    Step,
    Index,
    Spikes,
    Noise,
}

/// `dx/dt = drift + sum of diffusion * xi`.
pub(crate) struct Equation {
    pub(crate) state: Id,
    /// Per ms, in the unit of the variable.
    pub(crate) drift: Shared,
    /// One factor for each source of noise of the neuron.
    pub(crate) diffusion: Vec<Shared>,
    pub(crate) method: Option<Ident>,
}

pub(crate) enum Condition {
    /// A truth value.
    When(Shared),
    /// The number of spikes.
    Count(Shared),
    /// What was negative before the step and is not after it.
    Rises(Shared),
}

pub(crate) struct Spike {
    pub(crate) condition: Condition,
    pub(crate) body: Vec<Step>,
}

/// A checked statement.
pub(crate) enum Step {
    Let(Id, Shared),
    Set(Id, Shared),
    /// A refractory period, in ms.
    Refractory(Shared),
    /// What a synapse delivers.
    Deliver(Shared),
}

pub(crate) struct Bound {
    pub(crate) symbol: Id,
    pub(crate) clip: bool,
    /// The lowest value and whether it may be taken.
    pub(crate) low: Option<(f64, bool)>,
    pub(crate) high: Option<(f64, bool)>,
}

/// Names with a meaning of their own in equations.
pub(super) const RESERVED: [&str; 5] = ["t", "dt", "index", "spikes", "xi"];
/// Names that `network!` and the builder use.
const KEYS: [&str; 10] =
    ["method", "init", "target", "connect", "weight", "delay", "synapse", "receptor", "seed", "refractory_steps"];

/// Words of synapses.
const SYNAPSE_KEYS: [&str; 4] = ["pre", "post", "on", "deliver"];

/// What the checks share.
pub(crate) struct Checker<'a, 's> {
    pub(crate) symbols: Vec<Symbol>,
    pub(super) names: HashMap<String, Id>,
    /// `let`s that were not looked at yet.
    pub(super) waiting: HashMap<String, &'a Let>,
    /// `let`s that are being looked at: one that meets itself is circular.
    pub(super) visiting: Vec<String>,
    /// Names whose declaration has an error: nothing more is said where they are used.
    pub(super) failed: HashSet<String>,
    pub(super) lets: Vec<Id>,
    pub(super) noises: Vec<Id>,
    /// Whether noise may stand here, in an equation.
    pub(super) noisy: bool,
    /// Values as they are declared, for help.
    pub(super) values: HashMap<String, &'a Value>,
    /// `let`s as they are written, for help.
    pub(super) bindings: HashMap<String, &'a Let>,
    /// Names that are declared further down.
    pub(super) below: HashSet<String>,
    /// Names that were proposed in the place of misspelt ones: it is not said that nothing uses them.
    pub(super) meant: HashSet<String>,
    /// Declared values with a mistake that was found where they are used.
    pub(super) blamed: HashSet<String>,
    /// How many sub-expressions are being looked at.
    pub(super) depth: usize,
    pub(super) dialect: Dialect,
    pub(crate) reads: Vec<(Id, Side)>,
    pub(crate) delayed: Vec<Delayed>,
    /// The unit of what a synapse delivers, once it is known.
    pub(crate) delivered: Option<Quantity>,
    pub(crate) sink: &'s mut Sink,
}

impl<'a, 's> Checker<'a, 's> {
    /// Nothing was looked at yet.
    pub(crate) fn new(block: &'a Neuron, sink: &'s mut Sink) -> Self {
        Self {
            symbols: Vec::new(),
            names: HashMap::new(),
            waiting: HashMap::new(),
            visiting: Vec::new(),
            failed: block.lost.iter().map(|(name, _)| name.to_string()).collect(),
            lets: Vec::new(),
            noises: Vec::new(),
            noisy: false,
            values: HashMap::new(),
            bindings: HashMap::new(),
            below: HashSet::new(),
            meant: HashSet::new(),
            blamed: HashSet::new(),
            depth: 0,
            dialect: block.dialect,
            reads: Vec::new(),
            delayed: Vec::new(),
            delivered: None,
            sink,
        }
    }

    /// A plan of what was found, without equations and bodies.
    pub(crate) fn plan(self, block: &'a Neuron, bounds: Vec<Bound>) -> Plan<'a> {
        let Self { symbols, lets, noises, reads, delayed, .. } = self;
        Plan {
            krate: &block.krate,
            attrs: &block.attrs,
            vis: &block.vis,
            name: &block.name,
            symbols,
            lets,
            equations: Vec::new(),
            noises,
            spike: None,
            update: None,
            held: Vec::new(),
            bounds,
            output: None,
            reads,
            delayed,
        }
    }
}

/// Checks a neuron and makes the plan for its code.
pub(crate) fn check<'a>(neuron: &'a Neuron, sink: &mut Sink) -> Plan<'a> {
    let mut checker = Checker::new(neuron, sink);
    let bounds = checker.declarations(neuron);
    let equations = checker.equations(neuron);
    let mut held = Vec::new();
    let (spike, update) = checker.bodies(neuron, &mut held);
    let output = checker.output(neuron);
    checker.whole(neuron);
    checker.leave_bindings(neuron);
    Plan { equations, spike, update, held, output, ..checker.plan(neuron, bounds) }
}

impl Class {
    pub(super) fn role(self) -> Role {
        match self {
            Self::Const => Role::Const,
            Self::Param => Role::Param,
            Self::Local => Role::Local,
            Self::State => Role::State,
        }
    }
}
