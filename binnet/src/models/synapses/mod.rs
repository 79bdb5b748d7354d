//! Synapses from the literature, each a block of [`synapse!`](crate::synapse!).
//!
//! All have the parameters of their source by default; the fields of each struct say their values and units.
//!
//! | synapse | what it does | states | delivers |
//! | --- | --- | --- | --- |
//! | [`TsodyksMarkram`] | short-term depression and facilitation | u, x | nS, per spike |
//! | [`PairStdp`] | plasticity by pairs of spikes, all of them | w, two traces | nS, per spike |
//! | [`NearestStdp`] | plasticity by the nearest spikes | w, two traces | nS, per spike |
//! | [`GapJunction`] | an electrical synapse | none | pA, in each step |
//! | [`Nmda`] | saturating NMDA receptors with magnesium block | x, s | pA, in each step |
//! | [`GradedGaba`] | GABA_A release that follows the presynaptic potential | s | uA/cm2, in each step |

mod gap_junction;
mod graded_gaba;
mod nmda;
mod stdp;
mod tsodyks_markram;

pub use gap_junction::GapJunction;
pub use graded_gaba::GradedGaba;
pub use nmda::Nmda;
pub use stdp::{NearestStdp, PairStdp};
pub use tsodyks_markram::TsodyksMarkram;
