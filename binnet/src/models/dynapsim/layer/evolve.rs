//! Whole rasters through a layer, one or many at once.

use std::sync::{Mutex, PoisonError};
use std::thread;

use ndarray::{Array2, Array3, ArrayView2, ArrayView3, ArrayViewMut2, Axis};

use super::values::LayerState;
use super::{DynapSim, Precision};
use crate::clocked::{Clocked, Populations};
use crate::error::{BuildError, Result};
use crate::memory::prefer_large_pages;
use crate::models::dynapsim::DpiNeuron;
use crate::population::{FieldInfo, Model, ValuesMut, find};

/// What a layer did: a row for each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Evolution {
    /// Spikes of each step, (T, N).
    pub spikes: Array2<u32>,
    /// What was recorded, in the order in which it was asked for.
    pub recorded: Vec<TimeSeries>,
}

/// A state over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSeries {
    /// The name of the state.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// The times, ms: those of the ends of the steps.
    pub times: Vec<f64>,
    /// The values after each step, (T, N).
    pub values: Array2<f64>,
}

/// What the trials of a batch did.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchEvolution {
    /// Spikes of each step, (B, T, N).
    pub spikes: Array3<u32>,
    /// The states that were recorded after each step, (B, T, N), by name.
    pub recorded: Vec<(String, Array3<f64>)>,
    /// The state at the end of each trial.
    pub ends: Vec<LayerState>,
}

impl Evolution {
    /// A state that was recorded, over time.
    ///
    /// # Errors
    /// For a state that was not recorded, with the nearest name.
    pub fn series(&self, name: &str) -> Result<&TimeSeries> {
        self.recorded.iter().find(|series| series.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.recorded.iter().map(|series| series.name.as_str()).collect();
            BuildError::unknown("record", name, &known).into()
        })
    }
}

impl BatchEvolution {
    /// A state that was recorded, (B, T, N).
    ///
    /// # Errors
    /// For a state that was not recorded, with the nearest name.
    pub fn values(&self, name: &str) -> Result<&Array3<f64>> {
        self.recorded.iter().find(|(other, _)| other == name).map(|(_, values)| values).ok_or_else(|| {
            let known: Vec<&str> = self.recorded.iter().map(|(name, _)| name.as_str()).collect();
            BuildError::unknown("record", name, &known).into()
        })
    }
}

/// What is handed to a layer: events of its channels, or weighted events of its neurons.
#[derive(Clone, Copy)]
enum Input<'a> {
    Counts(ArrayView2<'a, u32>),
    Weighted(ArrayView2<'a, f64>),
}

/// Where the results of a trial go.
struct Output<'a> {
    spikes: ArrayViewMut2<'a, u32>,
    recorded: Vec<ArrayViewMut2<'a, f64>>,
}

impl<const N: usize, const CORES: usize, S: Precision<N>> DynapSim<N, CORES, S> {
    /// Runs over events: (T, channels), with channels as many as neurons, or as rows of `w_in`. Goes on from the state of now.
    ///
    /// # Errors
    /// For counts of another shape, and when a state is no number.
    pub fn evolve(&mut self, counts: ArrayView2<'_, u32>) -> Result<Evolution> {
        self.evolve_any(Input::Counts(counts), counts.nrows())
    }

    /// Runs over weighted events: (T, N), counts times weights, as a layer of weights before this one would give them. They
    /// may be negative, and act besides `w_in`, which they do not pass.
    ///
    /// # Errors
    /// For another number of columns than neurons, and when a state is no number.
    pub fn evolve_weighted(&mut self, x: ArrayView2<'_, f64>) -> Result<Evolution> {
        if x.ncols() != N {
            let what = "weighted events (steps x neurons)".to_owned();
            return Err(BuildError::Shape { what, expected: (x.nrows(), N), found: x.dim() }.into());
        }
        self.evolve_any(Input::Weighted(x), x.nrows())
    }

    fn evolve_any(&mut self, input: Input<'_>, steps: usize) -> Result<Evolution> {
        let mut spikes = Array2::zeros((steps, N));
        let mut values = vec![Array2::zeros((steps, N)); self.recorded.len()];
        let from = self.net.steps();
        let recorded = values.iter_mut().map(|values| values.view_mut()).collect();
        run(&mut self.net, self.source, input, Output { spikes: spikes.view_mut(), recorded })?;
        let dt = self.clock().ms();
        let times: Vec<f64> = (1..=steps as u64).map(|k| crate::clocked::time_of(from + k, dt)).collect();
        let series = self.recorded.iter().zip(values).map(|(name, values)| {
            let unit = find(FIELDS, name).map_or("1", |i| FIELDS[i].unit);
            TimeSeries { name: name.clone(), unit, times: times.clone(), values }
        });
        Ok(Evolution { spikes, recorded: series.collect() })
    }

