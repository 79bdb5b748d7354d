//! The network: what it consists of, and how it is put together.

mod saved;

use core::fmt;
use std::time::Duration;

use super::clock::time;
use super::condition::Stop;
use super::declared::Declared;
use super::profile::Profile;
use super::projection::{PoissonInput, Projection, ProjectionInfo, Wiring};
use super::schedule::{Schedule, Stage};
use super::source::Source;
use super::stimulus::{Stimuli, Stimulus};
use super::workers::{Threads, Workers};
use super::{Cohort, Populations, Records};
use crate::error::{BuildError, Result};
use crate::population::{FieldInfo, find};
use crate::rng::Streams;
use crate::run::Ended;
use crate::simd::Instructions;
use crate::units::Time;

/// How a clock-driven network is built and run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockedOptions {
    /// The seed of all random numbers.
    pub seed: u64,
    /// The widest vector instructions; results are the same for all.
    pub instructions: Instructions,
    /// Whether a state that is NaN or infinite stops the run.
    pub sentinel: bool,
    /// On how many threads; results are the same for any number.
    pub threads: Threads,
    /// The order of the stages of a step.
    pub schedule: Schedule,
    /// The most memory that the synapses added at once may take, and what is recorded, in bytes; by default three quarters
    /// of what is free.
    pub memory_budget: Option<u64>,
}

impl Default for ClockedOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            instructions: Instructions::default(),
            sentinel: true,
            threads: Threads::Auto,
            schedule: Schedule::default(),
            memory_budget: None,
        }
    }
}

impl ClockedOptions {
    /// The defaults, with a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}

/// A network whose neurons advance together, in steps of the clock.
///
/// Time is counted in steps, so it never drifts.
#[derive(Clone)]
pub struct Clocked<P: Populations> {
    pub(super) name: String,
    pub(super) dt: f64,
    pub(super) options: ClockedOptions,
    pub(super) populations: P,
    pub(super) stimuli: Stimuli,
    pub(super) sources: Vec<Source>,
    pub(super) wiring: Wiring,
    /// What the wiring was made from.
    pub(super) declared: Declared,
    pub(super) workers: Workers,
    pub(super) records: Records,
    pub(super) steps: u64,
    pub(super) spikes: Vec<u64>,
    /// Whether the sentinel found a state that the next reset may still mend.
    pub(super) unsound: bool,
    pub(super) wall: Duration,
    pub(super) stops: Vec<Stop>,
    /// How the last run ended.
    pub(super) ended: Option<Ended>,
    /// Only while stages are timed.
    pub(super) profile: Option<Box<Profile>>,
    /// What `explain` says besides.
    pub(super) notes: Vec<String>,
}

impl<P: Populations> Clocked<P> {
    /// A network at time 0.
    ///
    /// # Errors
    /// For a clock that is not above 0, for no or empty populations, and for two of the same name.
    pub fn new(name: impl Into<String>, clock: Time, options: ClockedOptions, populations: P) -> Result<Self> {
        let name = name.into();
        let value = |what: String, problem: &str, help: &str| -> Result<Self> {
            Err(BuildError::Value { what, problem: problem.to_owned(), help: help.to_owned() }.into())
        };
        let dt = clock.ms();
        if !(dt.is_finite() && dt > 0.0) {
            return value(format!("the clock of `{name}`"), &format!("is {dt} ms"), "a step is a time above 0 ms");
        }
        if populations.count() == 0 {
            return value(format!("network `{name}`"), "has no populations", "declare at least one");
        }
        for p in 0..populations.count() {
            let cohort = populations.at(p);
            let label = format!("population `{}`", cohort.name());
            if cohort.size() == 0 || cohort.size() > u32::MAX as usize {
                return value(label, &format!("has {} neurons", cohort.size()), "give it 1 to 2^32 - 1 of them");
            }
            if (0..p).any(|other| populations.at(other).name() == cohort.name()) {
                return value(label, "is declared twice", "give each population a name of its own");
            }
        }
        let lag = options.schedule.lag(Stage::Deliver);
        Ok(Self {
            workers: Workers::new(options.threads)?,
            sources: Vec::new(),
            wiring: Wiring::lagging(lag),
            unsound: false,
            declared: Declared::new(options.seed, lag),
            spikes: vec![0; populations.count()],
            stimuli: Stimuli::new(Streams::new(options.seed)),
            name,
            dt,
            options,
            populations,
            records: Records::default(),
            steps: 0,
            wall: Duration::ZERO,
            stops: Vec::new(),
            ended: None,
            profile: None,
            notes: Vec::new(),
        })
    }

