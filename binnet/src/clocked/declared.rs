//! What the wiring of a network was made from, so that it can be made again.

use std::sync::Arc;

use super::projection::{PoissonInput, Projection, Wiring};
use super::{Cohort, Step};
use crate::error::Result;
use crate::rng::Streams;

/// Projections and inputs in order of declaration, with what was set of their synapses since.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// The seed of connections, weights and delays.
    pub(super) seed: u64,
    /// How many steps ago the spikes are from that are delivered in a step.
    lag: u64,
    each: Vec<Item>,
}

#[derive(Clone, Debug)]
enum Item {
    Projection(Arc<Projection>),
    Background(Arc<PoissonInput>),
    /// A parameter of synapses with equations.
    Param {
        projection: String,
        name: String,
        value: f64,
    },
    /// A local of synapses with equations.
    Values {
        projection: String,
        field: String,
        values: Arc<[f64]>,
    },
}

impl Declared {
    pub(super) fn new(seed: u64, lag: u64) -> Self {
        Self { seed, lag, each: Vec::new() }
    }

    /// The random numbers of connections.
    pub(super) fn streams(&self) -> Streams {
        Streams::new(self.seed)
    }

    pub(super) fn connect(&mut self, projections: &[Projection]) {
        self.each.extend(projections.iter().map(|projection| Item::Projection(Arc::new(projection.clone()))));
    }

    pub(super) fn background(&mut self, input: &PoissonInput) {
        self.each.push(Item::Background(Arc::new(input.clone())));
    }

    pub(super) fn set_param(&mut self, of: &str, which: &str, value: f64) {
        self.each
            .retain(|item| !matches!(item, Item::Param { projection, name, .. } if projection == of && name == which));
        self.each.push(Item::Param { projection: of.to_owned(), name: which.to_owned(), value });
    }

    pub(super) fn set_values(&mut self, of: &str, which: &str, values: &[f64]) {
        self.each.retain(
            |item| !matches!(item, Item::Values { projection, field, .. } if projection == of && field == which),
        );
        self.each.push(Item::Values { projection: of.to_owned(), field: which.to_owned(), values: values.into() });
    }

    /// Forgets values of single synapses, which are no longer there.
    pub(super) fn forget_values(&mut self) {
        self.each.retain(|item| !matches!(item, Item::Values { .. }));
    }

    /// Makes the wiring again, at a step. `cohorts` are the populations, then the sources; inputs draw from `noise`.
    pub(super) fn wiring(
        &self,
        cohorts: &[&dyn Cohort],
        populations: usize,
        noise: Streams,
        step: &Step,
        budget: Option<u64>,
    ) -> Result<Wiring> {
        let mut wiring = Wiring::lagging(self.lag);
        let mut waiting: Vec<Projection> = Vec::new();
        for item in &self.each {
            if let Item::Projection(projection) = item {
                waiting.push((**projection).clone());
                continue;
            }
            // Side by side as far as nothing stands between them.
            let ready = core::mem::take(&mut waiting);
            wiring.connect(&ready, cohorts, populations, self.streams(), step, budget)?;
            match item {
                Item::Background(input) => wiring.add_background(input, &cohorts[..populations], noise, step)?,
                Item::Param { projection, name, value } => {
                    wiring.set_synapse_param(projection, name, *value, step.number)?;
                }
                Item::Values { projection, field, values } => {
                    wiring.set_synapse_values(projection, field, values, step.number)?;
                }
                Item::Projection(_) => {}
            }
        }
        wiring.connect(&waiting, cohorts, populations, self.streams(), step, budget)?;
        Ok(wiring)
    }
}
