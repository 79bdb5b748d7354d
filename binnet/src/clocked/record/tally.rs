//! Records of fixed size: what can be said of spikes and values without keeping them.

use core::ops::Range;

use super::correlation::RunningAutocorrelation;
use super::gate::Gate;
use super::source::Source;
use crate::clocked::chosen::Chosen;
use crate::clocked::clock::time;
use crate::clocked::projection::Wiring;
use crate::clocked::{Populations, Spiked, Step};
use crate::snapshot::{Persist, Reader, SnapshotError, Writer, persist};

/// A record of fixed size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tally {
    pub(super) name: String,
    pub(super) gate: Gate,
    /// Of spikes: the population, or behind them the source. Of values, where they come from.
    pub(super) of: Of,
    pub(super) kind: Kind,
}

persist!([] Tally { gate, kind } fixed {} built { name, of });

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Of {
    Spikes { population: usize, neurons: Chosen },
    Values(Source),
}

/// What is kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Counts(SpikeCounts),
    Rate(RateBins),
    Intervals(Intervals),
    Histogram(Histogram),
    OverTime(OverTime),
    Autocorrelation(RunningAutocorrelation),
}

impl Persist for Kind {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::Counts(own) => own.save(out),
            Self::Rate(own) => own.save(out),
            Self::Intervals(own) => own.save(out),
            Self::Histogram(own) => own.save(out),
            Self::OverTime(own) => own.save(out),
            Self::Autocorrelation(own) => own.save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::Counts(own) => own.load(from),
            Self::Rate(own) => own.load(from),
            Self::Intervals(own) => own.load(from),
            Self::Histogram(own) => own.load(from),
            Self::OverTime(own) => own.load(from),
            Self::Autocorrelation(own) => own.load(from),
        }
    }
}

/// The spikes of each neuron, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeCounts {
    pub(super) dt: f64,
    pub(super) steps: u64,
    pub(super) counts: Vec<u64>,
}

persist!([] SpikeCounts { steps } fixed { counts } built { dt });

impl SpikeCounts {
    /// The spikes of each recorded neuron.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The rate of each recorded neuron in Hz; NaN before the first step.
    #[must_use]
    pub fn rates(&self) -> Vec<f64> {
        let seconds = time(self.steps, self.dt) * 1e-3;
        self.counts.iter().map(|count| *count as f64 / seconds).collect()
    }
}

/// The mean rate of a neuron in bins.
#[derive(Clone, Debug, PartialEq)]
pub struct RateBins {
    pub(super) size: usize,
    pub(super) dt: f64,
    /// Steps of a bin.
    pub(super) bin: u64,
    pub(super) starts: Vec<u64>,
    pub(super) counts: Vec<u64>,
    /// Steps and spikes of the bin that is being filled.
    pub(super) filled: u64,
    pub(super) current: u64,
    /// The step that is expected next.
    pub(super) next: u64,
}

persist!([] RateBins { starts, counts, filled, current, next } fixed {} built { size, dt, bin });

impl RateBins {
    /// The beginning of each bin in ms.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        self.starts.iter().map(|step| time(*step, self.dt)).collect()
    }

    /// The spikes of all recorded neurons in each bin.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The mean rate of a neuron in each bin, in Hz.
    #[must_use]
    pub fn hertz(&self) -> Vec<f64> {
        let seconds = self.size as f64 * time(self.bin, self.dt) * 1e-3;
        self.counts.iter().map(|count| *count as f64 / seconds).collect()
    }

    /// Takes the spikes of a step; bins that were begun before a pause are dropped. Returns the spikes of the bin that
    /// it completes.
    pub(super) fn take(&mut self, spikes: u64, step: u64, gate: &Gate) -> Option<u64> {
        if step != self.next || (step - gate.offset).is_multiple_of(self.bin) {
            (self.filled, self.current) = (0, 0);
        }
        self.next = step + 1;
        self.filled += 1;
        self.current += spikes;
        // Bins begin at multiples of their length, so that only whole ones end there with all of their steps.
        let ends = (step + 1 - gate.offset).is_multiple_of(self.bin);
        (ends && self.filled == self.bin).then_some(self.current)
    }
}

