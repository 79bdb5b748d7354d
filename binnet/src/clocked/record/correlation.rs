//! The autocorrelation of a series, as it comes.

use super::gate::Gate;
use super::tally::RateBins;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// The autocorrelation of a series up to some lag, from sums that are updated with each value; the values
/// themselves are not kept.
///
/// ```text
/// C(l) = mean over t of (x[t] - m) (x[t + l] - m),  m the mean of all values
/// ```
///
/// over the N - l pairs there are. What a pause lies between counts as neighbours.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningAutocorrelation {
    /// The first values and the last ones, of which pairs have only one; as many as there are lags.
    first: Vec<f64>,
    last: Vec<f64>,
    n: u64,
    /// Subtracted from all values, so that products stay small.
    shift: f64,
    sum: f64,
    /// Of x[t] x[t + l], for lag 0 and the others.
    products: Vec<f64>,
    /// How numbers of spikes become values.
    pub(super) bins: Option<Counter>,
}

impl Persist for RunningAutocorrelation {
    fn save(&self, out: &mut Writer) {
        let Self { first, last, n, shift, sum, products, bins } = self;
        first.save(out);
        last[..].save(out);
        (*n, *shift).save(out);
        sum.save(out);
        products[..].save(out);
        if let Some(Counter(bins)) = bins {
            bins.save(out);
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { first, last, n, shift, sum, products, bins } = self;
        first.load(from)?;
        if first.len() > last.len() {
            return Err(from.refused(format!("has {} first values of {} lags", first.len(), last.len())));
        }
        last[..].load(from)?;
        n.load(from)?;
        shift.load(from)?;
        sum.load(from)?;
        products[..].load(from)?;
        if let Some(Counter(bins)) = bins {
            bins.load(from)?;
        }
        Ok(())
    }
}

/// Counts spikes in bins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counter(RateBins);

impl Counter {
    pub(super) fn new(bin: u64) -> Self {
        Self(RateBins::new(1, 1.0, bin))
    }

    pub(super) fn take(&mut self, spikes: u64, step: u64, gate: &Gate) -> Option<u64> {
        self.0.take(spikes, step, gate)
    }
}

impl RunningAutocorrelation {
    /// It in words, without its contents.
    pub(super) fn describe(&self) -> String {
        let bins =
            self.bins.as_ref().map_or_else(String::new, |Counter(bins)| format!(" of bins of {} steps", bins.bin));
        format!("autocorrelation{bins} of {} lags", self.products.len())
    }

    pub(super) fn new(lags: usize, bins: Option<Counter>) -> Self {
        Self {
            first: Vec::with_capacity(lags),
            last: vec![0.0; lags],
            n: 0,
            shift: 0.0,
            sum: 0.0,
            products: vec![0.0; lags + 1],
            bins,
        }
    }

    /// The number of values.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.n
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The mean of all values; NaN without any.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.shift + self.sum / self.n as f64
    }

    /// C for lag 0, the variance, up to the largest lag that was asked for; NaN for lags that are not shorter than the series.
    #[must_use]
    pub fn covariances(&self) -> Vec<f64> {
        let (lags, n) = (self.last.len(), self.n as usize);
        let mean = self.sum / self.n as f64;
        let (mut head, mut tail) = (0.0, 0.0);
        let mut all = Vec::with_capacity(lags + 1);
        for lag in 0..=lags {
            if lag >= n {
                all.push(f64::NAN);
                continue;
            }
            if lag > 0 {
                head += self.first[lag - 1];
                tail += self.last[(n - lag) % lags];
            }
            let pairs = (n - lag) as f64;
            // The sums over the earlier and the later value of all pairs.
            let sums = (self.sum - tail) + (self.sum - head);
            all.push((self.products[lag] - mean * sums) / pairs + mean * mean);
        }
        all
    }

    /// C divided by C(0).
    #[must_use]
    pub fn correlations(&self) -> Vec<f64> {
        let covariances = self.covariances();
        covariances.iter().map(|c| c / covariances[0]).collect()
    }

    pub(super) fn take(&mut self, x: f64) {
        if self.n == 0 {
            self.shift = x;
        }
        let x = x - self.shift;
        let (lags, n) = (self.last.len(), self.n as usize);
        self.products[0] += x * x;
        for lag in 1..=lags.min(n) {
            self.products[lag] += x * self.last[(n - lag) % lags];
        }
        if n < lags {
            self.first.push(x);
        }
        if lags > 0 {
            self.last[n % lags] = x;
        }
        self.sum += x;
        self.n += 1;
    }

    pub(super) fn bytes(&self) -> u64 {
        8 * (3 * self.last.len() as u64 + 1)
    }

    pub(super) fn clear(&mut self) {
        let bins = self.bins.as_ref().map(|bins| Counter::new(bins.0.bin));
        *self = Self::new(self.last.len(), bins);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_sums_are_those_of_the_whole_series() {
        for (n, lags) in [(50, 7), (5, 7), (1, 0), (300, 60), (8, 8)] {
            let series: Vec<f64> = (0..n).map(|i| 100.0 + (i as f64 * 0.7).sin() + 0.1 * (i * i % 17) as f64).collect();
            let mut running = RunningAutocorrelation::new(lags, None);
            series.iter().for_each(|x| running.take(*x));
            let mean = series.iter().sum::<f64>() / n as f64;
            assert!((running.mean() - mean).abs() < 1e-12);
            for (lag, found) in running.covariances().into_iter().enumerate() {
                if lag >= n {
                    assert!(found.is_nan());
                    continue;
                }
                let pairs = series.iter().zip(&series[lag..]);
                let sum: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
                assert!((found - sum / (n - lag) as f64).abs() < 1e-10, "{n} {lags} {lag}: {found}");
            }
        }
    }
}
