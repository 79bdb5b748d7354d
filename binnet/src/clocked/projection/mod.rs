//! Projections: what spikes and outputs do to the neurons that they reach.
//!
//! All that arrives at one field of a population is an inlet (`inlet.rs`): its targets are cut into blocks
//! of a few thousand, and each projection stores its synapses block by block (`rows.rs`). Equal weights and
//! delays are not stored. A step gathers what is due from each presynaptic side (`history.rs`), then adds it,
//! block by block: in whatever order blocks are taken, on however many threads, sums are the same. Synapses with
//! equations of their own (`plastic`) compute a sum for each target first, one projection after the other or side by
//! side.

mod background;
mod bits;
mod draw;
mod history;
mod inlet;
mod owned;
mod past;
mod plan;
mod planes;
mod plastic;
mod positions;
mod renew;
mod ring;
mod rows;
mod saved;
mod settings;
mod spec;
mod view;
mod wiring;
mod work;

pub use background::PoissonInput;
pub use plastic::SynapseSpec;
#[doc(hidden)]
pub use plastic::{Described, NoSynapse};
pub use spec::{End, PerSynapse, Projection};
pub use view::{ProjectionInfo, Synapse};
pub(super) use wiring::{Stage, Wiring};
