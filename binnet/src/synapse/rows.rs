//! Which synapses there are.

use crate::error::{BuildError, Result};
use crate::snapshot::Fingerprint;

/// Synapses in rows, one for each presynaptic neuron, in ascending order of their targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    /// Where each row begins, and the end of the last one.
    offsets: Vec<usize>,
    pub(super) targets: Vec<u32>,
    n_post: usize,
}

/// The synapses of each postsynaptic neuron, in ascending order of their presynaptic neurons.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    offsets: Vec<usize>,
    /// The synapse, and its presynaptic neuron.
    pub(super) synapses: Vec<u32>,
    pub(super) sources: Vec<u32>,
}

fn refuse<T>(problem: String, help: &str) -> Result<T> {
    Err(BuildError::Value { what: "synapses".to_owned(), problem, help: help.to_owned() }.into())
}

impl Rows {
    pub(super) fn new(offsets: Vec<usize>, targets: Vec<u32>, n_post: usize) -> Result<Self> {
        let ends = (offsets.first().copied(), offsets.last().copied());
        if ends != (Some(0), Some(targets.len())) || offsets.windows(2).any(|pair| pair[0] > pair[1]) {
            let help =
                "rows are cut by ascending offsets from 0 to the number of synapses, one more than there are rows";
            return refuse("have offsets that do not cut the targets into rows".to_owned(), help);
        }
        if [targets.len(), n_post, offsets.len()].into_iter().any(|n| u32::try_from(n).is_err()) {
            return refuse(format!("are {}", targets.len()), "a store holds at most 2^32 - 1; divide the projection");
        }
        if let Some(target) = targets.iter().find(|&&target| target as usize >= n_post) {
            return refuse(format!("have a target {target}, of {n_post} neurons"), "targets are counted from 0");
        }
        let rows = Self { offsets, targets, n_post };
        let sorted = |pre: usize| rows.targets[rows.row(pre)].is_sorted();
        if let Some(pre) = (0..rows.n_pre()).find(|&pre| !sorted(pre)) {
            let problem = format!("of neuron {pre} are not in the order of their targets");
            return refuse(problem, "sort the targets of each row; the values of synapses with them");
        }
        Ok(rows)
    }

    /// Takes the connections in account.
    pub(super) fn fingerprint(&self, all: &mut Fingerprint) {
        let Self { offsets, targets, n_post } = self;
        all.add(offsets);
        all.add(targets);
        all.number(*n_post);
    }

    pub(super) fn n_pre(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(super) fn n_post(&self) -> usize {
        self.n_post
    }

    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The synapses of a neuron; none beyond the last.
    pub(super) fn row(&self, pre: usize) -> core::ops::Range<usize> {
        match self.offsets.get(pre..).unwrap_or_default() {
            [start, end, ..] => *start..*end,
            _ => 0..0,
        }
    }

    /// The presynaptic neuron of a synapse.
    pub(super) fn source(&self, synapse: usize) -> usize {
        self.offsets.partition_point(|&offset| offset <= synapse).saturating_sub(1)
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.offsets[..]) + size_of_val(&self.targets[..])
    }
}

impl Incoming {
    pub(super) fn new(rows: &Rows) -> Self {
        let mut offsets = vec![0; rows.n_post() + 1];
        for &target in &rows.targets {
            offsets[target as usize + 1] += 1;
        }
        for i in 0..rows.n_post() {
            offsets[i + 1] += offsets[i];
        }
        let (mut next, n) = (offsets.clone(), rows.len());
        let (mut synapses, mut sources) = (vec![0; n], vec![0; n]);
        for pre in 0..rows.n_pre() {
            for synapse in rows.row(pre) {
                let place = &mut next[rows.targets[synapse] as usize];
                // Both fit: `Rows::new` checked it.
                synapses[*place] = synapse as u32;
                sources[*place] = pre as u32;
                *place += 1;
            }
        }
        Self { offsets, synapses, sources }
    }

    /// The entries of a postsynaptic neuron; none beyond the last.
    pub(super) fn row(&self, post: usize) -> core::ops::Range<usize> {
        match self.offsets.get(post..).unwrap_or_default() {
            [start, end, ..] => *start..*end,
            _ => 0..0,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.offsets[..]) + size_of_val(&self.synapses[..]) + size_of_val(&self.sources[..])
    }
}
