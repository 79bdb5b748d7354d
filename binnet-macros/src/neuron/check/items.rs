//! The declarations of a neuron, one after the other.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::super::calculus::{Slope, degree, derivative};
use super::super::expr::{Expr, Kind as Written, Op, STOPS};
use super::super::kind::{Kind, Quantity};
use super::super::model::{self, Class, Item, Neuron, Statement, Value};
use super::super::node::{self, Id, Shared, number};
use super::mend::{Wanted, text};
use super::typing::scaled;
use super::uses::{Uses, uses};
use super::{Bound, Checker, Condition, Equation, KEYS, Plan, RESERVED, Role, Spike, Step, Symbol};
use crate::diag::{Place, Sink, did_you_mean, with_help};

pub(super) fn check<'a>(neuron: &'a Neuron, sink: &mut Sink) -> Plan<'a> {
    let mut checker = Checker::new(neuron, sink);
    let bounds = checker.declarations(neuron);
    let equations = checker.equations(neuron);
    let mut held = Vec::new();
    let (spike, update) = checker.bodies(neuron, &mut held);
    let output = checker.output(neuron);
    checker.whole(neuron);
    Plan { equations, spike, update, held, output, ..checker.plan(neuron, bounds) }
}

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
            Item::Value(Value { name, .. }) | Item::Input { name, .. } => Some(name),
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
            bounds.extend(self.bound(id, bound, &quantity, default, *class, expr));
        }
        Some(())
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
        let above = checked.low.is_none_or(|(low, closed)| default > low || (closed && default == low));
        let below = checked.high.is_none_or(|(high, closed)| default < high || (closed && default == high));
        if !(above && below) {
            let message = format!("`{name}` starts outside of its own bounds, at `{}`", text(at));
            self.sink.error(at.place, with_help(message, "change the value or the bounds"));
        }
        Some(checked)
    }

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

    /// `spike` and `update`.
    fn bodies(&mut self, neuron: &Neuron, held: &mut Vec<Id>) -> (Option<Spike>, Option<Vec<Step>>) {
        let (mut spike, mut update): (Option<Spike>, Option<Vec<Step>>) = (None, None);
        for item in &neuron.items {
            match item {
                Item::Spike(written) => {
                    if spike.is_some() {
                        self.sink.error(
                            written.span,
                            with_help("a neuron says once when it spikes", "join both conditions with `||`"),
                        );
                        continue;
                    }
                    let condition = self.condition(written);
                    let body = self.steps(&written.body, true, held);
                    spike = condition.map(|condition| Spike { condition, body });
                }
                Item::Update { span, body } => {
                    if update.is_some() {
                        self.sink.error(*span, with_help("`update` is written twice", "join the two"));
                        continue;
                    }
                    update = Some(self.steps(body, false, held));
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
                let help = "write `v rises through 0 mV`";
                self.sink.error(written.value.place, with_help("a condition does not rise", help));
                return None;
            };
            let level = self.in_unit(level, &quantity.clone(), "the level that is risen through")?;
            return Some(Condition::Rises(node::sub(&value.node, &level)));
        }
        self.truth(&written.value).map(Condition::When)
    }

    pub(crate) fn steps(&mut self, body: &[Statement], spike: bool, held: &mut Vec<Id>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut temporary = Vec::new();
        for statement in body {
            match statement {
                Statement::Let(binding) => {
                    let name = binding.name.to_string();
                    let taken =
                        RESERVED.contains(&name.as_str()) || STOPS.contains(&name.as_str()) || self.is_word(&name);
                    if self.names.contains_key(&name) || taken || name.starts_with("xi_") || name.starts_with("__") {
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
                            let message = format!("`{name}` is a condition, a `let` is a number");
                            self.sink.error(binding.value.place, with_help(message, help));
                            self.failed.insert(name.clone());
                            temporary.push(name);
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
                    let step = match self.target(name) {
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
                Statement::Deliver { value, .. } => steps.extend(self.deliver(value).map(Step::Deliver)),
            }
        }
        for name in temporary {
            self.names.remove(&name);
            self.failed.remove(&name);
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
                let factor = self.in_unit(
                    value,
                    &Quantity::number(),
                    &format!(
                        "what {what} is {}",
                        match op {
                            Op::Mul => "multiplied by",
                            _ => "divided by",
                        }
                    ),
                )?;
                if op == Op::Div && node::value(&factor) == Some(0.0) {
                    self.by_zero(value);
                    return None;
                }
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
            }
        }
        output
    }

    /// What only the whole neuron shows.
    fn whole(&mut self, neuron: &Neuron) {
        if neuron.broken {
            return;
        }
        let moves = |item: &Item| matches!(item, Item::Equation(_) | Item::Update { .. } | Item::Spike(_));
        if !neuron.items.iter().any(moves) {
            let message = format!("`{}` says nothing about how it changes", neuron.name);
            let help = "write an equation, as in `dv/dt = (v_rest - v) / tau;`, or `update { .. }`";
            self.sink.error(neuron.name.span(), with_help(message, help));
            return;
        }
        let declares = |item: &Item| matches!(item, Item::Value(_) | Item::Input { .. });
        if neuron.lost.is_empty() && !neuron.items.iter().any(declares) {
            let help = "write what it is, as in `state v = -60 mV;`";
            self.sink.error(neuron.name.span(), with_help(format!("`{}` declares nothing", neuron.name), help));
            return;
        }
        let used = uses(neuron);
        self.changed(&used);
        for symbol in self.symbols.iter().filter(|symbol| !self.meant.contains(&symbol.name.to_string())) {
            let name = &symbol.name;
            if symbol.role == Role::Input && !used.read.contains(&name.to_string()) {
                let help = format!("use `{name}` in an equation, or leave it out");
                self.sink.error(name.span(), with_help(format!("the input `{name}` is never read"), help));
            }
        }
    }

    /// Refuses states that nothing changes.
    pub(super) fn changed(&mut self, used: &Uses) {
        for symbol in self.symbols.iter().filter(|symbol| !self.meant.contains(&symbol.name.to_string())) {
            let name = &symbol.name;
            if symbol.role == Role::State && !used.changed.contains(&name.to_string()) {
                let help = format!("write `d{name}/dt = ..`, or declare it as `param` or `local`");
                self.sink.error(name.span(), with_help(format!("nothing changes the state `{name}`"), help));
            }
        }
    }
}
