//! Values between runs: fields of populations, weights and variables of synapses.

use std::sync::Arc;

use super::projection::Synapse;
use super::{Clocked, Populations};
use crate::connect::Connectivity;
use crate::error::Result;
use crate::population::{Init, ValuesMut, check_bounds};
use crate::rng::Streams;

impl<P: Populations> Clocked<P> {
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
        self.wiring.set_synapse_values(projection, field, values, self.steps)?;
        if self.wiring.is_local(projection, field) {
            self.declared.set_values(projection, field, values);
        }
        Ok(())
    }

    /// Sets a parameter of all synapses of a projection with equations, in its unit.
    ///
    /// # Errors
    /// As for [`synapse_values`](Self::synapse_values), and if it does not admit the value.
    pub fn set_synapse_param(&mut self, projection: &str, name: &str, value: f64) -> Result<()> {
        self.wiring.set_synapse_param(projection, name, value, self.steps)?;
        self.declared.set_param(projection, name, value);
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
    pub fn set_values(&mut self, population: &str, field: &str, values: impl Into<Init>) -> Result<()> {
        let (p, i) = self.field(population, field)?;
        let stream = format!("set/{population}/{field}/{}", self.steps);
        let mut rng = Streams::new(self.options.seed).named(&stream);
        let label = format!("`{field}` of `{population}`");
        self.stimuli.release(p, i, self.populations.at_mut(p));
        let cohort = self.populations.at_mut(p);
        let before = cohort.values(i).to_vec(cohort.size());
        let result = values.into().write(cohort.values_mut(i), &label, &mut rng).and_then(|()| {
            check_bounds(cohort.bounds(), cohort.model(), &cohort.fields()[i], &cohort.values(i), cohort.size())
        });
        if result.is_err() {
            // What is refused changes nothing.
            match cohort.values_mut(i) {
                ValuesMut::SharedF64(x) => before.first().into_iter().for_each(|own| *x = *own),
                ValuesMut::SharedF32(x) => before.first().into_iter().for_each(|own| *x = *own as f32),
                ValuesMut::EachF64(x) => x.iter_mut().zip(before).for_each(|(x, own)| *x = own),
                ValuesMut::EachF32(x) => x.iter_mut().zip(before).for_each(|(x, own)| *x = own as f32),
            }
        }
        result
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
}
