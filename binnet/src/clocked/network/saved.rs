//! Snapshots of a network.

use std::path::Path;

use super::Clocked;
use crate::clocked::{Cohort, Populations};
use crate::error::Result;
use crate::population::Values;
use crate::rng::Streams;
use crate::snapshot::{Load, Parts, Persist, Snapshot, SnapshotError, Structure, WALL, persist};

impl<P: Populations + Clone> Clocked<P> {
    /// All that decides the future of the network, in memory; see [`snapshot`](crate::snapshot).
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(self, true)
    }

    /// Goes back, or on, to a snapshot. Connections stay shared with copies of the network.
    ///
    /// # Errors
    /// For a snapshot of another network, and for one that does not fit what was built; the network is as before then.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<()> {
        let mut staged = self.clone();
        snapshot.load_into(&mut staged)?;
        *self = staged;
        Ok(())
    }

    /// An independent copy with another seed for what follows; connections are shared. Its records begin here. (A
    /// `clone()` goes on with the same random numbers.)
    ///
    /// A fork is restored from snapshots of forks with the same seed.
    ///
    /// ```
    /// use binnet::models::neurons::Izhikevich;
    /// use binnet::prelude::*;
    ///
    /// network! {
    ///     /// Neurons that are driven by noise.
    ///     pub struct Driven {
    ///         clock 0.1 ms;
    ///         source noise: poisson[20] { rate: 800 Hz };
    ///         population cells: Izhikevich[20];
    ///         projection noise -> cells { target: i, connect: one_to_one, weight: 20 mV/ms };
    ///     }
    /// }
    ///
    /// # fn main() -> binnet::Result<()> {
    /// let mut net = Driven::builder().seed(1).build()?;
    /// net.run(100.ms())?;
    /// // From the same state on, five ways to go on.
    /// let mut replicas: Vec<_> = (2..7).map(|seed| net.fork(seed)).collect();
    /// for replica in &mut replicas {
    ///     replica.run(100.ms())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fork(&self, seed: u64) -> Self {
        let mut copy = self.clone();
        copy.options.seed = seed;
        let streams = Streams::new(seed);
        for p in 0..copy.populations.count() {
            copy.populations.at_mut(p).reseed(&streams);
        }
        copy.sources.iter_mut().for_each(|source| source.reseed(&streams));
        copy.stimuli.reseed(streams, &copy.populations);
        copy.wiring.reseed(streams);
        copy.clear_records();
        copy
    }

    /// Writes all that decides the future of the network into a file. Weights as they were drawn are not in it, since
    /// the network that loads has them.
    ///
    /// # Errors
    /// If writing fails; an older file of this name stays then.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        Snapshot::of(self, false).write(path)
    }

    /// Goes on from a file that [`save`](Self::save) wrote. The network was built as the one that was saved.
    ///
    /// # Errors
    /// If the file cannot be read, is no snapshot, is damaged, of another network or of another version; the network
    /// is as before then.
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.restore(&Snapshot::read(path)?)
    }

    /// Writes one population into a file: all fields, last spikes, and the random stream of its noise.
    ///
    /// # Errors
    /// For an unknown population (with the nearest one), and if writing fails.
    pub fn save_population(&self, population: &str, path: impl AsRef<Path>) -> Result<()> {
        let cohort = self.populations.at(self.find(population)?);
        Snapshot::one(one_population(cohort), |out| cohort.save(out)).write(path)
    }

    /// Takes over a population that [`save_population`](Self::save_population) wrote: of the same model and size, in
    /// this network or another. What drives parameters and locals (stimuli) acts on the loaded ones from now on.
    ///
    /// # Errors
    /// For an unknown population (with the nearest one), and as for [`load`](Self::load).
    pub fn load_population(&mut self, population: &str, path: impl AsRef<Path>) -> Result<()> {
        let p = self.find(population)?;
        let snapshot = Snapshot::read(path)?;
        let mut staged = self.clone();
        let cohort = staged.populations.at_mut(p);
        (0..cohort.fields().len()).for_each(|field| staged.stimuli.release(p, field, cohort));
        snapshot.load_one(&one_population(self.populations.at(p)), |from| cohort.load(from))?;
        *self = staged;
        Ok(())
    }

    /// Writes the synapses of one projection into a file: weights, and for synapses with equations all their values
    /// as they are now. Spikes that are under way are not in it.
    ///
    /// # Errors
    /// For an unknown projection (with the nearest one), and if writing fails.
    pub fn save_projection(&self, projection: &str, path: impl AsRef<Path>) -> Result<()> {
        let link = self.wiring.find(projection)?;
        Snapshot::one(self.one_projection(link), |out| self.wiring.save_link(link, self.steps, out)).write(path)
    }

    /// Takes over the synapses of a projection that [`save_projection`](Self::save_projection) wrote, as they are now:
    /// of one with the same connections, in this network or another.
    ///
    /// # Errors
    /// For an unknown projection (with the nearest one), for one with other connections, and as for
    /// [`load`](Self::load).
    pub fn load_projection(&mut self, projection: &str, path: impl AsRef<Path>) -> Result<()> {
        let link = self.wiring.find(projection)?;
        let snapshot = Snapshot::read(path)?;
        let mut staged = self.clone();
        let steps = self.steps;
        snapshot.load_one(&self.one_projection(link), |from| staged.wiring.load_link(link, steps, from))?;
        *self = staged;
        Ok(())
    }
}

