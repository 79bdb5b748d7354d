//! A flip log that goes to disk as it grows, in bounded memory.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::cursor::Cursor;
use super::{Flip, FlipLog, PackedFlip, Section, Sections, npy};
use crate::error::{RecordError, Result};

/// The type of one flip in numpy's notation.
const DESCR: &str = "[('update', '<u8'), ('neuron', '<u4'), ('delta', '|i1')]";
const RECORD_BYTES: usize = 13;
/// Room for any number of flips, so that the header can be written again in place.
const HEADER_BYTES: usize = 192;
/// Flips kept in memory before they are written.
const FLUSH_FLIPS: usize = 1 << 16;

/// A flip log in a folder, written as the network runs; [`FlipLog::open`] reads it back.
///
/// | file | holds |
/// | --- | --- |
/// | `initial_state.npy` | `[neurons]`, 0 or 1 |
/// | `flips.npy` | one record a flip: `update` (from the start of the log), `neuron`, `delta` |
/// | `network.json` | populations, number of updates, whether the run was finished |
///
/// All three are readable by `numpy.load` and `json.load` at any time, also while the run goes on or
/// after it was killed: data is written before the header that counts it. Flips go to disk in blocks
/// of 65536 or on [`flush`](Self::flush); what a kill can lose is the last block.
#[derive(Debug)]
pub struct FlipStream {
    folder: PathBuf,
    sections: Sections,
    cursor: Cursor,
    file: File,
    buffer: Vec<u8>,
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
        let description = folder.join("network.json");
        if description.exists() {
            fs::remove_file(&description).map_err(RecordError::io(&description))?;
        }
        let mut bytes = npy::header("'|u1'", &[initial.len()], 0);
        bytes.extend_from_slice(initial);
        let path = folder.join("initial_state.npy");
        fs::write(&path, bytes).map_err(RecordError::io(&path))?;
        let path = folder.join("flips.npy");
        let mut file = File::create(&path).map_err(RecordError::io(&path))?;
        file.write_all(&npy::header(DESCR, &[0], HEADER_BYTES)).map_err(RecordError::io(&path))?;

        let cursor = Cursor::new(states, first_update);
        let stream = Self { folder, sections, cursor, file, buffer: Vec::new(), finished: false };
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
        self.write_out().map_err(RecordError::io(self.folder.join("flips.npy")))?;
        Ok(self.describe(false)?)
    }

    /// Completes the log, down to the disk.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> Result<()> {
        self.finished = true;
        self.write_out().and_then(|()| self.file.sync_all()).map_err(RecordError::io(self.folder.join("flips.npy")))?;
        Ok(self.describe(true)?)
    }

    fn write_out(&mut self) -> std::io::Result<()> {
        // Where these flips belong, whatever an earlier failure left behind.
        let written = self.cursor.flips * RECORD_BYTES as u64 - self.buffer.len() as u64;
        self.file.seek(SeekFrom::Start(HEADER_BYTES as u64 + written))?;
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&npy::header(DESCR, &[self.cursor.flips as usize], HEADER_BYTES))
    }

    /// Replaces `network.json` in one step.
    fn describe(&self, finished: bool) -> Result<(), RecordError> {
        let populations: Vec<Value> = self
            .sections
            .populations()
            .iter()
            .map(|s| json!({ "name": s.name, "size": s.size, "clusters": s.clusters, "tau_ms": s.tau }))
            .collect();
        let text = json!({
            "format": "binnet flip log 1",
            "populations": populations,
            "ms_per_update": self.sections.ms_per_update(),
            "first_update": self.cursor.first,
            "updates": self.cursor.updates,
            "finished": finished,
        });
        let (partial, path) = (self.folder.join("network.json.part"), self.folder.join("network.json"));
        fs::write(&partial, format!("{text:#}\n"))
            .and_then(|()| fs::rename(&partial, &path))
            .map_err(RecordError::io(&path))
    }
}

