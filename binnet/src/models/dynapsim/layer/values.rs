//! State and parameters of a layer: by name, by family, out and in again, and back to where they were.

use core::ops::Range;

use ndarray::Array2;

use super::{DynapSim, Precision};
use crate::clocked::{Clocked, Populations};
use crate::error::{BuildError, Result};
use crate::models::dynapsim::DpiNeuron;
use crate::population::{FieldInfo, Init, Model, Role};

/// The parameters of a neuron.
pub(super) fn locals() -> impl Iterator<Item = &'static FieldInfo> {
    <DpiNeuron as Model>::FIELDS.iter().filter(|field| field.role == Role::Local)
}

/// The states of a neuron.
pub(super) fn states() -> impl Iterator<Item = &'static FieldInfo> {
    <DpiNeuron as Model>::FIELDS.iter().filter(|field| field.role == Role::State)
}

/// The weights of a projection, in the order of its synapses.
pub(super) fn weights<P: Populations>(net: &Clocked<P>, projection: &str) -> Result<Vec<f64>> {
    Ok(net.synapses(projection)?.iter().map(|synapse| synapse.weight).collect())
}

/// Parameters that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// Currents that set time constants: `i_tau_mem`, `i_tau_ahp`, `i_tau_syn`.
    Taus,
    /// Currents that set gains: `i_gain_mem`, `i_gain_ahp`, `i_gain_syn`.
    Gains,
    /// The other currents: constant input, threshold, pulses, refractory period, adaptation weight, NMDA gate, and the current
    /// of a weight of 1.
    Biases,
    /// What is fixed when the chip is made: capacitances, slope factors, voltages, dark current.
    Layout,
}

impl Family {
    /// The family of a parameter.
    fn of(name: &str) -> Self {
        match name {
            _ if name.starts_with("i_tau_") => Self::Taus,
            _ if name.starts_with("i_gain_") => Self::Gains,
            "i_o" => Self::Layout,
            _ if name.starts_with("i_") => Self::Biases,
            _ => Self::Layout,
        }
    }
}

