//! Firing rate against current of several neurons: where and how they start to fire.
//!
//! ```text
//! cargo run --release --example fi_curve
//! cargo run --release --example fi_curve -- --set i_hodgkin_huxley=100uA/cm2 --duration 5s
//! ```
//!
//! Each model is one population whose neurons have a current each; a population advances in vector lanes.
//!
//! Source: the stock neurons of `binnet::models::neurons`, which name their papers. A. L. Hodgkin,
//! J. Physiol. 107, 165 (1948), found the two classes: rates that start from 0 and rates that start with a jump.
//!
//! Expected: integrate-and-fire neurons on their closed form. Class 1, rates from 0: LIF above 0.15 nA, QIF above
//! 0.0375 nA, Wang-Buzsaki above 0.16 uA/cm2 (with EIF beside it, which was fitted to it: Fourcaud-Trocme et al.
//! 2003). Class 2: Hodgkin-Huxley starts near 50 Hz between 6 and 7 uA/cm2 (J. Rinzel and R. N. Miller, Math. Biosci. 49, 27
//! (1980): oscillations from 6.26 uA/cm2 on). Morris-Lecar is of either class by its parameters. AdEx adapts.
//! `--check` compares, at the defaults. Takes a few seconds.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::process::ExitCode;

use binnet::cli::{App, RunFlags};
use binnet::clocked::{SpikeTrain, Trace};
use binnet::models::neurons::{AdEx, Eif, HodgkinHuxley, Lif, MorrisLecar, Qif, WangBuzsaki};
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet_examples::output::{Check, Checks, Output};

/// Currents, and neurons, of each model.
const N: usize = 120;

network! {
    /// Neurons without synapses, each under a current of its own, up to the parameter of its model.
    pub struct Curves {
        clock 0.01 ms;
        param i_lif = 0.5 nA;
        param i_qif = 0.2 nA;
        param i_adex = 1500 pA;
        param i_wang_buzsaki = 2 uA/cm2;
        param i_hodgkin_huxley = 20 uA/cm2;
        param i_morris_lecar = 110 uA/cm2;

        population lif: Lif[N];
        population qif: Qif[N];
        population adex: AdEx[N];
        population eif: Eif[N];
        population wang_buzsaki: WangBuzsaki[N];
        population hodgkin_huxley: HodgkinHuxley[N];
        population class_1: MorrisLecar[N] { g_ca: 4 mS/cm2, v_3: 12 mV, v_4: 17.4 mV, phi: 0.067 / ms };
        population class_2: MorrisLecar[N];

        stimulus lif.i            = steps [(currents(i_lif), 1000 s)];
        stimulus qif.i            = steps [(currents(i_qif), 1000 s)];
        stimulus adex.i           = steps [(currents(i_adex), 1000 s)];
        stimulus eif.i            = steps [(currents(i_wang_buzsaki), 1000 s)];
        stimulus wang_buzsaki.i   = steps [(currents(i_wang_buzsaki), 1000 s)];
        stimulus hodgkin_huxley.i = steps [(currents(i_hodgkin_huxley), 1000 s)];
        stimulus class_1.i        = steps [(currents(i_morris_lecar), 1000 s)];
        stimulus class_2.i        = steps [(currents(i_morris_lecar), 1000 s)];

        record lif.spikes;
        record qif.spikes;
        record adex.spikes;
        record eif.spikes;
        record wang_buzsaki.spikes;
        record hodgkin_huxley.spikes;
        record class_1.spikes;
        record class_2.spikes;
        record lif.i every 1 s;
        record qif.i every 1 s;
        record adex.i every 1 s;
        record wang_buzsaki.i every 1 s;
        record hodgkin_huxley.i every 1 s;
        record class_1.i every 1 s;
    }
}

/// Equal steps of current from 0 to the highest.
fn currents(highest: f64) -> Vec<f64> {
    (0..N).map(|k| highest * k as f64 / (N - 1) as f64).collect()
}

fn main() -> ExitCode {
    App::<Curves, Check>::new().duration("2 s").warmup("500 ms").run(run).main()
}

