//! What the names in expressions stand for.

use std::rc::Rc;

use binnet_units::{Unit, is_unit};
use syn::Ident;

use super::super::kind::{Half, Kind, Quantity, clean};
use super::super::model::Dialect;
use super::super::node::{self, Node, number};
use super::typing::Typed;
use super::{Checker, Id, RESERVED, Role, Symbol};
use crate::diag::{some, with_help};

fn is_noise(name: &str) -> bool {
    name == "xi" || name.starts_with("xi_")
}

impl Checker<'_, '_> {
    /// What a name stands for.
    pub(super) fn name(&mut self, name: &Ident) -> Option<Typed> {
        let text = name.to_string();
        if self.below.contains(&text) && !self.names.contains_key(&text) {
            let message = format!("`{name}` is declared further down");
            self.sink.error(name.span(), with_help(message, format!("declare `{name}` above")));
            return None;
        }
        if self.waiting.contains_key(&text) || self.visiting.contains(&text) {
            self.binding(name)?;
        }
        if let Some(&id) = self.names.get(&text) {
            let symbol = &self.symbols[id];
            let node = match (symbol.role, &symbol.definition) {
                (Role::Const, Some(definition)) => Rc::clone(definition),
                _ => node::symbol(id),
            };
            return Some(Typed::number(node, symbol.quantity.clone()));
        }
        if self.failed.contains(&text) {
            return None;
        }
        if self.is_word(&text) {
            let help = "say what is read, as in `pre.v`, declared by `pre v: mV;`";
            self.sink.error(name.span(), with_help(format!("`{name}` alone has no value"), help));
            return None;
        }
        if self.dialect == Dialect::Synapse && (is_noise(&text) || text == "index" || text == "spikes") {
            let help = match text.as_str() {
                "index" => "give each synapse a value of its own: `local x = ..;`",
                "spikes" => "say what each spike does: `on pre { .. }` and `on post { .. }`",
                _ => "put the noise into a neuron, and read it as `pre.x`",
            };
            self.sink.error(name.span(), with_help(format!("there is no `{name}` in a synapse"), help));
            return None;
        }
        let reserved = match text.as_str() {
            "t" => Some((Role::Time, Quantity::ms())),
            "dt" => Some((Role::Step, Quantity::ms())),
            "index" => Some((Role::Index, Quantity::number())),
            "spikes" => Some((Role::Spikes, Quantity::number())),
            _ if is_noise(&text) => {
                let text = "1/sqrt(ms)".to_owned();
                Some((Role::Noise, Quantity { dimension: Half::noise(), scale: clean(1e-3_f64.powf(-0.5)), text }))
            }
            _ => None,
        };
        if let Some((role, quantity)) = reserved {
            if role == Role::Noise && !self.noisy {
                let help = "add it to a rate of change: `dv/dt = .. + sigma * xi`";
                self.sink
                    .error(name.span(), with_help(format!("`{name}` is noise, and stands in equations only"), help));
                return None;
            }
            let id = self.symbols.len();
            if role == Role::Noise {
                self.noises.push(id);
            }
            let symbol = Symbol {
                name: name.clone(),
                docs: Vec::new(),
                role,
                quantity: quantity.clone(),
                default: f64::NAN,
                definition: None,
            };
            self.symbols.push(symbol);
            self.names.insert(text, id);
            return Some(Typed::number(node::symbol(id), quantity));
        }
        if is_unit(&text)
            && let Ok(unit) = Unit::word(&text)
        {
            let quantity = Quantity { dimension: Half::of(unit.dimension), scale: unit.scale, text };
            return Some(Typed::number(number(1.0), quantity));
        }
        let declared = self.names.keys().chain(self.waiting.keys()).chain(&self.failed).map(String::as_str);
        let mut known: Vec<_> = declared.clone().chain(RESERVED).collect();
        known.sort_unstable();
        let help = match binnet_units::nearest(&text, known) {
            Some(near) => {
                self.meant.insert(near.to_owned());
                format!("did you mean `{near}`?")
            }
            None => {
                let mut names: Vec<_> = declared.filter(|name| !RESERVED.contains(name)).collect();
                names.sort_unstable();
                let there = if names.is_empty() { String::new() } else { format!("; there is {}", some(&text, names)) };
                let input = if self.dialect == Dialect::Neuron { "`input` " } else { "" };
                format!("declare it by `param`, `local`, `state`, {input}or `let`{there}")
            }
        };
        self.sink.error(name.span(), with_help(format!("nothing is named `{name}` here"), help));
        None
    }