/// The intervals between the spikes of each neuron: number, mean and variance, as they come (Welford 1962).
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    pub(super) dt: f64,
    /// The step of the last spike plus 1, 0 for none.
    pub(super) last: Vec<u64>,
    pub(super) each: Vec<Welford>,
    /// The step that is expected next: after a pause, intervals begin anew.
    pub(super) next: u64,
}

persist!([] Intervals { next } fixed { last, each } built { dt });

/// Mean and variance of numbers that come one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Welford {
    n: u64,
    mean: f64,
    squares: f64,
}

persist!([] Welford { n, mean, squares } fixed {} built {});

impl Welford {
    pub(super) fn take(&mut self, x: f64) {
        self.n += 1;
        let off = x - self.mean;
        self.mean += off / self.n as f64;
        self.squares += off * (x - self.mean);
    }
}

impl Intervals {
    /// The number of intervals of each recorded neuron.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.each.iter().map(|each| each.n).collect()
    }

    /// Their mean in ms; `None` for neurons without any.
    #[must_use]
    pub fn means(&self) -> Vec<Option<f64>> {
        self.each.iter().map(|each| (each.n > 0).then_some(each.mean * self.dt)).collect()
    }

    /// Their coefficient of variation: standard deviation (divided by their number less 1) over mean. `None` for neurons
    /// with fewer than `least` intervals (at least 2), or whose spikes all come at once.
    #[must_use]
    pub fn cvs(&self, least: u64) -> Vec<Option<f64>> {
        let cv = |each: &Welford| (each.squares / (each.n - 1) as f64).sqrt() / each.mean;
        self.each.iter().map(|each| (each.n >= least.max(2) && each.mean > 0.0).then(|| cv(each))).collect()
    }

    /// The mean of [`cvs`](Self::cvs) over the neurons that have one; `None` if none has.
    #[must_use]
    pub fn cv(&self, least: u64) -> Option<f64> {
        let known: Vec<f64> = self.cvs(least).into_iter().flatten().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

/// How often values lie in equal bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    pub(super) unit: String,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) counts: Vec<u64>,
    pub(super) outside: [u64; 2],
}

persist!([] Histogram { outside } fixed { counts } built { unit, low, high });

impl Histogram {
    /// The values in each bin; a bin holds its lower edge but not its upper one.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The values below the first bin, and those at the end of the last one or above it (NaN included).
    #[must_use]
    pub fn outside(&self) -> [u64; 2] {
        self.outside
    }

    /// The edges of the bins, one more than there are bins.
    #[must_use]
    pub fn edges(&self) -> Vec<f64> {
        let width = (self.high - self.low) / self.counts.len() as f64;
        (0..=self.counts.len()).map(|i| self.low + i as f64 * width).collect()
    }

    /// The unit of the edges.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    fn take(&mut self, x: f64) {
        let place = (x - self.low) / (self.high - self.low) * self.counts.len() as f64;
        if x < self.low {
            self.outside[0] += 1;
        } else if x < self.high {
            let last = self.counts.len() - 1;
            self.counts[(place as usize).min(last)] += 1;
        } else {
            self.outside[1] += 1;
        }
    }
}

/// Mean and variance of each neuron over all samples.
#[derive(Clone, Debug, PartialEq)]
pub struct OverTime {
    pub(super) unit: String,
    pub(super) each: Vec<Welford>,
}

persist!([] OverTime {} fixed { each } built { unit });

impl OverTime {
    /// The number of samples.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.each.first().map_or(0, |each| each.n)
    }

    /// The unit of the means.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The mean of each recorded neuron; 0 before the first sample.
    #[must_use]
    pub fn means(&self) -> Vec<f64> {
        self.each.iter().map(|each| each.mean).collect()
    }

    /// The variance of each recorded neuron, divided by the number of samples; NaN before the first one.
    #[must_use]
    pub fn variances(&self) -> Vec<f64> {
        self.each.iter().map(|each| each.squares / each.n as f64).collect()
    }
}

