//! One model with a step that adapts itself: Runge-Kutta of order 5 with seven stages, of which one is
//! shared with the next step, and an embedded solution of order 4 for the error.
//!
//! The step follows a controller with a proportional and an integral part; between steps, the solution
//! is interpolated with order 4. Stable on the real axis for h a > -3.31.
//! Dormand & Prince (1980), J. Comput. Appl. Math. 6; interpolation by Shampine (1986), Math. Comp. 46,
//! controller by Gustafsson (1991), ACM Trans. Math. Softw. 17, first step and constants as in Hairer,
//! Norsett & Wanner (1993), Solving ordinary differential equations I, section II.4 and DOPRI5.

use core::ops::Range;

use ndarray::{Array2, ArrayView2};

use crate::error::{Result, RunError};
use crate::neuron::{Equations, Scalar, StepContext, Vector as _};

/// How far the error of each step may go, and how many steps there may be.
///
/// ```
/// use binnet::integrate::Tolerances;
///
/// let fine = Tolerances { relative: 1e-10, absolute: 1e-12, ..Tolerances::default() };
/// assert_eq!(fine.max_steps, 1_000_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerances {
    /// The error of a variable in a step, relative to its value.
    pub relative: f64,
    /// The error of a variable in a step, where its value is near 0; in the unit of the variable.
    pub absolute: f64,
    /// The longest step, in ms: for right-hand sides that change at once after long rest.
    pub max_step: f64,
    /// The largest number of steps, accepted and rejected.
    pub max_steps: usize,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self { relative: 1e-6, absolute: 1e-9, max_step: f64::INFINITY, max_steps: 1_000_000 }
    }
}

/// What [`solve`] found: the variables at the steps that it chose, and at every time between.
#[derive(Clone, Debug)]
pub struct Solution {
    variables: usize,
    times: Vec<f64>,
    states: Vec<f64>,
    /// The five coefficients of the interpolation, for each step one list of variables after the other.
    dense: Vec<f64>,
    rejected: usize,
}

impl Solution {
    /// The times (ms) at which steps begin and end; the first and the last are those of the whole.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The variables at [`times`](Self::times): a row each.
    #[must_use]
    pub fn states(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.times.len(), self.variables), &self.states).expect("a state for each time")
    }

    /// The variables at the end.
    #[must_use]
    pub fn last(&self) -> &[f64] {
        &self.states[self.states.len() - self.variables..]
    }

    /// How many steps were tried and found too long.
    #[must_use]
    pub fn rejected(&self) -> usize {
        self.rejected
    }

    /// The variables at time `t` (ms), interpolated with order 4.
    ///
    /// # Errors
    /// If `t` lies before the beginning or after the end.
    pub fn at(&self, t: f64) -> Result<Vec<f64>> {
        let (from, to) = (self.times[0], self.times[self.times.len() - 1]);
        if !(from <= t && t <= to) {
            return Err(RunError::OutsideSolution { ms: t, from, to }.into());
        }
        let n = self.variables;
        let step = self.times.partition_point(|&begin| begin <= t) - 1;
        if self.times[step] == t {
            return Ok(self.states[step * n..(step + 1) * n].to_vec());
        }
        let theta = (t - self.times[step]) / (self.times[step + 1] - self.times[step]);
        let back = 1.0 - theta;
        let c = |order: usize, i: usize| self.dense[(5 * step + order) * n + i];
        Ok((0..n)
            .map(|i| c(0, i) + theta * (c(1, i) + back * (c(2, i) + theta * (c(3, i) + back * c(4, i)))))
            .collect())
    }

    /// The variables at given times (ms): a row each.
    ///
    /// # Errors
    /// If a time lies before the beginning or after the end.
    pub fn sample(&self, times: &[f64]) -> Result<Array2<f64>> {
        let mut samples = Array2::zeros((times.len(), self.variables));
        for (&t, mut row) in times.iter().zip(samples.rows_mut()) {
            row.iter_mut().zip(self.at(t)?).for_each(|(sample, value)| *sample = value);
        }
        Ok(samples)
    }
}

