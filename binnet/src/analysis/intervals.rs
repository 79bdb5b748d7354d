//! Intervals between spikes.

use super::SpikeTrains;

impl SpikeTrains {
    /// The coefficient of variation of the intervals between the spikes of each neuron: their standard deviation
    /// (divided by their number less 1) over their mean. `None` for neurons with fewer than `least` intervals
    /// (at least 2), or whose spikes all come at once.
    #[must_use]
    pub fn isi_cvs(&self, least: usize) -> Vec<Option<f64>> {
        self.trains()
            .map(|train| {
                let intervals = train.windows(2).map(|pair| pair[1] - pair[0]);
                let n = intervals.len();
                if n < least.max(2) {
                    return None;
                }
                let mean = intervals.clone().sum::<f64>() / n as f64;
                let variance = intervals.map(|interval| (interval - mean).powi(2)).sum::<f64>() / (n - 1) as f64;
                (mean > 0.0).then(|| variance.sqrt() / mean)
            })
            .collect()
    }

    /// The mean of [`isi_cvs`](Self::isi_cvs): 0 for regular spikes, 1 for a Poisson process. `None` if no neuron
    /// has enough spikes.
    #[must_use]
    pub fn isi_cv(&self, least: usize) -> Option<f64> {
        let known: Vec<f64> = self.isi_cvs(least).into_iter().flatten().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{poisson, renewal};
    use super::*;

    #[test]
    fn regular_irregular_and_between() {
        let regular = renewal(3, 1000.0, |_| 12.5);
        assert_eq!(regular.isi_cv(4), Some(0.0));
        // 200 neurons with 1000 intervals each: one standard error is 0.16 % of 1, and the CV of a finite sample is biased by
        // as much at most.
        let cv = poisson(200, 10.0, 100_000.0, 3).isi_cv(4).unwrap();
        assert!((cv - 1.0).abs() < 0.01, "{cv}");
        // A dead time t_ref leaves 1 - rate t_ref; here 1 - 5/25.
        let dead = renewal(200, 25_000.0, |draw| 5.0 + 20.0 * draw());
        let cv = dead.isi_cv(4).unwrap();
        assert!((cv - 0.8).abs() < 0.01, "{cv}");
        // The sum of four exponential times: a gamma process of order 4.
        let gamma = renewal(200, 40_000.0, |draw| 10.0 * (draw() + draw() + draw() + draw()));
        let cv = gamma.isi_cv(4).unwrap();
        assert!((cv - 0.5).abs() < 0.005, "{cv}");
    }

    #[test]
    fn neurons_with_few_spikes_do_not_count() {
        // Intervals 1 and 3: mean 2, standard deviation of two values root 2.
        let (neurons, times) = ([0, 0, 0, 1, 1, 2, 2, 2], [0.0, 1.0, 4.0, 0.0, 7.0, 5.0, 5.0, 5.0]);
        let spikes = SpikeTrains::new(&neurons, &times, 4, 0.0..10.0).unwrap();
        assert_eq!(spikes.isi_cvs(0), [Some(0.5_f64.sqrt()), None, None, None]);
        assert_eq!(spikes.isi_cv(2), Some(0.5_f64.sqrt()));
        assert_eq!(spikes.isi_cv(3), None);
    }
}
