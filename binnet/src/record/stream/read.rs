//! Reading a log from disk, also one that was interrupted or damaged, and going on with it.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde_json::Value;

use super::sums::{self, BLOCK, Chain, ROW, Row};
use super::{DESCR, DESCRIPTION, FLIPS, FORMAT, FlipStream, HEADER_BYTES, RECORD_BYTES, STATES, SUMS};
use crate::error::{RecordError, Result};
use crate::record::cursor::Cursor;
use crate::record::{Flip, FlipLog, Section, Sections, npy};

/// A log on disk, read block by block.
struct Stored {
    sections: Sections,
    first_update: u64,
    /// The states at its start.
    states: Vec<u8>,
    flips: File,
    sums: Vec<u8>,
    chain: Chain,
    last: Row,
    rows: u64,
}

impl Stored {
    fn open(folder: &Path) -> Result<Self> {
        let (sections, first_update) = read_description(&folder.join(DESCRIPTION))?;

        let path = folder.join(STATES);
        let bytes = fs::read(&path).map_err(RecordError::io(&path))?;
        let (count, states) = npy::parse_vector(&bytes, "'|u1'").map_err(format_error(&path))?;
        let states = states.get(..count).ok_or_else(|| format_error(&path)("it is cut off".to_owned()))?.to_vec();
        let chain = Chain::new(&sections, first_update, &bytes);

        let path = folder.join(FLIPS);
        let mut flips = File::open(&path).map_err(RecordError::io(&path))?;
        let mut header = Vec::new();
        flips.by_ref().take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(RecordError::io(&path))?;
        npy::parse_vector(&header, DESCR).map_err(format_error(&path))?;
        if header.len() < HEADER_BYTES {
            return Err(format_error(&path)("the header is cut off".to_owned()).into());
        }

        let path = folder.join(SUMS);
        let sums = fs::read(&path).map_err(RecordError::io(&path))?;
        let mut new = Self { sections, first_update, states, flips, sums, chain, last: Row::default(), rows: 0 };
        if new.row() != Some(Row::default()) {
            let problem =
                format!("its first checksum is not that of {DESCRIPTION} and {STATES}: one of the three is damaged");
            return Err(format_error(&path)(problem).into());
        }
        (new.chain, new.rows) = (new.followed(), 1);
        Ok(new)
    }

    /// The next row, if it is whole.
    fn row(&self) -> Option<Row> {
        let (rows, _) = self.sums.as_chunks::<ROW>();
        let mut chain = self.chain;
        chain.accept(rows.get(usize::try_from(self.rows).ok()?)?)
    }

    /// The chain behind the next row.
    fn followed(&self) -> Chain {
        let (rows, _) = self.sums.as_chunks::<ROW>();
        let mut chain = self.chain;
        if let Some(row) = usize::try_from(self.rows).ok().and_then(|row| rows.get(row)) {
            chain.accept(row);
        }
        chain
    }

    /// The next block of whole flips; none at the end, and from where on something is damaged or missing.
    fn block(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(row) = self.row() else { return Ok(None) };
        let flips = row.flips.checked_sub(self.last.flips).filter(|flips| *flips <= BLOCK as u64);
        let Some(flips) = flips.filter(|_| row.updates >= self.last.updates) else { return Ok(None) };
        let mut block = vec![0; flips as usize * RECORD_BYTES];
        if self.flips.read_exact(&mut block).is_err() || sums::of(&block) != row.sum {
            return Ok(None);
        }
        (self.chain, self.last, self.rows) = (self.followed(), row, self.rows + 1);
        Ok(Some(block))
    }
}

/// The flips of a block.
fn flips(block: &[u8]) -> impl Iterator<Item = Result<Flip, String>> {
    block.as_chunks::<RECORD_BYTES>().0.iter().map(read_flip)
}

