//! A run with callbacks and conditions of its own: the loop that all runs share.

use core::ops::ControlFlow;
#[cfg(feature = "cli")]
use std::time::Instant;

use super::{Ended, IntoStretch, Outcome, Why, interrupted};
use crate::error::{Result, RunError};
use crate::units::Time;

/// A network that runs: what a [`Runner`] needs of it. It counts its time in steps, or in updates.
pub trait Runs: Sized {
    /// The steps, or updates, made so far.
    fn position(&self) -> u64;
    /// The time at a step.
    fn time_at(&self, position: u64) -> Time;
    /// The step at a time.
    ///
    /// # Errors
    /// For a time that is negative or infinite.
    fn position_at(&self, time: Time) -> Result<u64>;
    /// The last step of a run that lasts so long from now.
    ///
    /// # Errors
    /// For a time that is negative or infinite.
    fn position_after(&self, duration: Time) -> Result<u64>;
    /// The first step behind another one at which the time is a multiple of a period.
    ///
    /// # Errors
    /// For a period that is not above 0, or no multiple of the clock.
    fn next_multiple(&self, period: Time, after: u64) -> Result<u64>;
    /// Runs up to a step, or until one of its own conditions or one of `until` is met; not if Ctrl-C was pressed.
    ///
    /// # Errors
    /// For whatever goes wrong in a step.
    fn run_to(&mut self, position: u64, until: &mut [Until<'_, Self>]) -> Result<Option<Why>>;
    /// Refuses a run up to a step that cannot be made; `open` says that it may end much earlier.
    ///
    /// # Errors
    /// If it is refused.
    fn admit(&self, position: u64, open: bool) -> Result<()>;
    /// A run begins (`None`) or has ended.
    fn note(&mut self, ended: Option<Ended>);
    /// Updates of neurons in a step.
    fn updates_each(&self) -> u64;
}

/// A condition of a run, with its name. It is asked on the thread that makes the steps.
pub type Until<'c, N> = (String, Box<dyn FnMut(&N) -> bool + Send + 'c>);

/// A run that is being described, from `runner`, `every` or `at` of a network: what is called meanwhile, and when it
/// ends. Nothing happens before [`run`](Self::run).
///
/// Callbacks may look at the network and change it, between two steps. They return nothing,
/// `ControlFlow::Break(())` to end the run, or a `Result` of these, whose error ends the run. Those of one time are
/// called in the order of the description.
///
/// ```
/// use core::ops::ControlFlow;
///
/// use binnet::models::neurons::Lif;
/// use binnet::prelude::*;
/// # network! { pub struct One { clock 0.1 ms; population cell: Lif[1]; } }
/// # fn main() -> binnet::Result<()> {
/// let mut net = One::builder().build()?;
/// let mut voltage = Vec::new();
/// let ended = net
///     .every(10.ms(), |net| voltage.push(net.populations().cell.neurons().v[0]))
///     .at(25.ms(), |net| net.set_values("cell", "v", -60.0))
///     .at(90.ms(), |_| ControlFlow::Break(()))
///     .run(1.s())?;
/// assert_eq!((voltage.len(), ended.time), (9, 90.ms()));
/// # Ok(())
/// # }
/// ```
#[must_use = "a run that is described does nothing before `.run(..)`"]
pub struct Runner<'n, 'c, N: Runs> {
    net: &'n mut N,
    calls: Vec<(When, Call<'c, N>)>,
    until: Vec<Until<'c, N>>,
    progress: bool,
}

type Call<'c, N> = Box<dyn FnMut(&mut N) -> Result<ControlFlow<()>> + 'c>;

/// When something is called.
#[derive(Clone, Copy)]
enum When {
    Every(Time),
    At(Time),
}

impl<'n, 'c, N: Runs> Runner<'n, 'c, N> {
    pub(crate) fn new(net: &'n mut N) -> Self {
        Self { net, calls: Vec::new(), until: Vec::new(), progress: false }
    }

    /// Calls a function whenever the time of the network is a multiple of a period (with a clock, itself a multiple of
    /// the clock): when that much has passed, the end of the run included, not at its start.
    pub fn every<O: Outcome>(mut self, period: Time, mut call: impl FnMut(&mut N) -> O + 'c) -> Self {
        self.calls.push((When::Every(period), Box::new(move |net| call(net).outcome())));
        self
    }

    /// Calls a function once, at a time of the network (rounded to a step), before the step that begins then. The
    /// start and the end of the run belong to it; a time beyond the end is never reached.
    pub fn at<O: Outcome>(mut self, time: Time, mut call: impl FnMut(&mut N) -> O + 'c) -> Self {
        self.calls.push((When::At(time), Box::new(move |net| call(net).outcome())));
        self
    }

    /// Ends when a function of the network says so: with a clock it is asked after each step, of an asynchronous
    /// network each ms. The name is that under which the run says that it was met.
    pub fn until(mut self, name: impl Into<String>, condition: impl FnMut(&N) -> bool + Send + 'c) -> Self {
        self.until.push((name.into(), Box::new(condition)));
        self
    }

