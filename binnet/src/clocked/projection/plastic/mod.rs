//! Projections whose synapses have equations of their own: described (`spec`), drawn (`draw`), and what they do in a
//! step (`work`), for any model (`store`), also where delays differ (`branches`).

mod branches;
mod described;
mod draw;
mod plan;
mod spec;
mod store;
mod work;

#[doc(hidden)]
pub use described::{Described, NoSynapse};
pub(super) use draw::{WEIGHT, make as draw};
pub(super) use plan::{Joint, Reading, Variable, plan};
pub use spec::SynapseSpec;
pub(super) use store::Synapses;
pub(super) use work::Plastic;
