//! Rules that connect each pair independently.

use rand::Rng as _;
use rand_distr::{Binomial, Distribution as _, Poisson};

use super::{Contacts, Law, Multiplicity, Refusal, Rule, Sampler, Shape, Targets};
use crate::rng::{Family, Stream};

/// Each pair is connected once with probability `p`.
pub fn fixed_prob(p: f64) -> impl Rule {
    Trials { name: "fixed_prob", p, trials: 1, trial_p: p }
}

/// The smallest sum of equal draws whose mean is `p`, for any `p`: `ceil(p)` draws of probability
/// `p / ceil(p)` each.
pub fn bernoulli_sum(p: f64) -> impl Rule {
    let trials = p.ceil().clamp(1.0, f64::from(u16::MAX)) as u32;
    Trials { name: "bernoulli_sum", p, trials, trial_p: p / f64::from(trials) }
}

/// The law of the Python package `BinaryNetwork`: `p` is halved until it is at most 1, and one draw
/// made more than it was halved. The mean is right up to 2 and too small above (1.8 for 2.4).
///
/// Only for comparison with its data; [`bernoulli_sum`] has the right mean.
pub fn bernoulli_halving(p: f64) -> impl Rule {
    let (mut trials, mut trial_p) = (1, p);
    while trial_p > 1.0 && trials < 64 {
        trial_p *= 0.5;
        trials += 1;
    }
    Trials { name: "bernoulli_halving", p, trials, trial_p }
}

/// A Poisson number of contacts of mean `rate` for each pair.
pub fn poisson(rate: f64) -> impl Rule {
    PoissonContacts { rate }
}

#[derive(Debug)]
struct Trials {
    name: &'static str,
    p: f64,
    trials: u32,
    trial_p: f64,
}

impl Rule for Trials {
    fn describe(&self) -> String {
        format!("{}({})", self.name, self.p)
    }

    fn multiplicity(&self, _: &Shape) -> Multiplicity {
        Multiplicity { mean: self.trial_p * f64::from(self.trials), law: Law::AtMost(self.trials) }
    }

    fn check(&self, _: &Shape) -> Result<(), Refusal> {
        if !self.p.is_finite() || self.p < 0.0 {
            return Err(Refusal::new(
                format!("{}({}): a probability is finite and not negative", self.name, self.p),
                "check the parameters that it was computed from",
            ));
        }
        if self.trial_p > 1.0 {
            return Err(Refusal::new(
                format!("{}({}): a probability lies in 0..=1", self.name, self.p),
                "`bernoulli_sum` adds up draws to any mean, `poisson` draws multiple contacts",
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
        let n = shape.targets(0).len();
        // The complement is drawn where it is the smaller set.
        let inverted = self.trial_p > 0.5;
        let p = if inverted { 1.0 - self.trial_p } else { self.trial_p };
        let size = Binomial::new(n as u64, p).map_err(|e| Refusal::new(e.to_string(), "check the probability"))?;
        let mut chosen = vec![0_u64; n.div_ceil(64)];
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            let mut rng = streams.stream(pre as u64);
            let targets = shape.targets(pre);
            let lane = contacts.lane(0);
            for _ in 0..self.trials {
                chosen.fill(0);
                let k = size.sample(&mut rng) as usize;
                if inverted {
                    choose_distinct(&mut rng, n, k, &mut chosen, |_, _| ());
                    visit_others(&chosen, n, |i| lane[targets.nth(i)] += 1);
                } else {
                    choose_distinct(&mut rng, n, k, &mut chosen, |i, new| lane[targets.nth(i)] += u16::from(new));
                }
            }
        }))
    }
}

/// Marks `k` different numbers below `n`; `k` is at most about half of `n`. `f` gets each number that is drawn, and
/// whether it was not marked before (as a number to add, and not a branch that depends on chance).
#[inline]
pub(super) fn choose_distinct(rng: &mut Stream, n: usize, k: usize, marks: &mut [u64], mut f: impl FnMut(usize, bool)) {
    let mut left = k;
    while left > 0 {
        let i = below(rng, n as u32) as usize;
        let bit = 1 << (i % 64);
        let new = marks[i / 64] & bit == 0;
        left -= usize::from(new);
        marks[i / 64] |= bit;
        f(i, new);
    }
}

/// Calls `f` for all numbers below `n` that are not marked.
pub(super) fn visit_others(marks: &[u64], n: usize, mut f: impl FnMut(usize)) {
    for (w, &word) in marks.iter().enumerate() {
        let mut word = !word;
        while word != 0 {
            let i = w * 64 + word.trailing_zeros() as usize;
            if i < n {
                f(i);
            }
            word &= word - 1;
        }
    }
}

/// A uniform number below `n`, without bias (Lemire 2019).
#[inline]
pub(super) fn below(rng: &mut Stream, n: u32) -> u32 {
    let mut wide = u64::from(rng.next_u32()) * u64::from(n);
    if (wide as u32) < n {
        let floor = n.wrapping_neg() % n.max(1);
        while (wide as u32) < floor {
            wide = u64::from(rng.next_u32()) * u64::from(n);
        }
    }
    (wide >> 32) as u32
}

#[derive(Debug)]
struct PoissonContacts {
    rate: f64,
}

impl PoissonContacts {
    /// The total of a column is Poisson, and each contact falls anywhere: O(edges).
    fn column(&self, total: &Poisson<f64>, rng: &mut Stream, targets: &Targets, contacts: &mut Contacts<'_>) {
        let n = targets.len() as u32;
        let count = total.sample(rng) as u64;
        let lane = contacts.lane(0);
        let mut most = 0;
        for _ in 0..count {
            let place = &mut lane[targets.nth(below(rng, n) as usize)];
            *place = place.saturating_add(1);
            most |= *place;
        }
        debug_assert!(most < u16::MAX);
    }
}

impl Rule for PoissonContacts {
    fn describe(&self) -> String {
        format!("poisson({})", self.rate)
    }

    fn multiplicity(&self, _: &Shape) -> Multiplicity {
        Multiplicity { mean: self.rate, law: Law::Poisson }
    }

    fn check(&self, _: &Shape) -> Result<(), Refusal> {
        if self.rate.is_finite() && (0.0..=10_000.0).contains(&self.rate) {
            return Ok(());
        }
        Err(Refusal::new(
            format!("poisson({}): the mean number of contacts lies in 0..=10000", self.rate),
            "check the parameters that it was computed from",
        ))
    }

    fn procedural(&self) -> bool {
        true
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let shape = *shape;
        let mean = self.rate * shape.targets(0).len() as f64;
        if mean == 0.0 {
            return Ok(Box::new(|_: usize, _: &mut Contacts<'_>| {}));
        }
        let total = Poisson::new(mean).map_err(|e| Refusal::new(e.to_string(), "check the rate"))?;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            self.column(&total, &mut streams.stream(pre as u64), &shape.targets(pre), contacts);
        }))
    }
}
