//! The table that ends a run.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// One compared quantity.
struct Check {
    quantity: String,
    deviation: f64,
    tolerance: f64,
    note: String,
}

impl Check {
    /// A deviation that is not a number passes nothing.
    fn passed(&self) -> bool {
        self.deviation <= self.tolerance
    }
}

/// What was found for one case.
pub(super) struct Case {
    name: String,
    checks: Vec<Check>,
}

impl Case {
    pub(super) fn new(name: String) -> Self {
        Self { name, checks: Vec::new() }
    }

    /// Notes the largest deviation of a quantity.
    pub(super) fn check(&mut self, quantity: &str, deviation: f64, tolerance: f64) {
        self.check_with(quantity, deviation, tolerance, String::new());
    }

    /// The same with a remark.
    pub(super) fn check_with(&mut self, quantity: &str, deviation: f64, tolerance: f64, note: String) {
        self.checks.push(Check { quantity: quantity.to_owned(), deviation, tolerance, note });
    }

    /// Notes that the case could not be run to its end.
    pub(super) fn fail(&mut self, problem: &str) {
        self.check_with("run", f64::INFINITY, 0.0, problem.lines().next().unwrap_or_default().to_owned());
    }

    /// Whether all checks so far passed.
    pub(super) fn passed(&self) -> bool {
        self.checks.iter().all(Check::passed)
    }

    /// Takes over the checks of another.
    pub(super) fn append(&mut self, mut other: Self) {
        self.checks.append(&mut other.checks);
    }

    /// Forgets all checks.
    pub(super) fn clear(&mut self) {
        self.checks.clear();
    }
}

/// What was found for all cases.
#[derive(Default)]
pub struct Report {
    cases: Vec<Case>,
    skipped: Vec<(String, String)>,
    outputs: BTreeSet<PathBuf>,
}

impl Report {
    /// Whether nothing failed and there was something to check.
    pub fn passed(&self) -> bool {
        !self.cases.is_empty() && self.cases.iter().all(|case| case.passed() && !case.checks.is_empty())
    }

    pub(super) fn add(&mut self, case: Case) {
        self.cases.push(case);
    }

    pub(super) fn skip(&mut self, file: &str, why: &str) {
        self.skipped.push((file.to_owned(), why.to_owned()));
    }

    /// The output file of a case; files of one name in several folders get numbers.
    pub(super) fn unused(&mut self, folder: &Path, stem: &str) -> PathBuf {
        let mut path = folder.join(format!("{stem}.npz"));
        for number in 2.. {
            if self.outputs.insert(path.clone()) {
                break;
            }
            path = folder.join(format!("{stem}~{number}.npz"));
        }
        path
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |rows: &mut dyn Iterator<Item = usize>| rows.max().unwrap_or(0);
        let checks = || self.cases.iter().flat_map(|case| case.checks.iter().map(move |check| (case, check)));
        let names = width(&mut self.cases.iter().map(|case| case.name.chars().count())).max(4);
        let quantities = width(&mut checks().map(|(_, check)| check.quantity.chars().count())).max(8);
        writeln!(f, "{:names$}  {:quantities$}  {:>9}  {:>9}  verdict", "case", "quantity", "deviation", "tolerance")?;
        for case in &self.cases {
            if case.checks.is_empty() {
                writeln!(f, "{:names$}  nothing was checked: FAIL", case.name)?;
            }
            for Check { quantity, deviation, tolerance, note } in &case.checks {
                let verdict = if deviation <= tolerance { "pass" } else { "FAIL" };
                let remark = if note.is_empty() { String::new() } else { format!("  ({note})") };
                let name = &case.name;
                writeln!(
                    f,
                    "{name:names$}  {quantity:quantities$}  {deviation:>9.2e}  {tolerance:>9.2e}  {verdict}{remark}"
                )?;
            }
        }
        for (file, why) in &self.skipped {
            writeln!(f, "skipped {file}: {why}")?;
        }
        let total = checks().count();
        let failed = checks().filter(|(_, check)| !check.passed()).count();
        writeln!(f, "{} cases, {total} quantities, {failed} failed", self.cases.len())
    }
}
