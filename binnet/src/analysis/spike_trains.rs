//! Spikes of many neurons in a window of time, and the rates that follow from them.

use core::ops::Range;

use rand::seq::SliceRandom;

use crate::rng::Streams;

/// Times nearer than this, in ms, are equal: a time that was computed as 499.999 999 999 99 ms is 500 ms,
/// where a window or a bin begins.
const ROUNDING: f64 = 1e-6;

/// Spikes of `n` neurons in a window of time, sorted by neuron.
///
/// Built from two plain lists, in any order, as every simulator gives them.
///
/// | measure | definition |
/// | --- | --- |
/// | [`rate`](Self::rate), [`rates`](Self::rates) | spikes per neuron and second, of all neurons or each |
/// | [`silent_fraction`](Self::silent_fraction) | share of the neurons without a spike |
/// | [`binned_rate`](Self::binned_rate) | the rate of the population over time |
/// | [`rate_deviation`](Self::rate_deviation) | its standard deviation |
/// | [`isi_cv`](Self::isi_cv) | irregularity of the intervals between spikes |
/// | [`pair_correlation`](Self::pair_correlation) | correlation of spike counts |
/// | [`coherence`](Self::coherence) | share of common spikes |
/// | [`Spectrum`](super::Spectrum) of the binned rate | rhythms |
///
/// ```
/// use binnet::analysis::SpikeTrains;
///
/// // Neuron 0 fires every 10 ms, neuron 1 every 20 ms, neuron 2 never.
/// let (neurons, times): (Vec<u32>, Vec<f64>) = (0..10)
///     .map(|k| (0, f64::from(k) * 10.0))
///     .chain((0..5).map(|k| (1, f64::from(k) * 20.0)))
///     .unzip();
/// let spikes = SpikeTrains::new(&neurons, &times, 3, 0.0..100.0)?;
/// assert_eq!((spikes.rate(), spikes.rates()), (50.0, vec![100.0, 50.0, 0.0]));
/// assert_eq!(spikes.isi_cv(4), Some(0.0));
/// # Ok::<(), binnet::analysis::SpikeDataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeTrains {
    /// Where the spikes of each neuron begin in `times`, and the end.
    first: Vec<usize>,
    /// Times in ms since the window began, ascending for each neuron.
    times: Vec<f64>,
    /// The window in ms.
    window: Range<f64>,
}

/// Why lists are no spikes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpikeDataError {
    /// Lists that belong together and differ in length.
    #[error("{neurons} neurons and {times} times do not belong together")]
    Lengths {
        /// Neurons given.
        neurons: usize,
        /// Times given.
        times: usize,
    },
    /// An id beyond the last neuron.
    #[error("spike {spike} is of neuron {id}, but there are {neurons} neurons")]
    Neuron {
        /// The position in the lists.
        spike: usize,
        /// The id.
        id: u32,
        /// The neurons there are.
        neurons: usize,
    },
    /// A time that is no number.
    #[error("spike {spike} is at {ms} ms")]
    Time {
        /// The position in the lists.
        spike: usize,
        /// The time given.
        ms: f64,
    },
    /// A window that is empty or not finite.
    #[error("a window from {from} to {to} ms holds no time")]
    Window {
        /// Its beginning in ms.
        from: f64,
        /// Its end in ms.
        to: f64,
    },
    /// Rates of no neurons.
    #[error("there are no neurons")]
    NoNeurons,
    /// A bin that does not fit into the window, or that no clock can tell from nothing.
    #[error("a bin of {width} ms does not fit: it must be between {ROUNDING} ms and the window, {window} ms")]
    Bin {
        /// The width given, in ms.
        width: f64,
        /// The length of the window in ms.
        window: f64,
    },
}

impl SpikeTrains {
    /// The spikes of `n` neurons in a window `from..to` of ms: `neurons[k]` fired at `times[k]` ms. Spikes outside
    /// the window are left out. A spike at its beginning belongs to it, one at its end does not.
    ///
    /// # Errors
    /// If the lists differ in length, hold a neuron beyond `n` or a time that is no number; if there are no neurons,
    /// or the window is empty.
    pub fn new(neurons: &[u32], times: &[f64], n: usize, window: Range<f64>) -> Result<Self, SpikeDataError> {
        if neurons.len() != times.len() {
            return Err(SpikeDataError::Lengths { neurons: neurons.len(), times: times.len() });
        }
        if n == 0 {
            return Err(SpikeDataError::NoNeurons);
        }
        let length = window.end - window.start;
        if !(length > ROUNDING && length.is_finite()) {
            return Err(SpikeDataError::Window { from: window.start, to: window.end });
        }
        for (spike, (&id, &ms)) in neurons.iter().zip(times).enumerate() {
            if id as usize >= n {
                return Err(SpikeDataError::Neuron { spike, id, neurons: n });
            }
            if !ms.is_finite() {
                return Err(SpikeDataError::Time { spike, ms });
            }
        }
        let since = |ms: f64| ms - window.start;
        let inside = |ms: f64| (-ROUNDING..length - ROUNDING).contains(&since(ms));
        let spikes = || neurons.iter().zip(times).filter(|(_, ms)| inside(**ms));
        let mut first = vec![0; n + 1];
        for (&id, _) in spikes() {
            first[id as usize + 1] += 1;
        }
        for i in 0..n {
            first[i + 1] += first[i];
        }
        let (mut next, mut sorted) = (first.clone(), vec![0.0; first[n]]);
        for (&id, &ms) in spikes() {
            sorted[next[id as usize]] = since(ms);
            next[id as usize] += 1;
        }
        for i in 0..n {
            sorted[first[i]..first[i + 1]].sort_by(f64::total_cmp);
        }
        Ok(Self { first, times: sorted, window })
    }

