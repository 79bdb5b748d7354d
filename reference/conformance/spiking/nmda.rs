//! NMDA receptors on a passive cell: two gating variables, and the magnesium block; as synapses, and as a receptor that
//! feeds the cell.

use binnet::integrate::{Euler, Rk4};
use binnet::models::receptors::NmdaSaturating;
use binnet::models::synapses::Nmda;
use binnet::neuron::Single;
use binnet::prelude::*;
use binnet::receptor::{Fed, Feed};
use binnet::synapse::{Reads, SynapseStore};

use super::reference::{Params, Reference};
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-9;

binnet::synapse! {
    /// The stock receptor by the method of Euler.
    struct ByEuler {
        param tau_rise  = 2 ms;
        param tau_decay = 100 ms;
        param alpha     = 0.5 / ms;
        param mg        = 1 mM;
        param e         = 0 mV;
        local g = 1 nS;
        state x = 0;
        state s = 0;
        post v: mV;
        dx/dt = -x / tau_rise by euler;
        ds/dt = -s / tau_decay + alpha * x * (1 - s) by euler;
        on pre { x += 1; }
        deliver g * s * (e - post.v) / (1 + mg / 3.57 mM * exp(-0.062 / 1 mV * post.v));
    }
}

binnet::neuron! {
    /// A passive cell.
    struct Passive {
        param c_m    = 200 pF;
        param g_leak = 10 nS;
        param v_rest = -70 mV;
        input i: pA;
        state v = v_rest;
        dv/dt = (g_leak * (v_rest - v) + i) / c_m;
    }
}

/// How the cell is fed.
#[derive(Clone, Copy, Debug)]
struct Slow;

impl Feed for Slow {
    type Receptor<S: Real> = NmdaSaturating<S>;
    const LABEL: &'static str = "slow";
    const TARGET: &'static str = "i";
    const POTENTIAL: &'static str = "v";
}

/// Cell and receptors as one system, for the inner stages of Runge and Kutta.
type Joint = Fed<Passive, Slow>;

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    reference.times("t_ms", dt, steps)?;
    let labels: Vec<i32> = params.list("spike_ms")?.iter().map(|t| (t / dt).round() as i32).collect();
    reference.spikes("spike_step", &labels)?;
    block(reference, params)?;
    let spikes = |step: usize| labels.iter().filter(|&&label| usize::try_from(label) == Ok(step)).count();
    for method in reference.endings("xsV_") {
        let rows = match method.as_str() {
            "euler" => by_euler(params, dt, steps, spikes)?,
            "rk4" => {
                gates(reference, params, dt, steps, spikes)?;
                by_rk4(params, dt, steps, spikes)?
            }
            other => return Err(format!("no method `{other}`").into()),
        };
        reference.put(&format!("xsV_{method}"), &[steps, 3], &rows, TOLERANCE)?;
    }
    Ok(())
}

/// The block alone: what open receptors deliver, divided by what they would deliver without it.
fn block(reference: &mut Reference<'_>, params: Params<'_>) -> Result<()> {
    let Ok(grid) = reference.array("V_grid_mV") else { return Ok(()) };
    let grid: Vec<f64> = grid.iter().copied().collect();
    let concentrations = params.list("Mg_grid")?;
    let mut values = Vec::new();
    for &mg in &concentrations {
        // Far from all potentials of the grid, so that nothing is divided by 0.
        let (e, n) = (1000.0, grid.len());
        let receptors = Nmda { mg, e, s: 1.0, ..Nmda::default() };
        let mut receptors = SynapseStore::builder(receptors, vec![0, n], (0..n as u32).collect(), n).build(1.ms())?;
        let reads = Reads { pre: &[], post: &[&grid] };
        receptors.continuous(0, reads, |_, target, i| values.push(i / (e - grid[target as usize])))?;
    }
    reference.write("V_grid_mV", &[grid.len()], &grid)?;
    reference.put("Mg_grid_mM", &[concentrations.len()], &concentrations, 0.0)?;
    reference.put("B_grid", &[concentrations.len(), grid.len()], &values, TOLERANCE)
}

