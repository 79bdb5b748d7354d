//! The equations of a neuron: of which variable, in which unit, with which noise.

use std::collections::HashMap;

use proc_macro2::Span;

use super::super::calculus::{Slope, degree, derivative};
use super::super::expr::Expr;
use super::super::kind::Kind;
use super::super::model::{self, Item, Neuron};
use super::super::node::{self, Id, Shared, number};
use super::mend::Wanted;
use super::typing::scaled;
use super::{Checker, Equation, Role};
use crate::diag::with_help;

impl Checker<'_, '_> {
    pub(crate) fn equations(&mut self, neuron: &Neuron) -> Vec<Equation> {
        let mut equations: Vec<Equation> = Vec::new();
        let mut seen: HashMap<Id, Span> = HashMap::new();
        let mut typed = Vec::new();
        for item in &neuron.items {
            let Item::Equation(written) = item else { continue };
            let Some(state) = self.variable(written) else {
                // The right side may have mistakes of its own.
                self.noisy = true;
                self.expr(&written.value);
                self.noisy = false;
                continue;
            };
            if let Some(first) = seen.get(&state) {
                let message = format!("`{}` has two equations", written.state);
                self.sink
                    .error(written.state.span(), with_help(message, "write one, with the sum of both right sides"));
                self.sink.error(*first, format!("the first equation of `{}` is here", written.state));
                continue;
            }
            seen.insert(state, written.state.span());
            if let Some(rate) = self.rate(state, written) {
                typed.push((state, rate, written));
            }
        }
        for (state, rate, written) in typed {
            if let Some((drift, diffusion)) = self.split(&rate, &written.value) {
                equations.push(Equation { state, drift, diffusion, method: written.method.clone() });
            }
        }
        equations
    }

    /// The variable of an equation.
    fn variable(&mut self, written: &model::Equation) -> Option<Id> {
        let name = written.state.to_string();
        if self.failed.contains(&name) {
            return None;
        }
        if let Some(&id) = self.names.get(&name)
            && self.symbols[id].role == Role::State
        {
            return Some(id);
        }
        let (message, help) = match self.names.get(&name).map(|&id| self.symbols[id].role) {
            Some(Role::Param | Role::Local | Role::Const) => {
                let class = self.values.get(&name).map_or("param", |value| value.class.word());
                let help = format!("declare it as `state {name} = ..`");
                (format!("`{name}` is a `{class}`: it does not change in time"), help)
            }
            Some(Role::Input) => {
                let help = format!("add it to the equation of a state: `dv/dt = .. + {name}`");
                (format!("`{name}` is an input: projections set it, not an equation"), help)
            }
            _ if self.names.contains_key(&name) || self.waiting.contains_key(&name) => {
                let help = format!("declare it as `state {name} = ..`, or leave the `let` and drop `d{name}/dt`");
                (format!("`{name}` is computed by a `let`: it has no equation"), help)
            }
            _ => {
                let states: Vec<_> =
                    self.symbols.iter().filter(|s| s.role == Role::State).map(|s| s.name.to_string()).collect();
                let help = match binnet_units::nearest(&name, states.iter().map(String::as_str)) {
                    Some(near) => {
                        self.meant.insert(near.to_owned());
                        format!("did you mean `d{near}/dt`?")
                    }
                    None => format!("declare it: `state {name} = ..;`"),
                };
                self.failed.insert(name.clone());
                (format!("this is an equation of `{name}`, which is not declared"), help)
            }
        };
        self.sink.error(written.state.span(), with_help(message, help));
        None
    }

    /// The right side of an equation, per ms and in the unit of its variable.
    fn rate(&mut self, state: Id, written: &model::Equation) -> Option<Shared> {
        let unit = self.symbols[state].quantity.clone();
        let wanted = Wanted { quantity: unit.rate(), rate_of: Some(&written.state) };
        self.noisy = true;
        let typed = self.typed(&written.value, Some(&wanted));
        self.noisy = false;
        let typed = typed?;
        let found = match &typed.kind {
            Kind::Any => return Some(typed.node),
            Kind::Number(found) => found,
            Kind::Truth => {
                let message = "a rate of change is a number, not a condition";
                self.sink.error(written.value.place, with_help(message, "write `if a > b { x } else { y }`"));
                return None;
            }
        };
        if found.dimension == wanted.quantity.dimension {
            return Some(scaled(&typed.node, found.scale, wanted.quantity.scale));
        }
        if self.culprit(&written.value, found, &wanted) {
            return None;
        }
        let help = self.mend(&written.value, found, &wanted, true);
        let message = format!("the right side is {}, it must be {}", found.describe(), wanted.quantity.describe());
        self.sink.error(written.value.place, with_help(message, help));
        None
    }

    /// A right side as drift and the factors of the sources of noise.
    fn split(&mut self, rate: &Shared, at: &Expr) -> Option<(Shared, Vec<Shared>)> {
        let noises = self.noises.clone();
        let noisy = |id: Id| u8::from(noises.contains(&id));
        if degree(rate, &noisy) > 1 {
            let help = "noise is added, times a factor: `dv/dt = .. + sigma * xi`";
            self.sink.error(at.place, with_help("noise must enter an equation linearly", help));
            return None;
        }
        let without = |id: Id| noises.contains(&id).then(|| number(0.0));
        let drift = node::replace(rate, &without);
        // A rate is per ms; increments are in root of ms, and `xi` in 1 / root of ms.
        let factor = |noise: &Id| {
            let slope = |id: Id| if id == *noise { Slope::One } else { Slope::Zero };
            node::replace(&derivative(rate, &slope), &without)
        };
        Some((drift, noises.iter().map(factor).collect()))
    }
}
