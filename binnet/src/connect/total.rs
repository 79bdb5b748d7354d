//! A fixed number of contacts in all.

use rand_distr::{Binomial, Distribution as _};

use super::probability::below;
use super::{Contacts, Law, Multiplicity, Refusal, Rule, Sampler, Shape};
use crate::rng::Family;

/// Exactly `n` contacts, each between a pair drawn from all admissible pairs: their numbers are
/// multinomial, so a pair may have several (multapses). Autapses are among them, and are missing where
/// autapses are removed.
///
/// The law of NEST's `fixed_total_number` with autapses, and of the microcircuit of Potjans & Diesmann
/// (2014). The contacts of each presynaptic neuron are counted in advance, one binomial number each.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, fixed_total_number};
/// let drawn = Connectivity::draw(&fixed_total_number(1000), &Shape::new(30, 40), 1).unwrap();
/// assert_eq!(drawn.len(), 1000);
/// ```
pub fn fixed_total_number(n: u64) -> impl Rule {
    FixedTotalNumber { n }
}

/// The stream that counts the contacts of all neurons, apart from those of the neurons.
const COUNTING: u64 = u64::MAX;

#[derive(Debug)]
struct FixedTotalNumber {
    n: u64,
}

impl Rule for FixedTotalNumber {
    fn describe(&self) -> String {
        format!("fixed_total_number({})", self.n)
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        Multiplicity { mean: self.n as f64 / shape.pairs_connected().max(1) as f64, law: Law::Poisson }
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let pairs = shape.pairs_connected();
        if self.n > 0 && pairs == 0 {
            return Err(Refusal::new(format!("{}: there are no pairs", self.describe()), "check the sizes"));
        }
        if self.n as f64 > 10_000.0 * pairs as f64 {
            return Err(Refusal::new(
                format!("{}: more than 10000 contacts for each of {pairs} pairs", self.describe()),
                "lower the number",
            ));
        }
        Ok(())
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let shape = *shape;
        // All neurons have the same number of targets, so the next of `left` neurons gets its share of
        // what remains.
        let mut rng = streams.stream(COUNTING);
        let mut remaining = self.n;
        let mut counts = Vec::with_capacity(shape.n_pre);
        for left in (1..=shape.n_pre).rev() {
            let share = Binomial::new(remaining, 1.0 / left as f64)
                .map_err(|e| Refusal::new(e.to_string(), "lower the number of contacts"))?;
            let count = if left == 1 { remaining } else { share.sample(&mut rng) };
            remaining -= count;
            counts.push(count);
        }
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let Some(&count) = counts.get(pre) else { return };
            let mut rng = streams.stream(pre as u64);
            let targets = shape.targets(pre);
            let n = targets.len() as u32;
            let lane = contacts.lane(0);
            for _ in 0..count {
                lane[targets.nth(below(&mut rng, n) as usize)] += 1;
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::{Connectivity, Pairs};

    /// Mean and variance of whole numbers.
    fn moments(counts: &[u32]) -> (f64, f64) {
        let n = counts.len() as f64;
        let mean = counts.iter().map(|k| f64::from(*k)).sum::<f64>() / n;
        (mean, counts.iter().map(|k| (f64::from(*k) - mean).powi(2)).sum::<f64>() / (n - 1.0))
    }

    #[test]
    fn contacts_are_multinomial() {
        let (n_pre, n_post, n) = (400, 300, 60_000_u32);
        let shape = Shape::new(n_pre, n_post);
        let drawn = Connectivity::draw(&fixed_total_number(n.into()), &shape, 5).unwrap();
        assert_eq!(drawn.len(), n as usize);
        // Degrees are binomial on either side. 5 standard errors of a variance: false alarms below 1e-6.
        for (degrees, groups) in [(drawn.out_degrees(), n_pre), (drawn.in_degrees(), n_post)] {
            let p = 1.0 / groups as f64;
            let (mean, variance) = moments(&degrees);
            assert!((mean - f64::from(n) * p).abs() < 1e-9);
            let expected = f64::from(n) * p * (1.0 - p);
            let error = (2.0 / (groups as f64 - 1.0)).sqrt();
            assert!((variance / expected - 1.0).abs() < 5.0 * error, "{variance} {expected}");
        }
        // And so are the contacts of a pair.
        let pairs: Vec<u32> = drawn.matrix().iter().copied().collect();
        let (mean, variance) = moments(&pairs);
        // The kurtosis of Poisson numbers of mean m widens the error of a variance to (2 + 1 / m) / n.
        let error = ((2.0 + 1.0 / mean) / pairs.len() as f64).sqrt();
        assert!((variance / mean - 1.0).abs() < 5.0 * error, "{variance} {mean}");
    }

    #[test]
    fn only_admissible_pairs_are_drawn() {
        let shape = Shape { clusters: 2, pairs: Pairs::OtherCluster, ..Shape::new(10, 6) };
        let drawn = Connectivity::draw(&fixed_total_number(500), &shape, 5).unwrap();
        assert_eq!(drawn.len(), 500);
        assert!(drawn.edges().all(|(pre, post)| pre / 5 != post / 3));
    }

    #[test]
    fn impossible_numbers_are_refused() {
        assert!(fixed_total_number(1).check(&Shape::new(0, 5)).unwrap_err().problem.contains("no pairs"));
        assert!(fixed_total_number(100_001).check(&Shape::new(2, 5)).unwrap_err().problem.contains("10 pairs"));
        assert!(Connectivity::draw(&fixed_total_number(0), &Shape::new(0, 5), 1).unwrap().is_empty());
    }
}