impl Drop for FlipStream {
    fn drop(&mut self) {
        if !self.finished {
            // There is no one left to tell; whoever needs the error calls `finish`.
            let _ = self.flush();
        }
    }
}

impl FlipLog {
    /// Reads a log that a [`FlipStream`] wrote, also one that was interrupted: all whole records
    /// that the header counts and the file holds.
    ///
    /// # Errors
    /// If a file is missing, is no such log, or contradicts itself.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let (sections, first_update, updates) = read_description(&folder.join("network.json"))?;

        let path = folder.join("initial_state.npy");
        let bytes = fs::read(&path).map_err(RecordError::io(&path))?;
        let (count, states) = npy::parse_vector(&bytes, "'|u1'").map_err(format_error(&path))?;
        let states = states.get(..count).ok_or_else(|| format_error(&path)("it is cut off".to_owned()))?;
        let mut log = Self::new(sections, states, first_update)?;

        let path = folder.join("flips.npy");
        let bytes = fs::read(&path).map_err(RecordError::io(&path))?;
        let (count, records) = npy::parse_vector(&bytes, DESCR).map_err(format_error(&path))?;
        let (records, _) = records.as_chunks::<RECORD_BYTES>();
        for record in records.iter().take(count) {
            log.push(read_flip(record).map_err(format_error(&path))?)?;
        }
        // Beyond a record that is missing nothing is known.
        if records.len() >= count {
            log.advance_to(first_update.saturating_add(updates))?;
        }
        Ok(log)
    }
}

fn read_flip(record: &[u8; RECORD_BYTES]) -> Result<Flip, String> {
    let [u0, u1, u2, u3, u4, u5, u6, u7, n0, n1, n2, n3, delta] = *record;
    let up = match delta {
        1 => true,
        0xff => false,
        other => return Err(format!("a change of {}; changes are -1 or 1", other as i8)),
    };
    let update = u64::from_le_bytes([u0, u1, u2, u3, u4, u5, u6, u7]);
    Ok(Flip { update, neuron: u32::from_le_bytes([n0, n1, n2, n3]), up })
}

