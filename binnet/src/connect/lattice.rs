//! Distances between the neurons of two populations with rows and columns.

use core::ops::Range;

use binnet_math::Scalar;

use super::{Refusal, Shape};
use crate::simd::Instructions;

/// How positions become coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Space {
    /// Whether the axes go from 0 to 1, or count neurons.
    pub(super) normalised: bool,
    /// Whether the last neuron of an axis is a neighbour of the first.
    pub(super) periodic: bool,
}

impl Space {
    pub(super) const fn new() -> Self {
        Self { normalised: true, periodic: false }
    }

    /// The options as a rule writes them, each after a comma.
    pub(super) fn describe(self) -> String {
        let normalised = if self.normalised { "" } else { ", normalised: false" };
        let periodic = if self.periodic { ", periodic: true" } else { "" };
        format!("{normalised}{periodic}")
    }

    /// The axes of rows and of columns.
    pub(super) fn axes(self, rule: &str, shape: &Shape) -> Result<[Axis; 2], Refusal> {
        let [pre, post] = shape.geometry()?;
        if self.periodic && !self.normalised && pre != post {
            return Err(Refusal::new(
                format!("{rule}: geometries differ: {} x {} -> {} x {}", pre[0], pre[1], post[0], post[1]),
                "without `normalised: false`, both populations go around the same circle",
            ));
        }
        Ok([Axis::new(self, pre[0], post[0]), Axis::new(self, pre[1], post[1])])
    }
}

/// One axis: where the neurons of one side stand among those of the other.
///
/// On a closed axis an index may lie outside of the population; `wrap` brings it home.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    n_pre: usize,
    n_post: usize,
    space: Space,
    /// The distance of two postsynaptic neighbours.
    step: f64,
}

impl Axis {
    fn new(space: Space, n_pre: usize, n_post: usize) -> Self {
        let step = match (space.normalised, space.periodic) {
            (true, true) => 1.0 / n_post.max(1) as f64,
            (true, false) if n_post > 1 => 1.0 / (n_post - 1) as f64,
            _ => 1.0,
        };
        Self { n_pre, n_post, space, step }
    }

    /// Where a presynaptic neuron stands among the postsynaptic ones: an index that need not be whole, but is
    /// where both sides are equal.
    pub(super) fn place(&self, pre: usize) -> f64 {
        let ratio = |a: usize, b: usize| (pre * a) as f64 / b as f64;
        match (self.space.normalised, self.space.periodic) {
            (false, _) => pre as f64,
            (true, true) => ratio(self.n_post, self.n_pre),
            (true, false) => match (self.n_pre, self.n_post) {
                (0 | 1, n) => 0.5 * (n as f64 - 1.0),
                // A single neuron stands at 1/2, and its step is the whole axis.
                (n, 0 | 1) => ratio(1, n - 1) - 0.5,
                (n_pre, n_post) => ratio(n_post - 1, n_pre - 1),
            },
        }
    }

    /// The indices of all postsynaptic neurons, so that distances are those of the coordinates.
    pub(super) fn range(&self, place: f64) -> [i64; 2] {
        let n = self.n_post as i64;
        let low = if self.space.periodic { (place - 0.5 * n as f64).ceil() as i64 } else { 0 };
        [low, low + n]
    }

    /// The postsynaptic neuron of an index.
    #[inline]
    pub(super) fn wrap(&self, index: i64) -> usize {
        let n = self.n_post as i64;
        (if index < 0 {
            index + n
        } else if index >= n {
            index - n
        } else {
            index
        }) as usize
    }

    /// The postsynaptic neurons of a range of indices, as one or two ranges, with the first index of each.
    pub(super) fn wrap_range(&self, [start, end]: [i64; 2]) -> [(Range<usize>, i64); 2] {
        let n = self.n_post as i64;
        let cut = if start < 0 { 0 } else { n }.clamp(start, end.max(start));
        let part = |a: i64, b: i64| if a < b { (self.wrap(a)..self.wrap(b - 1) + 1, a) } else { (0..0, a) };
        [part(start, cut), part(cut, end)]
    }

    /// The indices within `distance` of a place, from the first to the one behind the last, within `all`.
    pub(super) fn within(&self, place: f64, distance: f64, all: [i64; 2]) -> [i64; 2] {
        let reach = distance / self.step;
        // Conversions to integers saturate, so that any width is right.
        [(place - reach).ceil() as i64, ((place + reach).floor() as i64).saturating_add(1)]
            .map(|end| end.clamp(all[0], all[1]))
    }

