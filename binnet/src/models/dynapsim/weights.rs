//! Weights of four bits: sums of base currents.
//!
//! A synapse of the chip has four bits, and a core four currents: the weight of a synapse is the sum of the currents
//! whose bits are set. The sign is that of the gate (AMPA and NMDA excite, GABA and SHUNT inhibit).

use ndarray::Array2;
use rand::RngExt as _;

use crate::error::{BuildError, Result};
use crate::rng::Streams;

/// The four base currents of a core, bit 0 (the least significant one) first; in pA, or in any one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseCurrents(pub [f64; 4]);

impl Default for BaseCurrents {
    /// 1, 2, 4 and 8 nA, in pA.
    fn default() -> Self {
        Self([1000.0, 2000.0, 4000.0, 8000.0])
    }
}

impl BaseCurrents {
    /// The current of a synapse with these bits; bits beyond the fourth do not exist and are not looked at.
    #[must_use]
    pub fn current(&self, code: u8) -> f64 {
        bits(code).iter().zip(self.0).map(|(bit, base)| if *bit { base } else { 0.0 }).sum()
    }

    /// The code whose current is nearest to a weight, by its size; the smallest of equally good ones.
    #[must_use]
    pub fn code(&self, weight: f64) -> u8 {
        let (wanted, mut best) = (weight.abs(), (f64::INFINITY, 0));
        for code in 0..16 {
            let error = (self.current(code) - wanted).abs();
            if error < best.0 {
                best = (error, code);
            }
        }
        best.1
    }
}

/// The four bits of a code, the least significant one first.
#[must_use]
pub fn bits(code: u8) -> [bool; 4] {
    core::array::from_fn(|bit| code >> bit & 1 == 1)
}

/// The code of four bits, the least significant one first.
#[must_use]
pub fn code_of(bits: [bool; 4]) -> u8 {
    bits.iter().rev().fold(0, |code, bit| code << 1 | u8::from(*bit))
}

/// Recurrent weights `[pre][post]` of `n` neurons as Rockpool draws them where none are given: uniform within
/// +-sqrt(6 / n), from the stream `w_rec` of the seed.
///
/// Half of them are negative, and cancel events of their step only; those of a neuron onto itself are left out by
/// projections, unless they say `autapses: true`.
#[must_use]
pub fn default_weights(n: usize, seed: u64) -> Array2<f64> {
    let limit = (6.0 / n as f64).sqrt();
    let mut rng = Streams::new(seed).named("w_rec");
    Array2::from_shape_fn((n, n), |_| limit * (2.0 * rng.random::<f64>() - 1.0))
}

/// Weights as four bits and four currents.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightFit {
    /// The base currents, in the unit of the weights, in ascending order.
    pub base: BaseCurrents,
    /// The code of each weight; 0 for a weight of 0, which needs no synapse.
    pub codes: Vec<u8>,
    /// The weights that the codes give, with their signs.
    pub weights: Vec<f64>,
    /// The root mean square difference over the weights that are not 0.
    pub rms: f64,
    /// The largest difference.
    pub largest: f64,
}

impl WeightFit {
    /// The largest difference as a share of the largest weight; 0 without weights.
    #[must_use]
    pub fn relative(&self) -> f64 {
        let top = self.weights.iter().fold(0.0_f64, |top, weight| top.max(weight.abs()));
        if self.largest == 0.0 { 0.0 } else { self.largest / top }
    }
}

