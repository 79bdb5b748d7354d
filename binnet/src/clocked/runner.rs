//! A run with callbacks and conditions of its own: the loop that all runs share.

use core::ops::ControlFlow;
use std::time::Instant;

use super::clock::{time, whole_steps};
use super::{Clocked, Populations};
use crate::error::{Result, RunError};
use crate::run::{Ended, Outcome, Stretch, Why, interrupted};
use crate::units::Time;

/// A run that is being described, from [`Clocked::runner`], [`every`](Clocked::every) or [`at`](Clocked::at): what is
/// called meanwhile, and when it ends. Nothing happens before [`run`](Self::run).
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
pub struct Runner<'n, 'c, P: Populations> {
    net: &'n mut Clocked<P>,
    calls: Vec<(When, Call<'c, P>)>,
    until: Vec<(String, Condition<'c, P>)>,
    progress: bool,
}

type Call<'c, P> = Box<dyn FnMut(&mut Clocked<P>) -> Result<ControlFlow<()>> + 'c>;
type Condition<'c, P> = Box<dyn FnMut(&Clocked<P>) -> bool + 'c>;

/// When something is called.
#[derive(Clone, Copy)]
enum When {
    Every(Time),
    At(Time),
}

impl<'n, 'c, P: Populations> Runner<'n, 'c, P> {
    pub(super) fn new(net: &'n mut Clocked<P>) -> Self {
        Self { net, calls: Vec::new(), until: Vec::new(), progress: false }
    }

    /// Calls a function whenever the time of the network is a multiple of a period (itself a multiple of the clock):
    /// after the step that ends then, the last one included, not at the start of the run.
    pub fn every<O: Outcome>(mut self, period: Time, mut call: impl FnMut(&mut Clocked<P>) -> O + 'c) -> Self {
        self.calls.push((When::Every(period), Box::new(move |net| call(net).outcome())));
        self
    }

    /// Calls a function once, at a time of the network (rounded to a step), before the step that begins then. The start and the end of
    /// the run belong to it; a time beyond the end is never reached.
    pub fn at<O: Outcome>(mut self, time: Time, mut call: impl FnMut(&mut Clocked<P>) -> O + 'c) -> Self {
        self.calls.push((When::At(time), Box::new(move |net| call(net).outcome())));
        self
    }

    /// Ends when a function of the network says so; it is asked after each step. The name is that under which the run
    /// says that it was met.
    pub fn until(mut self, name: impl Into<String>, condition: impl FnMut(&Clocked<P>) -> bool + 'c) -> Self {
        self.until.push((name.into(), Box::new(condition)));
        self
    }

    /// Shows a progress bar, if there is a terminal, and lets Ctrl-C end the run cleanly.
    #[cfg(feature = "cli")]
    pub fn progress(mut self) -> Self {
        self.progress = true;
        self
    }

    /// Runs for a time or to a time; see [`Clocked::run`].
    ///
    /// # Errors
    /// As for [`Clocked::run`]; for periods that are no multiple of the clock, and times of callbacks that have
    /// passed; and what a callback returns.
    pub fn run(self, stretch: impl Into<Stretch>) -> Result<Ended> {
        let (now, dt) = (self.net.steps, self.net.dt);
        let end = stretch.into().end(now, dt, |time| self.net.steps_for(time))?;
        self.run_steps(end - now)
    }

    /// Makes `n` steps; see [`Clocked::run_steps`].
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_steps(self, n: u64) -> Result<Ended> {
        let Self { net, calls, mut until, progress } = self;
        let mut calls = calls.into_iter().map(|(when, call)| Due::new(when, call, net)).collect::<Result<Vec<_>>>()?;
        if until.is_empty() && net.stops.is_empty() {
            net.check_memory(n)?;
        }
        let (begun, end) = (net.steps, net.steps.saturating_add(n));
        let mut meter = Meter::new(progress, net, n);
        net.ended = None;
        let why = loop {
            let now = net.steps;
            let mut broken = false;
            for due in calls.iter_mut().filter(|due| due.step == now) {
                due.pass();
                broken |= (due.call)(net)?.is_break();
            }
            if broken {
                break Why::Callback;
            }
            // A callback may have made steps, or gone back to the beginning.
            if net.steps != now {
                calls.iter_mut().for_each(|due| due.catch_up(net.steps));
                continue;
            }
            if now >= end {
                break Why::Complete;
            }
            if interrupted() {
                break Why::Interrupt;
            }
            let next = calls.iter().map(|due| due.step).filter(|step| *step > now).fold(end, u64::min);
            let next = next.min(now.saturating_add(meter.stretch()));
            let start = Instant::now();
            let ended = steps(net, next, &mut until);
            net.wall += start.elapsed();
            meter.advance(net.steps - begun);
            if let Some(why) = ended? {
                break why;
            }
        };
        meter.finish();
        let ended = Ended { time: Time::from_ms(time(net.steps, net.dt)), why };
        net.ended = Some(ended.clone());
        Ok(ended)
    }
}

/// Makes steps up to one, or until something ends the run.
fn steps<P: Populations>(
    net: &mut Clocked<P>,
    to: u64,
    until: &mut [(String, Condition<'_, P>)],
) -> Result<Option<Why>> {
    while net.steps < to {
        net.make_step()?;
        if let Some(name) = net.met() {
            return Ok(Some(Why::Condition(name)));
        }
        for (name, condition) in &mut *until {
            if condition(net) {
                return Ok(Some(Why::Condition(name.clone())));
            }
        }
        if interrupted() {
            return Ok(Some(Why::Interrupt));
        }
    }
    Ok(None)
}

/// A callback, and the step before which it is called next.
struct Due<'c, P: Populations> {
    step: u64,
    /// 0 for those that are called once.
    period: u64,
    call: Call<'c, P>,
}

impl<'c, P: Populations> Due<'c, P> {
    fn new(when: When, call: Call<'c, P>, net: &Clocked<P>) -> Result<Self> {
        let now = net.steps;
        match when {
            When::Every(time) => {
                let period = whole_steps(time, net.dt).filter(|steps| *steps > 0);
                let period = period.ok_or(RunError::Period { period: time.ms(), dt: net.dt })?;
                Ok(Self { step: (now / period + 1).saturating_mul(period), period, call })
            }
            When::At(time) => {
                let step = net.steps_for(time)?;
                if step < now {
                    return Err(RunError::Passed { at: time.ms(), now: net.time().ms() }.into());
                }
                Ok(Self { step, period: 0, call })
            }
        }
    }

    /// It is called now.
    fn pass(&mut self) {
        self.step = if self.period == 0 { u64::MAX } else { self.step.saturating_add(self.period) };
    }

    /// The network is at another step than expected.
    fn catch_up(&mut self, now: u64) {
        if let Some(periods) = now.checked_div(self.period) {
            self.step = (periods + 1).saturating_mul(self.period);
        }
    }
}

/// A progress bar, moved about ten times a second.
#[cfg(feature = "cli")]
struct Meter {
    bar: Option<crate::cli::Progress>,
    dt: f64,
    neurons: u64,
    /// The steps shown, and those between two looks.
    shown: u64,
    stretch: u64,
    since: Instant,
}

#[cfg(feature = "cli")]
impl Meter {
    fn new<P: Populations>(on: bool, net: &Clocked<P>, steps: u64) -> Self {
        let bar = on.then(|| {
            crate::cli::catch_interrupts();
            crate::cli::progress(time(steps, net.dt))
        });
        let neurons = (0..net.populations.count()).map(|p| net.populations.at(p).size() as u64).sum();
        Self { bar, dt: net.dt, neurons, shown: 0, stretch: 1, since: Instant::now() }
    }

    /// How many steps to make before the next look.
    fn stretch(&self) -> u64 {
        if self.bar.is_some() { self.stretch } else { u64::MAX }
    }

    fn advance(&mut self, steps: u64) {
        let Some(bar) = &self.bar else { return };
        let elapsed = self.since.elapsed();
        if elapsed.as_millis() < 50 {
            self.stretch = self.stretch.saturating_mul(2);
        } else if elapsed.as_millis() > 200 {
            self.stretch = (self.stretch / 2).max(1);
        }
        let fresh = steps.saturating_sub(self.shown);
        bar.advance(fresh as f64 * self.dt, fresh * self.neurons);
        (self.shown, self.since) = (steps, Instant::now());
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish();
        }
    }
}

/// No progress bar without the feature `cli`.
#[cfg(not(feature = "cli"))]
struct Meter;

#[cfg(not(feature = "cli"))]
impl Meter {
    fn new<P: Populations>(_: bool, _: &Clocked<P>, _: u64) -> Self {
        Self
    }

    fn stretch(&self) -> u64 {
        u64::MAX
    }

    fn advance(&mut self, _: u64) {}

    fn finish(self) {}
}
