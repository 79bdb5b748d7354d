//! Initialisers: where the first values of a field or state come from.

use core::ops::RangeInclusive;
use std::fmt;
use std::sync::Arc;

use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_distr::{Distribution, LogNormal, Normal, StandardNormal};

use super::ValuesMut;
use crate::error::{BuildError, Result};
use crate::rng::Stream;

/// Initial values for the neurons of a population.
#[derive(Clone)]
#[non_exhaustive]
pub enum Init {
    /// The same value for all.
    Value(f64),
    /// One value for each neuron, in order.
    Each(Vec<f64>),
    /// 1 with this probability, else 0, independently.
    Bernoulli(f64),
    /// Exactly this share of ones (rounded half to even), at random places.
    Exact(f64),
    /// Uniform between two values (the upper one excluded).
    Uniform(f64, f64),
    /// Normal with mean and standard deviation.
    Normal(f64, f64),
    /// Normal, drawn again until the value lies within bounds (which belong to the range, and may be infinite).
    NormalWithin {
        /// Mean before the bounds cut.
        mean: f64,
        /// Standard deviation before the bounds cut.
        deviation: f64,
        /// The lowest value.
        min: f64,
        /// The highest value.
        max: f64,
    },
    /// Log-normal with mean and standard deviation of the values themselves, not of their logarithm.
    LogNormal(f64, f64),
    /// What a chip makes of a value that all its circuits should share: `value (1 + share / sigma_rule z)`, with a
    /// standard normal z for each neuron. A `share` of 0.2 with a `sigma_rule` of 3 says that 3 standard deviations
    /// are 20 %. Nothing is cut off.
    Mismatch {
        /// The value meant.
        value: f64,
        /// Relative deviation.
        share: f64,
        /// How many standard deviations the share is.
        sigma_rule: f64,
    },
    /// Computed from the index of the neuron.
    ByIndex(Arc<dyn Fn(usize) -> f64 + Send + Sync>),
    /// One initialiser for each cluster, in order.
    ByCluster(Vec<Init>),
}

impl fmt::Debug for Init {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(v) => write!(f, "{v}"),
            Self::Each(v) => write!(f, "{} values", v.len()),
            Self::Bernoulli(p) => write!(f, "bernoulli({p})"),
            Self::Exact(p) => write!(f, "exact({p})"),
            Self::Uniform(a, b) => write!(f, "uniform({a}, {b})"),
            Self::Normal(m, s) => write!(f, "normal({m}, {s})"),
            Self::NormalWithin { mean, deviation, min, max } => {
                write!(f, "normal({mean}, {deviation}")?;
                if *min > f64::NEG_INFINITY {
                    write!(f, ", min: {min}")?;
                }
                if *max < f64::INFINITY {
                    write!(f, ", max: {max}")?;
                }
                f.write_str(")")
            }
            Self::LogNormal(m, s) => write!(f, "lognormal({m}, {s})"),
            Self::Mismatch { value, share, sigma_rule } => {
                write!(f, "mismatch({share}, sigma_rule: {sigma_rule}) of {value}")
            }
            Self::ByIndex(_) => write!(f, "by index"),
            Self::ByCluster(each) => f.debug_list().entries(each).finish(),
        }
    }
}

impl From<f64> for Init {
    fn from(value: f64) -> Self {
        Self::Value(value)
    }
}

impl From<Vec<f64>> for Init {
    fn from(values: Vec<f64>) -> Self {
        Self::Each(values)
    }
}

impl Init {
    /// Values computed from the index of the neuron.
    pub fn by_index(f: impl Fn(usize) -> f64 + Send + Sync + 'static) -> Self {
        Self::ByIndex(Arc::new(f))
    }

    /// Writes the values into a field, in its precision. Not generic, so that it is compiled once and not for each
    /// model.
    pub(crate) fn write(&self, values: ValuesMut<'_>, label: &str, rng: &mut Stream) -> Result<()> {
        let none = match values {
            ValuesMut::SharedF64(v) => {
                *v = self.single(label)?;
                v.is_nan().then_some(0)
            }
            ValuesMut::SharedF32(v) => {
                *v = self.single(label)? as f32;
                v.is_nan().then_some(0)
            }
            ValuesMut::EachF64(v) => {
                self.fill(v, label, rng, |x| x)?;
                v.iter().position(|x| x.is_nan())
            }
            ValuesMut::EachF32(v) => {
                self.fill(v, label, rng, |x| x as f32)?;
                v.iter().position(|x| x.is_nan())
            }
        };
        none.map_or(Ok(()), |neuron| {
            let problem = format!("is NaN (neuron {neuron})");
            Err(BuildError::Value { what: label.to_owned(), problem, help: "give it a number".to_owned() }.into())
        })
    }

