//! Twenty patterns of firing from one neuron model with two variables: figure 1 of Izhikevich (2004).
//!
//! ```text
//! cargo run --release --example izhikevich_zoo
//! ```
//!
//! Source: E. M. Izhikevich, Which model to use for cortical spiking neurons?, IEEE Trans. Neural Netw. 15, 1063
//! (2004), with the parameters, currents, and steps of the program published with it (figure1.m).
//!
//! Expected: the numbers of spikes in the table below, which are those of the published program. The steps of
//! 0.1 to 0.5 ms belong to the model: `v` is advanced first and `u` sees its new value. With an exact
//! solution of the equations, depolarizing after-potentials, the end of bistable firing and bursts by inhibition
//! look different. `--check` compares. Takes less than a tenth of a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::process::ExitCode;

use binnet::neuron::Single;
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet_examples::output::{Checks, Output, finish};
use clap::Parser;

neuron! {
    /// Izhikevich's neuron with the step of the published program.
    pub struct Izhikevich {
        local a = 0.02 / ms;
        local b = 0.2 / ms;
        local c = -65 mV;
        local d = 6 mV/ms;
        local slope = 5 / ms;
        local offset = 140 mV/ms;
        /// 0 lets `u` integrate `v` without a leak.
        local leak = 1;
        /// The potential that `u` takes for rest.
        local v_u = 0 mV;
        input i: mV/ms;
        state v = -70 mV;
        state u = b * v;

        update {
            v = v + dt * (0.04 * v^2 / (mV * ms) + slope * v + offset - u + i);
            u = u + dt * a * (b * (v - v_u) - leak * u);
        }
        spike when v > 30 mV {
            v = c;
            u += d;
        }
    }
}

/// A pattern: a neuron, its current, and what it does with it.
struct Pattern {
    name: &'static str,
    neuron: Izhikevich,
    /// The step and the duration in ms.
    times: (f64, f64),
    current: fn(f64) -> f64,
    /// The spikes of the published program.
    spikes: usize,
}

/// Runs all patterns and draws them.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    output: Output,
}

fn main() -> ExitCode {
    finish(run(&Flags::parse().output))
}

