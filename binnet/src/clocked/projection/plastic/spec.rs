//! Synapses with equations before they are drawn: their model, and the values of its fields.

use core::fmt;
use std::sync::Arc;

use super::draw::Rows;
use super::plan::Reading;
use super::store::{Stored, Synapses};
use crate::clocked::Step;
use crate::clocked::projection::spec::PerSynapse;
use crate::error::Result;
use crate::neuron::Scalar as _;
use crate::population::{FieldInfo, Role};
use crate::synapse::{Synapse, SynapseRead};

/// The synapses of a [`Projection`](crate::clocked::Projection) with equations of their own: a model of
/// [`synapse!`](crate::synapse!), and the values of its fields.
///
/// ```
/// use binnet::clocked::{Projection, SynapseSpec};
/// use binnet::connect::fixed_prob;
/// use binnet::models::synapses::TsodyksMarkram;
/// use binnet::prelude::*;
/// let synapses = SynapseSpec::of::<TsodyksMarkram>().with("u_0", 0.2).with("w", Init::Uniform(1.0, 3.0));
/// let wire = Projection::new("exc", "inh", fixed_prob(0.1)).onto("g_exc").delay(1.ms()).with_synapses(synapses);
/// ```
#[derive(Clone)]
pub struct SynapseSpec {
    pub(super) model: Arc<dyn Make>,
    pub(super) values: Vec<(String, PerSynapse)>,
}

impl SynapseSpec {
    /// Synapses with the parameters, locals and first states that their model declares.
    #[must_use]
    pub fn of<Y: Synapse + Default>() -> Self {
        Self::new(Y::default())
    }

    /// Synapses with the parameters, locals and first states of a model.
    pub fn new<Y: Synapse>(model: Y) -> Self {
        Self { model: Arc::new(Of(model)), values: Vec::new() }
    }

    /// The bytes that a synapse takes at most.
    pub(in crate::clocked::projection) fn bytes_each(&self) -> u64 {
        let own = |field: &&FieldInfo| matches!(field.role, Role::Local | Role::State);
        // Both ends, the time of its last event, and its values.
        16 + 8 * self.model.about().fields.iter().filter(own).count() as u64
    }

    /// The value of a parameter that is a time, in ms.
    pub(super) fn param_ms(&self, field: usize) -> f64 {
        let info = &self.model.about().fields[field];
        let given = self.values.iter().find(|(name, _)| name == info.name).and_then(|(_, value)| value.constant());
        given.unwrap_or_else(|| self.model.value(field)) * info.scale * 1e3
    }

    /// The value of a parameter (one for all), or the values of a local or the first values of a state, in the unit
    /// of the field. Values that differ are drawn from the stream `synapse/projection/field`, those of `w` from the
    /// stream of weights, `weight/projection`.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, values: impl Into<PerSynapse>) -> Self {
        let field = field.into();
        self.values.retain(|(other, _)| *other != field);
        self.values.push((field, values.into()));
        self
    }
}

impl fmt::Debug for SynapseSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.model.about().name, self.values)
    }
}

/// What there is to know of a model.
#[derive(Clone, Copy)]
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) fields: &'static [FieldInfo],
    pub(super) reads: &'static [SynapseRead],
    pub(super) delivered: FieldInfo,
    /// Whether it delivers, or changes, when a presynaptic neuron spikes.
    pub(super) spikes: bool,
    /// Whether it delivers in each step.
    pub(super) continuous: bool,
}

/// A model, whatever its type.
pub(super) trait Make: Send + Sync {
    fn about(&self) -> About;
    /// The value of a field.
    fn value(&self, field: usize) -> f64;
    /// The synapses that were drawn, from `step` on; `reads` say where the variables that they read are.
    fn make(&self, rows: Rows, reads: Vec<Reading>, step: &Step) -> Result<Box<dyn Synapses>>;
}

struct Of<Y>(Y);

impl<Y: Synapse> Make for Of<Y> {
    fn about(&self) -> About {
        About {
            name: Y::NAME,
            fields: Y::FIELDS,
            reads: Y::READS,
            delivered: Y::DELIVERED,
            spikes: Y::ON_PRE.is_some(),
            continuous: Y::CONTINUOUS.is_some(),
        }
    }

    fn value(&self, field: usize) -> f64 {
        self.0.clone().field_mut(field).map_or(f64::NAN, |value| value.to_f64())
    }

    fn make(&self, rows: Rows, reads: Vec<Reading>, step: &Step) -> Result<Box<dyn Synapses>> {
        Ok(Box::new(Stored::new(self.0.clone(), rows, reads, step)?))
    }
}
