//! Views of connections: by presynaptic neuron, by postsynaptic neuron, as a matrix, as edges.

use core::ops::Range;
use std::fmt;
use std::sync::OnceLock;

use ndarray::Array2;
use sprs::CsMat;

use super::{Columns, Refusal, Rule, Shape};
use crate::error::{BuildError, Result};
use crate::rng::Streams;

/// The contacts between two populations, ordered by presynaptic neuron.
///
/// A synapse is one contact, and its number is its place in that order; a pair with several contacts has
/// several synapses. The names of views are those of BrainPy.
///
/// ```
/// use binnet::connect::Connectivity;
/// let net = Connectivity::from_edges(3, 4, [(0, 1), (2, 3), (0, 2), (2, 1)])?;
/// assert_eq!(net.pre2post(0), [1, 2]);
/// assert_eq!(net.post2pre(1), [0, 2]);
/// assert_eq!(net.pre2syn(2), 2..4);
/// assert_eq!(net.post2syn(1), [0, 3]);
/// assert_eq!(net.matrix()[[2, 3]], 1);
/// # Ok::<(), binnet::Error>(())
/// ```
#[derive(Clone)]
pub struct Connectivity {
    n_pre: usize,
    n_post: usize,
    offsets: Vec<usize>,
    targets: Vec<u32>,
    by_post: OnceLock<ByPost>,
}

/// The same contacts ordered by postsynaptic neuron; made when it is first asked for.
#[derive(Clone)]
struct ByPost {
    offsets: Vec<usize>,
    sources: Vec<u32>,
    synapses: Vec<u32>,
}

impl fmt::Debug for Connectivity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} contacts of {} -> {} neurons", self.len(), self.n_pre, self.n_post)
    }
}

impl PartialEq for Connectivity {
    fn eq(&self, other: &Self) -> bool {
        (self.n_pre, self.n_post) == (other.n_pre, other.n_post)
            && self.offsets == other.offsets
            && self.targets == other.targets
    }
}

impl Eq for Connectivity {}

fn refused(problem: impl Into<String>, help: &str) -> crate::Error {
    BuildError::Value { what: "connectivity".to_owned(), problem: problem.into(), help: help.to_owned() }.into()
}

