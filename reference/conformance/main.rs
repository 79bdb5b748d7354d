//! Runs the cases of a reference and says where this library deviates.
//!
//! ```text
//! cargo run --release --example conformance -- CASES_DIR --out OUT_DIR
//! ```
//!
//! All `.json` files below `CASES_DIR` are read and their kind is told from their content; cases of spiking neurons
//! have their arrays in an `.npz` file of the same name. Each case
//! goes through the public interface, `OUT_DIR` receives an `.npz` file with the computed arrays for
//! each, and a table of deviations ends the run. The exit code is 1 if any of them exceeds its
//! tolerance.
//!
//! Source of the reference format: the Python package `BinaryNetwork` of EI-Clustering
//! (F. J. Schmitt and co-workers); Brian2 for spiking neurons. Run time: some seconds.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use binnet_reference::conformance;
use clap::Parser;

/// Runs the cases of a reference and says where this library deviates.
#[derive(Parser)]
struct Arguments {
    /// The folder with the cases; searched with all folders in it.
    cases: PathBuf,
    /// The folder for the computed arrays.
    #[arg(long, value_name = "OUT_DIR")]
    out: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match conformance::run(&arguments.cases, &arguments.out) {
        Ok(report) => {
            // A closed pipe takes the table away, not the verdict.
            let _ = write!(std::io::stdout().lock(), "{report}");
            ExitCode::from(u8::from(!report.passed()))
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
