//! Equations that are solved exactly from one event to the next.
//!
//! Between events, dx/dt = a x + b with a and b fixed has the solution
//! x(t + s) = x + (a x + b) s exprel(a s), with exprel(z) = (e^z - 1) / z; where b is 0, x e^(a s).

use crate::diag::with_help;
use crate::neuron::check::{Plan, Role};
use crate::neuron::node::{self, Id, Shared, number, value};
use crate::neuron::show::called;
use crate::neuron::slopes::{Gradient, degree_in, following, slope};

use super::uses::base;

/// The equation of one state.
pub(crate) struct Law {
    pub(crate) state: Id,
    /// a x + b, per ms.
    pub(crate) drift: Shared,
    /// a, per ms.
    pub(crate) slope: Gradient,
    /// Whether b is 0.
    pub(crate) decay: bool,
}

/// The law of a state, or why it has none; `moving` are the states with equations.
pub(super) fn law(plan: &Plan<'_>, state: Id, drift: &Shared, moving: &[Id]) -> Result<Law, String> {
    let name = called(plan, state);
    for id in base(plan, [drift]) {
        let fixed = match plan.symbols[id].role {
            Role::State => id == state || !moving.contains(&id),
            Role::Param | Role::Local | Role::Const => true,
            _ => false,
        };
        if !fixed {
            let other = called(plan, id);
            let message = format!(
                "`{name}` depends on `{other}`, which changes between events: it cannot be advanced from event to event"
            );
            let help = format!("advance it with the clock: `d{name}/dt = .. by rk4;`");
            return Err(with_help(message, help));
        }
    }
    if degree_in(plan, drift, &|id| id == state, false) > 1 {
        let message = format!("this is not linear in `{name}`: it cannot be advanced from event to event");
        let help = format!("advance it with the clock: `d{name}/dt = .. by rk4;`");
        return Err(with_help(message, help));
    }
    let follows = following(plan, |id| id == state);
    let direct = !drift.mentions(&|id| id != state && follows(id));
    let rest = node::replace(drift, &|id| (id == state).then(|| number(0.0)));
    let decay = direct && value(&rest) == Some(0.0);
    Ok(Law { state, drift: std::rc::Rc::clone(drift), slope: slope(plan, drift, state, false), decay })
}

/// What is wrong with an equation of the clock that reads states which the clock does not advance.
pub(super) fn mixture(plan: &Plan<'_>, state: Id, drift: &Shared, lawful: &[Id]) -> Option<String> {
    let other = base(plan, [drift]).into_iter().find(|id| lawful.contains(id))?;
    let (name, other) = (called(plan, state), called(plan, other));
    let message =
        format!("`{name}` advances with the clock and depends on `{other}`, which is advanced from event to event");
    Some(with_help(message, format!("advance both with the clock: `d{other}/dt = .. by rk4;`")))
}
