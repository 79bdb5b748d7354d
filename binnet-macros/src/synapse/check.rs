//! Judges a written synapse.

use super::law::{self, Law};
use super::uses::base;
use crate::diag::{Sink, with_help};
use crate::neuron::check::{Bound, Checker, Equation, Plan, Role, Step};
use crate::neuron::kind::Quantity;
use crate::neuron::model::{self, Item, Neuron, Side, Statement};
use crate::neuron::node::Shared;

/// A checked synapse.
pub(crate) struct Synapse<'a> {
    /// What it has in common with neurons; of the equations, those that advance with the clock.
    pub(crate) plan: Plan<'a>,
    /// The equations that are solved from event to event.
    pub(crate) laws: Vec<Law>,
    pub(crate) on_pre: Option<Vec<Step>>,
    pub(crate) on_post: Option<Vec<Step>>,
    /// What is delivered in each step.
    pub(crate) continuous: Option<Shared>,
    /// The unit of what is delivered.
    pub(crate) delivered: Quantity,
    /// Whether no equation is missing because of an error.
    pub(crate) complete: bool,
}

/// Checks a synapse and makes the plan for its code.
pub(crate) fn check<'a>(block: &'a Neuron, sink: &mut Sink) -> Synapse<'a> {
    let mut checker = Checker::new(block, sink);
    let bounds = checker.declarations(block);
    let equations = checker.equations(block);
    let (mut on_pre, mut on_post) = (None, None);
    let mut continuous = None;
    for item in &block.items {
        match item {
            Item::On { span, side, body } => {
                let events = if *side == Side::Pre { &mut on_pre } else { &mut on_post };
                if events.is_some() {
                    let message = format!("`on {}` is written twice", side.word());
                    checker.sink.error(*span, with_help(message, "join the two"));
                    continue;
                }
                *events = Some(event(&mut checker, *side, body));
            }
            Item::Deliver { span, value } => {
                if continuous.is_some() {
                    let help = "deliver the sum of both";
                    checker.sink.error(*span, with_help("a synapse says once what it delivers in each step", help));
                    continue;
                }
                continuous = Some(checker.deliver(value));
            }
            _ => {}
        }
    }
    let delivers = continuous.is_some()
        || block.items.iter().any(|item| matches!(item, Item::On { body, .. } if body.iter().any(is_delivery)));
    checker.effect(block, delivers);
    let written: Vec<_> =
        block.items.iter().filter_map(|i| if let Item::Equation(e) = i { Some(e) } else { None }).collect();
    let complete = equations.len() == written.len() && !block.broken;
    bounded(&mut checker, &bounds);
    let delivered = checker.delivered.clone().unwrap_or_else(Quantity::number);
    let mut plan = checker.plan(block, bounds);
    known(&plan, sink);
    let laws = split(&mut plan, equations, &written, sink);
    Synapse { plan, laws, on_pre, on_post, continuous: continuous.flatten(), delivered, complete }
}

fn is_delivery(statement: &Statement) -> bool {
    matches!(statement, Statement::Deliver { .. })
}

/// What a spike of one side does.
fn event(checker: &mut Checker<'_, '_>, side: Side, body: &[Statement]) -> Vec<Step> {
    let mut deliveries =
        body.iter().filter_map(|s| if let Statement::Deliver { span, .. } = s { Some(*span) } else { None });
    if side == Side::Post {
        deliveries.for_each(|span| {
            let help = "deliver in `on pre`, or outside of events for each step";
            checker.sink.error(span, with_help("a spike of the postsynaptic neuron delivers nothing", help));
        });
    } else if let Some(second) = deliveries.nth(1) {
        checker.sink.error(second, with_help("a spike delivers once", "deliver the sum of both"));
    }
    // A synapse has no refractory period: the checker says so.
    checker.steps(body, false, &mut Vec::new())
}

/// States of synapses are clipped; nothing looks at them in each step.
fn bounded(checker: &mut Checker<'_, '_>, bounds: &[Bound]) {
    for bound in bounds.iter().filter(|bound| !bound.clip) {
        let symbol = &checker.symbols[bound.symbol];
        if symbol.role == Role::State {
            let help = format!("have it clipped: `state {} = .. in 0..=1;`", symbol.name);
            let message = format!("the state `{}` of a synapse is not watched, so it cannot stop the run", symbol.name);
            checker.sink.error(symbol.name.span(), with_help(message, help));
        }
    }
}

/// Initial values follow from what is known before the run.
fn known(plan: &Plan<'_>, sink: &mut Sink) {
    for symbol in plan.symbols.iter().filter(|symbol| symbol.role == Role::State) {
        if base(plan, &symbol.definition).iter().any(|id| plan.symbols[*id].role == Role::Input) {
            let message = format!("`{}` starts from what is read of a neuron, which is not known yet", symbol.name);
            sink.error(symbol.name.span(), with_help(message, "start from a quantity, or from parameters"));
        }
    }
}

/// Divides equations into those of the clock, which name a method, and those from event to event.
fn split(plan: &mut Plan<'_>, equations: Vec<Equation>, written: &[&model::Equation], sink: &mut Sink) -> Vec<Law> {
    let (clocked, free): (Vec<_>, Vec<_>) = equations.into_iter().partition(|equation| equation.method.is_some());
    let place = |plan: &Plan<'_>, state: usize| {
        let name = &plan.symbols[state].name;
        written.iter().find(|equation| equation.state == *name).map(|equation| equation.value.place)
    };
    let moving: Vec<_> = clocked.iter().chain(&free).map(|equation| equation.state).collect();
    let lawful: Vec<_> = free.iter().map(|equation| equation.state).collect();
    let mut laws = Vec::new();
    for equation in free {
        match law::law(plan, equation.state, &equation.drift, &moving) {
            Ok(law) => laws.push(law),
            Err(problem) => {
                if let Some(place) = place(plan, equation.state) {
                    sink.error(place, problem);
                }
            }
        }
    }
    for equation in &clocked {
        if let (Some(problem), Some(place)) =
            (law::mixture(plan, equation.state, &equation.drift, &lawful), place(plan, equation.state))
        {
            sink.error(place, problem);
        }
        if let Some(method) = equation.method.as_ref().filter(|method| *method == "exact") {
            let help =
                "leave `by exact` out: equations that are linear in their own state are solved from event to event";
            sink.error(method.span(), with_help("`exact` needs no clock in a synapse", help));
        }
    }
    plan.equations = clocked;
    // Without equations of the clock, there is no method of integration.
    plan.update = plan.equations.is_empty().then(Vec::new);
    laws
}
