//! What a run leaves behind: spikes, and values at regular times.

use core::ops::Range;
use std::path::Path;

use ndarray::{Array2, ArrayView2};

use super::clock::{time, whole_steps};
use super::source::Source as Emitter;
use super::{Cohort, Populations, Step};
use crate::error::{BuildError, Result};
use crate::population::{Values, find};
use crate::record::Npz;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer, persist};
use crate::units::Time;

/// What to record, and how often.
///
/// ```
/// use binnet::clocked::Record;
/// use binnet::prelude::*;
/// let spikes = Record::spikes("exc");
/// let voltage = Record::of("exc", "v").neurons(0..4).every(1.ms()).named("membrane");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub(super) population: String,
    /// `None` for spikes.
    variable: Option<String>,
    neurons: Option<Range<usize>>,
    every: Option<Time>,
    name: Option<String>,
}

impl Record {
    /// The spikes of a population or source.
    pub fn spikes(population: impl Into<String>) -> Self {
        Self { population: population.into(), variable: None, neurons: None, every: None, name: None }
    }

    /// A variable of a population: a field of the model, or an observable.
    pub fn of(population: impl Into<String>, variable: impl Into<String>) -> Self {
        Self { variable: Some(variable.into()), ..Self::spikes(population) }
    }

    /// Only these neurons; all of them otherwise.
    #[must_use]
    pub fn neurons(mut self, neurons: Range<usize>) -> Self {
        self.neurons = Some(neurons);
        self
    }

    /// So often, a multiple of the clock; in each step otherwise. Spikes are all recorded.
    #[must_use]
    pub fn every(mut self, period: Time) -> Self {
        self.every = Some(period);
        self
    }

    /// Under this name, instead of `population.variable`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// The spikes of a population, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeTrain {
    name: String,
    population: usize,
    neurons: Range<usize>,
    dt: f64,
    /// The steps that were watched.
    watched: Range<u64>,
    steps: Vec<u64>,
    ids: Vec<u32>,
}

impl SpikeTrain {
    /// Its name: `exc.spikes`, or the one that was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The neurons of the population, or the channels of the source, that are recorded.
    #[must_use]
    pub fn neurons(&self) -> Range<usize> {
        self.neurons.clone()
    }

    /// The time that was recorded, from and to.
    #[must_use]
    pub fn span(&self) -> (Time, Time) {
        let at = |step| Time::from_ms(time(step, self.dt));
        (at(self.watched.start), at(self.watched.end))
    }

    /// The number of spikes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step of each spike, its label: a neuron that crosses its threshold between k dt and (k+1) dt
    /// spikes with label k.
    #[must_use]
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// The neuron of each spike, its position in the population. Two spikes in one step are two entries.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The time of each spike in ms: its label times the clock.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        self.steps.iter().map(|step| time(*step, self.dt)).collect()
    }
}

/// A variable over time: a matrix of time and neuron, in the precision of the variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    name: String,
    variable: &'static str,
    unit: &'static str,
    population: usize,
    source: Source,
    neurons: Range<usize>,
    width: usize,
    dt: f64,
    period: u64,
    first: u64,
    samples: Samples,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Field(usize),
    Observable(usize),
}

#[derive(Clone, Debug, PartialEq)]
enum Samples {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Trace {
    /// Its name: `exc.v`, or the one that was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit of the values, as the model writes it.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        self.unit
    }

    /// Its variable, as the model calls it.
    #[must_use]
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// The neurons of the population that are recorded. A shared parameter has one column for all.
    #[must_use]
    pub fn neurons(&self) -> Range<usize> {
        self.neurons.clone()
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        let values = match &self.samples {
            Samples::F32(x) => x.len(),
            Samples::F64(x) => x.len(),
        };
        values.checked_div(self.width).unwrap_or(0)
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of each sample in ms.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        (0..self.len() as u64).map(|i| time(self.first + i * self.period, self.dt)).collect()
    }

    /// The values, time x neuron, converted to `f64` if they are `f32`.
    #[must_use]
    pub fn values(&self) -> Array2<f64> {
        match &self.samples {
            Samples::F32(x) => Array2::from_shape_fn(self.shape(), |(t, i)| f64::from(x[t * self.width + i])),
            Samples::F64(x) => Array2::from_shape_fn(self.shape(), |(t, i)| x[t * self.width + i]),
        }
    }

