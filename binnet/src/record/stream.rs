//! A flip log that goes to disk as it grows, in bounded memory.

mod read;
mod sums;

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::cursor::Cursor;
use super::{FlipLog, PackedFlip, Sections, npy};
use crate::error::{RecordError, Result};
use sums::{BLOCK, Chain, ROW, Row};

/// The type of one flip in numpy's notation.
const DESCR: &str = "[('update', '<u8'), ('neuron', '<u4'), ('delta', '|i1')]";
const RECORD_BYTES: usize = 13;
/// Room for any number of flips, so that the header can be written again in place.
const HEADER_BYTES: usize = 192;
/// Flips kept in memory before they are written.
const FLUSH_FLIPS: usize = 1 << 16;
/// The version of the format.
const FORMAT: &str = "binnet flip log 2";

const FLIPS: &str = "flips.npy";
const SUMS: &str = "flips.sums";
const STATES: &str = "initial_state.npy";
const DESCRIPTION: &str = "network.json";

/// A flip log in a folder, written as the network runs; [`FlipLog::open`] reads it back.
///
/// | file | holds |
/// | --- | --- |
/// | `initial_state.npy` | `[neurons]`, 0 or 1 |
/// | `flips.npy` | one record a flip: `update` (from the start of the log), `neuron`, `delta` |
/// | `network.json` | populations, number of updates, whether the run was finished |
/// | `flips.sums` | checksums of all that, a row of 32 bytes for each 1024 flips |
///
/// The first three are readable by `numpy.load` and `json.load` at any time, also while the run goes on or
/// after it was killed: data is written before the header that counts it. Flips go to disk in blocks
/// of 65536 or on [`flush`](Self::flush); what a kill can lose is the last block. Checksums are written last, and tell
/// what is whole: what was damaged later is refused, or read up to the damage.
#[derive(Debug)]
pub struct FlipStream {
    folder: PathBuf,
    sections: Sections,
    cursor: Cursor,
    file: File,
    buffer: Vec<u8>,
    sums: File,
    chain: Chain,
    /// The last row of `sums`, and how many there are.
    last: Row,
    rows: u64,
    finished: bool,
}

impl FlipStream {
    /// Starts a log in `folder`, which is made if need be; a log that it holds is replaced. See
    /// [`FlipLog::new`] for the arguments.
    ///
    /// # Errors
    /// If the states do not fit the populations, or a file cannot be written.
    pub fn create(folder: impl AsRef<Path>, sections: Sections, initial: &[u8], first_update: u64) -> Result<Self> {
        let folder = folder.as_ref().to_path_buf();
        let states = FlipLog::new(sections.clone(), initial, first_update)?.initial;
        fs::create_dir_all(&folder).map_err(RecordError::io(&folder))?;

        // Last comes what makes the folder a log, so that no old description meets new flips.
        let description = folder.join(DESCRIPTION);
        if description.exists() {
            fs::remove_file(&description).map_err(RecordError::io(&description))?;
        }
        let mut bytes = npy::header("'|u1'", &[initial.len()], 0);
        bytes.extend_from_slice(initial);
        let path = folder.join(STATES);
        fs::write(&path, &bytes).map_err(RecordError::io(&path))?;
        let path = folder.join(FLIPS);
        let mut file = File::create(&path).map_err(RecordError::io(&path))?;
        file.write_all(&npy::header(DESCR, &[0], HEADER_BYTES)).map_err(RecordError::io(&path))?;
        let path = folder.join(SUMS);
        let mut sums = File::create(&path).map_err(RecordError::io(&path))?;
        let mut chain = Chain::new(&sections, first_update, &bytes);
        let last = Row::default();
        sums.write_all(&chain.seal(&last)).map_err(RecordError::io(&path))?;

        let (cursor, buffer) = (Cursor::new(states, first_update), Vec::new());
        let stream = Self { folder, sections, cursor, file, buffer, sums, chain, last, rows: 1, finished: false };
        stream.describe(false)?;
        Ok(stream)
    }

