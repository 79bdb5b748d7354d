//! One column at a time: what a rule draws for a presynaptic neuron, listed by target.

use super::{Contacts, KindWeights, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;
use crate::simd::{Instructions, Kernels};

/// Draws columns of a rule and lists them. Used where connections are stored, and where they are not: a
/// column can be drawn at any time, with the same contacts.
///
/// ```
/// use binnet::connect::{Columns, Shape, fixed_prob};
/// use binnet::rng::Streams;
/// let rule = fixed_prob(0.1);
/// let mut columns = Columns::new(&rule, &Shape::new(100, 200), Streams::new(1).family("example"))?;
/// let mut targets = Vec::new();
/// columns.contacts(7, |post, n| targets.push((post, n)))?;
/// assert!(targets.len() > 5 && targets.is_sorted());
/// # Ok::<(), binnet::connect::Refusal>(())
/// ```
pub struct Columns<'a> {
    sampler: Box<dyn Sampler + 'a>,
    n_post: usize,
    /// Contacts of all kinds are counted in one lane; empty if there is a weight for each pair.
    counts: Vec<u16>,
    lanes: Vec<usize>,
    weights: Vec<f64>,
    listed: Listed,
}

impl<'a> Columns<'a> {
    /// Prepares to draw.
    ///
    /// # Errors
    /// When the rule cannot be applied to the shape.
    pub fn new(rule: &'a dyn Rule, shape: &Shape, streams: Family) -> Result<Self, Refusal> {
        let sampler = rule.sampler(shape, streams)?;
        let n_post = shape.n_post;
        let (lanes, real) = match rule.weights(1) {
            KindWeights::Kinds(kinds) => (vec![0; kinds.len()], false),
            KindWeights::Real => (Vec::new(), true),
        };
        let counts = vec![0; if real { 0 } else { n_post }];
        let weights = vec![0.0; if real { n_post } else { 0 }];
        let listed = Listed::new(counts.len());
        Ok(Self { sampler, n_post, counts, lanes, weights, listed })
    }

    /// Whether the rule brings a weight for each pair.
    #[must_use]
    pub fn are_weighted(&self) -> bool {
        self.counts.is_empty() && !self.weights.is_empty()
    }

    /// Calls `f` with each target of `pre` and its number of contacts, in ascending order of targets. A pair with
    /// a weight of its own counts as one contact, unless the weight is 0.
    ///
    /// # Errors
    /// If a pair has more than 65535 contacts.
    #[inline]
    pub fn contacts(&mut self, pre: usize, mut f: impl FnMut(u32, u16)) -> Result<(), Refusal> {
        self.draw(pre)?;
        if self.are_weighted() {
            self.drain_weights(|post, _| f(post, 1));
        } else {
            self.listed.drain(&mut self.counts, f);
        }
        Ok(())
    }

    /// Calls `f` with each target of `pre` and its weight, in ascending order of targets. Without weights of
    /// its own, a pair weighs as much as it has contacts.
    ///
    /// # Errors
    /// If a pair has more than 65535 contacts.
    #[inline]
    pub fn weights(&mut self, pre: usize, mut f: impl FnMut(u32, f64)) -> Result<(), Refusal> {
        self.draw(pre)?;
        if self.are_weighted() {
            self.drain_weights(f);
        } else {
            self.listed.drain(&mut self.counts, |post, n| f(post, f64::from(n)));
        }
        Ok(())
    }

    fn draw(&mut self, pre: usize) -> Result<(), Refusal> {
        let mut contacts = Contacts::new(&mut self.counts, &self.lanes, self.n_post, &mut self.weights);
        self.sampler.column(pre, &mut contacts);
        if contacts.overflowed() {
            self.counts.fill(0);
            return Err(Refusal::new(
                "a pair has more than 65535 contacts",
                "lower the number of contacts, raise the weight",
            ));
        }
        Ok(())
    }

    fn drain_weights(&mut self, mut f: impl FnMut(u32, f64)) {
        for (post, w) in self.weights.iter_mut().enumerate().filter(|(_, w)| **w != 0.0) {
            f(post as u32, core::mem::take(w));
        }
    }
}

