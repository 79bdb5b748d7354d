//! Statistics of random networks against those of a reference.
//!
//! A reference lists sets of networks: parameters, how long each run was, and the mean, standard
//! deviation and number of runs of every statistic. Own networks with the same parameters and other
//! seeds must agree with them, for a scalar of means m, deviations s and n runs:
//!
//! ```text
//! |m1 - m2| <= 4 sqrt(s1^2/n1 + s2^2/n2)
//! ```
//!
//! Deviations are estimated from few runs, so the ratio is distributed like Student's t: with 8 runs
//! on either side one sound scalar in 800 fails. A reference deviation from fewer than 8 runs is taken to
//! be at least our own; the report also lists what is beyond the tolerance without that. Most of the
//! scalars of a set are correlated. Seeds are fixed: what passes once, always does.

mod network;
mod verdict;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::conformance::Result;
use crate::conformance::parameters::Parameter;
use crate::conformance::replay::Replay;
pub use verdict::Report;
use verdict::{Quantities, compare};

/// A set of networks of a reference.
#[derive(Deserialize)]
struct Set {
    parameter: Parameter,
    warm_steps: u64,
    steps: u64,
    summary: Value,
}

/// How many networks are simulated, and from which seed on.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Networks of each set.
    pub networks: u64,
    /// The seed of the first; the others follow.
    pub seed: u64,
}

/// Compares the named sets of a reference, or all if none is named. A set that bears the name of a
/// file in `replay` runs on the matrix of that file.
///
/// # Errors
/// If the file or a set cannot be read, and for parameters from which no network follows.
pub fn run(reference: &Path, names: &[String], replay: Option<&Path>, effort: Effort) -> Result<Report> {
    let read = |path: &Path| -> Result<Value> {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?)
    };
    let file = read(reference)?;
    let sets =
        file.get("sets").and_then(Value::as_object).ok_or_else(|| format!("{}: no sets", reference.display()))?;
    let known = || sets.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    if let Some(name) = names.iter().find(|name| !sets.contains_key(*name)) {
        return Err(format!("no set `{name}`\nhelp: there are {}", known()).into());
    }
    let mut report = Report::default();
    for (name, value) in sets.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        let set = Set::deserialize(value).map_err(|e| format!("{name}: {e}"))?;
        let matrix = replay.map(|folder| folder.join(name)).filter(|path| path.exists());
        let seeds = effort.seed..effort.seed + effort.networks;
        match matrix {
            Some(path) => {
                let case = Replay::deserialize(&read(&path)?)?;
                let runs = seeds.map(|seed| network::on_matrix(&set, &case, seed)).collect::<Result<Vec<_>>>()?;
                report.add(name, compare(&set.summary, &runs, Quantities::All));
            }
            None if name.ends_with(".json") => {
                report.skip(name, "its matrix is not there: give the folder of the replay cases")
            }
            None => {
                let runs = seeds.map(|seed| network::drawn(&set, seed)).collect::<Result<Vec<_>>>()?;
                match Quantities::of_set(name) {
                    Some(quantities) => report.add(name, compare(&set.summary, &runs, quantities)),
                    None => {
                        let silent = runs.iter().filter(|run| run.silent).count();
                        report.skip(
                            name,
                            &format!(
                                "the silent state absorbs, means say nothing; {silent} of {} ended there",
                                runs.len()
                            ),
                        );
                    }
                }
            }
        }
    }
    Ok(report)
}
