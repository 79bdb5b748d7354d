//! Pairs of cells with an electrical synapse in each direction: networks, where the method of Euler advances the cells,
//! and systems of both cells for methods that look at the junction within a step.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Projection, Record, Stimulus, SynapseSpec};
use binnet::connect::all_to_all;
use binnet::integrate::{Euler, Exact};
use binnet::models::neurons::{Lif, WangBuzsaki};
use binnet::models::synapses::GapJunction;
use binnet::ndarray::Array2;
use binnet::neuron::{Equations, Single, StepContext, Vector as _};
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet::synapse::{Reads, SynapseStore};

use super::reference::{Params, Reference};
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-9;

binnet::neuron! {
    /// Two passive cells as one system, for its closed form.
    struct PassivePair {
        param tau = 10 ms;
        param e_l = -65 mV;
        param g   = 0.5;
        state v = -50 mV;
        state w = -70 mV;
        dv/dt = (e_l - v + g * (w - v)) / tau;
        dw/dt = (e_l - w + g * (v - w)) / tau;
    }
}

binnet::synapse! {
    /// The spikelet that a spike evokes through the junction.
    struct Spikelet {
        local w = 0.5 mV;
        on pre { deliver w; }
    }
}

/// Junctions from each cell to the other one.
fn junctions(g: f64, dt: f64) -> Result<SynapseStore<GapJunction>> {
    let junction = GapJunction { g, ..GapJunction::default() };
    Ok(SynapseStore::builder(junction, vec![0, 1, 2], vec![1, 0], 2).build(dt.ms())?)
}

/// What flows into each cell, from the potentials of both.
fn currents(junctions: &mut SynapseStore<GapJunction>, v: [f64; 2]) -> Result<[f64; 2]> {
    let mut i = [0.0; 2];
    let reads = Reads { pre: &[&v], post: &[&v] };
    junctions.continuous(0, reads, |_, target, delivered| i[target as usize] += delivered)?;
    Ok(i)
}

fn pair(params: Params<'_>, name: &str) -> Result<[f64; 2]> {
    <[f64; 2]>::try_from(params.list(name)?).map_err(|_| format!("`{name}` has other than two numbers").into())
}

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    reference.times("t_ms", dt, steps)?;
    passive(reference, params.set("passive")?, dt, steps)?;
    spiking(reference, params.set("lif")?, dt, steps)?;
    let wb = params.set("wb")?;
    let steps = params.steps(wb.get("dt_ms")?)?;
    wang_buzsaki(reference, wb, steps)
}

/// A passive cell whose drive is in mV.
fn leaky(params: Params<'_>, v: f64) -> Result<Lif> {
    let e_l = params.get("EL_mV")?;
    let threshold = params.find("Vth_mV").unwrap_or(f64::MAX);
    let (v_rest, v_reset) = (e_l, params.find("Vr_mV").unwrap_or(e_l));
    Ok(Lif {
        tau_m: params.get("tau_ms")?,
        r_m: 1.0,
        v_rest,
        v_th: threshold,
        v_reset,
        t_ref: 0.0,
        v,
        ..Lif::default()
    })
}

fn passive(reference: &mut Reference<'_>, params: Params<'_>, dt: f64, steps: usize) -> Result<()> {
    let (start, g) = (pair(params, "v0_mV")?, params.get("g_rel")?);
    for method in reference.endings("passive_") {
        let mut traces = [Vec::new(), Vec::new()];
        match method.as_str() {
            "exact" => {
                let model =
                    PassivePair { tau: params.get("tau_ms")?, e_l: params.get("EL_mV")?, g, v: start[0], w: start[1] };
                let mut cells = Single::<_, Exact>::new(model, dt.ms());
                for _ in 0..steps {
                    traces[0].push(cells.v);
                    traces[1].push(cells.w);
                    cells.step();
                }
            }
            "euler" => traces = network(params, [0.0; 2], steps, dt)?.1,
            "rk4" => {
                let mut junctions = junctions(1000.0 * g, dt)?;
                let mut cells = [leaky(params, start[0])?, leaky(params, start[1])?];
                for _ in 0..steps {
                    traces.iter_mut().zip(&cells).for_each(|(trace, cell)| trace.push(cell.v));
                    let drive = |cell: &mut Lif, _: usize, i: f64| cell.i = i / 1000.0;
                    advance(&mut cells, dt, &mut junctions, drive, |cell| cell.v)?;
                }
            }
            other => return Err(format!("no method `{other}`").into()),
        }
        reference.put(&format!("passive_{method}"), &[2, steps], &traces.concat(), TOLERANCE)?;
    }
    Ok(())
}

