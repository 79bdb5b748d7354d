//! Speed of the asynchronous engine: `cargo bench --bench binary`.
//!
//! Prints, for the reference networks, the time to draw the connections, the time of an update with
//! the flip log on, the flip share, and the ratio to the straightforward kernel in the same run.
//! `-- kappa1` and the like run only the rows whose name contains the word; `-- --no-plain` leaves
//! the straightforward kernel out, so that the peak memory is that of the network alone.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use binnet::Result;
use binnet::asynchronous::BuildOptions;
use binnet::models::{ClusteredEi, Connection};
use binnet_benches::network::{huge, large, small};
use binnet_benches::plain::Plain;
use binnet_benches::timing::{peak_megabytes, time};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let with_plain = !arguments.iter().any(|a| a == "--no-plain");
    let wanted: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let weights = |model: ClusteredEi| ClusteredEi { kappa: 1.0, ..model };
    let fixed = |model: ClusteredEi| ClusteredEi { connection: Connection::FixedInDegree { multapses: true }, ..model };
    let rows = [
        ("n10000_poisson_kappa0", large(), 10_000_000),
        ("n10000_poisson_kappa1", weights(large()), 10_000_000),
        ("n10000_fixed_kappa1", fixed(weights(large())), 10_000_000),
        ("n1500_poisson_kappa0", small(), 20_000_000),
        ("n1500_poisson_kappa1", weights(small()), 20_000_000),
        ("n100000_poisson_kappa0", huge(), 2_000_000),
    ];
    println!(
        "{:24} {:>9} {:>12} {:>8} {:>26} {:>12} {:>7}",
        "network", "build s", "contacts", "MB", "ns/update", "flip share", "ratio"
    );
    for (name, model, updates) in rows {
        if !wanted.is_empty() && !wanted.iter().any(|w| name.contains(w.as_str())) {
            continue;
        }
        let start = std::time::Instant::now();
        let options = BuildOptions::seeded(1);
        let mut net = model.build_with(options)?;
        let build = start.elapsed().as_secs_f64();
        net.run_updates(updates / 2)?;
        net.record_flips()?;
        let (flips, before) = (net.flips(), net.updates());
        let mut outcome = Ok(());
        let rounds = 5;
        let ours = time(rounds, updates / rounds as u64, || {
            if outcome.is_ok() {
                outcome = net.run_updates(updates / rounds as u64);
            }
        });
        outcome?;
        let share = (net.flips() - flips) as f64 / (net.updates() - before) as f64;
        let ratio = if with_plain {
            let mut plain = Plain::of(&net, model.n_e);
            plain.run(updates as usize / 20);
            let theirs = time(rounds, updates / 10, || {
                plain.run(updates as usize / 10);
            });
            format!("{:7.1}", theirs.median / ours.median)
        } else {
            String::from("      -")
        };
        let megabytes = net.bytes() as f64 / 1e6;
        println!("{name:24} {build:9.3} {:12} {megabytes:8.1} {ours:>26} {share:12.4} {ratio}", net.synapses());
    }
    if let Some(peak) = peak_megabytes() {
        println!("peak memory of the process: {peak:.1} MB");
    }
    Ok(())
}
