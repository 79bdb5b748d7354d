//! A hundred interneurons that inhibit each other by graded synapses (Wang & Buzsaki 1996).

use binnet::analysis::SpikeTrains;
use binnet::clocked::{Cells, Clocked, ClockedOptions, Projection, Record};
use binnet::connect::all_to_all;
use binnet::integrate::{ExponentialEuler, ExponentialEulerDiagJac};
use binnet::neuron::{Advance, Method};
use binnet::population::Init;
use binnet::prelude::*;
use binnet::rng::Streams;

use super::reference::Reference;
use crate::conformance::Result;

neuron! {
    /// The interneuron of Wang and Buzsaki with the gate of its synapses.
    struct Interneuron {
        param i = 1.2 uA/cm2;
        param g_syn = 0.001 mS/cm2;
        input sum: 1;
        state v = -64 mV;
        state s = 0;
        output s;

        let alpha_m = 1 / ms / exprel(-(v + 35 mV) / 10 mV);
        let beta_m  = 4 / ms * exp(-(v + 60 mV) / 18 mV);
        let m_inf   = alpha_m / (alpha_m + beta_m);
        let alpha_h = 0.07 / ms * exp(-(v + 58 mV) / 20 mV);
        let beta_h  = 1 / ms * sigmoid((v + 28 mV) / 10 mV);
        let alpha_n = 0.1 / ms / exprel(-(v + 34 mV) / 10 mV);
        let beta_n  = 0.125 / ms * exp(-(v + 44 mV) / 80 mV);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);

        let i_na  = 35 mS/cm2 * m_inf^3 * h * (v - 55 mV);
        let i_k   = 9 mS/cm2 * n^4 * (v + 90 mV);
        let i_syn = g_syn * sum * (v + 75 mV);
        dv/dt = (i - i_na - i_k - 0.1 mS/cm2 * (v + 65 mV) - i_syn) / (1 uF/cm2);
        dh/dt = 5 * (alpha_h * (1 - h) - beta_h * h);
        dn/dt = 5 * (alpha_n * (1 - n) - beta_n * n);
        ds/dt = 12 / ms * sigmoid(v / 2 mV) * (1 - s) - 0.1 / ms * s;
        spike when v rises through 0 mV;
    }
}

const N: usize = 100;

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    for variant in reference.endings("mean_s_") {
        let (method, delay) = variant.split_once("_D").ok_or("a variant without delay")?;
        let delay: u64 = delay.parse()?;
        match method {
            "frozen" => network::<ExponentialEuler>(reference, &variant, delay)?,
            "diagjac" => network::<ExponentialEulerDiagJac>(reference, &variant, delay)?,
            other => return Err(format!("no method `{other}`").into()),
        }
    }
    Ok(())
}

fn network<I: Method>(reference: &mut Reference<'_>, variant: &str, delay: u64) -> Result<()>
where
    Interneuron: Advance<I>,
{
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    if params.get("n")? as usize != N {
        return Err(format!("the network has other than {N} neurons").into());
    }
    let start: Vec<f64> = reference.array("v0_mV")?.iter().copied().collect();
    let values = vec![
        ("i", Init::Value(params.get("I_uA")?)),
        ("g_syn", Init::Value(params.get("g_total")? / N as f64)),
        ("v", Init::Each(start)),
    ];
    let mut cells = Cells::<Interneuron, I, N>::build("cells", values, &Streams::new(0))?;
    settle(&mut cells)?;
    let mut net = Clocked::new("gamma", Time::from_ms(dt), ClockedOptions::default(), cells)?;
    net.connect(Projection::new("cells", "cells", all_to_all()).onto("sum").delay(delay as f64 * dt))?;
    let every = params.get("store_every")? as u64;
    net.record(Record::of("cells", "s").every(Time::from_ms(every as f64 * dt)))?;
    net.record(Record::spikes("cells"))?;
    net.run_steps(steps as u64)?;

    let s = net.records().trace("cells.s")?.values().to_owned();
    let mean: Vec<f64> = s.outer_iter().map(|row| row.sum() / N as f64).collect();
    // Rounding grows in a rhythm that does not repeat: samples agree for 100 ms, then only in their statistics.
    let spikes = net.records().spikes("cells")?;
    let early = (100.0 / dt).round() as u64;
    let samples = (early / every) as usize;
    reference.put_start(&format!("mean_s_{variant}"), &mean, samples, 1e-6)?;
    let count = spikes.steps().partition_point(|step| *step < early);
    let labels: Vec<f64> = spikes.steps().iter().map(|step| *step as f64).collect();
    let ids: Vec<f64> = spikes.ids().iter().map(|id| f64::from(*id)).collect();
    reference.put_start(&format!("spike_step_{variant}"), &labels, count, 0.0)?;
    reference.put_start(&format!("spike_i_{variant}"), &ids, count, 0.0)?;

    let features = reference.features(variant)?;
    let rate = spikes.len() as f64 / (N as f64 * params.get("duration_ms")? * 1e-3);
    reference.case.check(&format!("rate {variant}"), (rate / features.get("rate_Hz")? - 1.0).abs(), 0.02);
    // In steps, so that no spike lies at the edge of a bin.
    let times: Vec<f64> = labels.iter().map(|step| step + 0.5).collect();
    let bin = params.get("bin_steps")?;
    let whole = (steps as f64 / bin).floor() * bin;
    let coherence = SpikeTrains::new(spikes.ids(), &times, N, 0.0..whole)?.coherence(bin)?.ok_or("no spikes")?;
    let off = (coherence - features.get("coherence")?).abs();
    reference.case.check(&format!("coherence {variant}"), off, 0.1);
    Ok(())
}

/// Gates start at the steady state for the potential of their neuron.
fn settle<I: Method>(cells: &mut Cells<Interneuron, I, N>) -> Result<()>
where
    Interneuron: Advance<I>,
{
    for i in 0..N {
        let mut neuron = cells.neurons().get(i).ok_or("a neuron is missing")?;
        neuron.settle();
        cells.neurons_mut().set(i, &neuron)?;
    }
    Ok(())
}
