//! A log of flips, checked once, and the rates that follow from it.

use ndarray::Array2;

/// The states at the start and every change since. A trace is consistent: each flip changes the
/// state it finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    initial: Vec<u8>,
    updates: u64,
    flips: Vec<(u64, u32, i8)>,
    /// Updates that each neuron had, where the log tells.
    hits: Option<Vec<u64>>,
}

/// Why a log is no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// A state that is neither 0 nor 1.
    #[error("the state of neuron {neuron} is {value}; a binary neuron is 0 or 1")]
    State {
        /// The neuron.
        neuron: usize,
        /// Its state.
        value: u8,
    },
    /// Lists that belong together and differ in length.
    #[error("{ids} updates and {deltas} changes do not belong together")]
    Lengths {
        /// Neuron ids given.
        ids: usize,
        /// Changes given.
        deltas: usize,
    },
    /// An id beyond the last neuron.
    #[error("neuron {id} in update {update} does not exist: there are {neurons} neurons")]
    Neuron {
        /// The id.
        id: u32,
        /// The update.
        update: u64,
        /// Neurons of the network.
        neurons: usize,
    },
    /// A flip that comes before the one before it, or after the last update.
    #[error("a flip in update {update} is out of order: {limit}")]
    Order {
        /// The update.
        update: u64,
        /// What it should have kept to.
        limit: String,
    },
    /// A change that the state does not allow.
    #[error("update {update} changes neuron {id} by {delta}, but its state is {state}")]
    Contradiction {
        /// The update.
        update: u64,
        /// The neuron.
        id: u32,
        /// The change.
        delta: i8,
        /// The state before.
        state: u8,
    },
    /// Populations that do not fit the neurons.
    #[error("{populations} for {neurons} neurons\nhelp: {help}")]
    Populations {
        /// The populations given.
        populations: String,
        /// Neurons of the network.
        neurons: usize,
        /// How to mend it.
        help: &'static str,
    },
}

impl Trace {
    /// A trace from flips `(update, neuron, change)` in order of their updates, of which there were
    /// `updates` in all. Several flips may share an update.
    ///
    /// # Errors
    /// At the first flip that does not fit.
    pub fn new(initial: Vec<u8>, updates: u64, flips: Vec<(u64, u32, i8)>) -> Result<Self, TraceError> {
        if let Some(neuron) = initial.iter().position(|state| *state > 1) {
            return Err(TraceError::State { neuron, value: initial[neuron] });
        }
        let (mut states, mut last) = (initial.clone(), 0);
        for &(update, id, delta) in &flips {
            if update < last || update >= updates {
                let limit = if update < last {
                    format!("it follows one in update {last}")
                } else {
                    format!("there were {updates} updates")
                };
                return Err(TraceError::Order { update, limit });
            }
            last = update;
            let neurons = states.len();
            let state = states.get_mut(id as usize).ok_or(TraceError::Neuron { id, update, neurons })?;
            match (delta, *state) {
                (1, 0) => *state = 1,
                (-1, 1) => *state = 0,
                (delta, state) => return Err(TraceError::Contradiction { update, id, delta, state }),
            }
        }
        Ok(Self { initial, updates, flips, hits: None })
    }

    /// A trace from a log of all updates: the neuron of each and the change of its state, 0 for none.
    ///
    /// # Errors
    /// If the lists differ in length, and at the first update that does not fit.
    pub fn from_updates(initial: Vec<u8>, ids: &[u32], deltas: &[i8]) -> Result<Self, TraceError> {
        if ids.len() != deltas.len() {
            return Err(TraceError::Lengths { ids: ids.len(), deltas: deltas.len() });
        }
        let mut hits = vec![0; initial.len()];
        for (update, &id) in ids.iter().enumerate() {
            let neurons = initial.len();
            *hits.get_mut(id as usize).ok_or(TraceError::Neuron { id, update: update as u64, neurons })? += 1;
        }
        let all = (0..).zip(ids).zip(deltas).map(|((update, id), delta)| (update, *id, *delta));
        let flips = all.filter(|(.., delta)| *delta != 0).collect();
        Ok(Self { hits: Some(hits), ..Self::new(initial, ids.len() as u64, flips)? })
    }

    /// The states before the first update.
    #[must_use]
    pub fn initial(&self) -> &[u8] {
        &self.initial
    }

    /// The number of updates.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// The flips `(update, neuron, change)` in order.
    #[must_use]
    pub fn flips(&self) -> &[(u64, u32, i8)] {
        &self.flips
    }

    /// The number of updates that neurons `range` had, if the log tells ([`from_updates`](Self::from_updates)).
    #[must_use]
    pub fn updates_of(&self, range: core::ops::Range<usize>) -> Option<u64> {
        self.hits.as_ref().and_then(|hits| hits.get(range)).map(|hits| hits.iter().sum())
    }

    /// Active neurons of each population after updates 0, `stride`, 2 `stride`, ...
    ///
    /// Population c holds the neurons `edges[c]..edges[c + 1]`; a stride of 0 acts as 1.
    ///
    /// # Shapes
    /// `[(updates - 1) / stride + 1, edges.len() - 1]`; no rows for a trace without updates.
    ///
    /// # Errors
    /// If the edges do not ascend from 0 to the number of neurons.
    pub fn counts(&self, edges: &[usize], stride: u64) -> Result<Array2<u32>, TraceError> {
        let label = self.labels(edges)?;
        let (stride, populations) = (stride.max(1), edges.len() - 1);
        let rows = self.updates.div_ceil(stride) as usize;
        let mut now = vec![0_u32; populations];
        for (population, state) in label.iter().zip(&self.initial) {
            now[*population] += u32::from(*state);
        }
        let mut counts = Array2::zeros((rows, populations));
        let mut flips = self.flips.iter().peekable();
        for (row, mut counts) in counts.rows_mut().into_iter().enumerate() {
            while let Some((_, id, delta)) = flips.next_if(|flip| flip.0 <= row as u64 * stride) {
                let count = &mut now[label[*id as usize]];
                *count = count.saturating_add_signed(i32::from(*delta));
            }
            counts.iter_mut().zip(&now).for_each(|(to, from)| *to = *from);
        }
        Ok(counts)
    }

