//! Where a log stands: it accepts a flip only if it fits what came before.

use super::bits::Bits;
use crate::error::RecordError;
use crate::snapshot::persist;

/// The states and the number of updates at the end of a log.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) states: Bits,
    /// The update of the network at which the log starts.
    pub(super) first: u64,
    /// Updates covered so far.
    pub(super) updates: u64,
    /// Flips so far.
    pub(super) flips: u64,
}

persist!([] Cursor { states, first, updates, flips } fixed {} built {});

impl Cursor {
    pub(super) fn new(states: Bits, first: u64) -> Self {
        Self { states, first, updates: 0, flips: 0 }
    }

    /// Turns an update of the network into one of the log.
    #[inline]
    pub(super) fn relative(&self, base: u64, offset: u32) -> Result<u64, RecordError> {
        base.checked_add(u64::from(offset)).and_then(|update| update.checked_sub(self.first)).ok_or_else(|| {
            RecordError::Inconsistent(format!(
                "update {base} + {offset} lies outside the log, which starts at update {}",
                self.first
            ))
        })
    }

    /// Accepts a flip in update `update` of the log. Several flips may share an update.
    #[inline]
    pub(super) fn accept(&mut self, update: u64, neuron: u32, up: bool) -> Result<(), RecordError> {
        if update.saturating_add(1) < self.updates || update == u64::MAX {
            return Err(RecordError::Inconsistent(format!(
                "a flip in update {update} comes after update {}",
                self.updates.saturating_sub(1)
            )));
        }
        if self.states.flip(neuron, up).is_none() {
            return Err(self.refuse(update, neuron, up));
        }
        self.updates = update + 1;
        self.flips += 1;
        Ok(())
    }

    /// Covers `updates` updates of the network; never fewer than before.
    pub(super) fn advance_to(&mut self, updates: u64) -> Result<(), RecordError> {
        let updates = updates.checked_sub(self.first).ok_or_else(|| {
            RecordError::Inconsistent(format!("it starts at update {} and cannot end at {updates}", self.first))
        })?;
        self.updates = self.updates.max(updates);
        Ok(())
    }

    #[cold]
    fn refuse(&self, update: u64, neuron: u32, up: bool) -> RecordError {
        let size = self.states.len();
        RecordError::Inconsistent(if neuron as usize >= size {
            format!("neuron {neuron} in update {update} does not exist: there are {size} neurons")
        } else {
            let state = u8::from(up);
            format!("neuron {neuron} becomes {state} in update {update}, but is {state} already")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_contradicts_the_past() {
        let mut cursor = Cursor::new(Bits::pack(&[0, 1]).unwrap(), 100);
        cursor.accept(5, 0, true).unwrap();
        cursor.accept(5, 1, false).unwrap();
        for (update, neuron, up) in [(4, 0, false), (6, 0, true), (6, 2, true), (u64::MAX, 0, false)] {
            assert!(cursor.accept(update, neuron, up).is_err());
        }
        assert_eq!((cursor.updates, cursor.flips), (6, 2));
        assert!(cursor.relative(99, 0).is_err());
        assert!(cursor.relative(u64::MAX, 1).is_err());
        assert_eq!(cursor.relative(99, 1).unwrap(), 0);
        assert!(cursor.advance_to(99).is_err());
        cursor.advance_to(101).unwrap();
        assert_eq!(cursor.updates, 6);
    }
}