    /// Adds a block of flips; `base` is the update of the network at which the block starts.
    ///
    /// # Errors
    /// For flips that contradict the past (as [`FlipLog::append`]), or if writing fails.
    pub fn append(&mut self, base: u64, flips: &[PackedFlip]) -> Result<()> {
        for flip in flips {
            let update = self.cursor.relative(base, flip.offset)?;
            self.cursor.accept(update, flip.neuron(), flip.up())?;
            self.buffer.extend_from_slice(&update.to_le_bytes());
            self.buffer.extend_from_slice(&flip.neuron().to_le_bytes());
            self.buffer.push(if flip.up() { 1 } else { 0xff });
            if self.buffer.len() >= FLUSH_FLIPS * RECORD_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Notes that the network has made `updates` updates in all.
    ///
    /// # Errors
    /// If that lies before the start of the log.
    pub fn advance_to(&mut self, updates: u64) -> Result<()> {
        Ok(self.cursor.advance_to(updates)?)
    }

    /// The number of updates covered.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.cursor.updates
    }

    /// The number of flips.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.cursor.flips
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands everything so far to the operating system.
    ///
    /// # Errors
    /// If writing fails.
    pub fn flush(&mut self) -> Result<()> {
        self.write_out().map_err(RecordError::io(self.folder.join(FLIPS)))?;
        Ok(self.describe(false)?)
    }

    /// Completes the log, down to the disk.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> Result<()> {
        self.finished = true;
        let done = self.write_out().and_then(|()| self.file.sync_all()).and_then(|()| self.sums.sync_all());
        done.map_err(RecordError::io(self.folder.join(FLIPS)))?;
        Ok(self.describe(true)?)
    }

    fn write_out(&mut self) -> std::io::Result<()> {
        // Where these flips belong, whatever an earlier failure left behind.
        self.file.seek(SeekFrom::Start(HEADER_BYTES as u64 + self.last.flips * RECORD_BYTES as u64))?;
        self.file.write_all(&self.buffer)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&npy::header(DESCR, &[self.cursor.flips as usize], HEADER_BYTES))?;
        self.write_sums()?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the checksums of what was written.
    fn write_sums(&mut self) -> std::io::Result<()> {
        let (mut chain, mut last, mut rows) = (self.chain, self.last, Vec::new());
        for block in self.buffer.chunks(BLOCK * RECORD_BYTES) {
            last = last.behind(block);
            rows.push(last);
        }
        let end = Row { updates: self.cursor.updates, ..last };
        match rows.last_mut() {
            Some(row) => *row = end,
            None if end.updates > last.updates => rows.push(Row { sum: sums::of(&[]), ..end }),
            None => return Ok(()),
        }
        let bytes: Vec<u8> = rows.iter().flat_map(|row| chain.seal(row)).collect();
        self.sums.seek(SeekFrom::Start(self.rows * ROW as u64))?;
        self.sums.write_all(&bytes)?;
        (self.chain, self.last, self.rows) = (chain, end, self.rows + rows.len() as u64);
        Ok(())
    }

    /// Replaces `network.json` in one step.
    fn describe(&self, finished: bool) -> Result<(), RecordError> {
        let text = json!({
            "format": FORMAT,
            "populations": populations(&self.sections),
            "ms_per_update": self.sections.ms_per_update(),
            "first_update": self.cursor.first,
            "updates": self.cursor.updates,
            "finished": finished,
        });
        let (partial, path) = (self.folder.join("network.json.part"), self.folder.join(DESCRIPTION));
        fs::write(&partial, format!("{text:#}\n"))
            .and_then(|()| fs::rename(&partial, &path))
            .map_err(RecordError::io(&path))
    }
}

/// The populations as the description has them.
fn populations(sections: &Sections) -> Vec<Value> {
    let each = sections.populations().iter();
    each.map(|s| json!({ "name": s.name, "size": s.size, "clusters": s.clusters, "tau_ms": s.tau })).collect()
}

impl Drop for FlipStream {
    fn drop(&mut self) {
        if !self.finished {
            // There is no one left to tell; whoever needs the error calls `finish`.
            let _ = self.flush();
        }
    }
}

#[cfg(test)]
mod tests;
