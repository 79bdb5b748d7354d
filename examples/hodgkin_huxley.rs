//! The neuron of Hodgkin and Huxley under a step of current: potential, gates, and current.
//!
//! ```text
//! cargo run --release --example hodgkin_huxley
//! cargo run --release --example hodgkin_huxley -- --set i=6uA/cm2 --duration 200ms
//! ```
//!
//! Source: A. L. Hodgkin and A. F. Huxley, J. Physiol. 117, 500 (1952), in today's signs with rest at -65 mV,
//! for 6.3 degrees C.
//!
//! Expected: a period of 14.64 ms, that is 68.3 spikes a second, at 10 uA/cm2, whatever the method, as steps get
//! shorter. One spike and then rest at `--set i=5uA/cm2`; from 6.3 uA/cm2 on it fires for good, at once with
//! 52 Hz (J. Rinzel and R. N. Miller, Math. Biosci. 49, 27 (1980)). `--check` compares, at the defaults. Takes
//! less than a tenth of a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::process::ExitCode;

use binnet::cli::{App, RunFlags};
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet::results::Manifest;
use binnet_examples::output::{Check, Checks, Output};

neuron! {
    /// The squid axon of Hodgkin and Huxley.
    pub struct Axon {
        param c_m    = 1 uF/cm2;
        param g_na   = 120 mS/cm2;
        param g_k    = 36 mS/cm2;
        param g_leak = 0.3 mS/cm2;
        param e_na   = 50 mV;
        param e_k    = -77 mV;
        param e_leak = -54.387 mV;
        input i: uA/cm2;
        state v = -65 mV;

        // exprel(x) = (exp(x) - 1) / x, which is 1 at 0, where the rates as published would divide 0 by 0.
        let alpha_m = 1 / ms / exprel(-(v + 40 mV) / 10 mV);
        let beta_m  = 4 / ms * exp(-(v + 65 mV) / 18 mV);
        let alpha_h = 0.07 / ms * exp(-(v + 65 mV) / 20 mV);
        let beta_h  = 1 / ms / (1 + exp(-(v + 35 mV) / 10 mV));
        let alpha_n = 0.1 / ms / exprel(-(v + 55 mV) / 10 mV);
        let beta_n  = 0.125 / ms * exp(-(v + 65 mV) / 80 mV);
        state m = alpha_m / (alpha_m + beta_m);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);

        dv/dt = (g_na * m^3 * h * (e_na - v) + g_k * n^4 * (e_k - v) + g_leak * (e_leak - v) + i) / c_m;
        dm/dt = alpha_m * (1 - m) - beta_m * m;
        dh/dt = alpha_h * (1 - h) - beta_h * h;
        dn/dt = alpha_n * (1 - n) - beta_n * n;
        spike when v rises through 0 mV;
    }
}

network! {
    /// One axon under a step of current.
    pub struct CurrentStep {
        clock 0.01 ms;
        /// The current, from 10 ms on.
        param i = 10 uA/cm2;
        param g_na = 120 mS/cm2;
        param g_k = 36 mS/cm2;
        param g_leak = 0.3 mS/cm2;

        population axon: Axon[1] { g_na: g_na, g_k: g_k, g_leak: g_leak, method: rk4 };
        stimulus axon.i += ramp(i, i, 10 ms, 0 ms);

        record axon.v;
        record axon.m;
        record axon.h;
        record axon.n;
        record axon.i;
        record axon.spikes;
    }
}

fn main() -> ExitCode {
    App::<CurrentStep, Check>::new().duration("100 ms").run(run).main()
}

/// Runs the neuron, prints what it did and draws it; tells whether the checks, if any, were met.
fn run(flags: &RunFlags, own: &Check) -> binnet::Result<bool> {
    let (output, duration) = (Output::of(flags, own.check)?, flags.total());
    output.file("")?;
    let builder = flags.configure(CurrentStep::builder())?;
    let mut net = builder.clone().build()?;
    net.run(duration)?;
    print!("{}", net.summary());
    for path in Manifest::of(&builder, &net).save(&*net, &flags.out, "hodgkin_huxley", flags.csv)? {
        println!("written     {}", path.display());
    }

    let records = net.records();
    let axon = records.axon;
    let spikes = axon.spikes.times();
    let v = axon.v.values();
    let (lowest, highest) =
        v.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
    println!("spikes      {} at {spikes:.1?} ms", spikes.len());
    println!("potential   {lowest:.1} to {highest:.1} mV");
    // The first intervals differ a little from the others.
    let steady = spikes.get(1..).unwrap_or_default();
    let rate = match steady {
        [first, .., last] => 1e3 * (steady.len() - 1) as f64 / (last - first),
        _ => 0.0,
    };
    println!("rate        {rate:.2} Hz after the second spike");

    let current = axon.i.values().iter().fold(0.0_f64, |most, &i| if i.abs() > most.abs() { i } else { most });
    let figure = plot::lines([
        Panel::of(axon.v).spikes(&spikes).height(1.2),
        Panel::new("open gates")
            .trace("m: Na opens", axon.m)
            .trace("h: Na ready", axon.h)
            .trace("n: K opens", axon.n)
            .range(0.0, 1.0),
        Panel::of(axon.i).height(0.4).muted(),
    ])
    .window(0.ms(), duration)
    .size(860, 520)
    .title(format!("Hodgkin-Huxley neuron at {current} µA/cm²: {rate:.1} spikes a second"));
    output.save("hodgkin_huxley", &figure)?;

    let mut checks = Checks::new(output.check);
    checks.within("rate in Hz", rate, 68.2..=68.4);
    checks.within("number of spikes", spikes.len() as f64, 6.0..=6.0);
    checks.within("first spike in ms", spikes.first().copied().unwrap_or(f64::NAN), 11.0..=13.0);
    checks.within("highest potential in mV", highest, 38.0..=43.0);
    checks.within("lowest potential in mV", lowest, -77.0..=-74.0);
    Ok(checks.met)
}
