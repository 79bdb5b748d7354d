//! Rules without chance: all to all, one to one, and a function of the pair.

use std::fmt;

use super::{Contacts, Law, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Every pair is connected once.
pub fn all_to_all() -> impl Rule {
    AllToAll
}

/// Neuron k is connected to neuron k.
pub fn one_to_one() -> impl Rule {
    OneToOne
}

/// A number of contacts computed from the pair `(pre, post)`; it is asked for every admissible pair.
///
/// ```
/// use binnet::connect::from_fn;
/// let next_neighbours = from_fn("neighbours", |pre, post| u16::from(pre.abs_diff(post) == 1));
/// ```
pub fn from_fn(name: impl Into<String>, count: impl Fn(usize, usize) -> u16 + Send + Sync + 'static) -> impl Rule {
    FromFn { name: name.into(), count }
}

#[derive(Debug)]
struct AllToAll;

impl Rule for AllToAll {
    fn describe(&self) -> String {
        "all_to_all".to_owned()
    }

    fn multiplicity(&self, _: &Shape) -> Multiplicity {
        Multiplicity::single(1.0)
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        let shape = *shape;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            for run in shape.targets(pre).runs() {
                contacts.add_run(0, run);
            }
        }))
    }
}

#[derive(Debug)]
struct OneToOne;

impl Rule for OneToOne {
    fn describe(&self) -> String {
        "one_to_one".to_owned()
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        Multiplicity::single(1.0 / shape.n_post.max(1) as f64)
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        if shape.n_pre == shape.n_post {
            return Ok(());
        }
        Err(Refusal::new(
            format!("one_to_one: sizes differ: {} -> {}", shape.n_pre, shape.n_post),
            "connect populations of equal size, or give `edges`",
        ))
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let shape = *shape;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            if shape.targets(pre).contains(pre) {
                contacts.add(0, pre, 1);
            }
        }))
    }
}

struct FromFn<F> {
    name: String,
    count: F,
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<F: Fn(usize, usize) -> u16 + Send + Sync> Rule for FromFn<F> {
    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        // What the planner needs is counted, since the function tells nothing of itself.
        let (mut sum, mut most) = (0_u64, 1);
        for pre in 0..shape.n_pre {
            for post in shape.targets(pre).iter() {
                let n = (self.count)(pre, post);
                sum += u64::from(n);
                most = most.max(n);
            }
        }
        Multiplicity { mean: sum as f64 / shape.pairs_connected().max(1) as f64, law: Law::AtMost(u32::from(most)) }
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        let shape = *shape;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            for post in shape.targets(pre).iter() {
                contacts.add(0, post, (self.count)(pre, post));
            }
        }))
    }
}
