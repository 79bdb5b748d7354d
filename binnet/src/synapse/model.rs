//! A synapse as the run time sees it: what `synapse!` writes.

use crate::neuron::{Real, StepContext};
use crate::population::{FieldInfo, Model};

/// The synapses that a kernel looks at together: few enough that short rows waste little, enough for the widest
/// vectors.
pub const LANES: usize = 16;

/// One of the two neurons that a synapse lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The neuron whose spikes the synapse transmits.
    Pre,
    /// The neuron that it delivers to.
    Post,
}

impl Side {
    /// The word for it in `synapse!`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Post => "post",
        }
    }
}

/// How long ago a value was that a synapse reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ago {
    /// It is that of now.
    Now,
    /// So many ms.
    Ms(f64),
    /// As long as a parameter says, by its position in [`Model::FIELDS`].
    Param(usize),
}

/// A variable of either neuron that a synapse reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SynapseRead {
    /// Whose it is.
    pub side: Side,
    /// Its name there.
    pub name: &'static str,
    /// The field of the synapse that holds it, as a position in [`Model::FIELDS`], which also has the unit.
    pub field: usize,
    /// Of which time it is (`pre.v delayed 5 ms`).
    pub ago: Ago,
}

/// How a state changes while nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advances {
    /// Not at all.
    AtEvents,
    /// By an equation that is solved from event to event.
    ByLaw,
    /// In each step, by a method of integration.
    WithClock,
}

/// What a state changes by, and what its changes follow from. All numbers are positions in [`Model::FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dynamics {
    /// The state.
    pub field: usize,
    /// What happens without events.
    pub advances: Advances,
    /// Whether presynaptic spikes change it.
    pub on_pre: bool,
    /// Whether postsynaptic spikes change it.
    pub on_post: bool,
    /// Whether its changes follow from variables of the presynaptic neuron.
    pub reads_pre: bool,
    /// Whether its changes follow from variables of the postsynaptic neuron.
    pub reads_post: bool,
    /// The locals and the other states that its changes and its first value follow from.
    pub needs: &'static [usize],
}

/// A synapse model: one synapse with its parameters, states, and what it reads of either neuron.
///
/// Written by [`synapse!`](crate::synapse!). The kernels of a [`SynapseStore`](super::SynapseStore) work on
/// [`LANES`] synapses at a time: a row of lanes for each field, in which rows of parameters are not used.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no synapse model",
    note = "declare it with `synapse!`, such as `TsodyksMarkram`"
)]
pub trait Synapse: Model {
    /// The precision of the fields.
    type S: Real;
    /// A row of lanes for each field.
    type Lanes: AsRef<[[Self::S; LANES]]> + AsMut<[[Self::S; LANES]]> + Clone;

    /// What it reads.
    const READS: &'static [SynapseRead];
    /// How its states change.
    const STATES: &'static [Dynamics];
    /// The fields that a presynaptic spike reads or sets; `None` where there is no `on pre`.
    const ON_PRE: Option<&'static [usize]>;
    /// The fields that a postsynaptic spike reads or sets; `None` where there is no `on post`.
    const ON_POST: Option<&'static [usize]>;
    /// The fields that the delivery of each step reads; `None` where there is none.
    const CONTINUOUS: Option<&'static [usize]>;
    /// Unit and dimension of what is delivered.
    const DELIVERED: FieldInfo;

    /// Lanes of zeros.
    fn lanes() -> Self::Lanes;

    /// The synapse in a lane; its parameters are those of `shared`.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn get(lanes: &Self::Lanes, lane: usize, shared: &Self) -> Self;

    /// Copies the states of the synapse into a lane.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn set(&self, lanes: &mut Self::Lanes, lane: usize);

    /// A field by its position in [`Model::FIELDS`].
    fn field_mut(&mut self, field: usize) -> Option<&mut Self::S>;

    /// Advances one state of all lanes by its law, over times (ms) without events.
    fn elapse(lanes: &mut Self::Lanes, field: usize, dt: &[Self::S; LANES], shared: &Self);

    /// What a presynaptic spike does. Returns what it delivers, in the unit of [`DELIVERED`](Self::DELIVERED).
    fn on_pre(&mut self, cx: &StepContext) -> Self::S;

    /// What a postsynaptic spike does.
    fn on_post(&mut self, cx: &StepContext);

    /// What is delivered in a step, besides spikes.
    fn continuous(&self, cx: &StepContext) -> Self::S;

    /// Makes a step with the equations that advance with the clock.
    fn tick(&mut self, cx: &StepContext);
}
