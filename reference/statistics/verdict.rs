//! Which quantities of a set are compared, and whether they agree.

use std::fmt;

use binnet::analysis::Sample;
use serde_json::Value;

use super::network::Run;

/// The quantities that a set is sharp enough for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantities {
    /// All scalars.
    All,
    /// Connections, rates and flip fractions only: in strongly clustered networks of random degree a few clusters
    /// win for as long as the recording lasts.
    RatesAndFlips,
}

impl Quantities {
    /// What is compared for a set of random networks, by its name; nothing if its means say nothing.
    pub(super) fn of_set(name: &str) -> Option<Self> {
        let sharp = name.starts_with("small_fix_")
            || name.ends_with("_unclustered")
            || ["large_fix_r8_k0.5", "large_fix_r8_k1"].contains(&name);
        if name.contains("_dying_") {
            None
        } else if sharp {
            Some(Self::All)
        } else {
            Some(Self::RatesAndFlips)
        }
    }

    fn contain(self, name: &str) -> bool {
        // Connections are sharp in every set: they do not depend on the dynamics.
        let connections = name == "nnz" || name.starts_with("connectivity.");
        self == Self::All || connections || ["rate_e", "rate_i"].contains(&name) || name.starts_with("flip_fraction")
    }
}

/// Accepted distance of two means, in standard errors of their difference.
const TOLERANCE: f64 = 4.0;
/// The same for the largest distance over all neurons of a network; at 4, one in some thousand
/// neurons would be beyond by chance.
const NEURON_TOLERANCE: f64 = 5.5;
/// The reference is written with 8 digits.
const ROUNDING: f64 = 1e-7;

/// One compared quantity.
pub(super) struct Row {
    name: String,
    own: Option<Sample>,
    reference: Option<Sample>,
    distance: f64,
    /// The distance by the deviation of the reference alone, however few its runs.
    strict: f64,
    tolerance: f64,
}

impl Row {
    /// A distance that is not a number passes nothing.
    fn passed(&self) -> bool {
        self.distance <= self.tolerance
    }
}

/// The distance of two means. A deviation from fewer runs than 8 may by chance be next to nothing, so
/// it does not count for less than our own, which comes from the same law.
fn distance(own: &Sample, reference: &Sample) -> f64 {
    let floor = if reference.n < 8 { own.deviation } else { 0.0 };
    own.distance(&Sample { deviation: reference.deviation.max(floor), ..*reference })
}

/// Compares all quantities that runs and reference have.
pub(super) fn compare(summary: &Value, runs: &[Run], quantities: Quantities) -> Vec<Row> {
    let names = runs.first().map_or(&[][..], |run| &run.scalars);
    let mut rows = Vec::new();
    for (place, (name, _)) in names.iter().enumerate() {
        let Some(entry) = name.split('.').try_fold(summary, |value, key| value.get(key)) else { continue };
        if !quantities.contain(name) {
            continue;
        }
        let values: Vec<f64> =
            runs.iter().filter_map(|run| run.scalars.get(place).and_then(|(_, value)| *value)).collect();
        let (own, reference) = (Sample::of(&values), sample(entry));
        let [distance, strict] = [distance, Sample::distance].map(|distance| match (&own, &reference) {
            (Some(own), Some(reference)) if (own.mean - reference.mean).abs() <= ROUNDING * reference.mean.abs() => 0.0,
            (Some(own), Some(reference)) if own.n > 1 && reference.n > 1 => distance(own, reference),
            // Quantities that only some of the runs have prove nothing by being absent.
            (Some(own), None) if own.n == runs.len() => f64::INFINITY,
            (None, Some(_)) if all_have(entry, summary) => f64::INFINITY,
            _ => 0.0,
        });
        rows.push(Row { name: name.clone(), own, reference, distance, strict, tolerance: TOLERANCE });
    }
    rows.extend(neurons(summary, runs));
    rows
}

/// Whether all runs of the reference have a quantity.
fn all_have(entry: &Value, summary: &Value) -> bool {
    entry.get("n").is_some_and(|n| summary.get("steps").and_then(|steps| steps.get("n")) == Some(n))
}

