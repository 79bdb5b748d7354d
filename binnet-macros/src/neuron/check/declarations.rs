//! What a neuron declares: names, values, bounds.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::super::expr::{Expr, Op, STOPS};
use super::super::kind::{Kind, Quantity};
use super::super::model::{self, Class, Item, Neuron, Value};
use super::super::node::{self, Id, number};
use super::mend::text;
use super::{Bound, Checker, KEYS, RESERVED, Role, Symbol};
use crate::diag::{Place, with_help};

/// Intermediate values, each after those that it is computed from (where there are no circles): looking at one within
/// another takes stack.
fn order(neuron: &Neuron) -> Vec<&Ident> {
    let lets = neuron.items.iter().filter_map(|item| if let Item::Let(binding) = item { Some(binding) } else { None });
    let lets: Vec<_> = lets.collect();
    let by_name: HashMap<_, _> = lets.iter().enumerate().map(|(i, l)| (l.name.to_string(), i)).collect();
    let (mut order, mut seen, mut waiting) = (Vec::new(), vec![false; lets.len()], Vec::new());
    for first in 0..lets.len() {
        waiting.push((first, false));
        while let Some((i, complete)) = waiting.pop() {
            if complete {
                order.push(&lets[i].name);
            } else if !core::mem::replace(&mut seen[i], true) {
                waiting.push((i, true));
                lets[i].value.names(&mut |name| {
                    waiting.extend(by_name.get(&name.to_string()).map(|&j| (j, false)));
                });
            }
        }
    }
    order
}