    /// The one value of a shared parameter.
    fn single(&self, label: &str) -> Result<f64> {
        match self {
            Self::Value(v) => Ok(*v),
            other => Err(BuildError::Value {
                what: label.to_owned(),
                problem: format!("is one value for the whole population and cannot be {other:?}"),
                help: "declare it `local` to give each neuron its own".to_owned(),
            }
            .into()),
        }
    }

    /// Writes one value a neuron into `out`, converted from `f64`.
    fn fill<T>(&self, out: &mut [T], label: &str, rng: &mut Stream, convert: impl Fn(f64) -> T + Copy) -> Result<()> {
        let n = out.len();
        let value =
            |problem: String, help: &str| BuildError::Value { what: label.to_owned(), problem, help: help.to_owned() };
        match self {
            Self::Value(v) => out.iter_mut().for_each(|x| *x = convert(*v)),
            Self::Each(values) => {
                if values.len() != n {
                    return Err(BuildError::Length { what: label.to_owned(), expected: n, found: values.len() }.into());
                }
                out.iter_mut().zip(values).for_each(|(x, v)| *x = convert(*v));
            }
            Self::Bernoulli(p) => {
                if !(0.0..=1.0).contains(p) {
                    return Err(value(format!("starts from bernoulli({p})"), "a probability lies in 0..=1").into());
                }
                out.iter_mut().for_each(|x| *x = convert(f64::from(u8::from(rng.random::<f64>() < *p))));
            }
            Self::Exact(share) => {
                if !(0.0..=1.0).contains(share) {
                    return Err(value(format!("starts from exact({share})"), "a share lies in 0..=1").into());
                }
                let ones = (share * n as f64).round_ties_even() as usize;
                let mut places: Vec<usize> = (0..n).collect();
                places.shuffle(rng);
                for (rank, place) in places.into_iter().enumerate() {
                    out[place] = convert(f64::from(u8::from(rank < ones)));
                }
            }
            Self::Uniform(low, high) => {
                if !(low.is_finite() && high.is_finite() && low <= high) {
                    return Err(value(
                        format!("starts from uniform({low}, {high})"),
                        "give the lower bound first, both finite",
                    )
                    .into());
                }
                out.iter_mut().for_each(|x| *x = convert(low + (high - low) * rng.random::<f64>()));
            }
            Self::Normal(mean, deviation) => {
                let normal = self.checked(normal(*mean, *deviation), label)?;
                out.iter_mut().for_each(|x| *x = convert(normal.sample(rng)));
            }
            Self::NormalWithin { mean, deviation, min, max } => {
                let normal = self.checked(normal(*mean, *deviation), label)?;
                if min.is_nan() || max.is_nan() || min > max {
                    return Err(value(format!("starts from {self:?}"), "give bounds in order").into());
                }
                self.fill_within(&normal, *min..=*max, out, label, rng, convert)?;
            }
            Self::LogNormal(mean, deviation) => {
                let right = mean.is_finite() && *mean > 0.0 && deviation.is_finite() && *deviation >= 0.0;
                let lognormal = right.then(|| LogNormal::from_mean_cv(*mean, deviation / mean).ok()).flatten();
                let Some(lognormal) = lognormal else {
                    return Err(value(
                        format!("starts from lognormal({mean}, {deviation})"),
                        "the mean of the values is above 0, their standard deviation is not negative, both finite",
                    )
                    .into());
                };
                out.iter_mut().for_each(|x| *x = convert(lognormal.sample(rng)));
            }
            Self::Mismatch { value: meant, share, sigma_rule } => {
                let right = meant.is_finite() && share.is_finite() && *share >= 0.0;
                if !(right && sigma_rule.is_finite() && *sigma_rule > 0.0) {
                    return Err(value(
                        format!("starts from {self:?}"),
                        "a mismatch is a share that is not negative, and a number of standard deviations above 0",
                    )
                    .into());
                }
                let relative = share / sigma_rule;
                out.iter_mut().for_each(|x| {
                    let z: f64 = StandardNormal.sample(rng);
                    *x = convert(meant * (1.0 + relative * z));
                });
            }
            Self::ByIndex(f) => out.iter_mut().enumerate().for_each(|(i, x)| *x = convert(f(i))),
            Self::ByCluster(each) => {
                if each.is_empty() || !n.is_multiple_of(each.len()) {
                    return Err(value(
                        format!("has {} initialisers by cluster for {n} neurons", each.len()),
                        "give one for each cluster",
                    )
                    .into());
                }
                for (part, init) in out.chunks_mut(n / each.len()).zip(each) {
                    init.fill(part, label, rng, convert)?;
                }
            }
        }
        Ok(())
    }
}

