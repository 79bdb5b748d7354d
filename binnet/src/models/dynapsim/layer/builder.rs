//! The builder of a layer.

use std::sync::Arc;

use rand_distr::{Distribution as _, StandardNormal};

use super::values::{Fields, LayerState, locals};
use super::{DynapSim, Precision};
use crate::clocked::{PerSynapse, Projection, Record, Source};
use crate::connect::{IntoWeights, Rule, WeightMatrix, dense, fixed_in_degree};
use crate::error::{BuildError, Result};
use crate::models::dynapsim::translation::Currents;
use crate::models::dynapsim::weights::default_weights;
use crate::population::Init;
use crate::rng::Streams;
use crate::units::Time;

/// What a [`DynapSim`] is to be; see there.
#[derive(Clone, Debug)]
pub struct DynapSimBuilder<const N: usize, const CORES: usize, S: Precision<N>> {
    seed: u64,
    step: Time,
    w_event: f64,
    recurrent: Recurrent,
    w_in: Option<WeightMatrix>,
    values: Vec<(String, Init)>,
    /// Core, name and value.
    of_cores: Vec<(usize, String, f64)>,
    /// Names (all, if none), share and how many standard deviations it is.
    mismatch: Vec<(Vec<String>, f64, f64)>,
    recorded: Vec<String>,
    precision: core::marker::PhantomData<fn() -> S>,
}

/// What connects the neurons with each other.
#[derive(Clone, Debug)]
enum Recurrent {
    Nothing,
    Default,
    Matrix(WeightMatrix),
    Rule(Arc<dyn Rule>, PerSynapse),
}

impl<const N: usize, const CORES: usize, S: Precision<N>> DynapSimBuilder<N, CORES, S> {
    pub(super) fn new() -> Self {
        Self {
            seed: 0,
            step: Time::from_ms(1.0),
            w_event: 1.0,
            recurrent: Recurrent::Nothing,
            w_in: None,
            values: Vec::new(),
            of_cores: Vec::new(),
            mismatch: Vec::new(),
            recorded: Vec::new(),
            precision: core::marker::PhantomData,
        }
    }

    /// The seed of all that is drawn: weights, distributions, mismatch.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The length of a step; 1 ms at first.
    #[must_use]
    pub fn clock(mut self, step: Time) -> Self {
        self.step = step;
        self
    }

    /// Recurrent weights `[pre][post]`, dense or sparse; 0 is no synapse. Those of a neuron onto itself are kept.
    #[must_use]
    pub fn w_rec(mut self, weights: impl IntoWeights) -> Self {
        self.recurrent = Recurrent::Matrix(weights.into_weights());
        self
    }

    /// Recurrent weights as Rockpool draws them where none are given: see [`default_weights`].
    #[must_use]
    pub fn default_recurrent(mut self) -> Self {
        self.recurrent = Recurrent::Default;
        self
    }

    /// Recurrent connections by a rule, as `fixed_in_degree(20)`, with one weight, a distribution, or a function of both
    /// neurons. Those of a neuron onto itself are kept.
    #[must_use]
    pub fn recurrent(mut self, rule: impl Rule + 'static, weight: impl Into<PerSynapse>) -> Self {
        self.recurrent = Recurrent::Rule(Arc::new(rule), weight.into());
        self
    }

    /// `K` recurrent inputs of each neuron, chosen at random, with one weight, a distribution, or a function of both neurons.
    /// More than the 64 synapses that a neuron of the chip has do not compile; `recurrent` takes any number.
    #[must_use]
    pub fn recurrent_inputs<const K: usize>(self, weight: impl Into<PerSynapse>) -> Self {
        const {
            assert!(
                K <= 64,
                "a neuron of the chip has 64 incoming synapses\nhelp: connect more sparsely, or use `recurrent` to simulate more"
            );
        }
        self.recurrent(fixed_in_degree(K), weight)
    }

    /// Weights of inputs `[input][post]`: from now on, what is handed to `evolve` are counts of inputs, a column for each row
    /// of this matrix. Without it, there is an input for each neuron.
    #[must_use]
    pub fn w_in(mut self, weights: impl IntoWeights) -> Self {
        self.w_in = Some(weights.into_weights());
        self
    }

    /// The weight of an event onto its neuron, where there is no `w_in`; 1 at first.
    #[must_use]
    pub fn w_event(mut self, weight: f64) -> Self {
        self.w_event = weight;
        self
    }

