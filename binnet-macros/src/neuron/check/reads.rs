//! What a synapse has beyond a neuron: it reads of either side, and it delivers.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::{Attribute, Ident};

use super::super::expr::Expr;
use super::super::kind::{Kind, Quantity};
use super::super::model::{Class, Dialect, Item, Neuron, Side};
use super::super::node::{self, Shared};
use super::typing::Typed;
use super::uses::uses;
use super::{Checker, Role, SYNAPSE_KEYS, Symbol};
use crate::diag::{some, with_help};
use crate::quantity::WrittenUnit;

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

    /// A use of `pre.v`.
    pub(super) fn side(&mut self, side: Side, name: &Ident) -> Option<Typed> {
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