/// Fits weights by four currents and four bits each, in least squares over the weights that are not 0.
///
/// Deterministic: the same weights give the same bits. Codes are the best ones for the currents, and the
/// currents the best ones for the codes; of many starts (four of the weights or of their differences as currents, and
/// evenly spaced ones) the best end is kept. Weights that are sums of four of them are found exactly.
///
/// ```
/// use binnet::models::dynapsim::fit_weights;
///
/// let fit = fit_weights(&[0.1, -0.23, 0.33, 0.0, 0.74, -0.41])?;
/// assert!(fit.largest < 1e-12);
/// # binnet::Result::Ok(())
/// ```
///
/// # Errors
/// For weights that are not finite.
pub fn fit_weights(weights: &[f64]) -> Result<WeightFit> {
    if let Some((i, bad)) = weights.iter().enumerate().find(|(_, weight)| !weight.is_finite()) {
        return Err(BuildError::Value {
            what: format!("weight {i}"),
            problem: format!("is {bad}"),
            help: "a weight is a finite number".to_owned(),
        }
        .into());
    }
    let levels = Levels::of(weights);
    let mut base = levels.best();
    base.0.sort_by(f64::total_cmp);
    let codes: Vec<u8> = weights.iter().map(|weight| if *weight == 0.0 { 0 } else { base.code(*weight) }).collect();
    let fitted: Vec<f64> = weights.iter().zip(&codes).map(|(w, code)| base.current(*code).copysign(*w)).collect();
    let errors = || weights.iter().zip(&fitted).map(|(wanted, own)| (wanted - own).abs());
    let count = weights.iter().filter(|weight| **weight != 0.0).count().max(1);
    let rms = (errors().map(|e| e * e).sum::<f64>() / count as f64).sqrt();
    let largest = errors().fold(0.0, f64::max);
    Ok(WeightFit { base, codes, weights: fitted, rms, largest })
}

/// The sizes of weights that differ, ascending, and how often each occurs.
struct Levels(Vec<(f64, f64)>);

/// How many sizes, and how many differences of sizes, may be currents to start from.
const CANDIDATES: usize = 15;
/// On how many sizes the starts are compared.
const SAMPLE: usize = 60;
/// How many starts are followed to their end.
const FOLLOWED: usize = 24;
/// A start has ended when codes no longer change; this bounds the rounds that takes.
const ROUNDS: usize = 200;

impl Levels {
    fn of(weights: &[f64]) -> Self {
        let mut sizes: Vec<f64> = weights.iter().map(|weight| weight.abs()).filter(|size| *size > 0.0).collect();
        sizes.sort_by(f64::total_cmp);
        let mut levels: Vec<(f64, f64)> = Vec::new();
        for size in sizes {
            match levels.last_mut() {
                Some((last, count)) if *last == size => *count += 1.0,
                _ => levels.push((size, 1.0)),
            }
        }
        Self(levels)
    }

    /// The currents that fit best.
    fn best(&self) -> BaseCurrents {
        let Some(&(top, _)) = self.0.last() else { return BaseCurrents([0.0; 4]) };
        let sample = self.sample(SAMPLE);
        let mut starts: Vec<(f64, BaseCurrents)> = self.starts(top).map(|base| (sample.error(&base), base)).collect();
        // Stable: of equally good starts the first ones stay in front.
        starts.sort_by(|a, b| a.0.total_cmp(&b.0));
        starts.truncate(FOLLOWED);
        let ends = starts.into_iter().map(|(_, base)| self.refined(base)).map(|base| (self.error(&base), base));
        ends.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(BaseCurrents::default(), |end| end.1)
    }

    /// At most `n` of the sizes, evenly over the sorted ones and with both ends.
    fn sample(&self, n: usize) -> Self {
        let count = self.0.len();
        if count <= n {
            return Self(self.0.clone());
        }
        Self((0..n).map(|k| self.0[k * (count - 1) / (n - 1)]).collect())
    }

    /// Currents to start from: all fours of candidates, and binary ones up to the largest weight.
    fn starts(&self, top: f64) -> impl Iterator<Item = BaseCurrents> {
        let candidates = self.candidates(top);
        let binary = [15.0, 12.0, 8.0].map(|parts| BaseCurrents([1.0, 2.0, 4.0, 8.0].map(|part| part * top / parts)));
        let n = candidates.len();
        let fours = (0..n).flat_map(move |a| (a..n).map(move |b| (a, b)));
        let fours = fours.flat_map(move |(a, b)| (b..n).flat_map(move |c| (c..n).map(move |d| [a, b, c, d])));
        fours.map(move |four| BaseCurrents(four.map(|i| candidates[i]))).chain(binary)
    }

