//! How many contacts a neuron gets or makes.

use super::{Pairs, Refusal, Shape};

/// The number of inputs or outputs of a neuron: a count, or a share of the neurons of the other side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Degree {
    /// So many contacts.
    Count(usize),
    /// `p N` contacts, where the other side has `N` neurons, rounded half to even. Between clusters
    /// (`where same cluster`, `where other cluster`) it is rounded for each pair of clusters.
    Share(f64),
}

/// The number of inputs of a neuron.
pub type InDegree = Degree;

impl From<usize> for Degree {
    fn from(k: usize) -> Self {
        Self::Count(k)
    }
}

impl From<f64> for Degree {
    fn from(p: f64) -> Self {
        Self::Share(p)
    }
}

/// The contacts of one neuron: `k` with each of `groups` equal groups of `size` neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) k: usize,
    pub(super) groups: usize,
    pub(super) size: usize,
}

impl Degree {
    /// Splits a degree over the `partners` of a neuron, among `others` neurons of the other side.
    pub(super) fn groups(self, shape: &Shape, partners: usize, others: usize) -> Groups {
        let share = |p: f64, size: usize| (p * size as f64).round_ties_even() as usize;
        match (self, shape.pairs) {
            (Self::Count(k), _) => Groups { k, groups: 1, size: partners },
            (Self::Share(p), Pairs::OtherCluster) if shape.clusters > 1 => {
                let size = others / shape.clusters;
                Groups { k: share(p, size), groups: shape.clusters - 1, size }
            }
            (Self::Share(p), _) => Groups { k: share(p, partners), groups: 1, size: partners },
        }
    }

    pub(super) fn describe(self) -> String {
        match self {
            Self::Count(k) => k.to_string(),
            Self::Share(p) => p.to_string(),
        }
    }
}

/// What the words of a refusal need to know of a rule.
pub(super) struct Words {
    /// The rule as `describe` has it.
    pub(super) rule: String,
    /// What a degree is called: "in-degree".
    pub(super) degree: &'static str,
    /// What it counts: "inputs".
    pub(super) contacts: &'static str,
    /// Where they come from or go to: "sources".
    pub(super) partners: &'static str,
    /// The other side: "presynaptic".
    pub(super) side: &'static str,
}

/// Whether each neuron can have that many contacts.
pub(super) fn check(degree: Degree, multapses: bool, groups: Groups, words: &Words) -> Result<(), Refusal> {
    let Words { rule, degree: name, contacts, partners, side } = words;
    if let Degree::Share(p) = degree
        && !(p.is_finite() && p >= 0.0)
    {
        return Err(Refusal::new(
            format!("{rule}: a share of the {partners} is finite and not negative"),
            format!("give the {name} as a whole number, or as a share of the {side} neurons"),
        ));
    }
    let Groups { k, size, .. } = groups;
    if k > 0 && size == 0 {
        return Err(Refusal::new(format!("{rule}: there are no {partners}"), "check the sizes"));
    }
    if !multapses && k > size {
        return Err(Refusal::new(
            format!("{rule}: {k} different {contacts} cannot be drawn from {size} neurons"),
            format!("lower the {name}, or allow multapses"),
        ));
    }
    if multapses && k as f64 > 10_000.0 * size as f64 {
        return Err(Refusal::new(
            format!("{rule}: more than 10000 contacts a pair"),
            format!("a share is a number of contacts for each {side} neuron: was a count meant?"),
        ));
    }
    Ok(())
}
