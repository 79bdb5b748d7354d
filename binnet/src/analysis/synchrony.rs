//! How far neurons fire together.

use super::SpikeTrains;
use super::spike_trains::{SpikeDataError, bin};

impl SpikeTrains {
    /// The mean over all pairs of neurons of Pearson's correlation of their spike counts in bins of `width` ms.
    /// Neurons whose counts do not vary are left out; `None` if fewer than two remain.
    ///
    /// The time it takes grows with the number of spikes, not of pairs: with z, a neuron's counts less their
    /// mean, scaled to length 1, the sum over all pairs of z_i z_j follows from the length of the sum of all z.
    ///
    /// # Errors
    /// If the bin is longer than the window or not above 0.
    pub fn pair_correlation(&self, width: f64) -> Result<Option<f64>, SpikeDataError> {
        let bins = self.bins(width)?;
        let (mut sum, mut neurons, mut mean_of_all) = (vec![0.0; bins], 0_u64, 0.0);
        for train in self.trains() {
            let counts =
                || train.chunk_by(|a, b| bin(*a, width) == bin(*b, width)).map(|c| (bin(c[0], width), c.len()));
            let inside = || counts().filter(|(bin, _)| *bin < bins);
            let total: usize = inside().map(|(_, count)| count).sum();
            let squares: usize = inside().map(|(_, count)| count * count).sum();
            // Whole numbers up to here: a constant train is told from others without rounding.
            if squares as u128 * bins as u128 == total as u128 * total as u128 {
                continue;
            }
            let mean = total as f64 / bins as f64;
            let scale = (squares as f64 - total as f64 * mean).sqrt().recip();
            inside().for_each(|(bin, count)| sum[bin] += count as f64 * scale);
            mean_of_all += mean * scale;
            neurons += 1;
        }
        sum.iter_mut().for_each(|z| *z -= mean_of_all);
        Ok(mean_over_pairs(&sum, neurons))
    }

    /// The coherence of Wang and Buzsaki: with X = 1 in each bin of `width` ms in which a neuron fired, and 0 in the
    /// others, the mean over all pairs of neurons of
    ///
    /// ```text
    /// sum(X_i X_j) / sqrt(sum(X_i) sum(X_j))
    /// ```
    ///
    /// 1 if all fire in the same bins; for independent Poisson neurons the probability of a spike in a bin. Silent neurons,
    /// for which it is 0/0, are left out; `None` if fewer than two remain. A part of a bin at the end of the window counts
    /// as a bin.
    ///
    /// # Errors
    /// If the bin is longer than the window or not above 0.
    ///
    /// # Source
    /// Wang & Buzsaki (1996), J. Neurosci. 16, 6402, equation 2.
    pub fn coherence(&self, width: f64) -> Result<Option<f64>, SpikeDataError> {
        let (mut sum, mut neurons) = (vec![0.0; self.bins(width)? + 1], 0_u64);
        for train in self.trains().filter(|train| !train.is_empty()) {
            let bins = || train.chunk_by(|a, b| bin(*a, width) == bin(*b, width)).map(|c| bin(c[0], width));
            let scale = (bins().count() as f64).sqrt().recip();
            bins().for_each(|bin| sum[bin] += scale);
            neurons += 1;
        }
        Ok(mean_over_pairs(&sum, neurons))
    }
}

/// The mean of the products of all pairs of vectors of length 1, from their sum:
/// |sum|^2 = number of vectors + twice the sum over pairs.
fn mean_over_pairs(sum: &[f64], vectors: u64) -> Option<f64> {
    let n = vectors as f64;
    let square: f64 = sum.iter().map(|x| x * x).sum();
    (vectors > 1).then(|| (square - n) / (n * (n - 1.0)))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::testing::{poisson, renewal, thinned};
    use super::super::{correlation, mean_pairwise_correlation};
    use super::*;

    #[test]
    fn correlation_of_a_shared_source() {
        // Each of 60 neurons takes each spike of one Poisson process with probability 0.3: any two correlate by 0.3,
        // whatever the bin. 20 000 bins: one standard error of the mean is about 0.003.
        let spikes = thinned(60, 40.0, 0.3, 100_000.0, 5);
        for width in [5.0, 50.0] {
            let c = spikes.pair_correlation(width).unwrap().unwrap();
            assert!((c - 0.3).abs() < 0.015, "{width}: {c}");
        }
        // 79 800 pairs of independent neurons, 2000 bins: one standard error is 1/sqrt(2000 * 79 800).
        let c = poisson(400, 20.0, 10_000.0, 6).pair_correlation(5.0).unwrap().unwrap();
        assert!(c.abs() < 4.0 * 8e-5, "{c}");
    }

    #[test]
    fn it_is_the_mean_over_pairs() {
        let spikes = thinned(7, 30.0, 0.4, 500.0, 7);
        let bins = spikes.bins(5.0).unwrap();
        let mut counts = Array2::zeros((bins, 7));
        for (i, train) in spikes.trains().enumerate() {
            train.iter().for_each(|&ms| counts[[bin(ms, 5.0), i]] += 1.0);
        }
        let pairs = mean_pairwise_correlation(counts.view()).unwrap();
        assert!((spikes.pair_correlation(5.0).unwrap().unwrap() - pairs).abs() < 1e-12);
        // The same for two neurons, by Pearson's formula.
        let two = spikes.some_active(2, 1).unwrap();
        let columns: Vec<Vec<f64>> = two
            .trains()
            .map(|train| {
                let mut counts = vec![0.0; bins];
                train.iter().for_each(|&ms| counts[bin(ms, 5.0)] += 1.0);
                counts
            })
            .collect();
        let expected = correlation(&columns[0], &columns[1]).unwrap();
        assert!((two.pair_correlation(5.0).unwrap().unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn constant_and_silent_neurons_are_left_out() {
        // Neuron 0 fires once in every bin; 1 and 2 together, in the first; 3 never.
        let (neurons, times) = ([0, 0, 0, 0, 1, 2], [0.5, 1.5, 2.5, 3.5, 0.1, 0.9]);
        let spikes = SpikeTrains::new(&neurons, &times, 4, 0.0..4.0).unwrap();
        assert!((spikes.pair_correlation(1.0).unwrap().unwrap() - 1.0).abs() < 1e-12);
        // Pairs 0 and 1, 0 and 2: 1 common bin of 4 and 1; pair 1 and 2: all in common.
        assert!((spikes.coherence(1.0).unwrap().unwrap() - (0.5 + 0.5 + 1.0) / 3.0).abs() < 1e-12);
        let silent = SpikeTrains::new(&[], &[], 3, 0.0..4.0).unwrap();
        assert_eq!((silent.pair_correlation(1.0).unwrap(), silent.coherence(1.0).unwrap()), (None, None));
    }

    #[test]
    fn coherence_of_known_trains() {
        // The same regular train for all; a width that does not divide the window counts its last part.
        let regular = renewal(5, 103.0, |_| 10.0);
        assert!((regular.coherence(0.48).unwrap().unwrap() - 1.0).abs() < 1e-12);
        // Independent neurons: the share of bins with a spike, 1 - exp(-0.2).
        let c = poisson(100, 40.0, 20_000.0, 8).coherence(5.0).unwrap().unwrap();
        assert!((c - (1.0 - (-0.2_f64).exp())).abs() < 0.002, "{c}");
        assert!(regular.coherence(0.0).is_err() && regular.pair_correlation(104.0).is_err());
    }
}
