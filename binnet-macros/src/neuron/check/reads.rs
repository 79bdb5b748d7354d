//! What a synapse has beyond a neuron: it reads of either side, and it delivers.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::{Attribute, Ident};

use super::super::expr::{Expr, Kind as Written};
use super::super::kind::{Kind, Quantity};
use super::super::model::{Class, Dialect, Item, Neuron, Side};
use super::super::node::{self, Id, Shared};
use super::mend::text;
use super::typing::Typed;
use super::uses::uses;
use super::{Checker, Role, SYNAPSE_KEYS, Symbol};
use crate::diag::{some, with_help};
use crate::quantity::WrittenUnit;

/// A variable of a neuron as it was some time ago.
pub(crate) struct Delayed {
    /// The field that it is copied to.
    pub(crate) id: Id,
    /// The field of the same variable now.
    pub(crate) of: Id,
    pub(crate) delay: Delay,
    /// The delay as it was written.
    pub(crate) text: String,
}

/// How long ago.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Delay {
    Ms(f64),
    /// As a parameter of the synapse says.
    Param(Id),
}

/// What a variable of either side is looked up by.
fn key(side: Side, name: &Ident) -> String {
    format!("{}.{name}", side.word())
}

impl Checker<'_, '_> {
    /// Whether a name is a word of synapses, in a synapse.
    pub(super) fn is_word(&self, text: &str) -> bool {
        self.dialect == Dialect::Synapse && SYNAPSE_KEYS.contains(&text)
    }

    /// A declaration `pre v: mV`. The field in which the value stands in the struct is called `pre_v`.
    pub(super) fn reads(
        &mut self,
        docs: &[Attribute],
        side: Side,
        name: &Ident,
        unit: &WrittenUnit,
        first: &mut HashMap<String, Span>,
    ) {
        let key = key(side, name);
        let field = Ident::new(&format!("{}_{}", side.word(), syn::ext::IdentExt::unraw(name)), name.span());
        for taken in [key.clone(), field.to_string()] {
            if let Some(earlier) = first.get(&taken) {
                let help = "leave one of them out, or give the other one another name";
                self.sink.error(name.span(), with_help(format!("`{key}` is declared twice, as `{taken}`"), help));
                self.sink.error(*earlier, format!("`{taken}` is declared here first"));
                return;
            }
            first.insert(taken, name.span());
        }
        let symbol = Symbol {
            name: field,
            docs: docs.to_vec(),
            role: Role::Input,
            quantity: Quantity::unit(unit),
            default: 0.0,
            definition: None,
        };
        self.names.insert(key, self.symbols.len());
        self.reads.push((self.symbols.len(), side));
        self.symbols.push(symbol);
    }

    /// A use of `pre.v`, or of `pre.v delayed 5 ms`.
    pub(super) fn side(&mut self, side: Side, name: &Ident, delay: Option<&Expr>) -> Option<Typed> {
        let now = self.undelayed(side, name);
        let Some(written) = delay else { return now };
        let delay = self.delay(written);
        let (Typed { kind, .. }, delay) = (now?, delay?);
        let of = self.names.get(&key(side, name)).copied()?;
        let known = self.delayed.iter().find(|other| other.of == of && other.delay == delay);
        let id = match known {
            Some(known) => known.id,
            None => self.delayed_symbol(side, of, delay, text(written)),
        };
        Some(Typed { node: node::symbol(id), kind })
    }

    /// The field for a value of a time ago.
    fn delayed_symbol(&mut self, side: Side, of: Id, delay: Delay, text: String) -> Id {
        let base = format!("{}_delayed", self.symbols[of].name);
        let taken = |name: &String| self.names.contains_key(name) || self.symbols.iter().any(|s| s.name == name);
        let mut names = std::iter::once(base.clone()).chain((2..).map(|n| format!("{base}_{n}")));
        let name = names.find(|name| !taken(name)).unwrap_or(base);
        let symbol = Symbol {
            name: Ident::new(&name, self.symbols[of].name.span()),
            docs: Vec::new(),
            role: Role::Input,
            quantity: self.symbols[of].quantity.clone(),
            default: 0.0,
            definition: None,
        };
        let id = self.symbols.len();
        self.symbols.push(symbol);
        self.reads.push((id, side));
        self.delayed.push(Delayed { id, of, delay, text });
        id
    }

