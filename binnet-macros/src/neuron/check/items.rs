//! The declarations of a neuron, one after the other.

use std::collections::{HashMap, HashSet};

use binnet_units::Dimension;
use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::super::calculus::{Slope, degree, derivative};
use super::super::expr::{Expr, Kind as Written, Op};
use super::super::kind::{Half, Kind, Quantity};
use super::super::model::{self, Class, Item, Neuron, Statement, Value};
use super::super::node::{self, Id, Shared, number};
use super::typing::{scaled, text};
use super::{Bound, Checker, Condition, Equation, KEYS, Plan, RESERVED, Role, Spike, Step, Symbol};
use crate::diag::{Sink, did_you_mean, with_help};

pub(super) fn check<'a>(neuron: &'a Neuron, sink: &mut Sink) -> Plan<'a> {
    let mut checker = Checker {
        symbols: Vec::new(),
        names: HashMap::new(),
        waiting: HashMap::new(),
        visiting: Vec::new(),
        failed: HashSet::new(),
        lets: Vec::new(),
        noises: Vec::new(),
        noisy: false,
        read: HashSet::new(),
        sink,
    };
    let mut bounds = Vec::new();
    checker.declare(neuron, &mut bounds);
    checker.read.clear();
    let order: Vec<_> = neuron
        .items
        .iter()
        .filter_map(|item| if let Item::Let(binding) = item { Some(&binding.name) } else { None })
        .collect();
    for name in order {
        if checker.waiting.contains_key(&name.to_string()) {
            checker.binding(name);
        }
    }
    let equations = checker.equations(neuron);
    let (mut held, mut changed) = (Vec::new(), HashSet::new());
    let (spike, update) = checker.bodies(neuron, &mut held, &mut changed);
    changed.extend(equations.iter().map(|e| e.state));
    let output = checker.output(neuron);
    checker.whole(neuron, &changed, equations.is_empty() && update.is_none());
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