    /// The name of the network.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds a line to what [`explain`](Self::explain) says; `network!` describes receptors so.
    pub fn note(&mut self, line: impl Into<String>) {
        self.notes.push(line.into());
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The length of a step.
    #[must_use]
    pub fn clock(&self) -> Time {
        Time::from_ms(self.dt)
    }

    /// The steps made so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The time so far: steps times the clock.
    #[must_use]
    pub fn time(&self) -> Time {
        Time::from_ms(time(self.steps, self.dt))
    }

    /// The time that runs took on this computer.
    #[must_use]
    pub fn wall(&self) -> Duration {
        self.wall
    }

    /// How the network was built.
    #[must_use]
    pub fn options(&self) -> &ClockedOptions {
        &self.options
    }

    /// The populations.
    #[must_use]
    pub fn populations(&self) -> &P {
        &self.populations
    }

    /// The populations, to be changed between steps.
    pub fn populations_mut(&mut self) -> &mut P {
        &mut self.populations
    }

    /// The spikes of population number `p` so far; 0 beyond the last population.
    #[must_use]
    pub fn spike_count(&self, p: usize) -> u64 {
        self.spikes.get(p).copied().unwrap_or(0)
    }

    /// Whether a state that is NaN or infinite stops the run; on at first.
    pub fn set_sentinel(&mut self, on: bool) {
        self.options.sentinel = on;
    }

    /// Adds a source of spikes, from which projections can start.
    ///
    /// # Errors
    /// For a name that is taken, and for rates or times that do not fit.
    pub fn add_source(&mut self, source: Source) -> Result<()> {
        let taken = self.find(source.name()).is_ok() || self.sources.iter().any(|s| s.name() == source.name());
        if taken {
            return Err(BuildError::Value {
                what: format!("source `{}`", source.name()),
                problem: "has the name of another population or source".to_owned(),
                help: "give each a name of its own".to_owned(),
            }
            .into());
        }
        let mut source = source;
        source.start(&Streams::new(self.options.seed), self.dt)?;
        self.sources.push(source);
        Ok(())
    }

    /// A source, to hand it counts or to change its rates.
    ///
    /// # Errors
    /// For an unknown source, with the nearest one.
    pub fn source_mut(&mut self, name: &str) -> Result<&mut Source> {
        let known: Vec<String> = self.sources.iter().map(|source| source.name().to_owned()).collect();
        self.sources.iter_mut().find(|source| source.name() == name).ok_or_else(|| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            BuildError::unknown("source", name, &known).into()
        })
    }

    /// The names of the sources, in order.
    pub(super) fn source_names(&self) -> impl Iterator<Item = String> {
        self.sources.iter().map(|source| source.name().to_owned())
    }

    /// Adds a projection: draws its connections, weights and delays.
    ///
    /// # Errors
    /// For unknown ends or targets (with the nearest ones), a rule that does not fit, weights and delays that are
    /// no numbers or too many, negative delays.
    pub fn connect(&mut self, projection: Projection) -> Result<()> {
        self.connect_all(&[projection])
    }

    /// Adds several projections, which are drawn side by side.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect); none is added then.
    pub fn connect_all(&mut self, projections: &[Projection]) -> Result<()> {
        let step = self.step_at(self.steps);
        let cohorts: Vec<&dyn Cohort> = (0..self.populations.count())
            .map(|p| self.populations.at(p))
            .chain(self.sources.iter().map(|source| source as &dyn Cohort))
            .collect();
        let streams = self.declared.streams();
        let count = self.populations.count();
        self.wiring.connect(projections, &cohorts, count, streams, &step, self.options.memory_budget)?;
        self.declared.connect(projections);
        Ok(())
    }

    /// Adds Poisson spikes to each neuron of a population, without sources or synapses.
    ///
    /// # Errors
    /// For an unknown population or target (with the nearest one), and numbers out of their range.
    pub fn poisson_input(&mut self, input: &PoissonInput) -> Result<()> {
        let step = self.step_at(self.steps);
        let cohorts: Vec<&dyn Cohort> = (0..self.populations.count()).map(|p| self.populations.at(p)).collect();
        self.wiring.add_background(input, &cohorts, Streams::new(self.options.seed), &step)?;
        self.declared.background(input);
        Ok(())
    }

    /// The projections as they were built.
    #[must_use]
    pub fn projections(&self) -> Vec<ProjectionInfo> {
        self.wiring.info()
    }

    pub(super) fn wiring(&self) -> &Wiring {
        &self.wiring
    }

    /// The number of threads that it runs on at present.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.workers.count()
    }

    /// Whether the number of threads follows from how long steps take.
    pub(super) fn chooses_threads(&self) -> bool {
        self.workers.is_automatic()
    }

    /// Drives a field of a population: an input, a state, a parameter or a local.
    ///
    /// A drive that changes at time T acts from step T/dt on (rounded), and is constant within a step.
    /// On an input or state the operator acts in each step, on a parameter or local it acts on the value
    /// that was set.
    ///
    /// # Errors
    /// For an unknown population or field (with the nearest one), amounts that are no numbers or as many as
    /// neurons, and times that are negative.
    pub fn stimulate(&mut self, population: &str, field: &str, stimulus: Stimulus) -> Result<()> {
        let (p, i) = self.field(population, field)?;
        self.stimuli.add(stimulus, p, i, self.populations.at(p), self.dt)
    }

    pub(super) fn find(&self, population: &str) -> Result<usize> {
        let name = |p| self.populations.at(p).name();
        (0..self.populations.count()).find(|p| name(*p) == population).ok_or_else(|| {
            let known: Vec<_> = (0..self.populations.count()).map(name).collect();
            BuildError::unknown("population", population, &known).into()
        })
    }

    pub(super) fn field(&self, population: &str, field: &str) -> Result<(usize, usize)> {
        let p = self.find(population)?;
        let cohort: &dyn Cohort = self.populations.at(p);
        let fields: &[FieldInfo] = cohort.fields();
        let i = find(fields, field).ok_or_else(|| {
            let known: Vec<_> = fields.iter().map(|f| f.name).collect();
            BuildError::unknown(format!("field of `{}`", cohort.model()), field, &known)
        })?;
        Ok((p, i))
    }
}

impl<P: Populations> fmt::Debug for Clocked<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clocked")
            .field("name", &self.name)
            .field("dt", &self.dt)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
