//! Snapshots: all that decides the future of a network, in memory or in a file.
//!
//! ```
//! use binnet::prelude::*;
//!
//! network! {
//!     /// Neurons that are driven by noise.
//!     pub struct Driven {
//!         clock 0.1 ms;
//!         source noise: poisson[20] { rate: 800 Hz };
//!         population cells: Izhikevich[20] { v: uniform(-65 mV, -60 mV) };
//!         projection noise -> cells { target: i, connect: one_to_one, weight: 20 mV/ms };
//!         record cells.spikes;
//!     }
//! }
//! # use binnet::models::neurons::Izhikevich;
//!
//! # fn main() -> binnet::Result<()> {
//! # let folder = std::env::temp_dir().join(format!("binnet-snapshot-example-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! let path = folder.join("driven.snapshot");
//! let mut net = Driven::builder().seed(1).build()?;
//! net.run(100.ms())?;
//! net.save(&path)?;
//! net.run(100.ms())?;
//!
//! // Later, in another process perhaps: the same network, built as before, goes on where the other was saved.
//! let mut again = Driven::builder().seed(1).build()?;
//! again.load(&path)?;
//! again.run(100.ms())?;
//! assert_eq!(again.values("cells", "v")?, net.values("cells", "v")?);
//! assert_eq!(again.records().cells.spikes, net.records().cells.spikes);
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok(())
//! # }
//! ```
//!
//! A snapshot holds states, parameters, weights that were set, random streams, spikes in flight, plastic synapses,
//! stimuli, what was recorded, and the time. So a run that was restored equals one that was not interrupted, bit for
//! bit, on any number of threads.
//!
//! It does not hold what is built: equations, connections (and weights as they were drawn), and Rust functions (of
//! stimuli, rates, increments and drives). Those are of the network that loads, so it is built as the other was: the
//! same model, the same seed, the same stimuli and records in the same order. Whether that is so is checked, by
//! structure and by hashes of the connections, as far as it can be: two functions cannot be compared.
//!
//! What is of another model, of another version, damaged or cut off, is refused with the reason; the network is as
//! before then. A file is written under another name first (with `.part` at its end), brought to the disk, and renamed:
//! if the process is killed meanwhile, the old file is whole.
//!
//! | to | call |
//! | --- | --- |
//! | save and go on later | `save(path)`, `load(path)` of [`Clocked`](crate::clocked::Clocked) and [`Asynchronous`](crate::asynchronous::Asynchronous), thus of every network |
//! | try something and go back | `snapshot()`, `restore(&snapshot)` |
//! | take parts to other networks | `save_population`, `load_population`; with a clock, `save_projection`, `load_projection` |
//! | branch off | `clone()` (the same future), `fork(seed)` (other random numbers); connections are shared |
//! | let a model of one's own take part | [`Persist`] |

mod bytes;
mod error;
mod fields;
mod file;
mod persist;
mod structure;

use std::path::Path;

pub use bytes::{Reader, Writer};
pub use error::SnapshotError;
pub(crate) use fields::{load_fields, save_fields};
pub(crate) use persist::persist;
pub use persist::{Item, Persist};
pub(crate) use structure::{Fingerprint, Structure};

use crate::error::Result;

/// All that decides the future of a network, or of a part of it, in memory.
///
/// Two snapshots are equal if the networks are, bit for bit, and will be so for ever. How long the computer took does
/// not count.
#[derive(Clone, Debug)]
pub struct Snapshot {
    structure: Structure,
    sections: Vec<Section>,
}

/// A part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    name: String,
    bytes: Vec<u8>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        let counted = |section: &&Section| section.name != WALL;
        self.structure == other.structure
            && self.sections.iter().filter(counted).eq(other.sections.iter().filter(counted))
    }
}

impl Eq for Snapshot {}

/// The name of the section of the time that runs took on the computer.
pub(crate) const WALL: &str = "time on this computer";
/// The name of the section that says what the snapshot is of.
const STRUCTURE: &str = "structure";
/// The name of the section of a part that is saved alone.
const ONE: &str = "content";

