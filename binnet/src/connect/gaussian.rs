//! Connections whose probability falls off with the distance.
//!
//! A pair has the probability p = g_r g_c, a product over the axes. Pairs with p above 1/16 or so are drawn
//! one by one. Further out, candidates are drawn with the next power of 1/2 above p, which takes one
//! exponential number for each candidate instead of one number for each pair, and a candidate is accepted
//! with the rest of its probability. So a column costs little more than its contacts.

use binnet_math::Scalar as _;
use rand::{Rng as _, RngExt as _};
use rand_distr::{Distribution as _, Exp1};

use super::lattice::{Axis, Space};
use super::{Contacts, Multiplicity, Refusal, Rule, Sampler, Shape, Targets};
use crate::rng::{Family, Stream};

/// Each pair is connected with probability exp(-d² / 2σ²), where d is the distance of the two neurons.
///
/// d is Euclidean, over rows and columns. Coordinates are *normalised*: those of the first and last neuron
/// of an axis are 0 and 1, so that populations of different sizes cover the same square, and `sigma` is a
/// share of its side; an axis of a single neuron lies at 1/2. [`normalised(false)`](GaussianProb::normalised)
/// counts distance in neurons. On a [`periodic`](GaussianProb::periodic) axis of n neurons, normalised
/// coordinates are i / n, and the axis is closed at 1.
///
/// BrainPy's `GaussianProb`, normalised as in its `GaussianWeight`.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, gaussian_prob};
/// let rule = gaussian_prob(0.05).periodic(true);
/// let drawn = Connectivity::draw(&rule, &Shape::within(1000), 1).unwrap();
/// // The mean out-degree is near sqrt(2 pi) sigma N, here 125.
/// assert!((drawn.len() as f64 / 1000.0 - 125.3).abs() < 2.0);
/// ```
#[must_use]
pub fn gaussian_prob(sigma: f64) -> GaussianProb {
    GaussianProb { sigma, space: Space::new() }
}

/// The rule of [`gaussian_prob`].
#[derive(Clone, Copy, Debug)]
pub struct GaussianProb {
    sigma: f64,
    space: Space,
}

impl GaussianProb {
    /// Whether the first row and column are neighbours of the last.
    #[must_use]
    pub fn periodic(mut self, periodic: bool) -> Self {
        self.space.periodic = periodic;
        self
    }

    /// Whether `sigma` is a share of the side (as by default) or a number of neurons.
    #[must_use]
    pub fn normalised(mut self, normalised: bool) -> Self {
        self.space.normalised = normalised;
        self
    }
}

impl Rule for GaussianProb {
    fn describe(&self) -> String {
        format!("gaussian_prob({}{})", self.sigma, self.space.describe())
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let mean = self
            .space
            .axes("gaussian_prob", shape)
            .map_or(0.0, |[rows, columns]| rows.mean_gaussian(self.sigma) * columns.mean_gaussian(self.sigma));
        Multiplicity::single(mean)
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        if !(self.sigma.is_finite() && self.sigma > 0.0) {
            return Err(Refusal::new(
                format!("gaussian_prob({}): a width is finite and above 0", self.sigma),
                "give the standard deviation of the Gaussian",
            ));
        }
        self.space.axes("gaussian_prob", shape).map(|_| ())
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let [rows, columns] = self.space.axes("gaussian_prob", shape)?;
        let [[_, pre_columns], [_, post_columns]] = shape.geometry()?;
        let (shape, sigma) = (*shape, self.sigma);
        let hazards: [f64; SMALLEST] = core::array::from_fn(|m| -(-power_of_half(m)).log1p());
        let mut row_factors = Vec::new();
        let mut slope = Slope::new(columns, sigma);
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let mut rng = streams.stream(pre as u64);
            let rest: f64 = Exp1.sample(&mut rng);
            let mut walk = Walk { rng, rest, hazards: &hazards };
            let place = rows.place(pre / pre_columns);
            let all = rows.range(place);
            rows.gaussians(place, sigma, all, &mut row_factors);
            slope.centre(columns.place(pre % pre_columns));
            let targets = shape.targets(pre);
            let lane = contacts.lane(0);
            for (row, factor) in (all[0]..all[1]).zip(&row_factors) {
                let row = rows.wrap(row) * post_columns..(rows.wrap(row) + 1) * post_columns;
                slope.draw(
                    *factor,
                    &mut walk,
                    &mut Row { first: row.start, counts: &mut lane[row], targets: &targets },
                );
            }
        }))
    }
}

/// The postsynaptic neurons of one row.
struct Row<'a> {
    first: usize,
    counts: &'a mut [u16],
    targets: &'a Targets,
}

impl Row<'_> {
    #[inline]
    fn add(&mut self, column: usize) {
        if self.targets.contains(self.first + column) {
            self.counts[column] += 1;
        }
    }
}

