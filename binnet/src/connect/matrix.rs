//! Rules whose connections are given: matrices and lists of edges.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use ndarray::Array2;
use sprs::CsMat;

use super::{Contacts, KindWeights, Law, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Connections from a full matrix `w[pre][post]`; zeros are no connections.
///
/// ```
/// use binnet::connect::dense;
/// let rule = dense([[0.0, 0.5], [0.25, 0.0]]);
/// ```
pub fn dense(weights: impl IntoWeights) -> GivenWeights {
    GivenWeights { matrix: weights.into_weights(), transposed: false, palette: OnceLock::new(), whole: OnceLock::new() }
}

/// Connections from a full matrix `w[post][pre]`, the orientation of `W s`.
pub fn dense_post_pre(weights: impl IntoWeights) -> GivenWeights {
    GivenWeights { matrix: weights.into_weights(), transposed: true, palette: OnceLock::new(), whole: OnceLock::new() }
}

/// Connections from a sparse matrix `w[pre][post]`.
pub fn sparse(weights: impl IntoWeights) -> GivenWeights {
    dense(weights)
}

/// One contact for each pair `(pre, post)` of the list; a pair may occur several times.
pub fn edges(list: impl IntoIterator<Item = (usize, usize)>) -> GivenWeights {
    weighted_edges(list.into_iter().map(|(pre, post)| (pre, post, 1.0)))
}

/// A contact `(pre, post, weight)` for each entry of the list; repeated pairs add up.
pub fn weighted_edges(list: impl IntoIterator<Item = (usize, usize, f64)>) -> GivenWeights {
    let entries: Vec<_> = list.into_iter().collect();
    let n = |f: fn(&(usize, usize, f64)) -> usize| entries.iter().map(|e| f(e) + 1).max().unwrap_or(0);
    let matrix = WeightMatrix::from_entries(n(|e| e.0), n(|e| e.1), entries.iter().copied(), f64::EPSILON);
    GivenWeights {
        matrix: WeightMatrix { exact_shape: false, ..matrix },
        transposed: false,
        palette: OnceLock::new(),
        whole: OnceLock::new(),
    }
}

/// A weight matrix on its way into a network: its non-zero entries by row.
#[derive(Clone)]
pub struct WeightMatrix {
    rows: usize,
    columns: usize,
    /// Whether the shape must equal that of the projection (lists of edges only have to fit).
    exact_shape: bool,
    /// Rounding unit of the numbers it was made of.
    epsilon: f64,
    entries: Vec<(u32, u32, f64)>,
}

impl fmt::Debug for WeightMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "matrix of {} x {} with {} entries", self.rows, self.columns, self.entries.len())
    }
}

impl WeightMatrix {
    fn from_entries(
        rows: usize,
        columns: usize,
        entries: impl Iterator<Item = (usize, usize, f64)>,
        epsilon: f64,
    ) -> Self {
        let entries = entries.filter(|e| e.2 != 0.0).map(|(r, c, w)| (r as u32, c as u32, w)).collect();
        Self { rows, columns, exact_shape: true, epsilon, entries }
    }

    /// Rows and columns.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The value of any entry, as a function of row and column; 0 where there is none.
    pub(crate) fn into_lookup(mut self) -> impl Fn(usize, usize) -> f64 + Send + Sync {
        self.entries.sort_by_key(|(row, column, _)| (*row, *column));
        move |row, column| {
            let found = self.entries.binary_search_by_key(&(row, column), |(r, c, _)| (*r as usize, *c as usize));
            found.map_or(0.0, |at| self.entries[at].2)
        }
    }
}

/// What may stand as a weight matrix.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no weight matrix",
    note = "give an `Array2<f64>` or `<f32>` of `binnet::ndarray` (version 0.17), an array of arrays, a vector of rows, or a `CsMat<f64>` of `binnet::sprs`"
)]
pub trait IntoWeights {
    /// Converts.
    fn into_weights(self) -> WeightMatrix;
}

impl IntoWeights for WeightMatrix {
    fn into_weights(self) -> WeightMatrix {
        self
    }
}

impl IntoWeights for &Array2<f64> {
    fn into_weights(self) -> WeightMatrix {
        let (rows, columns) = self.dim();
        WeightMatrix::from_entries(rows, columns, self.indexed_iter().map(|((r, c), w)| (r, c, *w)), f64::EPSILON)
    }
}

impl IntoWeights for Array2<f64> {
    fn into_weights(self) -> WeightMatrix {
        (&self).into_weights()
    }
}

