//! Shapes of distributions and correlations.

use ndarray::ArrayView2;

/// Mean and central moments of a set of numbers, each divided by their number n, not n - 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The mean.
    pub mean: f64,
    /// The second central moment, the variance.
    pub second: f64,
    /// The third central moment.
    pub third: f64,
    /// The fourth central moment.
    pub fourth: f64,
}

impl Moments {
    /// The moments of a set of numbers; not a number if there are none.
    pub fn of(values: impl IntoIterator<Item = f64, IntoIter: Clone>) -> Self {
        let values = values.into_iter();
        let n = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / n;
        let mut sums = [0.0; 3];
        for value in values {
            let d = value - mean;
            sums[0] += d * d;
            sums[1] += d * d * d;
            sums[2] += d * d * d * d;
        }
        let [second, third, fourth] = sums.map(|sum| sum / n);
        Self { mean, second, third, fourth }
    }

    /// The standard deviation.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        self.second.sqrt()
    }

    /// The coefficient of bimodality, `(skewness^2 + 1) / kurtosis`, the kurtosis not reduced by 3:
    /// 0.556 for a uniform distribution, 1 for two points, 1/3 for a normal one. `None` if all
    /// numbers are equal.
    ///
    /// # Source
    /// SAS Institute (1990), without its correction for small samples.
    #[must_use]
    pub fn bimodality(&self) -> Option<f64> {
        if self.second > 0.0 {
            let skewness = self.third / self.second.powf(1.5);
            Some((skewness * skewness + 1.0) / (self.fourth / (self.second * self.second)))
        } else {
            None
        }
    }
}

/// The share of the numbers in each of `bins` equal bins on `low..=high`. A bin holds its lower edge
/// but not its upper one, except the last, which holds both; numbers outside are in no bin, but count
/// for the total. No bins if there are no numbers, no bins were asked for, or the range is empty.
#[must_use]
pub fn histogram(values: &[f64], bins: usize, low: f64, high: f64) -> Vec<f64> {
    if values.is_empty() || bins == 0 || !(low < high && (high - low).is_finite()) {
        return Vec::new();
    }
    let width = (high - low) / bins as f64;
    // The last edge is the bound itself, whatever the rounding of the sum says.
    let edge = |i: usize| if i == bins { high } else { low + i as f64 * width };
    let mut counts = vec![0_u64; bins];
    for &value in values.iter().filter(|value| (low..=high).contains(*value)) {
        let mut bin = (((value - low) / (high - low) * bins as f64) as usize).min(bins - 1);
        if value < edge(bin) && bin > 0 {
            bin -= 1;
        } else if bin + 1 < bins && value >= edge(bin + 1) {
            bin += 1;
        }
        counts[bin] += 1;
    }
    counts.into_iter().map(|count| count as f64 / values.len() as f64).collect()
}

/// The `q`-quantile (`q` in 0..=1) of numbers in ascending order, by linear interpolation between
/// them; `None` if there are none or `q` lies outside.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&q) {
        return None;
    }
    let place = q * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64))
}

/// Pearson's correlation of two series; `None` if they differ in length or one of them is constant.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    let (a, b) = (Moments::of(x.iter().copied()), Moments::of(y.iter().copied()));
    if !(a.second > 0.0 && b.second > 0.0) {
        return None;
    }
    let covariance = x.iter().zip(y).map(|(x, y)| (x - a.mean) * (y - b.mean)).sum::<f64>() / x.len() as f64;
    Some((covariance / (a.second * b.second).sqrt()).clamp(-1.0, 1.0))
}

/// The mean of Pearson's correlation over all pairs of columns of `x` `[samples, columns]`. Columns
/// that hardly vary (standard deviation at most 1e-9) are left out; `None` if fewer than two remain.
#[must_use]
pub fn mean_pairwise_correlation(x: ArrayView2<'_, f64>) -> Option<f64> {
    // Standardised columns: a correlation is then one dot product.
    let standardised: Vec<Vec<f64>> = x
        .columns()
        .into_iter()
        .filter_map(|column| {
            let moments = Moments::of(column.iter().copied());
            let scale = (moments.second * column.len() as f64).sqrt();
            (moments.deviation() > 1e-9).then(|| column.iter().map(|v| (v - moments.mean) / scale).collect())
        })
        .collect();
    let (mut sum, mut pairs) = (0.0, 0_u32);
    for (k, a) in standardised.iter().enumerate() {
        for b in &standardised[..k] {
            sum += a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            pairs += 1;
        }
    }
    (pairs > 0).then(|| sum / f64::from(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn bimodality_of_known_shapes() {
        let two_points = Moments::of([0.0, 1.0, 0.0, 1.0]);
        assert_eq!(two_points.bimodality(), Some(1.0));
        let uniform = Moments::of((0..10_000).map(|k| f64::from(k) / 10_000.0));
        assert!((uniform.bimodality().unwrap() - 5.0 / 9.0).abs() < 1e-6);
        assert_eq!(Moments::of([0.3; 4]).bimodality(), None);
        assert!(Moments::of([]).mean.is_nan());
    }

    #[test]
    fn bins_hold_their_lower_edge() {
        assert_eq!(
            histogram(&[0.0, 0.05, 0.1, 0.999, 1.0, 1.5], 20, 0.0, 1.0)[..4],
            [1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 0.0]
        );
        assert_eq!(histogram(&[0.999, 1.0, -0.1, f64::NAN], 20, 0.0, 1.0)[19], 0.5);
        // 0.15 lies below 3 times 0.05 in binary, and so in the bin before, as with numpy.
        assert_eq!(histogram(&[0.15], 20, 0.0, 1.0)[2], 1.0);
        assert!(histogram(&[], 3, 0.0, 1.0).is_empty() && histogram(&[1.0], 3, 1.0, 1.0).is_empty());
    }

    #[test]
    fn quantiles_interpolate() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!([0.0, 0.5, 0.75, 1.0].map(|q| quantile(&sorted, q).unwrap()), [1.0, 3.0, 5.0, 8.0]);
        assert_eq!((quantile(&[], 0.5), quantile(&sorted, 1.1)), (None, None));
    }

    #[test]
    fn correlations() {
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), Some(1.0));
        assert_eq!(correlation(&[1.0, 2.0], &[1.0, 1.0]), None);
        assert_eq!(correlation(&[1.0, 2.0], &[1.0]), None);
        let x = array![[1.0, 3.0, 0.5], [2.0, 2.0, 0.5], [3.0, 1.0, 0.5]];
        assert!((mean_pairwise_correlation(x.view()).unwrap() + 1.0).abs() < 1e-15);
        assert_eq!(mean_pairwise_correlation(x.slice(ndarray::s![.., 1..])), None);
    }
}
