//! An asynchronous network as a simulation like any other.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Asynchronous, Gains};
use crate::error::{RecordError, Result, RunError};
use crate::network::{Begin, Entry, Measure, Setting, Simulation};
use crate::record::{By, FlipLog};
use crate::run::{Ended, Why};
use crate::units::Time;

impl<G: Gains> Simulation for Asynchronous<G> {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn seed(&self) -> u64 {
        self.shared.options.seed
    }

    fn time(&self) -> Time {
        Self::time(self)
    }

    fn neurons(&self) -> usize {
        self.len()
    }

    fn sizes(&self) -> Vec<usize> {
        self.shared.populations.iter().map(|population| population.size).collect()
    }

    fn synapses(&self) -> u64 {
        Self::synapses(self)
    }

    fn bytes(&self) -> usize {
        Self::bytes(self)
    }

    fn steps_for(&self, duration: Time) -> Result<u64> {
        self.updates_for(duration)
    }

    fn run_steps(&mut self, n: u64) -> Result<Ended> {
        self.run_updates(n)?;
        Ok(Ended { time: self.time(), why: Why::Complete })
    }

    fn save(&mut self, path: &Path) -> Result<()> {
        Self::save(self, path)
    }

    fn load(&mut self, path: &Path) -> Result<()> {
        Self::load(self, path)
    }

    fn profile(&mut self, on: bool) -> Result<()> {
        if !on {
            return Ok(());
        }
        let problem = "an asynchronous network makes no steps whose stages could be timed".to_owned();
        Err(RunError::Unsupported { problem, help: "leave `--profile` out".to_owned() }.into())
    }

    fn set(&mut self, name: &str, value: Setting) -> Result<()> {
        Self::set(self, name, value)
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (p, population) in self.shared.populations.iter().enumerate() {
            let (name, tau) = (format!("{}.tau", population.name), population.tau);
            entries.push(Entry { name, unit: "ms", min: tau, max: tau });
            if let Some(fields) = self.populations().fields(p) {
                let values = |field| fields.values(field).to_vec(population.size);
                entries.extend(Entry::of(&population.name, fields.infos(), values));
            }
        }
        entries
    }

    fn begin(&mut self) -> Result<Begin> {
        if self.log().is_ok() {
            self.record_flips()?;
        }
        Ok(Begin { ms: Self::time(self).ms(), counts: vec![self.flips()], steps: self.updates() })
    }

    fn measures(&self, since: &Begin) -> Result<Vec<Measure>> {
        let mut measures = Vec::new();
        if let Ok(log) = self.log() {
            let rates = log.rates_every(log.sections().updates_in(1.0), By::Population)?;
            for (name, values) in rates.names.iter().zip(rates.values.columns()) {
                let mean = values.iter().map(|rate| f64::from(*rate)).sum::<f64>() / values.len().max(1) as f64;
                measures.push(Measure::new(format!("{name}.active"), mean));
            }
        }
        let (flips, updates) = (self.flips() - since.counts.iter().sum::<u64>(), self.updates() - since.steps);
        measures.push(Measure::new("flips", flips as f64 / updates as f64));
        Ok(measures)
    }

    fn summary(&self) -> String {
        Self::summary(self)
    }

    fn explain(&self) -> String {
        Self::explain(self)
    }

    fn save_npz(&self, path: &Path) -> Result<()> {
        let log = self.log()?;
        log.save_npz(path, log.sections().updates_in(1.0))
    }

    fn save_csv(&self, folder: &Path, stem: &str) -> Result<Vec<PathBuf>> {
        let log = self.log()?;
        let path = folder.join(format!("{stem}.flips.csv"));
        let file = File::create(&path).map_err(RecordError::io(&path))?;
        flips_as_csv(log, &mut BufWriter::new(file)).map_err(RecordError::io(&path))?;
        Ok(vec![path])
    }

    #[cfg(feature = "plot")]
    fn save_raster(&self, path: &Path, title: &str) -> Result<bool> {
        let Ok(log) = self.log() else { return Ok(false) };
        let clustered = log.sections().populations().iter().any(|section| section.clusters > 1);
        let figure = if clustered { crate::plot::clusters(log) } else { crate::plot::raster(log) };
        figure.title(title).save(path)?;
        Ok(true)
    }
}

/// A row for each change of a neuron: 1 if it became active, 0 otherwise.
fn flips_as_csv(log: &FlipLog, file: &mut impl Write) -> std::io::Result<()> {
    let ms = log.sections().ms_per_update();
    writeln!(file, "time (ms),neuron,state")?;
    log.iter()
        .try_for_each(|flip| writeln!(file, "{},{},{}", flip.update as f64 * ms, flip.neuron, u8::from(flip.up)))?;
    file.flush()
}