impl Snapshot {
    /// As bytes, with checksums: what [`write`](Self::write) writes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = Section { name: STRUCTURE.to_owned(), bytes: self.structure.to_text().into_bytes() };
        let sections: Vec<&Section> = core::iter::once(&text).chain(&self.sections).collect();
        file::encode(&sections)
    }

    /// From bytes.
    ///
    /// # Errors
    /// For what is no snapshot, of another version, damaged, or cut off.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Ok(Self::decode(bytes, "the snapshot")?)
    }

    fn decode(bytes: &[u8], what: &str) -> Result<Self, SnapshotError> {
        let mut sections = file::decode(bytes, what)?.into_iter();
        let text = sections.next().filter(|section| section.name == STRUCTURE);
        let text = text.and_then(|section| String::from_utf8(section.bytes).ok());
        let text = text.ok_or_else(|| SnapshotError::Other { what: what.to_owned() })?;
        Ok(Self { structure: Structure::from_text(&text), sections: sections.collect() })
    }

    /// Writes a file, in one step.
    ///
    /// # Errors
    /// If writing fails; an older file of this name stays then.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        Ok(file::write(path.as_ref(), &self.to_bytes())?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If reading fails, and as for [`from_bytes`](Self::from_bytes).
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Ok(Self::decode(&file::read(path)?, &path.display().to_string())?)
    }

    /// What it is of, and the structure of the network, as text.
    #[must_use]
    pub fn describe(&self) -> String {
        self.structure.to_text()
    }

    /// Takes a snapshot of something; `whole` as for [`Writer::is_whole`].
    pub(crate) fn of(source: &impl Parts, whole: bool) -> Self {
        let mut sections = Vec::new();
        source.parts(&mut |name, part| {
            let mut out = Writer { whole, ..Writer::default() };
            part.save(&mut out);
            sections.push(Section { name: name.to_owned(), bytes: out.finish() });
        });
        Self { structure: source.structure(), sections }
    }

    /// Takes a snapshot of one thing.
    pub(crate) fn one(structure: Structure, save: impl FnOnce(&mut Writer)) -> Self {
        let mut out = Writer { whole: true, ..Writer::default() };
        save(&mut out);
        Self { structure, sections: vec![Section { name: ONE.to_owned(), bytes: out.finish() }] }
    }

    /// Loads the snapshot of one thing, whose structure must agree.
    pub(crate) fn load_one(
        &self,
        own: &Structure,
        load: impl FnOnce(&mut Reader<'_>) -> Result<(), SnapshotError>,
    ) -> Result<(), SnapshotError> {
        own.check(&self.structure)?;
        let bytes = self.sections.first().map_or(&[][..], |section| &section.bytes);
        let mut reader = Reader::new(ONE, bytes);
        load(&mut reader)?;
        reader.finish()
    }

    /// Loads all sections into something that is fit for it. After an error it is of no use.
    pub(crate) fn load_into(&self, target: &mut impl Parts) -> Result<(), SnapshotError> {
        target.structure().check(&self.structure)?;
        let mut sections = self.sections.iter();
        target.parts_mut(&mut |name, part| {
            let missing = || SnapshotError::Content { section: name.to_owned(), problem: "is missing".to_owned() };
            let section = sections.next().filter(|section| section.name == name).ok_or_else(missing)?;
            let mut reader = Reader::new(name, &section.bytes);
            part.load(&mut reader)?;
            reader.finish()
        })?;
        match sections.next() {
            None => Ok(()),
            Some(section) => Err(SnapshotError::Content {
                section: section.name.clone(),
                problem: "belongs to nothing in the network".to_owned(),
            }),
        }
    }
}

/// What snapshots are taken of: named parts, in order.
pub(crate) trait Parts {
    /// What must agree before anything is loaded.
    fn structure(&self) -> Structure;

    /// Shows all parts.
    fn parts(&self, each: &mut dyn FnMut(&str, &dyn Persist));

    /// Shows the same parts in the same order, to be changed.
    fn parts_mut(&mut self, each: Load<'_>) -> Result<(), SnapshotError>;
}

/// What is done with a part when it is loaded.
pub(crate) type Load<'a> = &'a mut dyn FnMut(&str, &mut dyn Persist) -> Result<(), SnapshotError>;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn snapshot() -> Snapshot {
        let mut structure = Structure::of("a network");
        structure.model("network Test");
        structure.built("seed 3");
        let section = |name: &str, bytes: &[u8]| Section { name: name.to_owned(), bytes: bytes.to_vec() };
        Snapshot {
            structure,
            sections: vec![section("one", &[1, 2, 3]), section("none", &[]), section("two", &[9; 70])],
        }
    }

    #[test]
    fn bytes_come_back() {
        let bytes = snapshot().to_bytes();
        assert_eq!(Snapshot::from_bytes(&bytes).unwrap(), snapshot());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let bytes = snapshot().to_bytes();
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Snapshot::from_bytes(&damaged).is_err(), "bit {bit}");
        }
        for end in 0..bytes.len() {
            assert!(Snapshot::from_bytes(&bytes[..end]).is_err(), "{end} bytes");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(Snapshot::from_bytes(&longer).is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let bytes = snapshot().to_bytes();
        let error = |bytes: &[u8]| Snapshot::from_bytes(bytes).unwrap_err().to_string();
        assert!(error(b"PK\x03\x04").contains("no snapshot"));
        let mut other = bytes.clone();
        other[8] = 7;
        assert!(error(&other).contains("version 7"), "{}", error(&other));
        let cut = error(&bytes[..100]);
        assert!(cut.contains(&format!("100 bytes instead of {}", bytes.len())), "{cut}");
        let mut other = bytes.clone();
        let last = other.len() - 9;
        other[last] ^= 1;
        assert!(error(&other).contains("checksum of its section `two`"), "{}", error(&other));
    }

    #[test]
    fn files_are_replaced_whole() {
        let folder = std::env::temp_dir().join(format!("binnet-snapshot-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.snapshot");
        snapshot().write(&path).unwrap();
        snapshot().write(&path).unwrap();
        assert_eq!(Snapshot::read(&path).unwrap(), snapshot());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left");
        let error = snapshot().write(folder.join("missing/a.snapshot")).unwrap_err().to_string();
        assert!(error.contains("a.snapshot"), "{error}");
        assert!(Snapshot::read(folder.join("b")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