impl<'a> Checker<'a, '_> {
    /// Gives every declared name its symbol.
    fn declare(&mut self, neuron: &'a Neuron, bounds: &mut Vec<Bound>) {
        let mut first: HashMap<String, Span> = HashMap::new();
        for item in &neuron.items {
            let name = match item {
                Item::Value(Value { name, .. }) | Item::Input { name, .. } => name,
                Item::Let(binding) => &binding.name,
                _ => continue,
            };
            if !self.fresh(name, &mut first) {
                continue;
            }
            match item {
                Item::Value(value) => self.value(value, bounds),
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
    }

    /// Whether a name can be declared.
    fn fresh(&mut self, name: &Ident, first: &mut HashMap<String, Span>) -> bool {
        let text = name.unraw().to_string();
        if RESERVED.contains(&text.as_str()) || text.starts_with("xi_") {
            let message = format!("`{name}` has a meaning of its own in equations");
            self.sink.error(name.span(), with_help(message, format!("call it otherwise, as in `{name}_0`")));
            return false;
        }
        if KEYS.contains(&text.as_str()) {
            let message = format!("`{name}` is a word of the framework");
            self.sink.error(name.span(), with_help(message, format!("call it otherwise, as in `{name}_0`")));
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

    fn push(&mut self, symbol: Symbol) -> Id {
        self.names.insert(symbol.name.to_string(), self.symbols.len());
        self.symbols.push(symbol);
        self.symbols.len() - 1
    }

    /// A `const`, `param`, `local` or `state`.
    fn value(&mut self, value: &Value, bounds: &mut Vec<Bound>) {
        let Value { class, docs, name, value: expr, bound } = value;
        let typed = self.expr(expr);
        let (node, quantity) = match typed {
            Some(typed) => match typed.kind {
                Kind::Number(quantity) => (typed.node, quantity),
                Kind::Any => (typed.node, Quantity::number()),
                Kind::Truth => {
                    self.sink.error(
                        expr.span,
                        with_help(format!("`{name}` is a number, not a condition"), "write a quantity"),
                    );
                    (number(0.0), Quantity::number())
                }
            },
            None => {
                // Nothing more is said about its uses.
                self.failed.insert(name.to_string());
                return;
            }
        };
        let Some(default) = node::eval(&node, &|id| default_of(&self.symbols, id)).filter(|x| x.is_finite()) else {
            let message = format!("the value of `{name}` cannot be computed while compiling");
            let help = "give a number, or follow from constants and parameters declared above";
            self.sink.error(expr.span, with_help(message, help));
            self.failed.insert(name.to_string());
            return;
        };
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
            bounds.extend(self.bound(id, bound, &quantity, default, *class, expr));
        }
    }

    fn bound(
        &mut self,
        id: Id,
        bound: &model::Bound,
        unit: &Quantity,
        default: f64,
        class: Class,
        at: &Expr,
    ) -> Option<Bound> {
        let name = self.symbols[id].name.clone();
        let what = format!("a bound of `{name}`");
        let limit = |checker: &mut Self, expr: &Expr| {
            let node = checker.in_unit(expr, unit, &what)?;
            let known =
                node::eval(&node, &|id| checker.symbols.get(id).filter(|s| s.role == Role::Const).map(|s| s.default));
            if known.is_none() {
                checker.sink.error(expr.span, with_help(format!("{what} must be a number"), "write a quantity"));
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
                        with_help(format!("`{name}` does not change, so it is never clipped"), help),
                    );
                }
                let (a, b) = (limit(self, low), limit(self, high));
                let (a, b) = (a?, b?);
                if a > b {
                    self.sink.error(low.span, with_help("this range is empty", "write the lower end first"));
                    return None;
                }
                Bound { symbol: id, clip: *clip, low: Some((a, true)), high: Some((b, true)) }
            }
        };
        let above = checked.low.is_none_or(|(low, closed)| default > low || (closed && default == low));
        let below = checked.high.is_none_or(|(high, closed)| default < high || (closed && default == high));
        if !(above && below) {
            let message = format!("`{name}` starts outside of its own bounds, at `{}`", text(at));
            self.sink.error(at.span, with_help(message, "change the value or the bounds"));
        }
        Some(checked)
    }

    fn equations(&mut self, neuron: &Neuron) -> Vec<Equation> {
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
                self.sink.error(written.state.span(), with_help(message, "add their right sides"));
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
        if let Some(&id) = self.names.get(&name)
            && self.symbols[id].role == Role::State
        {
            return Some(id);
        }
        if self.failed.contains(&name) {
            return None;
        }
        let message = match self.names.get(&name).map(|&id| self.symbols[id].role) {
            Some(Role::Param | Role::Local | Role::Const) => {
                format!("`{name}` is a fixed number, it has no rate of change")
            }
            Some(_) => format!("`{name}` is no state, it has no equation"),
            None => format!("no state `{name}` has this equation"),
        };
        let states: Vec<_> =
            self.symbols.iter().filter(|s| s.role == Role::State).map(|s| s.name.to_string()).collect();
        let help = match binnet_units::nearest(&name, states.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `d{near}/dt`?"),
            None => format!("declare it: `state {name} = ..;`"),
        };
        self.sink.error(written.state.span(), with_help(message, help));
        None
    }

    /// The right side of an equation, per ms and in the unit of its variable.
    fn rate(&mut self, state: Id, written: &model::Equation) -> Option<Shared> {
        self.noisy = true;
        let typed = self.expr(&written.value);
        self.noisy = false;
        let typed = typed?;
        let unit = self.symbols[state].quantity.clone();
        let wanted = unit.rate();
        let found = match &typed.kind {
            Kind::Any => return Some(typed.node),
            Kind::Number(found) => found,
            Kind::Truth => {
                self.sink.error(
                    written.value.span,
                    with_help("a rate of change is a number, not a condition", "write `if a > b { x } else { y }`"),
                );
                return None;
            }
        };
        if found.dimension == wanted.dimension {
            return Some(scaled(&typed.node, found.scale, wanted.scale));
        }
        if let Some((name, declared)) = self.culprit(&written.value, found, &wanted) {
            let message = format!(
                "`{name}` divides a rate of change of `{}`: it must be a time, it is {}",
                written.state,
                declared.describe()
            );
            self.sink.error(name.span(), with_help(message, format!("declare it in ms: `{name} = 20 ms`")));
            return None;
        }
        let time = Half::of(Dimension::TIME);
        let help = if found.dimension == unit.dimension {
            "divide by a time constant?".to_owned()
        } else if found.dimension == unit.dimension.per(time).per(time) {
            "it is divided by a time twice".to_owned()
        } else {
            format!("the rate of change of `{}` is in {}", written.state, wanted.text)
        };
        let message = format!("the right side is {}, it must be {}", found.describe(), wanted.describe());
        self.sink.error(written.value.span, with_help(message, help));
        None
    }

    /// A name that divides the right side and would have to be a time.
    fn culprit(&self, expr: &Expr, found: &Quantity, wanted: &Quantity) -> Option<(Ident, Quantity)> {
        let expr = if let Written::Minus(inner) = &expr.kind { inner } else { expr };
        let Written::Binary(Op::Div, _, divisor) = &expr.kind else { return None };
        let Written::Name(name) = &divisor.kind else { return None };
        let symbol = self.names.get(&name.to_string()).map(|&id| &self.symbols[id])?;
        let undivided = found.dimension.times(symbol.quantity.dimension);
        (undivided.per(Half::of(Dimension::TIME)) == wanted.dimension)
            .then(|| (symbol.name.clone(), symbol.quantity.clone()))
    }

    /// A right side as drift and the factors of the sources of noise.
    fn split(&mut self, rate: &Shared, at: &Expr) -> Option<(Shared, Vec<Shared>)> {
        let noises = self.noises.clone();
        let noisy = |id: Id| u8::from(noises.contains(&id));
        if degree(rate, &noisy) > 1 {
            let help = "noise is added, times a factor: `dv/dt = .. + sigma * xi`";
            self.sink.error(at.span, with_help("noise must enter an equation linearly", help));
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

    /// `spike` and `update`.
    fn bodies(
        &mut self,
        neuron: &Neuron,
        held: &mut Vec<Id>,
        changed: &mut HashSet<Id>,
    ) -> (Option<Spike>, Option<Vec<Step>>) {
        let (mut spike, mut update): (Option<Spike>, Option<Vec<Step>>) = (None, None);
        for item in &neuron.items {
            match item {
                Item::Spike(written) => {
                    if spike.is_some() {
                        self.sink.error(
                            written.span,
                            with_help("a neuron says once when it spikes", "join conditions with `||`"),
                        );
                        continue;
                    }
                    let condition = self.condition(written);
                    let body = self.steps(&written.body, true, held, changed);
                    spike = condition.map(|condition| Spike { condition, body });
                }
                Item::Update { span, body } => {
                    if update.is_some() {
                        self.sink.error(*span, with_help("`update` is written twice", "join the two"));
                        continue;
                    }
                    update = Some(self.steps(body, false, held, changed));
                    if let Some(Item::Equation(equation)) =
                        neuron.items.iter().find(|item| matches!(item, Item::Equation(_)))
                    {
                        let help = "write all of the model as equations, or all of it as `update`";
                        self.sink.error(
                            equation.state.span(),
                            with_help("a model with `update` fixes its own step and has no equations", help),
                        );
                    }
                }
                _ => {}
            }
        }
        (spike, update)
    }

    fn condition(&mut self, written: &model::Spike) -> Option<Condition> {
        if written.count {
            return self.in_unit(&written.value, &Quantity::number(), "a count of spikes").map(Condition::Count);
        }
        if let Written::Rises(value, level) = &written.value.kind {
            let value = self.expr(value)?;
            let Kind::Number(quantity) = &value.kind else {
                self.sink
                    .error(written.value.span, with_help("a condition does not rise", "write `v rises through 0 mV`"));
                return None;
            };
            let level = self.in_unit(level, &quantity.clone(), "the level that is risen through")?;
            return Some(Condition::Rises(node::sub(&value.node, &level)));
        }
        self.truth(&written.value).map(Condition::When)
    }

    fn steps(&mut self, body: &[Statement], spike: bool, held: &mut Vec<Id>, changed: &mut HashSet<Id>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut temporary = Vec::new();
        for statement in body {
            match statement {
                Statement::Let(binding) => {
                    let name = binding.name.to_string();
                    if self.names.contains_key(&name) || RESERVED.contains(&name.as_str()) {
                        let message = format!("`{name}` has a meaning already");
                        self.sink.error(binding.name.span(), with_help(message, "give it another name"));
                        continue;
                    }
                    let Some(typed) = self.expr(&binding.value) else {
                        self.failed.insert(name.clone());
                        temporary.push(name);
                        continue;
                    };
                    let quantity = match typed.kind {
                        Kind::Number(quantity) => quantity,
                        Kind::Any => Quantity::number(),
                        Kind::Truth => {
                            let help = "write `if a > b { 1 } else { 0 }`";
                            self.sink.error(
                                binding.value.span,
                                with_help(format!("`{name}` is a condition, not a number"), help),
                            );
                            continue;
                        }
                    };
                    let id = self.push(Symbol {
                        name: binding.name.clone(),
                        docs: Vec::new(),
                        role: Role::Temporary,
                        quantity,
                        default: f64::NAN,
                        definition: None,
                    });
                    temporary.push(name);
                    steps.push(Step::Let(id, typed.node));
                }
                Statement::Assign { name, op, value } => {
                    let target = self.target(name);
                    if let Some(id) = target {
                        changed.insert(id);
                    }
                    let step = match target {
                        Some(id) => self.assign(id, *op, value),
                        None => {
                            self.expr(value);
                            None
                        }
                    };
                    steps.extend(step);
                }
                Statement::Refractory { span, duration, held: names } => {
                    if !spike {
                        let help = "count a state down instead, as in `timer = max(timer - dt, 0 ms)`";
                        self.sink.error(*span, with_help("a refractory period follows a spike", help));
                        continue;
                    }
                    if steps.iter().any(|s| matches!(s, Step::Refractory(_))) {
                        self.sink.error(*span, with_help("a spike has one refractory period", "leave one of them out"));
                        continue;
                    }
                    let duration = self.in_unit(duration, &Quantity::ms(), "a refractory period");
                    held.extend(names.iter().filter_map(|name| self.target(name)));
                    steps.extend(duration.map(Step::Refractory));
                }
            }
        }
        for name in temporary {
            self.names.remove(&name);
        }
        steps
    }

    fn assign(&mut self, id: Id, op: Option<Op>, value: &Expr) -> Option<Step> {
        let unit = self.symbols[id].quantity.clone();
        let name = self.symbols[id].name.to_string();
        let own = node::symbol(id);
        let what = format!("`{name}`");
        let node = match op {
            None => self.in_unit(value, &unit, &what)?,
            Some(Op::Add) => node::add(&own, &self.in_unit(value, &unit, &what)?),
            Some(Op::Sub) => node::sub(&own, &self.in_unit(value, &unit, &what)?),
            Some(op) => {
                let factor = self.in_unit(value, &Quantity::number(), "a factor")?;
                if op == Op::Mul { node::mul(&own, &factor) } else { node::div(&own, &factor) }
            }
        };
        Some(Step::Set(id, node))
    }

    fn output(&mut self, neuron: &Neuron) -> Option<Id> {
        let mut output = None;
        for item in &neuron.items {
            let Item::Output(name) = item else { continue };
            if output.is_some() {
                self.sink.error(name.span(), with_help("a neuron has one output", "leave one of them out"));
                continue;
            }
            let found = self.names.get(&name.to_string()).copied();
            output = found.filter(|&id| matches!(self.symbols[id].role, Role::State | Role::Let));
            if let (None, false) = (output, self.failed.contains(&name.to_string())) {
                let states: Vec<_> = self
                    .symbols
                    .iter()
                    .filter(|s| matches!(s.role, Role::State | Role::Let))
                    .map(|s| s.name.to_string())
                    .collect();
                let help = did_you_mean(&name.to_string(), states.iter().map(String::as_str), "there is");
                self.sink.error(name.span(), with_help(format!("no state or intermediate value `{name}`"), help));
            } else if let Some(id) = output {
                self.read.insert(id);
            }
        }
        output
    }

    /// What only the whole neuron shows.
    fn whole(&mut self, neuron: &Neuron, changed: &HashSet<Id>, still: bool) {
        if neuron.broken {
            return;
        }
        if still
            && !neuron.items.iter().any(|item| matches!(item, Item::Equation(_) | Item::Update { .. } | Item::Spike(_)))
        {
            let message = format!("`{}` says nothing about how it changes", neuron.name);
            let help = "write an equation, as in `dv/dt = (v_rest - v) / tau;`, or `update { .. }`";
            self.sink.error(neuron.name.span(), with_help(message, help));
            return;
        }
        if !self.failed.is_empty() {
            return;
        }
        let written: HashSet<_> = neuron
            .items
            .iter()
            .filter_map(
                |item| if let Item::Equation(equation) = item { Some(equation.state.to_string()) } else { None },
            )
            .collect();
        for (id, symbol) in self.symbols.iter().enumerate() {
            let name = &symbol.name;
            if symbol.role == Role::State && !changed.contains(&id) && !written.contains(&name.to_string()) {
                let help = format!("write `d{name}/dt = ..`, or declare it as `local {name}`");
                self.sink.error(name.span(), with_help(format!("nothing changes the state `{name}`"), help));
            }
            if symbol.role == Role::Input && !self.read.contains(&id) {
                let help = format!("use `{name}` in an equation, or leave it out");
                self.sink.error(name.span(), with_help(format!("the input `{name}` is never read"), help));
            }
        }
    }
}

/// The value of a symbol while all that is declared keeps its default; intermediate values follow from it.
fn default_of(symbols: &[Symbol], id: Id) -> Option<f64> {
    let symbol = symbols.get(id)?;
    match (symbol.role, &symbol.definition) {
        (Role::Let, Some(definition)) => node::eval(definition, &|id| default_of(symbols, id)),
        _ => Some(symbol.default).filter(|x| x.is_finite()),
    }
}
