//! The command line of any network (feature `cli`).
//!
//! ```no_run
//! use binnet::prelude::*;
//!
//! network! {
//!     /// Neurons that inhibit each other.
//!     pub struct Ring {
//!         asynchronous;
//!         population e: Binary[100] { threshold: -0.3, tau: 10 ms };
//!         projection ee: e -> e { connect: fixed_prob(0.1), weight: -0.1 };
//!         record flips;
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     binnet::cli::main::<Ring>()
//! }
//! ```
//!
//! | command | does |
//! | --- | --- |
//! | `run` | builds and runs the network, prints its measures, writes `ring.npz`, `ring.json` and figures; done when none is named |
//! | `describe` | sizes, values with their units, equations, memory; `--markdown` and `--latex` give the tables of Nordlie et al. (2009) |
//! | `sweep` | runs it over a grid, a list or random points: `sweep --vary ee.weight=-0.3..-0.1/5 --seeds 1,2,3` |
//! | `bench` | how long building and running take |
//!
//! `--help` behind each lists its flags. [`App`] has flags and figures of your own besides.

/// Prints a line; that nobody reads on (`| head`) is no mistake.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod app;
mod bench;
mod describe;
mod flags;
mod interrupt;
mod progress;
mod run;
mod sweep;
mod tables;

pub use app::{App, NoFlags, main};
pub use flags::{Assignment, ModelFlags, RunFlags};
pub use interrupt::{catch_interrupts, clear_interrupt, interrupted};
pub use progress::{Progress, progress};
pub use run::{advance, stem};
