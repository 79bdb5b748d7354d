//! The cases of a reference: how the files of a folder are told apart, run and reported.

mod chains;
mod dynapsim;
mod initialisers;
mod kind;
mod logs;
pub(crate) mod network;
pub(crate) mod numbers;
mod output;
pub(crate) mod parameters;
pub(crate) mod replay;
mod report;
mod samplers;
mod spiking;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use kind::Kind;
use output::Output;
use report::Case;
pub use report::Report;

/// Anything that goes wrong with one case or with the whole run.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// A result of this program.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs all cases below `cases` and writes their arrays to `out`.
///
/// # Errors
/// If a folder cannot be read or written. What goes wrong with a case is part of the report.
pub fn run(cases: &Path, out: &Path) -> Result<Report> {
    let mut files = Vec::new();
    collect(cases, &mut files)?;
    files.sort();
    fs::create_dir_all(out).map_err(|e| format!("{}: {e}", out.display()))?;
    let mut report = Report::default();
    for file in &files {
        let name = file.strip_prefix(cases).unwrap_or(file).display().to_string();
        let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        match serde_json::from_str(&text) {
            Ok(value) => run_file(file, &name, &value, out, &mut report),
            Err(error) => report.skip(&name, &format!("no JSON: {error}")),
        }
    }
    if files.is_empty() {
        report.skip(&cases.display().to_string(), "no .json files below this folder");
    }
    Ok(report)
}

/// All `.json` files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            files.push(path);
        }
    }
    Ok(())
}

fn run_file(file: &Path, name: &str, value: &Value, out: &Path, report: &mut Report) {
    let kind = match Kind::of(value) {
        Ok(kind) => kind,
        Err(why) => return report.skip(name, why),
    };
    let stem = file.file_stem().map_or_else(|| "case".to_owned(), |s| s.to_string_lossy().into_owned());
    if kind == Kind::Initialisers && value.get("population").is_some() {
        report.skip(&format!("{name}, `population`"), "arguments of Python functions, described in words");
    }
    for (suffix, label, case_value) in kind.cases(value) {
        // A file of one case has no suffix; one of several has its position.
        let stem = suffix.map_or_else(|| stem.clone(), |suffix| format!("{stem}.{suffix}"));
        let mut case = Case::new(label.map_or_else(|| stem.clone(), |label| format!("{stem} ({label})")));
        let outcome = Output::create(report.unused(out, &stem)).and_then(|mut output| {
            run_case(kind, case_value, file, &mut case, &mut output)?;
            output.finish()
        });
        if let Err(error) = outcome {
            case.fail(&error.to_string());
        }
        report.add(case);
    }
}

fn run_case(kind: Kind, value: &Value, file: &Path, case: &mut Case, output: &mut Output) -> Result<()> {
    match kind {
        Kind::Replay => replay::run(value, case, output),
        Kind::Logs => logs::run(value, case, output),
        Kind::Parameters => parameters::run(value, case, output),
        Kind::Chains => chains::run(value, case, output),
        Kind::Samplers if value.get("indegree").is_some() && value.get("sampler").is_none() => {
            samplers::run_rounding(value, case, output)
        }
        Kind::Samplers => samplers::run(value, case, output),
        Kind::Initialisers => initialisers::run(value, case, output),
        Kind::DynapSim => dynapsim::run(value, &file.with_extension("npz"), case, output),
        Kind::Spiking(kind) => kind.run(value, &file.with_extension("npz"), case, output),
    }
}