/// Runs all models and draws their curves; tells whether the checks, if any, were met.
fn run(flags: &RunFlags, own: &Check) -> binnet::Result<bool> {
    let output = Output::of(flags, own.check)?;
    output.file("")?;
    let mut net = flags.configure(Curves::builder())?.build()?;
    let current = |trace: &Trace| trace.values().row(0).to_vec();
    // The warm-up shows how AdEx starts, and lets all neurons settle.
    // Its first sample has the currents of all neurons.
    net.run(Time::from_ms(flags.warmup.ms().max(1.0)))?;
    let first = first_rates(net.records().adex.spikes);
    let at = net.records();
    let (lif_i, qif_i, adex_i) = (current(at.lif.i), current(at.qif.i), current(at.adex.i));
    let (wb_i, hh_i, ml_i) = (current(at.wang_buzsaki.i), current(at.hodgkin_huxley.i), current(at.class_1.i));
    net.clear_records();
    net.run_with_progress(flags.duration)?;
    print!("{}", net.summary());

    let records = net.records();
    let lif = rates(records.lif.spikes);
    let qif = rates(records.qif.spikes);
    let adex = rates(records.adex.spikes);
    let eif = rates(records.eif.spikes);
    let wang_buzsaki = rates(records.wang_buzsaki.spikes);
    let hodgkin_huxley = rates(records.hodgkin_huxley.spikes);
    let (class_1, class_2) = (rates(records.class_1.spikes), rates(records.class_2.spikes));

    println!("{:32} {:>10} {:>12} {:>12}", "neuron", "fires from", "lowest rate", "highest rate");
    for (name, unit, current, rates) in [
        ("LIF", "nA", &lif_i, &lif),
        ("QIF", "nA", &qif_i, &qif),
        ("AdEx, adapted", "pA", &adex_i, &adex),
        ("EIF", "uA/cm2", &wb_i, &eif),
        ("Wang-Buzsaki", "uA/cm2", &wb_i, &wang_buzsaki),
        ("Hodgkin-Huxley", "uA/cm2", &hh_i, &hodgkin_huxley),
        ("Morris-Lecar, class 1", "uA/cm2", &ml_i, &class_1),
        ("Morris-Lecar, class 2", "uA/cm2", &ml_i, &class_2),
    ] {
        let (from, lowest) = onset(current, rates);
        println!("{name:22} {from:12.4} {unit:6} {lowest:9.2} Hz {:9.2} Hz", highest(rates));
    }

    let lif_law: Vec<f64> = lif_i.iter().map(|i| lif_rate(*i)).collect();
    let qif_law: Vec<f64> = qif_i.iter().map(|i| qif_rate(*i)).collect();
    let chart = |title: &str, unit: &str, panel: Panel| plot::xy(format!("current ({unit})"), panel).title(title);
    let rate = || Panel::new("rate (Hz)");
    // Fewer dots where a line goes through them.
    let some = |values: &[f64]| values.iter().copied().step_by(4).collect::<Vec<_>>();
    let beside_law = |current: &[f64], law: &[f64], rates: &[f64]| {
        rate().line("closed form", current, law).dots("simulated", some(current), some(rates))
    };
    let charts = [
        chart("Leaky integrate-and-fire", "nA", beside_law(&lif_i, &lif_law, &lif)),
        chart("Quadratic integrate-and-fire", "nA", beside_law(&qif_i, &qif_law, &qif)),
        chart("AdEx: adapts", "pA", rate().dots("first interval", &adex_i, &first).dots("after 0.5 s", &adex_i, &adex)),
        chart(
            "Wang-Buzsaki: class 1, starts from 0",
            "µA/cm²",
            rate().line("Wang-Buzsaki", &wb_i, &wang_buzsaki).dots("EIF fitted to it", some(&wb_i), some(&eif)),
        ),
        chart(
            "Hodgkin-Huxley: class 2, starts with a jump",
            "µA/cm²",
            rate().dots("", &hh_i, &hodgkin_huxley).range(-5.0, 100.0),
        ),
        chart(
            "Morris-Lecar: either, by its parameters",
            "µA/cm²",
            rate().dots("class 1", &ml_i, &class_1).dots("class 2", &ml_i, &class_2),
        ),
    ];
    let figure = plot::grid(3, charts).title("Firing rate against constant current").size(1200, 640);
    output.save("fi_curve", &figure)?;

    let mut checks = Checks::new(output.check);
    checks.within("LIF beside its closed form", deviation(&lif, &lif_law), 0.0..=0.01);
    checks.within("QIF beside its closed form", deviation(&qif, &qif_law), 0.0..=0.01);
    checks.within("LIF fires from, nA", onset(&lif_i, &lif).0, 0.15..=0.155);
    checks.within("QIF fires from, nA", onset(&qif_i, &qif).0, 0.0375..=0.04);
    checks.within("Wang-Buzsaki fires from, uA/cm2", onset(&wb_i, &wang_buzsaki).0, 0.15..=0.19);
    checks.within("Wang-Buzsaki, lowest rate", onset(&wb_i, &wang_buzsaki).1, 0.0..=10.0);
    checks.within("Hodgkin-Huxley fires from, uA/cm2", onset(&hh_i, &hodgkin_huxley).0, 6.0..=6.8);
    checks.within("Hodgkin-Huxley, lowest rate", onset(&hh_i, &hodgkin_huxley).1, 48.0..=56.0);
    checks.within("Morris-Lecar of class 1, lowest rate", onset(&ml_i, &class_1).1, 0.0..=5.0);
    checks.within("Morris-Lecar of class 2, lowest rate", onset(&ml_i, &class_2).1, 5.0..=15.0);
    checks.within("AdEx, adapted beside first rate", highest(&adex) / highest(&first), 0.2..=0.8);
    Ok(checks.met)
}