    /// The values as they are stored, time x neuron, if they are `f64`.
    #[must_use]
    pub fn as_f64(&self) -> Option<ArrayView2<'_, f64>> {
        match &self.samples {
            Samples::F64(x) => ArrayView2::from_shape(self.shape(), x).ok(),
            Samples::F32(_) => None,
        }
    }

    /// The values as they are stored, time x neuron, if they are `f32`.
    #[must_use]
    pub fn as_f32(&self) -> Option<ArrayView2<'_, f32>> {
        match &self.samples {
            Samples::F32(x) => ArrayView2::from_shape(self.shape(), x).ok(),
            Samples::F64(_) => None,
        }
    }

    fn shape(&self) -> (usize, usize) {
        (self.len(), self.width)
    }

    fn sample(&mut self, cohort: &dyn Cohort, step: &Step) {
        if !step.number.is_multiple_of(self.period) {
            return;
        }
        if self.is_empty() {
            self.first = step.number;
        }
        let neurons = self.neurons.clone();
        let values = match self.source {
            Source::Observable(which) => {
                if let Samples::F64(out) = &mut self.samples {
                    out.extend(neurons.map(|i| cohort.observe(which, i, step)));
                }
                return;
            }
            Source::Field(field) => cohort.values(field),
        };
        match (values, &mut self.samples) {
            (Values::EachF64(x), Samples::F64(out)) => out.extend_from_slice(&x[neurons]),
            (Values::EachF32(x), Samples::F32(out)) => out.extend_from_slice(&x[neurons]),
            (Values::SharedF64(x), Samples::F64(out)) => out.push(*x),
            (Values::SharedF32(x), Samples::F32(out)) => out.push(*x),
            // The precision of a field does not change.
            _ => {}
        }
    }
}