impl IntoWeights for &Array2<f32> {
    fn into_weights(self) -> WeightMatrix {
        let (rows, columns) = self.dim();
        let entries = self.indexed_iter().map(|((r, c), w)| (r, c, f64::from(*w)));
        WeightMatrix::from_entries(rows, columns, entries, f64::from(f32::EPSILON))
    }
}

impl IntoWeights for Array2<f32> {
    fn into_weights(self) -> WeightMatrix {
        (&self).into_weights()
    }
}

impl<const A: usize, const B: usize> IntoWeights for [[f64; B]; A] {
    fn into_weights(self) -> WeightMatrix {
        let entries =
            self.into_iter().enumerate().flat_map(|(r, row)| row.into_iter().enumerate().map(move |(c, w)| (r, c, w)));
        WeightMatrix::from_entries(A, B, entries, f64::EPSILON)
    }
}

impl IntoWeights for Vec<Vec<f64>> {
    /// Rows of unequal length are filled up with zeros, which the check of the shape then judges.
    fn into_weights(self) -> WeightMatrix {
        let (rows, columns) = (self.len(), self.iter().map(Vec::len).max().unwrap_or(0));
        let entries =
            self.into_iter().enumerate().flat_map(|(r, row)| row.into_iter().enumerate().map(move |(c, w)| (r, c, w)));
        WeightMatrix::from_entries(rows, columns, entries, f64::EPSILON)
    }
}

impl IntoWeights for &CsMat<f64> {
    fn into_weights(self) -> WeightMatrix {
        WeightMatrix::from_entries(self.rows(), self.cols(), self.iter().map(|(w, (r, c))| (r, c, *w)), f64::EPSILON)
    }
}

impl IntoWeights for CsMat<f64> {
    fn into_weights(self) -> WeightMatrix {
        (&self).into_weights()
    }
}

/// The rule of a matrix or a list of edges.
pub struct GivenWeights {
    matrix: WeightMatrix,
    /// Rows are post, columns pre.
    transposed: bool,
    palette: OnceLock<Option<Palette>>,
    /// That of any number of weights, once it was asked for.
    whole: OnceLock<Option<Palette>>,
}

impl fmt::Debug for GivenWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.matrix.fmt(f)
    }
}

/// The few weights that a matrix is made of, each entry being a small multiple of one of them.
struct Palette {
    weights: Vec<f64>,
    /// For each entry: kind and multiple.
    entries: Vec<(u16, u16)>,
}

impl Palette {
    /// More different values than this are not made of few weights.
    const MOST: usize = 1 << 16;
    /// More weights than this are looked for only if they are asked for: each value is compared with all of them.
    const FEW: usize = 64;
    const LARGEST_MULTIPLE: f64 = 255.0;

    /// None if there are more weights than `most`.
    fn of(matrix: &WeightMatrix, most: usize) -> Option<Self> {
        let mut distinct = BTreeSet::new();
        for (.., w) in &matrix.entries {
            distinct.insert(w.to_bits());
            if distinct.len() >= Self::MOST {
                return None;
            }
        }
        let mut values: Vec<f64> = distinct.into_iter().map(f64::from_bits).collect();
        values.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        let mut weights: Vec<f64> = Vec::new();
        let mut found = std::collections::HashMap::new();
        for value in values {
            let fit = weights.iter().enumerate().find_map(|(kind, base)| {
                let ratio = value / base;
                let multiple = ratio.round();
                let near = (ratio - multiple).abs() <= 4.0 * matrix.epsilon * multiple;
                (near && (1.0..=Self::LARGEST_MULTIPLE).contains(&multiple)).then_some((kind as u16, multiple as u16))
            });
            if fit.is_none() && weights.len() == most {
                return None;
            }
            let fit = fit.unwrap_or_else(|| {
                weights.push(value);
                ((weights.len() - 1) as u16, 1)
            });
            found.insert(value.to_bits(), fit);
        }
        let entries = matrix.entries.iter().map(|(.., w)| found[&w.to_bits()]).collect();
        Some(Self { weights, entries })
    }
}

impl GivenWeights {
    fn palette(&self) -> Option<&Palette> {
        let few = || self.palette.get_or_init(|| Palette::of(&self.matrix, Palette::FEW)).as_ref();
        self.whole.get().and_then(Option::as_ref).or_else(few)
    }

    /// Presynaptic and postsynaptic index of an entry.
    fn ends(&self, (row, column, _): (u32, u32, f64)) -> (usize, usize) {
        if self.transposed { (column as usize, row as usize) } else { (row as usize, column as usize) }
    }
}

impl Rule for GivenWeights {
    fn describe(&self) -> String {
        format!("{:?}", self.matrix)
    }

    fn is_given(&self) -> bool {
        true
    }

