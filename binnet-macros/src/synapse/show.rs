//! A synapse as text: Markdown, LaTeX, and how each of its states advances.

use std::fmt::Write as _;

use super::check::Synapse;
use super::uses::changes;
use crate::neuron::check::Role;
use crate::neuron::emit::{Text, fields};
use crate::neuron::model::Neuron;
use crate::neuron::show::{self, called, node};

/// What `equations()` gives.
pub(super) fn text(block: &Neuron, synapse: &Synapse<'_>) -> Text {
    let plan = &synapse.plan;
    Text { markdown: show::markdown(block, plan), latex: show::latex(block, plan), explain: explain(synapse) }
}

/// How states advance, where they are kept, and what is delivered.
fn explain(synapse: &Synapse<'_>) -> String {
    let plan = &synapse.plan;
    let mut out = format!("{}: delivers in {}\n", plan.name, synapse.delivered.text);
    for (id, symbol) in fields(plan).filter(|(_, symbol)| symbol.role == Role::State) {
        let (name, unit) = (called(plan, id), &symbol.quantity.text);
        let changes = changes(synapse, id);
        if let Some(law) = synapse.laws.iter().find(|law| law.state == id) {
            let (drift, slope) = (node(plan, &law.drift, 0), node(plan, &law.slope.value, 0));
            let _ = writeln!(
                out,
                "  d{name}/dt = {drift}   [{unit}/ms], exactly from event to event, by its slope {slope}"
            );
            for (id, slope) in &law.slope.lets {
                let _ = writeln!(out, "    {}' = {}", called(plan, *id), node(plan, slope, 0));
            }
        } else if let Some(equation) = plan.equations.iter().find(|equation| equation.state == id) {
            let method = equation.method.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                out,
                "  d{name}/dt = {}   [{unit}/ms], with the clock, by {method}",
                node(plan, &equation.drift, 0)
            );
        } else {
            let _ = writeln!(out, "  {name}   [{unit}], changed by spikes only");
        }
        let events = [(changes.pre, "pre"), (changes.post, "post")].into_iter().filter(|(changed, _)| *changed);
        let events: Vec<_> = events.map(|(_, side)| format!("on {side}")).collect();
        let needs: Vec<_> = changes.needs.iter().map(|id| called(plan, *id)).collect();
        let (events, needs) = (events.join(", "), needs.join(", "));
        let text = |items: String| if items.is_empty() { "nothing".to_owned() } else { items };
        let _ = writeln!(out, "    changed by: {}; follows from: {}", text(events), text(needs));
    }
    out.push_str(
        "a state that follows from one side only is kept once for each neuron of that side, as long as what it \
         follows from is the same for all synapses\n",
    );
    out
}
