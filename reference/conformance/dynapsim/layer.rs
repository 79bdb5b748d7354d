//! A layer of a case as a network, and its run.

use std::collections::BTreeMap;

use binnet::clocked::{Cells, Clocked, ClockedOptions, Cohort as _, Projection, Source};
use binnet::connect::dense;
use binnet::neuron::{Advance, Method};
use binnet::population::{FieldInfo, Model, Role, ValuesMut, find};
use binnet::prelude::*;
use binnet::rng::Streams;
use ndarray::{Array2, ArrayD, ArrayView2, Axis};
use serde_json::Value;

use super::names;
use crate::conformance::Result;
use crate::conformance::numbers::flat;

/// The arrays of a case.
pub(super) struct Layer {
    pub(super) arrays: BTreeMap<String, ArrayD<f64>>,
    /// Input channels of each neuron.
    pub(super) gates: usize,
    steps: usize,
    neurons: usize,
}

/// What was seen: a row for each step, after it.
pub(super) struct Trace {
    pub(super) spikes: Array2<u8>,
    /// Under the names and in the units of the reference.
    pub(super) states: Vec<(&'static str, Array2<f64>)>,
}

impl Trace {
    /// A state after the last step.
    pub(super) fn last(&self, name: &str) -> Vec<f64> {
        let found = self.states.iter().find(|(other, _)| *other == name);
        found.and_then(|(_, rows)| rows.axis_iter(Axis(0)).next_back()).map(|row| row.to_vec()).unwrap_or_default()
    }
}

impl Layer {
    /// The arrays of a case; parameters that stand in its text are taken from there.
    pub(super) fn open(value: &Value, mut arrays: BTreeMap<String, ArrayD<f64>>) -> Result<Self> {
        for (name, list) in value.get("parameters").and_then(Value::as_object).into_iter().flatten() {
            let list = flat(list).ok_or_else(|| format!("`{name}` is no list of numbers"))?;
            arrays.insert(format!("p_{name}"), ArrayD::from_shape_vec(vec![list.len()], list)?);
        }
        let (steps, neurons, gates) = match arrays.get("x").map(|x| x.shape()) {
            Some(&[steps, neurons]) => (steps, neurons, 1),
            Some(&[steps, neurons, gates]) => (steps, neurons, gates),
            _ => return Err("no input `x` of two or three axes".into()),
        };
        if steps == 0 || neurons == 0 {
            return Err("an input without steps or neurons".into());
        }
        Ok(Self { arrays, gates, steps, neurons })
    }

    /// Runs the layer, among neurons without input if there are fewer than the population has.
    pub(super) fn simulate<M>(&self) -> Result<Trace>
    where
        M: Advance<<M as Model>::Method>,
        M::Method: Method,
    {
        match self.neurons {
            ..=64 => self.simulate_among::<M, 64>(),
            65..=1024 => self.simulate_among::<M, 1024>(),
            many => Err(format!("{many} neurons, more than one core or four have").into()),
        }
    }

    fn simulate_among<M, const N: usize>(&self) -> Result<Trace>
    where
        M: Advance<<M as Model>::Method>,
        M::Method: Method,
    {
        let inputs: Vec<_> = M::FIELDS.iter().filter(|field| field.role == Role::Input).collect();
        if inputs.len() != self.gates {
            return Err("another number of gates than the model has".into());
        }
        let mut net = self.network::<M, N>(&inputs)?;
        let known: &[&str] = match self.gates {
            1 => &["isyn", "iahp", "imem", "vmem", "timer_ref"],
            _ => &["iampa", "igaba", "inmda", "ishunt", "iahp", "imem", "vmem", "timer_ref"],
        };
        let mut trace = Trace { spikes: Array2::zeros((self.steps, self.neurons)), states: Vec::new() };
        for name in known {
            trace.states.push((name, Array2::zeros((self.steps, self.neurons))));
        }
        for step in 0..self.steps {
            for (gate, input) in inputs.iter().enumerate() {
                let drive = self.drive(step, gate)?;
                let field = find(M::FIELDS, input.name).ok_or("an input that the model does not have")?;
                if let ValuesMut::EachF64(values) = net.populations_mut().values_mut(field) {
                    values.iter_mut().zip(drive).for_each(|(value, x)| *value += self.in_unit(x, input));
                }
            }
            net.step()?;
            let cells = net.populations();
            for (neuron, own) in trace.spikes.row_mut(step).indexed_iter_mut() {
                *own = u8::try_from(cells.spikes(neuron).unwrap_or(0)).unwrap_or(u8::MAX);
            }
            for (name, rows) in &mut trace.states {
                let field = find(M::FIELDS, &names::state(name)).ok_or("a state that the model does not have")?;
                let values = cells.values(field);
                let scale = M::FIELDS[field].scale;
                rows.row_mut(step).indexed_iter_mut().for_each(|(i, own)| *own = values.at(i) * scale);
            }
        }
        Ok(trace)
    }

