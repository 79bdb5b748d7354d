//! What snapshots hold of records: what they contain, and how far they are. What they are of was declared.

use super::gate::Gate;
use super::tally::{Kind, Tally};
use super::trace::Samples;
use super::{Records, SpikeTrain, Trace};
use crate::snapshot::persist;

persist!([] Records {} fixed { trains, traces, tallies } built { sink });

impl Records {
    /// What is recorded, a line each.
    pub(in crate::clocked) fn describe(&self) -> Vec<String> {
        let trains = self.trains.iter().map(|SpikeTrain { name, population, neurons, gate, .. }| {
            format!("record of spikes {name}: population {population}, neurons {neurons:?}, {}", steps(gate))
        });
        let traces = self.traces.iter().map(|trace| {
            let Trace { name, variable, source, over, width, samples, gate, .. } = trace;
            let bits = if matches!(samples, Samples::F32(_)) { 32 } else { 64 };
            let steps = steps(gate);
            format!("record {name}: {variable} of {source:?}, {over:?}, {width} columns of {bits} bits, {steps}")
        });
        let tallies = self.tallies.iter().map(|Tally { name, of, kind, gate }| {
            format!("record {name}: {of:?}, {}, {}", contents(kind), steps(gate))
        });
        trains.chain(traces).chain(tallies).collect()
    }
}

/// When something is recorded.
fn steps(gate: &Gate) -> String {
    format!("every {} steps from {} within {:?}", gate.period, gate.offset, gate.window)
}

fn contents(kind: &Kind) -> String {
    match kind {
        Kind::Counts(own) => format!("{} counts", own.counts.len()),
        Kind::Rate(own) => format!("rate of {} in bins of {} steps", own.size, own.bin),
        Kind::Intervals(own) => format!("intervals of {}", own.each.len()),
        Kind::Histogram(own) => format!("histogram of {} bins from {} to {}", own.counts.len(), own.low, own.high),
        Kind::OverTime(own) => format!("{} means over time", own.each.len()),
        Kind::Autocorrelation(own) => own.describe(),
    }
}
