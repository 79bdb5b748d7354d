//! Connections whose weight depends on the distance.

use super::lattice::{Axis, Space, spread};
use super::{Contacts, KindWeights, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Each pair is connected with the weight w_max exp(-d² / 2σ²), where d is the distance of the two neurons;
/// weights of at most `w_min` in magnitude are left out.
///
/// Distances are those of [`gaussian_prob`](super::gaussian_prob): Euclidean, in coordinates that go from 0
/// to 1 along each axis, unless [`normalised(false)`](WeightOfDistance::normalised) counts neurons. The
/// weights are multiplied by that of the projection.
///
/// BrainPy's `GaussianWeight`, whose `w_min` is `0.01 w_max` if it is not given.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, gaussian_weight};
/// let rule = gaussian_weight(1.0, 0.5, 0.2).normalised(false);
/// // exp(-1/2) = 0.61 is the last factor above 0.4.
/// let drawn = Connectivity::draw(&rule, &Shape::within(9), 0).unwrap();
/// assert_eq!(drawn.pre2post(4), [3, 4, 5]);
/// ```
#[must_use]
pub fn gaussian_weight(sigma: f64, w_max: f64, w_min: f64) -> WeightOfDistance {
    WeightOfDistance { terms: [(w_max, sigma), (0.0, sigma)], w_min, difference: false, space: Space::new() }
}

/// Difference of Gaussians: each pair is connected with the weight
/// w_p exp(-d² / 2σ_p²) - w_n exp(-d² / 2σ_n²), where d is the distance of the two neurons as in
/// [`gaussian_weight`].
///
/// Weights of at most 0.01 |w_p - w_n| in magnitude are left out; [`w_min`](WeightOfDistance::w_min) sets
/// another limit. BrainPy's `DOG`.
#[must_use]
pub fn dog(sigma_p: f64, sigma_n: f64, w_p: f64, w_n: f64) -> WeightOfDistance {
    WeightOfDistance {
        terms: [(w_p, sigma_p), (-w_n, sigma_n)],
        w_min: 0.01 * (w_p - w_n).abs(),
        difference: true,
        space: Space::new(),
    }
}

/// The rule of [`gaussian_weight`] and [`dog`].
#[derive(Clone, Copy, Debug)]
pub struct WeightOfDistance {
    /// Weight at no distance and width of two Gaussians; the second is 0 if there is one only.
    terms: [(f64, f64); 2],
    w_min: f64,
    difference: bool,
    space: Space,
}

impl WeightOfDistance {
    /// Whether the first row and column are neighbours of the last.
    #[must_use]
    pub fn periodic(mut self, periodic: bool) -> Self {
        self.space.periodic = periodic;
        self
    }

    /// Whether widths are shares of the side (as by default) or numbers of neurons.
    #[must_use]
    pub fn normalised(mut self, normalised: bool) -> Self {
        self.space.normalised = normalised;
        self
    }

    /// Leaves out weights of at most `w_min` in magnitude.
    #[must_use]
    pub fn w_min(mut self, w_min: f64) -> Self {
        self.w_min = w_min;
        self
    }

    fn name(&self) -> &'static str {
        if self.difference { "dog" } else { "gaussian_weight" }
    }
}

/// The weights of one presynaptic neuron.
struct Weights {
    axes: [Axis; 2],
    pre_columns: usize,
    terms: [(f64, f64); 2],
    /// The Gaussians along rows and columns, by term.
    factors: [[Vec<f64>; 2]; 2],
}

impl Weights {
    fn new(rule: &WeightOfDistance, shape: &Shape) -> Result<Self, Refusal> {
        let axes = rule.space.axes(rule.name(), shape)?;
        let pre_columns = shape.geometry()?[0][1];
        Ok(Self { axes, pre_columns, terms: rule.terms, factors: Default::default() })
    }

    /// Calls `f` with the weight of every postsynaptic neuron.
    fn each(&mut self, pre: usize, mut f: impl FnMut(usize, f64)) {
        let mut starts = [0; 2];
        let indices = [pre / self.pre_columns, pre % self.pre_columns];
        for (a, axis) in self.axes.iter().enumerate() {
            let place = axis.place(indices[a]);
            let range = axis.range(place);
            starts[a] = range[0];
            for (term, (_, sigma)) in self.terms.iter().enumerate() {
                axis.gaussians(place, *sigma, range, &mut self.factors[term][a]);
            }
        }
        let [rows, columns] = &self.axes;
        let [[first_rows, first_columns], [second_rows, second_columns]] = &self.factors;
        let n_columns = first_columns.len();
        for (row, (a, b)) in (starts[0]..).zip(first_rows.iter().zip(second_rows)) {
            let (a, b) = (a * self.terms[0].0, b * self.terms[1].0);
            let first = rows.wrap(row) * n_columns;
            for (column, (x, y)) in (starts[1]..).zip(first_columns.iter().zip(second_columns)) {
                f(first + columns.wrap(column), a * x + b * y);
            }
        }
    }
}

impl Rule for WeightOfDistance {
    fn describe(&self) -> String {
        let [(w_p, sigma_p), (w_n, sigma_n)] = self.terms;
        let space = self.space.describe();
        if self.difference {
            format!("dog({sigma_p}, {sigma_n}, {w_p}, {}, w_min: {}{space})", -w_n, self.w_min)
        } else {
            format!("gaussian_weight({sigma_p}, {w_p}, {}{space})", self.w_min)
        }
    }

