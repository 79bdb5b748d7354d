//! Runs of asynchronous networks: for a time, to a time, or until something happens.

use super::gain::Gains;
use super::network::Asynchronous;
use crate::error::{Result, RunError};
use crate::rng::Streams;
use crate::run::{Ended, IntoStretch, Outcome, Reset, Runner, Runs, Until, Why, interrupted};
use crate::units::Time;

impl<G: Gains> Asynchronous<G> {
    /// Runs for a biological time (`run(1.s())`), or from now to a time (`run(0.ms()..500.ms())`): as many updates as
    /// bring the total to `sum(N/tau) t`, rounded.
    ///
    /// It ends earlier on Ctrl-C if that is caught (see `cli::catch_interrupts`). What it returns says so.
    ///
    /// # Errors
    /// For a negative or infinite time, a range that does not start now, when streaming flips to disk fails, and when
    /// a gain is no number; what was recorded is kept.
    pub fn run(&mut self, stretch: impl IntoStretch) -> Result<Ended> {
        self.runner().run(stretch)
    }

    /// Runs for at most a time, until a function of the network says that it is enough. It is asked each ms.
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

    /// A run to be described: callbacks and conditions of its own. See [`Runner`].
    pub fn runner(&mut self) -> Runner<'_, '_, Self> {
        Runner::new(self)
    }

    /// A run that calls a function whenever the network's time is a multiple of a period, rounded to an update:
    /// `net.every(10.ms(), |net| ..).run(1.s())?`. See [`Runner`].
    ///
    /// ```
    /// use binnet::models::ClusteredEi;
    /// use binnet::prelude::*;
    /// # fn main() -> binnet::Result<()> {
    /// let model = ClusteredEi { q: 4, n_e: 400, n_i: 100, r_e_plus: 3.0, m_x: 0.13, ..ClusteredEi::default() };
    /// let (mut net, mut active) = (model.build(1)?, Vec::new());
    /// net.every(10.ms(), |net| active.push(net.states().iter().filter(|state| **state == 1).count())).run(100.ms())?;
    /// assert_eq!(active.len(), 10);
    /// # Ok(())
    /// # }
    /// ```
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

    /// Puts parts of the network back to what they were when it was built. `STATE`: time, states, fields and random
    /// streams; a log of flips in memory begins anew. `RECORDERS`: the log alone. Where the populations were not
    /// changed since, a run after `reset(Reset::STATE)` is the first one, bit for bit.
    ///
    /// # Errors
    /// For weights and connections, which replicas share: build the network again. While flips are streamed to disk.
    pub fn reset(&mut self, parts: Reset) -> Result<()> {
        self.put_back(parts, self.shared.options.seed)
    }

    /// As [`reset`](Self::reset), with another seed for first states and the order of updates.
    ///
    /// # Errors
    /// As for [`reset`](Self::reset).
    pub fn reset_seeded(&mut self, parts: Reset, seed: u64) -> Result<()> {
        self.put_back(parts, seed)
    }

    fn put_back(&mut self, parts: Reset, seed: u64) -> Result<()> {
        if parts.contains(Reset::WEIGHTS) || parts.contains(Reset::CONNECTIVITY) {
            return Err(RunError::Unsupported {
                problem: "an asynchronous network shares its connections with its replicas: they are not drawn again"
                    .into(),
                help: "build it again; `reset(Reset::STATE | Reset::RECORDERS)` puts back the rest".into(),
            }
            .into());
        }
        if parts.contains(Reset::STATE) {
            self.restart(&Streams::new(seed))
        } else if parts.contains(Reset::RECORDERS) && self.log().is_ok() {
            self.record_flips()
        } else {
            Ok(())
        }
    }
}

impl<G: Gains> Runs for Asynchronous<G> {
    fn position(&self) -> u64 {
        self.updates()
    }

    fn time_at(&self, position: u64) -> Time {
        Time::from_ms(position as f64 / self.updates_per_ms())
    }

    fn position_at(&self, time: Time) -> Result<u64> {
        let updates = (time.ms() * self.updates_per_ms()).round();
        if !(time.ms() >= 0.0 && updates < 9e18) {
            return Err(RunError::Duration(time.ms()).into());
        }
        Ok(updates as u64)
    }

    fn position_after(&self, duration: Time) -> Result<u64> {
        Ok(self.updates().saturating_add(self.updates_for(duration)?))
    }

    fn next_multiple(&self, period: Time, after: u64) -> Result<u64> {
        let updates = period.ms() * self.updates_per_ms();
        // Shorter than an update, it would be due all the time.
        if !(updates >= 1.0 && updates.is_finite()) {
            return Err(RunError::Period { period: period.ms(), dt: 1.0 / self.updates_per_ms() }.into());
        }
        let mut count = (after as f64 / updates).floor();
        loop {
            count += 1.0;
            let next = (count * updates).round();
            if next >= 9e18 {
                return Ok(u64::MAX);
            }
            if next as u64 > after {
                return Ok(next as u64);
            }
        }
    }

    fn run_to(&mut self, position: u64, until: &mut [Until<'_, Self>]) -> Result<Option<Why>> {
        // How often conditions are asked depends on the time alone, not on other events.
        let look = (self.updates_per_ms().round() as u64).max(1);
        while self.updates() < position {
            let next = position.min((self.updates() / look + 1).saturating_mul(look));
            self.run_updates(next - self.updates())?;
            if self.updates().is_multiple_of(look) {
                for (name, condition) in &mut *until {
                    if condition(self) {
                        return Ok(Some(Why::Condition(name.clone())));
                    }
                }
            }
            if interrupted() {
                return Ok(Some(Why::Interrupt));
            }
        }
        Ok(None)
    }

    fn admit(&self, _: u64, _: bool) -> Result<()> {
        Ok(())
    }

    fn note(&mut self, _: Option<Ended>) {}

    fn updates_each(&self) -> u64 {
        1
    }
}
