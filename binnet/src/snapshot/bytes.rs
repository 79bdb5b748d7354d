//! The content of one section: bytes that are written and read in order.

use super::error::SnapshotError;
use super::persist::Persist;

/// Takes what is saved.
#[derive(Debug, Default)]
pub struct Writer {
    pub(super) bytes: Vec<u8>,
    pub(super) whole: bool,
}

impl Writer {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether to write values, too, that a network has which was just built from the same seed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// All that was written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Gives what was saved, in the same order.
#[derive(Debug)]
pub struct Reader<'a> {
    section: &'a str,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads a section; its name is for errors.
    #[must_use]
    pub fn new(section: &'a str, bytes: &'a [u8]) -> Self {
        Self { section, bytes }
    }

    /// The bytes that are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.bytes.len()
    }

    /// The next bytes.
    ///
    /// # Errors
    /// If there are too few.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(taken)
    }

    /// The next bytes, as many as the array has.
    ///
    /// # Errors
    /// If there are too few.
    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], SnapshotError> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(taken)
    }

    /// The next value.
    ///
    /// # Errors
    /// If there is too little, or it cannot be such a value.
    pub fn value<T: Persist + Default>(&mut self) -> Result<T, SnapshotError> {
        let mut value = T::default();
        value.load(self)?;
        Ok(value)
    }

    /// Ends reading.
    ///
    /// # Errors
    /// If anything is left.
    pub fn finish(self) -> Result<(), SnapshotError> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        Err(self.refused(format!("has {} bytes more than the network takes", self.bytes.len())))
    }

    /// An error of this section.
    #[must_use]
    pub fn refused(&self, problem: String) -> SnapshotError {
        SnapshotError::Content { section: self.section.to_owned(), problem }
    }

    /// The error that there is too little.
    #[must_use]
    pub fn short(&self) -> SnapshotError {
        self.refused("has less than the network takes".to_owned())
    }
}
