//! Flags of a program that runs a network.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{RecordError, Result};
use crate::network::{NetworkBuilder, Simulation};
use crate::units::Time;

/// What network is built.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelFlags {
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Sets a value, as in `--set kappa=0.5`, `--set exc.tau_exc=6ms`, `--set clock=0.05ms`; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<Assignment>,
    /// Threads; results are the same for any number
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// Flags of a program that runs a network; flatten them into flags of your own.
#[derive(Clone, Debug, clap::Args)]
pub struct RunFlags {
    /// What network is built.
    #[command(flatten)]
    pub model: ModelFlags,
    /// Time to record, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s", value_parser = duration)]
    pub duration: Time,
    /// Time to run before recording, with its unit
    #[arg(long, value_name = "TIME", default_value = "0 ms", value_parser = duration)]
    pub warmup: Time,
    /// Folder for the files, made if need be
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Writes what was recorded as .csv files, too
    #[arg(long)]
    pub csv: bool,
    /// Prints the results as JSON, and nothing else
    #[arg(long)]
    pub json: bool,
    /// Goes on from the state in this file, which --save wrote
    #[arg(long, value_name = "FILE")]
    pub load: Option<PathBuf>,
    /// Writes the state at the end into this file, also after Ctrl-C
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Shows the time spent in each stage of the steps
    #[arg(long)]
    pub profile: bool,
}

impl ModelFlags {
    /// Hands seed, values and threads to the builder of a network.
    ///
    /// # Errors
    /// For a name that the network does not have (with the nearest one), or that cannot have the value.
    pub fn configure<B: NetworkBuilder>(&self, builder: B) -> Result<B> {
        let builder = self.threads.map_or(builder.clone(), |count| builder.threads(count.get())).seed(self.seed);
        self.set.iter().try_fold(builder, |builder, Assignment { name, value }| builder.set(name, value))
    }
}

impl RunFlags {
    /// As [`ModelFlags::configure`].
    ///
    /// # Errors
    /// As there.
    pub fn configure<B: NetworkBuilder>(&self, builder: B) -> Result<B> {
        self.model.configure(builder)
    }

    /// Before the run: the state is loaded, stages are timed, Ctrl-C ends the run cleanly, as the flags say.
    ///
    /// # Errors
    /// For a file that cannot be read or is of another network, and for `--profile` of asynchronous networks.
    pub fn begin(&self, net: &mut dyn Simulation) -> Result<()> {
        super::catch_interrupts();
        if let Some(path) = &self.load {
            net.load(path)?;
        }
        if self.profile { net.profile(true) } else { Ok(()) }
    }

    /// After the run: the state is saved, if the flags say so.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn end(&self, net: &mut dyn Simulation) -> Result<()> {
        self.save.as_ref().map_or(Ok(()), |path| net.save(path))
    }

    /// Warm-up and duration together.
    #[must_use]
    pub fn total(&self) -> Time {
        Time::from_ms(self.warmup.ms() + self.duration.ms())
    }

    /// The path of a file in the folder for results, which is made if need be.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn file(&self, name: &str) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.out).map_err(RecordError::io(&self.out))?;
        Ok(self.out.join(name))
    }
}

/// `name=value`, from a `--set` flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The parameter.
    pub name: String,
    /// Its value, with a unit if it has one.
    pub value: String,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("write a name and a value, as in `kappa=0.5`".to_owned()),
        }
    }
}

pub(super) fn duration(text: &str) -> std::result::Result<Time, String> {
    let time = Time::parse(text).map_err(|e| e.to_string())?;
    if time.ms().is_finite() && time.ms() >= 0.0 { Ok(time) } else { Err("a duration is not negative".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Flags {
        #[command(flatten)]
        run: RunFlags,
    }

    fn parse(line: &str) -> std::result::Result<RunFlags, String> {
        let words = std::iter::once("test").chain(line.split(' ').filter(|word| !word.is_empty()));
        Flags::try_parse_from(words).map(|flags| flags.run).map_err(|e| e.to_string())
    }

    #[test]
    fn flags_are_read() {
        let flags = parse("--set kappa=0.5 --set p0=[[0.3,0.3],[0.3,0.3]] --duration 500ms --threads 8").unwrap();
        assert_eq!((flags.model.seed, flags.duration.ms(), flags.total().ms()), (1, 500.0, 500.0));
        let assignment = Assignment { name: "p0".to_owned(), value: "[[0.3,0.3],[0.3,0.3]]".to_owned() };
        assert_eq!(flags.model.set[1], assignment);
        assert_eq!(flags.model.threads.map(NonZeroUsize::get), Some(8));
    }

    #[test]
    fn mistakes_say_what_was_meant() {
        assert!(parse("--sed 3").unwrap_err().contains("'--seed'"));
        assert!(parse("--set kappa").unwrap_err().contains("as in `kappa=0.5`"));
        for line in ["--duration 5mV", "--duration 5", "--duration=-2s", "--threads 0", "--set =1"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
