//! Runs of any network: how far they go, and why they end.

mod runner;

use core::fmt;
use core::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result, RunError};
use crate::units::Time;
pub use runner::{Runner, Runs, Until};

/// What to run: a duration, or from now to a time.
///
/// ```
/// use binnet::prelude::*;
/// use binnet::run::{IntoStretch, Stretch};
/// assert_eq!(1.s().into_stretch(), Stretch::For(1.s()));
/// assert_eq!((0.ms()..500.ms()).into_stretch(), Stretch::Between(0.ms(), 500.ms()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stretch {
    /// So long, from now.
    For(Time),
    /// From the first time, which must be now, to the second one.
    Between(Time, Time),
}

/// What can be handed to `run`: a duration, or a range of times.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no time to run for",
    label = "a time with its unit belongs here",
    note = "write `net.run(20.ms())`, `net.run(1.5.s())`, or from now to a time: `net.run(0.ms()..20.ms())`"
)]
pub trait IntoStretch {
    /// What to run.
    fn into_stretch(self) -> Stretch;
}

impl IntoStretch for Time {
    fn into_stretch(self) -> Stretch {
        Stretch::For(self)
    }
}

impl IntoStretch for Range<Time> {
    fn into_stretch(self) -> Stretch {
        Stretch::Between(self.start, self.end)
    }
}

impl IntoStretch for Stretch {
    fn into_stretch(self) -> Stretch {
        self
    }
}

impl Stretch {
    /// The last step, or update, of a network.
    fn end<N: Runs>(self, net: &N) -> Result<u64> {
        match self {
            Self::For(duration) => net.position_after(duration),
            Self::Between(from, to) => {
                let (now, position) = (net.position(), |time: Time| net.position_at(time).ok());
                if position(from) != Some(now) {
                    return Err(RunError::NotNow { from: from.ms(), now: net.time_at(now).ms() }.into());
                }
                match position(to) {
                    Some(end) if end >= now => Ok(end),
                    _ => Err(RunError::Duration(to.ms() - from.ms()).into()),
                }
            }
        }
    }
}

/// When and why a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The time reached.
    pub time: Time,
    /// Why it went no further.
    pub why: Why,
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It went as far as it was to go; no condition was met.
    Complete,
    /// A condition was met: this one.
    Condition(String),
    /// A callback said so.
    Callback,
    /// The user asked for it: Ctrl-C.
    Interrupt,
}

impl Ended {
    /// Whether the run went as far as it was to go.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.why == Why::Complete
    }

    /// The condition that was met, if one was.
    #[must_use]
    pub fn condition(&self) -> Option<&str> {
        if let Why::Condition(name) = &self.why { Some(name) } else { None }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.time.ms();
        match &self.why {
            Why::Complete => write!(f, "complete at {ms} ms"),
            Why::Condition(name) => write!(f, "ended at {ms} ms: `{name}` was met"),
            Why::Callback => write!(f, "ended at {ms} ms by a callback"),
            Why::Interrupt => write!(f, "interrupted at {ms} ms"),
        }
    }
}

/// What a callback may return: nothing to go on, `ControlFlow::Break(())` to end the run, or a `Result` of either,
/// whose error ends the run and is handed on.
pub trait Outcome {
    /// Whether the run goes on.
    ///
    /// # Errors
    /// That of the callback.
    fn outcome(self) -> Result<ControlFlow<()>>;
}

impl Outcome for () {
    fn outcome(self) -> Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

impl Outcome for ControlFlow<()> {
    fn outcome(self) -> Result<ControlFlow<()>> {
        Ok(self)
    }
}

impl<O: Outcome, E: Into<Error>> Outcome for Result<O, E> {
    fn outcome(self) -> Result<ControlFlow<()>> {
        self.map_err(Into::into)?.outcome()
    }
}

/// What a `reset` puts back: one part, or several as `Reset::STATE | Reset::WEIGHTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reset(u8);

impl Reset {
    /// Time, states, inputs, spikes in flight and random streams are those at the start, and records are empty. Parameters and locals
    /// stay as they are.
    pub const STATE: Self = Self(1);
    /// Weights are those that were drawn or given.
    pub const WEIGHTS: Self = Self(2);
    /// Connections are drawn again, with weights and delays.
    pub const CONNECTIVITY: Self = Self(4);
    /// Records are empty, and begin as they were declared.
    pub const RECORDERS: Self = Self(8);
    /// Everything: the network as it was built, but for parameters that were set since.
    pub const ALL: Self = Self(15);

    /// Whether all of some parts are among these.
    #[must_use]
    pub const fn contains(self, parts: Self) -> bool {
        self.0 & parts.0 == parts.0
    }
}

impl core::ops::BitOr for Reset {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The flag that asks all runs of this process to end, for signal handlers. While it is set, runs end at once.
pub fn interrupt_flag() -> &'static Arc<AtomicBool> {
    INTERRUPTED.get_or_init(Arc::default)
}

/// Whether runs are asked to end.
#[inline]
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}
