//! Small networks of spiking neurons: delays of single synapses, and a recurrent network.

use binnet::clocked::{Cells, Clocked, ClockedOptions, End, PerSynapse, Projection, Record, Source};
use binnet::connect::{dense, edges};
use binnet::integrate::Exact;
use binnet::ndarray::Array2;
use binnet::neuron::{Advance, Method};
use binnet::population::Init;
use binnet::prelude::*;
use binnet::rng::Streams;

use super::methods::by_name;
use super::reference::Reference;
use crate::conformance::Result;

neuron! {
    /// What arrives, and decays.
    struct Trace {
        param tau = 3 ms;
        state g = 0;
        dg/dt = -g / tau;
    }
}

neuron! {
    /// Leaky integrate-and-fire neuron with exponential currents, in mV.
    struct Lif {
        param tau = 15 ms;
        param tau_e = 5 ms;
        param tau_i = 10 ms;
        param e_l = -65 mV;
        param v_th = -50 mV;
        param v_r = -60 mV;
        param t_ref = 3 ms;
        local i = 0 mV;
        state v = e_l;
        state ge = 0 mV;
        state gi = 0 mV;
        dge/dt = -ge / tau_e;
        dgi/dt = -gi / tau_i;
        dv/dt = (e_l - v + i + ge + gi) / tau;
        spike when v > v_th { v = v_r; refractory t_ref holding v; }
    }
}

/// Twelve synapses between three trains of spikes and four neurons, with delays of fractions of a step among them.
pub(super) fn delays(reference: &mut Reference<'_>) -> Result<()> {
    const N: usize = 4;
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    let synapses = params.set("syn")?;
    let column = |name: &str| synapses.list(name);
    let (pre, post, weights, delays) = (column("pre")?, column("post")?, column("w")?, column("delay_ms")?);
    let (channels, times) = (params.list("spike_i")?, params.list("spike_ms")?);
    reference.times("t_ms", dt, steps)?;

    let mut order: Vec<usize> = (0..pre.len()).collect();
    // Synapses of a network are in order of their ends; those of a pair keep theirs.
    order.sort_by_key(|&k| (pre[k] as usize, post[k] as usize));
    let sorted = |values: &[f64]| order.iter().map(|&k| values[k]).collect::<Vec<f64>>();
    let cells =
        Cells::<Trace, Exact, N>::build("cells", vec![("tau", Init::Value(params.get("tau_ms")?))], &Streams::new(0))?;
    let mut net = Clocked::new("delays", Time::from_ms(dt), ClockedOptions::default(), cells)?;
    let trains = channels.iter().zip(&times).map(|(channel, ms)| (*channel as usize, Time::from_ms(*ms)));
    net.add_source(Source::spike_times("in", 3, trains))?;
    let wires = edges(pre.iter().zip(&post).map(|(pre, post)| (*pre as usize, *post as usize)));
    let wires = Projection::new("in", "cells", wires).onto("g").named("syn");
    net.connect(wires.weight(sorted(&weights)).delay(sorted(&delays)))?;
    net.record(Record::of("cells", "g"))?;
    net.run_steps(steps as u64)?;

    let g: Vec<f64> = net.records().trace("cells.g")?.values().t().iter().copied().collect();
    reference.put("g", &[N, steps], &g, 1e-12)?;
    let mut delay_steps = vec![0_i32; order.len()];
    net.synapses("syn")?.iter().zip(&order).for_each(|(synapse, k)| delay_steps[*k] = synapse.delay as i32);
    reference.put("delay_steps", &[delay_steps.len()], &delay_steps, 0.0)
}

/// Twenty neurons with given weights, delays, drives and potentials.
pub(super) fn recurrent(reference: &mut Reference<'_>) -> Result<()> {
    for method in reference.endings("v_mV_") {
        by_name!(method.as_str(), I => recurrent_by::<I>(reference, &method),
            "euler": Euler, "rk4": Rk4, "exact": Exact)?;
    }
    Ok(())
}

fn recurrent_by<I: Method>(reference: &mut Reference<'_>, method: &str) -> Result<()>
where
    Lif: Advance<I>,
{
    const N: usize = 20;
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    let array =
        |name: &str| Ok::<_, crate::conformance::Error>(reference.array(name)?.iter().copied().collect::<Vec<f64>>());
    let (weights, delays, drive, start) = (array("W_mV")?, array("delay_steps")?, array("I_mV")?, array("v0_mV")?);
    if weights.len() != N * N || delays.len() != N * N || drive.len() != N || start.len() != N {
        return Err(format!("the network has other than {N} neurons").into());
    }
    let fields =
        [("tau", "tau_ms"), ("tau_e", "tau_e_ms"), ("tau_i", "tau_i_ms"), ("e_l", "EL_mV"), ("v_th", "Vth_mV")];
    let more = [("v_r", "Vr_mV"), ("t_ref", "tref_ms")];
    let mut values = vec![("i", Init::Each(drive)), ("v", Init::Each(start))];
    for (field, name) in fields.into_iter().chain(more) {
        values.push((field, Init::Value(params.get(name)?)));
    }
    let cells = Cells::<Lif, I, N>::build("cells", values, &Streams::new(0))?;
    let mut net = Clocked::new("recurrent20", Time::from_ms(dt), ClockedOptions::default(), cells)?;
    let excitatory = N * 4 / 5;
    for (rows, target) in [(0..excitatory, "ge"), (excitatory..N, "gi")] {
        let first = rows.start;
        let part = Array2::from_shape_fn((rows.len(), N), |(i, j)| weights[(first + i) * N + j]);
        let delays = delays.clone();
        let delay = PerSynapse::by_pair(move |i, j| delays[(first + i) * N + j] * dt);
        let wire = Projection::new(End::of("cells").neurons(rows), "cells", dense(&part)).onto(target);
        net.connect(wire.delay(delay))?;
    }
    let watched = params.get("record")? as usize;
    net.record(Record::of("cells", "v").neurons(0..watched))?;
    net.record(Record::spikes("cells"))?;
    net.run_steps(steps as u64)?;

    let v: Vec<f64> = net.records().trace("cells.v")?.values().t().iter().copied().collect();
    reference.put(&format!("v_mV_{method}"), &[watched, steps], &v, 1e-9)?;
    let spikes = net.records().spikes("cells")?;
    let (labels, ids) = (spikes.steps().iter().map(|k| *k as i32), spikes.ids().iter().map(|i| *i as i16));
    reference.spikes(&format!("spike_step_{method}"), &labels.collect::<Vec<_>>())?;
    reference.put(&format!("spike_i_{method}"), &[spikes.len()], &ids.collect::<Vec<_>>(), 0.0)
}
