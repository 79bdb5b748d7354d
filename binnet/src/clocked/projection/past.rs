//! Values of the last steps, for those that read them later.

use crate::snapshot::persist;

/// One value for each neuron, at the beginning of each of the last steps.
///
/// Before its first step, all neurons had the values of that step.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// Used in turn; as many as the longest delay, and one.
    slots: Vec<Vec<f64>>,
    /// The last step that was noted.
    last: Option<u64>,
}

persist!([] Past { last } fixed { slots } built {});

impl Past {
    /// Keeps values for a delay of so many steps; what is kept so far stays.
    pub(super) fn reach(&mut self, delay: usize) {
        let old = self.slots.len();
        if old > delay {
            return;
        }
        let mut slots = vec![Vec::new(); delay + 1];
        if let Some(last) = self.last {
            // Earlier than what is kept: as the oldest.
            for age in 0..=delay {
                let from = self.slot(last, age.min(old - 1));
                slots[slot_of(last, age, delay + 1)].clone_from(&self.slots[from]);
            }
        }
        self.slots = slots;
    }

    /// Forgets everything: the next step that is noted is the first.
    pub(super) fn clear(&mut self) {
        self.last = None;
    }

    /// Whether anyone reads it.
    pub(super) fn is_read(&self) -> bool {
        !self.slots.is_empty()
    }

    /// Notes the values at the beginning of a step, which `read` writes.
    pub(super) fn note(&mut self, step: u64, read: impl FnOnce(&mut Vec<f64>)) {
        if self.slots.is_empty() {
            return;
        }
        let slot = self.slot(step, 0);
        read(&mut self.slots[slot]);
        if self.last.replace(step).is_none() {
            let first = self.slots[slot].clone();
            self.slots.fill(first);
        }
    }

    /// The values of `delay` steps before `step`; none if they are not kept.
    pub(super) fn at(&self, step: u64, delay: usize) -> &[f64] {
        if delay < self.slots.len() { &self.slots[self.slot(step, delay)] } else { &[] }
    }

    fn slot(&self, step: u64, age: usize) -> usize {
        slot_of(step, age, self.slots.len())
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        self.slots.iter().map(|slot| size_of_val(&slot[..])).sum()
    }
}

/// The place of a step some steps ago, also before the first one.
fn slot_of(step: u64, age: usize, slots: usize) -> usize {
    ((step + (slots - age) as u64) % slots as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Step s has the value s.
    fn note(past: &mut Past, steps: core::ops::Range<u64>) {
        steps.for_each(|step| past.note(step, |out| *out = vec![step as f64]));
    }

    #[test]
    fn the_past_begins_with_the_first_step() {
        let mut past = Past::default();
        note(&mut past, 0..3);
        assert!(!past.is_read() && past.at(2, 0).is_empty());
        past.reach(2);
        note(&mut past, 5..7);
        assert_eq!(
            (past.at(6, 0), past.at(6, 1), past.at(6, 2), past.at(7, 1)),
            (&[6.0][..], &[5.0][..], &[5.0][..], &[6.0][..])
        );
        past.clear();
        note(&mut past, 3..4);
        assert_eq!(past.at(3, 2), [3.0]);
        note(&mut past, 4..20);
        assert_eq!((past.at(19, 2), past.at(20, 1), past.at(20, 2)), (&[17.0][..], &[19.0][..], &[18.0][..]));
        assert!(past.at(19, 3).is_empty());
    }

    #[test]
    fn a_longer_reach_keeps_what_is_there() {
        let mut past = Past::default();
        past.reach(1);
        note(&mut past, 0..10);
        past.reach(4);
        let seen: Vec<f64> = (0..5).map(|age| past.at(9, age)[0]).collect();
        assert_eq!(seen, [9.0, 8.0, 8.0, 8.0, 8.0]);
        note(&mut past, 10..12);
        let seen: Vec<f64> = (0..5).map(|age| past.at(11, age)[0]).collect();
        assert_eq!(seen, [11.0, 10.0, 9.0, 8.0, 8.0]);
    }
}
