//! Moments of the contacts that connect two sets of neurons.

use ndarray::ArrayView2;

/// Moments of the number of contacts over the admissible pairs of one class, for example E onto E
/// inside a cluster. Variances are divided by the number of pairs or neurons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContactMoments {
    /// Mean number of contacts of a pair.
    pub mean_count: f64,
    /// Its variance.
    pub var_count: f64,
    /// Share of pairs with any contact.
    pub share_connected: f64,
    /// Largest number of contacts of a pair.
    pub max_count: f64,
    /// Mean number of contacts that a postsynaptic neuron receives.
    pub indegree_mean: f64,
    /// Its variance over neurons.
    pub indegree_var: f64,
    /// Mean number of contacts that a presynaptic neuron makes.
    pub outdegree_mean: f64,
    /// Its variance over neurons.
    pub outdegree_var: f64,
}

impl ContactMoments {
    /// The moments of the contacts `counts` `[pre, post]` between all neurons of the view, over the pairs that
    /// `admissible(pre, post)` names. `None` if there are none.
    pub fn of(counts: ArrayView2<'_, f64>, admissible: impl Fn(usize, usize) -> bool) -> Option<Self> {
        let (mut pairs, mut sum, mut squares, mut connected, mut max_count) = (0_u64, 0.0, 0.0, 0_u64, 0.0_f64);
        let mut indegree = vec![0.0; counts.ncols()];
        let mut outdegree = vec![0.0; counts.nrows()];
        for ((pre, post), &count) in counts.indexed_iter() {
            if !admissible(pre, post) {
                continue;
            }
            pairs += 1;
            sum += count;
            squares += count * count;
            connected += u64::from(count != 0.0);
            max_count = max_count.max(count);
            indegree[post] += count;
            outdegree[pre] += count;
        }
        if pairs == 0 {
            return None;
        }
        let pairs = pairs as f64;
        let mean_count = sum / pairs;
        let moments = |degrees: Vec<f64>| super::Moments::of(degrees);
        let (indegree, outdegree) = (moments(indegree), moments(outdegree));
        Some(Self {
            mean_count,
            var_count: squares / pairs - mean_count * mean_count,
            share_connected: connected as f64 / pairs,
            max_count,
            indegree_mean: indegree.mean,
            indegree_var: indegree.second,
            outdegree_mean: outdegree.mean,
            outdegree_var: outdegree.second,
        })
    }
}

/// Which pairs of a projection between clustered populations belong to the same (`same`) or another
/// cluster, without pairs of a neuron with itself if both ends are one population (`recurrent`). For
/// [`ContactMoments::of`].
pub fn class_pairs(
    n_pre: usize,
    n_post: usize,
    clusters: usize,
    same: bool,
    recurrent: bool,
) -> impl Fn(usize, usize) -> bool {
    let size = |n: usize| (n / clusters.max(1)).max(1);
    let (pre_size, post_size) = (size(n_pre), size(n_post));
    move |pre, post| (pre / pre_size == post / post_size) == same && !(recurrent && pre == post)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn moments_over_the_pairs_of_a_class() {
        let counts = array![[9.0, 2.0, 1.0, 0.0], [0.0, 9.0, 1.0, 1.0], [3.0, 0.0, 9.0, 0.0], [0.0, 0.0, 4.0, 9.0]];
        let inside = ContactMoments::of(counts.view(), class_pairs(4, 4, 2, true, true)).unwrap();
        assert_eq!((inside.mean_count, inside.share_connected, inside.max_count), (1.5, 0.5, 4.0));
        assert_eq!(inside.var_count, 5.0 - 2.25);
        assert_eq!((inside.indegree_mean, inside.outdegree_mean), (1.5, 1.5));
        let outside = ContactMoments::of(counts.view(), class_pairs(4, 4, 2, false, true)).unwrap();
        assert_eq!((outside.mean_count, outside.max_count), (0.75, 3.0));
        assert_eq!(ContactMoments::of(counts.view(), class_pairs(4, 4, 1, false, true)), None);
    }
}