/// The times of the spikes of each neuron.
fn trains(spikes: &SpikeTrain) -> Vec<Vec<f64>> {
    let mut trains = vec![Vec::new(); N];
    for (neuron, time) in spikes.ids().iter().zip(spikes.times()) {
        trains[*neuron as usize].push(time);
    }
    trains
}

/// Rates in Hz: one over the mean interval, 0 where there is none.
fn rates(spikes: &SpikeTrain) -> Vec<f64> {
    let rate = |train: Vec<f64>| match train.as_slice() {
        [first, .., last] => 1e3 * (train.len() - 1) as f64 / (last - first),
        _ => 0.0,
    };
    trains(spikes).into_iter().map(rate).collect()
}

/// One over the first interval.
fn first_rates(spikes: &SpikeTrain) -> Vec<f64> {
    let rate = |train: Vec<f64>| match train.as_slice() {
        [first, second, ..] => 1e3 / (second - first),
        _ => 0.0,
    };
    trains(spikes).into_iter().map(rate).collect()
}

/// The lowest current with spikes, and the rate there.
fn onset(currents: &[f64], rates: &[f64]) -> (f64, f64) {
    currents.iter().zip(rates).find(|(_, rate)| **rate > 0.0).map_or((f64::NAN, f64::NAN), |(i, rate)| (*i, *rate))
}

fn highest(rates: &[f64]) -> f64 {
    rates.iter().copied().fold(0.0, f64::max)
}

/// The largest difference between two curves, relative to the second where that is above 5 Hz (below, two
/// seconds hold too few spikes).
fn deviation(rates: &[f64], law: &[f64]) -> f64 {
    let pairs = rates.iter().zip(law).filter(|(_, law)| **law > 5.0);
    pairs.map(|(rate, law)| (rate / law - 1.0).abs()).fold(0.0, f64::max)
}

/// The rate of `Lif` in Hz at a current in nA.
fn lif_rate(i: f64) -> f64 {
    let Lif { tau_m, r_m, v_rest, v_th, v_reset, t_ref, .. } = Lif::<f64>::default();
    // MOhm times nA is mV.
    let steady = v_rest + r_m * i;
    if steady <= v_th { 0.0 } else { 1e3 / (t_ref + tau_m * ((steady - v_reset) / (steady - v_th)).ln()) }
}

/// The rate of `Qif` in Hz at a current in nA.
fn qif_rate(i: f64) -> f64 {
    let Qif { tau_m, r_m, v_rest, v_crit, v_peak, v_reset, .. } = Qif::<f64>::default();
    let (width, middle) = (v_crit - v_rest, 0.5 * (v_crit + v_rest));
    // tau_m v' = ((v - middle)^2 + k^2) / width
    let square = width * r_m * i - 0.25 * width * width;
    if square <= 0.0 {
        return 0.0;
    }
    let k = square.sqrt();
    1e3 * k / (tau_m * width * (((v_peak - middle) / k).atan() - ((v_reset - middle) / k).atan()))
}
