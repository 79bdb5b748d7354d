//! The order of the stages of a step.

use proc_macro2::Span;
use syn::Ident;

use crate::diag::{Sink, did_you_mean, list, with_help};

/// `schedule [record, neurons, threshold, reset, deliver]`
pub(crate) struct Schedule {
    /// The word `schedule`.
    pub(crate) word: Span,
    /// The brackets.
    pub(crate) span: Span,
    pub(crate) stages: Vec<Ident>,
}

/// The stages and their variants of `Stage`, in the usual order.
const STAGES: [(&str, &str); 5] = [
    ("record", "Record"),
    ("neurons", "Neurons"),
    ("threshold", "Threshold"),
    ("deliver", "Deliver"),
    ("reset", "Reset"),
];

/// The slots of Brian2, and what they are here.
const SLOTS: [(&str, &str); 6] = [
    ("groups", "`neurons` here"),
    ("thresholds", "`threshold` here"),
    ("synapses", "`deliver` here"),
    ("resets", "`reset` here"),
    ("start", "no stage here: stimuli come before the neurons; leave it out"),
    ("end", "no stage here: put `record` at the end of the list"),
];

impl Schedule {
    pub(super) const FORM: &str = "write `schedule [record, neurons, threshold, deliver, reset];` in another order";

    /// The variants of `Stage` in order, if each stage is there once.
    pub(super) fn order(&self, sink: &mut Sink) -> Option<Vec<&'static str>> {
        let mut order = Vec::new();
        let mut unknown = false;
        for (i, stage) in self.stages.iter().enumerate() {
            let Some((name, variant)) = STAGES.iter().find(|(name, _)| stage == name) else {
                unknown = true;
                let word = stage.to_string();
                let help = match SLOTS.iter().find(|(slot, _)| *slot == word) {
                    Some((slot, place)) => format!("what is `{slot}` in Brian2 is {place}"),
                    None => did_you_mean(&word, STAGES.map(|(name, _)| name), "stages are"),
                };
                sink.error(stage.span(), with_help(format!("a step has no stage `{word}`"), help));
                continue;
            };
            if self.stages[..i].contains(stage) {
                let message = format!("the stage `{name}` is listed twice");
                sink.error(stage.span(), with_help(message, "leave one of them out"));
                continue;
            }
            order.push(*variant);
        }
        if !unknown {
            let missing = STAGES.iter().filter(|(_, variant)| !order.contains(variant));
            let missing: Vec<_> = missing.map(|(name, _)| *name).collect();
            if !missing.is_empty() {
                let message = format!("{} missing in this order", list(missing, "and"));
                sink.error(self.span, with_help(message, Self::FORM));
            }
        }
        let place = |stage: &str| self.stages.iter().position(|other| other == stage);
        if let (Some(neurons), Some(threshold)) = (place("neurons"), place("threshold"))
            && threshold != neurons + 1
        {
            let message = "`threshold` stands apart from `neurons`, but it is tested as they advance";
            sink.error(self.stages[threshold].span(), with_help(message, "write `neurons, threshold` side by side"));
        }
        (order.len() == STAGES.len()).then_some(order)
    }
}
