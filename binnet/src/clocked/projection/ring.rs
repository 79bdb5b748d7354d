//! Arrivals of later steps: sums for each target and step, used in turn.

use crate::neuron::Real;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// What is under way to the targets of a block, where synapses have delays of their own.
#[derive(Clone, Debug)]
pub(super) struct Ring<R> {
    targets: usize,
    /// Slot by slot, a sum for each target.
    sums: Vec<R>,
    /// Whether a slot has any arrivals.
    touched: Vec<bool>,
}

impl<R: Real> Ring<R> {
    /// An empty ring without slots.
    pub(super) fn new(targets: usize) -> Self {
        Self { targets, sums: Vec::new(), touched: Vec::new() }
    }

    /// Makes room for delays of so many steps; what is under way stays so.
    pub(super) fn reach(&mut self, delay: usize, now: u64) {
        if delay < self.touched.len() {
            return;
        }
        let mut longer = Self {
            targets: self.targets,
            sums: vec![R::of(0.0); (delay + 1) * self.targets],
            touched: vec![false; delay + 1],
        };
        for step in now..now + self.touched.len() as u64 {
            let (from, to) = (self.slot(step), longer.slot(step));
            longer.touched[to] = self.touched[from];
            longer.slot_mut(to).copy_from_slice(&self.sums[from * self.targets..(from + 1) * self.targets]);
        }
        *self = longer;
    }

    /// Forgets what is under way.
    pub(super) fn clear(&mut self) {
        self.sums.fill(R::of(0.0));
        self.touched.fill(false);
    }

    fn slot(&self, step: u64) -> usize {
        (step % self.touched.len() as u64) as usize
    }

    fn slot_mut(&mut self, slot: usize) -> &mut [R] {
        &mut self.sums[slot * self.targets..(slot + 1) * self.targets]
    }

    /// A writer of arrivals, seen from a step.
    #[inline(always)]
    pub(super) fn add(&mut self, now: u64) -> impl FnMut(usize, usize, R) + use<'_, R> {
        let slots = self.touched.len();
        let first = (now % slots.max(1) as u64) as usize;
        move |delay, target, amount| {
            let slot = first + delay;
            let slot = if slot >= slots { slot - slots } else { slot };
            if let (Some(sum), Some(touched)) =
                (self.sums.get_mut(slot * self.targets + target), self.touched.get_mut(slot))
            {
                *sum += amount;
                *touched = true;
            }
        }
    }

    /// The sums that are due in a step, if there are any; they count as delivered then, and are to be cleared by
    /// the caller.
    pub(super) fn due(&mut self, step: u64) -> Option<&mut [R]> {
        if self.touched.is_empty() {
            return None;
        }
        let slot = self.slot(step);
        if core::mem::replace(&mut self.touched[slot], false) { Some(self.slot_mut(slot)) } else { None }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        size_of::<R>() * self.sums.len()
    }
}

/// Slots without arrivals are zeros, and not stored.
impl<R: Real> Persist for Ring<R> {
    fn save(&self, out: &mut Writer) {
        let Self { targets, sums, touched } = self;
        touched[..].save(out);
        let slots = touched.iter().zip(sums.chunks_exact((*targets).max(1)));
        slots.filter(|(touched, _)| **touched).for_each(|(_, slot)| R::save_all(slot, out));
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { targets, sums, touched } = self;
        touched[..].load(from)?;
        let slots = touched.iter().zip(sums.chunks_exact_mut((*targets).max(1)));
        for (touched, slot) in slots {
            if *touched {
                R::load_all(slot, from)?;
            } else {
                slot.fill(R::of(0.0));
            }
        }
        Ok(())
    }
}
