//! The fields of models, whatever these are.

use super::bytes::{Reader, Writer};
use super::error::SnapshotError;
use super::persist::Persist;
use crate::population::{Arrays, Model, Population, Values, ValuesMut};

/// Writes all fields of some neurons.
pub(crate) fn save_fields<A: Arrays>(arrays: &A, out: &mut Writer) {
    for field in 0..A::Model::FIELDS.len() {
        match arrays.values(field) {
            Values::SharedF64(x) => x.save(out),
            Values::SharedF32(x) => x.save(out),
            Values::EachF64(x) => x.save(out),
            Values::EachF32(x) => x.save(out),
        }
    }
}

/// Replaces all fields of some neurons.
pub(crate) fn load_fields<A: Arrays>(arrays: &mut A, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
    (0..A::Model::FIELDS.len()).try_for_each(|field| match arrays.values_mut(field) {
        ValuesMut::SharedF64(x) => x.load(from),
        ValuesMut::SharedF32(x) => x.load(from),
        ValuesMut::EachF64(x) => x.load(from),
        ValuesMut::EachF32(x) => x.load(from),
    })
}

impl<M: Model, const N: usize> Persist for Population<M, N> {
    fn save(&self, out: &mut Writer) {
        save_fields(self.arrays(), out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        load_fields(self.arrays_mut(), from)
    }
}
