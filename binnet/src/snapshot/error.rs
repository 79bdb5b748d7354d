//! Why a snapshot could not be written, read, or restored.

/// Why a snapshot could not be written, read, or restored. The network is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// Something that is no snapshot.
    #[error("{what} is no snapshot of binnet\nhelp: give it a file that `save` wrote")]
    Other {
        /// The file, or "the snapshot".
        what: String,
    },
    /// A snapshot of another version of the format.
    #[error("{what} has version {found} of the format, this program reads version {known}\nhelp: {help}")]
    Version {
        /// The file, or "the snapshot".
        what: String,
        /// Its version.
        found: u32,
        /// The version that is read.
        known: u32,
        /// How to mend it.
        help: &'static str,
    },
    /// A snapshot that ends too early, or goes on behind its end.
    #[error("{what} has {found} bytes instead of {expected}\nhelp: {HELP}")]
    Cut {
        /// The file, or "the snapshot".
        what: String,
        /// The bytes that it should have.
        expected: u64,
        /// The bytes that it has.
        found: u64,
    },
    /// A snapshot whose checksums do not fit its content.
    #[error("{what} is damaged: the checksum of its {part} is wrong\nhelp: {HELP}")]
    Damaged {
        /// The file, or "the snapshot".
        what: String,
        /// Which part of it.
        part: String,
    },
    /// A snapshot of another model.
    #[error("the snapshot is of another network: {difference}\nhelp: {help}")]
    Model {
        /// The first difference.
        difference: String,
        /// How to mend it.
        help: &'static str,
    },
    /// A snapshot of part of a network where that of another part, or of all, is asked for.
    #[error("the snapshot is of {found}, not of {expected}\nhelp: {help}")]
    Part {
        /// What it is of.
        found: String,
        /// What is asked for.
        expected: String,
        /// How to mend it.
        help: &'static str,
    },
    /// A section that does not fit the network, though checksums and model do.
    #[error(
        "section `{section}` of the snapshot {problem}\nhelp: build the network as it was built when it was saved, with \
         the same records, stimuli and projections, then load"
    )]
    Content {
        /// The section.
        section: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// What to do about files that are no longer what was written.
const HELP: &str = "it was changed after it was written, or copied in part; take another copy, or an older snapshot";

impl SnapshotError {
    /// An error of the operating system on a file.
    pub(super) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::Io { path, source }
    }
}
