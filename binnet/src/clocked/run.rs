//! Runs: for a time, to a time, or until something happens.

use std::time::{Duration, Instant};

use super::clock::{time, whole_steps};
use super::condition::Condition;
use super::profile::{Part, Profile, Unwatched};
use super::workers;
use super::{Clocked, Populations};
use crate::error::{Result, RunError};
use crate::run::{Ended, IntoStretch, Outcome, Runner, Runs, Until, Why, interrupted};
use crate::units::Time;

impl<P: Populations> Clocked<P> {
    /// Runs for a time (`run(1.s())`), or from now to a time (`run(0.ms()..500.ms())`), rounded to whole steps.
    ///
    /// It ends earlier when a condition of the network is met (see [`stop_when`](Self::stop_when)), and on Ctrl-C if
    /// that is caught (see `cli::catch_interrupts`). What it returns says so.
    ///
    /// # Errors
    /// For a negative or infinite time, a range that does not start now, records that would take more memory than they
    /// may (where no condition may end the run before), when a state is no number, and when a record cannot be written;
    /// what was recorded is kept.
    pub fn run(&mut self, stretch: impl IntoStretch) -> Result<Ended> {
        self.runner().run(stretch)
    }

    /// Runs for at most a time, until a function of the network says that it is enough. It is asked after each step.
    ///
    /// ```
    /// use binnet::models::neurons::Lif;
    /// use binnet::prelude::*;
    /// # network! { pub struct One { clock 0.1 ms; population cell: Lif[1] { v: -60 mV }; } }
    /// # fn main() -> binnet::Result<()> {
    /// let mut net = One::builder().build()?;
    /// let ended = net.run_until(1.s(), |net| net.populations().cell.neurons().v[0] < -64.0)?;
    /// assert!(ended.condition().is_some() && ended.time.ms() < 100.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_until(&mut self, max: impl IntoStretch, condition: impl FnMut(&Self) -> bool + Send) -> Result<Ended> {
        self.runner().until("the condition of `run_until`", condition).run(max)
    }

    /// As [`run`](Self::run), with a progress bar on a terminal. From the first call on, Ctrl-C ends runs cleanly, as
    /// `cli::catch_interrupts` says.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    #[cfg(feature = "cli")]
    pub fn run_with_progress(&mut self, stretch: impl IntoStretch) -> Result<Ended> {
        self.runner().progress().run(stretch)
    }

    /// Makes `n` steps, or fewer, as [`run`](Self::run) says.
    ///
    /// # Errors
    /// When a state is no number, and when a record cannot be written; what was recorded is kept.
    pub fn run_steps(&mut self, n: u64) -> Result<Ended> {
        let end = self.steps.saturating_add(n);
        self.runner().run_to(end)
    }

    /// Makes one step, whatever conditions there are.
    ///
    /// # Errors
    /// When a state is no number, and when a record cannot be written; what was recorded is kept.
    pub fn step(&mut self) -> Result<()> {
        let start = Instant::now();
        let result = self.make_step(false);
        self.wall += start.elapsed();
        result
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

    /// A run to be described: callbacks and conditions of its own. See [`Runner`].
    pub fn runner(&mut self) -> Runner<'_, '_, Self> {
        Runner::new(self)
    }

    /// A run that calls a function whenever the network's time is a multiple of a period: `net.every(10.ms(), |net|
    /// ..).run(1.s())?`. See [`Runner`].
    pub fn every<'c, O: Outcome>(
        &mut self,
        period: Time,
        call: impl FnMut(&mut Self) -> O + 'c,
    ) -> Runner<'_, 'c, Self> {
        Runner::new(self).every(period, call)
    }

    /// A run that calls a function at a time of the network. See [`Runner`].
    pub fn at<'c, O: Outcome>(&mut self, time: Time, call: impl FnMut(&mut Self) -> O + 'c) -> Runner<'_, 'c, Self> {
        Runner::new(self).at(time, call)
    }

    /// Lets all runs from now on end when a condition is met. Conditions are looked at after each step, in the order
    /// in which they were added.
    ///
    /// # Errors
    /// For an unknown population or variable (with the nearest one), neurons beyond the last, and limits that are no
    /// numbers.
    pub fn stop_when(&mut self, condition: &Condition) -> Result<()> {
        let stop = condition.find(&self.populations)?;
        self.stops.push(stop);
        Ok(())
    }

    /// Forgets all conditions at which runs end, those of the block included.
    pub fn clear_stops(&mut self) {
        self.stops.clear();
    }

    /// Whether a condition is met now. Spikes are those of the last step.
    ///
    /// # Errors
    /// As for [`stop_when`](Self::stop_when).
    pub fn is_met(&self, condition: &Condition) -> Result<bool> {
        Ok(condition.find(&self.populations)?.is_met(&self.populations, &self.step_at(self.steps)))
    }

    /// How the last run ended; `None` before the first one.
    #[must_use]
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// Times the stages of each step from now on, from 0 again, or no longer. While it is off, as at first, it costs
    /// nothing.
    pub fn profile(&mut self, on: bool) {
        self.profile = on.then(|| Box::new(Profile::new()));
    }

    /// The time that each stage of the steps took since [`profile`](Self::profile) was switched on; empty while it is
    /// off. [`summary`](Self::summary) shows it.
    #[must_use]
    pub fn stage_times(&self) -> Vec<(Part, Duration)> {
        self.profile.as_ref().map_or_else(Vec::new, |profile| profile.times())
    }

    /// Makes steps up to one, or until something ends the run; if they are `shared`, on the threads of the pool that
    /// it is called on.
    fn steps_to(&mut self, end: u64, until: &mut [Until<'_, Self>], shared: bool) -> Result<Option<Why>> {
        while self.steps < end {
            self.make_step(shared)?;
            if let Some(name) = self.met() {
                return Ok(Some(Why::Condition(name)));
            }
            for (name, condition) in &mut *until {
                if condition(self) {
                    return Ok(Some(Why::Condition(name.clone())));
                }
            }
            if interrupted() {
                return Ok(Some(Why::Interrupt));
            }
        }
        Ok(None)
    }

    /// Makes a step, timed or not.
    fn make_step(&mut self, shared: bool) -> Result<()> {
        match self.profile.take() {
            None => self.advance(shared, &mut Unwatched),
            Some(mut profile) => {
                profile.start();
                let result = self.advance(shared, &mut *profile);
                self.profile = Some(profile);
                result
            }
        }
    }

    /// The condition that is met now.
    fn met(&self) -> Option<String> {
        if self.stops.is_empty() {
            return None;
        }
        let now = self.step_at(self.steps);
        self.stops.iter().find(|stop| stop.is_met(&self.populations, &now)).map(|stop| stop.name.clone())
    }
}

