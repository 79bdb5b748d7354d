//! The program of a network: its commands.

use std::ffi::OsString;
use std::fmt;
use std::marker::PhantomData;
use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::{RunFlags, bench, describe, run, sweep};
use crate::error::Result;
use crate::network::Network;

type Running<X> = Box<dyn Fn(&RunFlags, &X) -> Result<bool>>;

/// Runs the program of a network; see the [module](super).
pub fn main<N: Network>() -> ExitCode {
    App::<N>::new().main()
}

/// No flags besides those of all networks.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct NoFlags {}

/// The program of a network, with flags, times and a way to run of its own.
///
/// ```no_run
/// use binnet::cli::App;
/// # use binnet::prelude::*;
/// # network! { pub struct Small { asynchronous; population e: Binary[8] { tau: 10 ms }; record flips; } }
///
/// #[derive(clap::Args)]
/// struct Flags {
///     /// Fails if too few neurons are active
///     #[arg(long)]
///     check: bool,
/// }
///
/// fn main() -> std::process::ExitCode {
///     App::<Small, Flags>::new()
///         .duration("2 s")
///         .run(|run, own| {
///             let mut net = run.configure(Small::builder())?.build()?;
///             net.run_with_progress(run.duration)?;
///             Ok(!own.check || net.states().iter().any(|state| *state == 1))
///         })
///         .main()
/// }
/// ```
pub struct App<N: Network, X: Args = NoFlags> {
    duration: &'static str,
    warmup: &'static str,
    run: Option<Running<X>>,
    network: PhantomData<fn() -> N>,
}

impl<N: Network, X: Args> fmt::Debug for App<N, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the program of {}", N::INFO.name)
    }
}

impl<N: Network, X: Args> Default for App<N, X> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Network, X: Args> App<N, X> {
    /// The program of a network, which records one second if nothing else is said.
    #[must_use]
    pub fn new() -> Self {
        Self { duration: "1 s", warmup: "0 ms", run: None, network: PhantomData }
    }

    /// The duration where `--duration` is not given, as text with a unit.
    #[must_use]
    pub fn duration(mut self, duration: &'static str) -> Self {
        self.duration = duration;
        self
    }

    /// The time to run before recording where `--warmup` is not given, as text with a unit.
    #[must_use]
    pub fn warmup(mut self, warmup: &'static str) -> Self {
        self.warmup = warmup;
        self
    }

    /// What `run` does, instead of what it does otherwise: it gets the flags of all networks and your own, and returns
    /// whether all went well; the program fails otherwise.
    #[must_use]
    pub fn run(mut self, run: impl Fn(&RunFlags, &X) -> Result<bool> + 'static) -> Self {
        self.run = Some(Box::new(run));
        self
    }

    /// Reads the command line and does what it says.
    #[must_use]
    pub fn main(self) -> ExitCode {
        match self.run_from(std::env::args_os()) {
            Ok(Ok(true)) => ExitCode::SUCCESS,
            Ok(Ok(false)) => ExitCode::FAILURE,
            Ok(Err(error)) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
            Err(error) => error.exit(),
        }
    }

    /// Does what a command line says, whose first word is the name of the program: tells whether all went well.
    ///
    /// # Errors
    /// The outer one for flags that do not exist or have no such value, also for `--help`.
    pub fn run_from(
        &self,
        words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> std::result::Result<Result<bool>, clap::Error> {
        let matches = self.command().try_get_matches_from(words)?;
        Ok(match matches.subcommand() {
            Some(("describe", flags)) => describe::describe::<N>(&describe::Flags::from_arg_matches(flags)?),
            Some(("sweep", flags)) => sweep::sweep::<N>(&sweep::Flags::from_arg_matches(flags)?),
            Some(("bench", flags)) => bench::bench::<N>(&bench::Flags::from_arg_matches(flags)?),
            Some((_, flags)) => self.run_with(flags)?,
            None => self.run_with(&matches)?,
        })
    }

    fn run_with(&self, matches: &ArgMatches) -> std::result::Result<Result<bool>, clap::Error> {
        let (flags, own) = (RunFlags::from_arg_matches(matches)?, X::from_arg_matches(matches)?);
        Ok(match &self.run {
            Some(run) => run(&flags, &own),
            None => run::run::<N>(&flags),
        })
    }

    fn command(&self) -> Command {
        let times = |command: Command| {
            command
                .mut_arg("duration", |arg| arg.default_value(self.duration))
                .mut_arg("warmup", |arg| arg.default_value(self.warmup))
        };
        let running = |command: Command| times(X::augment_args(RunFlags::augment_args(command)));
        let about = N::INFO.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        running(Command::new(N::INFO.name))
            .about(about)
            .args_conflicts_with_subcommands(true)
            .subcommand(running(Command::new("run").about("Runs the network; done when no command is named")))
            .subcommand(describe::Flags::augment_args(
                Command::new("describe").about("Says what the network is: sizes, values, equations, memory"),
            ))
            .subcommand(times(sweep::Flags::augment_args(
                Command::new("sweep").about("Runs the network over values and seeds, on all cores; resumable"),
            )))
            .subcommand(bench::Flags::augment_args(
                Command::new("bench").about("Measures how long building and running take"),
            ))
    }
}
