//! Stimuli: what is added to a field, or put in its place, as time goes on.

mod drive;

use core::fmt;
use core::ops::Range;
use std::sync::Arc;

use ndarray::{Array1, Array2};

use super::chosen::Which;
use crate::units::Time;
pub(super) use drive::Stimuli;

/// How a stimulus acts on its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operator {
    /// `+=`
    #[default]
    Add,
    /// `-=`
    Subtract,
    /// `*=`
    Multiply,
    /// `/=`
    Divide,
    /// `=`
    Set,
}

/// One number for all neurons, or one for each.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// The same for all.
    One(f64),
    /// One for each neuron, in order.
    Each(Vec<f64>),
}

impl From<f64> for Amount {
    fn from(value: f64) -> Self {
        Self::One(value)
    }
}
impl From<Vec<f64>> for Amount {
    fn from(values: Vec<f64>) -> Self {
        Self::Each(values)
    }
}
impl<const N: usize> From<[f64; N]> for Amount {
    fn from(values: [f64; N]) -> Self {
        Self::Each(values.to_vec())
    }
}
impl From<Array1<f64>> for Amount {
    fn from(values: Array1<f64>) -> Self {
        Self::Each(values.to_vec())
    }
}

/// What a stimulus is as a function of time.
#[derive(Clone)]
enum Shape {
    Constant(Amount),
    Steps(Vec<(Amount, Time)>),
    Pulses { amount: Amount, start: Time, width: Time, period: Time, count: u64 },
    Ramp { from: Amount, to: Amount, start: Time, duration: Time },
    Sine { amplitude: Amount, hertz: f64, phase: f64 },
    OrnsteinUhlenbeck { mean: f64, deviation: f64, tau: Time },
    WhiteNoise { mean: f64, sigma: f64 },
    Rows(Array2<f64>),
    Function(Arc<dyn Fn(f64, usize) -> f64 + Send + Sync>),
}

/// A stimulus for [`Clocked::stimulate`](super::Clocked::stimulate): a course in time, in the unit of
/// the field, and how it acts.
///
/// Outside its course (before a pulse, after the last row) it leaves the field alone.
///
/// ```
/// use binnet::clocked::{Operator, Stimulus};
/// use binnet::prelude::*;
/// let current = Stimulus::steps([(0.0, 100.ms()), (1.0, 300.ms())]);
/// let clamp = Stimulus::pulses(-70.0, 10.ms(), 5.ms()).by(Operator::Set).on(0..10);
/// ```
#[derive(Clone)]
pub struct Stimulus {
    shape: Shape,
    operator: Operator,
    neurons: Which,
}

impl Stimulus {
    fn new(shape: Shape) -> Self {
        Self { shape, operator: Operator::Add, neurons: Which::All }
    }

    /// The same amount all the time.
    pub fn constant(amount: impl Into<Amount>) -> Self {
        Self::new(Shape::Constant(amount.into()))
    }

    /// One amount after the other, each for its duration.
    pub fn steps<A: Into<Amount>>(steps: impl IntoIterator<Item = (A, Time)>) -> Self {
        Self::new(Shape::Steps(steps.into_iter().map(|(amount, duration)| (amount.into(), duration)).collect()))
    }

    /// An amount from `start` on for a time of `width`.
    pub fn pulses(amount: impl Into<Amount>, start: Time, width: Time) -> Self {
        Self::new(Shape::Pulses { amount: amount.into(), start, width, period: width, count: 1 })
    }

    /// For pulses: `count` of them, one in each `period`. Changes nothing on other stimuli.
    #[must_use]
    pub fn every(mut self, new_period: Time, new_count: u64) -> Self {
        if let Shape::Pulses { period, count, .. } = &mut self.shape {
            (*period, *count) = (new_period, new_count);
        }
        self
    }

    /// In a straight line from one amount to another; the last one stays.
    pub fn ramp(from: impl Into<Amount>, to: impl Into<Amount>, start: Time, duration: Time) -> Self {
        Self::new(Shape::Ramp { from: from.into(), to: to.into(), start, duration })
    }

    /// `amplitude * sin(2 pi frequency t + phase)`, frequency in Hz, phase in radians.
    pub fn sine(amplitude: impl Into<Amount>, hertz: f64, phase: f64) -> Self {
        Self::new(Shape::Sine { amplitude: amplitude.into(), hertz, phase })
    }

    /// An Ornstein-Uhlenbeck process for each neuron, stationary from the start, advanced exactly:
    /// `deviation` is its standard deviation, `tau` its correlation time.
    #[must_use]
    pub fn ornstein_uhlenbeck(mean: f64, deviation: f64, tau: Time) -> Self {
        Self::new(Shape::OrnsteinUhlenbeck { mean, deviation, tau })
    }

    /// White noise for each neuron: in each step, normal with this mean and standard deviation
    /// `sigma / sqrt(dt)`, `sigma` in the unit of the field times root of ms.
    #[must_use]
    pub fn white_noise(mean: f64, sigma: f64) -> Self {
        Self::new(Shape::WhiteNoise { mean, sigma })
    }

    /// A row for each step, with one column for each neuron, or one for all.
    #[must_use]
    pub fn rows(rows: Array2<f64>) -> Self {
        Self::new(Shape::Rows(rows))
    }

    /// A function of the time at the beginning of the step (ms) and the position of the neuron in its
    /// population.
    pub fn of(function: impl Fn(f64, usize) -> f64 + Send + Sync + 'static) -> Self {
        Self::new(Shape::Function(Arc::new(function)))
    }

    /// How it acts; it is added otherwise.
    #[must_use]
    pub fn by(mut self, operator: Operator) -> Self {
        self.operator = operator;
        self
    }

    /// Only on these neurons; on all of them otherwise.
    #[must_use]
    pub fn on(mut self, neurons: Range<usize>) -> Self {
        self.neurons = Which::Neurons(neurons);
        self
    }

    /// Only on these neurons, which need not be neighbours. They are taken in ascending order, each once: amounts, noise and
    /// columns of rows are in that order.
    #[must_use]
    pub fn only(mut self, neurons: impl IntoIterator<Item = usize>) -> Self {
        self.neurons = Which::List(neurons.into_iter().collect());
        self
    }

    /// Only on these rows and columns of a population with two dimensions, row by row.
    #[must_use]
    pub fn patch(mut self, rows: Range<usize>, columns: Range<usize>) -> Self {
        self.neurons = Which::Patch(rows, columns);
        self
    }
}

impl fmt::Debug for Stimulus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.shape {
            Shape::Constant(_) => "constant",
            Shape::Steps(_) => "steps",
            Shape::Pulses { .. } => "pulses",
            Shape::Ramp { .. } => "ramp",
            Shape::Sine { .. } => "sine",
            Shape::OrnsteinUhlenbeck { .. } => "Ornstein-Uhlenbeck",
            Shape::WhiteNoise { .. } => "white noise",
            Shape::Rows(_) => "rows",
            Shape::Function(_) => "function",
        };
        write!(f, "{:?} {kind}", self.operator)
    }
}