/// Runs and draws all patterns; tells whether the checks, if any, were met.
fn run(output: &Output) -> binnet::Result<bool> {
    output.file("")?;
    let mut checks = Checks::new(output.check);
    let mut charts = Vec::new();
    println!("{:28} {:>8} {:>8}", "pattern", "ms", "spikes");
    for (letter, Pattern { name, neuron, times: (step, duration), current, spikes }) in ('A'..).zip(patterns()) {
        let mut neuron = Single::<Izhikevich>::new(neuron, step.ms());
        let (mut times, mut v, mut i, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
        while neuron.time().ms() <= duration {
            let now = neuron.time().ms();
            neuron.i = current(now);
            times.push(now);
            i.push(neuron.i);
            let spike = neuron.step().any();
            // A spike resets the neuron at once; its peak is drawn, as in the paper.
            v.push(if spike { 30.0 } else { neuron.v });
            count += usize::from(spike);
        }
        println!("{name:28} {duration:8} {count:8}");
        checks.within(&format!("spikes of {name}"), count as f64, spikes as f64..=spikes as f64);
        let mut potential = Panel::new("v (mV)").line("", &times, &v).range(-95.0, 45.0);
        let mut title = format!("{letter}  {name}");
        if name.starts_with("subthreshold") {
            // Too small to see: the paper shows them 20 times larger as well.
            let (times, v) = (&times[220..], &v[220..]);
            let mean = v.iter().sum::<f64>() / v.len() as f64;
            potential = potential.line("", times, v.iter().map(|v| -10.0 + 20.0 * (v - mean)));
            title = format!("{letter}  subthreshold osc., × 20");
        }
        let panels = [potential, Panel::new("i").line("", &times, i).height(0.34).muted()];
        charts.push(plot::lines(panels).title(title));
    }
    let figure = plot::grid(5, charts)
        .title("One neuron model, twenty patterns of firing (after Izhikevich 2004): potential above input current")
        .size(1240, 860);
    output.save("izhikevich_zoo", &figure)?;
    Ok(checks.met)
}

/// A neuron with the usual equations.
fn neuron([a, b, c, d]: [f64; 4], v: f64) -> Izhikevich {
    Izhikevich { a, b, c, d, v, u: b * v, ..Izhikevich::default() }
}

/// A neuron that integrates: other coefficients bring it near a saddle-node bifurcation.
fn integrator(v: f64) -> Izhikevich {
    Izhikevich { slope: 4.1, offset: 108.0, ..neuron([0.02, -0.1, -55.0, 6.0], v) }
}

/// An amount after a time.
fn from(t: f64, start: f64, amount: f64) -> f64 {
    if t > start { amount } else { 0.0 }
}

/// An amount for a time, from each of the starts on.
fn pulses<const N: usize>(t: f64, starts: [f64; N], width: f64, amount: f64) -> f64 {
    if starts.iter().any(|start| *start < t && t < start + width) { amount } else { 0.0 }
}

/// A slope after a time.
fn ramp(t: f64, start: f64, slope: f64) -> f64 {
    from(t, start, slope * (t - start))
}

/// Strong drive, a little less from 50 to 250 ms.
fn inhibition(t: f64) -> f64 {
    if (50.0..=250.0).contains(&t) { 75.0 } else { 80.0 }
}

/// The table of the published program.
fn patterns() -> Vec<Pattern> {
    let p = |name, neuron, times, current, spikes| Pattern { name, neuron, times, current, spikes };
    let accommodating = Izhikevich { u: -16.0, leak: 0.0, v_u: -65.0, ..neuron([0.02, 1.0, -55.0, 4.0], -65.0) };
    vec![
        p("tonic spiking", neuron([0.02, 0.2, -65.0, 6.0], -70.0), (0.25, 100.0), |t| from(t, 10.0, 14.0), 5),
        p("phasic spiking", neuron([0.02, 0.25, -65.0, 6.0], -64.0), (0.25, 200.0), |t| from(t, 20.0, 0.5), 1),
        p("tonic bursting", neuron([0.02, 0.2, -50.0, 2.0], -70.0), (0.25, 220.0), |t| from(t, 22.0, 15.0), 28),
        p("phasic bursting", neuron([0.02, 0.25, -55.0, 0.05], -64.0), (0.2, 200.0), |t| from(t, 20.0, 0.6), 6),
        p("mixed mode", neuron([0.02, 0.2, -55.0, 4.0], -70.0), (0.25, 160.0), |t| from(t, 16.0, 10.0), 6),
        p("frequency adaptation", neuron([0.01, 0.2, -65.0, 8.0], -70.0), (0.25, 85.0), |t| from(t, 8.5, 30.0), 6),
        p("class 1 excitable", integrator(-60.0), (0.25, 300.0), |t| ramp(t, 30.0, 0.075), 10),
        p(
            "class 2 excitable",
            neuron([0.2, 0.26, -65.0, 0.0], -64.0),
            (0.25, 300.0),
            |t| ramp(t, 30.0, 0.015) - 0.5,
            14,
        ),
        p("spike latency", neuron([0.02, 0.2, -65.0, 6.0], -70.0), (0.2, 100.0), |t| pulses(t, [10.0], 3.0, 7.04), 1),
        p(
            "subthreshold oscillations",
            neuron([0.05, 0.26, -60.0, 0.0], -62.0),
            (0.25, 200.0),
            |t| pulses(t, [20.0], 5.0, 2.0),
            1,
        ),
        p(
            "resonator",
            neuron([0.1, 0.26, -60.0, -1.0], -62.0),
            (0.25, 400.0),
            |t| pulses(t, [40.0, 60.0, 280.0, 320.0], 4.0, 0.65),
            1,
        ),
        p(
            "integrator",
            integrator(-60.0),
            (0.25, 100.0),
            |t| pulses(t, [100.0 / 11.0, 100.0 / 11.0 + 5.0, 70.0, 80.0], 2.0, 9.0),
            1,
        ),
        p("rebound spike", neuron([0.03, 0.25, -60.0, 4.0], -64.0), (0.2, 200.0), |t| pulses(t, [20.0], 5.0, -15.0), 1),
        p("rebound burst", neuron([0.03, 0.25, -52.0, 0.0], -64.0), (0.2, 200.0), |t| pulses(t, [20.0], 5.0, -15.0), 7),
        p(
            "threshold variability",
            neuron([0.03, 0.25, -60.0, 4.0], -64.0),
            (0.25, 100.0),
            |t| pulses(t, [10.0, 80.0], 5.0, 1.0) + pulses(t, [70.0], 5.0, -6.0),
            1,
        ),
        p(
            "bistability",
            neuron([0.1, 0.26, -60.0, 0.0], -61.0),
            (0.25, 300.0),
            |t| 0.24 + pulses(t, [37.5, 216.0], 5.0, 1.0),
            5,
        ),
        p(
            "depolarizing after-potential",
            neuron([1.0, 0.2, -60.0, -21.0], -70.0),
            (0.1, 50.0),
            |t| pulses(t, [9.0], 2.0, 20.0),
            1,
        ),
        p(
            "accommodation",
            accommodating,
            (0.5, 400.0),
            |t| if t < 200.0 { t / 25.0 } else { pulses(t, [300.0], 12.5, (t - 300.0) / 3.125) },
            1,
        ),
        p("spikes by inhibition", neuron([-0.02, -1.0, -60.0, 8.0], -63.8), (0.5, 350.0), inhibition, 3),
        p("bursts by inhibition", neuron([-0.026, -1.0, -45.0, -2.0], -63.8), (0.5, 350.0), inhibition, 12),
    ]
}