/// All parameters of all neurons.
#[derive(Clone, Debug)]
pub(super) struct Fields(Vec<(&'static str, Vec<f64>)>);

impl Fields {
    pub(super) fn read<P: Populations>(net: &Clocked<P>) -> Result<Self> {
        let all = <DpiNeuron as Model>::FIELDS.iter().filter(|f| matches!(f.role, Role::Local | Role::Param));
        all.map(|field| Ok((field.name, net.values("core", field.name)?))).collect::<Result<_>>().map(Self)
    }

    /// The mean of a parameter over some neurons.
    pub(super) fn mean(&self, name: &str, neurons: Range<usize>) -> Option<f64> {
        let values = self.0.iter().find(|(other, _)| *other == name).and_then(|(_, values)| values.get(neurons))?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    }
}

/// The state of a layer between two steps: all that a run needs to go on as if it had not been interrupted. Plain data,
/// to be stored in any form.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerState {
    /// Each state by name, one value a neuron, in its unit.
    pub states: Vec<(String, Vec<f64>)>,
    /// What recurrent spikes have sent to each neuron already.
    pub arrived: Vec<f64>,
    /// The spikes of each neuron in the last step, which its adaptation sees in the next one.
    pub spikes: Vec<u32>,
}

impl LayerState {
    pub(super) fn read<P: Populations>(net: &Clocked<P>, n: usize) -> Result<Self> {
        let states = states().map(|field| Ok((field.name.to_owned(), net.values("core", field.name)?)));
        let mut spikes = vec![0; n];
        for spiked in net.populations().at(0).spiked() {
            spikes[spiked.neuron as usize] = spiked.count;
        }
        Ok(Self { states: states.collect::<Result<_>>()?, arrived: net.values("core", "x")?, spikes })
    }
}

impl<const N: usize, const CORES: usize, S: Precision<N>> DynapSim<N, CORES, S> {
    /// A parameter or state by name, one value a neuron, in its unit.
    ///
    /// # Errors
    /// For an unknown name, with the nearest one.
    pub fn values(&self, name: &str) -> Result<Vec<f64>> {
        self.net.values("core", name)
    }

    /// Sets a parameter or state of all neurons, in its unit: a number, a `Vec` with one for each neuron, or any other
    /// [`Init`].
    ///
    /// # Errors
    /// For an unknown name (with the nearest one), another number of values than neurons, and values out of bounds.
    pub fn set(&mut self, name: &str, values: impl Into<Init>) -> Result<()> {
        self.net.set_values("core", name, values)
    }

    /// All parameters of a family, by name.
    ///
    /// # Errors
    /// Never, for the families that there are.
    pub fn family(&self, family: Family) -> Result<Vec<(&'static str, Vec<f64>)>> {
        let members = self.drawn.0.iter().filter(|(name, _)| Family::of(name) == family);
        members.map(|(name, _)| Ok((*name, self.values(name)?))).collect()
    }

    /// Parameters of a family back to what was drawn when the layer was built.
    ///
    /// # Errors
    /// Never, for values that could be built.
    pub fn reset_family(&mut self, family: Family) -> Result<()> {
        let members = self.drawn.0.iter().filter(|(name, _)| Family::of(name) == family);
        members.into_iter().try_for_each(|(name, values)| reset(&mut self.net, name, values))
    }

    /// All parameters and weights back to what they were when the layer was built.
    ///
    /// # Errors
    /// Never, for values that could be built.
    pub fn reset_parameters(&mut self) -> Result<()> {
        self.drawn.0.iter().try_for_each(|(name, values)| reset(&mut self.net, name, values))?;
        self.reset_weights()
    }

    /// All weights back to what they were when the layer was built.
    ///
    /// # Errors
    /// Never, for weights that could be built.
    pub fn reset_weights(&mut self) -> Result<()> {
        self.weights.iter().try_for_each(|(name, weights)| self.net.set_weights(name, weights))
    }

    /// One parameter back to what was drawn, or one state back to its start.
    ///
    /// # Errors
    /// For an unknown name, with the nearest one.
    pub fn reset(&mut self, name: &str) -> Result<()> {
        if let Some((name, values)) = self.drawn.0.iter().find(|(other, _)| *other == name) {
            return reset(&mut self.net, name, values);
        }
        if let Some((name, values)) = self.start.states.iter().find(|(other, _)| other == name) {
            return self.net.set_values("core", name, values.clone());
        }
        let known: Vec<&str> = locals().chain(states()).map(|field| field.name).collect();
        Err(BuildError::unknown("parameter or state", name, &known).into())
    }

    /// The state of now.
    ///
    /// # Errors
    /// Never, for a layer that was built.
    pub fn state(&self) -> Result<LayerState> {
        LayerState::read(&self.net, N)
    }

    /// Goes on from a state: of this layer, of a copy, or of an earlier session.
    ///
    /// # Errors
    /// For states of another size, that are missing, or unknown (with the nearest name).
    pub fn set_state(&mut self, state: &LayerState) -> Result<()> {
        if let Some(missing) = states().find(|field| !state.states.iter().any(|(name, _)| name == field.name)) {
            return Err(BuildError::Value {
                what: format!("the state of a layer of {N} neurons"),
                problem: format!("lacks `{}`", missing.name),
                help: "take it from `state()`".to_owned(),
            }
            .into());
        }
        // All is looked at first, so that a refused state changes nothing.
        if let Some((name, _)) = state.states.iter().find(|(name, _)| !states().any(|field| field.name == name)) {
            let known: Vec<&str> = states().map(|field| field.name).collect();
            return Err(BuildError::unknown("state", name, &known).into());
        }
        for (name, values) in
            state.states.iter().map(|(name, values)| (name.as_str(), values)).chain([("x", &state.arrived)])
        {
            if values.len() != N {
                let what = format!("`{name}` of the state of a layer");
                return Err(BuildError::Length { what, expected: N, found: values.len() }.into());
            }
        }
        S::set_spikes(self.net.populations_mut(), &state.spikes)?;
        for (name, values) in &state.states {
            self.net.set_values("core", name, values.clone())?;
        }
        self.net.set_values("core", "x", state.arrived.clone())
    }

    /// The state back to where the layer started.
    ///
    /// # Errors
    /// Never, for a layer that was built.
    pub fn reset_state(&mut self) -> Result<()> {
        let start = self.start.clone();
        self.set_state(&start)
    }

    /// Recurrent weights `[pre][post]`; none, if there are none.
    ///
    /// # Errors
    /// Never, for a layer that was built.
    pub fn w_rec(&self) -> Result<Option<Array2<f64>>> {
        self.matrix("w_rec", N)
    }

    /// Weights of inputs `[input][post]`; none, where each neuron has an input.
    ///
    /// # Errors
    /// Never, for a layer that was built.
    pub fn w_in(&self) -> Result<Option<Array2<f64>>> {
        self.matrix("w_in", self.channels)
    }

    fn matrix(&self, projection: &str, rows: usize) -> Result<Option<Array2<f64>>> {
        if !self.weights.iter().any(|(name, _)| *name == projection) {
            return Ok(None);
        }
        let mut matrix = Array2::zeros((rows, N));
        for synapse in self.net.synapses(projection)? {
            matrix[[synapse.pre, synapse.post]] += synapse.weight;
        }
        Ok(Some(matrix))
    }

    /// Other recurrent weights `[pre][post]`, for the synapses that there are.
    ///
    /// # Errors
    /// For another shape than N x N, for weights where there is no synapse, that are not finite, or of a layer without recurrence.
    pub fn set_w_rec(&mut self, weights: &Array2<f64>) -> Result<()> {
        if weights.dim() != (N, N) {
            let what = "recurrent weights [pre][post]".to_owned();
            return Err(BuildError::Shape { what, expected: (N, N), found: weights.dim() }.into());
        }
        let synapses = self.net.synapses("w_rec")?;
        let mut rest = weights.clone();
        synapses.iter().for_each(|synapse| rest[[synapse.pre, synapse.post]] = 0.0);
        if let Some(((pre, post), _)) = rest.indexed_iter().find(|(_, weight)| **weight != 0.0) {
            return Err(BuildError::Value {
                what: format!("the weight of neuron {pre} onto neuron {post}"),
                problem: "is set, but they are not connected".to_owned(),
                help: "build the layer with these weights".to_owned(),
            }
            .into());
        }
        let each: Vec<f64> = synapses.iter().map(|synapse| weights[[synapse.pre, synapse.post]]).collect();
        self.net.set_weights("w_rec", &each)
    }
}

/// Sets a parameter to what it was: one value for all, or one a neuron.
fn reset<P: Populations>(net: &mut Clocked<P>, name: &str, values: &[f64]) -> Result<()> {
    let shared = <DpiNeuron as Model>::FIELDS.iter().any(|field| field.name == name && field.role == Role::Param);
    match values.first() {
        Some(first) if shared => net.set_values("core", name, *first),
        _ => net.set_values("core", name, values.to_vec()),
    }
}
