//! The shape of a projection: sizes, clusters, and which pairs of clusters it connects.

use core::ops::Range;

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
}

impl Shape {
    /// All pairs of two different populations.
    #[must_use]
    pub fn new(n_pre: usize, n_post: usize) -> Self {
        Self { n_pre, n_post, clusters: 1, pairs: Pairs::All, recurrent: false }
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
        let shape = |pairs| Shape { n_pre: 6, n_post: 9, clusters: 3, pairs, recurrent: false };
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
    }
}
