//! How right-hand sides depend on variables, through intermediate values.
//!
//! Intermediate values are looked at in the order of their computation, each once: a chain of them that are used
//! twice each would otherwise be followed along 2^n ways.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::calculus::{Slope, degree, derivative};
use super::check::Plan;
use super::node::{Id, Node, Shared, value};

/// The largest expression that is written in the place of its name.
const SHORT: usize = 60;

/// A derivative, in terms of those of intermediate values (`Node::LetSlope`).
pub(crate) struct Gradient {
    /// In the order of their computation.
    pub(crate) lets: Vec<(Id, Shared)>,
    pub(crate) value: Shared,
}

/// The slope of a right side by a variable; where `frozen`, what depends on the variable otherwise than linearly
/// counts as fixed.
pub(crate) fn slope(plan: &Plan<'_>, drift: &Shared, variable: Id, frozen: bool) -> Gradient {
    let fixed: HashSet<Id> = if frozen {
        let degrees = degrees(plan, &|id| id == variable, true);
        degrees.into_iter().filter(|(_, degree)| *degree > 1).map(|(id, _)| id).collect()
    } else {
        HashSet::new()
    };
    // All of them by name, to see how often each is used.
    let named = differentiated(plan, drift, variable, &fixed, &|_, _| false);
    let mut uses: HashMap<Id, usize> = HashMap::new();
    let mut count = |node: &Shared| node.let_slopes(&mut |id| *uses.entry(id).or_default() += 1);
    count(&named.value);
    for (_, definition) in &named.lets {
        count(definition);
    }
    let once = |id: Id, slope: &Shared| match &**slope {
        Node::Number(_) | Node::Symbol(_) | Node::LetSlope(_) => true,
        _ => uses.get(&id) == Some(&1) && slope.size() <= SHORT,
    };
    let mut gradient = differentiated(plan, drift, variable, &fixed, &once);
    let mut used = HashSet::new();
    gradient.value.let_slopes(&mut |id| _ = used.insert(id));
    for (id, definition) in gradient.lets.iter().rev() {
        if used.contains(id) {
            definition.let_slopes(&mut |id| _ = used.insert(id));
        }
    }
    gradient.lets.retain(|(id, _)| used.contains(id));
    gradient
}

fn differentiated(
    plan: &Plan<'_>,
    drift: &Shared,
    variable: Id,
    fixed: &HashSet<Id>,
    inline: &impl Fn(Id, &Shared) -> bool,
) -> Gradient {
    let mut lets = Vec::new();
    let mut known: HashMap<Id, Shared> = HashMap::new();
    for &id in &plan.lets {
        let Some(definition) = plan.symbols[id].definition.as_ref().filter(|_| !fixed.contains(&id)) else { continue };
        let slope = derivative(definition, &|id| by(id, variable, &known));
        if value(&slope) == Some(0.0) {
            continue;
        }
        if inline(id, &slope) {
            known.insert(id, slope);
        } else {
            known.insert(id, Rc::new(Node::LetSlope(id)));
            lets.push((id, slope));
        }
    }
    Gradient { lets, value: derivative(drift, &|id| by(id, variable, &known)) }
}

fn by(id: Id, variable: Id, known: &HashMap<Id, Shared>) -> Slope {
    if id == variable {
        return Slope::One;
    }
    known.get(&id).map_or(Slope::Zero, |slope| Slope::Of(Rc::clone(slope)))
}

/// The degree of an expression in some variables: 0 none, 1 linear, 2 otherwise. Where `frozen`, intermediate values
/// that are not linear in them count as fixed.
pub(crate) fn degree_in(plan: &Plan<'_>, node: &Shared, variable: &impl Fn(Id) -> bool, frozen: bool) -> u8 {
    let known = degrees(plan, variable, frozen);
    degree(node, &|id| of(id, variable, &known, frozen))
}

/// The degree in one variable, if intermediate values that are not linear in it are frozen.
pub(crate) fn frozen_degree(plan: &Plan<'_>, node: &Shared, variable: Id) -> u8 {
    degree_in(plan, node, &|id| id == variable, true)
}

fn degrees(plan: &Plan<'_>, variable: &impl Fn(Id) -> bool, frozen: bool) -> HashMap<Id, u8> {
    let mut known = HashMap::new();
    for &id in &plan.lets {
        if let Some(definition) = &plan.symbols[id].definition {
            let own = degree(definition, &|id| of(id, variable, &known, frozen));
            known.insert(id, own);
        }
    }
    known
}

fn of(id: Id, variable: &impl Fn(Id) -> bool, known: &HashMap<Id, u8>, frozen: bool) -> u8 {
    if variable(id) {
        return 1;
    }
    match known.get(&id) {
        Some(2) if frozen => 0,
        Some(degree) => *degree,
        None => 0,
    }
}

/// Whether a symbol is one of some, or an intermediate value that follows from them.
pub(crate) fn following(plan: &Plan<'_>, is_one: impl Fn(Id) -> bool) -> impl Fn(Id) -> bool {
    let mut found: HashSet<Id> = (0..plan.symbols.len()).filter(|&id| is_one(id)).collect();
    for &id in &plan.lets {
        if plan.symbols[id].definition.as_ref().is_some_and(|d| d.mentions(&|id| found.contains(&id))) {
            found.insert(id);
        }
    }
    move |id| found.contains(&id)
}
