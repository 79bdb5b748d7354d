//! What expressions and statements read, through intermediate values: what decides where a state is kept.

use std::collections::{BTreeSet, HashMap};

use crate::neuron::check::{Plan, Role, Step};
use crate::neuron::model::Side;
use crate::neuron::node::{Id, Shared};

use super::check::Synapse;

/// The declared values that expressions follow from, in the order of their declaration.
pub(super) fn base<'n>(plan: &Plan<'_>, nodes: impl IntoIterator<Item = &'n Shared>) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    for node in nodes {
        node.symbols(&mut |id| _ = found.insert(id));
    }
    for &id in plan.lets.iter().rev() {
        if found.remove(&id)
            && let Some(definition) = &plan.symbols[id].definition
        {
            definition.symbols(&mut |id| _ = found.insert(id));
        }
    }
    found
}

/// What an event reads, and what it changes.
#[derive(Default)]
pub(super) struct Event {
    pub(super) reads: BTreeSet<Id>,
    /// The states that it changes, and what their new values follow from.
    pub(super) sets: HashMap<Id, BTreeSet<Id>>,
}

impl Event {
    pub(super) fn of(plan: &Plan<'_>, steps: &[Step]) -> Self {
        let mut event = Self::default();
        let mut temporary: HashMap<Id, BTreeSet<Id>> = HashMap::new();
        for step in steps {
            let (Step::Let(_, node) | Step::Set(_, node) | Step::Refractory(node) | Step::Deliver(node)) = step;
            let mut reads = BTreeSet::new();
            for id in base(plan, [node]) {
                match temporary.get(&id) {
                    Some(inner) => reads.extend(inner),
                    None => _ = reads.insert(id),
                }
            }
            // What was set before has a value that follows from what it was set by.
            let through: Vec<_> = reads.iter().filter_map(|id| event.sets.get(id)).flatten().copied().collect();
            reads.extend(through);
            event.reads.extend(&reads);
            match step {
                Step::Let(id, _) => _ = temporary.insert(*id, reads),
                Step::Set(id, _) => event.sets.entry(*id).or_default().extend(reads),
                _ => {}
            }
        }
        event
    }
}

/// How a state changes.
pub(super) struct Changes {
    pub(super) pre: bool,
    pub(super) post: bool,
    /// Whether a variable of either side is read for it.
    pub(super) reads: [bool; 2],
    /// The locals and states that its changes follow from.
    pub(super) needs: BTreeSet<Id>,
}

/// How a state of the synapse changes, by events and by its equation.
pub(super) fn changes(synapse: &Synapse<'_>, state: Id) -> Changes {
    let plan = &synapse.plan;
    let mut needs = BTreeSet::new();
    let mut event = |steps: &Option<Vec<Step>>| {
        let event = Event::of(plan, steps.as_deref().unwrap_or_default());
        event.sets.get(&state).is_some_and(|found| {
            needs.extend(found);
            true
        })
    };
    let (pre, post) = (event(&synapse.on_pre), event(&synapse.on_post));
    let laws = synapse.laws.iter().map(|law| (law.state, &law.drift));
    let clocked = plan.equations.iter().map(|equation| (equation.state, &equation.drift));
    needs.extend(laws.chain(clocked).filter(|(id, _)| *id == state).flat_map(|(_, drift)| base(plan, [drift])));
    // A state may also start from what differs.
    needs.extend(plan.symbols[state].definition.iter().flat_map(|definition| base(plan, [definition])));
    let side = |side: Side| plan.reads.iter().any(|(id, of)| *of == side && needs.contains(id));
    let reads = [side(Side::Pre), side(Side::Post)];
    needs.retain(|id| *id != state && matches!(plan.symbols[*id].role, Role::Local | Role::State));
    Changes { pre, post, reads, needs }
}
