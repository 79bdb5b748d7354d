//! Rules that fix the number of inputs of each neuron.

use super::degree::{Degree, Groups, Words, check};
use super::probability::{below, choose_distinct, visit_others};
use super::{Contacts, Law, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::memory::prefer_large_pages;
use crate::rng::{Family, Stream};

/// Each neuron gets the same number of inputs, drawn with replacement: a pair may have several
/// contacts (multapses).
///
/// A count is spread over all admissible sources; a share is rounded for each pair of clusters.
pub fn fixed_in_degree(degree: impl Into<Degree>) -> impl Rule {
    FixedInDegree { degree: degree.into(), multapses: true }
}

/// Each neuron gets the same number of inputs, each from another neuron.
pub fn fixed_in_degree_without_multapses(degree: impl Into<Degree>) -> impl Rule {
    FixedInDegree { degree: degree.into(), multapses: false }
}

#[derive(Debug)]
struct FixedInDegree {
    degree: Degree,
    multapses: bool,
}

impl FixedInDegree {
    fn groups(&self, shape: &Shape) -> Groups {
        self.degree.groups(shape, shape.sources(0).len(), shape.n_pre)
    }
}

impl Rule for FixedInDegree {
    fn describe(&self) -> String {
        let multapses = if self.multapses { "" } else { ", multapses: false" };
        format!("fixed_in_degree({}{multapses})", self.degree.describe())
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let Groups { k, size, .. } = self.groups(shape);
        let law = if self.multapses { Law::Poisson } else { Law::AtMost(1) };
        Multiplicity { mean: k as f64 / size.max(1) as f64, law }
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let words = Words {
            rule: self.describe(),
            degree: "in-degree",
            contacts: "inputs",
            partners: "sources",
            side: "presynaptic",
        };
        check(self.degree, self.multapses, self.groups(shape), &words)
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
trait Narrow: Copy + Default + Send + 'static {
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
        let Groups { k, groups, size } = self.groups(shape);
        let mut rows: Vec<I> = Vec::with_capacity(k * groups * shape.n_post);
        prefer_large_pages(rows.spare_capacity_mut());
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
        prefer_large_pages(&mut targets);
        for (post, sources) in rows.chunks((k * groups).max(1)).enumerate() {
            for pre in sources {
                let slot = &mut next[pre.index()];
                targets[*slot] = I::from_index(post);
                *slot += 1;
            }
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
        chosen.fill(0);
        if 2 * k > size {
            choose_distinct(rng, size, size - k, chosen, |_, _| ());
            visit_others(chosen, size, take);
        } else {
            choose_distinct(rng, size, k, chosen, |i, new| {
                if new {
                    take(i);
                }
            });
        }
    }
}
