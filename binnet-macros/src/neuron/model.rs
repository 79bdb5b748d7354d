//! A neuron or a synapse as it is written.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Ident, Visibility};

use super::expr::{Expr, Op};
use crate::quantity::WrittenUnit;

/// The language of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Neuron,
    Synapse,
}

impl Dialect {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Neuron => "neuron",
            Self::Synapse => "synapse",
        }
    }
}

/// One of the two neurons that a synapse lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Pre,
    Post,
}

impl Side {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Post => "post",
        }
    }

    /// The side that a word means.
    pub(crate) fn of(word: &Ident) -> Option<Self> {
        [Self::Pre, Self::Post].into_iter().find(|side| word == side.word())
    }
}

/// A parsed block of `neuron!` or `synapse!`.
pub(crate) struct Neuron {
    pub(crate) dialect: Dialect,
    /// The path of the crate, as the shell hands it over.
    pub(crate) krate: TokenStream,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) items: Vec<Item>,
    /// Names whose declaration could not be read: nothing is said where they are used. With the class of their fields.
    pub(crate) lost: Vec<(Ident, Option<Class>)>,
    /// Whether an item could not be read, so that nothing is said about what is missing.
    pub(crate) broken: bool,
}

/// One declaration.
#[allow(clippy::large_enum_variant, reason = "a block has a few dozen of them")]
pub(crate) enum Item {
    /// `const`, `param`, `local`, `state`: a name and a value.
    Value(Value),
    /// `param` and `local` without a value: `local i_gain: pA`.
    Given { class: Class, docs: Vec<Attribute>, name: Ident, unit: WrittenUnit, bound: Option<Bound> },
    /// `input x: nA`.
    Input { docs: Vec<Attribute>, name: Ident, unit: WrittenUnit },
    /// `let x = ..`.
    Let(Let),
    /// `dx/dt = .. by method`.
    Equation(Equation),
    /// `spike when ..` and `spike count ..`.
    Spike(Spike),
    /// `update { .. }`.
    Update { span: Span, body: Vec<Statement> },
    /// `output x`.
    Output(Ident),
    /// `pre v: mV`, `post v: mV`: what a synapse reads.
    Reads { docs: Vec<Attribute>, side: Side, name: Ident, unit: WrittenUnit },
    /// `on pre { .. }`, `on post { .. }`.
    On { span: Span, side: Side, body: Vec<Statement> },
    /// `deliver ..` outside of events: in each step.
    Deliver { span: Span, value: Expr },
}

/// The storage class of a name that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Const,
    Param,
    Local,
    State,
}

impl Class {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Const => "const",
            Self::Param => "param",
            Self::Local => "local",
            Self::State => "state",
        }
    }
}

pub(crate) struct Value {
    pub(crate) class: Class,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) value: Expr,
    pub(crate) bound: Option<Bound>,
}

/// The values that a name may have.
pub(crate) enum Bound {
    /// `> 0 pA`: checked wherever a value is given.
    Side(Op, Expr),
    /// `in 0..=1` (clipped), `within 0..=1` (checked).
    Range { clip: bool, low: Expr, high: Expr },
}

#[derive(Clone)]
pub(crate) struct Let {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

pub(crate) struct Equation {
    /// The variable, at the place of `dx`.
    pub(crate) state: Ident,
    pub(crate) value: Expr,
    pub(crate) method: Option<Ident>,
}

pub(crate) struct Spike {
    pub(crate) span: Span,
    /// Whether `value` is a count instead of a condition.
    pub(crate) count: bool,
    pub(crate) value: Expr,
    pub(crate) body: Vec<Statement>,
}

/// A statement in `spike`, `update` and `on`.
pub(crate) enum Statement {
    Let(Let),
    /// `x = ..`, `x += ..`; the operator if there is one.
    Assign {
        name: Ident,
        op: Option<Op>,
        value: Expr,
    },
    /// `refractory t holding v`.
    Refractory {
        span: Span,
        duration: Expr,
        held: Vec<Ident>,
    },
    /// `deliver ..`.
    Deliver {
        span: Span,
        value: Expr,
    },
}