    fn weights(&self, most: usize) -> KindWeights {
        if most > Palette::FEW && self.palette().is_none() {
            self.whole.get_or_init(|| Palette::of(&self.matrix, usize::MAX));
        }
        match self.palette() {
            Some(palette) if palette.weights.len() <= most => KindWeights::Kinds(palette.weights.clone()),
            _ => KindWeights::Real,
        }
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let pairs = shape.pairs_connected().max(1) as f64;
        let most = self.palette().and_then(|p| p.entries.iter().map(|e| e.1).max()).unwrap_or(1);
        Multiplicity { mean: self.matrix.entries.len() as f64 / pairs, law: Law::AtMost(u32::from(most)) }
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let WeightMatrix { rows, columns, .. } = self.matrix;
        let (n_pre, n_post) = if self.transposed { (columns, rows) } else { (rows, columns) };
        let (fits, orientation) = if self.matrix.exact_shape {
            (
                (n_pre, n_post) == (shape.n_pre, shape.n_post),
                if self.transposed { "[post][pre]" } else { "[pre][post]" },
            )
        } else {
            (n_pre <= shape.n_pre && n_post <= shape.n_post, "[pre][post], in a list of edges")
        };
        if !fits {
            let turned = self.matrix.exact_shape && (n_post, n_pre) == (shape.n_pre, shape.n_post);
            return Err(Refusal::new(
                format!(
                    "the matrix is {rows} x {columns} ({orientation}), the populations are {} -> {}",
                    shape.n_pre, shape.n_post
                ),
                match (turned, self.transposed) {
                    (true, false) => "`dense_post_pre` takes the other orientation",
                    (true, true) => "`dense` takes the other orientation",
                    _ => "give one value for each pair of neurons",
                },
            ));
        }
        if let Some((row, column, w)) = self.matrix.entries.iter().find(|e| !e.2.is_finite()) {
            return Err(Refusal::new(format!("the weight at [{row}][{column}] is {w}"), "weights are finite"));
        }
        let outside = self.matrix.entries.iter().find(|e| {
            let (pre, post) = self.ends(**e);
            !shape.targets(pre).contains(post)
        });
        if let Some(entry) = outside {
            let (pre, post) = self.ends(*entry);
            return Err(Refusal::new(
                format!("the pair {pre} -> {post} is excluded by the projection's `where`"),
                "leave the `where` out, or set the entry to 0",
            ));
        }
        Ok(())
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        // Entries ordered by presynaptic neuron, by counting.
        let mut first = vec![0_usize; shape.n_pre + 1];
        for entry in &self.matrix.entries {
            first[self.ends(*entry).0 + 1] += 1;
        }
        for pre in 0..shape.n_pre {
            first[pre + 1] += first[pre];
        }
        let mut next = first.clone();
        let mut order = vec![0_u32; self.matrix.entries.len()];
        for (at, entry) in self.matrix.entries.iter().enumerate() {
            let slot = &mut next[self.ends(*entry).0];
            order[*slot] = at as u32;
            *slot += 1;
        }
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            for &at in &order[first[pre]..first[pre + 1]] {
                let entry = self.matrix.entries[at as usize];
                let post = self.ends(entry).1;
                if contacts.wants_weights() {
                    contacts.add_weight(post, entry.2);
                } else if let Some(palette) = self.palette() {
                    let (kind, multiple) = palette.entries[at as usize];
                    contacts.add(usize::from(kind), post, multiple);
                }
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_weights_are_told_apart_only_where_they_are_asked_for() {
        // 100 weights of which none is a multiple of another.
        let irregular = |n: usize| dense(vec![(0..n).map(|i| 1.0 + 0.009 * i as f64).collect::<Vec<_>>()]);
        let few = irregular(60);
        assert!(matches!(few.weights(60), KindWeights::Kinds(kinds) if kinds.len() == 60));
        assert!(matches!(few.weights(16), KindWeights::Real));
        let many = irregular(100);
        assert!(matches!(many.weights(16), KindWeights::Real));
        assert!(many.palette().is_none() && many.whole.get().is_none());
        assert!(matches!(many.weights(usize::MAX), KindWeights::Kinds(kinds) if kinds.len() == 100));
        assert!(matches!(many.weights(16), KindWeights::Real));
        let multiples = dense([[0.1, 0.3, -0.2], [25.5, 0.0, 0.1]]);
        assert!(matches!(multiples.weights(16), KindWeights::Kinds(kinds) if kinds == [0.1, -0.2]));
        let entries: Vec<u16> = multiples.palette().into_iter().flat_map(|p| p.entries.iter().map(|e| e.1)).collect();
        assert_eq!(entries, [1, 3, 1, 255, 1]);
    }
}