/// Running sums of the numbers in all but the first place.
fn accumulate(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

impl Connectivity {
    /// Contacts in compressed rows: those of neuron `i` go to `targets[offsets[i]..offsets[i + 1]]`.
    ///
    /// # Errors
    /// If the offsets do not begin with 0, fall, or do not end with the number of targets; for targets
    /// beyond `n_post`, and for more than 2^32 - 1 contacts.
    pub fn new(n_pre: usize, n_post: usize, offsets: Vec<usize>, targets: Vec<u32>) -> Result<Self> {
        const HELP: &str = "give the place of the first contact of each neuron, and the number of all at the end";
        if offsets.len() != n_pre + 1 {
            let what = "offsets, one a neuron and one more".to_owned();
            return Err(BuildError::Length { what, expected: n_pre + 1, found: offsets.len() }.into());
        }
        if offsets[0] != 0 || offsets[n_pre] != targets.len() || offsets.windows(2).any(|w| w[0] > w[1]) {
            return Err(refused(format!("has offsets that do not split {} contacts", targets.len()), HELP));
        }
        if [targets.len(), n_pre, n_post].iter().any(|n| u32::try_from(*n).is_err()) {
            return Err(refused("has more than 2^32 - 1 contacts or neurons", "split the population"));
        }
        if let Some(post) = targets.iter().find(|post| **post as usize >= n_post) {
            return Err(refused(format!("has a contact with neuron {post} of {n_post}"), "indices begin with 0"));
        }
        Ok(Self { n_pre, n_post, offsets, targets, by_post: OnceLock::new() })
    }

    /// Contacts from a list of pairs `(pre, post)`, in any order; a pair may occur several times. The
    /// contacts of a neuron keep the order of the list.
    ///
    /// # Errors
    /// For an index beyond its population.
    pub fn from_edges(n_pre: usize, n_post: usize, list: impl IntoIterator<Item = (usize, usize)>) -> Result<Self> {
        let edges: Vec<(usize, usize)> = list.into_iter().collect();
        if let Some((pre, post)) = edges.iter().find(|(pre, post)| *pre >= n_pre || *post >= n_post) {
            let problem = format!("has the pair {pre} -> {post}, the populations have {n_pre} and {n_post} neurons");
            return Err(refused(problem, "indices begin with 0"));
        }
        let mut offsets = vec![0; n_pre + 1];
        edges.iter().for_each(|(pre, _)| offsets[pre + 1] += 1);
        accumulate(&mut offsets);
        let mut next = offsets.clone();
        let mut targets = vec![0; edges.len()];
        for (pre, post) in edges {
            targets[next[pre]] = post as u32;
            next[pre] += 1;
        }
        Self::new(n_pre, n_post, offsets, targets)
    }

    /// Contacts from a matrix `[pre][post]` of their numbers.
    ///
    /// # Errors
    /// For more than 2^32 - 1 contacts.
    pub fn from_matrix(counts: &Array2<u32>) -> Result<Self> {
        let (n_pre, n_post) = counts.dim();
        let mut offsets = vec![0];
        let mut targets = Vec::new();
        for row in counts.rows() {
            for (post, n) in row.iter().enumerate() {
                targets.extend(core::iter::repeat_n(post as u32, *n as usize));
            }
            offsets.push(targets.len());
        }
        Self::new(n_pre, n_post, offsets, targets)
    }

    /// What a rule makes of a shape, outside of any network, autapses included. The contacts of a neuron are
    /// ordered by target.
    ///
    /// A rule with a weight for each pair has one contact wherever the weight is not 0.
    ///
    /// # Errors
    /// When the rule cannot be applied.
    pub fn draw(rule: &dyn Rule, shape: &Shape, seed: u64) -> Result<Self, Refusal> {
        let mut columns = Columns::new(rule, shape, Streams::new(seed).family("connect"))?;
        let (mut offsets, mut targets) = (Vec::with_capacity(shape.n_pre + 1), Vec::new());
        offsets.push(0);
        let expected = rule.multiplicity(shape).mean * shape.pairs_connected() as f64;
        // A guess: it saves copies while the list grows, and too much of it costs no memory that is used.
        targets.reserve((1.01 * expected).clamp(0.0, 1e9) as usize);
        for pre in 0..shape.n_pre {
            columns.contacts(pre, |post, n| {
                targets.push(post);
                for _ in 1..n {
                    targets.push(post);
                }
            })?;
            offsets.push(targets.len());
        }
        Self::new(shape.n_pre, shape.n_post, offsets, targets)
            .map_err(|error| Refusal::new(error.to_string(), "lower the number of contacts"))
    }

    /// Presynaptic neurons.
    #[must_use]
    pub fn n_pre(&self) -> usize {
        self.n_pre
    }

    /// Postsynaptic neurons.
    #[must_use]
    pub fn n_post(&self) -> usize {
        self.n_post
    }

    /// Synapses.
    #[must_use]
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Where the synapses of each presynaptic neuron begin, and the number of all: `[n_pre + 1]`.
    #[must_use]
    pub fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// The postsynaptic neuron of each synapse.
    #[must_use]
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The neurons that `pre` contacts; none beyond the last neuron.
    #[must_use]
    pub fn pre2post(&self, pre: usize) -> &[u32] {
        &self.targets[self.pre2syn(pre)]
    }

    /// The synapses that `pre` makes.
    #[must_use]
    pub fn pre2syn(&self, pre: usize) -> Range<usize> {
        if pre < self.n_pre { self.offsets[pre]..self.offsets[pre + 1] } else { 0..0 }
    }

    /// The neurons that contact `post`, in ascending order; none beyond the last neuron.
    #[must_use]
    pub fn post2pre(&self, post: usize) -> &[u32] {
        let by_post = self.by_post();
        &by_post.sources[by_post.range(post)]
    }

    /// The synapses that `post` receives, in ascending order.
    #[must_use]
    pub fn post2syn(&self, post: usize) -> &[u32] {
        let by_post = self.by_post();
        &by_post.synapses[by_post.range(post)]
    }

    /// All synapses in order, as pairs `(pre, post)`.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n_pre).flat_map(|pre| self.pre2post(pre).iter().map(move |post| (pre, *post as usize)))
    }

    /// The number of contacts of every pair, `[pre][post]`: 4 bytes a pair.
    #[must_use]
    pub fn matrix(&self) -> Array2<u32> {
        let mut counts = Array2::zeros((self.n_pre, self.n_post));
        self.edges().for_each(|(pre, post)| counts[[pre, post]] += 1);
        counts
    }

    /// The numbers of contacts as a sparse matrix `[pre][post]`.
    #[must_use]
    pub fn sparse(&self) -> CsMat<u32> {
        let (mut starts, mut indices, mut counts) = (vec![0], Vec::new(), Vec::new());
        for pre in 0..self.n_pre {
            let mut row = self.pre2post(pre).to_vec();
            row.sort_unstable();
            for same in row.chunk_by(|a, b| a == b) {
                indices.push(same[0] as usize);
                counts.push(same.len() as u32);
            }
            starts.push(indices.len());
        }
        CsMat::new((self.n_pre, self.n_post), starts, indices, counts)
    }

    /// The number of contacts that each postsynaptic neuron gets.
    #[must_use]
    pub fn in_degrees(&self) -> Vec<u32> {
        let mut degrees = vec![0; self.n_post];
        self.targets.iter().for_each(|post| degrees[*post as usize] += 1);
        degrees
    }

    /// The number of contacts that each presynaptic neuron makes.
    #[must_use]
    pub fn out_degrees(&self) -> Vec<u32> {
        self.offsets.windows(2).map(|w| (w[1] - w[0]) as u32).collect()
    }

    fn by_post(&self) -> &ByPost {
        self.by_post.get_or_init(|| {
            let mut offsets = vec![0; self.n_post + 1];
            self.targets.iter().for_each(|post| offsets[*post as usize + 1] += 1);
            accumulate(&mut offsets);
            let mut next = offsets.clone();
            let (mut sources, mut synapses) = (vec![0; self.len()], vec![0; self.len()]);
            for (synapse, (pre, post)) in self.edges().enumerate() {
                sources[next[post]] = pre as u32;
                synapses[next[post]] = synapse as u32;
                next[post] += 1;
            }
            ByPost { offsets, sources, synapses }
        })
    }
}

