//! Asynchronous networks: one neuron at a time, chosen with probability proportional to 1/tau.

mod gain;
mod spec;

pub use gain::{BinaryPopulation, Gains, Runtime};
pub use spec::{Drive, PopulationSpec, ProjectionSpec, Source};

use crate::error::Result;

/// How a network is built.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BuildOptions {
    /// The seed of all random numbers.
    pub seed: u64,
    /// Whether flips are recorded from the start (`record flips;`).
    pub record_flips: bool,
}

/// An asynchronous network before it is built.
#[derive(Debug)]
pub struct NetworkPlan {}

impl NetworkPlan {
    /// An empty network.
    pub fn new(_name: impl Into<String>, _options: BuildOptions) -> Self {
        Self {}
    }

    /// Adds a population; the first one is number 0.
    pub fn population(&mut self, _spec: PopulationSpec) -> usize {
        0
    }

    /// Adds a projection.
    pub fn projection(&mut self, _spec: ProjectionSpec) {}

    /// Draws states and connections.
    ///
    /// # Errors
    /// For whatever does not fit.
    pub fn build<G: Gains>(self, gains: G) -> Result<Asynchronous<G>> {
        Ok(Asynchronous { gains })
    }
}

/// An asynchronous network.
#[derive(Clone, Debug)]
pub struct Asynchronous<G: Gains> {
    gains: G,
}

impl<G: Gains> Asynchronous<G> {
    /// The populations.
    pub fn populations(&self) -> &G {
        &self.gains
    }
}