impl FlipLog {
    /// Reads a log that a [`FlipStream`] wrote, also one that was interrupted, or damaged since: all flips up to the
    /// first block that is not as it was written.
    ///
    /// # Errors
    /// If a file is missing, is no such log, or contradicts itself, and if the description or the first states are
    /// damaged.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let mut stored = Stored::open(folder)?;
        let mut log = Self::new(stored.sections.clone(), &stored.states, stored.first_update)?;
        while let Some(block) = stored.block()? {
            for flip in flips(&block) {
                log.push(flip.map_err(format_error(&folder.join(FLIPS)))?)?;
            }
            log.advance_to(stored.first_update.saturating_add(stored.last.updates))?;
        }
        Ok(log)
    }
}

impl FlipStream {
    /// Goes on with a log of an earlier process. The network has made `updates` updates and is in `states`; what the log
    /// has behind that is cut off.
    ///
    /// # Errors
    /// If the log is of other populations, ends before `updates`, or leads to other states; nothing is changed then. If
    /// a file cannot be read or written.
    pub fn resume(folder: impl AsRef<Path>, sections: &Sections, states: &[u8], updates: u64) -> Result<Self> {
        let folder = folder.as_ref().to_path_buf();
        let refuse = |problem: String| -> crate::Error { format_error(&folder)(problem).into() };
        let mut stored = Stored::open(&folder)?;
        if stored.sections != *sections {
            return Err(refuse("the log is of other populations".to_owned()));
        }
        let end = updates.checked_sub(stored.first_update).ok_or_else(|| {
            refuse(format!("the log starts at update {}, the network is at {updates}", stored.first_update))
        })?;
        let start = FlipLog::new(sections.clone(), &stored.states, stored.first_update)?;
        let mut cursor = Cursor::new(start.initial, stored.first_update);
        // What is kept, and what of the next block.
        let (mut chain, mut last, mut rows, mut rest) = (stored.chain, stored.last, stored.rows, Vec::new());
        while let Some(block) = stored.block()? {
            let mut kept = 0;
            for flip in flips(&block) {
                let Flip { update, neuron, up } = flip.map_err(&refuse)?;
                if update >= end {
                    break;
                }
                cursor.accept(update, neuron, up)?;
                kept += RECORD_BYTES;
            }
            if kept < block.len() || stored.last.updates > end {
                rest = block[..kept].to_vec();
                break;
            }
            (chain, last, rows) = (stored.chain, stored.last, stored.rows);
        }
        if stored.last.updates < end {
            let problem = format!("the log ends at update {}, the network is at {end}", stored.last.updates);
            return Err(refuse(format!("{problem}, so flips are missing")));
        }
        if cursor.states.unpack() != states {
            return Err(refuse("the log leads to other states than those of the network".to_owned()));
        }
        cursor.advance_to(updates)?;
        let open = |name: &str, length: u64| -> Result<File> {
            let path = folder.join(name);
            let file = OpenOptions::new().read(true).write(true).open(&path);
            Ok(file.and_then(|file| file.set_len(length).map(|()| file)).map_err(RecordError::io(&path))?)
        };
        let mut sums = open(SUMS, rows * ROW as u64)?;
        let file = open(FLIPS, HEADER_BYTES as u64 + last.flips * RECORD_BYTES as u64)?;
        sums.seek(SeekFrom::End(0)).map_err(RecordError::io(folder.join(SUMS)))?;
        let sections = sections.clone();
        let mut stream =
            Self { folder, sections, cursor, file, buffer: rest, sums, chain, last, rows, finished: false };
        stream.flush()?;
        Ok(stream)
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

/// The populations, and the update at which the log starts. How far it reaches, checksums say.
fn read_description(path: &Path) -> Result<(Sections, u64)> {
    let text = fs::read(path).map_err(RecordError::io(path))?;
    let value: Value = serde_json::from_slice(&text).map_err(|e| format_error(path)(e.to_string()))?;
    let missing = |key: &str| format_error(path)(format!("no `{key}`, or not of its type"));
    let format = value["format"].as_str().ok_or_else(|| missing("format"))?;
    if format != FORMAT {
        let problem = format!("the format is `{format}`, this version of binnet reads `{FORMAT}`");
        return Err(format_error(path)(problem).into());
    }
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
    Ok((Sections::new(sections)?, number(&value, "first_update")?))
}

fn format_error(path: &Path) -> impl Fn(String) -> RecordError {
    move |problem| RecordError::Format { path: path.display().to_string(), problem }
}
