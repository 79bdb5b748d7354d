//! What to record, and how often.

use core::ops::Range;

use crate::clocked::chosen::Which;
use crate::units::Time;

/// What to record, and how often.
///
/// ```
/// use binnet::clocked::Record;
/// use binnet::prelude::*;
/// let spikes = Record::spikes("exc");
/// let voltage = Record::of("exc", "v").neurons(0..4).every(1.ms()).named("membrane");
/// let late = Record::of("exc", "g").every(1.ms()).from(0.5.ms()).during(100.ms()..200.ms());
/// let mean = Record::of("exc", "v").every(1.ms()).mean();
/// let rate = Record::spikes("exc").rate(5.ms());
/// let dendrite = Record::synapses("ee", "w").onto(3).every(10.ms());
/// ```
///
/// | to record | write | found by |
/// | --- | --- | --- |
/// | spikes | `Record::spikes("exc")` | [`Records::spikes`](super::Records::spikes) |
/// | a field or observable | `Record::of("exc", "v")` | [`Records::trace`](super::Records::trace) |
/// | a state or weight of synapses with equations | `Record::synapses("ee", "w")` | [`Records::trace`](super::Records::trace) |
/// | its mean, variance over the neurons | `.mean()`, `.variance()` | [`Records::trace`](super::Records::trace) |
/// | mean and variance of each neuron over time | `.over_time()` | [`Records::over_time`](super::Records::over_time) |
/// | how often each value occurs | `.histogram(-80.0..20.0, 100)` | [`Records::histogram`](super::Records::histogram) |
/// | spikes of each neuron, counted | `.counts()` | [`Records::counts`](super::Records::counts) |
/// | the mean rate in bins | `.rate(5.ms())` | [`Records::rate`](super::Records::rate) |
/// | moments of the intervals between spikes | `.intervals()` | [`Records::intervals`](super::Records::intervals) |
/// | the autocorrelation of the mean, or of the rate in bins | `.autocorrelation(100)` | [`Records::autocorrelation`](super::Records::autocorrelation) |
///
/// Those of the last six take memory that does not grow with time (rates: one number a bin).
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub(super) what: What,
    pub(super) neurons: Which,
    pub(super) every: Option<Time>,
    pub(super) from: Option<Time>,
    pub(super) during: Option<Range<Time>>,
    pub(super) paused: bool,
    pub(super) reduce: Option<Reduce>,
    pub(super) name: Option<String>,
}

/// What a record looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Of a population or source.
    Spikes(String),
    /// Of a population.
    Variable(String, String),
    /// Of a projection, maybe only of the synapses onto one neuron.
    Synapses { projection: String, field: String, onto: Option<usize> },
}

/// What is kept instead of all values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reduce {
    Mean,
    Variance,
    OverTime,
    Histogram { low: f64, high: f64, bins: usize },
    Counts,
    Rate,
    Intervals,
    Autocorrelation { lags: usize },
}

impl Record {
    fn new(what: What) -> Self {
        Self {
            what,
            neurons: Which::All,
            every: None,
            from: None,
            during: None,
            paused: false,
            reduce: None,
            name: None,
        }
    }

    /// The spikes of a population or source.
    pub fn spikes(population: impl Into<String>) -> Self {
        Self::new(What::Spikes(population.into()))
    }

    /// A variable of a population: a field of the model, or an observable.
    pub fn of(population: impl Into<String>, variable: impl Into<String>) -> Self {
        Self::new(What::Variable(population.into(), variable.into()))
    }

    /// A field of the synapses of a projection with equations, in the order of
    /// [`Clocked::synapses`](crate::clocked::Clocked::synapses).
    pub fn synapses(projection: impl Into<String>, field: impl Into<String>) -> Self {
        Self::new(What::Synapses { projection: projection.into(), field: field.into(), onto: None })
    }