    /// exp(-d² / 2σ²) of an index.
    #[inline]
    pub(super) fn gaussian(&self, place: f64, sigma: f64, index: i64) -> f64 {
        let d = (index as f64 - place) * self.step / sigma;
        Scalar::exp(-0.5 * d * d)
    }

    /// The same of a range of indices.
    pub(super) fn gaussians(&self, place: f64, sigma: f64, [start, end]: [i64; 2], out: &mut Vec<f64>) {
        let (offset, step) = (start as f64 - place, self.step);
        out.clear();
        out.resize((end - start).max(0) as usize, 0.0);
        Instructions::Detect.kernels().vectorize(
            #[inline(always)]
            || {
                for (i, value) in out.iter_mut().enumerate() {
                    let d = (offset + i as f64) * step / sigma;
                    *value = Scalar::exp(-0.5 * d * d);
                }
            },
        );
    }

    /// The mean of exp(-d² / 2σ²) over the pairs of the axis, or over many where there are more.
    pub(super) fn mean_gaussian(&self, sigma: f64) -> f64 {
        const MOST: usize = 256;
        let samples = self.n_pre.min(MOST);
        let mut values = Vec::new();
        let mut sum = 0.0;
        for i in 0..samples {
            let place = self.place(spread(i, samples, self.n_pre));
            self.gaussians(place, sigma, self.range(place), &mut values);
            sum += values.iter().sum::<f64>();
        }
        sum / (samples * self.n_post).max(1) as f64
    }
}

/// The `i`-th of `samples` numbers spread evenly below `n`.
pub(super) fn spread(i: usize, samples: usize, n: usize) -> usize {
    ((2 * i + 1) * n) / (2 * samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances(space: Space, n_pre: usize, n_post: usize, pre: usize) -> Vec<f64> {
        let axis = Axis::new(space, n_pre, n_post);
        let place = axis.place(pre);
        let [start, end] = axis.range(place);
        let mut by_post = vec![f64::NAN; n_post];
        for index in start..end {
            by_post[axis.wrap(index)] = (index as f64 - place).abs() * axis.step;
        }
        by_post
    }

    #[test]
    fn distances_are_those_of_the_coordinates() {
        for (n_pre, n_post) in [(5, 5), (4, 7), (8, 2), (1, 4), (6, 1), (1, 1)] {
            for pre in 0..n_pre {
                let coordinate = |i: usize, n: usize| if n > 1 { i as f64 / (n - 1) as f64 } else { 0.5 };
                let found = distances(Space::new(), n_pre, n_post, pre);
                let closed = distances(Space { periodic: true, ..Space::new() }, n_pre, n_post, pre);
                let counted = distances(Space { normalised: false, ..Space::new() }, n_pre, n_post, pre);
                for post in 0..n_post {
                    let d = (coordinate(pre, n_pre) - coordinate(post, n_post)).abs();
                    assert!((found[post] - d).abs() < 1e-12);
                    let d = (pre as f64 / n_pre as f64 - post as f64 / n_post as f64).abs();
                    assert!((closed[post] - d.min(1.0 - d)).abs() < 1e-12);
                    assert_eq!(counted[post], pre.abs_diff(post) as f64);
                }
            }
        }
        let ring = Space { normalised: false, periodic: true };
        assert_eq!(distances(ring, 5, 5, 4), [1.0, 2.0, 2.0, 1.0, 0.0]);
        assert!(ring.axes("rule", &Shape::new(4, 5)).is_err());
    }

    #[test]
    fn ranges_are_brought_home() {
        let axis = Axis::new(Space { periodic: true, ..Space::new() }, 10, 10);
        for start in -9..10 {
            for end in start - 1..=(start + 10).min(19) {
                let found = axis.wrap_range([start, end]).into_iter().flat_map(|(range, first)| range.zip(first..));
                assert!(found.eq((start..end).map(|index| (axis.wrap(index), index))), "{start}..{end}");
            }
        }
    }

    #[test]
    fn indices_within_a_distance() {
        let axis = Axis::new(Space { normalised: false, ..Space::new() }, 10, 10);
        assert_eq!(axis.within(4.0, 2.0, [0, 10]), [2, 7]);
        assert_eq!(axis.within(4.5, 0.1, [0, 10]), [5, 5]);
        assert_eq!(axis.within(1.0, 1e300, [0, 10]), [0, 10]);
    }
}
