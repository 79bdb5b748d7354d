//! A square millimetre of cortex: four layers, each with an excitatory and an inhibitory population.
//!
//! ```text
//! cargo run --release --example microcircuit
//! cargo run --release --example microcircuit -- --scale 1 --check
//! ```
//!
//! Source: T. C. Potjans and M. Diesmann, Cereb. Cortex 24, 785 (2014), with a Poisson background. The network at full
//! scale has 77 169 neurons and 3e8 synapses. Scaled, it has fewer neurons, each with as many inputs as before, so
//! neurons share more of their inputs: then rates are not those of the paper.
//!
//! Expected: at full scale the rates of NEST, printed beside, within 3 % or 4 standard deviations over seeds; `--check`
//! compares. At a tenth it checks that all populations fire, and slowly. A tenth takes some seconds and 0.2 GB.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use core::ops::DerefMut;
use std::process::ExitCode;
use std::time::Instant;

use binnet::clocked::{Clocked, Populations};
use binnet::population::Init;
use binnet::prelude::*;
use binnet_examples::output::{Checks, Output, finish};
use binnet_examples::spiking::joined;
use clap::Parser;

neuron! {
    /// Leaky integrate-and-fire neuron with an exponential synaptic current.
    pub struct PointNeuron {
        const c_m     = 250 pF;
        const tau_m   = 10 ms;
        const tau_syn = 0.5 ms;
        const v_rest  = -65 mV;
        const v_th    = -50 mV;
        const v_reset = -65 mV;
        const t_ref   = 2 ms;

        state v = v_rest;
        state i = 0 pA;

        di/dt = -i / tau_syn;
        dv/dt = (v_rest - v) / tau_m + i / c_m;

        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

network! {
    /// Microcircuit of Potjans and Diesmann (2014).
    pub struct Microcircuit<
        const L23E: usize = 20683, const L23I: usize = 5834, const L4E: usize = 21915, const L4I: usize = 5479,
        const L5E: usize = 4850, const L5I: usize = 1065, const L6E: usize = 14395, const L6I: usize = 2948
    > {
        clock 0.1 ms;
        precision f32;

        let numbers = numbers([L23E, L23I, L4E, L4I, L5E, L5I, L6E, L6I]);
        let weights = weights();
        let delays = delays();

        population l23e: PointNeuron[L23E] { v: normal(-68.28 mV, 5.36 mV), method: exact };
        population l23i: PointNeuron[L23I] { v: normal(-63.16 mV, 4.57 mV), method: exact };
        population l4e: PointNeuron[L4E] { v: normal(-63.33 mV, 4.74 mV), method: exact };
        population l4i: PointNeuron[L4I] { v: normal(-63.45 mV, 4.94 mV), method: exact };
        population l5e: PointNeuron[L5E] { v: normal(-63.11 mV, 4.94 mV), method: exact };
        population l5i: PointNeuron[L5I] { v: normal(-61.66 mV, 4.55 mV), method: exact };
        population l6e: PointNeuron[L6E] { v: normal(-66.72 mV, 5.46 mV), method: exact };
        population l6i: PointNeuron[L6I] { v: normal(-61.43 mV, 4.48 mV), method: exact };

        stimulus l23e.i += poisson_input(n: 1600, rate: 8 Hz, weight: W);
        stimulus l23i.i += poisson_input(n: 1500, rate: 8 Hz, weight: W);
        stimulus l4e.i += poisson_input(n: 2100, rate: 8 Hz, weight: W);
        stimulus l4i.i += poisson_input(n: 1900, rate: 8 Hz, weight: W);
        stimulus l5e.i += poisson_input(n: 2000, rate: 8 Hz, weight: W);
        stimulus l5i.i += poisson_input(n: 1900, rate: 8 Hz, weight: W);
        stimulus l6e.i += poisson_input(n: 2900, rate: 8 Hz, weight: W);
        stimulus l6i.i += poisson_input(n: 2100, rate: 8 Hz, weight: W);

        projection [l23e, l23i, l4e, l4i, l5e, l5i, l6e, l6i] -> [l23e, l23i, l4e, l4i, l5e, l5i, l6e, l6i] {
            target: i, connect: fixed_total_number(numbers, autapses: true), weight: weights, delay: delays,
        };

        record l23e.spikes;
        record l23i.spikes;
        record l4e.spikes;
        record l4i.spikes;
        record l5e.spikes;
        record l5i.spikes;
        record l6e.spikes;
        record l6i.spikes;
    }
}

/// The network with a tenth of the neurons.
type Tenth = Microcircuit<2068, 583, 2192, 548, 485, 107, 1440, 295>;

/// The amplitude of an excitatory current, in pA: it moves the potential by 0.15 mV at its peak.
const W: f64 = 87.8;
const NAMES: [&str; 8] = ["l23e", "l23i", "l4e", "l4i", "l5e", "l5i", "l6e", "l6i"];
const SIZES: [usize; 8] = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];

/// The probability that two neurons are connected at all, `[post][pre]`: table 5 of the paper.
const PROBABILITY: [[f64; 8]; 8] = [
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
];

/// The rates that NEST 3.10 gives at full scale, in Hz: mean and standard deviation of four seeds.
const NEST: [(f64, f64); 8] = [
    (0.8902, 0.0194),
    (2.9763, 0.0129),
    (4.4066, 0.0057),
    (5.8763, 0.0069),
    (7.7051, 0.072),
    (8.6418, 0.0119),
    (1.1091, 0.013),
    (7.8404, 0.0074),
];

/// The numbers of synapses between populations of these sizes, `[post][pre]`: as many a neuron as at full scale.
fn numbers(sizes: [usize; 8]) -> [[u64; 8]; 8] {
    from_pairs(|post, pre| {
        // So many make a pair connected at least once with its probability.
        let pairs = SIZES[pre] as f64 * SIZES[post] as f64;
        let full = ((-PROBABILITY[post][pre]).ln_1p() / (-1.0 / pairs).ln_1p()).round();
        (full * sizes[post] as f64 / SIZES[post] as f64).round() as u64
    })
}

/// Weights in pA, `[post][pre]`: neurons keep their sign.
fn weights() -> [[Init; 8]; 8] {
    from_pairs(|post, pre| {
        let mean = match (post, pre) {
            (0, 2) => 2.0 * W,
            _ if inhibits(pre) => -4.0 * W,
            _ => W,
        };
        let (min, max) = if inhibits(pre) { (f64::NEG_INFINITY, 0.0) } else { (0.0, f64::INFINITY) };
        Init::NormalWithin { mean, deviation: 0.1 * mean.abs(), min, max }
    })
}

/// Delays in ms, `[post][pre]`: from half a step on, which is rounded to one.
fn delays() -> [[Init; 8]; 8] {
    from_pairs(|_, pre| {
        let ms = if inhibits(pre) { 0.75 } else { 1.5 };
        Init::NormalWithin { mean: ms, deviation: 0.5 * ms, min: 0.05, max: f64::INFINITY }
    })
}

fn inhibits(population: usize) -> bool {
    population % 2 == 1
}

/// A matrix `[post][pre]`.
fn from_pairs<T>(value: impl Fn(usize, usize) -> T) -> [[T; 8]; 8] {
    core::array::from_fn(|post| core::array::from_fn(|pre| value(post, pre)))
}

/// Runs the cortical microcircuit, prints its rates and draws its spikes.
#[derive(Parser)]
struct Flags {
    /// Share of the neurons; 1 needs some gigabytes
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = ["0.1", "1"])]
    scale: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Time to measure, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s")]
    duration: Time,
    /// Time to run before measuring, with its unit
    #[arg(long, value_name = "TIME", default_value = "500 ms")]
    warmup: Time,
    #[command(flatten)]
    output: Output,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    finish(match flags.scale.as_str() {
        "1" => run(&flags, || <Microcircuit>::builder().seed(flags.seed).build()),
        _ => run(&flags, || Tenth::builder().seed(flags.seed).build()),
    })
}

