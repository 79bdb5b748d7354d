//! The leaky integrate-and-fire neuron: potential and spikes for a step of current, and its rates.

use binnet::models::neurons::Lif;
use binnet::neuron::Single;
use binnet::prelude::*;

use super::methods::by_method;
use super::reference::{Params, Reference};
use super::trace::Trace;
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-9;

fn neuron(params: Params<'_>) -> Result<Lif> {
    Ok(Lif {
        tau_m: params.get("tau_ms")?,
        r_m: params.get("R_Mohm")?,
        v_rest: params.get("EL_mV")?,
        v_th: params.get("Vth_mV")?,
        v_reset: params.get("Vr_mV")?,
        t_ref: params.get("tref_ms")?,
        v: params.find("V0_mV").or(params.find("v0_mV")).map_or_else(|| params.get("EL_mV"), Ok)?,
        ..Lif::default()
    })
}

pub(super) fn step(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let drive = reference.drive("I_nA", params, dt)?;
    reference.times("t_ms", dt, drive.len())?;
    for method in reference.endings("v_mV_") {
        let neuron = neuron(params)?;
        let trace: Trace<1> = by_method!(method.as_str(), I => {
            Ok::<_, crate::conformance::Error>(Trace::run::<_, I>(neuron, dt, &drive, |n: &mut Lif, i| n.i = i, |n| [n.v]))
        })?;
        reference.put(&format!("v_mV_{method}"), &[drive.len()], &trace.columns[0], TOLERANCE)?;
        reference.spikes(&format!("spike_step_{method}"), &trace.spikes)?;
    }
    Ok(())
}

/// Many neurons with a constant drive each, solved exactly.
pub(super) fn rates(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let (n, low, high) = (params.get("n")? as usize, params.get("I_min_nA")?, params.get("I_max_nA")?);
    let drive: Vec<f64> = match reference.array("I_nA") {
        Ok(drive) => drive.iter().copied().collect(),
        Err(_) => (0..n).map(|k| low + (high - low) * k as f64 / (n.max(2) - 1) as f64).collect(),
    };
    let n = drive.len();
    reference.write("I_nA", &[n], &drive)?;
    let model = neuron(params)?;
    let mut neurons: Vec<Single<Lif>> =
        drive.iter().map(|&i| Single::new(Lif { i, ..model.clone() }, dt.ms())).collect();
    let (mut indices, mut labels, mut counts) = (Vec::new(), Vec::new(), vec![0; n]);
    for step in 0..params.steps(dt)? {
        for (index, neuron) in neurons.iter_mut().enumerate() {
            if neuron.step().any() {
                indices.push(index as i16);
                labels.push(step as i32);
                counts[index] += 1;
            }
        }
    }
    reference.put("spike_count", &[n], &counts, 0.0)?;
    reference.put("spike_i", &[indices.len()], &indices, 0.0)?;
    reference.put("spike_step", &[labels.len()], &labels, 0.0)?;

    let theory: Vec<f64> = drive.iter().map(|&i| 1e3 * rate(&model, i)).collect();
    reference.put("rate_theory_Hz", &[n], &theory, 1e-9)?;
    let duration = params.get("duration_ms")?;
    let excess = counts.iter().zip(&drive).map(|(&count, &i)| {
        let (fewest, most) = bounds(&model, i, dt, duration);
        let count = f64::from(count);
        (fewest - count).max(count - most).max(0.0)
    });
    reference.case.check("count beyond theory", excess.fold(0.0, f64::max), 0.0);
    Ok(())
}

/// The fewest and the most spikes for a constant drive. Intervals last whole steps, as does the refractory
/// period: each differs by less than one and a half from that in continuous time.
fn bounds(neuron: &Lif, i: f64, dt: f64, duration: f64) -> (f64, f64) {
    let rate = rate(neuron, i);
    if rate == 0.0 {
        return (0.0, 0.0);
    }
    let end = neuron.v_rest + neuron.r_m * i;
    let first = neuron.tau_m * ((end - neuron.v) / (end - neuron.v_th)).ln();
    let count = |first: f64, interval: f64| (1.0 + (duration - first) / interval.max(dt)).floor().max(0.0);
    (count(first + dt, 1.0 / rate + 1.5 * dt), count(first - dt, 1.0 / rate - 1.5 * dt))
}

/// The rate for a constant drive, in spikes per ms.
fn rate(neuron: &Lif, i: f64) -> f64 {
    let end = neuron.v_rest + neuron.r_m * i;
    if end <= neuron.v_th {
        return 0.0;
    }
    1.0 / (neuron.t_ref + neuron.tau_m * ((end - neuron.v_reset) / (end - neuron.v_th)).ln())
}