    /// Shows a progress bar, if there is a terminal, and lets Ctrl-C end the run cleanly.
    #[cfg(feature = "cli")]
    pub fn progress(mut self) -> Self {
        self.progress = true;
        self
    }

    /// Runs for a time (`run(1.s())`), or from now to a time (`run(0.ms()..1.s())`).
    ///
    /// # Errors
    /// For what the network refuses (see its own `run`), for periods that are no multiple of the clock, times of
    /// callbacks that have passed, and what a callback returns.
    pub fn run(self, stretch: impl IntoStretch) -> Result<Ended> {
        let end = stretch.into_stretch().end(self.net)?;
        self.run_to(end)
    }

    /// Runs up to a step, or update.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_to(self, end: u64) -> Result<Ended> {
        let Self { net, calls, mut until, progress } = self;
        let mut calls = calls.into_iter().map(|(when, call)| Due::new(when, call, net)).collect::<Result<Vec<_>>>()?;
        net.admit(end, !until.is_empty())?;
        let mut meter = Meter::new(progress, net, end);
        net.note(None);
        let why = loop {
            let now = net.position();
            let mut broken = false;
            for due in calls.iter_mut().filter(|due| due.position == now) {
                due.pass(net)?;
                broken |= (due.call)(net)?.is_break();
            }
            if broken {
                break Why::Callback;
            }
            // A callback may have made steps, or gone back to the beginning.
            if net.position() != now {
                calls.iter_mut().try_for_each(|due| due.catch_up(net))?;
                continue;
            }
            if now >= end {
                break Why::Complete;
            }
            if interrupted() {
                break Why::Interrupt;
            }
            let next = calls.iter().map(|due| due.position).filter(|position| *position > now).fold(end, u64::min);
            let ended = net.run_to(next.min(now.saturating_add(meter.stretch())), &mut until)?;
            meter.advance(net);
            if let Some(why) = ended {
                break why;
            }
        };
        meter.finish();
        let ended = Ended { time: net.time_at(net.position()), why };
        net.note(Some(ended.clone()));
        Ok(ended)
    }
}

/// A callback, and the step before which it is called next.
struct Due<'c, N> {
    position: u64,
    /// None for those that are called once.
    period: Option<Time>,
    call: Call<'c, N>,
}

impl<'c, N: Runs> Due<'c, N> {
    fn new(when: When, call: Call<'c, N>, net: &N) -> Result<Self> {
        let now = net.position();
        match when {
            When::Every(period) => Ok(Self { position: net.next_multiple(period, now)?, period: Some(period), call }),
            When::At(time) => {
                let position = net.position_at(time)?;
                if position < now {
                    return Err(RunError::Passed { at: time.ms(), now: net.time_at(now).ms() }.into());
                }
                Ok(Self { position, period: None, call })
            }
        }
    }

    /// It is called now.
    fn pass(&mut self, net: &N) -> Result<()> {
        self.position = match self.period {
            None => u64::MAX,
            Some(period) => net.next_multiple(period, self.position)?,
        };
        Ok(())
    }

    /// The network is at another step than expected.
    fn catch_up(&mut self, net: &N) -> Result<()> {
        if let Some(period) = self.period {
            self.position = net.next_multiple(period, net.position())?;
        }
        Ok(())
    }
}

/// A progress bar, moved about ten times a second.
struct Meter {
    #[cfg(feature = "cli")]
    bar: Option<crate::cli::Progress>,
    /// The step that is shown, and since when.
    #[cfg(feature = "cli")]
    shown: (u64, Instant),
    /// The steps between two looks.
    stretch: u64,
}

impl Meter {
    fn new<N: Runs>(on: bool, net: &N, end: u64) -> Self {
        let now = net.position();
        #[cfg(feature = "cli")]
        let bar = on.then(|| {
            crate::cli::catch_interrupts();
            crate::cli::progress(net.time_at(end).ms() - net.time_at(now).ms())
        });
        let stretch = if on { 1 } else { end - now.min(end) };
        Self {
            #[cfg(feature = "cli")]
            bar,
            #[cfg(feature = "cli")]
            shown: (now, Instant::now()),
            stretch: stretch.max(1),
        }
    }

    /// How many steps to make before the next look.
    fn stretch(&self) -> u64 {
        self.stretch
    }

    #[cfg(feature = "cli")]
    fn advance<N: Runs>(&mut self, net: &N) {
        let Some(bar) = &self.bar else { return };
        let elapsed = self.shown.1.elapsed();
        if elapsed.as_millis() < 50 {
            self.stretch = self.stretch.saturating_mul(2);
        } else if elapsed.as_millis() > 200 {
            self.stretch = (self.stretch / 2).max(1);
        }
        let (before, now) = (self.shown.0, net.position());
        let updates = now.saturating_sub(before).saturating_mul(net.updates_each());
        bar.advance((net.time_at(now).ms() - net.time_at(before).ms()).max(0.0), updates);
        self.shown = (now, Instant::now());
    }

    #[cfg(feature = "cli")]
    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish();
        }
    }
}

#[cfg(not(feature = "cli"))]
impl Meter {
    fn advance<N: Runs>(&mut self, _: &N) {}

    fn finish(self) {}
}
