//! Snapshots of a network.

use core::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::Asynchronous;
use crate::asynchronous::Gains;
use crate::asynchronous::recorder::Recorder;
use crate::error::{BuildError, Result};
use crate::record::{FlipLog, FlipStream};
use crate::snapshot::{Load, Parts, Persist, Reader, Snapshot, SnapshotError, Structure, Writer};

impl<G: Gains> Asynchronous<G> {
    /// All that decides the future of the network, in memory; see [`snapshot`](crate::snapshot). Flips that are
    /// recorded in memory are part of it, those in files are not.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(self, true)
    }

    /// Goes back, or on, to a snapshot. Connections stay shared with copies of the network. A stream of flips ends;
    /// [`resume_flips`](Self::resume_flips) goes on with that of the network that was saved.
    ///
    /// # Errors
    /// For a snapshot of another network, and for one that does not fit what was built; the network is as before then.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<()> {
        let mut staged = self.clone();
        snapshot.load_into(&mut staged)?;
        *self = staged;
        Ok(())
    }

    /// Writes all that decides the future of the network into a file. Flips that are streamed are handed to the
    /// operating system first.
    ///
    /// # Errors
    /// If writing fails; an older file of this name stays then.
    pub fn save(&mut self, path: impl AsRef<Path>) -> Result<()> {
        if let Recorder::Disk(stream) = &mut self.recorder {
            stream.flush()?;
        }
        self.snapshot().write(path)
    }

    /// Goes on from a file that [`save`](Self::save) wrote. The network was built as the one that was saved.
    ///
    /// # Errors
    /// If the file cannot be read, is no snapshot, is damaged, of another network or of another version; the network
    /// is as before then.
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.restore(&Snapshot::read(path)?)
    }

    /// Goes on with a stream of flips that an earlier process wrote, after [`load`](Self::load). What the files have
    /// beyond the present of the network is cut off.
    ///
    /// # Errors
    /// If the files hold no log of this network up to its present; nothing is changed then. If they cannot be read or
    /// written.
    pub fn resume_flips(&mut self, folder: impl AsRef<Path>) -> Result<()> {
        let stream = FlipStream::resume(folder, &self.sections, &self.trajectory.states, self.updates())?;
        self.recorder = Recorder::Disk(Box::new(stream));
        Ok(())
    }

    /// Writes one population into a file: its states, parameters and thresholds.
    ///
    /// # Errors
    /// For an unknown population (with the nearest one), and if writing fails.
    pub fn save_population(&self, population: &str, path: impl AsRef<Path>) -> Result<()> {
        let (p, neurons) = self.find(population)?;
        let save = |out: &mut Writer| {
            self.gains.part(p).save(out);
            self.trajectory.states[neurons].save(out);
        };
        Snapshot::one(self.one_population(p), save).write(path)
    }

    /// Takes over a population that [`save_population`](Self::save_population) wrote: of the same model and size, in
    /// this network or another. Fields follow, and a log in memory begins anew.
    ///
    /// # Errors
    /// For an unknown population (with the nearest one), while flips are streamed to disk, and as for
    /// [`load`](Self::load).
    pub fn load_population(&mut self, population: &str, path: impl AsRef<Path>) -> Result<()> {
        let (p, neurons) = self.find(population)?;
        let mut gains = (*self.gains).clone();
        let mut states = self.states();
        Snapshot::read(path)?.load_one(&self.one_population(p), |from| {
            gains.part_mut(p).load(from)?;
            states[neurons].load(from)
        })?;
        self.set_states(&states)?;
        self.gains = Arc::new(gains);
        self.fold_thresholds();
        Ok(())
    }

    /// A hash of the model: names, models and their fields, sizes, projections. Networks of one model that differ in
    /// seed, parameters or records have the same one.
    #[must_use]
    pub fn structural_hash(&self) -> u64 {
        self.model().hash()
    }

    fn model(&self) -> Structure {
        let mut lines = Structure::of("an asynchronous network");
        lines.model(format!("network {}", self.name()));
        for (p, population) in self.shared.populations.iter().enumerate() {
            let (clusters, tau) = (population.clusters, population.tau);
            let kind = self.kind(p);
            lines.model(format!("population {}: {kind}, clusters {clusters}, tau {tau} ms", population.name));
            for drive in &population.drives {
                lines.model(format!("drive of {}: {} times {:?}", population.name, drive.weight, drive.source));
            }
        }
        self.shared.report.structure().iter().for_each(|line| lines.model(line));
        lines
    }

    /// Model, size and fields of a population.
    fn kind(&self, p: usize) -> String {
        let (model, fields) = self.gains.part(p).model();
        let fields = fields.iter().map(|field| format!("{:?} {} in {}", field.role, field.name, field.unit));
        let fields: Vec<_> = fields.collect();
        format!("{model}[{}] of {}", self.shared.populations[p].size, fields.join(", "))
    }

    fn one_population(&self, p: usize) -> Structure {
        let mut lines = Structure::of("a population of an asynchronous network");
        lines.model(self.kind(p));
        lines
    }

    /// Number and neurons of a population.
    fn find(&self, population: &str) -> Result<(usize, Range<usize>)> {
        let mut first = 0;
        for (p, spec) in self.shared.populations.iter().enumerate() {
            if spec.name == population {
                return Ok((p, first..first + spec.size));
            }
            first += spec.size;
        }
        let known: Vec<_> = self.shared.populations.iter().map(|spec| spec.name.as_str()).collect();
        Err(BuildError::unknown("population", population, &known).into())
    }
}

