//! The clustered E/I network of binary neurons: 8000 + 2000 neurons in 20 clusters, of which one or
//! a few are active at a time.
//!
//! ```text
//! cargo run --release --example clustered_ei
//! cargo run --release --example clustered_ei -- --set r_e_plus=8 --set kappa=0 --duration 10s
//! ```
//!
//! Source: V. Rostami et al., Nature Communications 15, 6304 (2024), and the Python package
//! `BinaryNetwork` by F. J. Schmitt and co-workers (EI-Clustering) for `kappa`.
//!
//! Expected at the defaults (ten networks): one of the 20 clusters active at a time, 5 to 30 switching on
//! in a second, flips in 0.04 to 0.06 of the updates. `--check` compares. With `--set r_j=0.75 --set kappa=0.5`, of
//! which the Python package's statistics are known, clusters stay active for longer (see the example
//! `statistics`). Takes well under a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::num::NonZeroUsize;
use std::process::ExitCode;

use binnet::asynchronous::{Asynchronous, Gains};
use binnet::cli::{App, RunFlags};
use binnet::models::{self, ClusterScaling};
use binnet::prelude::*;
use binnet::record::FlipLog;
use binnet_examples::activity::{Activity, Runs, run_replicas};
use binnet_examples::output::Output;
use clap::{Args, ValueEnum};

network! {
    /// Clustered E/I network on the wiring-weight continuum.
    pub struct ClusteredEi<const Q: usize = 20, const N_E: usize = 8000, const N_I: usize = 2000> {
        asynchronous;                            // one neuron at a time, at rate 1/tau

        param v_th = 1.0;
        param p0 = [[0.3, 0.3], [0.3, 0.3]];     // [post][pre]
        param r_e_plus = 7.25;
        param r_j = 0.8;
        param kappa = 1.0;
        param g = 1.2;
        param m_x = 0.03;
        let scaling = ClusterScaling { q: Q, n_e: N_E, n_i: N_I, v_th, p0, r_e_plus, r_j, kappa, g }.derive()?;

        population e: Binary[N_E] in clusters[Q] { threshold: scaling.theta_e(m_x), tau: 10 ms, init: bernoulli(0.2) };
        population i: Binary[N_I] in clusters[Q] { threshold: scaling.theta_i(m_x), tau: 5 ms,  init: bernoulli(0.2) };

        projection [e, i] -> [e, i] where same cluster  { connect: poisson(scaling.p_in),  weight: scaling.j_in };
        projection [e, i] -> [e, i] where other cluster { connect: poisson(scaling.p_out), weight: scaling.j_out };

        record flips;                            // the diff log
    }
}

/// Flags besides those of all networks.
#[derive(Args)]
struct Flags {
    /// Independent runs of the same connections
    #[arg(long, value_name = "N", default_value = "1")]
    replicas: NonZeroUsize,
    /// How pairs of neurons are connected; all but `poisson` take the model from the library
    #[arg(long, value_enum, default_value = "poisson")]
    connect: Connect,
    /// Compares the results with what is expected; fails if they differ
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Connect {
    /// Poisson numbers of contacts: the model in this file
    Poisson,
    /// Sums of Bernoulli draws
    Bernoulli,
    /// Equal numbers of inputs, several from one neuron allowed
    FixedInDegree,
}

fn main() -> ExitCode {
    App::<ClusteredEi, Flags>::new().duration("2.5 s").warmup("200 ms").run(run).main()
}

/// Runs the network that the flags ask for; tells whether its checks, if any, were met.
fn run(flags: &RunFlags, own: &Flags) -> binnet::Result<bool> {
    // Better to learn now than after the run that there is nowhere to write.
    Output::of(flags, own.check)?.file("")?;
    let library = |connection| {
        let mut model = models::ClusteredEi { connection, r_j: 0.8, ..models::ClusteredEi::default() };
        flags.model.set.iter().try_for_each(|a| model.set(&a.name, &a.value))?;
        model.build(flags.model.seed)
    };
    match own.connect {
        Connect::Poisson => report(&*flags.configure(<ClusteredEi>::builder())?.build()?, flags, own),
        Connect::Bernoulli => report(&library(models::Connection::Bernoulli)?, flags, own),
        Connect::FixedInDegree => report(&library(models::Connection::FixedInDegree { multapses: true })?, flags, own),
    }
}

/// Runs a network, prints what it is and what it did, and writes trace and figure.
fn report<G: Gains>(net: &Asynchronous<G>, flags: &RunFlags, own: &Flags) -> binnet::Result<bool> {
    for section in net.sections().populations() {
        println!(
            "population  {}: {} neurons in {} clusters, tau {} ms",
            section.name, section.size, section.clusters, section.tau
        );
    }
    println!("synapses    {} in {:.1} MB", net.synapses(), net.bytes() as f64 * 1e-6);

    let Runs { logs, updates, elapsed } = run_replicas(net, flags, own.replicas)?;
    let seconds = elapsed.as_secs_f64();
    println!("run         {updates} updates in {seconds:.2} s, {:.1} M updates/s", updates as f64 * 1e-6 / seconds);

    let mut met = true;
    for (replica, log) in logs.iter().enumerate() {
        let activity = Activity::of(log)?;
        let name = if logs.len() == 1 { "clustered_ei".to_owned() } else { format!("clustered_ei-{replica}") };
        println!(
            "\n{name}: {:.3} s from seed {}",
            log.duration_ms() * 1e-3,
            flags.model.seed.wrapping_add(replica as u64)
        );
        println!(
            "  flips     {} ({:.2} % of updates) in {:.2} MB",
            log.len(),
            100.0 * log.flip_share(),
            log.bytes() as f64 * 1e-6
        );
        for (section, rate) in log.sections().populations().iter().zip(&activity.rates) {
            println!("  mean {}    {:.2} % of its neurons active", section.name, 100.0 * rate);
        }
        println!(
            "  clusters  {:.2} active on average, {:.1} switch on in a second",
            activity.active, activity.switches
        );

        let every = log.sections().updates_in(1.0);
        let file = |ending: &str| flags.file(&format!("{name}.{ending}"));
        let (trace, svg, png) = (file("npz")?, file("svg")?, file("png")?);
        log.save_npz(&trace, every)?;
        let title = format!("Clustered E/I network, seed {}", flags.model.seed.wrapping_add(replica as u64));
        let figure = plot::clusters(log).title(title);
        figure.save(&svg)?;
        figure.save(&png)?;
        println!("  written   {}, {}, {}", trace.display(), svg.display(), png.display());
        met &= !own.check || check(log, &activity);
    }
    Ok(met)
}

/// Whether the activity is that of a network at the default parameters, in which clusters switch;
/// prints the comparison. Networks differ, so the ranges are wide.
fn check(log: &FlipLog, activity: &Activity) -> bool {
    let rates = [activity.rates.first(), activity.rates.get(1)].map(|rate| rate.copied().unwrap_or(f64::NAN));
    let checks = [
        ("share of active E neurons", rates[0], 0.04..=0.07),
        ("share of active I neurons", rates[1], 0.06..=0.1),
        ("share of flips", log.flip_share(), 0.035..=0.07),
        ("active clusters", activity.active, 0.25..=2.5),
    ];
    let mut met = true;
    for (what, value, range) in checks {
        let fits = range.contains(&value);
        met &= fits;
        let verdict = if fits { "ok" } else { "NOT" };
        println!("  check     {verdict}: {what} {value:.4} in {} to {}", range.start(), range.end());
    }
    met
}
