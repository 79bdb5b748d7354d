//! Models from the literature, as parameters and equations that a network block can read.

mod cluster_scaling;

pub use cluster_scaling::{ClusterScaling, Scaling, ScalingError};
