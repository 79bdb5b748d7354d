//! The journal of a sweep: each finished point is a line, on disk before the next one begins.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::error::{RecordError, Result};
use crate::network::Measure;

/// What a point gave: its measures, or why there are none.
pub(super) type Outcome = Result<Vec<Measure>, String>;

/// The file to which one process appends.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens the journal of a shard; what an interruption left half written is cut off.
    pub(super) fn open(folder: &Path, shard: (usize, usize), fingerprint: u64) -> Result<Self> {
        fs::create_dir_all(folder).map_err(RecordError::io(folder))?;
        let path = folder.join(format!("journal-{}-of-{}.jsonl", shard.0, shard.1));
        let io = || RecordError::io(&path);
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(io())?;
        if file.try_lock().is_err() {
            let problem = "another process is at work on this sweep".to_owned();
            return Err(RecordError::Format { path: path.display().to_string(), problem }.into());
        }
        let sound = read(&path, fingerprint)?.1;
        file.set_len(sound).map_err(io())?;
        file.seek(SeekFrom::End(0)).map_err(io())?;
        let mut journal = Self { path, file };
        if sound == 0 {
            journal.line(&json!({ "sweep": format!("{fingerprint:016x}"), "version": env!("CARGO_PKG_VERSION") }))?;
        }
        Ok(journal)
    }

    /// Appends a point; it is on disk when this returns.
    pub(super) fn append(&mut self, point: usize, outcome: &Outcome) -> Result<()> {
        let line = match outcome {
            Ok(measures) => {
                let values = measures.iter().map(|Measure { name, unit, value }| json!([name, unit, number(*value)]));
                json!({ "point": point, "measures": values.collect::<Vec<_>>() })
            }
            Err(error) => json!({ "point": point, "error": error }),
        };
        self.line(&line)
    }

    fn line(&mut self, value: &Value) -> Result<()> {
        // One call of the system, so that a line is there as a whole or cut.
        let line = format!("{value}\n");
        self.file.write_all(line.as_bytes()).map_err(RecordError::io(&self.path))?;
        Ok(self.file.sync_data().map_err(RecordError::io(&self.path))?)
    }
}

/// All points that were finished, by all processes that worked in a folder.
pub(super) fn finished(folder: &Path, fingerprint: u64) -> Result<Vec<(usize, Outcome)>> {
    let mut points = Vec::new();
    let entries = fs::read_dir(folder).map_err(RecordError::io(folder))?;
    for entry in entries {
        let path = entry.map_err(RecordError::io(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("journal-") && name.ends_with(".jsonl") {
            points.extend(read(&path, fingerprint)?.0);
        }
    }
    Ok(points)
}

/// The points of a journal, and the bytes that its whole lines take.
fn read(path: &Path, fingerprint: u64) -> Result<(Vec<(usize, Outcome)>, u64)> {
    let mut reader = BufReader::new(File::open(path).map_err(RecordError::io(path))?);
    let (mut points, mut sound, mut line) = (Vec::new(), 0, Vec::new());
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line).map_err(RecordError::io(path))?;
        let Some(value) = serde_json::from_slice::<Value>(&line).ok().filter(|_| line.ends_with(b"\n")) else { break };
        if sound == 0 {
            if value["sweep"] != format!("{fingerprint:016x}") {
                let problem =
                    "the journal is that of another sweep: of other values, times or seeds, or of a model that \
                               changed\nhelp: choose another folder, or remove the old one"
                        .to_owned();
                return Err(RecordError::Format { path: path.display().to_string(), problem }.into());
            }
        } else {
            match point(&value) {
                Some(point) => points.push(point),
                None => break,
            }
        }
        sound += length as u64;
    }
    Ok((points, sound))
}

fn point(value: &Value) -> Option<(usize, Outcome)> {
    let number = value["point"].as_u64()? as usize;
    if let Some(error) = value["error"].as_str() {
        return Some((number, Err(error.to_owned())));
    }
    let measures = value["measures"].as_array()?.iter().map(|measure| {
        let unit = measure[1].as_str()?.to_owned();
        let value = match &measure[2] {
            Value::String(text) => text.parse().ok()?,
            number => number.as_f64()?,
        };
        Some(Measure { name: measure[0].as_str()?.to_owned(), unit, value })
    });
    Some((number, Ok(measures.collect::<Option<_>>()?)))
}

/// What JSON has no number for is text.
fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("binnet-journal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn outcome(value: f64) -> Outcome {
        Ok(vec![Measure { name: "e.rate".to_owned(), unit: "Hz".to_owned(), value }, Measure::new("x", value / 3.0)])
    }

    fn same(a: &[(usize, Outcome)], b: &[(usize, Outcome)]) {
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }

    #[test]
    fn cut_anywhere_whole_lines_are_left() {
        let folder = folder("cut");
        let all = [
            (3, outcome(0.1)),
            (0, outcome(f64::NAN)),
            (1, Err("it \"failed\"\nhelp: mend it".to_owned())),
            (2, outcome(f64::NEG_INFINITY)),
        ];
        let mut journal = Journal::open(&folder, (0, 1), 7).unwrap();
        all.iter().for_each(|(point, outcome)| journal.append(*point, outcome).unwrap());
        assert!(Journal::open(&folder, (0, 1), 7).unwrap_err().to_string().contains("another process"));
        drop(journal);
        same(&finished(&folder, 7).unwrap(), &all);
        let path = folder.join("journal-0-of-1.jsonl");
        let bytes = fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            let whole = bytes[..end].iter().filter(|byte| **byte == b'\n').count().saturating_sub(1);
            let mut journal = Journal::open(&folder, (0, 1), 7).unwrap();
            same(&finished(&folder, 7).unwrap(), &all[..whole]);
            all[whole..].iter().for_each(|(point, outcome)| journal.append(*point, outcome).unwrap());
            assert_eq!(fs::read(&path).unwrap(), bytes, "gone on from {end}");
        }
        assert!(finished(&folder, 8).unwrap_err().to_string().contains("that of another sweep"));
        fs::remove_dir_all(folder).unwrap();
    }
}