fn by_euler(params: Params<'_>, dt: f64, steps: usize, spikes: impl Fn(usize) -> usize) -> Result<Vec<f64>> {
    let receptors = ByEuler {
        tau_rise: params.get("tau_rise_ms")?,
        tau_decay: params.get("tau_decay_ms")?,
        alpha: params.get("alpha_per_ms")?,
        mg: params.get("Mg_mM")?,
        e: params.get("E_mV")?,
        g: params.get("g_nS")?,
        ..ByEuler::default()
    };
    let mut synapse = SynapseStore::builder(receptors, vec![0, 1], vec![0], 1).build(dt.ms())?;
    let v = params.get("EL_mV")?;
    let cell = Passive { c_m: params.get("C_pF")?, g_leak: params.get("gL_nS")?, v_rest: v, v, i: 0.0 };
    let mut cell = Single::<Passive, Euler>::new(cell, dt.ms());
    let mut rows = Vec::with_capacity(3 * steps);
    for (step, label) in (0..steps).zip(0_u64..) {
        let v = [cell.v];
        rows.extend([synapse.value("x", 0, label)?, synapse.value("s", 0, label)?, v[0]]);
        let reads = Reads { pre: &[], post: &[&v] };
        synapse.continuous(label, reads, |_, _, i| cell.i = i)?;
        synapse.tick(label, reads)?;
        cell.step();
        for _ in 0..spikes(step) {
            synapse.pre_spike(label, 0, reads, |_, _, _| {})?;
        }
    }
    Ok(rows)
}

/// The gating variables of the stock receptor, which do not depend on the potential.
fn gates(
    reference: &mut Reference<'_>,
    params: Params<'_>,
    dt: f64,
    steps: usize,
    spikes: impl Fn(usize) -> usize,
) -> Result<()> {
    let receptors = Nmda {
        tau_rise: params.get("tau_rise_ms")?,
        tau_decay: params.get("tau_decay_ms")?,
        alpha: params.get("alpha_per_ms")?,
        ..Nmda::default()
    };
    let mut synapse = SynapseStore::builder(receptors, vec![0, 1], vec![0], 1).build(dt.ms())?;
    let reads = Reads { pre: &[], post: &[&[0.0]] };
    let mut deviation = 0.0_f64;
    let Ok(expected) = reference.array("xsV_rk4").cloned() else { return Ok(()) };
    for (step, label) in (0..steps).zip(0_u64..) {
        for (column, name) in ["x", "s"].into_iter().enumerate() {
            let expected = expected.get([step, column]).copied().unwrap_or(f64::NAN);
            let own = (synapse.value(name, 0, label)? - expected).abs();
            deviation = if own.is_nan() { f64::NAN } else { deviation.max(own) };
        }
        synapse.tick(label, reads)?;
        for _ in 0..spikes(step) {
            synapse.pre_spike(label, 0, reads, |_, _, _| {})?;
        }
    }
    reference.case.check("xs_rk4", deviation, TOLERANCE);
    Ok(())
}

fn by_rk4(params: Params<'_>, dt: f64, steps: usize, spikes: impl Fn(usize) -> usize) -> Result<Vec<f64>> {
    let (v, g_max) = (params.get("EL_mV")?, params.get("g_nS")?);
    let receptor = NmdaSaturating {
        tau_rise: params.get("tau_rise_ms")?,
        tau_decay: params.get("tau_decay_ms")?,
        alpha: params.get("alpha_per_ms")?,
        mg: params.get("Mg_mM")?,
        e: params.get("E_mV")?,
        g_max,
        ..NmdaSaturating::default()
    };
    let model = Passive { c_m: params.get("C_pF")?, g_leak: params.get("gL_nS")?, v_rest: v, v, i: 0.0 };
    let mut cell = Single::<Joint, Rk4>::new(Fed { model, receptor }, dt.ms());
    let mut rows = Vec::with_capacity(3 * steps);
    for step in 0..steps {
        // The receptor's states are the gating variables, times the conductance of all channels.
        rows.extend([cell.receptor.x / g_max, cell.receptor.g / g_max, cell.model.v]);
        cell.step();
        cell.receptor.x += g_max * spikes(step) as f64;
    }
    Ok(rows)
}
