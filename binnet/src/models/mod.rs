//! Models from the literature.

mod cluster_scaling;
mod clustered_ei;
pub mod dynapsim;
pub mod neurons;
pub mod receptors;
pub mod synapses;

pub use cluster_scaling::{ClusterScaling, Scaling, ScalingError};
pub use clustered_ei::{ClusteredEi, Connection};
