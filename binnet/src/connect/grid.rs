//! Rules of neighbourhoods on a grid.

use core::ops::Range;

use super::{Contacts, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Each neuron contacts its neighbours left, right, above and below; in a population of one row, left and
/// right.
///
/// Both ends have the same rows and columns. With two different populations, neighbours are those of the
/// position. BrainPy's `GridFour`.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, grid_four};
/// let drawn = Connectivity::draw(&grid_four(), &Shape::grids([3, 3], [3, 3]), 0).unwrap();
/// assert_eq!(drawn.pre2post(4), [1, 3, 5, 7]);
/// assert_eq!(drawn.pre2post(0), [1, 3]);
/// ```
#[must_use]
pub fn grid_four() -> Grid {
    Grid { name: "grid_four", reach: 1, diagonal: false, periodic: false, centre: false }
}

/// Each neuron contacts its eight nearest neighbours, diagonals included. BrainPy's `GridEight`; see
/// [`grid_four`].
#[must_use]
pub fn grid_eight() -> Grid {
    Grid { name: "grid_eight", diagonal: true, ..grid_four() }
}

/// Each neuron contacts all others up to `n` rows and `n` columns away: (2n + 1)² - 1 of them, fewer at
/// the borders. BrainPy's `GridN`; see [`grid_four`].
#[must_use]
pub fn grid_n(n: usize) -> Grid {
    Grid { name: "grid_n", reach: n, ..grid_eight() }
}

/// The rule of [`grid_four`], [`grid_eight`] and [`grid_n`].
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    name: &'static str,
    reach: usize,
    diagonal: bool,
    periodic: bool,
    centre: bool,
}

impl Grid {
    /// Whether the first row and column are neighbours of the last. No neuron is contacted twice where
    /// the neighbourhood reaches around the grid.
    #[must_use]
    pub fn periodic(self, periodic: bool) -> Self {
        Self { periodic, ..self }
    }

    /// Whether the neuron at the same position is contacted too. Within one population it is an autapse,
    /// which also has to be allowed by the projection.
    #[must_use]
    pub fn centre(self, centre: bool) -> Self {
        Self { centre, ..self }
    }

    /// The positions on an axis of `n` that are near `at`, as one or two ranges.
    fn near(&self, at: usize, n: usize) -> [Range<usize>; 2] {
        let reach = self.reach;
        if !self.periodic {
            return [at.saturating_sub(reach)..n.min(at.saturating_add(reach).saturating_add(1)), 0..0];
        }
        if reach >= n.div_ceil(2) {
            return [0..n, 0..0];
        }
        match (at.checked_sub(reach), at + reach + 1) {
            (None, end) => [0..end, at + n - reach..n],
            (Some(start), end) if end > n => [0..end - n, start..n],
            (Some(start), end) => [start..end, 0..0],
        }
    }

    /// Calls `f` for all neighbours of a position.
    fn neighbours(&self, [rows, columns]: [usize; 2], pre: usize, mut f: impl FnMut(usize)) {
        let (row, column) = (pre / columns, pre % columns);
        for r in self.near(row, rows).into_iter().flatten() {
            for c in self.near(column, columns).into_iter().flatten() {
                let wanted = match (r == row, c == column) {
                    (true, true) => self.centre,
                    (false, false) => self.diagonal,
                    _ => true,
                };
                if wanted {
                    f(r * columns + c);
                }
            }
        }
    }
}

