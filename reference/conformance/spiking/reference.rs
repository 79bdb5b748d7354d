//! A case: its parameters and arrays, and where results go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use binnet::record::NpyItem;
use ndarray::ArrayD;
use serde_json::Value;

use super::npz;
use crate::conformance::Result;
use crate::conformance::numbers::largest;
use crate::conformance::output::Output;
use crate::conformance::report::Case;

/// One case of the reference.
pub(super) struct Reference<'a> {
    pub(super) value: &'a Value,
    arrays: BTreeMap<String, ArrayD<f64>>,
    pub(super) case: &'a mut Case,
    output: &'a mut Output,
}

/// A set of parameters.
#[derive(Clone, Copy)]
pub(super) struct Params<'a>(&'a Value);

impl<'a> Params<'a> {
    pub(super) fn get(self, name: &str) -> Result<f64> {
        self.find(name).ok_or_else(|| format!("no number `{name}` among the parameters").into())
    }

    pub(super) fn find(self, name: &str) -> Option<f64> {
        self.0.get(name).and_then(Value::as_f64)
    }

    pub(super) fn set(self, name: &str) -> Result<Self> {
        self.0.get(name).map(Params).ok_or_else(|| format!("no `{name}` among the parameters").into())
    }

    /// Numbers in a list.
    pub(super) fn list(self, name: &str) -> Result<Vec<f64>> {
        let list = self.0.get(name).and_then(crate::conformance::numbers::flat);
        list.ok_or_else(|| format!("no list `{name}` among the parameters").into())
    }

    /// The sets of parameters by name.
    pub(super) fn sets(self) -> Vec<(&'a str, Self)> {
        self.0.as_object().into_iter().flatten().map(|(name, set)| (name.as_str(), Self(set))).collect()
    }

    /// Steps of `dt` ms up to the end.
    pub(super) fn steps(self, dt: f64) -> Result<usize> {
        Ok((self.get("duration_ms")? / dt).round() as usize)
    }

    /// The drive in each step: a list of `[begin, end, amplitude]`.
    pub(super) fn drive(self, dt: f64, steps: usize) -> Result<Vec<f64>> {
        let entries = self.0.as_object().ok_or("no parameters")?;
        let (_, pulses) = entries.iter().find(|(name, _)| name.starts_with("stim_ms")).ok_or("no `stim_ms..`")?;
        let mut drive = vec![0.0; steps];
        // As Python rounds.
        let step = |t: f64| ((t / dt).round_ties_even().max(0.0) as usize).min(steps);
        for pulse in pulses.as_array().into_iter().flatten() {
            let pulse = crate::conformance::numbers::flat(pulse).unwrap_or_default();
            let [begin, end, amplitude] = pulse[..] else { return Err("a stimulus of other than 3 numbers".into()) };
            if let Some(steps) = drive.get_mut(step(begin)..step(end)) {
                steps.iter_mut().for_each(|i| *i += amplitude);
            }
        }
        Ok(drive)
    }
}

impl<'a> Reference<'a> {
    pub(super) fn open(value: &'a Value, arrays: &Path, case: &'a mut Case, output: &'a mut Output) -> Result<Self> {
        // Without its arrays a case is computed, but nothing is checked.
        let arrays = if arrays.exists() { npz::read(arrays)? } else { BTreeMap::new() };
        Ok(Self { value, arrays, case, output })
    }

    pub(super) fn params(&self) -> Result<Params<'a>> {
        self.value.get("params").map(Params).ok_or_else(|| "no parameters".into())
    }

    /// An array of the case.
    pub(super) fn array(&self, name: &str) -> Result<&ArrayD<f64>> {
        self.arrays.get(name).ok_or_else(|| format!("no array `{name}`").into())
    }

    /// What follows `prefix` in the names of arrays: the methods that are asked for.
    pub(super) fn endings(&self, prefix: &str) -> Vec<String> {
        let listed = self.value.get("arrays").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
        let names: BTreeSet<_> = self.arrays.keys().chain(listed).collect();
        names.into_iter().filter_map(|name| name.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    /// The drive in each step, from the array that holds it, else from the list of stimuli.
    pub(super) fn drive(&mut self, name: &str, params: Params<'_>, dt: f64) -> Result<Vec<f64>> {
        let drive = match self.arrays.get(name) {
            Some(drive) => drive.iter().copied().collect(),
            None => params.drive(dt, params.steps(dt)?)?,
        };
        self.write(name, &[drive.len()], &drive)?;
        Ok(drive)
    }

    /// Writes the times of samples.
    pub(super) fn times(&mut self, name: &str, dt: f64, samples: usize) -> Result<()> {
        let times: Vec<_> = (0..samples).map(|k| k as f64 * dt).collect();
        self.put(name, &[samples], &times, 1e-9)
    }

    /// Writes an array.
    pub(super) fn write<T: NpyItem>(&mut self, name: &str, shape: &[usize], values: &[T]) -> Result<()> {
        self.output.array(name, &ArrayD::from_shape_vec(shape, values.to_vec())?)
    }

    /// Writes an array, and compares it with that of the case.
    pub(super) fn put<T: NpyItem + Into<f64>>(
        &mut self,
        name: &str,
        shape: &[usize],
        values: &[T],
        tolerance: f64,
    ) -> Result<()> {
        if let Some(expected) = self.arrays.get(name) {
            let own = values.iter().map(|&x| x.into());
            let deviation = if expected.shape() == shape { largest(own, expected.iter().copied()) } else { f64::NAN };
            self.case.check(name, deviation, tolerance);
        }
        self.write(name, shape, values)
    }

    /// Writes an array, and compares its first entries with those of the case.
    pub(super) fn put_start(&mut self, name: &str, values: &[f64], count: usize, tolerance: f64) -> Result<()> {
        if let Some(expected) = self.arrays.get(name) {
            let enough = expected.len() >= count && values.len() >= count;
            let own = values.iter().copied().take(count);
            let deviation = if enough { largest(own, expected.iter().copied().take(count)) } else { f64::NAN };
            self.case.check(name, deviation, tolerance);
        }
        self.write(name, &[values.len()], values)
    }

    /// What the case says of a variant, besides its arrays.
    pub(super) fn features(&self, variant: &str) -> Result<Params<'a>> {
        let features = self.value.get("features").and_then(|features| features.get(variant));
        features.map(Params).ok_or_else(|| format!("no features of `{variant}`").into())
    }

    /// Writes labels of spikes, which must be those of the case.
    pub(super) fn spikes(&mut self, name: &str, labels: &[i32]) -> Result<()> {
        self.put(name, &[labels.len()], labels, 0.0)
    }
}
