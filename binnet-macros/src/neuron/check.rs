//! Judges a written neuron: names, kinds, units. Never returns early; what is wrong is left out.

mod bodies;
mod declarations;
mod equations;
mod mend;
mod names;
mod typing;
mod uses;
mod whole;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Visibility};

use super::kind::Quantity;
use super::model::{Class, Let, Neuron, Value};
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

/// What the checks share.
pub(super) struct Checker<'a, 's> {
    pub(super) symbols: Vec<Symbol>,
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
    pub(super) sink: &'s mut Sink,
}

/// Checks a neuron and makes the plan for its code.
pub(crate) fn check<'a>(neuron: &'a Neuron, sink: &mut Sink) -> Plan<'a> {
    let mut checker = Checker {
        symbols: Vec::new(),
        names: HashMap::new(),
        waiting: HashMap::new(),
        visiting: Vec::new(),
        failed: neuron.lost.iter().map(|(name, _)| name.to_string()).collect(),
        lets: Vec::new(),
        noises: Vec::new(),
        noisy: false,
        values: HashMap::new(),
        bindings: HashMap::new(),
        below: HashSet::new(),
        meant: HashSet::new(),
        blamed: HashSet::new(),
        depth: 0,
        sink,
    };
    let mut bounds = Vec::new();
    checker.declare(neuron, &mut bounds);
    for (name, class) in &neuron.lost {
        checker.leave_field(name, *class);
    }
    for name in declarations::order(neuron) {
        if checker.waiting.contains_key(&name.to_string()) {
            checker.binding(name);
        }
    }
    let equations = checker.equations(neuron);
    let mut held = Vec::new();
    let (spike, update) = checker.bodies(neuron, &mut held);
    let output = checker.output(neuron);
    checker.whole(neuron);
    checker.leave_bindings(neuron);
    let Checker { symbols, lets, noises, .. } = checker;
    Plan {
        krate: &neuron.krate,
        attrs: &neuron.attrs,
        vis: &neuron.vis,
        name: &neuron.name,
        symbols,
        lets,
        equations,
        noises,
        spike,
        update,
        held,
        bounds,
        output,
    }
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
