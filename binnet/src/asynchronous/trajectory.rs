//! The state of one run, and the loops that advance it.

use super::aligned::AlignedVec;
use super::chooser::{BATCH, Batch, Chooser};
use super::fields::{Counters, NoReals, RealPart, Reals};
use super::kernel::Counter;
use super::layout::Connectivity;
use super::spec::PopulationSpec;
use super::thresholds::Thresholds;
use super::waiting::Waiting;
use crate::record::PackedFlip;
use crate::rng::{Stream, Streams};
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// After so many drawn updates it is decided anew whether to wait for flips or to draw all updates.
pub(crate) const EPOCH: u64 = 65_536;

/// What a run does not change.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) net: &'a Connectivity,
    pub(crate) chooser: &'a Chooser,
    pub(crate) populations: &'a [PopulationSpec],
    pub(crate) thresholds: &'a Thresholds,
    /// Flips after which real fields are computed anew.
    pub(crate) refresh: u64,
    /// The update from which the offsets of flips count.
    pub(crate) base: u64,
}

/// Whether the loop is compiled for each number of weight classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speed {
    Unrolled,
    Compact,
}

/// Everything that changes during a run.
#[derive(Clone, Debug)]
pub(crate) struct Trajectory {
    pub(crate) states: AlignedVec<u8>,
    pub(crate) counters: Counters,
    pub(crate) reals: Reals,
    /// Updates so far, drawn or given.
    pub(crate) updates: u64,
    /// Updates so far that were drawn.
    pub(crate) drawn: u64,
    pub(crate) flips: u64,
    pub(crate) flips_in_epoch: u64,
    pub(crate) flips_since_refresh: u64,
    pub(crate) updates_rng: Stream,
    pub(crate) gain_rng: Stream,
    batch: Box<Batch>,
    batch_at: usize,
    /// Set while only flips are simulated.
    pub(crate) waiting: Option<Waiting>,
}

impl Trajectory {
    pub(crate) fn new(net: &Connectivity, single: bool, streams: &Streams) -> Self {
        Self {
            states: AlignedVec::zeroed(net.n),
            counters: Counters::zeroed(net),
            reals: Reals::zeroed(net, single),
            updates: 0,
            drawn: 0,
            flips: 0,
            flips_in_epoch: 0,
            flips_since_refresh: 0,
            updates_rng: streams.named("updates"),
            gain_rng: streams.named("gain"),
            batch: Box::new(Batch::new()),
            batch_at: BATCH,
            waiting: None,
        }
    }

    /// Replaces all states and computes the fields that go with them.
    pub(crate) fn set_states(&mut self, net: &Connectivity, states: &[u8]) {
        self.states.copy_from_slice(states);
        self.counters.clear();
        for neuron in (0..net.n).filter(|&k| states[k] != 0) {
            self.counters.apply(net, neuron, 1);
        }
        self.reals.recompute(net, states);
        self.flips_since_refresh = 0;
        self.forget_wait();
    }

    /// A wait that was drawn for other states or thresholds no longer holds.
    pub(crate) fn forget_wait(&mut self) {
        if let Some(waiting) = &mut self.waiting {
            waiting.forget();
        }
    }

    /// The field of one neuron, without any drive.
    pub(crate) fn field(&self, net: &Connectivity, population: usize, neuron: usize) -> f64 {
        self.counters.field(net, population, neuron) + self.reals.at(neuron)
    }

    /// Sets one neuron and lets everything that it contacts feel it.
    pub(crate) fn flip(&mut self, net: &Connectivity, neuron: usize, refresh: u64) {
        let up = self.states[neuron] == 0;
        self.states[neuron] = u8::from(up);
        let delta = if up { 1 } else { -1 };
        self.counters.apply(net, neuron, delta);
        self.reals.apply(net, neuron, delta);
        self.count_flip(net, refresh);
    }

