//! Synapses that have a state of their own: plasticity, depression, coupling that never pauses.
//!
//! A model is a block of [`synapse!`](crate::synapse!), which says what a spike of either neuron does, and how
//! states change in between. Equations that are linear in their own state are solved from event to event, exactly;
//! others name a method and advance with the clock. A [`SynapseStore`] holds the synapses of a projection, and
//! keeps each state where it differs: a presynaptic trace once for each presynaptic neuron.
//!
//! ```
//! binnet::synapse! {
//!     /// Pair-based plasticity with additive updates (Song, Miller & Abbott 2000).
//!     pub struct PairStdp {
//!         param tau_pre  = 20 ms > 0 ms;
//!         param tau_post = 20 ms > 0 ms;
//!         param a_plus   = 0.01;
//!         param a_minus  = 0.0105;
//!         param g_max    = 10 nS;
//!         state w     = 0.5 in 0..=1;
//!         state apre  = 0;
//!         state apost = 0;
//!
//!         dapre/dt  = -apre / tau_pre;
//!         dapost/dt = -apost / tau_post;
//!         on pre  { deliver w * g_max; apre += a_plus; w -= apost; }
//!         on post { apost += a_minus; w += apre; }
//!     }
//! }
//! assert!(PairStdp::equations().markdown().contains("on post: apost += a_minus; w += apre"));
//! ```

mod access;
mod block;
mod builder;
mod checks;
mod kernel;
mod model;
mod placement;
mod rows;
mod saved;
mod store;

pub use builder::SynapseStoreBuilder;
#[doc(hidden)]
pub use checks::{
    Ends, IsSynapse, SynapseAbout, check_delays, check_delivered, check_each_synapse, check_reads,
    check_recorded_synapse,
};
pub use model::{Advances, Ago, Dynamics, LANES, Side, Synapse, SynapseRead};
pub use placement::Kept;
pub use store::{Reads, SynapseStore};
