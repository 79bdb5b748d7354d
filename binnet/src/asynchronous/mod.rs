//! Asynchronous networks: one neuron at a time, chosen with probability proportional to 1/tau.
//!
//! [`NetworkPlan`] describes a network and builds it; `network!` writes that for you. [`Asynchronous`]
//! is the network that runs.

pub(crate) mod aligned;
mod chooser;
mod classes;
mod draw;
mod explain;
mod fields;
mod gain;
pub(crate) mod kernel;
pub(crate) mod layout;
mod network;
mod plan;
mod planner;
mod readout;
mod recorder;
mod replicas;
mod run;
mod set;
mod simulation;
mod spec;
mod thresholds;
mod trajectory;
mod waiting;

pub use crate::simd::Instructions;
pub use gain::{BinaryPart, BinaryPopulation, Fields, Gains, Runtime};
pub use network::Asynchronous;
pub use plan::{BuildOptions, NetworkPlan, Precision, Refresh, Scheme};
pub use planner::Layout;
pub use replicas::run_in_parallel;
pub use spec::{Drive, PopulationSpec, ProjectionSpec, Source};
