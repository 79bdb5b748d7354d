//! What command-line programs share: flags and a progress bar (feature `cli`).
//!
//! ```
//! use binnet::cli::RunFlags;
//! use clap::Parser;
//!
//! /// My network.
//! #[derive(Parser)]
//! struct Flags {
//!     #[command(flatten)]
//!     run: RunFlags,
//! }
//!
//! let flags = Flags::parse_from(["mine", "--seed", "3", "--duration", "2s", "--set", "kappa=0.5"]);
//! assert_eq!(flags.run.duration.ms(), 2000.0);
//! assert_eq!(flags.run.set[0].name, "kappa");
//! ```

mod flags;
mod progress;

pub use flags::{Assignment, RunFlags};
pub use progress::{Progress, progress};