/// A normal distribution, unless its numbers are none of one.
fn normal(mean: f64, deviation: f64) -> Option<Normal<f64>> {
    (mean.is_finite() && deviation.is_finite() && deviation >= 0.0).then(|| Normal::new(mean, deviation).ok()).flatten()
}

impl Init {
    fn checked(&self, normal: Option<Normal<f64>>, label: &str) -> Result<Normal<f64>> {
        normal.ok_or_else(|| {
            BuildError::Value {
                what: label.to_owned(),
                problem: format!("starts from {self:?}"),
                help: "a standard deviation is finite and not negative".to_owned(),
            }
            .into()
        })
    }

    /// Draws every value again until it lies within bounds. Bounds that hold less than about a thousandth of the
    /// distribution are refused: what is left of it would depend on its far tail.
    fn fill_within<T>(
        &self,
        distribution: &impl Distribution<f64>,
        bounds: RangeInclusive<f64>,
        out: &mut [T],
        label: &str,
        rng: &mut Stream,
        convert: impl Fn(f64) -> T,
    ) -> Result<()> {
        // A share of 1/1000 spends it all; the constant keeps short lists of unlucky draws going.
        let mut draws = 1000 * out.len() + 20_000;
        for x in out {
            let value = loop {
                let value = distribution.sample(rng);
                if bounds.contains(&value) {
                    break value;
                }
                if draws == 0 {
                    return Err(BuildError::Value {
                        what: label.to_owned(),
                        problem: format!("starts from {self:?}, but hardly any value lies within the bounds"),
                        help: "widen the bounds, or move the mean towards them".to_owned(),
                    }
                    .into());
                }
                draws -= 1;
            };
            *x = convert(value);
        }
        Ok(())
    }
}

/// What may stand as the initial value of a field of `N` neurons: a number, an array of `N`, a
/// vector or `ndarray` of that length, or an [`Init`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot initialise a population of {N} neurons",
    note = "give a number, an array of {N} numbers, a `Vec<f64>`, an `Array1<f64>` of `binnet::ndarray`, or an `Init`"
)]
pub trait IntoInit<const N: usize> {
    /// Converts.
    fn into_init(self) -> Init;
}

