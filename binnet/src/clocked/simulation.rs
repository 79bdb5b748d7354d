//! A network with a clock as a simulation like any other.

use std::path::{Path, PathBuf};

use super::record::SpikeTrain;
use super::{Clocked, Populations};
use crate::analysis::SpikeTrains;
use crate::error::Result;
use crate::network::{Begin, Entry, Measure, Setting, Simulation};
use crate::run::Ended;
use crate::units::Time;

/// Neurons with fewer intervals than this have no coefficient of variation.
const LEAST_INTERVALS: usize = 4;

impl<P: Populations + Clone> Simulation for Clocked<P> {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn seed(&self) -> u64 {
        self.options().seed
    }

    fn time(&self) -> Time {
        Self::time(self)
    }

    fn neurons(&self) -> usize {
        (0..self.populations().count()).map(|p| self.populations().at(p).size()).sum()
    }

    fn sizes(&self) -> Vec<usize> {
        (0..self.populations().count()).map(|p| self.populations().at(p).size()).collect()
    }

    fn synapses(&self) -> u64 {
        self.projections().iter().map(|projection| projection.synapses).sum()
    }

    fn bytes(&self) -> usize {
        self.projections().iter().map(|projection| projection.bytes).sum()
    }

    fn steps_for(&self, duration: Time) -> Result<u64> {
        Self::steps_for(self, duration)
    }

    fn run_steps(&mut self, n: u64) -> Result<Ended> {
        Self::run_steps(self, n)
    }

    fn save(&mut self, path: &Path) -> Result<()> {
        Self::save(self, path)
    }

    fn load(&mut self, path: &Path) -> Result<()> {
        Self::load(self, path)
    }

    fn profile(&mut self, on: bool) -> Result<()> {
        Self::profile(self, on);
        Ok(())
    }

    fn set(&mut self, name: &str, value: Setting) -> Result<()> {
        Self::set(self, name, value)
    }

    fn entries(&self) -> Vec<Entry> {
        let cohorts = (0..self.populations().count()).map(|p| self.populations().at(p));
        let of = |cohort: &dyn super::Cohort| {
            Entry::of(cohort.name(), cohort.fields(), |field| cohort.values(field).to_vec(cohort.size()))
        };
        cohorts.flat_map(of).collect()
    }

    fn begin(&mut self) -> Result<Begin> {
        self.clear_records();
        let counts = (0..self.populations().count()).map(|p| self.spike_count(p)).collect();
        Ok(Begin { ms: self.time().ms(), counts, steps: self.steps() })
    }

    fn measures(&self, since: &Begin) -> Result<Vec<Measure>> {
        let mut measures = Vec::new();
        let seconds = (Self::time(self).ms() - since.ms) * 1e-3;
        for p in 0..self.populations().count() {
            let cohort = self.populations().at(p);
            let count = self.spike_count(p) - since.counts.get(p).copied().unwrap_or(0);
            let rate = count as f64 / (cohort.size() as f64 * seconds);
            measures.push(Measure { name: format!("{}.rate", cohort.name()), unit: "Hz".to_owned(), value: rate });
            if let Ok(train) = self.records().spikes(cohort.name()) {
                measures
                    .push(Measure::new(format!("{}.cv", cohort.name()), variation(train, since.ms, Self::time(self))));
            }
        }
        Ok(measures)
    }

    fn summary(&self) -> String {
        Self::summary(self)
    }

    fn explain(&self) -> String {
        Self::explain(self)
    }

    fn save_npz(&self, path: &Path) -> Result<()> {
        self.records().save_npz(path)
    }

    fn save_csv(&self, folder: &Path, stem: &str) -> Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        let path = |name: &str| folder.join(format!("{stem}.{name}.csv"));
        for train in self.records().all_spikes() {
            paths.push(path(train.name()));
            train.save_csv(&paths[paths.len() - 1])?;
        }
        for trace in self.records().all_traces() {
            paths.push(path(trace.name()));
            trace.save_csv(&paths[paths.len() - 1])?;
        }
        Ok(paths)
    }

    #[cfg(feature = "plot")]
    fn save_raster(&self, path: &Path, title: &str) -> Result<bool> {
        let trains: Vec<&SpikeTrain> = self.records().all_spikes().iter().collect();
        if trains.iter().all(|train| train.is_empty()) {
            return Ok(false);
        }
        crate::plot::raster(&trains).title(title).save(path)?;
        Ok(true)
    }
}

/// The coefficient of variation of a record; not a number without neurons that spike often enough.
fn variation(train: &SpikeTrain, from: f64, to: Time) -> f64 {
    let trains = SpikeTrains::new(&train.places(), &train.times(), train.chosen().len(), from..to.ms()).ok();
    trains.and_then(|trains| trains.isi_cv(LEAST_INTERVALS)).unwrap_or(f64::NAN)
}