    /// What stands behind `delayed`: known when the network is built.
    fn delay(&mut self, written: &Expr) -> Option<Delay> {
        let node = self.in_unit(written, &Quantity::ms(), "a delay")?;
        if let Some(ms) = node::value(&node) {
            if ms < 0.0 {
                self.sink.error(written.place, with_help("a delay is not negative", "a synapse reads the past only"));
                return None;
            }
            return Some(Delay::Ms(ms));
        }
        if let Written::Name(name) = &written.kind
            && let Some(&id) = self.names.get(&name.to_string())
            && self.symbols[id].role == Role::Param
        {
            return Some(Delay::Param(id));
        }
        let help = "declare it as `param d = 5 ms;`: all synapses of a projection read the same past";
        let message = format!("`{}` is not known before the run, as a delay is", text(written));
        self.sink.error(written.place, with_help(message, help));
        None
    }

    fn undelayed(&mut self, side: Side, name: &Ident) -> Option<Typed> {
        let key = key(side, name);
        if let Some(&id) = self.names.get(&key) {
            let quantity = self.symbols[id].quantity.clone();
            return Some(Typed { node: node::symbol(id), kind: Kind::Number(quantity) });
        }
        if !self.failed.insert(key.clone()) {
            return None;
        }
        let known: Vec<_> = self.names.keys().filter(|name| name.contains('.')).map(String::as_str).collect();
        let help = match binnet_units::nearest(&key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let there = if known.is_empty() { String::new() } else { format!("; there is {}", some(&key, known)) };
                format!("declare it with its unit, as in `{} {name}: mV;`{there}", side.word())
            }
        };
        self.sink.error(name.span(), with_help(format!("the synapse does not say that it reads `{key}`"), help));
        None
    }

    /// What stands behind `deliver`; the first one decides on the unit.
    pub(crate) fn deliver(&mut self, value: &Expr) -> Option<Shared> {
        if let Some(unit) = self.delivered.clone() {
            return self.in_unit(value, &unit, "what is delivered");
        }
        let typed = self.expr(value)?;
        let quantity = match typed.kind {
            Kind::Number(quantity) => quantity,
            Kind::Any => Quantity::number(),
            Kind::Truth => {
                let help = "write `deliver if a > b { w } else { 0 nS }`";
                self.sink.error(value.place, with_help("what is delivered is a number, not a condition", help));
                return None;
            }
        };
        if quantity.dimension.whole().is_none() {
            let message = format!("what is delivered is {}", quantity.describe());
            self.sink.error(value.place, with_help(message, "deliver a quantity that a neuron can have as a state"));
            return None;
        }
        self.delivered = Some(quantity);
        Some(typed.node)
    }

    /// Refuses states that nothing changes, and synapses without effect.
    pub(crate) fn effect(&mut self, block: &Neuron, delivers: bool) {
        if block.broken {
            return;
        }
        if !delivers {
            let help = "write `on pre { deliver w; }`, or `deliver ..;` alone for each step";
            self.sink.error(block.name.span(), with_help(format!("`{}` delivers nothing", block.name), help));
            return;
        }
        let declares = |item: &Item| matches!(item, Item::Value(value) if value.class != Class::Const);
        if block.lost.is_empty() && self.reads.is_empty() && !block.items.iter().any(declares) {
            let help = "write what it is, as in `local w = 1 nS;`";
            self.sink.error(block.name.span(), with_help(format!("`{}` declares nothing", block.name), help));
        }
        self.changed(&uses(block));
    }
}