    /// The number of neurons.
    #[must_use]
    pub fn neurons(&self) -> usize {
        self.first.len() - 1
    }

    /// The number of spikes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no spikes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The window in ms.
    #[must_use]
    pub fn window(&self) -> Range<f64> {
        self.window.clone()
    }

    /// Spikes per neuron and second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        1e3 * self.len() as f64 / (self.neurons() as f64 * self.length())
    }

    /// Spikes per second of each neuron.
    #[must_use]
    pub fn rates(&self) -> Vec<f64> {
        self.trains().map(|train| 1e3 * train.len() as f64 / self.length()).collect()
    }

    /// The share of the neurons that did not fire.
    #[must_use]
    pub fn silent_fraction(&self) -> f64 {
        self.trains().filter(|train| train.is_empty()).count() as f64 / self.neurons() as f64
    }

    /// Spikes per neuron and second in each whole bin of `width` ms from the beginning of the window.
    ///
    /// # Errors
    /// If the bin is longer than the window or not above 0.
    pub fn binned_rate(&self, width: f64) -> Result<Vec<f64>, SpikeDataError> {
        let mut rate = vec![0.0; self.bins(width)?];
        for &ms in &self.times {
            if let Some(rate) = rate.get_mut(bin(ms, width)) {
                *rate += 1.0;
            }
        }
        let scale = 1e3 / (self.neurons() as f64 * width);
        rate.iter_mut().for_each(|rate| *rate *= scale);
        Ok(rate)
    }

    /// The standard deviation of the [binned rate](Self::binned_rate), in Hz, divided by the number of bins. For
    /// independent Poisson neurons of rate r it is the root of r / (n width).
    ///
    /// # Errors
    /// As for the binned rate.
    pub fn rate_deviation(&self, width: f64) -> Result<f64, SpikeDataError> {
        Ok(super::Moments::of(self.binned_rate(width)?).deviation())
    }

    /// At most `most` of the neurons that fired, chosen at random. The same seed chooses the same ones.
    ///
    /// `None` if no neuron fired, or none is wanted.
    #[must_use]
    pub fn some_active(&self, most: usize, seed: u64) -> Option<Self> {
        let mut active: Vec<usize> = (0..self.neurons()).filter(|&i| self.first[i] < self.first[i + 1]).collect();
        let (chosen, _) = active.partial_shuffle(&mut Streams::new(seed).named("analysis/neurons"), most);
        chosen.sort_unstable();
        let (mut first, mut times) = (vec![0], Vec::new());
        for &i in &*chosen {
            times.extend_from_slice(&self.times[self.first[i]..self.first[i + 1]]);
            first.push(times.len());
        }
        (first.len() > 1).then(|| Self { first, times, window: self.window() })
    }

    /// The spikes of each neuron: times in ms since the window began, ascending.
    pub fn trains(&self) -> impl Iterator<Item = &[f64]> {
        self.first.windows(2).map(|ends| &self.times[ends[0]..ends[1]])
    }

    /// The number of whole bins of a width.
    pub(super) fn bins(&self, width: f64) -> Result<usize, SpikeDataError> {
        let window = self.length();
        if !(width >= ROUNDING && width <= window + ROUNDING) {
            return Err(SpikeDataError::Bin { width, window });
        }
        Ok(bin(window, width))
    }

    /// The length of the window in ms.
    fn length(&self) -> f64 {
        self.window.end - self.window.start
    }
}

/// The bin of a time since the window began.
pub(super) fn bin(ms: f64, width: f64) -> usize {
    ((ms + ROUNDING) / width) as usize
}

#[cfg(test)]
mod tests {
    use super::super::testing::poisson;
    use super::*;

