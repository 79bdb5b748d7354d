//! What command-line programs share: flags, a progress bar, and an end by Ctrl-C (feature `cli`).
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
mod interrupt;
mod progress;

pub use flags::{Assignment, RunFlags};
pub use interrupt::{catch_interrupts, clear_interrupt, interrupted};
pub use progress::{Progress, progress};