    /// Counts a flip and recomputes real fields when their rounding errors may have grown too large.
    fn count_flip(&mut self, net: &Connectivity, refresh: u64) {
        self.flips += 1;
        self.flips_in_epoch += 1;
        if net.has_reals {
            self.flips_since_refresh += 1;
            if self.flips_since_refresh >= refresh {
                self.reals.recompute(net, &self.states);
                self.flips_since_refresh = 0;
            }
        }
    }

    /// Draws and makes up to `n` updates, at most to the end of the batch; returns how many. Flips are
    /// appended to `out` with their distance from `base`.
    ///
    /// `decide` gives the new state from population, neuron, field and update.
    pub(crate) fn draw_updates(
        &mut self,
        setting: &Setting<'_>,
        n: u64,
        out: &mut Vec<PackedFlip>,
        speed: Speed,
        decide: impl FnMut(usize, usize, f64, u64, &mut Stream) -> bool,
    ) -> u64 {
        let Setting { net, chooser, refresh, base, .. } = *setting;
        if self.batch_at == BATCH {
            chooser.draw(net.kernels, &mut self.updates_rng, &mut self.batch);
            self.batch_at = 0;
        }
        let n = n.min((BATCH - self.batch_at) as u64);
        let batch = self.batch_at..self.batch_at + n as usize;
        let first = self.updates;
        let step = Step {
            net,
            neurons: &self.batch.neurons[batch.clone()],
            populations: &self.batch.populations[batch],
            offset: (first - base) as u32,
            refresh,
        };
        let before = out.len();
        let parts =
            Parts { states: &mut self.states, since: &mut self.flips_since_refresh, rng: &mut self.gain_rng, out };
        match (&mut self.counters, &mut self.reals) {
            (Counters::Narrow(c), Reals::None) => step.dispatch(speed, parts, &mut c[..], NoReals, first, decide),
            (Counters::Wide(c), Reals::None) => step.run::<_, _, _, 0>(parts, &mut c[..], NoReals, first, decide),
            (Counters::Narrow(c), Reals::F32(v)) => step.run::<_, _, _, 0>(parts, &mut c[..], v, first, decide),
            (Counters::Wide(c), Reals::F32(v)) => step.run::<_, _, _, 0>(parts, &mut c[..], v, first, decide),
            (Counters::Narrow(c), Reals::F64(v)) => step.run::<_, _, _, 0>(parts, &mut c[..], v, first, decide),
            (Counters::Wide(c), Reals::F64(v)) => step.run::<_, _, _, 0>(parts, &mut c[..], v, first, decide),
        }
        let flips = (out.len() - before) as u64;
        self.flips += flips;
        self.flips_in_epoch += flips;
        self.batch_at += n as usize;
        self.updates += n;
        self.drawn += n;
        n
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&self.states[..]) + self.counters.bytes() + self.reals.bytes()
    }
}

/// What a run of updates reads.
struct Step<'a> {
    net: &'a Connectivity,
    neurons: &'a [u32],
    populations: &'a [u32],
    offset: u32,
    refresh: u64,
}

/// What a run of updates changes, besides the fields.
struct Parts<'a> {
    states: &'a mut [u8],
    since: &'a mut u64,
    rng: &'a mut Stream,
    out: &'a mut Vec<PackedFlip>,
}