    /// The layer as a network: its recurrent weights, and its input channels, if it has any.
    fn network<M, const N: usize>(&self, inputs: &[&FieldInfo]) -> Result<Clocked<Cells<M, M::Method, N>>>
    where
        M: Advance<<M as Model>::Method>,
        M::Method: Method,
    {
        let cells = Cells::<M, M::Method, N>::build("core", self.values::<M, N>()?, &Streams::new(0))?;
        let clock = (self.scalar("p_dt")? * 1e3).ms();
        let mut net = Clocked::new("layer", clock, ClockedOptions::default(), cells)?;
        if let Some(counts) = self.arrays.get("init_spikes") {
            let mut spikes = vec![0; N];
            spikes.iter_mut().zip(counts).for_each(|(own, count)| *own = *count as u32);
            net.populations_mut().set_spikes(&spikes)?;
        }
        if let Some(raster) = self.channels() {
            net.add_source(Source::external("events", raster.ncols()))?;
            net.source_mut("events")?.give(raster.mapv(|count| count as u32).view())?;
        }
        for (gate, input) in inputs.iter().enumerate() {
            for (pre, name) in [("core", "w_rec"), ("events", "w_in")] {
                let Some(weights) = self.arrays.get(name).filter(|_| pre == "core" || self.channels().is_some()) else {
                    continue;
                };
                let rows = if pre == "core" { N } else { weights.shape()[0] };
                let weight = |(i, j): (usize, usize)| self.at(weights, i, j, gate).unwrap_or(0.0);
                let matrix = Array2::from_shape_fn((rows, N), |pair| self.in_unit(weight(pair), input));
                let named = format!("{name} {}", input.name);
                net.connect(Projection::new(pre, "core", dense(&matrix)).onto(input.name).autapses(true).named(named))?;
            }
        }
        Ok(net)
    }

    /// Events of the input channels, where a case has both these and their weights.
    fn channels(&self) -> Option<ArrayView2<'_, f64>> {
        let raster = self.arrays.get("raster").filter(|_| self.arrays.contains_key("w_in"))?;
        raster.view().into_dimensionality().ok().filter(|raster: &ArrayView2<'_, f64>| raster.nrows() == self.steps)
    }

    /// An entry of `[first, second]` or `[first, second, gate]`.
    fn at(&self, array: &ArrayD<f64>, first: usize, second: usize, gate: usize) -> Option<f64> {
        let index: &[usize] = if self.gates == 1 { &[first, second] } else { &[first, second, gate] };
        array.get(index).copied()
    }

    /// A weight or an input in the unit of the field: of the released model it has none, of the gated one it is a current.
    fn in_unit(&self, x: f64, input: &FieldInfo) -> f64 {
        if self.gates == 1 { x } else { x / input.scale }
    }

    /// What reaches each neuron by no projection: the input itself, where there are no channels, and spikes that the
    /// layer starts with.
    fn drive(&self, step: usize, gate: usize) -> Result<Vec<f64>> {
        let mut drive = vec![0.0; self.neurons];
        if let (0, Some(counts), Some(weights)) = (step, self.arrays.get("init_spikes"), self.arrays.get("w_rec")) {
            for (pre, count) in counts.iter().enumerate() {
                let weight = |post| self.at(weights, pre, post, gate).unwrap_or(0.0);
                drive.iter_mut().enumerate().for_each(|(post, x)| *x += count * weight(post));
            }
        }
        if self.channels().is_none() {
            for (post, own) in drive.iter_mut().enumerate() {
                *own += self.at(&self.arrays["x"], step, post, gate).ok_or("an input of another shape")?;
            }
        }
        Ok(drive)
    }

    /// All parameters and start values, in the units of the fields; neurons beyond those of the case have defaults.
    fn values<M: Model, const N: usize>(&self) -> Result<Vec<(&'static str, Init)>> {
        let mut values = Vec::new();
        for (key, array) in &self.arrays {
            let name = match (key.strip_prefix("p_"), key.strip_prefix("init_")) {
                (Some("dt"), _) | (_, Some("spikes")) | (None, None) => continue,
                (Some(parameter), _) => names::parameter(parameter),
                (_, Some(state)) => names::state(state),
            };
            let field = find(M::FIELDS, &name).map(|i| &M::FIELDS[i]);
            let field = field.ok_or_else(|| format!("`{key}` is no field of `{}`", M::NAME))?;
            let own = array.iter().map(|x| x / field.scale);
            let init = if array.ndim() == 0 {
                Init::Value(own.sum())
            } else if array.len() == self.neurons {
                Init::Each(own.chain(core::iter::repeat(field.default)).take(N).collect())
            } else {
                return Err(format!("`{key}` has other than one value a neuron").into());
            };
            values.push((field.name, init));
        }
        Ok(values)
    }

    fn scalar(&self, name: &str) -> Result<f64> {
        let array = self.arrays.get(name).filter(|array| array.len() == 1);
        array.and_then(|array| array.first().copied()).ok_or_else(|| format!("no number `{name}`").into())
    }
}
