//! What is done in order: the bodies of `spike` and `update`.

use super::super::expr::{Expr, Kind as Written, Op, STOPS};
use super::super::kind::{Kind, Quantity};
use super::super::model::{self, Item, Neuron, Statement};
use super::super::node::{self, Id};
use super::{Checker, Condition, RESERVED, Role, Spike, Step, Symbol};
use crate::diag::with_help;

impl Checker<'_, '_> {
    /// `spike` and `update`.
    pub(super) fn bodies(&mut self, neuron: &Neuron, held: &mut Vec<Id>) -> (Option<Spike>, Option<Vec<Step>>) {
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
        if let (Some(_), Some(Spike { condition: Condition::Rises(_), .. })) = (&update, &spike) {
            let rises = neuron.items.iter().find_map(|item| match item {
                Item::Spike(spike) => Some(&spike.value),
                _ => None,
            });
            if let Some(rises) = rises {
                let help = "keep the value in a state, and compare: `spike when before < level && v >= level`";
                let message = "a model with `update` does not know the value before the step";
                self.sink.error(rises.place, with_help(message, help));
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
}
