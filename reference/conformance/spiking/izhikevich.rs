//! Izhikevich's neurons.

use binnet::models::neurons::Izhikevich;
use binnet::neuron::Own;
use serde_json::Value;

use super::methods::by_method;
use super::reference::{Params, Reference};
use super::trace::Trace;
use crate::conformance::numbers::largest;
use crate::conformance::{Error, Result};

const TOLERANCE: f64 = 1e-5;
/// The scheme of Izhikevich's own program.
const HALF_STEPS: &str = "half_1ms";

binnet::neuron! {
    /// Izhikevich's neuron as in his program: the threshold test first, then two half steps of `v` with
    /// `u` held fixed, then one step of `u` with the new `v`.
    struct HalfSteps {
        local a = 0.02 / ms;
        local b = 0.2 / ms;
        local c = -65 mV;
        local d = 8 mV/ms;
        param v_peak = 30 mV;
        input i: mV/ms;
        state v = -65 mV;
        state u = b * v;
        state fired = 0;

        update {
            fired = if v >= v_peak { 1 } else { 0 };
            u += d * fired;
            v = if fired > 0 { c } else { v };
            v += 0.5 * dt * (0.04 * v^2 / (mV * ms) + 5 * v / ms + 140 mV / ms - u + i);
            v += 0.5 * dt * (0.04 * v^2 / (mV * ms) + 5 * v / ms + 140 mV / ms - u + i);
            u += dt * a * (b * v - u);
        }
        spike count fired;
    }
}

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let drive = reference.drive("I", params, dt)?;
    reference.times("t_ms", dt, drive.len())?;
    let names = names(reference.value, params)?;
    for method in reference.endings("v_") {
        let mut traces = Vec::new();
        for name in &names {
            let cell = cell(params, name)?;
            let trace: Trace<2> = if method == HALF_STEPS {
                let Izhikevich { a, b, c, d, v, u, .. } = cell;
                let cell = HalfSteps { a, b, c, d, v, u, ..HalfSteps::default() };
                let drive = params.drive(1.0, params.steps(1.0)?)?;
                Trace::run::<_, Own>(cell, 1.0, &drive, |n: &mut HalfSteps, i| n.i = i, |n| [n.v, n.u])
            } else {
                by_method!(method.as_str(), I => {
                    let read = |n: &Izhikevich| [n.v, n.u];
                    Ok::<_, Error>(Trace::run::<_, I>(cell, dt, &drive, |n: &mut Izhikevich, i| n.i = i, read))
                })?
            };
            traces.push(trace);
        }
        compare(reference, &method, &names, &traces)?;
    }
    Ok(())
}

/// The kinds of cells in the order of the arrays.
fn names(value: &Value, params: Params<'_>) -> Result<Vec<String>> {
    if let Some(names) = value.get("types").and_then(Value::as_array) {
        return Ok(names.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    Ok(params.set("types")?.sets().into_iter().map(|(name, _)| name.to_owned()).collect())
}

fn cell(params: Params<'_>, name: &str) -> Result<Izhikevich> {
    let [a, b, c, d] = params.set("types")?.list(name)?[..] else {
        return Err(format!("`{name}` has other than 4 parameters").into());
    };
    let v = params.get("v0")?;
    Ok(Izhikevich { a, b, c, d, v, u: b * v, ..Izhikevich::default() })
}

/// Compares up to the sample at which rounding errors have grown so that two right programs differ.
fn compare(reference: &mut Reference<'_>, method: &str, names: &[String], traces: &[Trace<2>]) -> Result<()> {
    let samples = traces.first().map_or(0, |trace| trace.columns[0].len());
    let limits = reference.value.get("samples_where_two_codes_agree_to_1e6").and_then(|all| all.get(method));
    let limits: Vec<usize> = names
        .iter()
        .map(|name| limits.and_then(|l| l.get(name)).and_then(Value::as_u64).map_or(samples, |n| n as usize))
        .collect();
    let note = || if limits.iter().all(|&n| n == samples) { "" } else { "up to the sample that the case gives" };
    for (position, variable) in ["v", "u"].into_iter().enumerate() {
        let name = format!("{variable}_{method}");
        let own: Vec<f64> = traces.iter().flat_map(|trace| trace.columns[position].iter().copied()).collect();
        if let Ok(expected) = reference.array(&name) {
            let within = |row: usize| ndarray::s![row, ..limits[row].min(samples)];
            let same_shape = expected.shape() == [names.len(), samples];
            let deviation = if same_shape {
                let own = ndarray::ArrayView2::from_shape((names.len(), samples), &own)?;
                let expected = expected.view().into_dimensionality::<ndarray::Ix2>()?;
                let rows = (0..names.len()).map(|row| {
                    let (own, expected) = (own.slice(within(row)), expected.slice(within(row)));
                    largest(own.iter().copied(), expected.iter().copied())
                });
                rows.fold(0.0, f64::max)
            } else {
                f64::INFINITY
            };
            reference.case.check_with(&name, deviation, TOLERANCE, note().to_owned());
        }
        reference.write(&name, &[names.len(), samples], &own)?;
    }

    let mut spikes: Vec<(i32, i16)> =
        (0..).zip(traces).flat_map(|(i, t)| t.spikes.iter().map(move |&k| (k, i))).collect();
    spikes.sort_unstable();
    let (labels, indices): (Vec<i32>, Vec<i16>) = spikes.iter().copied().unzip();
    let within = |k: f64, i: f64| limits.get(i as usize).is_none_or(|&n| k < n as f64 - 1.0);
    let own = spikes.iter().map(|&(k, i)| (f64::from(k), f64::from(i))).filter(|&(k, i)| within(k, i));
    let (steps, cells) = (format!("spike_step_{method}"), format!("spike_i_{method}"));
    if let (Ok(k), Ok(i)) = (reference.array(&steps), reference.array(&cells)) {
        let expected = k.iter().copied().zip(i.iter().copied());
        let mut expected: Vec<_> = expected.filter(|&(k, i)| within(k, i)).collect();
        expected.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(core::cmp::Ordering::Equal));
        let differ = if own.eq(expected) { 0.0 } else { 1.0 };
        reference.case.check_with(&steps, differ, 0.0, note().to_owned());
    }
    reference.write(&steps, &[labels.len()], &labels)?;
    reference.write(&cells, &[indices.len()], &indices)
}
