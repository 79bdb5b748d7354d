//! Compares the statistics of random clustered networks with those of a reference.
//!
//! ```text
//! cargo run --release --example statistics -- statistics.json --check [SET ...]
//! cargo run --release --example statistics -- fixed_matrix_statistics.json --replay REPLAY_DIR --check
//! ```
//!
//! Simulates some networks of each set with its parameters and compares all scalar statistics (only
//! rates and flip fractions where the set is not sharp enough for more). The exit code is 1 if any
//! of them is further away than 4 standard errors.
//!
//! Source of the reference: the Python package `BinaryNetwork` of EI-Clustering (F. J. Schmitt and
//! co-workers). Run time: about 2 s for a set of 1500 neurons, 8 s for one of 10 000.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use binnet_reference::statistics::{self, Effort};
use clap::Parser;

/// Compares the statistics of random clustered networks with those of a reference.
#[derive(Parser)]
struct Arguments {
    /// The file with the sets of the reference.
    reference: PathBuf,
    /// The sets to compare; all if none is named.
    #[arg(long, num_args = 0.., value_name = "SET")]
    check: Vec<String>,
    /// The folder of the replay cases, for sets that run on their matrices.
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    /// Networks of each set.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(8..=1000))]
    networks: u64,
    /// The seed of the first network; the others follow. The default is that of the reference.
    #[arg(long, default_value_t = 101)]
    seed: u64,
    /// List quantities that agree, too.
    #[arg(long)]
    verbose: bool,
}

fn main() -> ExitCode {
    let Arguments { reference, check, replay, networks, seed, verbose } = Arguments::parse();
    match statistics::run(&reference, &check, replay.as_deref(), Effort { networks, seed }) {
        Ok(mut report) => {
            report.verbose = verbose;
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