impl ByPost {
    fn range(&self, post: usize) -> Range<usize> {
        if post + 1 < self.offsets.len() { self.offsets[post]..self.offsets[post + 1] } else { 0..0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::{dense, fixed_total_number, gaussian_weight, poisson, weighted_edges};
    use ndarray::array;

    #[test]
    fn all_views_show_the_same_contacts() {
        let shape = Shape::new(40, 30);
        let net = Connectivity::draw(&poisson(0.4), &shape, 2).unwrap();
        assert!(net.len() > 300 && net.matrix().iter().any(|n| *n > 1));
        let matrix = net.matrix();
        assert_eq!(Connectivity::from_matrix(&matrix).unwrap(), net);
        assert_eq!(Connectivity::from_edges(40, 30, net.edges()).unwrap(), net);
        let sparse = net.sparse();
        assert_eq!(sparse.to_dense(), matrix);
        assert_eq!(sparse.data().iter().sum::<u32>() as usize, net.len());
        let edges: Vec<_> = net.edges().collect();
        for pre in 0..40 {
            assert!(net.pre2syn(pre).all(|syn| edges[syn].0 == pre));
            assert_eq!(net.pre2post(pre).len() as u32, matrix.row(pre).sum());
        }
        for post in 0..30 {
            let found: Vec<_> = net.post2syn(post).iter().map(|syn| edges[*syn as usize]).collect();
            let expected: Vec<_> = edges.iter().copied().filter(|e| e.1 == post).collect();
            assert_eq!(found, expected);
            assert!(net.post2pre(post).iter().copied().eq(expected.iter().map(|e| e.0 as u32)));
        }
        assert_eq!(net.in_degrees(), matrix.sum_axis(ndarray::Axis(0)).to_vec());
        assert_eq!(net.out_degrees(), matrix.sum_axis(ndarray::Axis(1)).to_vec());
        assert!(net.pre2post(40).is_empty() && net.post2pre(30).is_empty() && net.post2syn(usize::MAX - 1).is_empty());
    }

    #[test]
    fn weights_are_contacts_where_they_are_not_zero() {
        let shape = Shape::new(2, 2);
        let given = Connectivity::draw(&dense([[0.0, 0.5], [0.3, 0.2]]), &shape, 0).unwrap();
        assert_eq!(given.matrix(), array![[0, 1], [1, 1]]);
        let edges = Connectivity::draw(&weighted_edges([(0, 1, 2.0), (0, 1, 2.0)]), &shape, 0).unwrap();
        assert_eq!(edges.matrix(), array![[0, 2], [0, 0]]);
        let hill = Connectivity::draw(&gaussian_weight(0.1, 1.0, 0.5), &Shape::within(2), 0).unwrap();
        assert_eq!(hill.matrix(), array![[1, 0], [0, 1]]);
    }

    #[test]
    fn wrong_tables_are_refused() {
        let text = |result: Result<Connectivity>| result.unwrap_err().to_string();
        assert!(text(Connectivity::new(2, 3, vec![0, 1], vec![2])).contains("expected 3 values"));
        assert!(text(Connectivity::new(1, 3, vec![0, 2], vec![2])).contains("do not split 1"));
        assert!(text(Connectivity::new(2, 3, vec![0, 2, 1], vec![2])).contains("do not split 1"));
        assert!(text(Connectivity::new(1, 3, vec![0, 1], vec![3])).contains("neuron 3 of 3"));
        assert!(text(Connectivity::from_edges(2, 3, [(2, 0)])).contains("the pair 2 -> 0"));
        assert!(Connectivity::draw(&fixed_total_number(1_000_000), &Shape::new(1, 10), 0).is_err());
        assert!(Connectivity::from_edges(0, 0, []).unwrap().is_empty());
    }
}
