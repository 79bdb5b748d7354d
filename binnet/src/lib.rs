//! binnet: an embedded modelling language for networks of neurons.
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as binnet;

#[doc(hidden)]
pub mod __private;
pub mod analysis;
pub mod asynchronous;
#[cfg(feature = "cli")]
#[cfg_attr(docsrs, doc(cfg(feature = "cli")))]
pub mod cli;
pub mod connect;
mod const_text;
mod error;
pub mod models;
pub mod network;
#[cfg(feature = "plot")]
#[cfg_attr(docsrs, doc(cfg(feature = "plot")))]
pub mod plot;
pub mod population;
pub mod prelude;
pub mod record;
pub mod rng;
pub mod units;

pub use binnet_macros::Population;
pub use error::{BuildError, Error, RecordError, Result, RunError};

/// Declares a network as one block.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network_block! { [$crate] $($tokens)* }
    };
}
