//! Runs: for a time, or a number of steps.

use std::time::Instant;

use super::clock::whole_steps;
use super::{Clocked, Populations};
use crate::error::{Result, RunError};
use crate::units::Time;

impl<P: Populations> Clocked<P> {
    /// Runs for a time, rounded to whole steps.
    ///
    /// # Errors
    /// For a negative or infinite time, and when a state is no number; what was recorded is kept.
    pub fn run(&mut self, duration: Time) -> Result<()> {
        self.run_steps(self.steps_for(duration)?)
    }

    /// The steps that a run of this duration makes.
    ///
    /// # Errors
    /// For a negative or infinite time.
    pub fn steps_for(&self, duration: Time) -> Result<u64> {
        let steps =
            whole_steps(duration, self.dt).map_or_else(|| (duration.ms() / self.dt + 0.5).floor(), |n| n as f64);
        if !(duration.ms() >= 0.0 && steps < 9e15) {
            return Err(RunError::Duration(duration.ms()).into());
        }
        Ok(steps as u64)
    }

    /// As [`run`](Self::run), with a progress bar on a terminal.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    #[cfg(feature = "cli")]
    pub fn run_with_progress(&mut self, duration: Time) -> Result<()> {
        let steps = self.steps_for(duration)?;
        let neurons: u64 = (0..self.populations.count()).map(|p| self.populations.at(p).size() as u64).sum();
        let bar = crate::cli::progress(duration.ms());
        for part in 0..100 {
            let share = (u128::from(steps) * (part + 1) / 100 - u128::from(steps) * part / 100) as u64;
            self.run_steps(share)?;
            bar.advance(duration.ms() / 100.0, share * neurons);
        }
        bar.finish();
        Ok(())
    }

    /// Makes `n` steps.
    ///
    /// # Errors
    /// When a state is no number; what was recorded is kept.
    pub fn run_steps(&mut self, n: u64) -> Result<()> {
        let start = Instant::now();
        let result = (0..n).try_for_each(|_| self.advance());
        self.wall += start.elapsed();
        result
    }

    /// Makes one step.
    ///
    /// # Errors
    /// When a state is no number; what was recorded is kept.
    pub fn step(&mut self) -> Result<()> {
        self.run_steps(1)
    }
}