    /// The active share of each population after updates 0, `stride`, 2 `stride`, ...; see
    /// [`counts`](Self::counts). An empty population has rate 0.
    ///
    /// # Errors
    /// If the edges do not ascend from 0 to the number of neurons.
    pub fn rates(&self, edges: &[usize], stride: u64) -> Result<Array2<f64>, TraceError> {
        let counts = self.counts(edges, stride)?;
        let mut rates = counts.mapv(f64::from);
        for (mut column, ends) in rates.columns_mut().into_iter().zip(edges.windows(2)) {
            let size = (ends[1] - ends[0]).max(1) as f64;
            column.mapv_inplace(|count| count / size);
        }
        Ok(rates)
    }

    /// The share of updates after which each neuron is active; exact, without sampling. For a trace
    /// without updates, the states at the start.
    #[must_use]
    pub fn neuron_means(&self) -> Vec<f64> {
        let mut gain = vec![0.0; self.initial.len()];
        for &(update, id, delta) in &self.flips {
            gain[id as usize] += f64::from(delta) * (self.updates - update) as f64;
        }
        let updates = self.updates.max(1) as f64;
        self.initial.iter().zip(gain).map(|(state, gain)| f64::from(*state) + gain / updates).collect()
    }

    /// The number of flips of neurons `range`.
    #[must_use]
    pub fn flips_of(&self, range: core::ops::Range<usize>) -> u64 {
        self.flips.iter().filter(|flip| range.contains(&(flip.1 as usize))).count() as u64
    }

    /// The population of each neuron.
    fn labels(&self, edges: &[usize]) -> Result<Vec<usize>, TraceError> {
        let neurons = self.initial.len();
        let ascending =
            edges.first() == Some(&0) && edges.last() == Some(&neurons) && edges.windows(2).all(|e| e[0] <= e[1]);
        if !ascending || edges.len() < 2 {
            return Err(TraceError::Populations {
                populations: format!("edges {edges:?}"),
                neurons,
                help: "edges ascend from 0 to the number of neurons, one more than there are populations",
            });
        }
        Ok(edges
            .windows(2)
            .enumerate()
            .flat_map(|(population, e)| core::iter::repeat_n(population, e[1] - e[0]))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn example() -> Trace {
        Trace::from_updates(vec![0, 1, 0, 0], &[0, 2, 1, 0, 3, 0], &[1, 1, -1, 0, 0, -1]).unwrap()
    }

    #[test]
    fn counts_are_those_after_the_sampled_update() {
        let edges = [0, 2, 4];
        assert_eq!(example().counts(&edges, 1).unwrap(), array![[2, 0], [2, 1], [1, 1], [1, 1], [1, 1], [0, 1]]);
        assert_eq!(example().counts(&edges, 0).unwrap(), example().counts(&edges, 1).unwrap());
        assert_eq!(example().counts(&edges, 4).unwrap(), array![[2, 0], [1, 1]]);
        assert_eq!(example().counts(&edges, 6).unwrap(), array![[2, 0]]);
        assert_eq!(example().rates(&edges, 4).unwrap(), array![[1.0, 0.0], [0.5, 0.5]]);
        let none = Trace::new(vec![0, 1], 0, vec![]).unwrap();
        assert_eq!(none.counts(&[0, 2], 5).unwrap().dim(), (0, 1));
    }

    #[test]
    fn means_weigh_each_state_by_its_updates() {
        let means = example().neuron_means();
        for (mean, expected) in means.iter().zip([5.0 / 6.0, 2.0 / 6.0, 5.0 / 6.0, 0.0]) {
            assert!((mean - expected).abs() < 1e-15);
        }
        assert_eq!((example().updates_of(0..2), example().flips_of(0..2)), (Some(4), 3));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let refuse = |initial: &[u8], ids: &[u32], deltas: &[i8]| {
            Trace::from_updates(initial.to_vec(), ids, deltas).unwrap_err()
        };
        assert_eq!(refuse(&[0], &[0, 0], &[1]), TraceError::Lengths { ids: 2, deltas: 1 });
        assert_eq!(
            refuse(&[1, 0], &[1, 0], &[0, 1]),
            TraceError::Contradiction { update: 1, id: 0, delta: 1, state: 1 }
        );
        assert_eq!(refuse(&[1, 2], &[], &[]), TraceError::State { neuron: 1, value: 2 });
        assert_eq!(refuse(&[1], &[1], &[0]), TraceError::Neuron { id: 1, update: 0, neurons: 1 });
        assert!(matches!(refuse(&[1], &[0], &[-2]), TraceError::Contradiction { delta: -2, .. }));
        assert!(matches!(Trace::new(vec![0], 3, vec![(3, 0, 1)]), Err(TraceError::Order { .. })));
        assert!(matches!(Trace::new(vec![0], 3, vec![(2, 0, 1), (1, 0, -1)]), Err(TraceError::Order { .. })));
        for edges in [&[][..], &[0], &[0, 3], &[1, 4], &[0, 3, 2, 4]] {
            assert!(matches!(example().counts(edges, 1), Err(TraceError::Populations { .. })), "{edges:?}");
        }
    }
}
