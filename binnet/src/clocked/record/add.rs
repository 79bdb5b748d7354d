//! A record that is asked for becomes one that is taken.

use super::correlation::{Counter, RunningAutocorrelation};
use super::gate::Gate;
use super::source::Source;
use super::spec::{Reduce, What};
use super::tally::{Histogram, Intervals, Kind, Of, OverTime, RateBins, SpikeCounts, Tally, Welford};
use super::trace::{Over, Samples};
use super::{Record, Records, SpikeTrain, Trace};
use crate::clocked::Cohort;
use crate::clocked::chosen::{Chosen, Which};
use crate::clocked::projection::Wiring;
use crate::error::{BuildError, Result};
use crate::population::Values;

impl Records {
    /// Adds a record. `cohorts` are the populations, then the sources.
    pub(in crate::clocked) fn add(
        &mut self,
        record: &Record,
        cohorts: &[&dyn Cohort],
        populations: usize,
        wiring: &Wiring,
        dt: f64,
    ) -> Result<()> {
        let name = record.label();
        let new = New { record, name: &name, wiring, dt };
        if self.gates().any(|(own, _)| own == name) {
            return Err(new.wrong("is there already", "give one of the two a name of its own"));
        }
        let gate = Gate::new(record, &name, dt)?;
        match &record.what {
            What::Spikes(owner) => {
                let population = find(owner, cohorts)?;
                let cohort = cohorts[population];
                let neurons = new.part(cohort.size(), cohort.grid(), &format!("`{owner}`"))?;
                if record.reduce.is_none() {
                    let (watched, steps, ids) = (Vec::new(), Vec::new(), Vec::new());
                    self.trains.push(SpikeTrain { name, population, neurons, dt, gate, watched, steps, ids });
                    return Ok(());
                }
                let kind = new.of_spikes(&neurons, &gate)?;
                self.tallies.push(Tally { name, gate, of: Of::Spikes { population, neurons }, kind });
            }
            What::Variable(owner, variable) => {
                let population = find(owner, &cohorts[..populations])?;
                let cohort = cohorts[population];
                let neurons = new.part(cohort.size(), cohort.grid(), &format!("`{owner}`"))?;
                let (source, field) = Source::of_population(population, cohort, variable, neurons)?;
                let width = source.neurons.len();
                let (samples, width) =
                    match crate::population::find(cohort.fields(), variable).map(|i| cohort.values(i)) {
                        None | Some(Values::EachF64(_)) => (Samples::F64(Vec::new()), width),
                        Some(Values::EachF32(_)) => (Samples::F32(Vec::new()), width),
                        Some(Values::SharedF64(_)) => (Samples::F64(Vec::new()), 1),
                        Some(Values::SharedF32(_)) => (Samples::F32(Vec::new()), 1),
                    };
                self.add_values(&new, gate, source, samples, width, field.name, field.unit)?;
            }
            What::Synapses { projection, field, onto } => {
                let (plastic, info) = wiring.synapse_field(projection, field)?;
                if let Some(neuron) = onto
                    && let Some(cohort) = wiring.synapses_end_at(plastic).and_then(|post| cohorts.get(post))
                    && *neuron >= cohort.size()
                {
                    let problem = format!("is onto neuron {neuron}, but `{}` has {}", cohort.name(), cohort.size());
                    return Err(new.wrong(problem, format!("choose one of 0..{}", cohort.size())));
                }
                let mut source = Source::of_synapses(wiring, plastic, info.name, *onto);
                source.neurons = new.part(source.neurons.len(), None, &format!("synapses of `{projection}`"))?;
                let width = source.neurons.len();
                self.add_values(&new, gate, source, Samples::F64(Vec::new()), width, info.name, info.unit)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "what a trace consists of")]
    fn add_values(
        &mut self,
        new: &New<'_>,
        gate: Gate,
        source: Source,
        samples: Samples,
        width: usize,
        variable: &str,
        unit: &str,
    ) -> Result<()> {
        let (name, dt) = (new.name.to_owned(), new.dt);
        let (over, samples, width, unit) = match new.record.reduce {
            None => (Over::Each, samples, width, unit.to_owned()),
            Some(Reduce::Mean) => (Over::Mean, Samples::F64(Vec::new()), 1, unit.to_owned()),
            Some(Reduce::Variance) => (Over::Variance, Samples::F64(Vec::new()), 1, squared(unit)),
            Some(_) => {
                let kind = new.of_values(width, unit)?;
                self.tallies.push(Tally { name, gate, of: Of::Values(source), kind });
                return Ok(());
            }
        };
        let (variable, parts) = (variable.to_owned(), Vec::new());
        let ends = if over == Over::Each { source.ends(new.wiring) } else { Vec::new() };
        self.traces.push(Trace { name, variable, unit, source, ends, over, width, dt, gate, parts, samples });
        Ok(())
    }
}

/// The square of a unit.
fn squared(unit: &str) -> String {
    match unit {
        "1" => "1".to_owned(),
        simple if simple.chars().all(char::is_alphabetic) => format!("{simple}2"),
        other => format!("({other})^2"),
    }
}

fn find(name: &str, cohorts: &[&dyn Cohort]) -> Result<usize> {
    cohorts.iter().position(|cohort| cohort.name() == name).ok_or_else(|| {
        let known: Vec<_> = cohorts.iter().map(|cohort| cohort.name()).collect();
        BuildError::unknown("population", name, &known).into()
    })
}

/// A record that is being added.
struct New<'a> {
    record: &'a Record,
    name: &'a str,
    wiring: &'a Wiring,
    dt: f64,
}

