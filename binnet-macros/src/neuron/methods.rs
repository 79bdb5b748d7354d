//! Which methods of integration the equations of a neuron admit, and which one is the best.

use super::calculus::{Slope, degree, derivative};
use super::check::{Plan, Role};
use super::node::{Id, Shared};

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
    if plan.equations.iter().all(|e| conditional_degree(plan, &e.drift, e.state) <= 1) {
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
    let additive = plan.equations.iter().flat_map(|e| &e.diffusion).all(|g| !g.mentions(&|id| depends(plan, id)));
    if additive || commutes(plan) {
        names.extend(["milstein_ito", "milstein_stratonovich", "milstein_stratonovich_derivative_free"]);
    }
    names.extend(["heun_full", "heun_drift_euler"]);
    let why = if additive { "the noise is additive" } else { "the noise is multiplicative, read after Ito" };
    Admitted { names, why }
}

/// Whether a symbol is, or follows from, a variable with an equation.
fn depends(plan: &Plan<'_>, id: Id) -> bool {
    plan.equations.iter().any(|e| e.state == id)
        || (plan.symbols[id].role == Role::Let
            && plan.symbols[id].definition.as_ref().is_some_and(|d| d.mentions(&|id| depends(plan, id))))
}

/// Noise commutes if there is one source, or each has an equation of its own whose factor depends on that variable
/// only.
fn commutes(plan: &Plan<'_>) -> bool {
    if plan.noises.len() == 1 {
        return true;
    }
    let zero = |g: &Shared| super::node::value(g) == Some(0.0);
    let own = |e: &super::check::Equation, id: Id| id == e.state || !depends(plan, id);
    (0..plan.noises.len()).all(|j| plan.equations.iter().filter(|e| !zero(&e.diffusion[j])).count() <= 1)
        && plan.equations.iter().all(|e| {
            e.diffusion.iter().filter(|g| !zero(g)).count() <= 1
                && e.diffusion.iter().all(|g| !g.mentions(&|id| !own(e, id)))
        })
}

/// Whether all equations are linear in all variables together, with factors that are fixed while parameters are.
fn is_linear(plan: &Plan<'_>) -> bool {
    let states: Vec<_> = plan.equations.iter().map(|e| e.state).collect();
    !states.is_empty()
        && plan.equations.iter().all(|e| {
            let joint = |id: Id| joint_degree(plan, id, &states);
            let fixed = |id: Id| matches!(plan.symbols[id].role, Role::Param | Role::Local);
            let untimed = |id: Id| !follows_from_time(plan, id);
            degree(&e.drift, &joint) <= 1
                && !e.drift.mentions(&|id| !untimed(id))
                && states.iter().all(|&state| {
                    let factor = derivative(&e.drift, &|id| slope(plan, id, state));
                    !factor.mentions(&|id| !fixed(id))
                })
        })
}

fn follows_from_time(plan: &Plan<'_>, id: Id) -> bool {
    match plan.symbols[id].role {
        Role::Time => true,
        Role::Let => {
            plan.symbols[id].definition.as_ref().is_some_and(|d| d.mentions(&|id| follows_from_time(plan, id)))
        }
        _ => false,
    }
}

fn joint_degree(plan: &Plan<'_>, id: Id, states: &[Id]) -> u8 {
    if states.contains(&id) {
        return 1;
    }
    match (&plan.symbols[id].role, &plan.symbols[id].definition) {
        (Role::Let, Some(definition)) => degree(definition, &|id| joint_degree(plan, id, states)),
        _ => 0,
    }
}

/// How a symbol depends on a variable, in full.
pub(crate) fn slope(plan: &Plan<'_>, id: Id, variable: Id) -> Slope {
    if id == variable {
        return Slope::One;
    }
    match (&plan.symbols[id].role, &plan.symbols[id].definition) {
        (Role::Let, Some(definition)) => Slope::Of(std::rc::Rc::clone(definition)),
        _ => Slope::Zero,
    }
}

/// How a symbol depends on a variable if what depends on it otherwise than linearly is frozen.
pub(crate) fn frozen_slope(plan: &Plan<'_>, id: Id, variable: Id) -> Slope {
    match slope(plan, id, variable) {
        Slope::Of(definition) if conditional_degree(plan, &definition, variable) > 1 => Slope::Zero,
        other => other,
    }
}

/// The degree of an expression in one variable, if intermediate values that are not linear in it are frozen.
pub(crate) fn conditional_degree(plan: &Plan<'_>, node: &Shared, variable: Id) -> u8 {
    degree(node, &|id| {
        if id == variable {
            return 1;
        }
        match (&plan.symbols[id].role, &plan.symbols[id].definition) {
            (Role::Let, Some(definition)) => match conditional_degree(plan, definition, variable) {
                2 => 0,
                degree => degree,
            },
            _ => 0,
        }
    })
}
