//! Passes over the synapses of one neuron, some lanes at a time.

use super::model::{LANES, Synapse};
use super::placement::Pass;
use super::store::{Clocks, Reads};
use crate::neuron::{Real, Scalar as _, StepContext};

/// The synapses of a few lanes, at most [`LANES`].
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    /// The neurons at their other ends.
    pub(super) far: &'a [u32],
    /// The first synapse, where they follow each other.
    pub(super) first: usize,
    /// The synapses, where they do not.
    pub(super) listed: Option<&'a [u32]>,
}

impl<'a> Chunk<'a> {
    /// The chunks of a row of synapses.
    #[inline(always)]
    pub(super) fn of_row(row: &core::ops::Range<usize>, targets: &'a [u32]) -> impl Iterator<Item = Self> + use<'a> {
        let first = (row.start..).step_by(LANES);
        targets[row.clone()].chunks(LANES).zip(first).map(|(far, first)| Self { far, first, listed: None })
    }

    /// The chunks of a list of synapses.
    #[inline(always)]
    pub(super) fn of_list(synapses: &'a [u32], sources: &'a [u32]) -> impl Iterator<Item = Self> + use<'a> {
        let chunks = sources.chunks(LANES).zip(synapses.chunks(LANES));
        chunks.map(|(far, listed)| Self { far, first: 0, listed: Some(listed) })
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
    pub(super) fn load(&self, chunk: Chunk<'_>, near: &Y::Lanes, lanes: &mut Y::Lanes) {
        let (n, pass) = (chunk.far.len(), self.pass);
        // An event may have changed them in the chunk before.
        for &field in &pass.near {
            lanes.as_mut()[field] = near.as_ref()[field];
        }
        for &field in &pass.own {
            let (row, column) = (&mut lanes.as_mut()[field], &self.columns[field]);
            match chunk.listed {
                None => row[..n].copy_from_slice(&column[chunk.first..][..n]),
                Some(list) => row.iter_mut().zip(list).for_each(|(x, &synapse)| *x = column[synapse as usize]),
            }
        }
        let far = |row: &mut [Y::S; LANES], column: &[Y::S]| {
            row.iter_mut().zip(chunk.far).for_each(|(x, &far)| *x = column[far as usize]);
        };
        for &field in &pass.far {
            far(&mut lanes.as_mut()[field], &self.columns[field]);
        }
        for &(slot, field) in &pass.far_reads {
            far(&mut lanes.as_mut()[field], self.far_reads[slot]);
        }
        if !pass.own_laws.is_empty() {
            let mut dt = [Y::S::of(0.0); LANES];
            let last = |synapse: usize| self.since(self.own_clock.at(synapse));
            match chunk.listed {
                None => dt[..n].iter_mut().zip(chunk.first..).for_each(|(x, synapse)| *x = last(synapse)),
                Some(list) => dt.iter_mut().zip(list).for_each(|(x, &synapse)| *x = last(synapse as usize)),
            }
            for &field in &pass.own_laws {
                Y::elapse(lanes, field, &dt, self.shared);
            }
        }
        if !pass.far_laws.is_empty() {
            let mut dt = [Y::S::of(0.0); LANES];
            dt.iter_mut().zip(chunk.far).for_each(|(x, &far)| *x = self.since(self.far_clock[far as usize]));
            for &field in &pass.far_laws {
                Y::elapse(lanes, field, &dt, self.shared);
            }
        }
    }

    /// Stores some fields of each synapse of a chunk.
    #[inline(always)]
    pub(super) fn store_fields(&mut self, chunk: Chunk<'_>, lanes: &Y::Lanes, fields: &[usize]) {
        let n = chunk.far.len();
        for &field in fields {
            let (row, column) = (&lanes.as_ref()[field], &mut self.columns[field]);
            match chunk.listed {
                None => column[chunk.first..][..n].copy_from_slice(&row[..n]),
                Some(list) => row.iter().zip(list).for_each(|(x, &synapse)| column[synapse as usize] = *x),
            }
        }
    }

    /// Stores what each synapse of a chunk has of its own, advanced to now.
    #[inline(always)]
    pub(super) fn store(&mut self, chunk: Chunk<'_>, lanes: &Y::Lanes) {
        let pass = self.pass;
        self.store_fields(chunk, lanes, &pass.stored);
        if !pass.own_laws.is_empty() {
            match chunk.listed {
                None => self.own_clock.set(chunk.first..chunk.first + chunk.far.len(), self.now),
                Some(list) => self.own_clock.set(list.iter().map(|&synapse| synapse as usize), self.now),
            }
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