/// All records of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    trains: Vec<SpikeTrain>,
    traces: Vec<Trace>,
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

    /// Writes all records as an `.npz` file for `numpy.load`.
    ///
    /// | array | holds |
    /// | --- | --- |
    /// | `exc.v` | a variable, `[time, neuron]`, in its unit and precision |
    /// | `exc.v.times`, `exc.v.neurons` | times in ms, neurons |
    /// | `exc.spikes.times`, `exc.spikes.steps`, `exc.spikes.neurons` | time in ms, label and neuron of each spike |
    /// | `names`, `units` | the names and units of all variables |
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut file = Npz::create(path)?;
        for train in &self.trains {
            let (name, n) = (&train.name, train.len());
            file.array(&format!("{name}.times"), &[n], train.times())?;
            file.array(&format!("{name}.steps"), &[n], train.steps.iter().map(|step| *step as i64))?;
            file.array(&format!("{name}.neurons"), &[n], train.ids.iter().map(|id| i64::from(*id)))?;
        }
        for trace in &self.traces {
            let (name, shape) = (&trace.name, [trace.len(), trace.width]);
            match &trace.samples {
                Samples::F32(x) => file.array(name, &shape, x.iter().copied())?,
                Samples::F64(x) => file.array(name, &shape, x.iter().copied())?,
            }
            file.array(&format!("{name}.times"), &shape[..1], trace.times())?;
            let neurons = trace.neurons.clone().take(trace.width).map(|i| i as i64);
            file.array(&format!("{name}.neurons"), &shape[1..], neurons)?;
        }
        file.strings("names", &self.traces.iter().map(Trace::name).collect::<Vec<_>>())?;
        file.strings("units", &self.traces.iter().map(Trace::unit).collect::<Vec<_>>())?;
        file.finish()
    }

    /// Forgets all that was recorded so far, and goes on recording.
    pub(super) fn clear(&mut self) {
        for train in &mut self.trains {
            train.watched = 0..0;
            train.steps.clear();
            train.ids.clear();
        }
        for trace in &mut self.traces {
            match &mut trace.samples {
                Samples::F32(x) => x.clear(),
                Samples::F64(x) => x.clear(),
            }
        }
    }

    /// Adds a record of population number `population`.
    pub(super) fn add(&mut self, record: &Record, population: usize, cohort: &dyn Cohort, dt: f64) -> Result<()> {
        let variable = record.variable.as_deref().unwrap_or("spikes");
        let name = record.name.clone().unwrap_or_else(|| format!("{}.{variable}", cohort.name()));
        let wrong =
            |problem: String, help: String| BuildError::Value { what: format!("the record `{name}`"), problem, help };
        if self.trains.iter().any(|t| t.name == name) || self.traces.iter().any(|t| t.name == name) {
            return Err(wrong("is there already".to_owned(), "give one of the two a name of its own".to_owned()).into());
        }
        let size = cohort.size();
        let neurons = record.neurons.clone().unwrap_or(0..size);
        if neurons.is_empty() || neurons.end > size {
            let problem = format!("is of neurons {neurons:?}, but `{}` has {size}", cohort.name());
            return Err(wrong(problem, format!("choose some of 0..{size}")).into());
        }
        let period = match record.every {
            None => 1,
            Some(every) => whole_steps(every, dt).filter(|steps| *steps > 0).ok_or_else(|| {
                let problem = format!("is sampled every {} ms, which is no multiple of the clock, {dt} ms", every.ms());
                wrong(problem, "choose a multiple of the clock".to_owned())
            })?,
        };
        let Some(variable) = &record.variable else {
            let (watched, steps, ids) = (0..0, Vec::new(), Vec::new());
            self.trains.push(SpikeTrain { name, population, neurons, dt, watched, steps, ids });
            return Ok(());
        };
        let (fields, observables) = (cohort.fields(), cohort.observables());
        let (source, field, samples, shared) = if let Some(i) = find(fields, variable) {
            let (samples, shared) = match cohort.values(i) {
                Values::EachF64(_) => (Samples::F64(Vec::new()), false),
                Values::EachF32(_) => (Samples::F32(Vec::new()), false),
                Values::SharedF64(_) => (Samples::F64(Vec::new()), true),
                Values::SharedF32(_) => (Samples::F32(Vec::new()), true),
            };
            (Source::Field(i), &fields[i], samples, shared)
        } else if let Some(i) = find(observables, variable) {
            (Source::Observable(i), &observables[i], Samples::F64(Vec::new()), false)
        } else {
            let known: Vec<_> = fields.iter().chain(observables).map(|field| field.name).collect();
            let kind = format!("variable of `{}`", cohort.model());
            return Err(BuildError::unknown(kind, variable, &known).into());
        };
        let width = if shared { 1 } else { neurons.len() };
        let (variable, unit) = (field.name, field.unit);
        self.traces.push(Trace {
            name,
            variable,
            unit,
            population,
            source,
            neurons,
            width,
            dt,
            period,
            first: 0,
            samples,
        });
        Ok(())
    }

    /// Reads the values before a step.
    pub(super) fn sample(&mut self, populations: &impl Populations, step: &Step) {
        for trace in &mut self.traces {
            trace.sample(populations.at(trace.population), step);
        }
    }

    /// Takes the spikes of a step.
    pub(super) fn spiked(&mut self, populations: &impl Populations, sources: &[Emitter], step: &Step) {
        for train in &mut self.trains {
            if train.watched.is_empty() {
                train.watched.start = step.number;
            }
            train.watched.end = step.number + 1;
            // Sources are counted behind the populations.
            let source = train.population.checked_sub(populations.count()).and_then(|i| sources.get(i));
            let spiked = source.map_or_else(|| populations.at(train.population).spiked(), Cohort::spiked);
            for spiked in spiked {
                if train.neurons.contains(&(spiked.neuron as usize)) {
                    for _ in 0..spiked.count {
                        train.steps.push(step.number);
                        train.ids.push(spiked.neuron);
                    }
                }
            }
        }
    }
}

persist!([] Records {} fixed { trains, traces } built {});
persist!([] SpikeTrain { watched, steps, ids } fixed {} built { name, population, neurons, dt });
persist!([] Trace { first, samples } fixed {} built {
    name, variable, unit, population, source, neurons, width, dt, period
});

impl Persist for Samples {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::F32(values) => values.save(out),
            Self::F64(values) => values.save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::F32(values) => values.load(from),
            Self::F64(values) => values.load(from),
        }
    }
}

impl Records {
    /// What is recorded, a line each.
    pub(super) fn describe(&self) -> Vec<String> {
        let trains = self.trains.iter().map(|SpikeTrain { name, population, neurons, .. }| {
            format!("record of spikes {name}: population {population}, neurons {neurons:?}")
        });
        let traces = self.traces.iter().map(|trace| {
            let Trace { name, variable, population, neurons, width, period, samples, .. } = trace;
            let bits = if matches!(samples, Samples::F32(_)) { 32 } else { 64 };
            format!(
                "record {name}: {variable} of population {population}, neurons {neurons:?}, {width} columns of {bits} bits, \
                 every {period} steps"
            )
        });
        trains.chain(traces).collect()
    }
}