    /// What a current may be: a weight, or a difference of two. Those that occur most often are in many sums.
    fn candidates(&self, top: f64) -> Vec<f64> {
        let sizes = self.sample(CANDIDATES).0;
        let mut gaps: Vec<f64> =
            sizes.iter().enumerate().flat_map(|(i, (a, _))| sizes[..i].iter().map(move |(b, _)| a - b)).collect();
        gaps.sort_by(f64::total_cmp);
        // Sizes that differ by rounding are one candidate.
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * top;
        let mut often: Vec<(f64, usize)> = Vec::new();
        for gap in gaps {
            match often.last_mut() {
                Some((last, count)) if same(*last, gap) => *count += 1,
                _ => often.push((gap, 1)),
            }
        }
        often.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
        let often = often.into_iter().take(CANDIDATES).map(|(gap, _)| gap);
        let mut candidates: Vec<f64> = sizes.into_iter().map(|(size, _)| size).chain(often).collect();
        candidates.sort_by(f64::total_cmp);
        candidates.dedup_by(|a, b| same(*a, *b));
        candidates
    }

    /// The sum of squared errors with the best codes.
    fn error(&self, base: &BaseCurrents) -> f64 {
        let sums = sums(base);
        self.0.iter().map(|(size, count)| count * (nearest(&sums, *size).0 - size).powi(2)).sum()
    }

    /// Alternates between the best codes and the best currents until nothing changes.
    fn refined(&self, start: BaseCurrents) -> BaseCurrents {
        let (mut base, mut error) = (start, self.error(&start));
        for _ in 0..ROUNDS {
            let next = self.currents(&base);
            let next_error = self.error(&next);
            if next_error >= error {
                break;
            }
            (base, error) = (next, next_error);
        }
        base
    }

    /// The best currents, not below 0, for the codes that `base` gives.
    fn currents(&self, base: &BaseCurrents) -> BaseCurrents {
        let sums = sums(base);
        let (mut matrix, mut right) = ([[0.0; 4]; 4], [0.0; 4]);
        for (size, count) in &self.0 {
            let set = bits(nearest(&sums, *size).1);
            for i in (0..4).filter(|&i| set[i]) {
                right[i] += count * size;
                for j in (0..4).filter(|&j| set[j]) {
                    matrix[i][j] += count;
                }
            }
        }
        // Least squares with currents not below 0: the best of all choices of which are 0.
        let mut best = (f64::INFINITY, *base);
        for used in 0..16 {
            let Some(x) = solve(&matrix, &right, bits(used), base) else { continue };
            // |b - A x|^2 without the constant |b|^2.
            let quadratic = |i: usize| (0..4).map(|j| x[i] * matrix[i][j] * x[j]).sum::<f64>() - 2.0 * x[i] * right[i];
            let value: f64 = (0..4).map(quadratic).sum();
            if x.iter().all(|x| *x >= 0.0) && value < best.0 {
                best = (value, BaseCurrents(x));
            }
        }
        best.1
    }
}

/// The currents of all codes, ascending, with the codes.
fn sums(base: &BaseCurrents) -> [(f64, u8); 16] {
    let mut sums = core::array::from_fn(|code| (base.current(code as u8), code as u8));
    sums.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    sums
}

/// The nearest sum; the smaller one of two at the same distance.
fn nearest(sums: &[(f64, u8); 16], size: f64) -> (f64, u8) {
    let above = sums.partition_point(|(sum, _)| *sum < size);
    match (above.checked_sub(1).map(|i| sums[i]), sums.get(above)) {
        (Some(below), Some(above)) if above.0 - size < size - below.0 => *above,
        (Some(below), _) => below,
        (None, Some(above)) => *above,
        (None, None) => sums[0],
    }
}