/// Solves the equations of one neuron from its present state, over `span` (ms), in double precision,
/// with a step that keeps to `tolerances`.
///
/// This is for smooth models: spikes, resets, refractory periods and clipping are not applied, noise is
/// ignored, and inputs keep the values that they have. The error of the solution is proportional to the
/// tolerances; how large it is beside them depends on the equations.
///
/// # Errors
/// If the span is no finite time, if a tolerance cannot be kept to, or if the equations have no solution
/// in finite numbers up to the end.
pub fn solve<E: Equations>(neuron: &E, span: Range<f64>, tolerances: Tolerances) -> Result<Solution> {
    check(&span, &tolerances)?;
    let state = neuron.state();
    let mut x = <E::Vector<f64>>::from_fn(|i| state.at(i).to_f64());
    let n = <E::Vector<f64>>::LEN;
    let (mut t, end) = (span.start, span.end);
    let mut solution = Solution {
        variables: n,
        times: vec![t],
        states: (0..n).map(|i| x.at(i)).collect(),
        dense: Vec::new(),
        rejected: 0,
    };
    let rates =
        |x: &E::Vector<f64>, t: f64, h: f64| neuron.drift(x, t, &StepContext { t, dt: h, ..StepContext::new(h) });
    let mut k1 = rates(&x, t, end - t);
    if let Some(i) = (0..n).find(|&i| !(x.at(i).is_finite() && k1.at(i).is_finite())) {
        let problem = format!("variable {} of the equations or its rate is {} / {} there", i + 1, x.at(i), k1.at(i));
        let help = "check parameters and initial values for 0/0, and for parameters that are 0".to_owned();
        return Err(RunError::Solve { ms: t, problem, help }.into());
    }
    if t == end {
        return Ok(solution);
    }

    let longest = Scalar::min(tolerances.max_step, end - t);
    let mut h = first_step::<E>(&rates, &x, &k1, t, longest, &tolerances);
    let mut error_before = 1e-4;
    let mut rejected = false;
    for _ in 0..tolerances.max_steps {
        let last = t + 1.01 * h >= end;
        if last {
            h = end - t;
        }
        let step = Step::<E>::new(&rates, &x, k1, t, h);
        let error = step.error(&x, &tolerances);
        if error <= 1.0 {
            let reach = if last { end } else { t + h };
            step.store(&x, h, &mut solution);
            (x, k1, t) = (step.next, step.k7, reach);
            solution.times.push(t);
            solution.states.extend((0..n).map(|i| x.at(i)));
            if last {
                return Ok(solution);
            }
            let shrink = Scalar::pow(error, 0.17) / Scalar::pow(error_before, 0.04) / 0.9;
            let longer = h / Scalar::clip(shrink, 0.1, 5.0);
            h = Scalar::min(if rejected { Scalar::min(longer, h) } else { longer }, longest);
            error_before = Scalar::max(error, 1e-4);
            rejected = false;
        } else {
            solution.rejected += 1;
            // What is no number asks for the shortest step, too.
            let shrink = if error.is_finite() { Scalar::pow(error, 0.17) / 0.9 } else { 5.0 };
            h /= Scalar::clip(shrink, 1.0 / 0.9, 5.0);
            rejected = true;
            if h <= 4.0 * f64::EPSILON * Scalar::max(t.abs(), end.abs()) {
                return Err(underflow(t, h, error).into());
            }
        }
    }
    let problem = format!("{} steps were not enough to get from {} to {end} ms", tolerances.max_steps, span.start);
    let help = "the equations are stiff or the tolerances too small: raise `relative`, `absolute` or `max_steps`, or \
                use `exponential_euler`"
        .to_owned();
    Err(RunError::Solve { ms: t, problem, help }.into())
}

fn check(span: &Range<f64>, tolerances: &Tolerances) -> Result<(), RunError> {
    let length = span.end - span.start;
    if !(0.0..f64::INFINITY).contains(&length) {
        return Err(RunError::Duration(length));
    }
    let Tolerances { relative, absolute, max_step, .. } = *tolerances;
    let relative_fits = relative == 0.0 || (1e-14..f64::INFINITY).contains(&relative);
    if !(relative_fits && (0.0..f64::INFINITY).contains(&absolute) && relative + absolute > 0.0 && max_step > 0.0) {
        return Err(RunError::Unsupported {
            problem: format!(
                "nothing can be solved with tolerances {relative} (relative) and {absolute} (absolute) and steps up to \
                 {max_step} ms"
            ),
            help: "`relative` is 0 or at least 1e-14, `absolute` 0 or above, one of both and `max_step` above 0"
                .to_owned(),
        });
    }
    Ok(())
}

fn underflow(t: f64, h: f64, error: f64) -> RunError {
    let (problem, help) = if error.is_finite() {
        (
            format!("the step became too short ({h:e} ms)"),
            "the solution goes to infinity there, or its right-hand side jumps; a larger tolerance may help",
        )
    } else {
        (
            "states or rates are infinite or no numbers (NaN) beyond, however short the step".to_owned(),
            "look for a division by 0, a logarithm or root of a negative number, or an exponential that overflows",
        )
    };
    RunError::Solve { ms: t, problem, help: help.to_owned() }
}

/// The root mean square of `entry` over the variables, each relative to its tolerance.
fn norm<E: Equations>(entry: impl Fn(usize) -> f64, size: impl Fn(usize) -> f64, tolerances: &Tolerances) -> f64 {
    let n = <E::Vector<f64>>::LEN;
    let square = |i| {
        let relative = entry(i) / (tolerances.absolute + tolerances.relative * size(i));
        // 0/0 without absolute tolerance: a variable that is 0 without error.
        if entry(i) == 0.0 { 0.0 } else { relative * relative }
    };
    ((0..n).map(square).sum::<f64>() / n as f64).sqrt()
}