impl<const N: usize> IntoInit<N> for f64 {
    fn into_init(self) -> Init {
        Init::Value(self)
    }
}
impl<const N: usize> IntoInit<N> for Init {
    fn into_init(self) -> Init {
        self
    }
}
impl<const N: usize> IntoInit<N> for [f64; N] {
    fn into_init(self) -> Init {
        Init::Each(self.to_vec())
    }
}
impl<const N: usize> IntoInit<N> for &[f64; N] {
    fn into_init(self) -> Init {
        Init::Each(self.to_vec())
    }
}
impl<const N: usize> IntoInit<N> for Vec<f64> {
    fn into_init(self) -> Init {
        Init::Each(self)
    }
}
impl<const N: usize> IntoInit<N> for &[f64] {
    fn into_init(self) -> Init {
        Init::Each(self.to_vec())
    }
}
impl<const N: usize> IntoInit<N> for ndarray::Array1<f64> {
    fn into_init(self) -> Init {
        Init::Each(self.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Streams;

    fn fill(init: &Init, n: usize) -> Result<Vec<f64>> {
        let mut out = vec![0.0; n];
        init.fill(&mut out, "x", &mut Streams::new(1).named("test"), |x| x)?;
        Ok(out)
    }

    #[test]
    fn exact_shares_round_half_to_even() {
        for (share, n, ones) in
            [(0.25, 10, 2.0), (0.35, 10, 4.0), (0.5, 7, 4.0), (0.5, 5, 2.0), (1.0, 6, 6.0), (0.0, 3, 0.0)]
        {
            assert_eq!(fill(&Init::Exact(share), n).unwrap().iter().sum::<f64>(), ones, "{share} of {n}");
        }
    }

    #[test]
    fn moments_of_the_distributions() {
        // 40 000 draws: 5 standard errors, false alarms below 1e-6 each.
        let n = 40_000;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / n as f64;
        let b = fill(&Init::Bernoulli(0.3), n).unwrap();
        assert!((mean(&b) - 0.3).abs() < 5.0 * (0.21_f64 / n as f64).sqrt());
        let u = fill(&Init::Uniform(-60.0, -50.0), n).unwrap();
        assert!((mean(&u) + 55.0).abs() < 5.0 * (100.0 / 12.0 / n as f64).sqrt());
        assert!(u.iter().all(|v| (-60.0..-50.0).contains(v)));
        let z = fill(&Init::Normal(2.0, 3.0), n).unwrap();
        assert!((mean(&z) - 2.0).abs() < 5.0 * 3.0 / (n as f64).sqrt());
    }

    /// Mean, standard deviation, and their standard errors from the fourth moment.
    fn moments(x: &[f64]) -> [f64; 4] {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let [second, fourth] = [2, 4].map(|k| x.iter().map(|v| (v - mean).powi(k)).sum::<f64>() / n);
        let deviation = second.sqrt();
        [mean, deviation, deviation / n.sqrt(), ((fourth - second * second) / n).sqrt() / (2.0 * deviation)]
    }

    #[test]
    fn moments_of_what_deviates() {
        // 5 standard errors, false alarms below 1e-6 each.
        let check = |init: Init, mean: f64, deviation: f64| {
            let [m, s, m_error, s_error] = moments(&fill(&init, 100_000).unwrap());
            assert!((m - mean).abs() < 5.0 * m_error, "{init:?}: mean {m}");
            assert!((s - deviation).abs() < 5.0 * s_error, "{init:?}: deviation {s}");
        };
        check(Init::LogNormal(3.0, 1.5), 3.0, 1.5);
        check(Init::Mismatch { value: 5.32, share: 0.3, sigma_rule: 3.0 }, 5.32, 0.532);
        check(Init::Mismatch { value: -2.0, share: 0.2, sigma_rule: 1.0 }, -2.0, 0.4);
        // A normal cut at its mean is a half-normal: mean sqrt(2 / pi), variance 1 - 2 / pi.
        let pi = core::f64::consts::PI;
        let half = Init::NormalWithin { mean: 1.0, deviation: 2.0, min: 1.0, max: f64::INFINITY };
        check(half, 1.0 + 2.0 * (2.0 / pi).sqrt(), 2.0 * (1.0 - 2.0 / pi).sqrt());
        // Within one standard deviation of the mean: variance 1 - 2 phi(1) / (2 Phi(1) - 1).
        let within = Init::NormalWithin { mean: 0.0, deviation: 1.0, min: -1.0, max: 1.0 };
        let density = (-0.5_f64).exp() / (2.0 * pi).sqrt();
        check(within.clone(), 0.0, (1.0 - 2.0 * density / 0.682_689_492_137_086).sqrt());
        assert!(fill(&within, 10_000).unwrap().iter().all(|x| (-1.0..=1.0).contains(x)));
        assert!(fill(&Init::LogNormal(3.0, 1.5), 10_000).unwrap().iter().all(|x| *x > 0.0));
    }

    #[test]
    fn degenerate_distributions_are_one_value() {
        let all = |init: Init, value: f64| {
            assert!(fill(&init, 5).unwrap().iter().all(|x| (x - value).abs() < 1e-12), "{init:?}");
        };
        all(Init::LogNormal(3.0, 0.0), 3.0);
        all(Init::Mismatch { value: 2.0, share: 0.0, sigma_rule: 3.0 }, 2.0);
        all(Init::NormalWithin { mean: 2.0, deviation: 0.0, min: 2.0, max: 2.0 }, 2.0);
    }

    #[test]
    fn hopeless_bounds_are_refused() {
        let within = |min, max| Init::NormalWithin { mean: 0.0, deviation: 1.0, min, max };
        for n in [1, 1000] {
            let message = fill(&within(6.0, f64::INFINITY), n).unwrap_err().to_string();
            assert!(message.contains("normal(0, 1, min: 6), but hardly any value"), "{message}");
            assert!(fill(&within(2.0, 3.0), n).is_ok());
        }
        assert!(fill(&within(f64::NEG_INFINITY, -7.0), 10).is_err());
        let exact = Init::NormalWithin { mean: 0.0, deviation: 0.0, min: 1.0, max: 2.0 };
        assert!(fill(&exact, 3).is_err());
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for bad in [
            Init::NormalWithin { mean: 0.0, deviation: -1.0, min: 0.0, max: 1.0 },
            Init::NormalWithin { mean: 0.0, deviation: 1.0, min: 1.0, max: 0.0 },
            Init::NormalWithin { mean: 0.0, deviation: 1.0, min: f64::NAN, max: 1.0 },
            Init::LogNormal(0.0, 1.0),
            Init::LogNormal(1.0, -1.0),
            Init::LogNormal(f64::INFINITY, 1.0),
            Init::Mismatch { value: 1.0, share: -0.1, sigma_rule: 1.0 },
            Init::Mismatch { value: 1.0, share: 0.1, sigma_rule: 0.0 },
            Init::Mismatch { value: f64::NAN, share: 0.1, sigma_rule: 1.0 },
            Init::Bernoulli(1.2),
            Init::Exact(-0.1),
            Init::Uniform(1.0, 0.0),
            Init::Normal(0.0, -1.0),
            Init::Normal(f64::NAN, 1.0),
            Init::Each(vec![1.0; 3]),
            Init::ByCluster(vec![Init::Value(0.0); 3]),
        ] {
            assert!(fill(&bad, 4).is_err(), "{bad:?}");
        }
    }
}
