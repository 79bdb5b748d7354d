//! The neurons of Hodgkin and Huxley, and of Wang and Buzsaki.

use binnet::integrate::{Tolerances, solve};
use binnet::models::neurons::{HodgkinHuxley, WangBuzsaki};
use binnet::neuron::Equations;
use binnet::prelude::*;

use super::methods::by_method;
use super::reference::{Params, Reference};
use super::trace::Trace;
use crate::conformance::{Error, Result};

const TOLERANCE: f64 = 1e-6;

pub(super) fn classic(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let mut neuron = HodgkinHuxley {
        c_m: params.get("C")?,
        g_na: params.get("gNa")?,
        g_k: params.get("gK")?,
        g_leak: params.get("gL")?,
        e_na: params.get("ENa")?,
        e_k: params.get("EK")?,
        e_leak: params.get("EL")?,
        v: params.get("V0_mV")?,
        ..HodgkinHuxley::default()
    };
    // The gates start at their steady state for this potential.
    neuron.settle();
    let (dt, drive) = begin(reference, params)?;
    for method in reference.endings("Vmhn_") {
        let trace: Trace<4> = by_method!(method.as_str(), I => {
            let read = |n: &HodgkinHuxley| [n.v, n.m, n.h, n.n];
            Ok::<_, Error>(Trace::run::<_, I>(neuron.clone(), dt, &drive, |n: &mut HodgkinHuxley, i| n.i = i, read))
        })?;
        reference.put(&format!("Vmhn_{method}"), &[drive.len(), 4], &trace.rows(), TOLERANCE)?;
        reference.spikes(&format!("spike_step_{method}"), &trace.spikes)?;
    }
    accurate(reference, neuron, dt, &drive, |n, i| n.i = i)
}

pub(super) fn wang_buzsaki(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let mut neuron = WangBuzsaki {
        c_m: params.get("C")?,
        g_na: params.get("gNa")?,
        g_k: params.get("gK")?,
        g_leak: params.get("gL")?,
        e_na: params.get("ENa")?,
        e_k: params.get("EK")?,
        e_leak: params.get("EL")?,
        phi: params.get("phi")?,
        v: params.get("V0_mV")?,
        ..WangBuzsaki::default()
    };
    neuron.settle();
    let (dt, drive) = begin(reference, params)?;
    for method in reference.endings("Vhn_") {
        let trace: Trace<3> = by_method!(method.as_str(), I => {
            let read = |n: &WangBuzsaki| [n.v, n.h, n.n];
            Ok::<_, Error>(Trace::run::<_, I>(neuron.clone(), dt, &drive, |n: &mut WangBuzsaki, i| n.i = i, read))
        })?;
        reference.put(&format!("Vhn_{method}"), &[drive.len(), 3], &trace.rows(), TOLERANCE)?;
        reference.spikes(&format!("spike_step_{method}"), &trace.spikes)?;
    }
    accurate(reference, neuron, dt, &drive, |n, i| n.i = i)
}

fn begin(reference: &mut Reference<'_>, params: Params<'_>) -> Result<(f64, Vec<f64>)> {
    let dt = params.get("dt_ms")?;
    let drive = reference.drive("I_uA_cm2", params, dt)?;
    reference.times("t_ms", dt, drive.len())?;
    Ok((dt, drive))
}

/// The potential from a step that adapts itself, begun anew wherever the drive changes.
fn accurate<E: Equations<S = f64>>(
    reference: &mut Reference<'_>,
    mut neuron: E,
    dt: f64,
    drive: &[f64],
    set: impl Fn(&mut E, f64),
) -> Result<()> {
    let tolerances = Tolerances { relative: 1e-12, absolute: 1e-13, ..Tolerances::default() };
    let mut potential: Vec<f64> = Vec::with_capacity(drive.len());
    for span in drive.chunk_by(|a, b| a == b) {
        let (from, to) = (potential.len(), potential.len() + span.len());
        set(&mut neuron, span[0]);
        let times: Vec<f64> = (from..=to).map(|k| k as f64 * dt).collect();
        let solution = solve(&neuron, times[0]..times[span.len()], tolerances)?;
        let samples = solution.sample(&times)?;
        potential.extend(samples.column(0).iter().take(span.len()));
        let end = samples.row(span.len());
        neuron.set_state(&binnet::neuron::Vector::from_fn(|i| end[i]));
    }
    reference.put("V_accurate", &[potential.len()], &potential, TOLERANCE)
}