/// Probabilities above 2^-(NEAR + 1) are drawn one by one.
const NEAR: usize = 3;
/// Down to 2^-(FAR + 1), candidates are drawn with the next power of 1/2; those below all with that one.
const FAR: usize = 7;
/// Rows whose factor is below 2^-SMALLEST are left out: no contact there would be seen in any life.
const SMALLEST: usize = 64;

/// 2^-m.
#[inline]
fn power_of_half(m: usize) -> f64 {
    f64::from_bits((1023 - m as u64) << 52)
}

/// The m for which a number lies in (2^-(m + 1), 2^-m].
#[inline]
fn level(x: f64) -> usize {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as usize;
    let whole = usize::from(bits << 12 == 0);
    (1022 + whole).saturating_sub(exponent)
}

/// Candidates, one after the other: an exponential number says how far it is to the next.
struct Walk<'a> {
    rng: Stream,
    /// What is left of the exponential number.
    rest: f64,
    /// -ln(1 - 2^-m): what a place of probability 2^-m takes of it.
    hazards: &'a [f64; SMALLEST],
}

impl Walk<'_> {
    /// Calls `f` for candidates among the places of a range, each with probability 2^-m independently.
    #[inline]
    fn run(&mut self, start: i64, end: i64, m: usize, mut f: impl FnMut(&mut Stream, i64)) {
        let hazard = self.hazards[m];
        let mut at = start;
        while at < end {
            let whole = (end - at) as f64 * hazard;
            if self.rest >= whole {
                self.rest -= whole;
                return;
            }
            let found = (at + (self.rest / hazard) as i64).min(end - 1);
            f(&mut self.rng, found);
            at = found + 1;
            self.rest = Exp1.sample(&mut self.rng);
        }
    }
}

/// The Gaussian along the columns, as seen from one presynaptic neuron.
struct Slope {
    axis: Axis,
    sigma: f64,
    place: f64,
    all: [i64; 2],
    /// Interval `k` holds the columns whose factor is above 2^-k; each lies within the next.
    intervals: [[i64; 2]; FAR + 2],
    /// The factors of the last interval.
    factors: Vec<f64>,
}

impl Slope {
    fn new(axis: Axis, sigma: f64) -> Self {
        Self { axis, sigma, place: 0.0, all: [0; 2], intervals: [[0; 2]; FAR + 2], factors: Vec::new() }
    }

    fn centre(&mut self, place: f64) {
        self.place = place;
        self.all = self.axis.range(place);
        let middle = (place.ceil() as i64).clamp(self.all[0], self.all[1]);
        self.intervals[0] = [middle; 2];
        for k in 1..self.intervals.len() {
            // exp(-d² / 2σ²) = 2^-k
            let distance = self.sigma * (2.0 * core::f64::consts::LN_2 * k as f64).sqrt();
            self.intervals[k] = self.axis.within(place, distance, self.all);
        }
        self.axis.gaussians(place, self.sigma, self.intervals[FAR + 1], &mut self.factors);
    }

    /// Draws the contacts with one row, each with probability `factor` times that of its column, independently.
    fn draw(&self, factor: f64, walk: &mut Walk<'_>, row: &mut Row<'_>) {
        let lowest = level(factor);
        if lowest >= SMALLEST {
            return;
        }
        let tabled = self.intervals[FAR + 1][0];
        let near = (NEAR + 1).saturating_sub(lowest);
        for (columns, first) in self.axis.wrap_range(self.intervals[near]) {
            for run in row.targets.runs() {
                let [start, end] =
                    [run.start, run.end].map(|post| post.saturating_sub(row.first).clamp(columns.start, columns.end));
                let known = (first - tabled) as usize + start - columns.start;
                for (count, p) in row.counts[start..end].iter_mut().zip(&self.factors[known..]) {
                    let threshold = (factor * p * TWO_32) as u64;
                    *count += u16::from(u64::from(walk.rng.next_u32()) < threshold);
                }
            }
        }
        let far = (FAR + 1).saturating_sub(lowest);
        for k in near..far {
            let m = k + lowest;
            let scaled = factor / power_of_half(m);
            let (inner, outer) = (self.intervals[k], self.intervals[k + 1]);
            for [start, end] in [[outer[0], inner[0]], [inner[1], outer[1]]] {
                walk.run(start, end, m, |rng, column| {
                    if rng.random::<f64>() < scaled * self.factors[(column - tabled) as usize] {
                        row.add(self.axis.wrap(column));
                    }
                });
            }
        }
        let m = lowest.max(FAR + 1);
        let scaled = factor / power_of_half(m);
        for [start, end] in [[self.all[0], self.intervals[far][0]], [self.intervals[far][1], self.all[1]]] {
            walk.run(start, end, m, |rng, column| {
                if rng.random::<f64>() < scaled * self.axis.gaussian(self.place, self.sigma, column) {
                    row.add(self.axis.wrap(column));
                }
            });
        }
    }
}