    /// Runs trials side by side on so many threads (0: as many as the machine has): events are (B, T, channels). Each trial
    /// starts from the state of now; the layer itself stays as it is. Results are the same on any number of threads.
    ///
    /// # Errors
    /// For counts of another shape, and when a state is no number.
    pub fn evolve_batch(&self, counts: ArrayView3<'_, u32>, threads: usize) -> Result<BatchEvolution> {
        let (trials, steps, channels) = counts.dim();
        if channels != self.channels {
            let what = "counts of a trial (steps x channels)".to_owned();
            return Err(BuildError::Shape { what, expected: (steps, self.channels), found: (steps, channels) }.into());
        }
        let mut spikes = Array3::zeros((trials, steps, N));
        let mut values: Vec<_> = self.recorded.iter().map(|_| Array3::zeros((trials, steps, N))).collect();
        spikes.as_slice_mut().into_iter().for_each(prefer_large_pages);
        values.iter_mut().filter_map(Array3::as_slice_mut).for_each(prefer_large_pages);
        let mut ends: Vec<Option<LayerState>> = vec![None; trials];

        let mut planes: Vec<_> = values.iter_mut().map(|values| values.axis_iter_mut(Axis(0))).collect();
        let all = counts.axis_iter(Axis(0)).zip(spikes.axis_iter_mut(Axis(0))).zip(&mut ends);
        let all = all.map(|((counts, spikes), end)| {
            let recorded = planes.iter_mut().filter_map(Iterator::next).collect();
            (counts, Output { spikes, recorded }, end)
        });
        let waiting = Mutex::new(all);
        let work = || -> Result<()> {
            let mut own = self.clone();
            let start = own.state()?;
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((counts, output, end)) = next else { return Ok(()) };
                own.set_state(&start)?;
                run(&mut own.net, own.source, Input::Counts(counts), output)?;
                *end = Some(own.state()?);
            }
        };
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        match if threads == 0 { processors() } else { threads }.min(trials) {
            ..=1 => work()?,
            threads => thread::scope(|scope| {
                let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
                let mut results = workers.into_iter().map(|worker| worker.join());
                results.try_for_each(|result| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })?,
        }
        let recorded = self.recorded.iter().cloned().zip(values).collect();
        Ok(BatchEvolution { spikes, recorded, ends: ends.into_iter().flatten().collect() })
    }
}

const FIELDS: &[FieldInfo] = <DpiNeuron as Model>::FIELDS;

/// Runs over an input, and writes what happened into an output of as many rows.
fn run<P: Populations>(net: &mut Clocked<P>, source: &str, input: Input<'_>, mut output: Output<'_>) -> Result<()> {
    let from = net.steps();
    net.clear_records();
    match input {
        Input::Counts(counts) => {
            net.source_mut(source)?.give(counts)?;
            if let Err(error) = net.run_steps(counts.nrows() as u64) {
                // What a run that failed has left would be taken for the events of the next one.
                net.source_mut(source)?.forget();
                return Err(error);
            }
        }
        Input::Weighted(x) => {
            let field = find(FIELDS, "x").unwrap_or_default();
            for row in x.outer_iter() {
                match net.populations_mut().at_mut(0).values_mut(field) {
                    ValuesMut::EachF64(own) => own.iter_mut().zip(row).for_each(|(own, x)| *own += x),
                    ValuesMut::EachF32(own) => own.iter_mut().zip(row).for_each(|(own, x)| *own += *x as f32),
                    // An input is one value a neuron.
                    ValuesMut::SharedF64(_) | ValuesMut::SharedF32(_) => {}
                }
                net.step()?;
            }
        }
    }
    let train = net.records().spikes("core")?;
    for (step, neuron) in train.steps().iter().zip(train.ids()) {
        output.spikes[[(step - from) as usize, *neuron as usize]] += 1;
    }
    for (trace, mut rows) in net.records().all_traces().iter().zip(output.recorded) {
        // A sample is the value before its step, which is the one after the step before.
        let after = net.values("core", trace.variable())?;
        let last = rows.nrows().saturating_sub(1);
        if let Some(samples) = trace.as_f64().filter(|samples| samples.nrows() > 1) {
            rows.slice_mut(ndarray::s![..last, ..]).assign(&samples.slice(ndarray::s![1.., ..]));
        }
        if let Some(samples) = trace.as_f32().filter(|samples| samples.nrows() > 1) {
            let samples = samples.slice(ndarray::s![1.., ..]);
            rows.slice_mut(ndarray::s![..last, ..]).zip_mut_with(&samples, |row, x| *row = f64::from(*x));
        }
        if let Some(mut row) = rows.outer_iter_mut().next_back() {
            row.iter_mut().zip(after).for_each(|(row, x)| *row = x);
        }
    }
    Ok(())
}
