//! A population as the engine sees it, whatever its model, method and size.

use crate::error::Result;
use crate::neuron::{ModelText, StepContext};
use crate::population::{Bound, FieldInfo, Values, ValuesMut};
use crate::rng::Streams;
use crate::simd::Instructions;
use crate::snapshot::{Item, Persist, persist};

/// A step of the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Its number; the first one is 0.
    pub number: u64,
    /// The time at its beginning, in ms.
    pub t: f64,
    /// Its length, in ms.
    pub dt: f64,
}

impl Step {
    /// What a neuron knows of the step.
    #[inline(always)]
    #[must_use]
    pub fn context(&self, index: usize, spikes: u32) -> StepContext {
        StepContext { t: self.t, dt: self.dt, index, spikes }
    }
}

/// A neuron that spiked in the last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spiked {
    /// Its position in the population.
    pub neuron: u32,
    /// Its spikes in this step.
    pub count: u32,
    /// Its spikes in the step before.
    pub before: u32,
}

persist!([] Spiked { neuron, count, before } fixed {} built {});

impl Item for Spiked {
    const LEAST: usize = 12;
}

/// A population of a clock-driven network. One call a step and population goes through this trait. What a run
/// changes of it is in its snapshot ([`Persist`]).
pub trait Cohort: Persist + Send + Sync + 'static {
    /// The name of the population.
    fn name(&self) -> &str;
    /// The number of neurons.
    fn size(&self) -> usize;
    /// The name of the model.
    fn model(&self) -> &'static str;
    /// The name of the method, and whether it is the model's default.
    fn method(&self) -> (&'static str, bool);
    /// The fields of the model.
    fn fields(&self) -> &'static [FieldInfo];
    /// The values that fields may have.
    fn bounds(&self) -> &'static [Bound];
    /// The equations of the model as text, if it is given by equations.
    fn text(&self) -> Option<ModelText>;
    /// What can be recorded besides the fields.
    fn observables(&self) -> &'static [FieldInfo];
    /// The values of field number `field`.
    fn values(&self, field: usize) -> Values<'_>;
    /// The values of field number `field`, to be changed; what was computed from parameters is
    /// computed anew.
    fn values_mut(&mut self, field: usize) -> ValuesMut<'_>;
    /// The values of all fields at once, in order, to be changed; for what changes no parameters.
    fn fields_mut(&mut self, visit: &mut dyn FnMut(&mut [ValuesMut<'_>]));
    /// Rows and columns, if the population has two dimensions.
    fn grid(&self) -> Option<[usize; 2]> {
        None
    }
    /// The field that is above 0 for neurons that hold field number `field` (refractory): what arrives there is
    /// discarded.
    fn held(&self, field: usize) -> Option<usize> {
        let _ = field;
        None
    }
    /// Whether its spikes are handed in by the caller, and act in the step that they are given for.
    fn is_given(&self) -> bool {
        false
    }
    /// Whether others read an output of its neurons in each step (models of rates).
    fn has_output(&self) -> bool {
        false
    }
    /// That output: a field or an observable.
    fn output(&self) -> Option<&'static FieldInfo> {
        None
    }
    /// Overwrites `out` with the output of each neuron.
    fn outputs(&self, step: &Step, out: &mut Vec<f64>) {
        let _ = step;
        out.clear();
    }
    /// The value of an observable for one neuron; NaN if there is none.
    fn observe(&self, which: usize, neuron: usize, step: &Step) -> f64;
    /// Computes what follows from parameters and the length of a step, if anything changed.
    fn prepare(&mut self, dt: f64);
    /// Draws Wiener increments from a function instead of the population's random stream.
    fn increments_from(&mut self, increments: super::GivenIncrements);
    /// Advances all neurons. Returns false if `check` is set and a state is NaN or infinite.
    fn advance(&mut self, instructions: Instructions, step: &Step, check: bool) -> bool;
    /// The neurons that spiked in the last step, in order.
    fn spiked(&self) -> &[Spiked];
    /// Lets states, inputs and random streams be those at the start; parameters and locals stay as they are.
    ///
    /// # Errors
    /// For first values that no longer fit, since bounds or parameters were changed.
    fn restart(&mut self, streams: &Streams) -> Result<()>;
    /// Resets the neurons that spiked.
    fn reset(&mut self, step: &Step);

    /// Draws from the streams of another seed from now on.
    fn reseed(&mut self, streams: &Streams);
    /// The same population again.
    fn copy(&self) -> Box<dyn Cohort>;

    /// The fields that are inputs, by their positions in [`fields`](Self::fields).
    fn inputs(&self) -> &[usize];

    /// Clears the inputs.
    fn clear_inputs(&mut self) {
        for i in 0..self.inputs().len() {
            match self.values_mut(self.inputs()[i]) {
                ValuesMut::SharedF64(x) => *x = 0.0,
                ValuesMut::SharedF32(x) => *x = 0.0,
                ValuesMut::EachF64(x) => x.fill(0.0),
                ValuesMut::EachF32(x) => x.fill(0.0),
            }
        }
    }
}

impl Clone for Box<dyn Cohort> {
    fn clone(&self) -> Self {
        (**self).copy()
    }
}

/// The populations of a network: what `network!` writes for its struct of populations.
pub trait Populations: Send + Sync + 'static {
    /// How many there are.
    fn count(&self) -> usize;
    /// Population number `i`.
    ///
    /// # Panics
    /// Beyond the last one.
    fn at(&self, i: usize) -> &dyn Cohort;
    /// Population number `i`, to be changed.
    ///
    /// # Panics
    /// Beyond the last one.
    fn at_mut(&mut self, i: usize) -> &mut dyn Cohort;
    /// All of them at once.
    fn all_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn Cohort]));
}

impl<C: Cohort> Populations for C {
    fn count(&self) -> usize {
        1
    }
    fn at(&self, _: usize) -> &dyn Cohort {
        self
    }
    fn at_mut(&mut self, _: usize) -> &mut dyn Cohort {
        self
    }
    fn all_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn Cohort])) {
        visit(&mut [self]);
    }
}

impl Populations for Vec<Box<dyn Cohort>> {
    fn count(&self) -> usize {
        self.len()
    }
    fn at(&self, i: usize) -> &dyn Cohort {
        &*self[i]
    }
    fn at_mut(&mut self, i: usize) -> &mut dyn Cohort {
        &mut *self[i]
    }
    fn all_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn Cohort])) {
        let mut all: Vec<&mut dyn Cohort> = self.iter_mut().map(|cohort| &mut **cohort).collect();
        visit(&mut all);
    }
}
