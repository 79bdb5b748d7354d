//! Which methods of integration the equations of a neuron admit, and which one is the best.

use super::check::{Equation, Plan, Role};
use super::model::{Item, Neuron};
use super::node::{Id, Shared};
use super::slopes::{degree_in, following, frozen_degree, slope};
use crate::diag::{Sink, list, with_help};
use crate::methods::METHODS;

/// What a model admits, the best first, and why that is the best.
pub(crate) struct Admitted {
    pub(crate) names: Vec<&'static str>,
    pub(crate) why: &'static str,
}

/// Judges the equations of a neuron.
pub(crate) fn admitted(plan: &Plan<'_>) -> Admitted {
    if plan.noises.is_empty() { deterministic(plan) } else { stochastic(plan) }
}

fn deterministic(plan: &Plan<'_>) -> Admitted {
    let mut names = vec![
        "exponential_euler",
        "rk4",
        "rk4_38",
        "rk3",
        "heun",
        "midpoint",
        "rk2",
        "euler",
        "exponential_euler_diagjac",
    ];
    if is_linear(plan) {
        names.insert(0, "exact");
        return Admitted { names, why: "the equations are linear together: exact" };
    }
    if plan.equations.iter().all(|e| frozen_degree(plan, &e.drift, e.state) <= 1) {
        return Admitted {
            names,
            why: "each equation is linear in its own variable: stable, and exact for frozen coefficients",
        };
    }
    names.remove(0);
    names.insert(1, "exponential_euler");
    Admitted { names, why: "the equations are not linear in their own variables: fourth order" }
}

fn stochastic(plan: &Plan<'_>) -> Admitted {
    let mut names = vec!["euler_maruyama", "exponential_euler"];
    let moving = following(plan, |id| plan.equations.iter().any(|e| e.state == id));
    let additive = plan.equations.iter().flat_map(|e| &e.diffusion).all(|g| !g.mentions(&|id| moving(id)));
    if additive || commutes(plan, &moving) {
        names.extend(["milstein_ito", "milstein_stratonovich", "milstein_stratonovich_derivative_free"]);
    }
    names.extend(["heun_full", "heun_drift_euler"]);
    let why = if additive { "the noise is additive" } else { "the noise is multiplicative, read after Ito" };
    Admitted { names, why }
}

/// Noise commutes if there is one source, or each has an equation of its own whose factor depends on that variable
/// only.
fn commutes(plan: &Plan<'_>, moving: &impl Fn(Id) -> bool) -> bool {
    if plan.noises.len() == 1 {
        return true;
    }
    let zero = |g: &Shared| super::node::value(g) == Some(0.0);
    let own = |e: &Equation, id: Id| id == e.state || !moving(id);
    (0..plan.noises.len()).all(|j| plan.equations.iter().filter(|e| !zero(&e.diffusion[j])).count() <= 1)
        && plan.equations.iter().all(|e| {
            e.diffusion.iter().filter(|g| !zero(g)).count() <= 1
                && e.diffusion.iter().all(|g| !g.mentions(&|id| !own(e, id)))
        })
}

/// Whether all equations are linear in all variables together, with factors that are fixed while parameters are.
fn is_linear(plan: &Plan<'_>) -> bool {
    !plan.equations.is_empty() && are_linear(plan, plan.equations.iter().map(|e| &e.drift), &states(plan))
}

/// The variables of the equations.
pub(crate) fn states(plan: &Plan<'_>) -> Vec<Id> {
    plan.equations.iter().map(|e| e.state).collect()
}

/// Whether expressions are linear in some variables together, with factors that are fixed while parameters are.
pub(crate) fn are_linear<'n>(plan: &Plan<'_>, nodes: impl IntoIterator<Item = &'n Shared>, variables: &[Id]) -> bool {
    let timed = following(plan, |id| plan.symbols[id].role == Role::Time);
    let moves = |id: Id| !matches!(plan.symbols[id].role, Role::Param | Role::Local);
    nodes.into_iter().all(|node| {
        degree_in(plan, node, &|id| variables.contains(&id), false) <= 1
            && !node.mentions(&|id| timed(id))
            && variables.iter().all(|&variable| {
                let factor = slope(plan, node, variable, false);
                !factor.value.mentions(&moves) && !factor.lets.iter().any(|(_, slope)| slope.mentions(&moves))
            })
    })
}

/// Checks the methods that single equations name.
pub(crate) fn check(neuron: &Neuron, plan: &Plan<'_>, sink: &mut Sink) {
    let written = neuron.items.iter().filter(|item| matches!(item, Item::Equation(_))).count();
    // What equations with errors would admit is unknown.
    let complete = plan.equations.len() == written && !neuron.broken;
    check_named(neuron, plan, complete && plan.update.is_none(), sink);
}

/// The same, where `complete` says whether all equations are known.
pub(crate) fn check_named(neuron: &Neuron, plan: &Plan<'_>, complete: bool, sink: &mut Sink) {
    let written: Vec<_> = neuron
        .items
        .iter()
        .filter_map(|item| if let Item::Equation(equation) = item { Some(equation) } else { None })
        .collect();
    for method in written.iter().filter_map(|equation| equation.method.as_ref()) {
        let name = method.to_string();
        let names = || METHODS.iter().map(|m| m.name);
        if !names().any(|known| known == name) {
            let help = match binnet_units::nearest(&name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("methods are {}", list(names(), "and")),
            };
            sink.error(method.span(), with_help(format!("no method of integration is called `{name}`"), help));
            continue;
        }
        if !complete {
            continue;
        }
        let admitted = admitted(plan).names;
        if !admitted.contains(&name.as_str()) {
            let reason = objection(plan, &name);
            let help = format!("methods for it are {}", list(admitted, "and"));
            sink.error(method.span(), with_help(format!("`{name}` {reason}"), help));
        } else if plan.equations.len() > 64 {
            let help = "choose one method for the population: `method: rk4`";
            sink.error(method.span(), with_help("of more than 64 equations none has a method of its own", help));
        }
    }
}

/// Why a method does not suit the equations.
fn objection(plan: &Plan<'_>, name: &str) -> String {
    let neuron = plan.name;
    match (name, plan.noises.is_empty()) {
        ("exact", true) => {
            format!("solves linear equations, but those of `{neuron}` together are not linear with fixed factors")
        }
        (_, true) => format!("is a method for noise, and `{neuron}` has none"),
        (milstein, false) if milstein.starts_with("milstein") => {
            format!("needs noise that commutes, and the sources of noise of `{neuron}` do not")
        }
        _ => format!("is a method for equations without noise, and `{neuron}` has noise"),
    }
}
