//! Rules that fix the number of inputs of each neuron.

use super::probability::{below, choose_distinct, visit};
use super::{Contacts, Law, Multiplicity, Pairs, Refusal, Rule, Sampler, Shape};
use crate::rng::{Family, Stream};

/// The in-degree of a neuron: a number, or a share of the presynaptic neurons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InDegree {
    /// So many inputs.
    Count(usize),
    /// `p N_pre` inputs, rounded half to even. Between clusters (`where same cluster`,
    /// `where other cluster`) it is rounded for each pair of clusters.
    Share(f64),
}

impl From<usize> for InDegree {
    fn from(k: usize) -> Self {
        Self::Count(k)
    }
}

impl From<f64> for InDegree {
    fn from(p: f64) -> Self {
        Self::Share(p)
    }
}

/// Each neuron gets the same number of inputs, drawn with replacement: a pair may have several
/// contacts (multapses).
///
/// A count is spread over all admissible sources; a share is rounded for each pair of clusters.
pub fn fixed_in_degree(degree: impl Into<InDegree>) -> impl Rule {
    FixedInDegree { degree: degree.into(), multapses: true }
}

/// Each neuron gets the same number of inputs, each from another neuron.
pub fn fixed_in_degree_without_multapses(degree: impl Into<InDegree>) -> impl Rule {
    FixedInDegree { degree: degree.into(), multapses: false }
}

#[derive(Debug)]
struct FixedInDegree {
    degree: InDegree,
    multapses: bool,
}

impl FixedInDegree {
    /// Inputs of a neuron from one group of sources, and how many groups of what size there are.
    fn groups(&self, shape: &Shape) -> (usize, usize, usize) {
        let sources = shape.sources(0).len();
        match (self.degree, shape.pairs) {
            (InDegree::Count(k), _) => (k, 1, sources),
            (InDegree::Share(p), Pairs::OtherCluster) if shape.clusters > 1 => {
                let size = shape.n_pre / shape.clusters;
                ((p * size as f64).round_ties_even() as usize, shape.clusters - 1, size)
            }
            (InDegree::Share(p), _) => ((p * sources as f64).round_ties_even() as usize, 1, sources),
        }
    }
}

impl Rule for FixedInDegree {
    fn describe(&self) -> String {
        let degree = match self.degree {
            InDegree::Count(k) => k.to_string(),
            InDegree::Share(p) => p.to_string(),
        };
        format!("fixed_in_degree({degree}{})", if self.multapses { "" } else { ", multapses: false" })
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let (k, _, size) = self.groups(shape);
        let law = if self.multapses { Law::Poisson } else { Law::AtMost(1) };
        Multiplicity { mean: k as f64 / size.max(1) as f64, law }
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        if let InDegree::Share(p) = self.degree
            && !(p.is_finite() && p >= 0.0)
        {
            return Err(Refusal::new(
                format!("{}: a share of the sources is finite and not negative", self.describe()),
                "give the in-degree as a whole number, or as a share of the presynaptic neurons",
            ));
        }
        let (k, _, size) = self.groups(shape);
        if k > 0 && size == 0 {
            return Err(Refusal::new(format!("{}: there are no sources", self.describe()), "check the sizes"));
        }
        if !self.multapses && k > size {
            return Err(Refusal::new(
                format!("{}: {k} different inputs cannot be drawn from {size} neurons", self.describe()),
                "lower the in-degree, or allow multapses",
            ));
        }
        if self.multapses && k as f64 > 10_000.0 * size as f64 {
            return Err(Refusal::new(
                format!("{}: more than 10000 contacts a pair", self.describe()),
                "a share is a number of contacts for each presynaptic neuron: was a count meant?",
            ));
        }
        Ok(())
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        Ok(if shape.n_post <= 1 << 16 && shape.n_pre <= 1 << 16 {
            Box::new(self.draw::<u16>(shape, streams))
        } else {
            Box::new(self.draw::<u32>(shape, streams))
        })
    }
}

/// An index type, as narrow as the sizes allow.
trait Narrow: Copy + Default + 'static {
    fn from_index(i: usize) -> Self;
    fn index(self) -> usize;
}

macro_rules! narrow {
    ($($t:ty),*) => {$(
        impl Narrow for $t {
            #[inline]
            fn from_index(i: usize) -> Self { i as $t }
            #[inline]
            fn index(self) -> usize { self as usize }
        }
    )*};
}
narrow!(u16, u32);

impl FixedInDegree {
    /// Draws all rows, then turns them into columns by counting.
    fn draw<I: Narrow>(&self, shape: &Shape, streams: Family) -> impl Sampler + use<I> {
        let (k, groups, size) = self.groups(shape);
        let mut rows: Vec<I> = Vec::with_capacity(k * groups * shape.n_post);
        let mut first = vec![0_usize; shape.n_pre + 1];
        let mut chosen = vec![0_u64; size.div_ceil(64)];
        for post in 0..shape.n_post {
            let mut rng = streams.stream(post as u64);
            let sources = shape.sources(post);
            for group in 0..groups {
                let mut take = |i: usize| {
                    let pre = sources.nth(group * size + i);
                    rows.push(I::from_index(pre));
                    first[pre + 1] += 1;
                };
                self.row(&mut rng, k, size, &mut chosen, &mut take);
            }
        }
        for pre in 0..shape.n_pre {
            first[pre + 1] += first[pre];
        }
        let mut next = first.clone();
        let mut targets = vec![I::default(); rows.len()];
        for (at, pre) in rows.iter().enumerate() {
            let slot = &mut next[pre.index()];
            targets[*slot] = I::from_index(at / (k * groups));
            *slot += 1;
        }
        drop(rows);
        move |pre: usize, contacts: &mut Contacts<'_>| {
            let lane = contacts.lane(0);
            for post in &targets[first[pre]..first[pre + 1]] {
                lane[post.index()] += 1;
            }
        }
    }

    fn row(&self, rng: &mut Stream, k: usize, size: usize, chosen: &mut [u64], take: &mut impl FnMut(usize)) {
        if self.multapses {
            for _ in 0..k {
                take(below(rng, size as u32) as usize);
            }
            return;
        }
        let inverted = 2 * k > size;
        chosen.fill(0);
        choose_distinct(rng, size, if inverted { size - k } else { k }, chosen);
        visit(chosen, size, inverted, take);
    }
}
