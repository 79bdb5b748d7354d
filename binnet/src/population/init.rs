//! Initialisers: where the first values of a field or state come from.

use std::fmt;
use std::sync::Arc;

use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_distr::{Distribution as _, Normal};

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
        match values {
            ValuesMut::SharedF64(v) => *v = self.single(label)?,
            ValuesMut::SharedF32(v) => *v = self.single(label)? as f32,
            ValuesMut::EachF64(v) => self.fill(v, label, rng, |x| x)?,
            ValuesMut::EachF32(v) => self.fill(v, label, rng, |x| x as f32)?,
        }
        Ok(())
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
                let normal = Normal::new(*mean, *deviation)
                    .ok()
                    .filter(|_| mean.is_finite() && *deviation >= 0.0)
                    .ok_or_else(|| {
                        value(
                            format!("starts from normal({mean}, {deviation})"),
                            "a standard deviation is finite and not negative",
                        )
                    })?;
                out.iter_mut().for_each(|x| *x = convert(normal.sample(rng)));
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

    #[test]
    fn what_is_out_of_range_is_refused() {
        for bad in [
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