    /// A parameter, or the start of a state, by name and in its unit: a number, a `Vec` with one for each neuron, or any
    /// other [`Init`].
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, values: impl Into<Init>) -> Self {
        self.values.push((name.into(), values.into()));
        self
    }

    /// A parameter of one core, in its unit.
    #[must_use]
    pub fn set_core(mut self, core: usize, name: impl Into<String>, value: f64) -> Self {
        self.of_cores.push((core, name.into(), value));
        self
    }

    /// All currents at once, as they follow from time constants and gains: synapses get those of AMPA.
    #[must_use]
    pub fn currents(mut self, currents: &Currents) -> Self {
        for (name, value) in currents.named() {
            let name = match name {
                "i_gain_ampa" => "i_gain_syn",
                "i_tau_ampa" => "i_tau_syn",
                other => other,
            };
            if locals().any(|field| field.name == name) {
                self = self.set(name, value);
            }
        }
        self
    }

    /// Mismatch of all 24 parameters of a neuron: p (1 + share / sigma_rule z) with a standard normal z for each neuron and
    /// parameter. Rockpool's is `mismatch(0.3, 3.0)`. A later one replaces it, for what it is of.
    #[must_use]
    pub fn mismatch(self, share: f64, sigma_rule: f64) -> Self {
        self.mismatch_of::<&str>([], share, sigma_rule)
    }

    /// The same of some parameters, by name. Those of all neurons draw from the stream `mismatch/name` of the seed.
    #[must_use]
    pub fn mismatch_of<T: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = T>,
        share: f64,
        sigma_rule: f64,
    ) -> Self {
        self.mismatch.push((names.into_iter().map(Into::into).collect(), share, sigma_rule));
        self
    }

    /// States that `evolve` returns besides spikes: `i_mem`, `i_syn`, `i_ahp`, `v_mem`, `timer`.
    #[must_use]
    pub fn record<T: Into<String>>(mut self, states: impl IntoIterator<Item = T>) -> Self {
        self.recorded.extend(states.into_iter().map(Into::into));
        self
    }

    /// Draws all values and builds the layer.
    ///
    /// # Errors
    /// For unknown names (with the nearest one), values that do not fit or are out of their bounds, weights of another shape
    /// than the layer (with both), a core that it does not have, and a clock that is not above 0.
    pub fn build(self) -> Result<DynapSim<N, CORES, S>> {
        let mut net = S::network(self.seed, self.step, self.w_event)?;
        let (mut channels, mut source) = (N, "events");
        if let Some(weights) = &self.w_in {
            (channels, source) = (weights.shape().0, "inputs");
            net.add_source(Source::external(source, channels))?;
            net.connect(Projection::new(source, "core", dense(weights.clone())).onto("x").named("w_in"))?;
        }
        let recurrent = match &self.recurrent {
            Recurrent::Nothing => None,
            Recurrent::Default => Some(Projection::new("core", "core", dense(default_weights(N, self.seed)))),
            Recurrent::Matrix(weights) => Some(Projection::new("core", "core", dense(weights.clone()))),
            Recurrent::Rule(rule, weight) => {
                Some(Projection::from_rule("core", "core", Arc::clone(rule)).weight(weight.clone()).autapses(true))
            }
        };
        if let Some(projection) = recurrent {
            net.connect(projection.onto("x").named("w_rec"))?;
        }
        for name in &self.recorded {
            net.record(Record::of("core", name.as_str()))?;
        }
        let nominal = self.set_values(&mut net)?;
        let drawn = Fields::read(&net)?;
        let start = LayerState::read(&net, N)?;
        let names = ["w_in", "w_rec"].into_iter().filter(|name| net.synapses(name).is_ok());
        let weights = names.map(|name| Ok((name, super::values::weights(&net, name)?))).collect::<Result<_>>()?;
        Ok(DynapSim { net, channels, source, recorded: self.recorded, nominal, drawn, start, weights })
    }

    /// Parameters, then their mismatch, then states, which start from parameters unless they are given. Returns the
    /// parameters before mismatch.
    fn set_values(&self, net: &mut crate::clocked::Clocked<S::Populations>) -> Result<Fields> {
        let is_state = |name: &str| super::values::states().any(|field| field.name == name);
        for (name, init) in self.values.iter().filter(|(name, _)| !is_state(name)) {
            net.set_values("core", name, init.clone())?;
        }
        for (core, name, value) in &self.of_cores {
            let size = DynapSim::<N, CORES, S>::CORE;
            if *core >= N.div_ceil(size) {
                return Err(BuildError::Value {
                    what: format!("`{name}` of core {core}"),
                    problem: format!("is given, but the layer has cores 0..{}", N.div_ceil(size)),
                    help: "cores are counted from 0".to_owned(),
                }
                .into());
            }
            let mut values = net.values("core", name)?;
            values.iter_mut().skip(core * size).take(size).for_each(|own| *own = *value);
            net.set_values("core", name, values)?;
        }
        let nominal = Fields::read(net)?;
        for (k, (names, share, sigma_rule)) in self.mismatch.iter().enumerate() {
            let all: Vec<&str> = match names.len() {
                0 => locals().map(|field| field.name).collect(),
                _ => names.iter().map(String::as_str).collect(),
            };
            // Of several for one parameter, the last one counts.
            let later = |name: &str| {
                self.mismatch[k + 1..].iter().any(|(names, ..)| names.is_empty() || names.iter().any(|own| own == name))
            };
            for name in all.into_iter().filter(|name| !later(name)) {
                let mut rng = Streams::new(self.seed).named(&format!("mismatch/{name}"));
                let mut values = net.values("core", name)?;
                for value in &mut values {
                    let z: f64 = StandardNormal.sample(&mut rng);
                    *value *= 1.0 + share / sigma_rule * z;
                }
                net.set_values("core", name, values).map_err(|error| {
                    let text = error.to_string();
                    BuildError::Value {
                        what: "the mismatch".to_owned(),
                        problem: format!("is so large that {}", text.lines().next().unwrap_or_default()),
                        help: "lower its share, or raise `sigma_rule`: the share is so many standard deviations"
                            .to_owned(),
                    }
                })?;
            }
        }
        // Currents start at the dark current of their neuron.
        let dark = net.values("core", "i_o")?;
        for name in ["i_ahp", "i_mem", "i_syn"] {
            net.set_values("core", name, dark.clone())?;
        }
        for (name, init) in self.values.iter().filter(|(name, _)| is_state(name)) {
            net.set_values("core", name, init.clone())?;
        }
        Ok(nominal)
    }
}
