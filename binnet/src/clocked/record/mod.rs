//! What a run leaves behind: spikes, values at regular times, and what is made of them on the way.

mod add;
mod correlation;
mod csv;
mod gate;
mod save;
mod saved;
mod source;
mod spec;
mod stream;
mod tally;
mod trace;
mod train;

use core::ops::Range;

use super::projection::Wiring;
use super::source::Source as Emitter;
use super::{Cohort, Populations, Step};
use crate::error::{BuildError, RecordError, Result};

pub use correlation::RunningAutocorrelation;
pub use spec::Record;
pub use tally::{Histogram, Intervals, OverTime, RateBins, SpikeCounts};
pub use trace::Trace;
pub use train::SpikeTrain;

use gate::Gate;
use stream::Sink;
use tally::{Kind, Of, Tally};
use trace::Over;

/// All records of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    trains: Vec<SpikeTrain>,
    traces: Vec<Trace>,
    tallies: Vec<Tally>,
    sink: Sink,
}

/// Finds a record of one kind by name.
macro_rules! find_tally {
    ($($(#[$doc:meta])* $name:ident: $kind:ident($ty:ty);)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// For a name under which nothing of the kind is recorded, with the nearest one.
        pub fn $name(&self, name: &str) -> Result<&$ty> {
            let found = self.tallies.iter().filter_map(|tally| {
                if let Kind::$kind(own) = &tally.kind { Some((tally.name.as_str(), own)) } else { None }
            });
            found.clone().find(|(own, _)| *own == name).map(|(_, own)| own).ok_or_else(|| {
                let known: Vec<_> = found.map(|(own, _)| own).collect();
                BuildError::unknown(concat!("record of `", stringify!($name), "`"), name, &known).into()
            })
        }
    )*};
}

impl Records {
    /// Spikes by the name of their population, or the name that was given.
    ///
    /// # Errors
    /// For a name under which no spikes are recorded, with the nearest one.
    pub fn spikes(&self, name: &str) -> Result<&SpikeTrain> {
        let is = |train: &&SpikeTrain| train.name == name || train.name.strip_suffix(".spikes") == Some(name);
        self.trains.iter().find(is).ok_or_else(|| {
            let known: Vec<_> = self.trains.iter().map(SpikeTrain::name).collect();
            BuildError::unknown("record of spikes", name, &known).into()
        })
    }

    /// A variable by name, as `exc.v`, or the name that was given.
    ///
    /// # Errors
    /// For a name under which nothing is recorded, with the nearest one.
    pub fn trace(&self, name: &str) -> Result<&Trace> {
        self.traces.iter().find(|trace| trace.name == name).ok_or_else(|| {
            let known: Vec<_> = self.traces.iter().map(Trace::name).collect();
            BuildError::unknown("record", name, &known).into()
        })
    }

    find_tally! {
        /// The spikes of each neuron, counted, by name as `exc.spikes`.
        counts: Counts(SpikeCounts);
        /// The mean rate in bins, by name as `exc.spikes`.
        rate: Rate(RateBins);
        /// The intervals between spikes, by name as `exc.spikes`.
        intervals: Intervals(Intervals);
        /// How often each value occurs, by name as `exc.v`.
        histogram: Histogram(Histogram);
        /// Mean and variance over time, by name as `exc.v`.
        over_time: OverTime(OverTime);
        /// The autocorrelation of a variable or of spikes, by name as `exc.v` or `exc.spikes`.
        autocorrelation: Autocorrelation(RunningAutocorrelation);
    }

    /// All spikes that are recorded, in the order of declaration.
    #[must_use]
    pub fn all_spikes(&self) -> &[SpikeTrain] {
        &self.trains
    }

    /// All variables that are recorded, in the order of declaration.
    #[must_use]
    pub fn all_traces(&self) -> &[Trace] {
        &self.traces
    }

    /// Whether nothing is recorded that grows.
    pub(super) fn is_idle(&self) -> bool {
        self.trains.is_empty() && self.traces.is_empty()
    }

    /// Bytes of what was recorded and is in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let tallies: u64 = self.tallies.iter().map(|tally| tally.bytes(&(0..0))).sum();
        self.waiting() + tallies as usize
    }

    /// Bytes of spikes and values, of which a file can relieve the memory.
    fn waiting(&self) -> usize {
        let spikes: usize = self.trains.iter().map(SpikeTrain::bytes).sum();
        spikes + self.traces.iter().map(Trace::bytes).sum::<usize>()
    }

    /// Forgets all that was recorded so far, and goes on recording.
    pub(super) fn clear(&mut self) {
        self.trains.iter_mut().for_each(SpikeTrain::clear);
        self.traces.iter_mut().for_each(Trace::clear);
        self.tallies.iter_mut().for_each(Tally::clear);
        self.sink.clear();
    }

    /// All records run, or wait, as they were declared.
    pub(super) fn reset_gates(&mut self) {
        self.gates().for_each(|(_, gate)| gate.reset());
    }

    /// Whether values of synapses, as many as there are now, go to a file.
    pub(super) fn streams_synapses(&self) -> bool {
        self.sink.bound().is_some() && self.traces.iter().any(|trace| trace.source.is_of_synapses())
    }

    /// Looks for the synapses of all records again, after connections were drawn: all of those that were chosen, not
    /// only some. Their records begin anew.
    pub(super) fn rewire(&mut self, wiring: &Wiring) {
        for trace in &mut self.traces {
            if trace.source.rewire(wiring) {
                trace.width = if trace.over == Over::Each { trace.source.neurons.len() } else { 1 };
                trace.ends = if trace.over == Over::Each { trace.source.ends(wiring) } else { Vec::new() };
                trace.clear();
            }
        }
        for tally in &mut self.tallies {
            if let Of::Values(source) = &mut tally.of
                && source.rewire(wiring)
            {
                tally.resize();
            }
        }
    }

    fn gates(&mut self) -> impl Iterator<Item = (&str, &mut Gate)> {
        let trains = self.trains.iter_mut().map(|train| (train.name.as_str(), &mut train.gate));
        let traces = self.traces.iter_mut().map(|trace| (trace.name.as_str(), &mut trace.gate));
        trains.chain(traces).chain(self.tallies.iter_mut().map(|tally| (tally.name.as_str(), &mut tally.gate)))
    }

    /// Lets a record pause, or go on.
    pub(super) fn pause(&mut self, name: &str, paused: bool) -> Result<()> {
        if let Some((_, gate)) = self.gates().find(|(own, _)| *own == name) {
            gate.paused = paused;
            return Ok(());
        }
        let known: Vec<String> = self.gates().map(|(own, _)| own.to_owned()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        Err(BuildError::unknown("record", name, &known).into())
    }

    /// The bytes that some steps add in memory, record by record; `spikes` is the number that is expected of a neuron
    /// of a population in a step.
    pub(super) fn expected(&self, steps: &Range<u64>, spikes: impl Fn(usize) -> f64) -> Vec<(String, u64)> {
        let trains = self.trains.iter().map(|train| {
            let watched = train.gate.watched(steps);
            let count = watched.end.saturating_sub(watched.start) as f64 * train.neurons.len() as f64;
            (train.name.clone(), (12.0 * count * spikes(train.population)).ceil() as u64)
        });
        let traces = self.traces.iter().map(|trace| {
            let bytes = (trace.width * trace.samples.bytes_each()) as u64;
            (trace.name.clone(), trace.gate.samples(steps).saturating_mul(bytes))
        });
        let tallies = self.tallies.iter().map(|tally| (tally.name.clone(), tally.bytes(steps) - tally.bytes(&(0..0))));
        let all = trains.chain(traces);
        match self.sink.bound() {
            None => all.chain(tallies).collect(),
            Some(bound) => {
                let streamed = all.map(|(_, bytes)| bytes).sum::<u64>().min(bound as u64);
                core::iter::once(("what waits to be written".to_owned(), streamed)).chain(tallies).collect()
            }
        }
    }

    /// Writes to a file from now on, with so many bytes waiting in memory at most.
    pub(super) fn stream(&mut self, path: &std::path::Path, bound: usize) -> Result<()> {
        self.finish_stream()?;
        self.sink = Sink::create(path, bound)?;
        self.sink.flush(&mut self.trains, &mut self.traces)
    }

    /// Writes all that waits and closes the file, if there is one.
    pub(super) fn finish_stream(&mut self) -> Result<()> {
        self.sink.finish(&mut self.trains, &mut self.traces)
    }

    /// Writes all that waits, if there is a file.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.sink.flush(&mut self.trains, &mut self.traces)
    }

    /// What went wrong while writing since this was asked last.
    pub(super) fn failure(&mut self) -> Option<RecordError> {
        self.sink.failure()
    }

    /// Reads the values before a step.
    pub(super) fn sample(&mut self, populations: &impl Populations, wiring: &Wiring, step: &Step) {
        for trace in &mut self.traces {
            trace.sample(populations, wiring, step);
        }
        for tally in &mut self.tallies {
            tally.sample(populations, wiring, step);
        }
    }

    /// Takes the spikes of a step, the last that is recorded of it.
    pub(super) fn spiked(&mut self, populations: &impl Populations, sources: &[Emitter], step: &Step) {
        // Sources are counted behind the populations.
        let spiked = |of: usize| match of.checked_sub(populations.count()).and_then(|i| sources.get(i)) {
            Some(source) => source.spiked(),
            None => populations.at(of).spiked(),
        };
        for train in &mut self.trains {
            train.take(spiked(train.population), step.number);
        }
        for tally in &mut self.tallies {
            if let Some(of) = tally.hears(step.number) {
                tally.take(spiked(of), step.number);
            }
        }
        self.sink.relieve(&mut self.trains, &mut self.traces);
    }
}

impl Drop for Records {
    /// Writes what waits; who needs the error calls `finish_stream`.
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
