//! The adaptive exponential integrate-and-fire neuron.

use binnet::models::neurons::AdEx;

use super::methods::by_method;
use super::reference::{Params, Reference};
use super::trace::Trace;
use crate::conformance::{Error, Result};

const TOLERANCE: f64 = 1e-7;

fn neuron(cell: Params<'_>) -> Result<AdEx> {
    Ok(AdEx {
        c_m: cell.get("C_pF")?,
        g_leak: cell.get("gL_nS")?,
        v_rest: cell.get("EL_mV")?,
        v_t: cell.get("VT_mV")?,
        delta_t: cell.get("DT_mV")?,
        v_peak: cell.get("Vcut_mV")?,
        v_reset: cell.get("Vr_mV")?,
        tau_w: cell.get("tauw_ms")?,
        a: cell.get("a_nS")?,
        b: cell.get("b_pA")?,
        i: 0.0,
        v: cell.get("EL_mV")?,
        w: 0.0,
    })
}

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    reference.times("t_ms", dt, steps)?;
    for (name, cell) in params.set("cells")?.sets() {
        let current = format!("I_pA_{name}");
        let drive = match reference.array(&current) {
            Ok(drive) => drive.iter().copied().collect(),
            Err(_) => cell.drive(dt, steps)?,
        };
        reference.write(&current, &[drive.len()], &drive)?;
        for method in reference.endings(&format!("v_mV_{name}_")) {
            let neuron = neuron(cell)?;
            let trace: Trace<2> = by_method!(method.as_str(), I => {
                Ok::<_, Error>(Trace::run::<_, I>(neuron, dt, &drive, |n: &mut AdEx, i| n.i = i, |n| [n.v, n.w]))
            })?;
            reference.put(&format!("v_mV_{name}_{method}"), &[drive.len()], &trace.columns[0], TOLERANCE)?;
            reference.put(&format!("w_pA_{name}_{method}"), &[drive.len()], &trace.columns[1], TOLERANCE)?;
            reference.spikes(&format!("spike_step_{name}_{method}"), &trace.spikes)?;
        }
    }
    Ok(())
}
