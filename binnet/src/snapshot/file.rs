//! Snapshots as bytes, and on disk.
//!
//! | bytes | hold |
//! | --- | --- |
//! | 8 | `b"binnetSN"` |
//! | 4 | the version of the format |
//! | 8 | the length of all |
//! | 4 | the number of sections |
//! | each section | length of its name (4), name, length of its content (8), XXH3 of its content (8) |
//! | 8 | XXH3 of all that precedes |
//! | each section | its content |
//! | 8 | XXH3 of all that precedes |
//!
//! Numbers are little-endian. The first section is a text: what the snapshot is of, and the structure of the network.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::Section;
use super::bytes::{Reader, Writer};
use super::error::SnapshotError;
use super::persist::Persist as _;

const MAGIC: &[u8; 8] = b"binnetSN";
const VERSION: u32 = 1;
/// Bytes before the table of sections.
const FIXED: usize = 24;
/// The bytes of a checksum.
const SUM: usize = 8;

pub(super) fn encode(sections: &[&Section]) -> Vec<u8> {
    let table: usize = sections.iter().map(|section| 4 + section.name.len() + 16).sum();
    let content: usize = sections.iter().map(|section| section.bytes.len()).sum();
    let length = FIXED + table + SUM + content + SUM;
    let mut out = Writer { bytes: Vec::with_capacity(length), whole: false };
    out.bytes(MAGIC);
    VERSION.save(&mut out);
    length.save(&mut out);
    (sections.len() as u32).save(&mut out);
    for Section { name, bytes } in sections {
        (name.len() as u32).save(&mut out);
        out.bytes(name.as_bytes());
        bytes.len().save(&mut out);
        xxh3_64(bytes).save(&mut out);
    }
    xxh3_64(&out.bytes).save(&mut out);
    sections.iter().for_each(|section| out.bytes(&section.bytes));
    xxh3_64(&out.bytes).save(&mut out);
    out.finish()
}

/// A section as the table has it.
struct Entry {
    name: String,
    length: u64,
    sum: u64,
}

pub(super) fn decode(bytes: &[u8], what: &str) -> Result<Vec<Section>, SnapshotError> {
    let what = || what.to_owned();
    let mut reader = Reader::new("header", bytes);
    if reader.take(MAGIC.len()).ok() != Some(MAGIC) {
        return Err(SnapshotError::Other { what: what() });
    }
    let cut = |expected: u64| SnapshotError::Cut { what: what(), expected, found: bytes.len() as u64 };
    let found = reader.value().map_err(|_| cut(FIXED as u64))?;
    if found != VERSION {
        let help = "read it with the version of binnet that wrote it; if that is this one, the file is damaged";
        return Err(SnapshotError::Version { what: what(), found, known: VERSION, help });
    }
    let length: u64 = reader.value().map_err(|_| cut(FIXED as u64))?;
    if length != bytes.len() as u64 {
        return Err(cut(length));
    }
    let damaged = |part: String| SnapshotError::Damaged { what: what(), part };
    let entries = table(&mut reader).map_err(|_| damaged("table of sections".to_owned()))?;
    let above = bytes.len() - reader.left();
    if reader.value().ok() != Some(xxh3_64(&bytes[..above])) {
        return Err(damaged("table of sections".to_owned()));
    }
    let mut sections = Vec::with_capacity(entries.len());
    for Entry { name, length, sum } in entries {
        let content = usize::try_from(length).ok().and_then(|length| reader.take(length).ok());
        match content {
            Some(content) if xxh3_64(content) == sum => sections.push(Section { name, bytes: content.to_vec() }),
            _ => return Err(damaged(format!("section `{name}`"))),
        }
    }
    let above = bytes.len() - reader.left();
    if reader.value().ok() != Some(xxh3_64(&bytes[..above])) || reader.left() > 0 {
        return Err(damaged("end".to_owned()));
    }
    Ok(sections)
}

fn table(reader: &mut Reader<'_>) -> Result<Vec<Entry>, SnapshotError> {
    let count: u32 = reader.value()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let length: u32 = reader.value()?;
        let name = core::str::from_utf8(reader.take(length as usize)?).map_err(|_| reader.short())?.to_owned();
        entries.push(Entry { name, length: reader.value()?, sum: reader.value()? });
    }
    Ok(entries)
}

/// Reads a file. One that does not begin as a snapshot is not read to its end.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, SnapshotError> {
    let mut file = File::open(path).map_err(SnapshotError::io(path))?;
    let mut bytes = Vec::new();
    (&file).take(MAGIC.len() as u64).read_to_end(&mut bytes).map_err(SnapshotError::io(path))?;
    if bytes == MAGIC {
        file.read_to_end(&mut bytes).map_err(SnapshotError::io(path))?;
    }
    Ok(bytes)
}

/// Writes a file in one step: under another name first, down to the disk, then renamed. Whatever happens meanwhile,
/// the file is the old one or the new one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let partial = partial(path);
    let written = File::create(&partial).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    let renamed = written.and_then(|()| fs::rename(&partial, path));
    if let Err(error) = renamed {
        // What is there of it is of no use; the error says more than a second one would.
        let _ = fs::remove_file(&partial);
        return Err(SnapshotError::io(path)(error));
    }
    // The new name is on the disk when its folder is. Not all systems can do that, and the file is whole anyway.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// The name under which a file is written: in the same folder, and of this process.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
