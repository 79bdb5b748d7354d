//! What examples with a figure share: where files go, checks, and the end of the program.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use binnet::cli::RunFlags;
use binnet::plot::{self, Chart, Grid};
use binnet::{RecordError, RunError};

/// Flags for what a program writes.
#[derive(Clone, Debug, clap::Args)]
pub struct Output {
    /// Folder for the files, made if need be
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Compares the results with what is expected; fails if they differ
    #[arg(long)]
    pub check: bool,
}

/// The flag of programs that compare, besides those of all networks.
#[derive(Clone, Debug, clap::Args)]
pub struct Check {
    /// Compares the results with what is expected; fails if they differ
    #[arg(long)]
    pub check: bool,
}

/// A figure of any kind.
pub trait Figure {
    /// Writes the figure.
    ///
    /// # Errors
    /// If it cannot be drawn or written.
    fn write(&self, path: &Path) -> binnet::Result<()>;
}

impl Figure for Chart {
    fn write(&self, path: &Path) -> binnet::Result<()> {
        self.save(path)
    }
}

impl Figure for plot::Figure<'_> {
    fn write(&self, path: &Path) -> binnet::Result<()> {
        self.save(path)
    }
}

impl Figure for Grid {
    fn write(&self, path: &Path) -> binnet::Result<()> {
        self.save(path)
    }
}

impl Output {
    /// As the flags of all networks say.
    ///
    /// # Errors
    /// If JSON is asked for: programs with measures of their own print them as text.
    pub fn of(run: &RunFlags, check: bool) -> binnet::Result<Self> {
        if run.json {
            let problem = "this program prints its measures as text".to_owned();
            let help = "leave `--json` out; the manifest in the folder given by `--out` is JSON".to_owned();
            return Err(RunError::Unsupported { problem, help }.into());
        }
        if run.load.is_some() || run.save.is_some() || run.profile {
            let problem = "this program measures a whole run, from its start".to_owned();
            let help = "leave `--load`, `--save` and `--profile` out";
            return Err(RunError::Unsupported { problem, help: help.to_owned() }.into());
        }
        Ok(Self { out: run.out.clone(), check })
    }

    /// The path of a file in the folder, which is made if need be.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn file(&self, name: &str) -> binnet::Result<PathBuf> {
        std::fs::create_dir_all(&self.out)
            .map_err(|source| RecordError::Io { path: self.out.display().to_string(), source })?;
        Ok(self.out.join(name))
    }

    /// Writes a figure as `name.svg` and `name.png`.
    ///
    /// # Errors
    /// If it cannot be drawn or written.
    #[allow(clippy::print_stdout, reason = "programs say where their files are")]
    pub fn save(&self, name: &str, figure: &impl Figure) -> binnet::Result<()> {
        let (svg, png) = (self.file(&format!("{name}.svg"))?, self.file(&format!("{name}.png"))?);
        figure.write(&svg)?;
        figure.write(&png)?;
        println!("written     {}, {}", svg.display(), png.display());
        Ok(())
    }
}

/// Comparisons with what is expected.
#[derive(Debug)]
pub struct Checks {
    /// Whether all were met so far.
    pub met: bool,
    asked: bool,
}

impl Checks {
    /// Silent and always met unless they were asked for.
    #[must_use]
    pub fn new(asked: bool) -> Self {
        Self { met: true, asked }
    }

    /// Prints whether a value is in its range.
    #[allow(clippy::print_stdout, reason = "checks are printed")]
    pub fn within(&mut self, what: &str, value: f64, range: RangeInclusive<f64>) {
        if self.asked {
            let fits = range.contains(&value);
            self.met &= fits;
            let verdict = if fits { "ok" } else { "NOT" };
            println!("check       {verdict}: {what} {value:.4} in {:.4} to {:.4}", range.start(), range.end());
        }
    }
}

/// Ends the program: with an error if there was one, or if checks were not met.
#[must_use]
pub fn finish(result: binnet::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
