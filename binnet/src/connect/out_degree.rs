//! Rules that fix the number of outputs of each neuron.

use super::degree::{Degree, Groups, Words, check};
use super::probability::{below, choose_distinct, visit_others};
use super::{Contacts, Law, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Each neuron makes the same number of contacts, drawn with replacement: a pair may have several
/// (multapses). An autapse is one of them, and is missing where autapses are removed.
///
/// A count is spread over all admissible targets; a share of the postsynaptic neurons is rounded for
/// each pair of clusters.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, fixed_out_degree};
/// let drawn = Connectivity::draw(&fixed_out_degree(3), &Shape::new(10, 40), 1).unwrap();
/// assert_eq!(drawn.out_degrees(), [3; 10]);
/// ```
pub fn fixed_out_degree(degree: impl Into<Degree>) -> impl Rule {
    FixedOutDegree { degree: degree.into(), multapses: true }
}

/// Each neuron makes the same number of contacts, each with another neuron.
pub fn fixed_out_degree_without_multapses(degree: impl Into<Degree>) -> impl Rule {
    FixedOutDegree { degree: degree.into(), multapses: false }
}

#[derive(Debug)]
struct FixedOutDegree {
    degree: Degree,
    multapses: bool,
}

impl FixedOutDegree {
    fn groups(&self, shape: &Shape) -> Groups {
        self.degree.groups(shape, shape.targets(0).len(), shape.n_post)
    }
}

impl Rule for FixedOutDegree {
    fn describe(&self) -> String {
        let multapses = if self.multapses { "" } else { ", multapses: false" };
        format!("fixed_out_degree({}{multapses})", self.degree.describe())
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let Groups { k, size, .. } = self.groups(shape);
        let law = if self.multapses { Law::Poisson } else { Law::AtMost(1) };
        Multiplicity { mean: k as f64 / size.max(1) as f64, law }
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let words = Words {
            rule: self.describe(),
            degree: "out-degree",
            contacts: "outputs",
            partners: "targets",
            side: "postsynaptic",
        };
        check(self.degree, self.multapses, self.groups(shape), &words)
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let shape = *shape;
        let Groups { k, groups, size } = self.groups(&shape);
        if self.multapses {
            return Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
                let mut rng = streams.stream(pre as u64);
                let targets = shape.targets(pre);
                let lane = contacts.lane(0);
                for group in 0..groups {
                    for _ in 0..k {
                        lane[targets.nth(group * size + below(&mut rng, size as u32) as usize)] += 1;
                    }
                }
            }));
        }
        // The complement is drawn where it is the smaller set.
        let inverted = 2 * k > size;
        let mut chosen = vec![0_u64; size.div_ceil(64)];
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let mut rng = streams.stream(pre as u64);
            let targets = shape.targets(pre);
            let lane = contacts.lane(0);
            for group in 0..groups {
                chosen.fill(0);
                let nth = |i| targets.nth(group * size + i);
                if inverted {
                    choose_distinct(&mut rng, size, size - k, &mut chosen, |_, _| ());
                    visit_others(&chosen, size, |i| lane[nth(i)] += 1);
                } else {
                    choose_distinct(&mut rng, size, k, &mut chosen, |i, new| lane[nth(i)] += u16::from(new));
                }
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::{Connectivity, Pairs};

    #[test]
    fn in_degrees_are_binomial() {
        // With replacement, a target gets Binomial(n_pre k, 1 / n_post) contacts.
        let shape = Shape::new(2000, 500);
        let drawn = Connectivity::draw(&fixed_out_degree(40), &shape, 7).unwrap();
        assert_eq!(drawn.out_degrees(), [40; 2000]);
        let p = 1.0 / 500.0;
        let (mean, variance) = (80_000.0 * p, 80_000.0 * p * (1.0 - p));
        let degrees: Vec<f64> = drawn.in_degrees().iter().map(|k| f64::from(*k)).collect();
        assert_eq!(degrees.iter().sum::<f64>() / 500.0, mean);
        let measured = degrees.iter().map(|k| (k - mean).powi(2)).sum::<f64>() / 499.0;
        // The standard error of a variance over 500 is 6.3 %: 5 of them, false alarms below 1e-6.
        assert!((measured / variance - 1.0).abs() < 5.0 * (2.0_f64 / 499.0).sqrt(), "{measured} {variance}");
        assert!((0..2000).any(|pre| {
            let mut row = drawn.pre2post(pre).to_vec();
            row.dedup();
            row.len() < 40
        }));
    }

    #[test]
    fn without_multapses_all_targets_differ() {
        // Below and above one half, where the complement is drawn.
        for k in [3, 29, 40] {
            let drawn = Connectivity::draw(&fixed_out_degree_without_multapses(k), &Shape::new(50, 40), 3).unwrap();
            assert_eq!(drawn.out_degrees(), [k as u32; 50]);
            assert!(drawn.matrix().iter().all(|n| *n <= 1));
        }
        let share = Connectivity::draw(&fixed_out_degree_without_multapses(0.25), &Shape::new(50, 40), 3).unwrap();
        assert_eq!(share.out_degrees(), [10; 50]);
    }

    #[test]
    fn shares_are_rounded_for_each_pair_of_clusters() {
        let shape = Shape { clusters: 4, pairs: Pairs::OtherCluster, ..Shape::new(20, 40) };
        // 0.15 of 10 is 2 (half to even), three times.
        let drawn = Connectivity::draw(&fixed_out_degree(0.15), &shape, 3).unwrap();
        for pre in 0..20 {
            for cluster in 0..4 {
                let found = drawn.pre2post(pre).iter().filter(|post| **post / 10 == cluster).count();
                assert_eq!(found, if cluster as usize == pre / 5 { 0 } else { 2 });
            }
        }
    }

    #[test]
    fn impossible_degrees_are_refused() {
        let problem = |rule: &dyn Rule| rule.check(&Shape::new(4, 10)).unwrap_err().problem;
        assert!(problem(&fixed_out_degree_without_multapses(11)).contains("11 different outputs"));
        assert!(problem(&fixed_out_degree(-0.1)).contains("finite and not negative"));
        assert!(problem(&fixed_out_degree(1e6)).contains("10000 contacts"));
        assert!(fixed_out_degree(1).check(&Shape::new(4, 0)).unwrap_err().problem.contains("no targets"));
    }
}
