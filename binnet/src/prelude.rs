//! What a model script needs: `use binnet::prelude::*;`.

pub use crate::network;
pub use crate::network::{Network, NetworkBuilder};
pub use crate::neuron;
pub use crate::neuron::{Neuron, Real, Spikes, StepContext};
#[cfg(feature = "plot")]
pub use crate::plot;
pub use crate::population::{Binary, BinaryNeuron, Init, Model, Population};
pub use crate::record::{By, FlipLog};
pub use crate::synapse;
pub use crate::units::{Time, Units};
pub use binnet_macros::Population;