/// Lists counts that are not 0.
pub(crate) struct Listed {
    /// A bit for each count: whether it is not 0.
    masks: Vec<u64>,
    /// Where counts are not 0, in the column being listed.
    places: Vec<u32>,
    kernels: Kernels,
}

impl Listed {
    /// For so many counts.
    pub(crate) fn new(counts: usize) -> Self {
        let masks = vec![0; counts.div_ceil(WORD)];
        Self { masks, places: vec![0; counts + WORD], kernels: Instructions::Detect.kernels() }
    }

    /// Calls `f` with the place and the value of each count that is not 0, in order, and clears it.
    #[inline]
    pub(crate) fn drain(&mut self, counts: &mut [u16], mut f: impl FnMut(u32, u16)) {
        let n = self.list(counts);
        for &place in &self.places[..n] {
            f(place, core::mem::take(&mut counts[place as usize]));
        }
    }

    /// Writes the places of all counts that are not 0, in order; returns how many.
    fn list(&mut self, counts: &[u16]) -> usize {
        let Self { masks, places, kernels } = self;
        let total = kernels.vectorize(
            #[inline(always)]
            || mark(counts, masks, *kernels),
        );
        // Branches that depend on chance are what takes time: so many places of a word are written without asking how
        // many there are.
        kernels.vectorize(
            #[inline(always)]
            || match total / masks.len().max(1) {
                0 | 1 => places_of::<4>(masks, places),
                2..5 => places_of::<8>(masks, places),
                _ => places_of::<16>(masks, places),
            },
        )
    }
}

/// Counts that are looked at together.
const WORD: usize = 64;

/// Sets a bit for each count that is not 0; returns how many there are.
#[inline(always)]
fn mark(counts: &[u16], masks: &mut [u64], kernels: Kernels) -> usize {
    let (words, rest) = counts.as_chunks::<WORD>();
    let mut total = 0;
    for (mask, word) in masks.iter_mut().zip(words) {
        let (halves, _) = word.as_chunks::<32>();
        let (low, high) = (kernels.test(&halves[0], u16::MAX), kernels.test(&halves[1], u16::MAX));
        *mask = u64::from(low) | u64::from(high) << 32;
        total += mask.count_ones() as usize;
    }
    if let Some(last) = masks.get_mut(words.len()) {
        *last = rest.iter().enumerate().fold(0, |mask, (i, count)| mask | u64::from(*count != 0) << i);
        total += last.count_ones() as usize;
    }
    total
}

