//! Passes over the synapses of one neuron, some lanes at a time.

use super::model::{LANES, Synapse};
use super::placement::Pass;
use super::store::{Clocks, Reads};
use crate::neuron::{Real, Scalar as _, StepContext};

/// The synapses of a few lanes.
pub(super) struct Chunk {
    /// How many lanes are in use.
    pub(super) n: usize,
    pub(super) synapses: [usize; LANES],
    /// The neurons at their other ends.
    pub(super) far: [usize; LANES],
}

impl Chunk {
    /// Up to [`LANES`] synapses with their far neurons.
    #[inline(always)]
    pub(super) fn of(entries: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut chunk = Self { n: 0, synapses: [0; LANES], far: [0; LANES] };
        for (synapse, far) in entries.take(LANES) {
            chunk.synapses[chunk.n] = synapse;
            chunk.far[chunk.n] = far;
            chunk.n += 1;
        }
        chunk
    }
}

/// What a pass works on.
pub(super) struct Bench<'a, Y: Synapse> {
    pub(super) pass: &'a Pass,
    pub(super) shared: &'a Y,
    pub(super) columns: &'a mut [Vec<Y::S>],
    pub(super) near_clock: &'a mut [u64],
    pub(super) far_clock: &'a [u64],
    pub(super) own_clock: &'a mut Clocks,
    /// What is read of the near neuron, and of the far ones.
    pub(super) near_reads: &'a [&'a [Y::S]],
    pub(super) far_reads: &'a [&'a [Y::S]],
    /// The time of the event, in steps.
    pub(super) now: u64,
    pub(super) dt: f64,
}

impl<Y: Synapse> Bench<'_, Y> {
    /// The time since `then`, in ms.
    #[inline(always)]
    fn since(&self, then: u64) -> Y::S {
        Y::S::of(self.now.saturating_sub(then) as f64 * self.dt)
    }

    pub(super) fn context(&self) -> StepContext {
        StepContext { t: self.now as f64 * self.dt, dt: self.dt, index: 0, spikes: 0 }
    }

    /// Lanes with all that the synapses of the near neuron agree in, advanced to now.
    #[inline(always)]
    pub(super) fn near(&self, neuron: usize) -> Y::Lanes {
        let mut lanes = Y::lanes();
        let mut shared = self.shared.clone();
        for &field in &self.pass.shared {
            if let Some(value) = shared.field_mut(field) {
                lanes.as_mut()[field] = [*value; LANES];
            }
        }
        for &field in &self.pass.near {
            lanes.as_mut()[field] = [self.columns[field][neuron]; LANES];
        }
        for &(slot, field) in &self.pass.near_reads {
            lanes.as_mut()[field] = [self.near_reads[slot][neuron]; LANES];
        }
        let dt = [self.since(self.near_clock[neuron]); LANES];
        for &field in &self.pass.near_laws {
            Y::elapse(&mut lanes, field, &dt, self.shared);
        }
        lanes
    }

    /// Stores what the near neuron has for all of its synapses.
    #[inline(always)]
    pub(super) fn store_near(&mut self, neuron: usize, lanes: &Y::Lanes) {
        for &field in &self.pass.near {
            self.columns[field][neuron] = lanes.as_ref()[field][0];
        }
        self.near_clock[neuron] = self.now;
    }

    /// Loads a chunk into lanes that hold what is of the near neuron, and advances it to now.
    #[inline(always)]
    pub(super) fn load(&self, chunk: &Chunk, near: &Y::Lanes, lanes: &mut Y::Lanes, contiguous: bool) {
        let n = chunk.n;
        // An event may have changed them in the chunk before.
        for &field in &self.pass.near {
            lanes.as_mut()[field] = near.as_ref()[field];
        }
        for &field in &self.pass.own {
            let (row, column) = (&mut lanes.as_mut()[field], &self.columns[field]);
            if contiguous {
                row[..n].copy_from_slice(&column[chunk.synapses[0]..][..n]);
            } else {
                row[..n].iter_mut().zip(chunk.synapses).for_each(|(x, synapse)| *x = column[synapse]);
            }
        }
        for &field in &self.pass.far {
            let (row, column) = (&mut lanes.as_mut()[field], &self.columns[field]);
            row[..n].iter_mut().zip(chunk.far).for_each(|(x, far)| *x = column[far]);
        }
        for &(slot, field) in &self.pass.far_reads {
            let (row, column) = (&mut lanes.as_mut()[field], self.far_reads[slot]);
            row[..n].iter_mut().zip(chunk.far).for_each(|(x, far)| *x = column[far]);
        }
        if !self.pass.own_laws.is_empty() {
            let mut dt = [Y::S::of(0.0); LANES];
            dt[..n].iter_mut().zip(chunk.synapses).for_each(|(x, synapse)| *x = self.since(self.own_clock.at(synapse)));
            for &field in &self.pass.own_laws {
                Y::elapse(lanes, field, &dt, self.shared);
            }
        }
        if !self.pass.far_laws.is_empty() {
            let mut dt = [Y::S::of(0.0); LANES];
            dt[..n].iter_mut().zip(chunk.far).for_each(|(x, far)| *x = self.since(self.far_clock[far]));
            for &field in &self.pass.far_laws {
                Y::elapse(lanes, field, &dt, self.shared);
            }
        }
    }

    /// Stores what each synapse of a chunk has of its own.
    #[inline(always)]
    pub(super) fn store(&mut self, chunk: &Chunk, lanes: &Y::Lanes, contiguous: bool) {
        let n = chunk.n;
        for &field in &self.pass.stored {
            let (row, column) = (&lanes.as_ref()[field], &mut self.columns[field]);
            if contiguous {
                column[chunk.synapses[0]..][..n].copy_from_slice(&row[..n]);
            } else {
                row[..n].iter().zip(chunk.synapses).for_each(|(x, synapse)| column[synapse] = *x);
            }
        }
        if !self.pass.own_laws.is_empty() {
            self.own_clock.set(&chunk.synapses[..n], self.now);
        }
    }
}

/// Lets all lanes have an event; returns what each delivers.
#[inline(always)]
pub(super) fn each_lane<Y: Synapse>(lanes: &mut Y::Lanes, shared: &Y, event: impl Fn(&mut Y) -> Y::S) -> [Y::S; LANES] {
    let mut out = [Y::S::of(0.0); LANES];
    for (lane, out) in out.iter_mut().enumerate() {
        let mut synapse = Y::get(lanes, lane, shared);
        *out = event(&mut synapse);
        synapse.set(lanes, lane);
    }
    out
}

/// A range of values in lanes; the lanes beyond the last value keep theirs.
#[inline(always)]
pub(super) fn load_range<S: Real>(row: &mut [S; LANES], column: &[S], range: &core::ops::Range<usize>) {
    row[..range.len()].copy_from_slice(&column[range.clone()]);
}

/// What is read of the near neuron, and of the far ones.
pub(super) fn reads_of<'a, S: Real>(reads: &'a Reads<'a, S>, near: super::Side) -> [&'a [&'a [S]]; 2] {
    match near {
        super::Side::Pre => [reads.pre, reads.post],
        super::Side::Post => [reads.post, reads.pre],
    }
}
