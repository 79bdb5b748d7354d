//! `sweep`: many runs, a table.
#![allow(clippy::print_stdout, reason = "a command prints its results")]

use std::num::NonZeroUsize;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::flags::duration;
use super::{Assignment, ModelFlags, run};
use crate::error::{BuildError, RecordError, Result};
use crate::network::Network;
use crate::sweep::Sweep;
use crate::units::Time;

/// Flags of `sweep`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Flags {
    /// Varies a value: `exc.tau_exc=4ms,5ms,6ms`, or `exc.tau_exc=4ms..6ms/5` for five values; all combinations are run
    #[arg(long, value_name = "NAME=VALUES", required = true)]
    vary: Vec<Assignment>,
    /// Takes the first values of all names together, then the second ones, instead of all combinations
    #[arg(long, conflicts_with = "random")]
    paired: bool,
    /// Takes so many random points, from ranges like `exc.tau_exc=4ms..6ms`
    #[arg(long, value_name = "N")]
    random: Option<usize>,
    /// Runs each point with each of these seeds: `1,2,3` or `1..10` (with both ends)
    #[arg(long, value_name = "SEEDS", conflicts_with = "fresh_seeds")]
    seeds: Option<String>,
    /// Runs each point so many times, no two runs of the sweep with the same seed
    #[arg(long, value_name = "N")]
    fresh_seeds: Option<usize>,
    /// Runs only part i of n, counted from 0: `0/4`; all parts share the folder
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
    /// Time to measure, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s", value_parser = duration)]
    duration: Time,
    /// Time to run before measuring, with its unit
    #[arg(long, value_name = "TIME", default_value = "0 ms", value_parser = duration)]
    warmup: Time,
    /// Folder for table and journal; a sweep that was interrupted goes on there. By default `<model>-sweep`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Prints what was done as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    model: ModelFlags,
}

pub(super) fn sweep<N: Network>(flags: &Flags) -> Result<bool> {
    let stem = run::stem(N::INFO.name);
    let out = flags.out.clone().unwrap_or_else(|| format!("{stem}-sweep").into());
    let model = ModelFlags { threads: None, ..flags.model.clone() };
    let mut sweep = Sweep::<N>::new(model.configure(N::new_builder())?);
    for Assignment { name, value } in &flags.vary {
        sweep = sweep.vary_text(name, value)?;
    }
    sweep = match (flags.paired, flags.random) {
        (true, _) => sweep.paired(),
        (false, Some(points)) => sweep.random(points),
        (false, None) => sweep,
    };
    sweep = match (&flags.seeds, flags.fresh_seeds) {
        (Some(seeds), _) => sweep.seeds(self::seeds(seeds)?),
        (None, Some(runs)) => sweep.fresh_seeds(model.seed, runs),
        (None, None) => sweep.seeds([model.seed]),
    };
    if let Some(shard) = &flags.shard {
        let parts = shard.split_once('/').and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
        let (i, n) = parts.ok_or_else(|| wrong("shard", shard, "write a part and their number: `0/4`"))?;
        sweep = sweep.shard(i, n)?;
    }
    if let Some(threads) = flags.model.threads {
        sweep = sweep.threads(NonZeroUsize::get(threads));
    }
    let bar = ProgressBar::new(0);
    // The template is fixed; were it wrong, the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template("{bar:36} {pos} of {len} points  {eta} left") {
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
    }
    let watched = bar.clone();
    let sweep = sweep.warmup(flags.warmup).duration(flags.duration).journal(&out).watch(move |done, all| {
        watched.set_length(all as u64);
        watched.set_position(done as u64);
    });
    let table = sweep.run()?;
    bar.finish_and_clear();
    let complete = table.len() == table.points;
    let files = [out.join("table.csv"), out.join("table.npz")];
    if complete {
        table.save_csv(&files[0])?;
        table.save_npz(&files[1])?;
        let manifest = json!({
            "model": N::INFO.name,
            "structural_hash": format!("{:016x}", N::INFO.structural_hash()),
            "version": env!("CARGO_PKG_VERSION"),
            "command": std::env::args().collect::<Vec<_>>(),
            "points": table.points,
            "duration_ms": flags.duration.ms(),
            "warmup_ms": flags.warmup.ms(),
        });
        let path = out.join("sweep.json");
        std::fs::write(&path, format!("{manifest:#}\n")).map_err(RecordError::io(&path))?;
    }
    let failed = table.columns.last().is_some_and(|column| column.name == "error");
    if flags.json {
        say!("{:#}", json!({ "points": table.points, "finished": table.len(), "folder": out, "failures": failed }));
    } else if complete {
        say!("{} points; written {}, {}", table.points, files[0].display(), files[1].display());
        if failed {
            say!("some points failed: see the column `error`");
        }
    } else {
        let (done, all) = (table.len(), table.points);
        say!("{done} of {all} points are finished; the table is written when the others are: call the other shards");
    }
    Ok(!failed)
}

/// `1,2,3`, or `1..10` with both ends.
fn seeds(text: &str) -> Result<Vec<u64>> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let seeds: Option<Vec<u64>> = match text.split_once("..") {
        Some((first, last)) => number(first).zip(number(last)).map(|(first, last)| (first..=last).collect()),
        None => text.split(',').map(number).collect(),
    };
    let seeds = seeds.filter(|seeds| !seeds.is_empty());
    Ok(seeds.ok_or_else(|| wrong("seeds", text, "write whole numbers: `1,2,3`, or `1..10`"))?)
}

fn wrong(flag: &str, text: &str, help: &str) -> BuildError {
    BuildError::Value {
        what: format!("`--{flag} {text}`"),
        problem: "cannot be read".to_owned(),
        help: help.to_owned(),
    }
}
