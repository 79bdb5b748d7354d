//! Axons whose synapses have delays of their own: each delay of a neuron is a branch.

use super::draw::Rows;
use crate::snapshot::Fingerprint;

/// The branches of presynaptic neurons: a row of the store each, as all of its synapses hear a spike in the same step.
pub(in crate::clocked::projection) struct Branches {
    /// Where the branches of each neuron begin, and where those of the last end.
    first: Vec<usize>,
    /// The neuron of each branch.
    sources: Vec<u32>,
    /// The steps that a spike takes through each branch, ascending within a neuron.
    delays: Vec<u16>,
    /// All delays that there are, ascending.
    distinct: Vec<u16>,
    /// For synapses in the order of neurons and targets, where the store has each.
    places: Vec<u32>,
    /// Their targets.
    targets: Vec<u32>,
}

impl Branches {
    /// Cuts rows with a delay for each synapse into rows of one delay each; none if delays do not differ.
    pub(super) fn cut(rows: &mut Rows) -> Option<Self> {
        let all = rows.delays.take()?;
        let mut order: Vec<usize> = (0..all.len()).collect();
        let (mut first, mut sources, mut delays, mut offsets) = (vec![0], Vec::new(), Vec::new(), vec![0]);
        for (source, row) in rows.offsets.windows(2).enumerate() {
            let own = &mut order[row[0]..row[1]];
            // Synapses of one delay stay in the order of their targets.
            own.sort_by_key(|&synapse| all[synapse]);
            for branch in own.chunk_by(|a, b| all[*a] == all[*b]) {
                sources.push(source as u32);
                delays.push(all[branch[0]]);
                offsets.push(offsets.last().copied().unwrap_or(0) + branch.len());
            }
            first.push(sources.len());
        }
        let mut places = vec![0; order.len()];
        for (place, &synapse) in order.iter().enumerate() {
            // It fits: a store refuses more.
            places[synapse] = place as u32;
        }
        rows.offsets = offsets;
        let targets = order.iter().map(|&synapse| rows.targets[synapse]).collect();
        let targets = core::mem::replace(&mut rows.targets, targets);
        for (_, values) in &mut rows.each {
            *values = order.iter().map(|&synapse| values[synapse]).collect();
        }
        let mut distinct = delays.clone();
        distinct.sort_unstable();
        distinct.dedup();
        Some(Self { first, sources, delays, distinct, places, targets })
    }

    /// All delays that there are, in steps.
    pub(super) fn all_delays(&self) -> &[u16] {
        &self.distinct
    }

    /// The branch of a neuron with a delay, if it has one.
    pub(super) fn of(&self, neuron: usize, delay: u16) -> Option<u32> {
        let [start, end] = *self.first.get(neuron..)?.first_chunk::<2>()?;
        let found = self.delays[start..end].binary_search(&delay).ok()?;
        // It fits: a store refuses more rows.
        Some((start + found) as u32)
    }

    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    pub(super) fn source(&self, branch: usize) -> usize {
        self.sources[branch] as usize
    }

    pub(super) fn delay(&self, branch: usize) -> u16 {
        self.delays[branch]
    }

    /// Where the store has a synapse; the last place for those that do not exist.
    pub(super) fn place(&self, synapse: usize) -> usize {
        self.places.get(synapse).map_or(self.places.len(), |place| *place as usize)
    }

    /// The targets of all synapses, in the order of neurons and targets.
    pub(super) fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// Values in the order of the store, in that of neurons and targets.
    pub(super) fn sorted(&self, values: &[f64]) -> Vec<f64> {
        self.places.iter().map(|place| values[*place as usize]).collect()
    }

    /// Values in the order of neurons and targets, in that of the store.
    pub(super) fn stored(&self, values: &[f64]) -> Vec<f64> {
        let mut stored = vec![f64::NAN; values.len()];
        for (place, value) in self.places.iter().zip(values) {
            stored[*place as usize] = *value;
        }
        stored
    }

    pub(super) fn bytes(&self) -> usize {
        let Self { first, sources, delays, distinct, places, targets } = self;
        let narrow = size_of_val(&delays[..]) + size_of_val(&distinct[..]);
        size_of_val(&first[..])
            + [sources, places, targets].map(|all| size_of_val(&all[..])).iter().sum::<usize>()
            + narrow
    }

    pub(super) fn fingerprint(&self, all: &mut Fingerprint) {
        all.add(&self.sources);
        all.add(&self.delays);
        all.add(&self.places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_by_delay() {
        let mut rows = Rows {
            offsets: vec![0, 4, 4, 6],
            targets: vec![0, 1, 2, 5, 3, 4],
            n_post: 6,
            each: vec![("w", vec![10.0, 11.0, 12.0, 15.0, 23.0, 24.0])],
            delays: Some(vec![7, 2, 7, 2, 2, 1]),
            ..Rows::default()
        };
        let branches = Branches::cut(&mut rows).unwrap();
        assert_eq!(rows.offsets, [0, 2, 4, 5, 6]);
        assert_eq!(rows.targets, [1, 5, 0, 2, 4, 3]);
        assert_eq!(rows.each[0].1, [11.0, 15.0, 10.0, 12.0, 24.0, 23.0]);
        assert_eq!(branches.all_delays(), [1, 2, 7]);
        let found = [(0, 2), (0, 7), (0, 1), (1, 2), (2, 1), (2, 2), (3, 1)].map(|(neuron, d)| branches.of(neuron, d));
        assert_eq!(found, [Some(0), Some(1), None, None, Some(2), Some(3), None]);
        let sorted = branches.sorted(&rows.each[0].1);
        assert_eq!(sorted, [10.0, 11.0, 12.0, 15.0, 23.0, 24.0]);
        assert_eq!(branches.stored(&sorted), rows.each[0].1);
        assert!(Branches::cut(&mut rows).is_none(), "there are no delays any more");
    }
}
