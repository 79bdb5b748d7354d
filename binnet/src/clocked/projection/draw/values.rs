//! Weights or delays, row by row.

use crate::clocked::projection::spec::PerSynapse;
use crate::error::{BuildError, Result};
use crate::population::{Init, ValuesMut};
use crate::rng::Family;

/// Where the values of synapses come from, one row after the other.
pub(in crate::clocked::projection) struct Values<'a> {
    from: &'a PerSynapse,
    /// One stream a row.
    streams: Family,
    /// How many synapses came before.
    before: usize,
}

impl<'a> Values<'a> {
    pub(in crate::clocked::projection) fn new(from: &'a PerSynapse, streams: Family) -> Self {
        Self { from, streams, before: 0 }
    }

    /// Writes one value for each synapse of row `pre` into `out`; `posts` are their targets.
    pub(in crate::clocked::projection) fn row(
        &mut self,
        pre: usize,
        posts: impl ExactSizeIterator<Item = usize>,
        label: &str,
        out: &mut Vec<f64>,
    ) -> Result<()> {
        let n = posts.len();
        out.clear();
        match self.from {
            PerSynapse::Pairs(f) => out.extend(posts.map(|post| f(pre, post))),
            PerSynapse::Init(Init::Each(values)) => {
                let row = values.get(self.before..self.before + n).ok_or_else(|| {
                    let (what, found) = (label.to_owned(), values.len());
                    BuildError::Length { what, expected: self.before + n, found }
                })?;
                out.extend_from_slice(row);
            }
            PerSynapse::Init(Init::ByIndex(f)) => out.extend((self.before..self.before + n).map(|i| f(i))),
            PerSynapse::Init(init) => {
                out.resize(n, 0.0);
                init.write(ValuesMut::EachF64(out), label, &mut self.streams.stream(pre as u64))?;
            }
        }
        self.before += n;
        Ok(())
    }

    /// Whether all values that were given have been used.
    pub(in crate::clocked::projection) fn complete(&self, label: &str) -> Result<()> {
        match self.from {
            PerSynapse::Init(Init::Each(values)) if values.len() != self.before => {
                let (what, found) = (label.to_owned(), values.len());
                Err(BuildError::Length { what, expected: self.before, found }.into())
            }
            _ => Ok(()),
        }
    }
}