/// Builds and runs the network, prints its rates beside those of NEST and draws its spikes; tells whether the
/// checks, if any, were met.
fn run<N, P>(flags: &Flags, build: impl FnOnce() -> binnet::Result<N>) -> binnet::Result<bool>
where
    N: DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    let Flags { scale, seed, duration, warmup, output } = flags;
    output.file("")?;
    let start = Instant::now();
    let mut net = build()?;
    println!("build       {:.2} s", start.elapsed().as_secs_f64());
    let (from, to) = (warmup.ms(), warmup.ms() + duration.ms());
    net.run_with_progress(Time::from_ms(to))?;
    print!("{}", net.summary());

    let records = net.records();
    let npz = output.file("microcircuit.npz")?;
    records.save_npz(&npz)?;
    println!("written     {}", npz.display());
    let mut trains = Vec::new();
    for name in NAMES {
        trains.push(records.spikes(name)?);
    }
    let title = format!("{}, scale {scale}, seed {seed}", net.name());
    let shown = Time::from_ms((to - 400.0).max(0.0));
    let figure = plot::raster(&trains).title(title).window(shown, Time::from_ms(to)).size(1000, 640);
    output.save("microcircuit", &figure)?;

    println!("measured    {:<6} {:>9} {:>8} {:>19}", "", "rate, Hz", "CV", "NEST at full scale");
    let mut rates = Vec::new();
    for ((name, spikes), (mean, deviation)) in NAMES.iter().zip(&trains).zip(NEST) {
        let trains = joined(&[spikes], from..to)?;
        let (rate, cv) = (trains.rate(), trains.isi_cv(4).unwrap_or(f64::NAN));
        println!("            {name:<6} {rate:>9.3} {cv:>8.3} {:>19}", format!("{mean:.3} ± {deviation:.3}"));
        rates.push(rate);
    }
    let mut checks = Checks::new(output.check);
    for ((name, rate), (mean, deviation)) in NAMES.iter().zip(rates).zip(NEST) {
        let reach = (4.0 * deviation).max(0.03 * mean);
        let range = if scale == "1" { mean - reach..=mean + reach } else { 0.1..=20.0 };
        checks.within(&format!("rate of {name}, Hz"), rate, range);
    }
    Ok(checks.met)
}