/// A first guess, from the sizes of state, first and second derivative.
fn first_step<E: Equations>(
    rates: &impl Fn(&E::Vector<f64>, f64, f64) -> E::Vector<f64>,
    x: &E::Vector<f64>,
    k1: &E::Vector<f64>,
    t: f64,
    longest: f64,
    tolerances: &Tolerances,
) -> f64 {
    let size = |i| x.at(i).abs();
    let (state, rate) = (norm::<E>(|i| x.at(i), size, tolerances), norm::<E>(|i| k1.at(i), size, tolerances));
    let small = !(state > 1e-5 && rate > 1e-5 && state.is_finite() && rate.is_finite());
    let probe = Scalar::min(if small { 1e-6 * longest } else { 0.01 * state / rate }, longest);
    let there = rates(&x.plus(probe, k1), t + probe, probe);
    let bend = norm::<E>(|i| there.at(i) - k1.at(i), size, tolerances) / probe;
    let largest = Scalar::max(rate, bend);
    let guess = if largest <= 1e-15 { 1e-3 * longest } else { Scalar::pow(0.01 / largest, 0.2) };
    let guess = Scalar::min(Scalar::min(100.0 * probe, guess), longest);
    if guess > 0.0 { guess } else { probe }
}

/// One step that was tried.
struct Step<E: Equations> {
    k: [E::Vector<f64>; 6],
    /// The rates at the end, which the next step begins with.
    k7: E::Vector<f64>,
    next: E::Vector<f64>,
    /// The difference of the solutions of orders 5 and 4.
    difference: E::Vector<f64>,
}

impl<E: Equations> Step<E> {
    fn new(
        rates: &impl Fn(&E::Vector<f64>, f64, f64) -> E::Vector<f64>,
        x: &E::Vector<f64>,
        k1: E::Vector<f64>,
        t: f64,
        h: f64,
    ) -> Self {
        let mut k = [k1; 6];
        for (stage, (weights, at)) in STAGES.iter().enumerate() {
            let ahead = x.plus(h, &combine::<E>(&weights[..=stage], &k));
            k[stage + 1] = rates(&ahead, t + at * h, h);
        }
        let next = x.plus(h, &combine::<E>(&FIFTH, &k));
        let k7 = rates(&next, t + h, h);
        let difference = combine::<E>(&DIFFERENCE, &k);
        let difference = <E::Vector<f64>>::from_fn(|i| h * (difference.at(i) + DIFFERENCE_LAST * k7.at(i)));
        Self { k, k7, next, difference }
    }

    /// The error in units of the tolerance, NaN or infinite if the step leads to what is no number.
    fn error(&self, x: &E::Vector<f64>, tolerances: &Tolerances) -> f64 {
        let n = <E::Vector<f64>>::LEN;
        if !(0..n).all(|i| self.next.at(i).is_finite() && self.k7.at(i).is_finite()) {
            return f64::NAN;
        }
        let size = |i| Scalar::max(x.at(i).abs(), self.next.at(i).abs());
        norm::<E>(|i| self.difference.at(i), size, tolerances)
    }

    fn store(&self, x: &E::Vector<f64>, h: f64, solution: &mut Solution) {
        let n = <E::Vector<f64>>::LEN;
        let rise = <E::Vector<f64>>::from_fn(|i| self.next.at(i) - x.at(i));
        let bend = <E::Vector<f64>>::from_fn(|i| h * self.k[0].at(i) - rise.at(i));
        let twist = <E::Vector<f64>>::from_fn(|i| rise.at(i) - h * self.k7.at(i) - bend.at(i));
        let rest = combine::<E>(&DENSE, &self.k);
        let rest = <E::Vector<f64>>::from_fn(|i| h * (rest.at(i) + DENSE_LAST * self.k7.at(i)));
        for part in [*x, rise, bend, twist, rest] {
            solution.dense.extend((0..n).map(|i| part.at(i)));
        }
    }
}

fn combine<E: Equations>(weights: &[f64], k: &[E::Vector<f64>; 6]) -> E::Vector<f64> {
    <E::Vector<f64>>::from_fn(|i| weights.iter().zip(k).map(|(weight, stage)| weight * stage.at(i)).sum())
}

/// Stages 2 to 6: the weights of those before, and the time within the step.
const STAGES: [([f64; 5], f64); 5] = [
    ([1.0 / 5.0, 0.0, 0.0, 0.0, 0.0], 1.0 / 5.0),
    ([3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0], 3.0 / 10.0),
    ([44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0, 0.0, 0.0], 4.0 / 5.0),
    ([19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0, 0.0], 8.0 / 9.0),
    ([9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0], 1.0),
];
const FIFTH: [f64; 6] = [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0];
/// Orders 5 less 4.
const DIFFERENCE: [f64; 6] = [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339_200.0, 22.0 / 525.0];
const DIFFERENCE_LAST: f64 = -1.0 / 40.0;
const DENSE: [f64; 6] = [
    -12_715_105_075.0 / 11_282_082_432.0,
    0.0,
    87_487_479_700.0 / 32_700_410_799.0,
    -10_690_763_975.0 / 1_880_347_072.0,
    701_980_252_875.0 / 199_316_789_632.0,
    -1_453_857_185.0 / 822_651_844.0,
];
const DENSE_LAST: f64 = 69_997_945.0 / 29_380_423.0;