/// One step of both cells together, by the method of Runge and Kutta.
fn advance<E: Equations<S = f64>>(
    cells: &mut [E; 2],
    dt: f64,
    junctions: &mut SynapseStore<GapJunction>,
    drive: impl Fn(&mut E, usize, f64),
    potential: impl Fn(&E) -> f64,
) -> Result<()> {
    let before = [cells[0].state(), cells[1].state()];
    let mut slopes = |cells: &mut [E; 2], x: [E::Vector<f64>; 2]| -> Result<[E::Vector<f64>; 2]> {
        cells.iter_mut().zip(&x).for_each(|(cell, x)| cell.set_state(x));
        let i = currents(junctions, [potential(&cells[0]), potential(&cells[1])])?;
        cells.iter_mut().zip(i).enumerate().for_each(|(c, (cell, i))| drive(cell, c, i));
        Ok([0, 1].map(|c| cells[c].drift(&x[c], 0.0, &StepContext::new(dt))))
    };
    let ahead =
        |k: &[E::Vector<f64>; 2], h: f64| [0, 1].map(|c| E::Vector::from_fn(|i| before[c].at(i) + h * k[c].at(i)));
    let a = slopes(cells, before)?;
    let b = slopes(cells, ahead(&a, dt / 2.0))?;
    let c = slopes(cells, ahead(&b, dt / 2.0))?;
    let d = slopes(cells, ahead(&c, dt))?;
    let mean =
        [0, 1].map(|n| E::Vector::from_fn(|i| (a[n].at(i) + 2.0 * b[n].at(i) + 2.0 * c[n].at(i) + d[n].at(i)) / 6.0));
    let after = ahead(&mean, dt);
    cells.iter_mut().zip(&after).for_each(|(cell, x)| cell.set_state(x));
    Ok(())
}

/// Two cells that are driven by `drive` (in nA), with junctions; their potentials at the beginning of each step.
fn network(params: Params<'_>, drive: [f64; 2], steps: usize, dt: f64) -> Result<(Coupled, [Vec<f64>; 2])> {
    let start = pair(params, "v0_mV")?;
    let Lif { tau_m, r_m, v_rest, v_th, v_reset, t_ref, .. } = leaky(params, start[0])?;
    let fields = [("tau_m", tau_m), ("r_m", r_m), ("v_rest", v_rest), ("v_th", v_th), ("v_reset", v_reset)];
    let mut values: Vec<(&str, Init)> = fields.map(|(name, value)| (name, value.into())).to_vec();
    values.extend([("t_ref", t_ref.into()), ("v", start.to_vec().into())]);
    let cells = Cells::build("cells", values, &Streams::new(0))?;
    let mut net = Clocked::new("a pair", dt.ms(), ClockedOptions::seeded(0), cells)?;
    let rows = Array2::from_shape_fn((steps, 2), |(_, cell)| drive[cell]);
    net.stimulate("cells", "i", Stimulus::rows(rows))?;
    // In nS, for potentials in mV and currents in pA; 1 nA across 1 MOhm is 1 mV.
    let junction = SynapseSpec::of::<GapJunction>().with("g", 1000.0 * params.get("g_rel")?);
    let ends = || Projection::new("cells", "cells", all_to_all());
    net.connect(ends().onto("i").named("junctions").with_synapses(junction))?;
    if let Some(kick) = params.find("spikelet_mV") {
        // A cell that spikes itself is reset after the spikelet.
        let spikelet = SynapseSpec::of::<Spikelet>().with("w", kick);
        net.connect(ends().onto("v").named("spikelets").with_synapses(spikelet))?;
    }
    net.record(Record::spikes("cells"))?;
    let mut traces = [Vec::new(), Vec::new()];
    for _ in 0..steps {
        let v = net.values("cells", "v")?;
        traces.iter_mut().zip(v).for_each(|(trace, v)| trace.push(v));
        net.step()?;
    }
    Ok((net, traces))
}

type Coupled = Clocked<Cells<Lif, Euler, 2>>;

fn spiking(reference: &mut Reference<'_>, params: Params<'_>, dt: f64, steps: usize) -> Result<()> {
    let (net, traces) = network(params, pair(params, "I_mV")?, steps, dt)?;
    let train = net.records().spikes("cells")?;
    let labels: Vec<i32> = train.steps().iter().map(|step| *step as i32).collect();
    let indices: Vec<i16> = train.ids().iter().map(|id| *id as i16).collect();
    reference.put("lif_v_mV", &[2, steps], &traces.concat(), TOLERANCE)?;
    reference.spikes("lif_spike_step", &labels)?;
    reference.put("lif_spike_i", &[indices.len()], &indices, 0.0)
}

fn wang_buzsaki(reference: &mut Reference<'_>, params: Params<'_>, steps: usize) -> Result<()> {
    let dt = params.get("dt_ms")?;
    let (start, current) = (pair(params, "V0_mV")?, pair(params, "I_uA")?);
    let every = params.get("store_every")? as usize;
    // In nS for each cm2 of membrane and a conductance in mS.
    let mut junctions = junctions(1e6 * params.get("g_mS")?, dt)?;
    let mut cells = start.map(|v| {
        let mut cell = WangBuzsaki { v, ..WangBuzsaki::default() };
        cell.settle();
        cell
    });
    let drive = |cell: &mut WangBuzsaki, c: usize, i: f64| cell.i = current[c] + i * 1e-6;
    let mut traces = [Vec::new(), Vec::new()];
    let (mut labels, mut indices) = (Vec::new(), Vec::new());
    for step in 0..steps {
        if step % every == 0 {
            traces.iter_mut().zip(&cells).for_each(|(trace, cell)| trace.push(cell.v));
        }
        let before = [cells[0].v, cells[1].v];
        advance(&mut cells, dt, &mut junctions, drive, |cell| cell.v)?;
        for c in (0..2).filter(|&c| before[c] < 0.0 && cells[c].v >= 0.0) {
            labels.push(step as i32);
            indices.push(c as i16);
        }
    }
    let samples = traces[0].len();
    reference.put("wb_V_mV", &[2, samples], &traces.concat(), TOLERANCE)?;
    reference.spikes("wb_spike_step", &labels)?;
    reference.put("wb_spike_i", &[indices.len()], &indices, 0.0)
}