/// Solves for the currents that are used; the others are 0, and those that no code has stay as they are. `None` where
/// the equations do not tell them apart.
fn solve(matrix: &[[f64; 4]; 4], right: &[f64; 4], used: [bool; 4], base: &BaseCurrents) -> Option<[f64; 4]> {
    let (mut a, mut x) = (*matrix, *right);
    for i in 0..4 {
        let free = matrix[i][i] == 0.0;
        if free || !used[i] {
            (0..4).for_each(|j| (a[i][j], a[j][i]) = (0.0, 0.0));
            a[i][i] = 1.0;
            x[i] = if free && used[i] { base.0[i] } else { 0.0 };
        }
    }
    // Symmetric and positive: elimination needs no pivots.
    for k in 0..4 {
        if a[k][k] <= 1e-9 * matrix[k][k].max(f64::MIN_POSITIVE) {
            return None;
        }
        for i in k + 1..4 {
            let factor = a[i][k] / a[k][k];
            let pivots = a[k];
            a[i].iter_mut().zip(pivots).skip(k).for_each(|(entry, pivot)| *entry -= factor * pivot);
            x[i] -= factor * x[k];
        }
    }
    for k in (0..4).rev() {
        let known: f64 = (k + 1..4).map(|j| a[k][j] * x[j]).sum();
        x[k] = (x[k] - known) / a[k][k];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_bits() {
        let base = BaseCurrents([1e-9, 2.3e-9, 4.1e-9, 7.7e-9]);
        assert_eq!(bits(5), [true, false, true, false]);
        for code in 0..16 {
            assert_eq!(code_of(bits(code)), code);
            assert_eq!(base.code(-base.current(code)), code);
        }
        assert!((base.current(14) / 1.41e-8 - 1.0).abs() < 1e-12);
        assert_eq!(base.code(1.0), 15, "beyond the largest, all bits");
    }

    #[test]
    fn weights_made_of_four_currents_are_found() {
        let mut rng = Streams::new(5).named("fit");
        for _ in 0..40 {
            let base = BaseCurrents(core::array::from_fn(|_| rng.random_range(0.5..9.0)));
            let weights: Vec<f64> = (0..200)
                .map(|_| base.current(rng.random_range(0..16)) * if rng.random::<bool>() { 1.0 } else { -1.0 })
                .collect();
            let fit = fit_weights(&weights).unwrap();
            assert!(fit.largest < 1e-9, "{base:?} {fit:?}");
            assert_eq!(fit, fit_weights(&weights).unwrap());
        }
    }

    #[test]
    fn any_weights_come_close() {
        let mut rng = Streams::new(6).named("fit");
        let weights: Vec<f64> = (0..2000).map(|_| rng.random_range(-1.0..1.0)).collect();
        let fit = fit_weights(&weights).unwrap();
        // 16 even levels from 0 to 30/31 have steps of 2/31: a uniform error of deviation 1/31/sqrt(3).
        assert!(fit.rms < 1.02 / 31.0 / 3.0_f64.sqrt(), "{}", fit.rms);
        assert!(fit.relative() < 0.07);
        let binary = BaseCurrents([1.0, 2.0, 4.0, 8.0].map(|part| part / 15.0));
        let rms = |base: &BaseCurrents| {
            let square = |w: &f64| (base.current(base.code(*w)) - w.abs()).powi(2);
            (weights.iter().map(square).sum::<f64>() / 2000.0).sqrt()
        };
        assert!(fit.rms < rms(&binary));
    }

    #[test]
    fn few_and_bad_weights() {
        let none = fit_weights(&[]).unwrap();
        assert_eq!((none.rms, none.relative(), none.base.0), (0.0, 0.0, [0.0; 4]));
        let zero = fit_weights(&[0.0, -0.0]).unwrap();
        assert_eq!((zero.codes, zero.largest), (vec![0, 0], 0.0));
        let three = fit_weights(&[-3.0, 0.25, 1e-9]).unwrap();
        assert!(three.largest < 1e-12, "{three:?}");
        assert!(three.weights[0] < 0.0);
        assert!(fit_weights(&[1.0, f64::NAN]).unwrap_err().to_string().contains("weight 1 is NaN"));
    }
}