/// Writes the places of all bits, in order; returns how many. `places` has room for [`WORD`] more.
#[inline(always)]
fn places_of<const AT_ONCE: usize>(masks: &[u64], places: &mut [u32]) -> usize {
    let mut n = 0;
    for (w, &mask) in masks.iter().enumerate() {
        let mut mask = mask;
        let found = mask.count_ones() as usize;
        let first = (w * WORD) as u32;
        let out = &mut places[n..n + WORD];
        for place in &mut out[..AT_ONCE] {
            *place = first + mask.trailing_zeros();
            mask &= mask.wrapping_sub(1);
        }
        for place in &mut out[AT_ONCE.min(found)..found] {
            *place = first + mask.trailing_zeros();
            mask &= mask.wrapping_sub(1);
        }
        n += found;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::*;
    use crate::rng::Streams;

    #[test]
    fn all_counts_are_listed() {
        for n in [0, 1, 63, 64, 65, 300] {
            for every in [1, 3, 17] {
                let counts: Vec<u16> = (0..n).map(|i| u16::from(i % every == 0 || i + 1 == n) * 256).collect();
                let expected: Vec<u32> = (0..n as u32).filter(|i| counts[*i as usize] > 0).collect();
                for instructions in [Instructions::Detect, Instructions::Baseline] {
                    let mut listed = Listed { kernels: instructions.kernels(), ..Listed::new(n) };
                    let found = listed.list(&counts);
                    assert_eq!(listed.places[..found], expected);
                }
            }
        }
    }

    #[test]
    fn contacts_and_weights_of_a_column() {
        let family = Streams::new(0).family("test");
        let rule = from_fn("twice", |pre, post| if post == pre + 1 { 2 } else { 0 });
        let mut columns = Columns::new(&rule, &Shape::within(4), family).unwrap();
        let mut found = Vec::new();
        for pre in [2, 0, 3, 2] {
            columns.weights(pre, |post, w| found.push((post, w))).unwrap();
        }
        assert_eq!(found, [(3, 2.0), (1, 2.0), (3, 2.0)]);
        let hill = gaussian_weight(1.0, 2.0, 0.5).normalised(false);
        let mut columns = Columns::new(&hill, &Shape::within(4), family).unwrap();
        let (mut weights, mut targets) = (Vec::new(), Vec::new());
        columns.weights(0, |post, w| weights.push((post, w))).unwrap();
        columns.contacts(0, |post, n| targets.push((post, n))).unwrap();
        assert_eq!(targets, [(0, 1), (1, 1)]);
        assert_eq!(weights, [(0, 2.0), (1, 2.0 * (-0.5_f64).exp())]);
    }

    #[test]
    fn a_column_is_the_same_in_any_order_and_on_any_thread() {
        let shape = Shape::within(70);
        let family = Streams::new(5).family("test");
        let rules: [Box<dyn Rule>; 17] = [
            Box::new(fixed_prob(0.2)),
            Box::new(poisson(0.7)),
            Box::new(bernoulli_sum(1.3)),
            Box::new(all_to_all()),
            Box::new(one_to_one()),
            Box::new(from_fn("next", |pre, post| u16::from(pre < post))),
            Box::new(fixed_in_degree(9)),
            Box::new(fixed_in_degree_without_multapses(9)),
            Box::new(fixed_out_degree(9)),
            Box::new(fixed_out_degree_without_multapses(9)),
            Box::new(fixed_total_number(500)),
            Box::new(grid_n(2)),
            Box::new(gaussian_prob(0.1)),
            Box::new(gaussian_weight(0.1, 1.0, 0.1)),
            Box::new(small_world(6, 0.3)),
            Box::new(scale_free(4)),
            Box::new(edges([(3, 4), (60, 2), (3, 4)])),
        ];
        for rule in rules {
            let rule = &*rule;
            let of = |order: Vec<usize>| {
                let mut columns = Columns::new(rule, &shape, family).unwrap();
                let mut found = vec![Vec::new(); 70];
                for pre in order {
                    let mut column = Vec::new();
                    columns.weights(pre, |post, w| column.push((post, w))).unwrap();
                    found[pre] = column;
                }
                found
            };
            let ascending = of((0..70).collect());
            let mixed = of((0..210).map(|i| i * 37 % 70).collect());
            assert_eq!(ascending, mixed, "{}", rule.describe());
            let mut elsewhere = Columns::new(rule, &shape, family).unwrap();
            let column = std::thread::scope(|scope| {
                let drawing = scope.spawn(|| {
                    let mut column = Vec::new();
                    elsewhere.weights(3, |post, w| column.push((post, w))).unwrap();
                    column
                });
                drawing.join().unwrap()
            });
            assert_eq!(column, ascending[3], "{}", rule.describe());
        }
    }

    #[test]
    fn too_many_contacts_of_a_pair_are_refused() {
        let rule = from_fn("many", |_, _| 40_000);
        #[derive(Debug)]
        struct Twice<R>(R);
        impl<R: Rule> Rule for Twice<R> {
            fn multiplicity(&self, shape: &Shape) -> crate::connect::Multiplicity {
                self.0.multiplicity(shape)
            }
            fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
                let mut sampler = self.0.sampler(shape, streams)?;
                Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
                    sampler.column(pre, contacts);
                    sampler.column(pre, contacts);
                }))
            }
        }
        let twice = Twice(rule);
        let mut columns = Columns::new(&twice, &Shape::within(2), Streams::new(0).family("test")).unwrap();
        assert!(columns.contacts(0, |_, _| ()).unwrap_err().problem.contains("65535"));
    }
}