impl<P: Populations> Clocked<P> {
    /// A hash of the model: names, models and their fields, sizes, clock, projections. Networks of one model that
    /// differ in seed, parameters or records have the same one.
    #[must_use]
    pub fn structural_hash(&self) -> u64 {
        self.model().hash()
    }

    fn model(&self) -> Structure {
        let mut lines = Structure::of("a network with a clock");
        lines.model(format!("network {}", self.name));
        lines.model(format!("clock {} ms", self.dt));
        lines.model(format!("order of a step: {}", self.options.schedule));
        let cohorts = || (0..self.populations.count()).map(|p| self.populations.at(p));
        for cohort in cohorts() {
            lines.model(format!("population {}: {}", cohort.name(), kind(cohort)));
            lines.model(format!("fields of {}: {}", cohort.name(), fields(cohort)));
        }
        for source in &self.sources {
            lines.model(format!("source {}: {}[{}]", source.name(), source.model(), source.size()));
        }
        let names: Vec<&str> = cohorts().map(Cohort::name).chain(self.sources.iter().map(|s| s.name())).collect();
        self.wiring.structure(&names).iter().for_each(|line| lines.model(line));
        lines
    }

    fn one_projection(&self, link: usize) -> Structure {
        let mut lines = Structure::of("the synapses of a projection");
        let (model, built) = self.wiring.one_structure(link);
        lines.model(model);
        lines.built(built);
        lines
    }
}

impl<P: Populations> Parts for Clocked<P> {
    fn structure(&self) -> Structure {
        let mut lines = self.model();
        lines.built(format!("seed {}", self.options.seed));
        self.wiring.built().iter().for_each(|line| lines.built(line));
        for source in &self.sources {
            lines.built(format!("given times of {}: {:016x}", source.name(), source.fingerprint()));
        }
        self.stimuli.describe(&self.populations).iter().for_each(|line| lines.built(line));
        self.records.describe().iter().for_each(|line| lines.built(line));
        lines
    }

    fn parts(&self, each: &mut dyn FnMut(&str, &dyn Persist)) {
        // All fields are named, so that a new one is not forgotten.
        let Self {
            name: _,
            dt: _,
            options: _,
            populations,
            stimuli,
            sources,
            wiring,
            workers: _,
            records,
            steps,
            spikes,
            unsound,
            wall,
            declared: _,
            stops: _,
            ended: _,
            profile: _,
            notes: _,
        } = self;
        each("time", &Time { steps: *steps, unsound: *unsound, spikes: spikes.clone() });
        for p in 0..populations.count() {
            each(&format!("population {}", populations.at(p).name()), populations.at(p));
        }
        sources.iter().for_each(|source| each(&format!("source {}", source.name()), source));
        each("stimuli", stimuli);
        each("projections", wiring);
        each("records", records);
        each(WALL, wall);
    }

    fn parts_mut(&mut self, each: Load<'_>) -> Result<(), SnapshotError> {
        let Self {
            name: _,
            dt: _,
            options: _,
            populations,
            stimuli,
            sources,
            wiring,
            workers: _,
            records,
            steps,
            spikes,
            unsound,
            wall,
            declared: _,
            stops: _,
            ended,
            profile: _,
            notes: _,
        } = self;
        let mut time = Time { steps: 0, unsound: false, spikes: core::mem::take(spikes) };
        each("time", &mut time)?;
        (*steps, *unsound, *spikes, *ended) = (time.steps, time.unsound, time.spikes, None);
        for p in 0..populations.count() {
            let name = format!("population {}", populations.at(p).name());
            each(&name, populations.at_mut(p))?;
        }
        for source in sources {
            let name = format!("source {}", source.name());
            each(&name, source)?;
        }
        each("stimuli", stimuli)?;
        each("projections", wiring)?;
        each("records", records)?;
        each(WALL, wall)
    }
}

/// How far the network is.
struct Time {
    steps: u64,
    /// Whether the sentinel found a state that the next reset may still mend.
    unsound: bool,
    spikes: Vec<u64>,
}

persist!([] Time { steps, unsound } fixed { spikes } built {});

fn one_population(cohort: &dyn Cohort) -> Structure {
    let mut lines = Structure::of("a population of a network with a clock");
    lines.model(kind(cohort));
    lines.model(fields(cohort));
    lines
}

/// Model, size and method.
fn kind(cohort: &dyn Cohort) -> String {
    let grid = cohort.grid().map_or_else(String::new, |[rows, columns]| format!(", {rows} x {columns}"));
    format!("{}[{}] by {}{grid}", cohort.model(), cohort.size(), cohort.method().0)
}

/// Names, storage classes, units and precisions of all fields.
fn fields(cohort: &dyn Cohort) -> String {
    let fields = cohort.fields().iter().enumerate().map(|(i, field)| {
        let bits = match cohort.values(i) {
            Values::SharedF64(_) | Values::EachF64(_) => 64,
            Values::SharedF32(_) | Values::EachF32(_) => 32,
        };
        format!("{:?} {} in {} of {bits} bits", field.role, field.name, field.unit)
    });
    fields.collect::<Vec<_>>().join(", ")
}