    #[test]
    fn rates_of_a_poisson_population() {
        let (n, rate) = (400, 20.0);
        let spikes = poisson(n, rate, 10_000.0, 1);
        // 80 000 spikes: one standard error is 0.35 % of the rate.
        assert!((spikes.rate() / rate - 1.0).abs() < 4.0 * 0.0036, "{}", spikes.rate());
        let rates = super::super::Moments::of(spikes.rates());
        // Counts of 10 s are Poisson: their variance is their mean, known to 7 %.
        assert!((rates.second / (rate / 10.0) - 1.0).abs() < 4.0 * 0.071, "{rates:?}");
        assert!((rates.mean - spikes.rate()).abs() < 1e-9);
        // 10 000 bins: one standard error of a deviation is 0.7 %.
        let deviation = spikes.rate_deviation(1.0).unwrap();
        assert!((deviation / (rate / (n as f64 * 1e-3)).sqrt() - 1.0).abs() < 4.0 * 0.0071, "{deviation}");
        let silent = poisson(4000, 2.0, 1000.0, 2).silent_fraction();
        let expected = (-2.0_f64).exp();
        assert!((silent - expected).abs() < 4.0 * (expected * (1.0 - expected) / 4000.0).sqrt(), "{silent}");
    }

    #[test]
    fn windows_and_bins_hold_their_beginning() {
        // What other simulators call 500 and 501 ms.
        let times = [499.0, 499.999_999_999_99, 500.5, 501.0 - 1e-12, 999.999_999_999_99, 1000.0];
        let spikes = SpikeTrains::new(&[0; 6], &times, 1, 500.0..1000.0).unwrap();
        assert_eq!((spikes.len(), spikes.rate()), (3, 6.0));
        assert_eq!(spikes.binned_rate(1.0).unwrap()[..3], [2000.0, 1000.0, 0.0]);
        assert_eq!(spikes.binned_rate(1.0).unwrap().len(), 500);
        // A part of a bin at the end is none.
        assert_eq!(spikes.binned_rate(300.0).unwrap(), [10.0]);
        assert_eq!(spikes.binned_rate(500.0).unwrap(), [6.0]);
    }

    #[test]
    fn order_does_not_matter() {
        let sorted = SpikeTrains::new(&[0, 0, 2, 2], &[1.0, 5.0, 2.0, 3.0], 3, 0.0..10.0).unwrap();
        let mixed = SpikeTrains::new(&[2, 0, 0, 2], &[3.0, 5.0, 1.0, 2.0], 3, 0.0..10.0).unwrap();
        assert_eq!(sorted, mixed);
        assert_eq!(mixed.trains().collect::<Vec<_>>(), [&[1.0, 5.0][..], &[], &[2.0, 3.0]]);
    }

    #[test]
    fn chosen_neurons_are_active_ones() {
        let spikes = SpikeTrains::new(&[1, 3, 3, 5], &[1.0, 2.0, 3.0, 4.0], 7, 0.0..10.0).unwrap();
        let all = spikes.some_active(300, 1).unwrap();
        assert_eq!((all.neurons(), all.len(), all.silent_fraction()), (3, 4, 0.0));
        assert_eq!(all.trains().collect::<Vec<_>>(), [&[1.0][..], &[2.0, 3.0], &[4.0]]);
        assert_eq!(spikes.some_active(2, 1).unwrap().neurons(), 2);
        assert_eq!(spikes.some_active(2, 1), spikes.some_active(2, 1));
        assert_eq!(spikes.some_active(0, 1), None);
        assert_eq!(SpikeTrains::new(&[], &[], 3, 0.0..1.0).unwrap().some_active(3, 1), None);
    }

    #[test]
    fn bad_data_is_named() {
        let error = |ids: &[u32], times: &[f64], n, window| SpikeTrains::new(ids, times, n, window).unwrap_err();
        let text = |e: SpikeDataError| e.to_string();
        assert_eq!(text(error(&[0], &[], 1, 0.0..1.0)), "1 neurons and 0 times do not belong together");
        assert_eq!(text(error(&[0, 4], &[0.0; 2], 4, 0.0..1.0)), "spike 1 is of neuron 4, but there are 4 neurons");
        assert_eq!(text(error(&[0], &[f64::NAN], 4, 0.0..1.0)), "spike 0 is at NaN ms");
        assert_eq!(error(&[], &[], 0, 0.0..1.0), SpikeDataError::NoNeurons);
        for window in [1.0..1.0, 2.0..1.0, 0.0..f64::INFINITY, f64::NAN..1.0] {
            assert!(matches!(error(&[], &[], 1, window), SpikeDataError::Window { .. }));
        }
        let spikes = SpikeTrains::new(&[], &[], 1, 0.0..10.0).unwrap();
        for width in [0.0, -1.0, f64::NAN, 11.0, f64::INFINITY, 1e-300] {
            assert!(matches!(spikes.binned_rate(width), Err(SpikeDataError::Bin { .. })), "{width}");
        }
    }
}
