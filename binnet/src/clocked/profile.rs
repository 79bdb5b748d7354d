//! Where the time of a step goes.

use core::fmt;
use std::time::{Duration, Instant};

/// A stage of a step, for [`Clocked::stage_times`](super::Clocked::stage_times).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// Stimuli.
    Stimuli,
    /// Records: values, and spikes.
    Records,
    /// Neurons advance.
    Neurons,
    /// Sources emit.
    Sources,
    /// What is due arrives.
    Projections,
    /// Inputs are cleared, neurons that spiked are reset.
    Resets,
}

impl Part {
    /// All stages.
    pub const ALL: [Self; 6] =
        [Self::Stimuli, Self::Records, Self::Neurons, Self::Sources, Self::Projections, Self::Resets];
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stimuli => "stimuli",
            Self::Records => "records",
            Self::Neurons => "neurons",
            Self::Sources => "sources",
            Self::Projections => "projections",
            Self::Resets => "resets",
        })
    }
}

/// What a step tells of itself: that a stage is over.
pub(super) trait Watch {
    fn over(&mut self, part: Part);
}

/// Nobody looks.
pub(super) struct Unwatched;

impl Watch for Unwatched {
    #[inline(always)]
    fn over(&mut self, _: Part) {}
}

/// The time spent in each stage.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    since: Instant,
    times: [Duration; Part::ALL.len()],
}

impl Profile {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), times: [Duration::ZERO; Part::ALL.len()] }
    }

    /// A step begins.
    pub(super) fn start(&mut self) {
        self.since = Instant::now();
    }

    /// The time spent in each stage so far.
    pub(super) fn times(&self) -> Vec<(Part, Duration)> {
        Part::ALL.into_iter().zip(self.times).collect()
    }
}

impl Watch for Profile {
    fn over(&mut self, part: Part) {
        let now = Instant::now();
        self.times[part as usize] += now - self.since;
        self.since = now;
    }
}
