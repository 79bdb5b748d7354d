//! From a description to a network: checks, memory budget, drawing.

use std::sync::Arc;

use super::draw::{Draft, refused};
use super::explain::Report;
use super::gain::Gains;
use super::network::{Asynchronous, Shared};
use super::planner::Layout;
use super::spec::{Drive, PopulationSpec, ProjectionSpec, Source};
use crate::connect::{KindWeights, Refusal};
use crate::error::{BuildError, Result};
use crate::population::Init;
use crate::rng::Streams;
use crate::simd::Instructions;

/// In which arithmetic fields are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// Integers where weights are small multiples of a few values, else `f64`.
    #[default]
    Auto,
    /// Integers, however many different weights there are.
    Exact,
    /// All weights and fields as `f32`.
    F32,
    /// All weights and fields as `f64`.
    F64,
}

/// When fields made of real weights are computed anew.
///
/// After F flips since the last time, a field is off by at most F u B, where u is the rounding unit
/// (2^-24 or 2^-53) and B the largest sum of absolute real weights onto a neuron. Integer fields
/// never drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refresh {
    /// So often that F u stays below 2^-10 (`f32`: every 16 384 flips) or 2^-30 (`f64`: 2^23 flips).
    #[default]
    Auto,
    /// Never.
    Never,
    /// After so many flips.
    Every(u64),
}

/// How flips are simulated; the law of the trajectory is the same for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// Waits from flip to flip where flips are rare, by the flip share of the trajectory.
    #[default]
    Auto,
    /// Draws every update.
    EveryUpdate,
    /// Always waits from flip to flip; needs thresholds and constant drives.
    RejectionFree,
}

/// How a network is built.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BuildOptions {
    /// The seed of all random numbers.
    pub seed: u64,
    /// Whether flips are recorded from the start (`record flips;`).
    pub record_flips: bool,
    /// In which arithmetic fields are kept.
    pub precision: Precision,
    /// When real fields are computed anew.
    pub refresh: Refresh,
    /// Which storage layout to use.
    pub layout: Layout,
    /// How flips are simulated.
    pub scheme: Scheme,
    /// The widest vector instructions.
    pub instructions: Instructions,
    /// The most memory that connections may take, in bytes; by default three quarters of what is
    /// free.
    pub memory_budget: Option<u64>,
}

impl BuildOptions {
    /// The defaults, with a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}

/// More kinds of weights than this are stored as real weights, unless exact ones are asked for.
const MOST_KINDS: usize = 16;

/// An asynchronous network before it is built.
///
/// ```
/// use binnet::asynchronous::{BuildOptions, NetworkPlan, PopulationSpec, ProjectionSpec, Runtime};
/// use binnet::connect::fixed_prob;
/// use binnet::population::Binary;
/// # fn main() -> binnet::Result<()> {
/// let mut plan = NetworkPlan::new("pair", BuildOptions::default());
/// let e = plan.population(PopulationSpec::new("e", 80).tau(10.0));
/// let i = plan.population(PopulationSpec::new("i", 20).tau(5.0));
/// plan.projection(ProjectionSpec::new(e, i, fixed_prob(0.1), 1.0));
/// plan.projection(ProjectionSpec::new(i, e, fixed_prob(0.1), -2.0));
/// let neurons = |n, threshold| vec![Binary { threshold }; n];
/// let mut net = plan.build(Runtime::new(vec![neurons(80, -0.5), neurons(20, 0.5)]))?;
/// net.run_updates(10_000)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NetworkPlan {
    name: String,
    options: BuildOptions,
    populations: Vec<PopulationSpec>,
    projections: Vec<ProjectionSpec>,
}

impl NetworkPlan {
    /// An empty network.
    pub fn new(name: impl Into<String>, options: BuildOptions) -> Self {
        Self { name: name.into(), options, populations: Vec::new(), projections: Vec::new() }
    }

    /// Adds a population and returns its number; the first one is 0.
    pub fn population(&mut self, spec: PopulationSpec) -> usize {
        self.populations.push(spec);
        self.populations.len() - 1
    }

    /// Adds a projection; projections between the same pair add up.
    pub fn projection(&mut self, mut spec: ProjectionSpec) {
        if spec.group == usize::MAX {
            // Blocks that are not marked as belonging together each stand alone.
            spec.group = usize::MAX - 1 - self.projections.len();
        }
        self.projections.push(spec);
    }