const TWO_32: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::Connectivity;

    #[test]
    fn levels_are_powers_of_half() {
        for (x, m) in [(1.0, 0), (0.75, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.01, 6)] {
            assert_eq!(level(x), m, "{x}");
            assert!(power_of_half(m + 1) < x && x <= power_of_half(m));
        }
        assert!(level(0.0) >= SMALLEST && level(f64::MIN_POSITIVE) >= SMALLEST);
    }

    /// Frequencies over many seeds against p, for every pair.
    fn frequencies(rule: GaussianProb, shape: &Shape, p: impl Fn(usize, usize) -> f64) {
        const SEEDS: u64 = 4000;
        let mut counts = vec![0_u32; shape.n_pre * shape.n_post];
        let mut squares = 0.0;
        let mean: f64 =
            (0..shape.n_pre).flat_map(|a| (0..shape.n_post).map(move |b| (a, b))).map(|(a, b)| p(a, b)).sum();
        for seed in 0..SEEDS {
            let drawn = Connectivity::draw(&rule, shape, seed).unwrap();
            squares += (drawn.len() as f64 - mean).powi(2);
            drawn.edges().for_each(|(pre, post)| counts[pre * shape.n_post + post] += 1);
        }
        let (mut chi, mut cells, mut variance) = (0.0, 0.0, 0.0);
        for (pair, &count) in counts.iter().enumerate() {
            let p = p(pair / shape.n_post, pair % shape.n_post);
            variance += p * (1.0 - p);
            let (expected, deviation) = (p * SEEDS as f64, (SEEDS as f64 * p * (1.0 - p)).sqrt());
            // Pairs that are hardly or almost always connected are no normal variables.
            if expected > 20.0 && SEEDS as f64 - expected > 20.0 {
                chi += ((f64::from(count) - expected) / deviation).powi(2);
                cells += 1.0;
            } else {
                // At most 20 are expected (or missing), nearly Poisson: 40 off is 9 deviations.
                assert!((f64::from(count) - expected).abs() < 40.0, "{count} {expected}");
            }
        }
        // Chi-squared of many cells is normal: 5 deviations, false alarms below 1e-6.
        assert!(cells > 20.0 && (chi - cells).abs() < 5.0 * (2.0_f64 * cells).sqrt(), "{chi} of {cells}");
        // Pairs are independent: the variance of the number of contacts is the sum over the pairs.
        let ratio = squares / SEEDS as f64 / variance;
        assert!((ratio - 1.0).abs() < 5.0 * (2.0 / SEEDS as f64).sqrt(), "{ratio}");
    }

    #[test]
    fn every_pair_has_its_probability() {
        let gauss = |d2: f64, sigma: f64| (-0.5 * d2 / (sigma * sigma)).exp();
        // Normalised, of different sizes.
        let shape = Shape::grids([3, 4], [5, 9]);
        frequencies(gaussian_prob(0.3), &shape, |pre, post| {
            let r = (pre / 4) as f64 / 2.0 - (post / 9) as f64 / 4.0;
            let c = (pre % 4) as f64 / 3.0 - (post % 9) as f64 / 8.0;
            gauss(r * r + c * c, 0.3)
        });
        // In neurons, on a line that is long enough for all levels.
        let shape = Shape::new(60, 60);
        frequencies(gaussian_prob(8.0).normalised(false), &shape, |pre, post| {
            gauss((pre.abs_diff(post) as f64).powi(2), 8.0)
        });
        // Closed.
        let shape = Shape::grids([6, 7], [6, 7]);
        frequencies(gaussian_prob(0.15).periodic(true), &shape, |pre, post| {
            let closed = |a: usize, b: usize, n: usize| {
                let d = a.abs_diff(b) as f64 / n as f64;
                d.min(1.0 - d)
            };
            let (r, c) = (closed(pre / 7, post / 7, 6), closed(pre % 7, post % 7, 7));
            gauss(r * r + c * c, 0.15)
        });
    }

    #[test]
    fn the_mean_is_known_in_advance() {
        let shape = Shape::grids([20, 30], [25, 40]);
        let rule = gaussian_prob(0.12);
        let pairs = shape.pairs_connected() as f64;
        let drawn = Connectivity::draw(&rule, &shape, 4).unwrap();
        let expected = rule.multiplicity(&shape).mean * pairs;
        assert!((drawn.len() as f64 - expected).abs() < 5.0 * expected.sqrt(), "{} {expected}", drawn.len());
    }

    #[test]
    fn any_width_above_zero_will_do() {
        let shape = Shape::within(30);
        let tiny = Connectivity::draw(&gaussian_prob(1e-300), &shape, 1).unwrap();
        assert!(tiny.edges().eq((0..30).map(|i| (i, i))));
        assert_eq!(Connectivity::draw(&gaussian_prob(1e300), &shape, 1).unwrap().len(), 900);
        for sigma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(gaussian_prob(sigma).check(&shape).is_err());
        }
    }
}
