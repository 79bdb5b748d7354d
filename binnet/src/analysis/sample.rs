//! Whether two sets of simulations agree.

/// Mean, standard deviation (divided by n - 1) and number of a set of runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The mean.
    pub mean: f64,
    /// The standard deviation over runs; 0 for one run.
    pub deviation: f64,
    /// The number of runs.
    pub n: usize,
}

impl Sample {
    /// The sample of a list of values; `None` if it is empty.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        if n == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        let deviation = if n > 1 { (squares / (n - 1) as f64).sqrt() } else { 0.0 };
        Some(Self { mean, deviation, n })
    }

    /// The standard error of the difference of two means, `sqrt(s1^2/n1 + s2^2/n2)`.
    #[must_use]
    pub fn standard_error(&self, other: &Self) -> f64 {
        let part = |s: &Self| s.deviation * s.deviation / s.n as f64;
        (part(self) + part(other)).sqrt()
    }

    /// The difference of two means in standard errors; 0 for equal means, infinite for different ones
    /// without spread.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        let difference = (self.mean - other.mean).abs();
        if difference == 0.0 { 0.0 } else { difference / self.standard_error(other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_standard_errors() {
        let a = Sample::of(&[1.0, 3.0]).unwrap();
        assert_eq!((a.mean, a.n), (2.0, 2));
        assert!((a.deviation - 2.0_f64.sqrt()).abs() < 1e-15);
        let b = Sample { mean: 4.0, deviation: 0.0, n: 5 };
        assert!((a.distance(&b) - 2.0).abs() < 1e-15);
        assert_eq!(b.distance(&Sample { n: 1, ..b }), 0.0);
        assert_eq!(b.distance(&Sample { mean: 5.0, ..b }), f64::INFINITY);
        assert_eq!(Sample::of(&[]), None);
    }
}
