//! What snapshots hold of synapses: values, and when they were advanced.

use super::model::Synapse;
use super::store::{Clocks, SynapseStore};
use crate::snapshot::{Fingerprint, Persist, Reader, SnapshotError, Writer, persist};

persist!([] Clocks { epoch } fixed { last } built {});

impl<Y: Synapse> SynapseStore<Y> {
    /// Takes the connections in account.
    pub(crate) fn fingerprint(&self, all: &mut Fingerprint) {
        self.rows.fingerprint(all);
    }

    /// Writes the values of all fields as they are at the beginning of a step.
    pub(crate) fn save_values(&self, step: u64, out: &mut Writer) {
        let mut now = self.clone();
        now.refresh(step);
        save_columns(&now.shared, &now.columns, out);
    }

    /// Replaces the values of all fields, as those at the beginning of a step.
    pub(crate) fn load_values(&mut self, step: u64, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        load_columns(&mut self.shared, &mut self.columns, from)?;
        self.start(step);
        Ok(())
    }
}

/// Which synapses there are, and where their fields are kept, is built.
impl<Y: Synapse> Persist for SynapseStore<Y> {
    fn save(&self, out: &mut Writer) {
        let Self {
            shared,
            dt: _,
            rows: _,
            incoming: _,
            kept: _,
            passes: _,
            columns,
            clock_pre,
            clock_post,
            clocks,
            kernels: _,
        } = self;
        save_columns(shared, columns, out);
        clock_pre[..].save(out);
        clock_post[..].save(out);
        clocks.save(out);
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        load_columns(&mut self.shared, &mut self.columns, from)?;
        self.clock_pre[..].load(from)?;
        self.clock_post[..].load(from)?;
        self.clocks.load(from)
    }
}

/// Fields with one value for all, then those with a value for each neuron or synapse.
fn save_columns<Y: Synapse>(shared: &Y, columns: &[Vec<Y::S>], out: &mut Writer) {
    let mut shared = shared.clone();
    for field in 0..Y::FIELDS.len() {
        if let Some(value) = shared.field_mut(field) {
            value.save(out);
        }
    }
    columns.iter().for_each(|column| column[..].save(out));
}

fn load_columns<Y: Synapse>(
    shared: &mut Y,
    columns: &mut [Vec<Y::S>],
    from: &mut Reader<'_>,
) -> Result<(), SnapshotError> {
    for field in 0..Y::FIELDS.len() {
        if let Some(value) = shared.field_mut(field) {
            value.load(from)?;
        }
    }
    columns.iter_mut().try_for_each(|column| column[..].load(from))
}