impl<G: Gains> Parts for Asynchronous<G> {
    fn structure(&self) -> Structure {
        let mut lines = self.model();
        let options = &self.shared.options;
        lines.built(format!("seed {}", options.seed));
        lines.built(format!("{:?} fields, refreshed {:?}, {:?}", options.precision, self.refresh, options.scheme));
        lines.built(format!("{} contacts, connections {:016x}", self.synapses(), self.shared.net.fingerprint()));
        lines
    }

    fn parts(&self, each: &mut dyn FnMut(&str, &dyn Persist)) {
        // All fields are named, so that a new one is not forgotten.
        let Self {
            gains,
            shared,
            chooser: _,
            population_of: _,
            thresholds: _,
            trajectory,
            refresh: _,
            sections: _,
            recorder,
            flips: _,
        } = self;
        for (p, population) in shared.populations.iter().enumerate() {
            each(&format!("population {}", population.name), gains.part(p));
        }
        each("states", trajectory);
        each("flips", recorder);
    }

    fn parts_mut(&mut self, each: Load<'_>) -> Result<(), SnapshotError> {
        let shared = Arc::clone(&self.shared);
        let gains = Arc::make_mut(&mut self.gains);
        for (p, population) in shared.populations.iter().enumerate() {
            each(&format!("population {}", population.name), gains.part_mut(p))?;
        }
        self.fold_thresholds();
        each("states", &mut self.trajectory)?;
        // A log for that of the snapshot.
        let log = FlipLog::new(self.sections.clone(), &vec![0; self.len()], 0);
        let log = log.map_err(|e| SnapshotError::Content { section: "flips".to_owned(), problem: e.to_string() })?;
        self.recorder = Recorder::Memory(log);
        each("flips", &mut self.recorder)
    }
}

/// Flips in files stay there.
impl Persist for Recorder {
    fn save(&self, out: &mut Writer) {
        if let Self::Memory(log) = self {
            true.save(out);
            log.save(out);
        } else {
            false.save(out);
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        if from.value()? {
            // Whoever loads has put a log there.
            return if let Self::Memory(log) = self { log.load(from) } else { Err(from.short()) };
        }
        *self = Self::Off;
        Ok(())
    }
}
