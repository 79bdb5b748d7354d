//! The computed arrays of a case, as one `.npz` file.

use std::path::PathBuf;

use binnet::record::{NpyItem, Npz};
use ndarray::{ArrayBase, Data, Dimension};

use super::Result;

/// The output file of one case.
pub(super) struct Output {
    file: Npz,
}

impl Output {
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        Ok(Self { file: Npz::create(path)? })
    }

    /// Adds a list.
    pub(super) fn list<T: NpyItem>(&mut self, name: &str, values: &[T]) -> Result<()> {
        Ok(self.file.array(name, &[values.len()], values.iter().copied())?)
    }

    /// Adds an array of any shape.
    pub(super) fn array<T: NpyItem>(
        &mut self,
        name: &str,
        array: &ArrayBase<impl Data<Elem = T>, impl Dimension>,
    ) -> Result<()> {
        Ok(self.file.ndarray(name, array)?)
    }

    /// Adds one number.
    pub(super) fn scalar<T: NpyItem>(&mut self, name: &str, value: T) -> Result<()> {
        Ok(self.file.scalar(name, value)?)
    }

    /// Adds a text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<()> {
        Ok(self.file.strings(name, &[text])?)
    }

    pub(super) fn finish(self) -> Result<()> {
        Ok(self.file.finish()?)
    }
}
