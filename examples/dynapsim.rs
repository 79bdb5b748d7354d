//! A recurrent core of the DYNAP-SE2 chip: 256 neurons with mismatch and adaptation, driven by events.
//!
//! ```text
//! cargo run --release --example dynapsim
//! cargo run --release --example dynapsim -- --model gated --set rate=40Hz --duration 2s
//! ```
//!
//! `--model` chooses the neuron: `released` is what Rockpool's `DynapSim` computes, `gated` its predecessor with four
//! synapses, of which the network uses AMPA and GABA, and `documented` the equations of its documentation. See
//! `binnet::models::dynapsim` for how they differ.
//!
//! Source: Rockpool (SynSense), `devices.dynapse`; the circuits: Chicca, Stefanini, Bartolozzi & Indiveri (2014), Proc. IEEE
//! 102. The network is made for this example.
//!
//! Expected: activity that begins after some 50 ms and differs from neuron to neuron by mismatch, at about 21 spikes a second
//! (`gated` 8, `documented` 16); each spike adds to the adaptation, which decays with 50 ms. All neurons fit one core of the
//! chip. `--check` compares, at the defaults. Takes less than a tenth of a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::ops::{DerefMut, RangeInclusive};
use std::process::ExitCode;

use binnet::cli::ModelFlags;
use binnet::clocked::{Clocked, Populations};
use binnet::models::dynapsim::{DpiDocumented, DpiGated, DpiNeuron, fit};
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet_examples::output::{Checks, Output, finish};
use binnet_examples::spiking::joined;
use clap::{Parser, ValueEnum};

network! {
    /// A core of neurons as Rockpool's released simulator has them.
    pub struct Released {
        clock 1 ms;
        /// Input events of a neuron.
        param rate = 20 Hz;
        /// Weights of events of inputs, of neurons that excite, and of the others, in units of `i_scale`.
        param w_in = 0.8;
        param w_exc = 0.1;
        param w_inh = -0.2;
        /// Weight of a spike onto the adaptation.
        param i_w_ahp = 20 nA;

        source events: poisson[256] { rate: rate };
        population core: DpiNeuron[256] {
            i_tau_mem: mismatch(20 %), i_gain_mem: mismatch(20 %), i_tau_syn: mismatch(20 %), i_spkthr: mismatch(20 %),
            i_w_ahp: i_w_ahp, i_pulse_ahp: 35 nA,
        };
        projection events -> core { target: x, connect: one_to_one, weight: w_in };
        projection core[0..205] -> core { target: x, connect: fixed_in_degree(20), weight: w_exc };
        projection core[205..256] -> core { target: x, connect: fixed_in_degree(6), weight: w_inh };

        record core.spikes;
        record core.i_mem[0..3];
        record core.i_ahp[0..3];
    }
}

network! {
    /// A core of neurons with four synapses: four fifths of the neurons excite, the others inhibit.
    pub struct Gated {
        clock 1 ms;
        /// Input events of a neuron.
        param rate = 20 Hz;
        /// Weights of events of inputs, of neurons that excite, and of the others.
        param w_in = 300 nA;
        param w_exc = 16 nA;
        param w_inh = 16 nA;
        /// Weight of a spike onto the adaptation.
        param i_w_ahp = 20 nA;

        source events: poisson[256] { rate: rate };
        population core: DpiGated[256] {
            i_tau_mem: mismatch(20 %), i_gain_mem: mismatch(20 %), i_tau_ampa: mismatch(20 %), i_spkthr: mismatch(20 %),
            i_w_ahp: i_w_ahp, i_pulse_ahp: 35 nA,
        };
        projection events -> core { target: ampa, connect: one_to_one, weight: w_in };
        projection core[0..205] -> core { target: ampa, connect: fixed_in_degree(20), weight: w_exc };
        projection core[205..256] -> core { target: gaba, connect: fixed_in_degree(6), weight: w_inh };

        record core.spikes;
        record core.i_mem[0..3];
        record core.i_ahp[0..3];
    }
}