    /// Draws states and connections.
    ///
    /// # Errors
    /// [`BuildError`] for sizes, clusters, time constants, probabilities or matrices that do not fit,
    /// and for what exceeds the memory budget; nothing is allocated before that is known.
    pub fn build<G: Gains>(mut self, gains: G) -> Result<Asynchronous<G>> {
        self.check(&gains)?;
        // A weight of 0 contacts nothing.
        self.projections.retain(|p| p.weight != 0.0);
        let Self { name, options, populations, projections } = self;
        let single = options.precision == Precision::F32;
        let kinds = projections
            .iter()
            .map(|p| match options.precision {
                Precision::Auto => p.rule.weights(MOST_KINDS),
                Precision::Exact => p.rule.weights(usize::MAX),
                Precision::F32 | Precision::F64 => KindWeights::Real,
            })
            .collect();
        let draft = Draft::new(&populations, &projections, kinds, options.layout, single)?;
        check_memory(&draft, options.memory_budget)?;
        let streams = Streams::new(options.seed);
        let (net, drawn) = draft.draw(&streams, options.instructions.kernels())?;
        let report = Report::new(&draft, &net, &drawn);
        Asynchronous::start(Shared { name, options, populations, net, report }, Arc::new(gains), &streams)
    }

    fn check<G: Gains>(&self, gains: &G) -> Result<()> {
        let value = |what: String, problem: String, help: &str| -> Result<()> {
            Err(BuildError::Value { what, problem, help: help.to_owned() }.into())
        };
        let label = |p: &PopulationSpec| format!("population `{}`", p.name);
        if self.populations.is_empty() {
            return value(format!("network `{}`", self.name), "has no populations".into(), "declare at least one");
        }
        if self.populations.len() > usize::from(u8::MAX) {
            return value(
                format!("network `{}`", self.name),
                "has more than 255 populations".into(),
                "use clusters, or one population with a threshold for each neuron",
            );
        }
        let sizes = gains.sizes();
        if sizes.len() != self.populations.len() {
            return Err(BuildError::Length {
                what: "populations".into(),
                expected: self.populations.len(),
                found: sizes.len(),
            }
            .into());
        }
        let mut total = 0_u64;
        for (p, size) in self.populations.iter().zip(sizes) {
            if p.size == 0 {
                return value(label(p), "has no neurons".into(), "give it a size of at least 1");
            }
            if p.size != size {
                return Err(BuildError::Length {
                    what: format!("neurons of `{}`", p.name),
                    expected: p.size,
                    found: size,
                }
                .into());
            }
            if p.clusters == 0 || p.size % p.clusters != 0 {
                let problem = format!("of {} neurons cannot be split into {} equal clusters", p.size, p.clusters);
                return value(label(p), problem, "choose a size that the number of clusters divides");
            }
            if !(p.tau.is_finite() && p.tau > 0.0) {
                return value(
                    label(p),
                    format!("has a mean update interval of {} ms", p.tau),
                    "tau is a time above 0 ms",
                );
            }
            if self.populations.iter().filter(|o| o.name == p.name).count() > 1 {
                return value(label(p), "is declared twice".into(), "give each population a name of its own");
            }
            if let Init::ByCluster(each) = &p.init
                && each.len() != p.clusters
            {
                let problem = format!("has {} clusters and {} initialisers by cluster", p.clusters, each.len());
                return value(label(p), problem, "give one initialiser for each cluster");
            }
            p.drives.iter().try_for_each(|d| check_drive(p, d))?;
            total += p.size as u64;
        }
        if total >= 1 << 31 {
            return value(format!("network `{}`", self.name), format!("has {total} neurons"), "at most 2^31 - 1 fit");
        }
        for projection in &self.projections {
            if projection.pre.max(projection.post) >= self.populations.len() {
                let problem = format!(
                    "between populations {} and {} of {}",
                    projection.pre,
                    projection.post,
                    self.populations.len()
                );
                return value("a projection".into(), problem, "use the numbers that `population` returned");
            }
            if !projection.weight.is_finite() {
                let refusal = Refusal::new(format!("its weight is {}", projection.weight), "weights are finite");
                return Err(refused(&self.populations, projection, refusal));
            }
        }
        Ok(())
    }
}

fn check_drive(population: &PopulationSpec, drive: &Drive) -> Result<()> {
    let fine = drive.weight.is_finite()
        && match drive.source {
            Source::Constant(v) => v.is_finite(),
            Source::Bernoulli(p) => (0.0..=1.0).contains(&p),
            Source::Poisson(mean) => (0.0..1e9).contains(&mean),
            Source::Normal(mean, sd) => mean.is_finite() && sd.is_finite() && sd >= 0.0,
            Source::OfTime(_) => true,
        };
    if fine {
        return Ok(());
    }
    Err(BuildError::Value {
        what: format!("the drive of `{}`", population.name),
        problem: format!("is {} times {:?}", drive.weight, drive.source),
        help: "weights are finite, probabilities lie in 0..=1, means and deviations are finite and not negative".into(),
    }
    .into())
}

fn check_memory(draft: &Draft<'_>, budget: Option<u64>) -> Result<()> {
    crate::memory::check(draft.expected_bytes(), budget)
}
