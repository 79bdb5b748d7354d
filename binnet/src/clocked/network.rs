//! The network: populations, clock, and the order of things in a step.

use core::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::clock::{time, whole_steps};
use super::projection::{self, PoissonInput, Projection, ProjectionInfo, Synapse, Wiring};
use super::schedule::{Schedule, Stage};
use super::source::Source;
use super::stimulus::{Stimuli, Stimulus};
use super::workers::{self, Threads, Workers};
use super::{Cohort, Populations, Record, Records, Step};
use crate::connect::Connectivity;
use crate::error::{BuildError, Result, RunError};
use crate::population::{FieldInfo, Init, Role, Values, check_bounds, find};
use crate::rng::Streams;
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
    /// The most memory that the synapses added at once may take, in bytes; by default three quarters of what is free.
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
    name: String,
    dt: f64,
    options: ClockedOptions,
    populations: P,
    stimuli: Stimuli,
    sources: Vec<Source>,
    wiring: Wiring,
    workers: Workers,
    records: Records,
    steps: u64,
    spikes: Vec<u64>,
    /// Whether the sentinel found a state that the next reset may still mend.
    unsound: bool,
    wall: Duration,
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
        Ok(Self {
            workers: Workers::new(options.threads)?,
            sources: Vec::new(),
            wiring: Wiring::lagging(options.schedule.lag(Stage::Deliver)),
            unsound: false,
            spikes: vec![0; populations.count()],
            stimuli: Stimuli::new(Streams::new(options.seed)),
            name,
            dt,
            options,
            populations,
            records: Records::default(),
            steps: 0,
            wall: Duration::ZERO,
        })
    }

    /// The name of the network.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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

    /// What was recorded so far.
    #[must_use]
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Forgets what was recorded so far, and goes on recording: after a transient, say.
    pub fn clear_records(&mut self) {
        self.records.clear();
    }

    /// Whether a state that is NaN or infinite stops the run; on at first.
    pub fn set_sentinel(&mut self, on: bool) {
        self.options.sentinel = on;
    }

    /// Records something of a population, or the spikes of a source, from now on.
    ///
    /// # Errors
    /// For an unknown population or variable (with the nearest one), neurons beyond the last, a period
    /// that is no multiple of the clock, and a name that is taken.
    pub fn record(&mut self, record: Record) -> Result<()> {
        if let Some(i) = self.sources.iter().position(|source| source.name() == record.population) {
            return self.records.add(&record, self.populations.count() + i, &self.sources[i], self.dt);
        }
        let p = self.find(&record.population)?;
        self.records.add(&record, p, self.populations.at(p), self.dt)
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
        let streams = Streams::new(self.options.seed);
        self.wiring.connect(projections, &cohorts, self.populations.count(), streams, &step, self.options.memory_budget)
    }

    /// Adds Poisson spikes to each neuron of a population, without sources or synapses.
    ///
    /// # Errors
    /// For an unknown population or target (with the nearest one), and numbers out of their range.
    pub fn poisson_input(&mut self, input: &PoissonInput) -> Result<()> {
        let step = self.step_at(self.steps);
        let cohorts: Vec<&dyn Cohort> = (0..self.populations.count()).map(|p| self.populations.at(p)).collect();
        self.wiring.add_background(input, &cohorts, Streams::new(self.options.seed), &step)
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

    /// All synapses of a projection, by presynaptic neuron, then by postsynaptic neuron.
    ///
    /// # Errors
    /// For an unknown projection, with the nearest one.
    pub fn synapses(&self, projection: &str) -> Result<Vec<Synapse>> {
        Ok(self.wiring.synapses(self.wiring.find(projection)?, self.steps))
    }

    /// The connections of a projection without weights and delays: by presynaptic neuron, by postsynaptic neuron, as
    /// a matrix, as edges. Neurons are counted within their populations.
    ///
    /// # Errors
    /// For an unknown projection, with the nearest one.
    pub fn connectivity(&self, projection: &str) -> Result<Connectivity> {
        let link = self.wiring.find(projection)?;
        let (pre, post) = self.wiring.ends(link);
        let size = |i: usize| match i.checked_sub(self.populations.count()) {
            None => self.populations.at(i).size(),
            Some(source) => self.sources[source].size(),
        };
        let edges = self.wiring.synapses(link, self.steps).into_iter().map(|synapse| (synapse.pre, synapse.post));
        Connectivity::from_edges(size(pre), size(post), edges)
    }

    /// Sets the weights of a projection, in the unit of its target: one for all synapses, or one for each in the
    /// order of [`synapses`](Self::synapses).
    ///
    /// # Errors
    /// For an unknown projection (with the nearest one), another number of weights than synapses, weights that
    /// are no finite numbers, and projections that store no connections, which have one weight.
    pub fn set_weights(&mut self, projection: &str, weights: &[f64]) -> Result<()> {
        let link = self.wiring.find(projection)?;
        self.wiring.set_weights(link, weights, self.steps)
    }

    /// A field of all synapses of a projection with equations, in its unit and in the order of
    /// [`synapses`](Self::synapses): states are those of now.
    ///
    /// # Errors
    /// For an unknown projection or field (with the nearest one), and for synapses without equations.
    pub fn synapse_values(&self, projection: &str, field: &str) -> Result<Vec<f64>> {
        self.wiring.synapse_values(projection, field, self.steps)
    }

    /// Sets a local or state of all synapses of a projection with equations, in its unit and in the order of
    /// [`synapses`](Self::synapses).
    ///
    /// # Errors
    /// As for [`synapse_values`](Self::synapse_values), for values that are missing or not admitted, and for fields
    /// that are not kept for each synapse.
    pub fn set_synapse_values(&mut self, projection: &str, field: &str, values: &[f64]) -> Result<()> {
        self.wiring.set_synapse_values(projection, field, values, self.steps)
    }

    /// Sets a parameter of all synapses of a projection with equations, in its unit.
    ///
    /// # Errors
    /// As for [`synapse_values`](Self::synapse_values), and if it does not admit the value.
    pub fn set_synapse_param(&mut self, projection: &str, name: &str, value: f64) -> Result<()> {
        self.wiring.set_synapse_param(projection, name, value, self.steps)
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

    /// Takes the Wiener increments of a population from a function of step, neuron and source of noise (in
    /// root of ms) instead of its random stream.
    ///
    /// # Errors
    /// For an unknown population, with the nearest one.
    pub fn set_increments(
        &mut self,
        population: &str,
        increments: impl Fn(u64, usize, usize) -> f64 + Send + Sync + 'static,
    ) -> Result<()> {
        let p = self.find(population)?;
        self.populations.at_mut(p).increments_from(Arc::new(increments));
        Ok(())
    }

    /// The values of a field, one a neuron, in its unit.
    ///
    /// # Errors
    /// For an unknown population or field, with the nearest one.
    pub fn values(&self, population: &str, field: &str) -> Result<Vec<f64>> {
        let (p, i) = self.field(population, field)?;
        let cohort = self.populations.at(p);
        Ok(cohort.values(i).to_vec(cohort.size()))
    }

    /// Sets a field of all neurons, in its unit: a number, a `Vec` with one for each neuron, or any other [`Init`].
    /// Distributions draw from the stream `set/population/field/step`.
    ///
    /// # Errors
    /// For an unknown population or field (with the nearest one), values that do not fit, and values out of the
    /// bounds of the field (they are set then; set others before the next run).
    pub fn set(&mut self, population: &str, field: &str, values: impl Into<Init>) -> Result<()> {
        let (p, i) = self.field(population, field)?;
        let stream = format!("set/{population}/{field}/{}", self.steps);
        let mut rng = Streams::new(self.options.seed).named(&stream);
        let label = format!("`{field}` of `{population}`");
        self.stimuli.release(p, i, self.populations.at_mut(p));
        values.into().write(self.populations.at_mut(p).values_mut(i), &label, &mut rng)?;
        let cohort = self.populations.at(p);
        check_bounds(cohort.bounds(), cohort.model(), &cohort.fields()[i], &cohort.values(i), cohort.size())
    }

    /// Runs for a time, rounded to whole steps.
    ///
    /// # Errors
    /// For a negative or infinite time, and when a state is no number; what was recorded is kept.
    pub fn run(&mut self, duration: Time) -> Result<()> {
        self.run_steps(self.steps_for(duration)?)
    }

    /// The steps that a run of this duration makes.
    ///
    /// # Errors
    /// For a negative or infinite time.
    pub fn steps_for(&self, duration: Time) -> Result<u64> {
        let steps =
            whole_steps(duration, self.dt).map_or_else(|| (duration.ms() / self.dt + 0.5).floor(), |n| n as f64);
        if !(duration.ms() >= 0.0 && steps < 9e15) {
            return Err(RunError::Duration(duration.ms()).into());
        }
        Ok(steps as u64)
    }

    /// As [`run`](Self::run), with a progress bar on a terminal.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    #[cfg(feature = "cli")]
    pub fn run_with_progress(&mut self, duration: Time) -> Result<()> {
        let steps = self.steps_for(duration)?;
        let neurons: u64 = (0..self.populations.count()).map(|p| self.populations.at(p).size() as u64).sum();
        let bar = crate::cli::progress(duration.ms());
        for part in 0..100 {
            let share = (u128::from(steps) * (part + 1) / 100 - u128::from(steps) * part / 100) as u64;
            self.run_steps(share)?;
            bar.advance(duration.ms() / 100.0, share * neurons);
        }
        bar.finish();
        Ok(())
    }

    /// Makes `n` steps.
    ///
    /// # Errors
    /// When a state is no number; what was recorded is kept.
    pub fn run_steps(&mut self, n: u64) -> Result<()> {
        let mut left = n;
        while left > 0 {
            let (start, part) = (Instant::now(), self.workers.part(left));
            let result = match self.workers.pool() {
                None => (0..part).try_for_each(|_| self.advance(false)),
                Some(pool) => workers::on(&pool, part, || (0..part).try_for_each(|_| self.advance(true))),
            };
            let time = start.elapsed();
            self.workers.took(part, time);
            self.wall += time;
            result?;
            left -= part;
        }
        Ok(())
    }

    /// Makes one step.
    ///
    /// # Errors
    /// When a state is no number; what was recorded is kept.
    pub fn step(&mut self) -> Result<()> {
        self.run_steps(1)
    }

    fn step_at(&self, number: u64) -> Step {
        Step { number, t: time(number, self.dt), dt: self.dt }
    }

    /// Makes a step; if it is `shared`, on the threads of the pool that it is called on.
    fn advance(&mut self, shared: bool) -> Result<()> {
        let (schedule, step) = (self.options.schedule, self.step_at(self.steps));
        let recorded_last = schedule.directly(Stage::Record, Stage::Neurons);
        let mut failure = None;
        for stage in schedule.stages() {
            match stage {
                Stage::Record => {
                    if recorded_last {
                        self.drive(&step, shared);
                    }
                    self.records.sample(&self.populations, &step);
                }
                Stage::Neurons => {
                    if !recorded_last {
                        self.drive(&step, shared);
                    }
                    self.advance_neurons(&step, shared);
                }
                Stage::Threshold => self.take_spikes(&step),
                Stage::Deliver | Stage::Reset => {
                    // The spikes of the step before, if this comes before the neurons.
                    let Some(label) = self.steps.checked_sub(schedule.lag(stage)) else { continue };
                    let of = self.step_at(label);
                    if stage == Stage::Deliver {
                        self.deliver(projection::Stage::After, &of, shared);
                        continue;
                    }
                    for p in 0..self.populations.count() {
                        self.populations.at_mut(p).reset(&of);
                    }
                    // Looked for after the reset, which may have replaced a variable that ran off in the very step of
                    // its spike.
                    if core::mem::take(&mut self.unsound) {
                        failure = self.not_finite(&of);
                    }
                }
            }
        }
        self.steps += 1;
        failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// What acts in each step is added to inputs, or sets other fields.
    fn drive(&mut self, step: &Step, shared: bool) {
        self.stimuli.apply(&mut self.populations, step);
        if !self.wiring.is_empty() {
            for p in 0..self.populations.count() {
                self.wiring.look(p, step, self.populations.at(p));
            }
            self.deliver(projection::Stage::Before, step, shared);
        }
        self.take_given(step, shared);
    }

    fn advance_neurons(&mut self, step: &Step, shared: bool) {
        let (instructions, check) = (self.options.instructions, self.options.sentinel);
        let Self { populations, sources, wiring, .. } = self;
        let neurons = |cohort: &mut &mut dyn Cohort| {
            let fine = cohort.advance(instructions, step, check);
            cohort.clear_inputs();
            fine
        };
        let source = |source: &mut Source| {
            if !source.is_given() {
                source.advance(instructions, step, check);
            }
        };
        if !shared {
            let all = (0..populations.count()).fold(true, |fine, p| neurons(&mut populations.at_mut(p)) & fine);
            self.unsound |= !all;
            sources.iter_mut().for_each(source);
            return;
        }
        let mut fine = true;
        populations.all_mut(&mut |cohorts| {
            // What is drawn does not depend on the neurons.
            let draw = || {
                wiring.draw_ahead(instructions.kernels());
                sources.par_iter_mut().with_max_len(1).for_each(source);
            };
            let advance = || cohorts.par_iter_mut().with_max_len(1).map(neurons).reduce(|| true, |a, b| a & b);
            (fine, ()) = rayon::join(advance, draw);
        });
        self.unsound |= !fine;
    }

    /// Spikes are counted, recorded, and kept for those that hear them now or later.
    fn take_spikes(&mut self, step: &Step) {
        for (p, count) in self.spikes.iter_mut().enumerate() {
            *count += self.populations.at(p).spiked().iter().map(|spiked| u64::from(spiked.count)).sum::<u64>();
        }
        self.records.spiked(&self.populations, &self.sources, step);
        if self.wiring.is_empty() {
            return;
        }
        let count = self.populations.count();
        for p in 0..count {
            self.wiring.listen(p, step, self.populations.at(p));
        }
        for (i, source) in self.sources.iter().enumerate().filter(|(_, source)| !source.is_given()) {
            self.wiring.listen(count + i, step, source);
        }
    }

    /// What the caller handed in for this step arrives.
    fn take_given(&mut self, step: &Step, shared: bool) {
        let (instructions, count) = (self.options.instructions, self.populations.count());
        let mut any = false;
        for (i, source) in self.sources.iter_mut().enumerate().filter(|(_, source)| source.is_given()) {
            source.advance(instructions, step, false);
            self.wiring.listen(count + i, step, source);
            any = true;
        }
        if any {
            self.deliver(projection::Stage::Given, step, shared);
        }
    }

    fn deliver(&mut self, stage: projection::Stage, step: &Step, shared: bool) {
        if self.wiring.is_empty() {
            return;
        }
        let kernels = self.options.instructions.kernels();
        self.wiring.deliver(stage, &mut self.populations, step, kernels, shared);
    }

    /// The first state that is no number, as an error.
    fn not_finite(&self, step: &Step) -> Option<RunError> {
        for p in 0..self.populations.count() {
            let cohort = self.populations.at(p);
            for (i, field) in cohort.fields().iter().enumerate().filter(|(_, field)| field.role == Role::State) {
                let values = cohort.values(i);
                for bound in cohort.bounds().iter().filter(|bound| bound.field == field.name) {
                    let all = (0..cohort.size()).map(|neuron| (neuron, values.at(neuron)));
                    let out = all.filter(|(_, value)| value.is_finite()).find(|(_, value)| !bound.admits(*value));
                    if let Some((neuron, value)) = out {
                        return Some(RunError::OutOfBounds {
                            population: cohort.name().to_owned(),
                            neuron,
                            variable: field.name,
                            value,
                            ms: time(step.number + 1, step.dt),
                            bound: bound.text,
                        });
                    }
                }
                if let Some((neuron, value)) = first_not_finite(&values) {
                    let (population, variable) = (cohort.name().to_owned(), field.name);
                    return Some(RunError::NotFinite {
                        population,
                        neuron,
                        variable,
                        value,
                        ms: time(step.number + 1, step.dt),
                        dt: step.dt,
                    });
                }
            }
        }
        None
    }

    fn find(&self, population: &str) -> Result<usize> {
        let name = |p| self.populations.at(p).name();
        (0..self.populations.count()).find(|p| name(*p) == population).ok_or_else(|| {
            let known: Vec<_> = (0..self.populations.count()).map(name).collect();
            BuildError::unknown("population", population, &known).into()
        })
    }

    fn field(&self, population: &str, field: &str) -> Result<(usize, usize)> {
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

fn first_not_finite(values: &Values<'_>) -> Option<(usize, f64)> {
    match values {
        Values::EachF64(x) => x.iter().position(|x| !x.is_finite()).map(|i| (i, x[i])),
        Values::EachF32(x) => x.iter().position(|x| !x.is_finite()).map(|i| (i, f64::from(x[i]))),
        Values::SharedF64(_) | Values::SharedF32(_) => None,
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