    fn weights(&self, _: usize) -> KindWeights {
        KindWeights::Real
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        const MOST: usize = 64;
        let samples = shape.n_pre.min(MOST);
        let mut kept = 0_u64;
        if let Ok(mut weights) = Weights::new(self, shape) {
            for i in 0..samples {
                weights.each(spread(i, samples, shape.n_pre), |_, w| kept += u64::from(w.abs() > self.w_min));
            }
        }
        Multiplicity::single(kept as f64 / (samples * shape.n_post).max(1) as f64)
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let name = self.name();
        for (w, sigma) in self.terms {
            if !(sigma.is_finite() && sigma > 0.0) {
                return Err(Refusal::new(
                    format!("{name}: a width is finite and above 0, not {sigma}"),
                    "give the standard deviation of the Gaussian",
                ));
            }
            if !w.is_finite() {
                return Err(Refusal::new(
                    format!("{name}: a weight is finite, not {w}"),
                    "give the weight at distance 0",
                ));
            }
        }
        if !(self.w_min.is_finite() && self.w_min >= 0.0) {
            return Err(Refusal::new(
                format!("{name}: the smallest weight is finite and not negative, but this is {}", self.w_min),
                "it bounds the magnitude: leave the sign out",
            ));
        }
        let most =
            if self.difference { self.terms[0].0.abs().max(self.terms[1].0.abs()) } else { self.terms[0].0.abs() };
        if most <= self.w_min && most > 0.0 {
            return Err(Refusal::new(
                format!("{name}: no weight is above the smallest one, {}", self.w_min),
                "lower `w_min`",
            ));
        }
        self.space.axes(name, shape).map(|_| ())
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let mut weights = Weights::new(self, shape)?;
        let shape = *shape;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let targets = shape.targets(pre);
            weights.each(pre, |post, w| {
                if w.abs() > self.w_min && targets.contains(post) {
                    contacts.add_weight(post, w);
                }
            });
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Streams;

    fn matrix(rule: &WeightOfDistance, shape: &Shape) -> Vec<Vec<f64>> {
        let mut sampler = rule.sampler(shape, Streams::new(0).family("test")).unwrap();
        (0..shape.n_pre)
            .map(|pre| {
                let mut row = vec![0.0; shape.n_post];
                sampler.column(pre, &mut Contacts::new(&mut [], &[], shape.n_post, &mut row));
                row
            })
            .collect()
    }

    /// Every weight against its formula; `d2` is the square of the distance.
    fn compare(rule: &WeightOfDistance, shape: &Shape, d2: impl Fn(usize, usize) -> f64, w: impl Fn(f64) -> f64) {
        let found = matrix(rule, shape);
        let mut kept = 0;
        for (pre, row) in found.iter().enumerate() {
            for (post, found) in row.iter().enumerate() {
                let w = w(d2(pre, post));
                let expected = if w.abs() > rule.w_min { w } else { 0.0 };
                assert!((found - expected).abs() < 1e-12, "{pre} -> {post}: {found} {expected}");
                kept += usize::from(expected != 0.0);
            }
        }
        let all = shape.n_pre * shape.n_post;
        assert!(kept > 0 && kept < all);
        assert!((rule.multiplicity(shape).mean - kept as f64 / all as f64).abs() < 1e-12);
    }

    #[test]
    fn weights_are_those_of_the_formula() {
        let gauss = |d2: f64, sigma: f64| (-0.5 * d2 / (sigma * sigma)).exp();
        compare(
            &gaussian_weight(0.2, 3.0, 0.1),
            &Shape::grids([4, 5], [6, 3]),
            |pre, post| {
                let r = (pre / 5) as f64 / 3.0 - (post / 3) as f64 / 5.0;
                let c = (pre % 5) as f64 / 4.0 - (post % 3) as f64 / 2.0;
                r * r + c * c
            },
            |d2| 3.0 * gauss(d2, 0.2),
        );
        let ring = |pre: usize, post: usize| {
            let d = pre.abs_diff(post) as f64;
            d.min(24.0 - d).powi(2)
        };
        let hat = |d2: f64| 2.0 * gauss(d2, 2.0) - 1.5 * gauss(d2, 3.0);
        let rule = dog(2.0, 3.0, 2.0, 1.5).normalised(false).periodic(true);
        assert_eq!(rule.w_min, 0.005);
        compare(&rule, &Shape::within(24), ring, hat);
        compare(&rule.w_min(0.3), &Shape::within(24), ring, hat);
        assert!(matrix(&rule, &Shape::within(24))[0][8] < 0.0);
        // An inhibitory Gaussian.
        compare(&gaussian_weight(2.0, -1.0, 0.1).normalised(false).periodic(true), &Shape::within(24), ring, |d2| {
            -gauss(d2, 2.0)
        });
    }

    #[test]
    fn bad_numbers_are_refused() {
        let problem = |rule: WeightOfDistance| rule.check(&Shape::within(4)).unwrap_err().problem;
        assert!(problem(gaussian_weight(0.0, 1.0, 0.1)).contains("a width is finite"));
        assert!(problem(gaussian_weight(0.1, 1.0, -0.1)).contains("not negative"));
        assert!(problem(gaussian_weight(0.1, 1.0, 1.0)).contains("no weight is above"));
        assert!(problem(dog(0.1, 0.2, f64::NAN, 1.0)).contains("a weight is finite"));
        assert_eq!(dog(1.0, 2.0, 3.0, 2.0).describe(), "dog(1, 2, 3, 2, w_min: 0.01)");
        assert_eq!(
            gaussian_weight(0.1, 1.0, 0.01).periodic(true).describe(),
            "gaussian_weight(0.1, 1, 0.01, periodic: true)"
        );
    }
}