    /// What an expression is while all that it follows from has its first value.
    pub(crate) fn first_value(&self, node: &Node) -> Option<f64> {
        let known = |id: Id| self.symbols.get(id).map(|symbol| symbol.default).filter(|x| x.is_finite());
        node::eval(node, &known).filter(|x| x.is_finite())
    }

    /// Looks at a `let` when it is first used.
    pub(crate) fn binding(&mut self, name: &Ident) -> Option<()> {
        let text = name.to_string();
        if self.visiting.contains(&text) {
            let start = self.visiting.iter().position(|other| *other == text).unwrap_or(0);
            let chain = self.visiting[start..].join("` -> `");
            let message = format!("`{name}` is defined by itself: `{chain}` -> `{name}`");
            self.sink.error(name.span(), with_help(message, "make one of them a `state` with an equation"));
            return None;
        }
        let binding = self.waiting.remove(&text)?;
        self.bindings.insert(text.clone(), binding);
        self.visiting.push(text.clone());
        let noisy = core::mem::replace(&mut self.noisy, false);
        let typed = self.expr(&binding.value);
        self.noisy = noisy;
        self.visiting.pop();
        let quantity = match typed.as_ref().map(|t| &t.kind) {
            Some(Kind::Number(quantity)) => quantity.clone(),
            Some(Kind::Any) => Quantity::number(),
            Some(Kind::Truth) => {
                let message = format!("`{}` is a condition, an intermediate value is a number", binding.name);
                self.sink.error(binding.value.place, with_help(message, "write `if a > b { 1 } else { 0 }`"));
                self.failed.insert(text);
                return None;
            }
            None => {
                self.failed.insert(text);
                return None;
            }
        };
        let id = self.symbols.len();
        let default = typed.as_ref().and_then(|typed| self.first_value(&typed.node)).unwrap_or(f64::NAN);
        self.symbols.push(Symbol {
            name: binding.name.clone(),
            docs: binding.docs.clone(),
            role: Role::Let,
            quantity,
            default,
            definition: typed.map(|t| t.node),
        });
        self.names.insert(text, id);
        self.lets.push(id);
        Some(())
    }

    /// A use of a name that is assigned to.
    pub(crate) fn target(&mut self, name: &Ident) -> Option<Id> {
        let text = name.to_string();
        if self.failed.contains(&text) {
            return None;
        }
        let (message, help) = match self.names.get(&text).map(|&id| (id, self.symbols[id].role)) {
            Some((id, Role::State)) => return Some(id),
            Some((_, Role::Const | Role::Param | Role::Local)) => {
                let class = self.values.get(&text).map_or("param", |value| value.class.word());
                let help = format!("declare it as `state {name} = ..`");
                (format!("`{name}` is a `{class}`: it does not change in time"), help)
            }
            Some((_, Role::Input)) => {
                let help = "use a state of its own, and add the input to it";
                (format!("`{name}` is an input: only projections and stimuli set it"), help.to_owned())
            }
            Some((_, Role::Let | Role::Temporary)) => {
                let help = format!("give the new value another name, or declare `state {name} = ..`");
                (format!("`{name}` is a `let`: it is not set again"), help)
            }
            Some(_) => (format!("`{name}` cannot be set"), "states can".to_owned()),
            None => {
                let states: Vec<_> =
                    self.symbols.iter().filter(|s| s.role == Role::State).map(|s| s.name.to_string()).collect();
                let help = match binnet_units::nearest(&text, states.iter().map(String::as_str)) {
                    Some(near) => {
                        self.meant.insert(near.to_owned());
                        format!("did you mean `{near}`?")
                    }
                    None => {
                        let known = some(&text, states.iter().map(String::as_str));
                        format!("states are {known}; a value in between is `let {name} = ..`")
                    }
                };
                (format!("no state `{name}`"), help)
            }
        };
        self.sink.error(name.span(), with_help(message, help));
        None
    }
}