impl Tally {
    /// Reads the values before a step.
    pub(super) fn sample(&mut self, populations: &impl Populations, wiring: &Wiring, step: &Step) {
        let Of::Values(source) = &self.of else { return };
        if !self.gate.takes(step.number) {
            return;
        }
        match &mut self.kind {
            Kind::Histogram(histogram) => source.each(populations, wiring, step, |x| histogram.take(x)),
            Kind::OverTime(over) => {
                let mut each = over.each.iter_mut();
                source.each(populations, wiring, step, |x| {
                    if let Some(own) = each.next() {
                        own.take(x);
                    }
                });
            }
            Kind::Autocorrelation(series) => series.take(source.mean(populations, wiring, step)),
            // Of spikes.
            Kind::Counts(_) | Kind::Rate(_) | Kind::Intervals(_) => {}
        }
    }

    /// The population, or behind them the source, of which it wants spikes in a step.
    pub(super) fn hears(&self, step: u64) -> Option<usize> {
        match &self.of {
            Of::Spikes { population, .. } if self.gate.watches(step) => Some(*population),
            _ => None,
        }
    }

    /// Takes the spikes of a step that is watched.
    pub(super) fn take(&mut self, spiked: &[Spiked], step: u64) {
        let Self { gate, of: Of::Spikes { neurons, .. }, kind, .. } = self else { return };
        let own = spiked.iter().filter_map(|spiked| Some((neurons.place(spiked.neuron as usize)?, spiked.count)));
        match kind {
            Kind::Counts(SpikeCounts { counts, steps, .. }) => {
                *steps += 1;
                own.for_each(|(place, count)| counts[place] += u64::from(count));
            }
            Kind::Rate(rate) => {
                let spikes = own.map(|(_, count)| u64::from(count)).sum();
                if let Some(count) = rate.take(spikes, step, gate) {
                    rate.starts.push(step + 1 - rate.bin);
                    rate.counts.push(count);
                }
            }
            Kind::Autocorrelation(series) => {
                let spikes = own.map(|(_, count)| u64::from(count)).sum();
                if let Some(count) = series.bins.as_mut().and_then(|bins| bins.take(spikes, step, gate)) {
                    series.take(count as f64);
                }
            }
            Kind::Intervals(Intervals { last, each, next, .. }) => {
                if *next != step {
                    last.fill(0);
                }
                *next = step + 1;
                for (i, count) in own {
                    for _ in 0..count {
                        if last[i] > 0 {
                            each[i].take((step + 1 - last[i]) as f64);
                        }
                        last[i] = step + 1;
                    }
                }
            }
            Kind::Histogram(_) | Kind::OverTime(_) => {}
        }
    }

    /// Begins anew, with as many values as its source has now.
    pub(super) fn resize(&mut self) {
        self.clear();
        if let (Kind::OverTime(over), Of::Values(source)) = (&mut self.kind, &self.of) {
            over.each.resize(source.neurons.len(), Welford::default());
        }
    }

    /// Bytes, after so many more steps.
    pub(super) fn bytes(&self, steps: &Range<u64>) -> u64 {
        match &self.kind {
            Kind::Counts(counts) => 8 * counts.counts.len() as u64,
            Kind::Rate(rate) => 16 * (rate.counts.len() as u64 + self.gate.samples(steps)),
            Kind::Intervals(intervals) => 32 * intervals.last.len() as u64,
            Kind::Histogram(histogram) => 8 * histogram.counts.len() as u64,
            Kind::OverTime(over) => 24 * over.each.len() as u64,
            Kind::Autocorrelation(series) => series.bytes(),
        }
    }

    /// Forgets what was recorded.
    pub(super) fn clear(&mut self) {
        match &mut self.kind {
            Kind::Counts(counts) => {
                counts.steps = 0;
                counts.counts.fill(0);
            }
            Kind::Rate(rate) => rate.clear(),
            Kind::Intervals(intervals) => {
                intervals.last.fill(0);
                intervals.each.fill(Welford::default());
                intervals.next = 0;
            }
            Kind::Histogram(histogram) => {
                histogram.counts.fill(0);
                histogram.outside = [0; 2];
            }
            Kind::OverTime(over) => over.each.fill(Welford::default()),
            Kind::Autocorrelation(series) => series.clear(),
        }
    }
}

impl RateBins {
    /// Empty ones, of `size` neurons.
    pub(super) fn new(size: usize, dt: f64, bin: u64) -> Self {
        Self { size, dt, bin, starts: Vec::new(), counts: Vec::new(), filled: 0, current: 0, next: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.counts.clear();
        (self.filled, self.current, self.next) = (0, 0, 0);
    }
}