network! {
    /// A core of neurons after the equations of Rockpool's documentation.
    pub struct Documented {
        clock 1 ms;
        /// Input events of a neuron.
        param rate = 20 Hz;
        /// Weights of events of inputs, of neurons that excite, and of the others, in units of `i_scale`.
        param w_in = 1.6;
        param w_exc = 0.1;
        param w_inh = -0.2;
        /// Weight of a spike onto the adaptation.
        param i_w_ahp = 20 nA;

        source events: poisson[256] { rate: rate };
        population core: DpiDocumented[256] {
            i_a_gain: 100 pA, i_a_th: -2 nA, i_a_norm: 200 pA,
            i_tau_mem: mismatch(20 %), i_gain_mem: mismatch(20 %), i_tau_syn: mismatch(20 %), i_spkthr: mismatch(20 %),
            i_w_ahp: i_w_ahp, i_pulse_ahp: 35 nA,
        };
        projection events -> core { target: x, connect: one_to_one, weight: w_in };
        projection core[0..205] -> core { target: x, connect: fixed_in_degree(20), weight: w_exc };
        projection core[205..256] -> core { target: x, connect: fixed_in_degree(6), weight: w_inh };

        record core.spikes;
        record core.i_mem[0..3];
        record core.i_ahp[0..3];
    }
}

/// The neurons that there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// One synapse with signed weights, as Rockpool computes it
    Released,
    /// AMPA, GABA, NMDA and SHUNT
    Gated,
    /// The equations of the documentation
    Documented,
}

/// Runs a recurrent core of DPI neurons with mismatch, and draws spikes, membrane currents and adaptation.
#[derive(Parser)]
struct Flags {
    /// The neuron
    #[arg(long, value_enum, default_value = "released")]
    model: Kind,
    #[command(flatten)]
    network: ModelFlags,
    /// Time to simulate, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s")]
    duration: Time,
    #[command(flatten)]
    output: Output,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    let network = &flags.network;
    finish(match flags.model {
        Kind::Released => {
            network.configure(Released::builder()).and_then(|builder| run(&flags, builder.build()?, 16.0..=27.0))
        }
        Kind::Gated => {
            network.configure(Gated::builder()).and_then(|builder| run(&flags, builder.build()?, 5.0..=12.0))
        }
        Kind::Documented => {
            network.configure(Documented::builder()).and_then(|builder| run(&flags, builder.build()?, 11.0..=22.0))
        }
    })
}

/// Runs a core, prints what it did and draws it; tells whether the checks, if any, were met.
fn run<N, P>(flags: &Flags, mut net: N, expected: RangeInclusive<f64>) -> binnet::Result<bool>
where
    N: DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    let Flags { duration, output, .. } = flags;
    output.file("")?;
    net.run_with_progress(*duration)?;
    print!("{}", net.summary());
    let report = fit(&*net)?;
    for core in report.iter().flat_map(|report| &report.cores) {
        let (neurons, synapses) = (core.neurons, core.synapses);
        println!("chip        core `{}`: {neurons} of 256 neurons, at most {synapses} of 64 synapses", core.name);
    }

    let records = net.records();
    let npz = output.file("dynapsim.npz")?;
    records.save_npz(&npz)?;
    println!("written     {}", npz.display());
    let spikes = records.spikes("core")?;
    let trains = joined(&[spikes], 0.0..duration.ms())?;
    let rates = trains.rates();
    let (least, most) = rates.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), r| (least.min(*r), most.max(*r)));
    println!("measured    {:.2} spikes a second, {least:.0} to {most:.0} by neuron", trains.rate());
    println!("            CV of intervals {:.3}", trains.isi_cv(4).unwrap_or(f64::NAN));

    let (i_mem, i_ahp) = (records.trace("core.i_mem")?, records.trace("core.i_ahp")?);
    let adaptation = i_ahp.values().mean().unwrap_or(f64::NAN);
    println!("            adaptation {adaptation:.2} pA in the mean");
    let nano = i_mem.values().mapv(|pico| 1e-3 * pico);
    let mut membrane = Panel::new("membrane current (nA)");
    for (neuron, column) in nano.columns().into_iter().enumerate() {
        membrane = membrane.line(format!("neuron {neuron}"), i_mem.times(), column.to_vec());
    }
    let figure = plot::lines([
        Panel::new("neuron").dots("", spikes.times(), spikes.ids().iter().map(|id| f64::from(*id))).height(1.6),
        membrane,
        Panel::of(i_ahp).height(0.7),
    ])
    .window(0.ms(), *duration)
    .size(960, 680)
    .title(format!("{}, {:.0} spikes a second", net.name(), trains.rate()));
    output.save("dynapsim", &figure)?;

    let mut checks = Checks::new(output.check);
    checks.within("spikes a second", trains.rate(), expected);
    checks.within("adaptation, pA", adaptation, 0.6..=20.0);
    checks.within("what does not fit the chip", report.map_or(f64::NAN, |r| r.misfits.len() as f64), 0.0..=0.0);
    Ok(checks.met)
}
