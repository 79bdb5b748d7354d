//! What every network made by `network!` has, whatever its kind.
//!
//! ```
//! use binnet::models::neurons::LifConductance;
//! use binnet::prelude::*;
//!
//! network! {
//!     pub struct Pair {
//!         clock 0.1 ms;
//!         population exc: LifConductance[80];
//!         population inh: LifConductance[20];
//!         projection ei: exc -> inh { target: g_exc, connect: fixed_prob(0.1), weight: 6 nS, delay: 1 ms };
//!         record inh.spikes;
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let mut net = Pair::builder()
//!     .seed(1)
//!     .clock(0.05.ms())                                  // coefficients and delays follow
//!     .set("exc.v", "uniform(-70 mV, -50 mV)")?          // text, as from a command line
//!     .set("ei.weight", 8.nS())?                         // or a quantity
//!     .build()?;
//! net.run(10.ms())?;
//! net.set("ei.weight", 4.nS())?;                         // between runs, too
//! net.run(10.ms())?;
//! let mistake = net.set("exc.tau_ex", 4.ms()).unwrap_err().to_string();
//! assert!(mistake.contains("did you mean `tau_exc`?"), "{mistake}");
//! # Ok(())
//! # }
//! ```

mod block;
mod info;
mod param;
mod setting;
mod settings;
mod simulation;

use core::ops::DerefMut;

pub use info::{
    DeclaredPopulation, DeclaredProjection, DeclaredSource, DeclaredSynapse, NetworkInfo, copied, field_of,
};
pub(crate) use info::{WeightUnit, hash};
pub(crate) use param::split_top_level;
pub use param::{ParamInfo, ParamValue};
pub use setting::Setting;
pub(crate) use setting::{Place, admit};
pub use settings::{Settings, set_in};
pub(crate) use settings::{What, place};
pub use simulation::{Begin, Entry, Measure, Simulation};

use crate::error::Result;

/// A network declared with `network!`. It derefs to the [`Simulation`] that it is.
pub trait Network: Sized + DerefMut<Target: Simulation + Sized> {
    /// Its name, parameters and declarations.
    const INFO: NetworkInfo;
    /// Its builder.
    type Builder: NetworkBuilder<Network = Self>;

    /// A builder with the parameters' defaults.
    fn new_builder() -> Self::Builder;
}

/// The builder of a network declared with `network!`.
pub trait NetworkBuilder: Clone + Send + Sync {
    /// What it builds.
    type Network: Network<Builder = Self>;

    /// Sets the seed of all random numbers.
    #[must_use]
    fn seed(self, seed: u64) -> Self;

    /// Sets on how many threads the network runs, with the same results. An asynchronous network, where one neuron
    /// changes at a time, takes one whatever is said.
    #[must_use]
    fn threads(self, count: usize) -> Self;

    /// Sets something by name: a parameter of the network (`r_e_plus`), of a population (`exc.tau_exc`), of the
    /// synapses of a named projection (`ee.tau_f`, `ee.weight`, `ee.delay`), the rate of a source (`noise.rate`), or
    /// the `clock`. The value is a quantity (`6.ms()`), a number where there is no unit, or text (`"6 ms"`).
    ///
    /// # Errors
    /// For an unknown name (with the nearest one), what is no value, a wrong unit or shape, and values that the model
    /// does not admit.
    fn set(self, name: &str, value: impl Into<Setting>) -> Result<Self>;

    /// All that differs from the declaration or might: the parameters of the network, then what was set by dotted
    /// names; by name and as text.
    fn written(&self) -> Vec<(String, String)>;

    /// Draws the connections and builds the network.
    ///
    /// # Errors
    /// For whatever does not fit; see [`BuildError`](crate::BuildError).
    fn build(self) -> Result<Self::Network>;
}