/// The summary of a scalar.
fn sample(entry: &Value) -> Option<Sample> {
    let number = |key: &str| entry.get(key).and_then(Value::as_f64);
    let n = number("n")? as usize;
    (n > 0).then_some(Sample { mean: number("mean")?, deviation: number("std")?, n })
}

/// The largest distance of the active share of any neuron, where the reference has them.
fn neurons(summary: &Value, runs: &[Run]) -> Option<Row> {
    let entry = summary.get("neuron_means")?;
    let list = |key: &str| {
        entry.get(key).and_then(Value::as_array).map(|list| list.iter().filter_map(Value::as_f64).collect::<Vec<_>>())
    };
    let n = entry.get("n").and_then(Value::as_u64)? as usize;
    let mut worst = Row {
        name: "neuron_means".into(),
        own: None,
        reference: None,
        distance: 0.0,
        strict: 0.0,
        tolerance: NEURON_TOLERANCE,
    };
    for (neuron, (mean, deviation)) in list("mean")?.into_iter().zip(list("std")?).enumerate() {
        let values: Vec<f64> = runs.iter().filter_map(|run| run.neuron_means.get(neuron).copied()).collect();
        let (own, reference) = (Sample::of(&values)?, Sample { mean, deviation, n });
        // These are written with 6 decimals.
        let distance = if (own.mean - mean).abs() <= 1e-6 { 0.0 } else { own.distance(&reference) };
        if distance >= worst.distance {
            worst = Row { own: Some(own), reference: Some(reference), distance, ..worst };
        }
    }
    Some(worst)
}

/// The verdict on all sets.
#[derive(Default)]
pub struct Report {
    /// Whether quantities that agree are listed too.
    pub verbose: bool,
    sets: Vec<(String, Vec<Row>)>,
    skipped: Vec<(String, String)>,
}

impl Report {
    /// Whether everything that was compared agrees, and something was.
    pub fn passed(&self) -> bool {
        !self.sets.is_empty() && self.sets.iter().all(|(_, rows)| !rows.is_empty() && rows.iter().all(Row::passed))
    }

    pub(super) fn add(&mut self, name: &str, rows: Vec<Row>) {
        self.sets.push((name.to_owned(), rows));
    }

    pub(super) fn skip(&mut self, name: &str, why: &str) {
        self.skipped.push((name.to_owned(), why.to_owned()));
    }
}

impl fmt::Display for Report {
    /// One line a set with its largest distance, and one for each quantity beyond the tolerance, or for all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.sets.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(3);
        writeln!(f, "{:width$}  quantities  failed  largest distance (in standard errors)", "set")?;
        for (name, rows) in &self.sets {
            let listed = |row: &&Row| self.verbose || !row.passed() || row.strict > row.tolerance;
            let failed = rows.iter().filter(|row| !row.passed()).count();
            let worst = rows.iter().max_by(|a, b| (a.distance / a.tolerance).total_cmp(&(b.distance / b.tolerance)));
            let worst = worst
                .map_or_else(String::new, |row| format!("{:.2} of {} ({})", row.distance, row.tolerance, row.name));
            let verdict = if failed == 0 && !rows.is_empty() { "pass" } else { "FAIL" };
            writeln!(f, "{name:width$}  {:>10}  {:>6}  {worst}: {verdict}", rows.len(), failed)?;
            for row in rows.iter().filter(listed) {
                let words = |s: &Option<Sample>| {
                    s.map_or_else(
                        || "none".to_owned(),
                        |s| format!("{:.6} +- {:.6} ({} runs)", s.mean, s.deviation, s.n),
                    )
                };
                writeln!(
                    f,
                    "    {}: {:.2}; own {}, reference {}",
                    row.name,
                    row.distance,
                    words(&row.own),
                    words(&row.reference)
                )?;
            }
        }
        for (name, why) in &self.skipped {
            writeln!(f, "{name}: {why}")?;
        }
        Ok(())
    }
}
