//! The synapses of one projection onto one block of targets: a row for each presynaptic neuron.

use crate::memory::prefer_large_pages;
use crate::neuron::Real;
use crate::snapshot::Fingerprint;

/// The most targets of a block: positions within it fit two bytes, and counters of all of them the fastest
/// cache.
pub(super) const BLOCK: usize = 8192;

/// The synapses of a projection onto a block, row by row.
#[derive(Clone, Debug)]
pub(super) struct Rows<R> {
    /// Where each row begins; one more than rows.
    offsets: Vec<u32>,
    /// Positions within the block.
    targets: Vec<u16>,
    /// One weight a synapse, if they differ.
    weights: Vec<R>,
    /// Steps of delay, one a synapse, if they differ.
    delays: Delays,
    /// A bound on the synapses that any row has with one target.
    most: u16,
}

/// Delays of single synapses, as narrow as the longest one allows.
#[derive(Clone, Debug)]
enum Delays {
    None,
    Short(Vec<u8>),
    Long(Vec<u16>),
}

impl<R: Real> Rows<R> {
    /// No rows yet, with room for so many synapses.
    pub(super) fn new(rows: usize, synapses: usize, weights: bool, delays: bool) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        let mut targets = Vec::with_capacity(synapses);
        let mut weights = Vec::with_capacity(if weights { synapses } else { 0 });
        let mut short = Vec::with_capacity(if delays { synapses } else { 0 });
        prefer_large_pages(targets.spare_capacity_mut());
        prefer_large_pages(weights.spare_capacity_mut());
        prefer_large_pages(short.spare_capacity_mut());
        Self { offsets, targets, weights, delays: if delays { Delays::Short(short) } else { Delays::None }, most: 1 }
    }

    /// Adds `count` synapses with a target that differ in nothing, so that neither weight nor delay is stored.
    pub(super) fn extend(&mut self, target: u16, count: u16) {
        self.most = self.most.max(count);
        self.targets.extend(core::iter::repeat_n(target, usize::from(count)));
    }

    /// A bound on the synapses that any row has with one target.
    #[inline]
    pub(super) fn most(&self) -> u16 {
        self.most
    }

    /// Adds a synapse to the row that is being written; weight and delay are kept if they are stored.
    pub(super) fn push(&mut self, target: u16, weight: Option<R>, delay: u16) {
        self.targets.push(target);
        self.weights.extend(weight);
        match (&mut self.delays, u8::try_from(delay)) {
            (Delays::None, _) => {}
            (Delays::Short(delays), Ok(delay)) => delays.push(delay),
            (Delays::Short(delays), Err(_)) => {
                let mut longer: Vec<u16> = Vec::with_capacity(delays.capacity());
                longer.extend(delays.iter().map(|delay| u16::from(*delay)));
                longer.push(delay);
                self.delays = Delays::Long(longer);
            }
            (Delays::Long(delays), _) => delays.push(delay),
        }
    }

    /// Ends a row. Returns false when the block has more synapses than can be counted.
    #[must_use]
    pub(super) fn end(&mut self) -> bool {
        self.offsets.push(self.targets.len() as u32);
        u32::try_from(self.targets.len()).is_ok()
    }

    /// Gives back memory that was reserved for nothing.
    pub(super) fn shrink(&mut self) {
        self.targets.shrink_to_fit();
        self.weights.shrink_to_fit();
        match &mut self.delays {
            Delays::None => {}
            Delays::Short(delays) => delays.shrink_to_fit(),
            Delays::Long(delays) => delays.shrink_to_fit(),
        }
    }

    /// The synapses of a row, as a range of positions.
    #[inline(always)]
    fn range(&self, row: usize) -> core::ops::Range<usize> {
        match self.offsets.get(row..row + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// The number of synapses of a row.
    #[inline]
    pub(super) fn len(&self, row: usize) -> usize {
        self.range(row).len()
    }

    /// The targets of a row.
    #[inline(always)]
    pub(super) fn targets(&self, row: usize) -> &[u16] {
        &self.targets[self.range(row)]
    }

    /// The weights of a row; empty if they are not stored.
    #[inline(always)]
    pub(super) fn weights(&self, row: usize) -> &[R] {
        self.weights.get(self.range(row)).unwrap_or_default()
    }

    /// The weights of a row, to be changed; empty if they are not stored.
    pub(super) fn weights_mut(&mut self, row: usize) -> &mut [R] {
        let range = self.range(row);
        self.weights.get_mut(range).unwrap_or_default()
    }

    /// Whether each synapse has a weight of its own.
    pub(super) fn has_weights(&self) -> bool {
        !self.weights.is_empty()
    }

    /// Stores a weight for each synapse, all the same at first.
    pub(super) fn store_weights(&mut self, weight: R) {
        if self.weights.is_empty() {
            self.weights = vec![weight; self.targets.len()];
        }
    }

    /// Whether each synapse has a delay of its own.
    pub(super) fn has_delays(&self) -> bool {
        !matches!(self.delays, Delays::None)
    }

    /// The delays of a row in steps, `common` for all if they are not stored.
    pub(super) fn delays(&self, row: usize, common: u16) -> Vec<u16> {
        let range = self.range(row);
        match &self.delays {
            Delays::None => vec![common; range.len()],
            Delays::Short(delays) => delays[range].iter().map(|delay| u16::from(*delay)).collect(),
            Delays::Long(delays) => delays[range].to_vec(),
        }
    }

    /// Calls `f` with target and delay of each synapse of a row, and its position in the row.
    #[inline(always)]
    pub(super) fn each_delayed(&self, row: usize, mut f: impl FnMut(usize, u16, usize)) {
        let range = self.range(row);
        let targets = &self.targets[range.clone()];
        match &self.delays {
            Delays::None => {}
            Delays::Short(delays) => {
                for (i, (target, delay)) in targets.iter().zip(&delays[range]).enumerate() {
                    f(i, *target, usize::from(*delay));
                }
            }
            Delays::Long(delays) => {
                for (i, (target, delay)) in targets.iter().zip(&delays[range]).enumerate() {
                    f(i, *target, usize::from(*delay));
                }
            }
        }
    }

    /// The weights of all synapses; empty if they are not stored.
    pub(super) fn all_weights(&self) -> &[R] {
        &self.weights
    }

    /// Stores a weight for each synapse, or none. Returns false for another number of weights than synapses.
    pub(super) fn replace_weights(&mut self, weights: Vec<R>) -> bool {
        let fits = weights.is_empty() || weights.len() == self.targets.len();
        if fits {
            self.weights = weights;
        }
        fits
    }

    /// Takes the connections in account, without weights.
    pub(super) fn fingerprint(&self, all: &mut Fingerprint) {
        let Self { offsets, targets, weights: _, delays, most: _ } = self;
        all.add(offsets);
        all.add(targets);
        match delays {
            Delays::None => {}
            Delays::Short(delays) => all.add(delays),
            Delays::Long(delays) => all.add(delays),
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let delays = match &self.delays {
            Delays::None => 0,
            Delays::Short(delays) => delays.len(),
            Delays::Long(delays) => 2 * delays.len(),
        };
        4 * self.offsets.len() + 2 * self.targets.len() + size_of::<R>() * self.weights.len() + delays
    }
}