impl Step<'_> {
    /// Runs with the number of slots as a constant where there are few.
    #[inline(always)]
    fn dispatch<R: RealPart, D: FnMut(usize, usize, f64, u64, &mut Stream) -> bool>(
        &self,
        speed: Speed,
        parts: Parts<'_>,
        counters: &mut [i16],
        reals: R,
        first: u64,
        decide: D,
    ) {
        match (speed, self.net.slots) {
            (Speed::Unrolled, 1) => self.run::<_, _, _, 1>(parts, counters, reals, first, decide),
            (Speed::Unrolled, 2) => self.run::<_, _, _, 2>(parts, counters, reals, first, decide),
            (Speed::Unrolled, 3) => self.run::<_, _, _, 3>(parts, counters, reals, first, decide),
            (Speed::Unrolled, 4) => self.run::<_, _, _, 4>(parts, counters, reals, first, decide),
            (Speed::Unrolled, 6) => self.run::<_, _, _, 6>(parts, counters, reals, first, decide),
            (Speed::Unrolled, 8) => self.run::<_, _, _, 8>(parts, counters, reals, first, decide),
            _ => self.run::<_, _, _, 0>(parts, counters, reals, first, decide),
        }
    }

    /// The update loop: read a field, decide, and on a flip let the targets feel it.
    #[inline(always)]
    fn run<C: Counter, R: RealPart, D: FnMut(usize, usize, f64, u64, &mut Stream) -> bool, const SLOTS: usize>(
        &self,
        parts: Parts<'_>,
        counters: &mut [C],
        mut reals: R,
        first: u64,
        mut decide: D,
    ) {
        let Parts { states, since, rng, out } = parts;
        let net = self.net;
        let slots = if SLOTS == 0 { net.slots } else { SLOTS };
        let (last, last_population) = (net.n - 1, net.populations - 1);
        assert!(states.len() == net.n && reals.covers(net.n));
        assert!(slots == net.slots && net.stride >= net.n && counters.len() >= slots * net.stride);
        assert!(net.weights.len() >= slots * (last_population + 1));
        for (j, (&neuron, &population)) in self.neurons.iter().zip(self.populations).enumerate() {
            // The chooser never goes beyond the last; the limits make that evident.
            let (neuron, population) = ((neuron as usize).min(last), (population as usize).min(last_population));
            let mut field = 0.0;
            for c in 0..slots {
                // SAFETY: population <= last_population, c < slots and neuron < n <= stride, so the
                // asserts above make both indices valid.
                let (weight, count) = unsafe {
                    (net.weights.get_unchecked(population * slots + c), counters.get_unchecked(c * net.stride + neuron))
                };
                field += weight * count.to_f64();
            }
            field += reals.at(neuron);
            let up = decide(population, neuron, field, first + j as u64, rng);
            if up != (states[neuron] != 0) {
                states[neuron] = u8::from(up);
                let delta = if up { 1 } else { -1 };
                net.apply(neuron, delta, counters);
                reals.flip(net, neuron, delta);
                if R::PRESENT {
                    *since += 1;
                    if *since >= self.refresh {
                        reals.recompute(net, states);
                        *since = 0;
                    }
                }
                out.push(PackedFlip::new(self.offset + j as u32, neuron as u32, up));
            }
        }
    }
}

impl Persist for Trajectory {
    fn save(&self, out: &mut Writer) {
        let Self {
            states,
            counters,
            reals,
            updates,
            drawn,
            flips,
            flips_in_epoch,
            flips_since_refresh,
            updates_rng,
            gain_rng,
            batch,
            batch_at,
            waiting,
        } = self;
        states[..].save(out);
        counters.save(out);
        reals.save(out);
        [*updates, *drawn, *flips, *flips_in_epoch, *flips_since_refresh].save(out);
        updates_rng.save(out);
        gain_rng.save(out);
        batch.save(out);
        batch_at.save(out);
        waiting.is_some().save(out);
        waiting.as_slice().save(out);
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let n = self.states.len();
        let Self {
            states,
            counters,
            reals,
            updates,
            drawn,
            flips,
            flips_in_epoch,
            flips_since_refresh,
            updates_rng,
            gain_rng,
            batch,
            batch_at,
            waiting,
        } = self;
        states[..].load(from)?;
        if let Some(neuron) = (0..n).find(|i| states[*i] > 1) {
            return Err(from.refused(format!("has the state {} of neuron {neuron}", states[neuron])));
        }
        counters.load(from)?;
        reals.load(from)?;
        [*updates, *drawn, *flips, *flips_in_epoch, *flips_since_refresh] = from.value()?;
        updates_rng.load(from)?;
        gain_rng.load(from)?;
        batch.load(from)?;
        batch_at.load(from)?;
        if *batch_at > BATCH {
            return Err(from.refused(format!("is at update {batch_at} of a batch of {BATCH}")));
        }
        *waiting = from.value::<bool>()?.then(Waiting::default);
        waiting.as_mut_slice().load(from)
    }
}
