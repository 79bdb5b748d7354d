//! A flip log as one `.npz` file, under the names that users of the Python package know.

use std::path::Path;

use super::{By, FlipLog, Npz};
use crate::error::Result;

impl FlipLog {
    /// Writes the log and what follows from it as an `.npz` file for `numpy.load`.
    ///
    /// | array | holds |
    /// | --- | --- |
    /// | `initial_state` | `[neurons]`, 0 or 1 |
    /// | `state_times`, `state_updates`, `state_deltas` | `[flips]`: update, neuron and change (-1 or 1) of each flip |
    /// | `spike_times`, `spike_ids` | `[onsets]`: update and neuron of each change to 1 |
    /// | `rates`, `times`, `names`, `sizes` | cluster rates `[samples, groups]`, update of each sample, name and size of each group |
    /// | `updates`, `first_update`, `ms_per_update` | length of the log, where it starts, time of an update |
    ///
    /// Times count updates from the start of the log; times `ms_per_update` they are ms. Rates are
    /// sampled after updates 0, `every`, 2 `every`, ..
    ///
    /// # Errors
    /// If there is not enough memory for the rates, or writing fails.
    pub fn save_npz(&self, path: impl AsRef<Path>, every: u64) -> Result<()> {
        let rates = self.rates_every(every, By::Cluster)?;
        let flips = self.len() as usize;
        let onsets = self.iter().filter(|flip| flip.up).count();
        let ups = || self.iter().filter(|flip| flip.up);
        let mut file = Npz::create(path)?;
        self.save_start(&mut file)?;
        file.array("state_times", &[flips], self.iter().map(|flip| flip.update as i64))?;
        file.array("state_updates", &[flips], self.iter().map(|flip| flip.neuron))?;
        file.array("state_deltas", &[flips], self.iter().map(|flip| flip.delta()))?;
        file.array("spike_times", &[onsets], ups().map(|flip| flip.update as f64))?;
        file.array("spike_ids", &[onsets], ups().map(|flip| i64::from(flip.neuron)))?;
        file.ndarray("rates", &rates.values)?;
        file.array("times", &[rates.times.len()], rates.times.iter().map(|&time| time as i64))?;
        file.finish()
    }

    /// Writes the log with one entry an update: `state_updates` and `state_deltas` of shape
    /// `[1, updates]`, as `reconstruct_states_from_diff_logs` of the Python package takes them.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_npz_dense(&self, path: impl AsRef<Path>) -> Result<()> {
        let (rows, steps) = self.dense_shape()?;
        let mut file = Npz::create(path)?;
        self.save_start(&mut file)?;
        file.array("state_updates", &[rows, steps], self.dense_entries(rows).map(|(neuron, _)| neuron))?;
        file.array("state_deltas", &[rows, steps], self.dense_entries(rows).map(|(_, delta)| delta))?;
        file.finish()
    }

    /// What both kinds of file start with.
    fn save_start(&self, file: &mut Npz) -> Result<()> {
        let groups = self.sections().groups(By::Cluster);
        let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        let initial = self.initial_state();
        file.array("initial_state", &[initial.len()], initial)?;
        file.strings("names", &names)?;
        file.array("sizes", &[groups.len()], groups.iter().map(|group| group.neurons.len() as i64))?;
        file.scalar("updates", self.updates() as i64)?;
        file.scalar("first_update", self.first_update() as i64)?;
        file.scalar("ms_per_update", self.sections().ms_per_update())
    }
}
