//! Records of a network: added, paused, streamed to a file, and the memory that they will take.

use core::fmt;
use std::path::Path;

use super::{Clocked, Cohort, Populations, Record, Records};
use crate::error::{Result, RunError};
use crate::population::Values;
use crate::units::Time;

/// The memory that a network takes and that its records will take, from
/// [`Clocked::memory_estimate`](super::Clocked::memory_estimate). In bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryEstimate {
    /// Populations and synapses.
    pub network: u64,
    /// What was recorded so far.
    pub recorded: u64,
    /// What each record will add.
    pub records: Vec<(String, u64)>,
}

impl MemoryEstimate {
    /// What records will take in all, with what they took so far.
    #[must_use]
    pub fn of_records(&self) -> u64 {
        self.records.iter().fold(self.recorded, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }

    /// Everything.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.network.saturating_add(self.of_records())
    }
}

impl fmt::Display for MemoryEstimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mb = |bytes: u64| bytes as f64 / 1e6;
        writeln!(f, "network: {:.1} MB", mb(self.network))?;
        writeln!(f, "recorded so far: {:.1} MB", mb(self.recorded))?;
        self.records.iter().try_for_each(|(name, bytes)| writeln!(f, "record {name}: {:.1} MB", mb(*bytes)))
    }
}

/// Spikes a second that a neuron is expected to make before anything is known.
const EXPECTED_HZ: f64 = 10.0;
/// Records below this are not compared with the memory that is free: asking for it takes longer than a short run.
const SMALL: u64 = 64 << 20;

impl<P: Populations> Clocked<P> {
    /// Records something of a population, of a projection whose synapses have equations, or the spikes of a source,
    /// from now on. [`Record`] says what there is.
    ///
    /// # Errors
    /// For an unknown population, projection or variable (with the nearest one), neurons beyond the last, times that
    /// are no multiples of the clock, a name that is taken, and what cannot be made of it.
    pub fn record(&mut self, record: Record) -> Result<()> {
        let cohorts: Vec<&dyn Cohort> = (0..self.populations.count())
            .map(|p| self.populations.at(p))
            .chain(self.sources.iter().map(|source| source as &dyn Cohort))
            .collect();
        self.records.add(&record, &cohorts, self.populations.count(), &self.wiring, self.dt)
    }

    /// What was recorded so far; while it is streamed, what was not yet written.
    #[must_use]
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Forgets what was recorded so far, and goes on recording: after a transient, say.
    pub fn clear_records(&mut self) {
        self.records.clear();
    }

    /// Stops a record, by name as `exc.v`, until it goes on.
    ///
    /// # Errors
    /// For an unknown name, with the nearest one.
    pub fn pause_record(&mut self, name: &str) -> Result<()> {
        self.records.pause(name, true)
    }

    /// Lets a record go on that was paused, or declared so.
    ///
    /// # Errors
    /// For an unknown name, with the nearest one.
    pub fn resume_record(&mut self, name: &str) -> Result<()> {
        self.records.pause(name, false)
    }

    /// Writes spikes and values to a file from now on, in bounded memory: whenever half of `memory` bytes wait, they
    /// are written and forgotten. What was recorded so far goes there, too. [`Records::open`] reads the file, also
    /// after a kill or when the disk was full: it is whole up to the last block. Records of fixed size (counts,
    /// histograms, ..) stay in memory.
    ///
    /// ```
    /// use binnet::clocked::Records;
    /// use binnet::models::neurons::Lif;
    /// use binnet::prelude::*;
    /// # network! { pub struct One { clock 0.1 ms; population cell: Lif[4]; record cell.v every 1 ms; } }
    /// # fn main() -> binnet::Result<()> {
    /// # let file = std::env::temp_dir().join(format!("binnet-stream-doc-{}", std::process::id()));
    /// let mut net = One::builder().build()?;
    /// net.stream_records(&file, 16 << 20)?;
    /// net.run(100.ms())?;
    /// net.finish_stream()?;
    /// assert_eq!(Records::open(&file)?.trace("cell.v")?.values().shape(), [100, 4]);
    /// # std::fs::remove_file(&file).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the file cannot be written. A run whose records cannot be written ends with an error, and what was written
    /// stays; a later run tries to write the rest.
    pub fn stream_records(&mut self, path: impl AsRef<Path>, memory: usize) -> Result<()> {
        self.records.stream(path.as_ref(), memory)
    }

    /// Writes what waits of the records that are streamed, down to the disk, and closes the file; records go to
    /// memory from then on. Nothing happens if nothing is streamed. (When a network is dropped, the same happens, but
    /// there is nobody to tell of an error.)
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish_stream(&mut self) -> Result<()> {
        self.records.finish_stream()
    }

    /// The memory that the network takes, and what a run of this duration will record: values exactly, spikes at the
    /// rates of the populations so far, or at 10 Hz a neuron before the first step.
    ///
    /// # Errors
    /// For a negative or infinite time.
    pub fn memory_estimate(&self, duration: Time) -> Result<MemoryEstimate> {
        Ok(self.estimate(self.steps_for(duration)?))
    }

    fn estimate(&self, steps: u64) -> MemoryEstimate {
        let populations: u64 = (0..self.populations.count())
            .map(|p| {
                let cohort = self.populations.at(p);
                (0..cohort.fields().len()).map(|field| bytes(&cohort.values(field))).sum::<u64>()
            })
            .sum();
        let synapses: u64 = self.wiring.info().iter().map(|projection| projection.bytes as u64).sum();
        MemoryEstimate { network: populations + synapses, ..self.estimate_of_records(steps) }
    }

    fn estimate_of_records(&self, steps: u64) -> MemoryEstimate {
        let expected = |p: usize| {
            if self.steps == 0 || p >= self.populations.count() {
                return EXPECTED_HZ * 1e-3 * self.dt;
            }
            self.spikes[p] as f64 / (self.populations.at(p).size() as f64 * self.steps as f64)
        };
        let range = self.steps..self.steps.saturating_add(steps);
        MemoryEstimate {
            network: 0,
            recorded: self.records.bytes() as u64,
            records: self.records.expected(&range, expected),
        }
    }

    /// Refuses a run whose records would take more memory than they may.
    pub(super) fn check_memory(&self, steps: u64) -> Result<()> {
        if self.records.is_idle() {
            return Ok(());
        }
        let estimate = self.estimate_of_records(steps);
        let needed = estimate.of_records();
        let budget = match self.options.memory_budget {
            Some(budget) => Some(budget),
            None if needed < SMALL => None,
            None => crate::memory::free().map(|free| estimate.recorded.saturating_add(free / 4 * 3)),
        };
        let Some(budget) = budget.filter(|budget| needed > *budget) else { return Ok(()) };
        let mut parts = estimate.records;
        parts.sort_by_key(|part| core::cmp::Reverse(part.1));
        let mb = |bytes: u64| bytes as f64 / 1e6;
        let parts = parts.iter().take(4).map(|(name, bytes)| format!("  {:.1} MB: {name}\n", mb(*bytes))).collect();
        Err(RunError::Memory { needed: mb(needed), budget: mb(budget), parts }.into())
    }
}

fn bytes(values: &Values<'_>) -> u64 {
    match values {
        Values::SharedF64(_) => 8,
        Values::SharedF32(_) => 4,
        Values::EachF64(x) => size_of_val(*x) as u64,
        Values::EachF32(x) => size_of_val(*x) as u64,
    }
}