fn read_description(path: &Path) -> Result<(Sections, u64, u64)> {
    let text = fs::read(path).map_err(RecordError::io(path))?;
    let value: Value = serde_json::from_slice(&text).map_err(|e| format_error(path)(e.to_string()))?;
    let missing = |key: &str| format_error(path)(format!("no `{key}`, or not of its type"));
    let number = |value: &Value, key: &str| value[key].as_u64().ok_or_else(|| missing(key));
    let populations = value["populations"].as_array().ok_or_else(|| missing("populations"))?;
    let sections = populations
        .iter()
        .map(|p| {
            Ok(Section {
                name: p["name"].as_str().ok_or_else(|| missing("name"))?.to_owned(),
                size: usize::try_from(number(p, "size")?).map_err(|_| missing("size"))?,
                clusters: usize::try_from(number(p, "clusters")?).map_err(|_| missing("clusters"))?,
                tau: p["tau_ms"].as_f64().ok_or_else(|| missing("tau_ms"))?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((Sections::new(sections)?, number(&value, "first_update")?, number(&value, "updates")?))
}

fn format_error(path: &Path) -> impl Fn(String) -> RecordError {
    move |problem| RecordError::Format { path: path.display().to_string(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::testing::Folder;

    fn sections() -> Sections {
        Sections::new([Section::new("e", 60).clusters(3).tau(1.0 / 3.0), Section::new("i", 10)]).unwrap()
    }

    /// Blocks in which all neurons go up one after the other, then all down.
    fn blocks(count: u64) -> impl Iterator<Item = (u64, Vec<PackedFlip>)> {
        (0..count).map(|block| {
            let flips = (0..70).map(|neuron| PackedFlip::new(3 * neuron, neuron, block % 2 == 0)).collect();
            (500 + block * 1000, flips)
        })
    }

    fn in_memory(count: u64) -> FlipLog {
        let mut log = FlipLog::new(sections(), &[0; 70], 500).unwrap();
        for (base, flips) in blocks(count) {
            log.append(base, &flips).unwrap();
        }
        log.advance_to(500 + count * 1000).unwrap();
        log
    }

    fn write(folder: &Folder, count: u64) -> FlipStream {
        let mut stream = FlipStream::create(folder.path("log"), sections(), &[0; 70], 500).unwrap();
        for (base, flips) in blocks(count) {
            stream.append(base, &flips).unwrap();
            stream.advance_to(base + 1000).unwrap();
        }
        stream
    }

    #[test]
    fn a_finished_log_reads_back_equal() {
        let folder = Folder::new("stream-finished");
        write(&folder, 2000).finish().unwrap();
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(2000));
        assert!(std::fs::read_to_string(folder.path("log/network.json")).unwrap().contains("\"finished\": true"));
        // A new log in the same folder replaces it.
        write(&folder, 2).finish().unwrap();
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(2));
    }

    #[test]
    fn a_killed_run_leaves_what_was_flushed() {
        let folder = Folder::new("stream-killed");
        let mut stream = write(&folder, 3);
        assert_eq!(FlipLog::open(folder.path("log")).unwrap().updates(), 0);
        stream.flush().unwrap();
        stream.append(3500, &[PackedFlip::new(0, 1, false)]).unwrap();
        std::mem::forget(stream);
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(3));
        drop(write(&folder, 3));
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(3));
    }

    #[test]
    fn a_file_cut_anywhere_gives_whole_records_or_an_error() {
        let folder = Folder::new("stream-cut");
        write(&folder, 4).finish().unwrap();
        let whole = in_memory(4);
        let path = folder.path("log/flips.npy");
        let bytes = fs::read(&path).unwrap();
        // Everywhere in the header and the first records, then at every place in a record.
        for cut in (0..250).chain((250..bytes.len()).step_by(RECORD_BYTES + 1)) {
            fs::write(&path, &bytes[..cut]).unwrap();
            match FlipLog::open(folder.path("log")) {
                Ok(log) => {
                    assert_eq!(log.len() as usize, (cut - HEADER_BYTES) / RECORD_BYTES);
                    assert_eq!(log, whole.slice(0, log.updates()));
                }
                Err(error) => assert!(cut < HEADER_BYTES, "{error}"),
            }
        }
        fs::write(&path, &bytes).unwrap();
        for name in ["network.json", "initial_state.npy"] {
            let path = folder.path("log").join(name);
            let bytes = fs::read(&path).unwrap();
            for cut in 0..bytes.len() - 2 {
                fs::write(&path, &bytes[..cut]).unwrap();
                let error = FlipLog::open(folder.path("log")).unwrap_err().to_string();
                assert!(error.contains(name), "{error}");
            }
            fs::write(&path, &bytes).unwrap();
        }
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), whole);
        fs::remove_file(&path).unwrap();
        assert!(FlipLog::open(folder.path("log")).unwrap_err().to_string().contains("flips.npy"));
    }

    #[test]
    fn damaged_bytes_never_panic() {
        let folder = Folder::new("stream-damaged");
        write(&folder, 1).finish().unwrap();
        for name in ["flips.npy", "network.json", "initial_state.npy"] {
            let path = folder.path("log").join(name);
            let bytes = fs::read(&path).unwrap();
            for at in 0..bytes.len() {
                let mut damaged = bytes.clone();
                damaged[at] ^= 0x15;
                fs::write(&path, &damaged).unwrap();
                let _ = FlipLog::open(folder.path("log"));
            }
            fs::write(&path, &bytes).unwrap();
        }
    }

    #[test]
    fn bad_flips_are_refused() {
        let folder = Folder::new("stream-refused");
        let mut stream = write(&folder, 1);
        assert!(stream.append(1500, &[PackedFlip::new(0, 70, true)]).is_err());
        assert!(stream.append(400, &[PackedFlip::new(0, 0, false)]).is_err());
        assert!(stream.advance_to(3).is_err());
        stream.finish().unwrap();
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(1));
    }
}
