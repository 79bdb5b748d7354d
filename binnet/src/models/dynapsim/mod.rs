//! Neurons of the DYNAP-SE2 chip, as Rockpool's `DynapSim` simulates them.

mod bias;
mod circuit;
mod documented;
mod gated;
mod released;
mod translation;
mod weights;

pub use bias::{BiasCode, BiasGenerator, BiasTable, CHIP_NAMES, chip_name};
pub use documented::DpiDocumented;
pub use gated::DpiGated;
pub use released::DpiNeuron;
pub use translation::{Currents, Gains, Layout, Times};
pub use weights::{BaseCurrents, WeightFit, bits, code_of, fit_weights};
