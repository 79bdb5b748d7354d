//! Layers of DPI neurons, against Rockpool's `DynapSim`: spikes exactly, currents and potentials to rounding.
//!
//! A case is a `.json` file, and an `.npz` file of its name with the arrays, in SI units: input `x`,
//! parameters `p_*`, weights `w_rec` (`[pre, post]`, with gates a third axis), start values `init_*`, and
//! results `f64_*`, of which currents may hold the first steps only. Results in single precision are not compared,
//! and gradients are not computed.

mod layer;
mod names;
mod translation;

use std::path::Path;

use binnet::models::dynapsim::{DpiGated, DpiNeuron};
use ndarray::{Array2, Axis};
use serde_json::Value;

use super::Result;
use super::numbers::{largest, largest_relative};
use super::output::Output;
use super::report::Case;
use super::spiking::npz;
use layer::{Layer, Trace};

/// Relative, of currents.
const CURRENTS: f64 = 1e-6;
/// In V.
const POTENTIALS: f64 = 1e-9;
/// In s: a timer is counted down in steps.
const TIMES: f64 = 1e-12;

/// Whether a case is one of this kind.
pub(super) fn is_case(value: &Value) -> bool {
    let arrays = value.get("arrays");
    translation::is_case(value)
        || ["x", "p_dt", "p_Itau_mem", "p_Io"].iter().all(|name| arrays.and_then(|arrays| arrays.get(name)).is_some())
}

/// Runs a case.
pub(super) fn run(value: &Value, file: &Path, case: &mut Case, output: &mut Output) -> Result<()> {
    if translation::is_case(value) {
        return translation::run(value, case, output);
    }
    let layer = Layer::open(value, npz::read(file)?)?;
    let trace = match layer.gates {
        1 => layer.simulate::<DpiNeuron>(),
        4 => layer.simulate::<DpiGated>(),
        other => Err(format!("an input with {other} gates").into()),
    }?;
    compare(value, &layer, &trace, case, output)
}

fn compare(value: &Value, layer: &Layer, trace: &Trace, case: &mut Case, output: &mut Output) -> Result<()> {
    let expected = |name: &str| layer.arrays.get(name);
    let mut spikes = f64::INFINITY;
    if let Some(reference) = expected("f64_spikes") {
        let differ =
            trace.spikes.iter().zip(reference).filter(|(own, expected)| f64::from(**own) != **expected).count();
        spikes = if reference.shape() == trace.spikes.shape() { differ as f64 } else { f64::INFINITY };
    }
    case.check_with("f64_spikes", spikes, 0.0, "entries that differ".to_owned());
    output.array("f64_spikes", &trace.spikes)?;
    for (name, states) in &trace.states {
        let key = format!("f64_{name}");
        let shape = |shape: &Value| shape.get("shape")?.get(0)?.as_u64().map(|rows| rows as usize);
        let listed = value.get("arrays").and_then(|arrays| arrays.get(&key)).and_then(shape);
        // Of long cases, currents hold only the first steps.
        let rows =
            expected(&key).map(|array| array.shape()[0]).or(listed).unwrap_or(states.nrows()).min(states.nrows());
        let states: Array2<f64> = states.slice(ndarray::s![..rows, ..]).to_owned();
        if let Some(reference) = expected(&key) {
            let fits = reference.shape() == states.shape();
            check(case, &key, name, fits, states.iter().copied(), reference.iter().copied());
        }
        // Only what a layer records step by step has rows; all states are there at the end.
        if *name != "timer_ref" {
            output.array(&key, &states)?;
        }
        let key = format!("f64_final_{name}");
        let last = trace.last(name);
        if let Some(reference) = expected(&key) {
            check(case, &key, name, reference.len() == last.len(), last.iter().copied(), reference.iter().copied());
        }
        output.list(&key, &last)?;
    }
    let last: Vec<f64> =
        trace.spikes.index_axis(Axis(0), trace.spikes.nrows() - 1).iter().map(|s| f64::from(*s)).collect();
    if let Some(reference) = expected("f64_final_spikes") {
        case.check("f64_final_spikes", largest(last.iter().copied(), reference.iter().copied()), 0.0);
    }
    output.list("f64_final_spikes", &last)
}

fn check(
    case: &mut Case,
    key: &str,
    name: &str,
    fits: bool,
    own: impl Iterator<Item = f64>,
    reference: impl Iterator<Item = f64>,
) {
    let (deviation, tolerance) = match name {
        "vmem" => (largest(own, reference), POTENTIALS),
        "timer_ref" => (largest(own, reference), TIMES),
        _ => (largest_relative(own, reference), CURRENTS),
    };
    case.check(key, if fits { deviation } else { f64::INFINITY }, tolerance);
}
