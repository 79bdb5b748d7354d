//! A hundred interneurons that inhibit each other and thereby fall into a gamma rhythm.
//!
//! ```text
//! cargo run --release --example gamma
//! cargo run --release --example gamma -- --set i=2uA/cm2 --duration 1s
//! ```
//!
//! Source: X.-J. Wang and G. Buzsaki, J. Neurosci. 16, 6402 (1996). Synapses are graded: the gate of a synapse follows the
//! potential of its presynaptic neuron, so each neuron has one gate for all the synapses that it makes.
//!
//! Expected: in 500 ms from random potentials on, 42 spikes a second of each neuron, and a coherence of 0.35 to 0.6 in
//! bins of 0.48 ms; Brian2 gives 42.5 Hz and 0.52 from one such start. The rhythm depends on the step: one four times
//! shorter makes it 6 % faster. `--check` compares, at the defaults. Takes a tenth of a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::process::ExitCode;

use binnet::cli::{App, RunFlags};
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet::results::Manifest;
use binnet_examples::output::{Check, Checks, Output};
use binnet_examples::spiking::joined;

neuron! {
    /// The interneuron of Wang and Buzsaki, with the gate of the synapses that it makes.
    pub struct Interneuron {
        param i = 1.2 uA/cm2;
        /// The sum of the conductances of all its inputs.
        input g: mS/cm2;
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
        let i_syn = g * (v + 75 mV);
        dv/dt = (i - i_na - i_k - 0.1 mS/cm2 * (v + 65 mV) - i_syn) / (1 uF/cm2);
        dh/dt = 5 * (alpha_h * (1 - h) - beta_h * h);
        dn/dt = 5 * (alpha_n * (1 - n) - beta_n * n);
        ds/dt = 12 / ms * sigmoid(v / 2 mV) * (1 - s) - 0.1 / ms * s;
        spike when v rises through 0 mV;
    }
}

network! {
    /// Interneurons, all to all.
    pub struct Gamma {
        clock 0.04 ms;
        /// The current into each neuron.
        param i = 1.2 uA/cm2;
        /// The conductance of one synapse: a hundredth of 0.1 mS/cm2.
        param g_syn = 0.001 mS/cm2;

        population cells: Interneuron[100] { i: i, v: uniform(-70 mV, -50 mV), method: exponential_euler };
        projection cells -> cells { target: g, connect: all_to_all, weight: g_syn };

        record cells.spikes;
        record cells.s every 1 ms;
        record cells.v[0..3] every 0.2 ms;
    }
}

fn main() -> ExitCode {
    App::<Gamma, Check>::new().duration("500 ms").run(run).main()
}

/// Runs the network, prints how it is synchronised and draws it; tells whether the checks, if any, were met.
fn run(flags: &RunFlags, own: &Check) -> binnet::Result<bool> {
    let (output, duration) = (Output::of(flags, own.check)?, flags.total());
    output.file("")?;
    let builder = flags.configure(Gamma::builder())?;
    let mut net = builder.clone().build()?;
    net.run_with_progress(duration)?;
    print!("{}", net.summary());
    for path in Manifest::of(&builder, &net).save(&*net, &flags.out, "gamma", flags.csv)? {
        println!("written     {}", path.display());
    }

    let records = net.records();
    let cells = records.cells;
    let trains = joined(&[cells.spikes], 0.0..duration.ms())?;
    // Bins of 12 steps, to whose middle spikes are moved: none lies at an edge.
    let bin = 0.48;
    let middle: Vec<f64> = cells.spikes.times().iter().map(|time| time + 0.02).collect();
    let whole = (duration.ms() / bin).floor() * bin;
    let binned = binnet::analysis::SpikeTrains::new(cells.spikes.ids(), &middle, trains.neurons(), 0.0..whole)?;
    let coherence = binned.coherence(bin)?.unwrap_or(f64::NAN);
    println!("measured    {:<28} {:>9} {:>9}", "", "binnet", "Brian2");
    println!("            {:<28} {:>9.2} {:>9.2}", "rate, Hz", trains.rate(), 42.5);
    println!("            {:<28} {:>9.3} {:>9.3}", "coherence, 0.48 ms", coherence, 0.522);

    let gates = cells.s.values();
    let mean: Vec<f64> = gates.outer_iter().map(|row| row.sum() / row.len() as f64).collect();
    let figure = plot::lines([
        Panel::new("neuron").dots("", cells.spikes.times(), cells.spikes.ids().iter().map(|id| f64::from(*id))),
        Panel::new("mean gate s").line("", cells.s.times(), mean).height(0.5),
        Panel::of(cells.v),
    ])
    .window(0.ms(), duration)
    .size(960, 620)
    .title(format!("{}, {:.0} spikes a second", net.name(), trains.rate()));
    output.save("gamma", &figure)?;

    let mut checks = Checks::new(output.check);
    checks.within("rate, Hz", trains.rate(), 40.0..=45.0);
    checks.within("coherence", coherence, 0.35..=0.7);
    Ok(checks.met)
}
