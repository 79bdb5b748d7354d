//! When something is recorded.

use core::ops::Range;

use super::Record;
use crate::clocked::clock::whole_steps;
use crate::error::{BuildError, Result};
use crate::snapshot::persist;

/// Which steps are recorded: each so many, from one on, within a window, unless it is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    pub(super) period: u64,
    pub(super) offset: u64,
    pub(super) window: Range<u64>,
    pub(super) paused: bool,
    /// As it was declared.
    waits: bool,
}

persist!([] Gate { paused } fixed {} built { period, offset, window, waits });

impl Gate {
    /// That of a record called `name`, whose times must be multiples of the clock.
    pub(super) fn new(record: &Record, name: &str, dt: f64) -> Result<Self> {
        let wrong = |problem: String, help: &str| BuildError::Value {
            what: format!("the record `{name}`"),
            problem,
            help: help.to_owned(),
        };
        let multiple = |what: &str, time: crate::units::Time, least: u64| {
            whole_steps(time, dt).filter(|steps| *steps >= least).ok_or_else(|| {
                let problem = format!("{what} {} ms, which is no multiple of the clock, {dt} ms", time.ms());
                wrong(problem, "choose a multiple of the clock")
            })
        };
        let period = match record.every {
            None => 1,
            Some(every) => multiple("is sampled every", every, 1)?,
        };
        let offset = record.from.map_or(Ok(0), |from| multiple("is sampled from", from, 0))?;
        let window = match &record.during {
            None => 0..u64::MAX,
            Some(during) => multiple("begins at", during.start, 0)?..multiple("ends at", during.end, 0)?,
        };
        if window.is_empty() {
            return Err(wrong("ends before it begins".to_owned(), "write an earlier time first").into());
        }
        Ok(Self { period, offset, window, paused: record.paused, waits: record.paused })
    }

    /// Whether a step is looked at, whatever the period.
    #[inline]
    pub(super) fn watches(&self, step: u64) -> bool {
        !self.paused && self.window.contains(&step) && step >= self.offset
    }

    /// Whether a step is sampled.
    #[inline]
    pub(super) fn takes(&self, step: u64) -> bool {
        self.watches(step) && (self.period == 1 || (step - self.offset).is_multiple_of(self.period))
    }

    /// How many of some steps are sampled; those of a paused record as if it were not.
    pub(super) fn samples(&self, steps: &Range<u64>) -> u64 {
        let watched = self.watched(steps);
        let before = |step: u64| (step - self.offset).div_ceil(self.period);
        if watched.is_empty() { 0 } else { before(watched.end) - before(watched.start) }
    }

    /// Which of some steps are looked at; those of a paused record as if it were not.
    pub(super) fn watched(&self, steps: &Range<u64>) -> Range<u64> {
        steps.start.max(self.window.start).max(self.offset)..steps.end.min(self.window.end)
    }

    /// As it was declared.
    pub(super) fn reset(&mut self) {
        self.paused = self.waits;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    #[test]
    fn counted_samples_are_taken_ones() {
        let ms = Time::from_ms;
        let all = Record::of("a", "v").every(ms(0.3)).from(ms(0.5)).during(ms(1.0)..ms(4.0));
        for record in [Record::of("a", "v"), Record::of("a", "v").every(ms(0.7)), all] {
            let gate = Gate::new(&record, "a.v", 0.1).unwrap();
            for steps in [0..0, 0..1, 3..60, 17..18, 39..90] {
                let taken = steps.clone().filter(|step| gate.takes(*step)).count() as u64;
                assert_eq!(gate.samples(&steps), taken, "{record:?} {steps:?}");
            }
        }
    }
}
