//! `bench`: how long building and running take.
#![allow(clippy::print_stdout, reason = "a command prints its results")]

use std::num::NonZeroUsize;
use std::time::Instant;

use serde_json::json;

use super::ModelFlags;
use super::flags::duration;
use crate::error::Result;
use crate::network::{Network, NetworkBuilder as _, Simulation as _};
use crate::units::Time;

/// Flags of `bench`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelFlags,
    /// Biological time of each run, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s", value_parser = duration)]
    duration: Time,
    /// How often it is built and run; medians are printed
    #[arg(long, value_name = "N", default_value = "5")]
    repeats: NonZeroUsize,
    /// Prints the results as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn bench<N: Network>(flags: &Flags) -> Result<bool> {
    let builder = flags.model.configure(N::new_builder())?;
    let (mut builds, mut runs, mut work) = (Vec::new(), Vec::new(), (0, 0));
    for _ in 0..flags.repeats.get() {
        let start = Instant::now();
        let mut network = builder.clone().build()?;
        builds.push(start.elapsed().as_secs_f64());
        let net = &mut *network;
        let start = Instant::now();
        net.run(flags.duration)?;
        runs.push(start.elapsed().as_secs_f64());
        let steps = net.steps_for(flags.duration)?;
        work = (steps, if N::INFO.clock.is_some() { steps * net.neurons() as u64 } else { steps });
    }
    let (build, run) = (median(&mut builds), median(&mut runs));
    let each = run * 1e9 / work.1.max(1) as f64;
    let speed = flags.duration.seconds() / run;
    let what = if N::INFO.clock.is_some() { "neuron and step" } else { "update" };
    if flags.json {
        let unit = if N::INFO.clock.is_some() { "ns_per_neuron_and_step" } else { "ns_per_update" };
        let result = json!({
            "model": N::INFO.name, "build_s": build, "run_s": run, "duration_ms": flags.duration.ms(),
            "times_real_time": speed, unit: each, "repeats": flags.repeats.get(),
        });
        say!("{result:#}");
    } else {
        say!("{}, median of {}", N::INFO.name, flags.repeats);
        say!("  build  {build:.4} s");
        say!("  run    {run:.4} s for {} ms: {speed:.2} times real time, {each:.2} ns a {what}", flags.duration.ms());
    }
    Ok(true)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    0.5 * (values[(n - 1) / 2] + values[n / 2])
}
