//! The shape of a projection: sizes, geometries, clusters, and which pairs of clusters it connects.

use core::ops::Range;

use super::Refusal;

/// Which pairs of clusters a projection connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pairs {
    /// All pairs.
    #[default]
    All,
    /// Only neurons of the same cluster.
    SameCluster,
    /// Only neurons of different clusters.
    OtherCluster,
}

/// The shape of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Presynaptic neurons.
    pub n_pre: usize,
    /// Postsynaptic neurons.
    pub n_post: usize,
    /// Clusters of either side; they are equal unless all pairs are connected.
    pub clusters: usize,
    /// Which pairs of clusters.
    pub pairs: Pairs,
    /// Whether both ends are the same population.
    pub recurrent: bool,
    /// Rows and columns of the presynaptic population, whose neuron `i` stands at row `i / columns`,
    /// column `i % columns`; without them it is one row.
    pub pre_grid: Option<[usize; 2]>,
    /// The same of the postsynaptic population.
    pub post_grid: Option<[usize; 2]>,
}

impl Shape {
    /// All pairs of two different populations.
    #[must_use]
    pub fn new(n_pre: usize, n_post: usize) -> Self {
        Self { n_pre, n_post, clusters: 1, pairs: Pairs::All, recurrent: false, pre_grid: None, post_grid: None }
    }

    /// All pairs within one population.
    #[must_use]
    pub fn within(n: usize) -> Self {
        Self { recurrent: true, ..Self::new(n, n) }
    }

    /// All pairs of two different populations with rows and columns.
    #[must_use]
    pub fn grids(pre: [usize; 2], post: [usize; 2]) -> Self {
        let n = |grid: [usize; 2]| grid[0] * grid[1];
        Self { pre_grid: Some(pre), post_grid: Some(post), ..Self::new(n(pre), n(post)) }
    }

    /// Rows and columns of either side.
    ///
    /// # Errors
    /// If they do not make up the number of neurons.
    pub fn geometry(&self) -> Result<[[usize; 2]; 2], Refusal> {
        let side = |grid: Option<[usize; 2]>, n: usize, name: &str| match grid {
            None => Ok([1, n]),
            Some([rows, columns]) if rows.checked_mul(columns) == Some(n) => Ok([rows, columns]),
            Some([rows, columns]) => Err(Refusal::new(
                format!("the {name}synaptic population has {n} neurons, not {rows} x {columns}"),
                "rows times columns is the number of neurons",
            )),
        };
        Ok([side(self.pre_grid, self.n_pre, "pre")?, side(self.post_grid, self.n_post, "post")?])
    }

    /// The neurons that `pre` may contact.
    #[must_use]
    pub fn targets(&self, pre: usize) -> Targets {
        self.partners(pre, self.n_pre, self.n_post)
    }

    /// The neurons that may contact `post`.
    #[must_use]
    pub fn sources(&self, post: usize) -> Targets {
        self.partners(post, self.n_post, self.n_pre)
    }

    fn partners(&self, index: usize, own: usize, other: usize) -> Targets {
        let size = other / self.clusters;
        let cluster = index / (own / self.clusters).max(1);
        let range = cluster * size..(cluster + 1) * size;
        match self.pairs {
            Pairs::All => Targets { range: 0..other, hole: 0..0 },
            Pairs::SameCluster => Targets { range, hole: 0..0 },
            Pairs::OtherCluster => Targets { range: 0..other, hole: range },
        }
    }

    /// The number of pairs that may be connected.
    #[must_use]
    pub fn pairs_connected(&self) -> u64 {
        self.n_pre as u64 * self.targets(0).len() as u64
    }
}

/// A range of neurons, possibly without a cluster in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    range: Range<usize>,
    hole: Range<usize>,
}

impl Targets {
    /// How many neurons.
    #[must_use]
    pub fn len(&self) -> usize {
        self.range.len() - self.hole.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `i`-th of them.
    #[must_use]
    #[inline]
    pub fn nth(&self, i: usize) -> usize {
        let i = self.range.start + i;
        if i >= self.hole.start { i + self.hole.len() } else { i }
    }

    /// Whether a neuron is among them.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.range.contains(&index) && !self.hole.contains(&index)
    }

    /// All of them as ranges of neighbours, in order.
    pub(super) fn runs(&self) -> [Range<usize>; 2] {
        if self.hole.is_empty() {
            [self.range.clone(), 0..0]
        } else {
            [self.range.start..self.hole.start, self.hole.end..self.range.end]
        }
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).map(|i| self.nth(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_by_pairs_of_clusters() {
        let shape = |pairs| Shape { clusters: 3, pairs, ..Shape::new(6, 9) };
        let of = |pairs, pre| shape(pairs).targets(pre).iter().collect::<Vec<_>>();
        assert_eq!(of(Pairs::All, 3), (0..9).collect::<Vec<_>>());
        assert_eq!(of(Pairs::SameCluster, 3), [3, 4, 5]);
        assert_eq!(of(Pairs::OtherCluster, 3), [0, 1, 2, 6, 7, 8]);
        assert_eq!(of(Pairs::OtherCluster, 0), (3..9).collect::<Vec<_>>());
        assert_eq!(shape(Pairs::OtherCluster).pairs_connected(), 36);
        assert!(
            shape(Pairs::OtherCluster).targets(5).contains(5) && !shape(Pairs::OtherCluster).targets(5).contains(6)
        );
        assert_eq!(shape(Pairs::SameCluster).sources(8).iter().collect::<Vec<_>>(), [4, 5]);
        for pairs in [Pairs::All, Pairs::SameCluster, Pairs::OtherCluster] {
            for pre in 0..6 {
                let targets = shape(pairs).targets(pre);
                assert!(targets.runs().into_iter().flatten().eq(targets.iter()), "{pairs:?} {pre}");
            }
        }
    }

    #[test]
    fn rows_and_columns_make_up_the_population() {
        assert_eq!(Shape::grids([3, 4], [2, 5]).geometry(), Ok([[3, 4], [2, 5]]));
        assert_eq!(Shape::new(7, 9).geometry(), Ok([[1, 7], [1, 9]]));
        let wrong = Shape { post_grid: Some([2, 4]), ..Shape::new(7, 9) };
        assert_eq!(wrong.geometry().unwrap_err().problem, "the postsynaptic population has 9 neurons, not 2 x 4");
    }
}
