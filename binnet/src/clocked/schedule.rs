//! The order of the stages of a step.

use core::fmt;

use crate::error::{BuildError, Result};

/// A part of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// What is recorded is read.
    Record,
    /// Stimuli, outputs of rate neurons, continuous synapses and what the caller hands in are added to the inputs; then
    /// all equations advance together from the same old state, and inputs are cleared.
    Neurons,
    /// Neurons whose threshold was crossed spike, with the number of the step as label; so do sources. The test itself
    /// is made as the neurons advance, so this stage directly follows [`Neurons`](Self::Neurons).
    Threshold,
    /// Spikes that are due arrive.
    Deliver,
    /// Neurons that spiked are reset.
    Reset,
}

impl Stage {
    /// All of them, in the order in which a step takes them unless it is told otherwise.
    pub const ALL: [Self; 5] = [Self::Record, Self::Neurons, Self::Threshold, Self::Deliver, Self::Reset];

    /// Its name, as in `schedule [..]` of `network!`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Neurons => "neurons",
            Self::Threshold => "threshold",
            Self::Deliver => "deliver",
            Self::Reset => "reset",
        }
    }
}

/// The order of the stages of a step: each of them once, and [`Threshold`](Stage::Threshold) directly behind
/// [`Neurons`](Stage::Neurons).
///
/// ```
/// use binnet::clocked::{ClockedOptions, Schedule, Stage};
/// # fn main() -> binnet::Result<()> {
/// use Stage::{Deliver, Neurons, Record, Reset, Threshold};
/// let mut options = ClockedOptions::seeded(1);
/// options.schedule = Schedule::new([Neurons, Threshold, Reset, Deliver, Record])?;
/// assert_eq!(options.schedule.to_string(), "neurons, threshold, reset, deliver, record");
/// # Ok(())
/// # }
/// ```
///
/// What an order means:
///
/// - Sample k of a record is read in step k, at the place of `record`. Where `record` stands directly before `neurons`, it
///   sees the inputs as the neurons will; elsewhere, it sees what spikes have added so far. At the end of the list, it
///   sees the result of the step.
/// - A neuron that spikes in step k loses what arrives in that step if `reset` comes after `deliver` and sets the variable
///   that it arrives at. If `reset` comes first, what arrives is added to the reset value, unless the neuron is
///   refractory and holds the variable: then it is discarded.
/// - A stage that stands before `neurons` works on the spikes of the step before: they have kept their label k, and are
///   delivered, over a delay of D steps, in step k+D+1, and reset in step k+1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    order: [Stage; 5],
}

impl Schedule {
    /// An order of the stages.
    ///
    /// # Errors
    /// For a stage that occurs twice, so that another one is missing, and where `Threshold` does not directly follow
    /// `Neurons`.
    pub fn new(order: [Stage; 5]) -> Result<Self> {
        let refused = |problem: String, help: &str| {
            Err(BuildError::Value { what: "the schedule".to_owned(), problem, help: help.to_owned() }.into())
        };
        if let Some(missing) = Stage::ALL.into_iter().find(|stage| !order.contains(stage)) {
            return refused(format!("has no `{}`", missing.name()), "name each stage once");
        }
        let schedule = Self { order };
        if schedule.position(Stage::Threshold) != schedule.position(Stage::Neurons) + 1 {
            let problem = "tests thresholds apart from the step of the neurons".to_owned();
            return refused(problem, "put `Threshold` directly behind `Neurons`");
        }
        Ok(schedule)
    }

    /// An order that `network!` has checked.
    pub(crate) const fn checked(order: [Stage; 5]) -> Self {
        Self { order }
    }

    /// The stages in order.
    #[must_use]
    pub fn stages(&self) -> [Stage; 5] {
        self.order
    }

    fn position(&self, stage: Stage) -> usize {
        self.order.iter().position(|other| *other == stage).unwrap_or(0)
    }

    /// Whether a stage follows another one at once.
    pub(super) fn directly(&self, first: Stage, second: Stage) -> bool {
        self.position(second) == self.position(first) + 1
    }

    /// How many steps ago the spikes are from which a stage works on: 1 if it stands before the neurons.
    pub(super) fn lag(&self, stage: Stage) -> u64 {
        u64::from(self.position(stage) < self.position(Stage::Neurons))
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { order: Stage::ALL }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.order.map(Stage::name).join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Stage::{Deliver, Neurons, Record, Reset, Threshold};
    use super::*;

    #[test]
    fn orders_are_checked() {
        for order in
            [Stage::ALL, [Neurons, Threshold, Reset, Deliver, Record], [Deliver, Reset, Record, Neurons, Threshold]]
        {
            assert_eq!(Schedule::new(order).unwrap().stages(), order);
        }
        let problem = |order| Schedule::new(order).unwrap_err().to_string();
        assert!(problem([Record, Neurons, Threshold, Deliver, Deliver]).contains("has no `reset`"));
        assert!(problem([Record, Threshold, Neurons, Deliver, Reset]).contains("directly behind"));
        assert!(problem([Neurons, Record, Threshold, Deliver, Reset]).contains("directly behind"));
    }

    #[test]
    fn stages_before_the_neurons_lag() {
        let schedule = Schedule::new([Reset, Record, Neurons, Threshold, Deliver]).unwrap();
        assert_eq!((schedule.lag(Reset), schedule.lag(Deliver)), (1, 0));
        assert!(schedule.directly(Record, Neurons) && !schedule.directly(Reset, Neurons));
        assert_eq!(Schedule::default().lag(Deliver), 0);
    }
}