impl New<'_> {
    fn wrong(&self, problem: impl Into<String>, help: impl Into<String>) -> crate::Error {
        let what = format!("the record `{}`", self.name);
        BuildError::Value { what, problem: problem.into(), help: help.into() }.into()
    }

    /// The neurons that are recorded, of so many.
    fn part(&self, size: usize, grid: Option<[usize; 2]>, whose: &str) -> Result<Chosen> {
        let part = &self.record.neurons;
        if matches!((&self.record.what, part), (What::Synapses { .. }, Which::All)) {
            // A neuron that happens to have no synapses is recorded as well: as a table without columns.
            return Ok(Chosen::Range(0..size));
        }
        part.choose(size, grid, "is of", whose).map_err(|(problem, help)| match &self.record.what {
            What::Synapses { .. } => self.wrong(format!("is of {} of the {size} {whose}", part.text(size)), help),
            _ => self.wrong(problem, help),
        })
    }

    /// What is kept of spikes.
    fn of_spikes(&self, neurons: &Chosen, gate: &Gate) -> Result<Kind> {
        let (n, dt) = (neurons.len(), self.dt);
        Ok(match self.record.reduce {
            Some(Reduce::Counts) => Kind::Counts(SpikeCounts { dt, steps: 0, counts: vec![0; n] }),
            Some(Reduce::Rate) => Kind::Rate(RateBins::new(n, dt, gate.period)),
            Some(Reduce::Intervals) => {
                Kind::Intervals(Intervals { dt, last: vec![0; n], each: vec![Welford::default(); n], next: 0 })
            }
            Some(Reduce::Autocorrelation { lags }) => {
                Kind::Autocorrelation(RunningAutocorrelation::new(lags, Some(Counter::new(gate.period))))
            }
            _ => {
                return Err(self.wrong(
                    "is of spikes, which have no values",
                    "`counts`, `rate`, `intervals` and `autocorrelation` are of spikes",
                ));
            }
        })
    }

    /// What is kept of values.
    fn of_values(&self, width: usize, unit: &str) -> Result<Kind> {
        let unit = unit.to_owned();
        Ok(match self.record.reduce {
            Some(Reduce::OverTime) => Kind::OverTime(OverTime { unit, each: vec![Welford::default(); width] }),
            Some(Reduce::Histogram { low, high, bins }) => {
                if !(low < high && (high - low).is_finite() && bins > 0) {
                    let problem = format!("has {bins} bins from {low} to {high}");
                    return Err(self.wrong(problem, "give at least one bin, and a lower end below the upper one"));
                }
                Kind::Histogram(Histogram { unit, low, high, counts: vec![0; bins], outside: [0; 2] })
            }
            Some(Reduce::Autocorrelation { lags }) => Kind::Autocorrelation(RunningAutocorrelation::new(lags, None)),
            _ => {
                let help = "`mean`, `variance`, `over_time`, `histogram` and `autocorrelation` are of values";
                return Err(self.wrong("is of values, not of spikes", help));
            }
        })
    }
}
