//! An embedded modelling language for networks of neurons.
//!
//! A network is one block; the compiler checks names, units, shapes and ranges, and the block becomes
//! kernels with static sizes. See the README for a first model and the language.
//!
//! ```
//! use binnet::prelude::*;
//!
//! network! {
//!     /// Two populations that keep each other in balance.
//!     pub struct Pair {
//!         asynchronous;
//!         population e: Binary[80] { threshold: -0.2, tau: 10 ms };
//!         population i: Binary[20] { threshold: 0.1, tau: 5 ms };
//!         projection e -> (e, i) { connect: fixed_prob(0.2), weight: 0.25 };
//!         projection i -> (e, i) { connect: fixed_prob(0.2), weight: -1.2 };
//!         record flips;
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let mut net = Pair::builder().seed(1).build()?;
//! net.run(500.ms())?;
//! println!("{}", net.summary());
//! # Ok(())
//! # }
//! ```
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`prelude`] | what a model script needs |
//! | [`population`] | models of one neuron, populations, initialisers |
//! | [`mod@neuron`](mod@neuron) | neurons by equations or by hand, and single ones |
//! | [`integrate`] | methods of integration |
//! | [`mod@synapse`](mod@synapse) | synapses with a state of their own, and the store that advances them |
//! | [`receptor`] | receptors that feed a neuron, joined with its equations |
//! | [`connect`] | connection rules, and the trait for rules of one's own |
//! | [`asynchronous`] | the engine for binary neurons, and the layer that `network!` writes |
//! | [`clocked`] | the engine for neurons that advance in steps, and the layer that `network!` writes |
//! | [`run`] | how far a run goes, and why it ends |
//! | [`record`] | the flip log, what follows from it, and its files |
//! | [`snapshot`] | saving, restoring and copying networks |
//! | [`analysis`] | statistics of clustered networks, on data of any simulator |
//! | [`mod@network`](mod@network) | what every network has: values by name, what it declares, what runs |
//! | [`coming_from`] | what methods of ANNarchy, BrainPy and BinaryNetwork are called here |
//! | [`sweep`] | many runs with other values, on all cores, resumable |
//! | [`results`] | folders of results with their manifest |
//! | [`models`] | models from the literature; [`models::neurons`], [`models::synapses`], [`models::receptors`] |
//! | `plot`, `cli` | figures, and flags with a progress bar (features, on by default) |
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as binnet;

#[doc(hidden)]
pub mod __private;
pub mod analysis;
pub mod asynchronous;
#[cfg(feature = "cli")]
#[cfg_attr(docsrs, doc(cfg(feature = "cli")))]
pub mod cli;
pub mod clocked;
pub mod coming_from;
pub mod connect;
mod const_text;
mod error;
pub mod integrate;
mod memory;
pub mod models;
pub mod network;
pub mod neuron;
#[cfg(feature = "plot")]
#[cfg_attr(docsrs, doc(cfg(feature = "plot")))]
pub mod plot;
pub mod population;
pub mod prelude;
pub mod receptor;
pub mod record;
pub mod results;
pub mod rng;
pub mod run;
mod simd;
pub mod snapshot;
pub mod sweep;
pub mod synapse;
pub mod units;

pub use ndarray;
pub use sprs;

pub use binnet_macros::Population;
pub use error::{BuildError, Error, RecordError, Result, RunError};

/// The code of the README is compiled with the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