impl<'a> Checker<'a, '_> {
    /// Looks at all declarations; returns the bounds.
    pub(crate) fn declarations(&mut self, block: &'a Neuron) -> Vec<Bound> {
        let mut bounds = Vec::new();
        self.declare(block, &mut bounds);
        for (name, class) in &block.lost {
            self.leave_field(name, *class);
        }
        for name in order(block) {
            if self.waiting.contains_key(&name.to_string()) {
                self.binding(name);
            }
        }
        bounds
    }

    /// Gives every declared name its symbol.
    fn declare(&mut self, neuron: &'a Neuron, bounds: &mut Vec<Bound>) {
        let mut first: HashMap<String, Span> = HashMap::new();
        let declared = |item: &'a Item| match item {
            Item::Value(Value { name, .. }) | Item::Given { name, .. } | Item::Input { name, .. } => Some(name),
            Item::Let(binding) => Some(&binding.name),
            _ => None,
        };
        for item in &neuron.items {
            if let Some(name) = declared(item) {
                self.below.insert(name.to_string());
            }
        }
        for item in &neuron.items {
            if let Item::Reads { docs, side, name, unit } = item {
                self.reads(docs, *side, name, unit, &mut first);
            }
            let Some(name) = declared(item) else { continue };
            if !self.fresh(name, &mut first) {
                continue;
            }
            self.below.remove(&name.to_string());
            match item {
                Item::Value(value) => self.value(value, bounds),
                Item::Given { class, docs, name, unit, bound } => {
                    let quantity = Quantity::unit(unit);
                    let id = self.push(Symbol {
                        name: name.clone(),
                        docs: docs.clone(),
                        role: class.role(),
                        quantity: quantity.clone(),
                        default: f64::NAN,
                        definition: None,
                    });
                    if let Some(bound) = bound {
                        bounds.extend(self.bound(id, bound, &quantity, None, *class));
                    }
                }
                Item::Input { docs, name, unit } => {
                    self.push(Symbol {
                        name: name.clone(),
                        docs: docs.clone(),
                        role: Role::Input,
                        quantity: Quantity::unit(unit),
                        default: 0.0,
                        definition: None,
                    });
                }
                Item::Let(binding) => {
                    self.waiting.insert(name.to_string(), binding);
                }
                _ => {}
            }
        }
        self.below.clear();
    }

    /// Looks at the intermediate values that an initial value follows from, each after those that it is computed
    /// from.
    fn look_ahead(&mut self, expr: &Expr) {
        let (mut order, mut seen, mut pending) = (Vec::new(), HashSet::new(), Vec::new());
        expr.names(&mut |name| pending.push((name.clone(), false)));
        while let Some((name, complete)) = pending.pop() {
            let Some(binding) = self.waiting.get(&name.to_string()) else { continue };
            if complete {
                order.push(name);
            } else if seen.insert(name.to_string()) {
                pending.push((name, true));
                binding.value.names(&mut |name| pending.push((name.clone(), false)));
            }
        }
        for name in order {
            if self.waiting.contains_key(&name.to_string()) {
                self.binding(&name);
            }
        }
    }

    /// Whether a name can be declared.
    fn fresh(&mut self, name: &Ident, first: &mut HashMap<String, Span>) -> bool {
        let text = name.unraw().to_string();
        let taken = if RESERVED.contains(&text.as_str()) || text == "xi" || text.starts_with("xi_") {
            Some("has a meaning of its own in equations")
        } else if STOPS.contains(&text.as_str()) || KEYS.contains(&text.as_str()) || self.is_word(&text) {
            Some("is a word of the language")
        } else if text.starts_with("__") {
            Some("could be a name of the generated code")
        } else {
            None
        };
        if let Some(taken) = taken {
            let other = match text.as_str() {
                text if text.starts_with("xi") => "noise".to_owned(),
                text => format!("{}_0", text.trim_start_matches('_')),
            };
            let help = format!("give it another name, as in `{other}`");
            self.sink.error(name.span(), with_help(format!("`{name}` {taken}"), help));
            self.failed.insert(name.to_string());
            return false;
        }
        if let Some(earlier) = first.get(&text) {
            self.sink
                .error(name.span(), with_help(format!("`{name}` is declared twice"), "give one of them another name"));
            self.sink.error(*earlier, format!("`{name}` is declared here first"));
            return false;
        }
        first.insert(text, name.span());
        true
    }

    /// A field in the place of a declaration with a mistake, so that structs with it are fine elsewhere.
    fn leave_field(&mut self, name: &Ident, class: Option<Class>) {
        let declared = self.symbols.iter().any(|symbol| symbol.name == *name);
        if let Some(class) = class.filter(|class| *class != Class::Const && !declared) {
            self.symbols.push(Symbol {
                name: name.clone(),
                docs: Vec::new(),
                role: class.role(),
                quantity: Quantity::number(),
                default: 0.0,
                definition: None,
            });
        }
    }

    /// The same for intermediate values, which may be recorded.
    pub(super) fn leave_bindings(&mut self, neuron: &'a Neuron) {
        for item in &neuron.items {
            let Item::Let(binding) = item else { continue };
            if self.failed.contains(&binding.name.to_string()) {
                self.lets.push(self.symbols.len());
                self.symbols.push(Symbol {
                    name: binding.name.clone(),
                    docs: Vec::new(),
                    role: Role::Let,
                    quantity: Quantity::number(),
                    default: f64::NAN,
                    definition: None,
                });
            }
        }
    }

    pub(super) fn push(&mut self, symbol: Symbol) -> Id {
        self.names.insert(symbol.name.to_string(), self.symbols.len());
        self.symbols.push(symbol);
        self.symbols.len() - 1
    }

    /// A `const`, `param`, `local` or `state`.
    fn value(&mut self, value: &'a Value, bounds: &mut Vec<Bound>) {
        if self.declared(value, bounds).is_none() {
            // Nothing more is said about its uses.
            self.failed.insert(value.name.to_string());
            self.leave_field(&value.name, Some(value.class));
        }
    }

    fn declared(&mut self, value: &'a Value, bounds: &mut Vec<Bound>) -> Option<()> {
        let Value { class, docs, name, value: expr, bound } = value;
        self.values.insert(name.to_string(), value);
        self.look_ahead(expr);
        let typed = self.expr(expr)?;
        let quantity = match typed.kind {
            Kind::Number(quantity) => quantity,
            Kind::Any => Quantity::number(),
            Kind::Truth => {
                let message = format!("`{name}` is a number, not a condition");
                self.sink.error(expr.place, with_help(message, "write `if a > b { 1 } else { 0 }`"));
                return None;
            }
        };
        let node = typed.node;
        let Some(default) = self.first_value(&node) else {
            let message = format!("the value of `{name}` cannot be computed while compiling");
            let help = "write a number, or what follows from constants and parameters declared above";
            self.sink.error(expr.place, with_help(message, help));
            return None;
        };
        if *class != Class::Const && quantity.dimension.whole().is_none() {
            let message = format!("`{name}` is {}: a unit with a root cannot be stored", quantity.describe());
            let help = format!("write the root where it is used: `{name} = 2 mV`, and `{name} * sqrt(2 / tau) * xi`");
            self.sink.error(expr.place, with_help(message, help));
            return None;
        }
        let mut definition = None;
        match class {
            Class::Const => definition = Some(number(default)),
            Class::State if node::value(&node).is_none() => definition = Some(node),
            _ => {}
        }
        let symbol = Symbol {
            name: name.clone(),
            docs: docs.clone(),
            role: class.role(),
            quantity: quantity.clone(),
            default,
            definition,
        };
        let id = self.push(symbol);
        if let Some(bound) = bound {
            bounds.extend(self.bound(id, bound, &quantity, Some((default, expr)), *class));
        }
        Some(())
    }

    fn bound(
        &mut self,
        id: Id,
        bound: &model::Bound,
        unit: &Quantity,
        start: Option<(f64, &Expr)>,
        class: Class,
    ) -> Option<Bound> {
        let name = self.symbols[id].name.clone();
        let what = format!("a bound of `{name}`");
        let limit = |checker: &mut Self, expr: &Expr| {
            let node = checker.in_unit(expr, unit, &what)?;
            let known =
                node::eval(&node, &|id| checker.symbols.get(id).filter(|s| s.role == Role::Const).map(|s| s.default));
            if known.is_none() {
                let help = "write a quantity, or what follows from a `const`";
                checker.sink.error(expr.place, with_help(format!("{what} is fixed when the model is compiled"), help));
            }
            known
        };
        let checked = match bound {
            model::Bound::Side(op, expr) => {
                let limit = limit(self, expr)?;
                let closed = matches!(op, Op::GreaterEqual | Op::LessEqual);
                if matches!(op, Op::Greater | Op::GreaterEqual) {
                    Bound { symbol: id, clip: false, low: Some((limit, closed)), high: None }
                } else {
                    Bound { symbol: id, clip: false, low: None, high: Some((limit, closed)) }
                }
            }
            model::Bound::Range { clip, low, high } => {
                if *clip && class != Class::State {
                    let help = "write `within` to have it checked";
                    self.sink.error(
                        name.span(),
                        with_help(format!("`{name}` does not change in a step, so it is never clipped"), help),
                    );
                }
                let (a, b) = (limit(self, low), limit(self, high));
                let (a, b) = (a?, b?);
                if a > b {
                    let place = Place { start: low.place.start, end: high.place.end };
                    let range = format!("`{}..={}`", text(low), text(high));
                    let help = format!("write the lower end first: `{}..={}`", text(high), text(low));
                    self.sink.error(place, with_help(format!("the range {range} is empty"), help));
                    return None;
                }
                Bound { symbol: id, clip: *clip, low: Some((a, true)), high: Some((b, true)) }
            }
        };
        let Some((default, at)) = start else { return Some(checked) };
        let above = checked.low.is_none_or(|(low, closed)| default > low || (closed && default == low));
        let below = checked.high.is_none_or(|(high, closed)| default < high || (closed && default == high));
        if !(above && below) {
            let message = format!("`{name}` starts outside of its own bounds, at `{}`", text(at));
            self.sink.error(at.place, with_help(message, "change the value or the bounds"));
        }
        Some(checked)
    }
}