    /// Of a projection: only the synapses onto one postsynaptic neuron, a single dendrite.
    #[must_use]
    pub fn onto(mut self, neuron: usize) -> Self {
        if let What::Synapses { onto, .. } = &mut self.what {
            *onto = Some(neuron);
        }
        self
    }

    /// Only these neurons (of a projection, these synapses of those chosen); all of them otherwise.
    #[must_use]
    pub fn neurons(mut self, neurons: Range<usize>) -> Self {
        self.neurons = Which::Neurons(neurons);
        self
    }

    /// Only these neurons, which need not be neighbours. They are recorded in ascending order, each once.
    #[must_use]
    pub fn only(mut self, neurons: impl IntoIterator<Item = usize>) -> Self {
        self.neurons = Which::List(neurons.into_iter().collect());
        self
    }

    /// Only these rows and columns of a population with two dimensions, row by row.
    #[must_use]
    pub fn patch(mut self, rows: Range<usize>, columns: Range<usize>) -> Self {
        self.neurons = Which::Patch(rows, columns);
        self
    }

    /// So often, a multiple of the clock; in each step otherwise. Spikes are all recorded.
    #[must_use]
    pub fn every(mut self, period: Time) -> Self {
        self.every = Some(period);
        self
    }

    /// Not before this time, from which periods count; from 0 otherwise.
    #[must_use]
    pub fn from(mut self, start: Time) -> Self {
        self.from = Some(start);
        self
    }

    /// Only from one time on and before another.
    #[must_use]
    pub fn during(mut self, window: Range<Time>) -> Self {
        self.during = Some(window);
        self
    }

    /// Not before [`resume_record`](crate::clocked::Clocked::resume_record) is called.
    #[must_use]
    pub fn paused(mut self) -> Self {
        self.paused = true;
        self
    }

    /// Under this name, instead of `population.variable`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    fn reduced(mut self, reduce: Reduce) -> Self {
        self.reduce = Some(reduce);
        self
    }

    /// Of a variable: the mean over the neurons, one value a sample.
    #[must_use]
    pub fn mean(self) -> Self {
        self.reduced(Reduce::Mean)
    }

    /// Of a variable: the variance over the neurons (divided by their number), one value a sample, in the square of the unit.
    #[must_use]
    pub fn variance(self) -> Self {
        self.reduced(Reduce::Variance)
    }

    /// Of a variable: mean and variance of each neuron over all samples.
    #[must_use]
    pub fn over_time(self) -> Self {
        self.reduced(Reduce::OverTime)
    }

    /// Of a variable: how many values of all neurons and samples lie in each of some equal bins.
    #[must_use]
    pub fn histogram(self, range: Range<f64>, bins: usize) -> Self {
        self.reduced(Reduce::Histogram { low: range.start, high: range.end, bins })
    }

    /// Of spikes: the number of each neuron.
    #[must_use]
    pub fn counts(self) -> Self {
        self.reduced(Reduce::Counts)
    }

    /// Of spikes: the mean rate of a neuron in bins of this length, a multiple of the clock.
    #[must_use]
    pub fn rate(self, bin: Time) -> Self {
        self.every(bin).reduced(Reduce::Rate)
    }

    /// Of spikes: number, mean and variance of the intervals of each neuron.
    #[must_use]
    pub fn intervals(self) -> Self {
        self.reduced(Reduce::Intervals)
    }

    /// The autocorrelation up to so many lags: of the mean over the neurons of a variable, or of the number of spikes
    /// in bins. Lags count samples, or bins, as [`every`](Self::every) says.
    #[must_use]
    pub fn autocorrelation(self, lags: usize) -> Self {
        self.reduced(Reduce::Autocorrelation { lags })
    }

    /// The name under which it is found.
    pub(super) fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| match &self.what {
            What::Spikes(population) => format!("{population}.spikes"),
            What::Variable(population, variable) => format!("{population}.{variable}"),
            What::Synapses { projection, field, .. } => format!("{projection}.{field}"),
        })
    }
}
