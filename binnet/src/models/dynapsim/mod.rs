//! Neurons of the DYNAP-SE2 chip, as Rockpool's `DynapSim` simulates them.

mod circuit;
mod documented;
mod gated;
mod released;

pub use documented::DpiDocumented;
pub use gated::DpiGated;
pub use released::DpiNeuron;
