//! The pooled autocorrelation of several series and its decay time.

use ndarray::ArrayView2;

/// The autocorrelation of the columns of a table of rates, pooled over columns, each about its own
/// mean:
///
/// ```text
/// C(l) = sum over c of the mean over s of (x_c[s] - mean_c) (x_c[s + l] - mean_c),  divided by C(0)
/// ```
///
/// where the mean over s runs over the S - l pairs there are. Lags are computed one by one when they
/// are asked for: finding the decay time of a short correlation in a long recording takes few.
#[derive(Clone, Debug)]
pub struct Autocorrelation {
    columns: Vec<Vec<f64>>,
    variance: f64,
}

impl Autocorrelation {
    /// Of the columns of `x` `[samples, columns]`.
    #[must_use]
    pub fn new(x: ArrayView2<'_, f64>) -> Self {
        let centred = |column: ndarray::ArrayView1<'_, f64>| {
            let mean = column.sum() / column.len() as f64;
            column.iter().map(|value| value - mean).collect()
        };
        let mut this = Self { columns: x.columns().into_iter().map(centred).collect(), variance: 0.0 };
        this.variance = this.covariance(0).unwrap_or(0.0);
        this
    }

    /// C at a lag in samples; `None` if the recording is not longer than the lag, or nothing varies.
    #[must_use]
    pub fn at(&self, lag: usize) -> Option<f64> {
        if self.variance > 0.0 { self.covariance(lag).map(|c| c / self.variance) } else { None }
    }

    /// The lag, in samples, at which C falls below 1/e, linear between samples; `None` if it does not
    /// within `most` samples.
    #[must_use]
    pub fn decay(&self, most: usize) -> Option<f64> {
        let level = (-1.0_f64).exp();
        let mut before = self.at(0)?;
        for lag in 1..=most {
            let now = self.at(lag)?;
            if now < level {
                return Some((lag - 1) as f64 + (before - level) / (before - now));
            }
            before = now;
        }
        None
    }

    fn covariance(&self, lag: usize) -> Option<f64> {
        let samples = self.columns.first()?.len();
        let pairs = samples.checked_sub(lag).filter(|pairs| *pairs > 0)?;
        let sum: f64 = self.columns.iter().map(|x| dot(&x[..pairs], &x[lag..])).sum();
        Some(sum / pairs as f64)
    }
}

/// A sum of products in eight interleaved parts, which the compiler turns into vector instructions.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut parts = [0.0; LANES];
    let (x, x_rest) = x.as_chunks::<LANES>();
    let (y, y_rest) = y.as_chunks::<LANES>();
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            parts[lane] += x[lane] * y[lane];
        }
    }
    parts.iter().sum::<f64>() + x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn alternating_samples_are_anticorrelated() {
        let c = Autocorrelation::new(array![[0.0], [1.0], [0.0], [1.0]].view());
        assert!((c.at(1).unwrap() + 1.0).abs() < 1e-12);
        assert!((c.at(2).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(c.at(4), None);
        // C falls from 1 to -1 in one sample.
        assert!((c.decay(3).unwrap() - (1.0 - (-1.0_f64).exp()) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn decay_of_a_slow_cosine() {
        let period = 100.0;
        let x = Array2::from_shape_fn((20_000, 3), |(s, c)| {
            (std::f64::consts::TAU * (s as f64 / period + c as f64 / 7.0)).cos()
        });
        let decay = Autocorrelation::new(x.view()).decay(200).unwrap();
        let expected = (-1.0_f64).exp().acos() / std::f64::consts::TAU * period;
        assert!((decay - expected).abs() < 0.05, "{decay} {expected}");
        assert_eq!(Autocorrelation::new(x.view()).decay(10), None);
    }

    #[test]
    fn constant_or_missing_data_have_none() {
        assert_eq!(Autocorrelation::new(array![[0.5], [0.5]].view()).at(1), None);
        assert_eq!(Autocorrelation::new(Array2::zeros((0, 0)).view()).decay(5), None);
        assert_eq!(Autocorrelation::new(Array2::zeros((0, 2)).view()).decay(5), None);
    }
}
