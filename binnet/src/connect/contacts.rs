//! Where a rule puts the contacts of one presynaptic neuron.

/// The contacts of one presynaptic neuron with the neurons of one population: how many of each kind
/// each target has, or, for rules with a weight for each pair, the summed weight.
pub struct Contacts<'a> {
    counts: &'a mut [u16],
    lanes: &'a [usize],
    n_post: usize,
    weights: &'a mut [f64],
    overflow: bool,
}

impl<'a> Contacts<'a> {
    /// Contacts written into `counts`, where the lane of kind `k` begins at `lanes[k]`, and weights
    /// into `weights` (empty if the rule brings none).
    pub(crate) fn new(counts: &'a mut [u16], lanes: &'a [usize], n_post: usize, weights: &'a mut [f64]) -> Self {
        Self { counts, lanes, n_post, weights, overflow: false }
    }

    /// Adds `n` contacts of one kind with target `post` (an index within its population). Targets
    /// beyond the population and unknown kinds are ignored.
    #[inline]
    pub fn add(&mut self, kind: usize, post: usize, n: u16) {
        let Some(&lane) = self.lanes.get(kind) else { return };
        if post < self.n_post {
            let count = &mut self.counts[lane + post];
            match count.checked_add(n) {
                Some(sum) => *count = sum,
                None => self.overflow = true,
            }
        }
    }

    /// Adds one contact of one kind with each of a range of targets.
    pub(super) fn add_run(&mut self, kind: usize, posts: core::ops::Range<usize>) {
        let mut most = 0;
        for count in &mut self.lane(kind)[posts] {
            *count = count.wrapping_add(1);
            most |= u16::from(*count == 0);
        }
        self.overflow |= most != 0;
    }

    /// Adds a weight to target `post`, for rules whose weights are [`Real`](super::KindWeights::Real).
    #[inline]
    pub fn add_weight(&mut self, post: usize, weight: f64) {
        if let Some(w) = self.weights.get_mut(post) {
            *w += weight;
        }
    }

    /// Whether a weight for each pair is wanted, not a number of contacts. Only rules that bring
    /// [`Real`](super::KindWeights::Real) weights are ever asked for them.
    #[must_use]
    pub fn wants_weights(&self) -> bool {
        !self.weights.is_empty()
    }

    /// The number of contacts of one kind, by target. For tight loops that write many.
    #[inline]
    pub fn lane(&mut self, kind: usize) -> &mut [u16] {
        match self.lanes.get(kind) {
            Some(&lane) => &mut self.counts[lane..lane + self.n_post],
            None => &mut [],
        }
    }

    /// Whether a pair got more contacts than can be counted.
    pub(crate) fn overflowed(&self) -> bool {
        self.overflow
    }
}