impl Rule for Grid {
    fn describe(&self) -> String {
        let mut arguments = Vec::new();
        if self.name == "grid_n" {
            arguments.push(self.reach.to_string());
        }
        if self.periodic {
            arguments.push("periodic: true".to_owned());
        }
        if self.centre {
            arguments.push("centre: true".to_owned());
        }
        if arguments.is_empty() { self.name.to_owned() } else { format!("{}({})", self.name, arguments.join(", ")) }
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let mut sum = 0_u64;
        if let Ok([grid, _]) = shape.geometry() {
            let along = |n: usize| -> u64 { (0..n).flat_map(|at| self.near(at, n)).map(|r| r.len() as u64).sum() };
            let [rows, columns] = grid.map(along);
            let centres = shape.n_pre as u64;
            // Neighbourhoods are rectangles, or crosses; either contains its centre.
            sum =
                if self.diagonal { rows * columns } else { rows * grid[1] as u64 + columns * grid[0] as u64 - centres };
            sum -= if self.centre { 0 } else { centres };
        }
        // Between clusters the neighbours may be all or none; sizes are reserved for all.
        Multiplicity::single((sum as f64 / shape.pairs_connected().max(1) as f64).min(1.0))
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let [pre, post] = shape.geometry()?;
        if pre != post {
            return Err(Refusal::new(
                format!("{}: geometries differ: {} x {} -> {} x {}", self.name, pre[0], pre[1], post[0], post[1]),
                "connect populations with the same rows and columns, or use `gaussian_prob`",
            ));
        }
        Ok(())
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let shape = *shape;
        let [grid, _] = shape.geometry()?;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let targets = shape.targets(pre);
            self.neighbours(grid, pre, |post| {
                if targets.contains(post) {
                    contacts.add(0, post, 1);
                }
            });
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::{Connectivity, Pairs};

    /// The definition, pair by pair.
    fn expected(rule: &Grid, [rows, columns]: [usize; 2]) -> Vec<(usize, usize)> {
        let distance = |a: usize, b: usize, n: usize| {
            let d = a.abs_diff(b);
            if rule.periodic { d.min(n - d) } else { d }
        };
        let n = rows * columns;
        (0..n)
            .flat_map(|pre| (0..n).map(move |post| (pre, post)))
            .filter(|&(pre, post)| {
                let r = distance(pre / columns, post / columns, rows);
                let c = distance(pre % columns, post % columns, columns);
                let near = r <= rule.reach && c <= rule.reach && (rule.diagonal || r + c <= 1);
                near && (rule.centre || r + c > 0)
            })
            .collect()
    }

    #[test]
    fn neighbours_are_those_of_the_definition() {
        for grid in [[1, 1], [1, 2], [1, 9], [2, 2], [2, 7], [3, 3], [4, 5], [6, 6]] {
            for rule in [grid_four(), grid_eight(), grid_n(0), grid_n(2), grid_n(3)] {
                for (periodic, centre) in [(false, false), (true, false), (false, true), (true, true)] {
                    let rule = rule.periodic(periodic).centre(centre);
                    let shape = Shape::grids(grid, grid);
                    let drawn = Connectivity::draw(&rule, &shape, 0).unwrap();
                    let pairs = expected(&rule, grid);
                    assert!(drawn.edges().eq(pairs.iter().copied()), "{} on {grid:?}", rule.describe());
                    let mean = pairs.len() as f64 / shape.pairs_connected() as f64;
                    assert!((rule.multiplicity(&shape).mean - mean).abs() < 1e-12, "{} on {grid:?}", rule.describe());
                }
            }
        }
    }

    #[test]
    fn a_population_without_geometry_is_one_row() {
        let drawn = Connectivity::draw(&grid_eight(), &Shape::within(5), 0).unwrap();
        assert_eq!(drawn.pre2post(2), [1, 3]);
    }

    #[test]
    fn clusters_restrict_neighbours() {
        let shape = Shape { clusters: 2, pairs: Pairs::SameCluster, ..Shape::within(6) };
        let drawn = Connectivity::draw(&grid_four(), &shape, 0).unwrap();
        assert_eq!(drawn.pre2post(2), [1]);
    }

    #[test]
    fn geometries_that_differ_are_refused() {
        let refusal = grid_n(2).check(&Shape::grids([3, 4], [4, 3])).unwrap_err();
        assert_eq!(refusal.problem, "grid_n: geometries differ: 3 x 4 -> 4 x 3");
        assert_eq!(grid_n(2).periodic(true).describe(), "grid_n(2, periodic: true)");
        assert_eq!(grid_four().describe(), "grid_four");
    }
}
