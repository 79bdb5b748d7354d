//! The network: populations, clock, and the order of things in a step.

use core::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::{time, whole_steps};
use super::stimulus::{Stimuli, Stimulus};
use super::{Cohort, Populations, Record, Records, Step};
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
}

impl Default for ClockedOptions {
    fn default() -> Self {
        Self { seed: 0, instructions: Instructions::default(), sentinel: true }
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
    records: Records,
    steps: u64,
    spikes: Vec<u64>,
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

    /// Records something from now on.
    ///
    /// # Errors
    /// For an unknown population or variable (with the nearest one), neurons beyond the last, a period
    /// that is no multiple of the clock, and a name that is taken.
    pub fn record(&mut self, record: Record) -> Result<()> {
        let p = self.find(&record.population)?;
        self.records.add(&record, p, self.populations.at(p), self.dt)
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
        let start = Instant::now();
        let result = (0..n).try_for_each(|_| self.advance());
        self.wall += start.elapsed();
        result
    }

    /// Makes one step.
    ///
    /// # Errors
    /// When a state is no number; what was recorded is kept.
    pub fn step(&mut self) -> Result<()> {
        self.run_steps(1)
    }

    fn advance(&mut self) -> Result<()> {
        let step = Step { number: self.steps, t: time(self.steps, self.dt), dt: self.dt };
        let (instructions, check) = (self.options.instructions, self.options.sentinel);
        self.stimuli.apply(&mut self.populations, &step);
        self.records.sample(&self.populations, &step);
        let mut fine = true;
        for p in 0..self.populations.count() {
            let cohort = self.populations.at_mut(p);
            fine &= cohort.advance(instructions, &step, check);
            self.spikes[p] += cohort.spiked().iter().map(|spiked| u64::from(spiked.count)).sum::<u64>();
        }
        self.records.spiked(&self.populations, &step);
        for p in 0..self.populations.count() {
            let cohort = self.populations.at_mut(p);
            cohort.clear_inputs();
            cohort.reset(&step);
        }
        self.steps += 1;
        // Looked for after the reset, which may have replaced a variable that ran off in the very step of its spike.
        let failure = if fine { None } else { self.not_finite(&step) };
        failure.map_or(Ok(()), |failure| Err(failure.into()))
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
