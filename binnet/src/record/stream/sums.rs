//! Checksums of a log on disk: a row for each block of flips, which depends on all rows before.
//!
//! A row holds, little-endian, the flips and the updates up to the end of its block, XXH3 of the block, and XXH3 of the
//! row together with that of the row before. The first one has no block; before it stands XXH3 of the description and of
//! the first states.

use serde_json::json;
use xxhash_rust::xxh3::xxh3_64;

use super::{RECORD_BYTES, populations};
use crate::record::Sections;

/// Bytes of a row.
pub(super) const ROW: usize = 32;
/// The most flips of a block.
pub(super) const BLOCK: usize = 1024;

/// The checksum of a block.
pub(super) fn of(block: &[u8]) -> u64 {
    xxh3_64(block)
}

/// How far the log reaches with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) flips: u64,
    /// Of the log, counted from its start.
    pub(super) updates: u64,
    pub(super) sum: u64,
}

impl Default for Row {
    /// The start.
    fn default() -> Self {
        Self { flips: 0, updates: 0, sum: of(&[]) }
    }
}

impl Row {
    /// The row of the block that follows.
    pub(super) fn behind(&self, block: &[u8]) -> Self {
        let last = block.len().checked_sub(RECORD_BYTES).and_then(|last| block.get(last..)?.first_chunk());
        let updates = last.map_or(self.updates, |update| u64::from_le_bytes(*update) + 1);
        Self { flips: self.flips + (block.len() / RECORD_BYTES) as u64, updates, sum: of(block) }
    }
}

/// The checksum of the last row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain(u64);

impl Chain {
    /// Before the first row of a log; `states` is the file of the first states.
    pub(super) fn new(sections: &Sections, first_update: u64, states: &[u8]) -> Self {
        let description = json!({
            "populations": populations(sections),
            "ms_per_update": sections.ms_per_update(),
            "first_update": first_update,
        });
        let mut all = description.to_string().into_bytes();
        all.extend_from_slice(states);
        Self(xxh3_64(&all))
    }

    /// A row as it is written.
    pub(super) fn seal(&mut self, row: &Row) -> [u8; ROW] {
        let Row { flips, updates, sum } = *row;
        let numbers = [self.0, flips, updates, sum].map(u64::to_le_bytes);
        self.0 = xxh3_64(numbers.as_flattened());
        let mut bytes = [0; ROW];
        let numbers = [flips, updates, sum, self.0].map(u64::to_le_bytes);
        bytes.copy_from_slice(numbers.as_flattened());
        bytes
    }

    /// The row that was written, if it follows.
    pub(super) fn accept(&mut self, bytes: &[u8; ROW]) -> Option<Row> {
        let (numbers, _) = bytes.as_chunks::<8>();
        let [flips, updates, sum, _] = core::array::from_fn(|i| u64::from_le_bytes(numbers[i]));
        let row = Row { flips, updates, sum };
        let mut next = *self;
        if next.seal(&row) != *bytes {
            return None;
        }
        *self = next;
        Some(row)
    }
}