impl<P: Populations> Runs for Clocked<P> {
    fn position(&self) -> u64 {
        self.steps
    }

    fn time_at(&self, position: u64) -> Time {
        Time::from_ms(time(position, self.dt))
    }

    fn position_at(&self, time: Time) -> Result<u64> {
        self.steps_for(time)
    }

    fn position_after(&self, duration: Time) -> Result<u64> {
        Ok(self.steps.saturating_add(self.steps_for(duration)?))
    }

    fn next_multiple(&self, period: Time, after: u64) -> Result<u64> {
        let steps = whole_steps(period, self.dt).filter(|steps| *steps > 0);
        let steps = steps.ok_or(RunError::Period { period: period.ms(), dt: self.dt })?;
        Ok((after / steps + 1).saturating_mul(steps))
    }

    fn run_to(&mut self, position: u64, until: &mut [Until<'_, Self>]) -> Result<Option<Why>> {
        while self.steps < position {
            let (start, first) = (Instant::now(), self.steps);
            let part = self.workers.part(position - first);
            let result = match self.workers.pool() {
                None => self.steps_to(first + part, until, false),
                Some(pool) => workers::on(&pool, part, || self.steps_to(first + part, until, true)),
            };
            let time = start.elapsed();
            self.workers.took(self.steps - first, time);
            self.wall += time;
            if let Some(why) = result? {
                return Ok(Some(why));
            }
        }
        Ok(None)
    }

    fn admit(&self, position: u64, open: bool) -> Result<()> {
        if open || !self.stops.is_empty() {
            return Ok(());
        }
        self.check_memory(position.saturating_sub(self.steps))
    }

    fn note(&mut self, ended: Option<Ended>) {
        self.ended = ended;
    }

    fn updates_each(&self) -> u64 {
        (0..self.populations.count()).map(|p| self.populations.at(p).size() as u64).sum()
    }
}
