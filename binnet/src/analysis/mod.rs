//! Statistics of networks, from what a simulation recorded.
//!
//! All functions are pure and take plain slices, `ndarray` views, or a [`Trace`] (states of binary neurons) or
//! [`SpikeTrains`] that is made of plain slices, so they serve data of any simulator. Rates of binary neurons are arrays
//! `[samples, populations]`; a population is what the edges say, a whole population or a cluster.
//!
//! ```
//! use binnet::analysis::{Layout, Trace, cluster_statistics};
//!
//! // Two excitatory and two inhibitory neurons in one cluster; updates 1 and 3 changed nothing.
//! let trace = Trace::new(vec![0, 1, 0, 0], 5, vec![(0, 0, 1), (2, 1, -1), (4, 2, 1)])?;
//! let layout = Layout { n_e: 2, n_i: 2, clusters: 1, tau_e: 10.0, tau_i: 5.0 };
//! let statistics = cluster_statistics(&trace, &layout)?;
//! assert_eq!(statistics.flip_fraction, 0.6);
//! # Ok::<(), binnet::analysis::TraceError>(())
//! ```
//!
//! | to get | call |
//! | --- | --- |
//! | rates from a log | [`Trace::counts`], [`Trace::neuron_means`] |
//! | all statistics of a clustered network | [`cluster_statistics`] |
//! | rates, irregularity and synchrony of spikes | [`SpikeTrains`] |
//! | rhythms | [`Spectrum`] |
//! | time scales | [`Autocorrelation`], [`Spells`] |
//! | shape of a distribution | [`Moments`], [`histogram`], [`quantile`] |
//! | contacts of a weight matrix | [`ContactMoments`] |
//! | whether two simulators agree | [`Sample`] |

mod autocorrelation;
mod clusters;
mod contacts;
mod intervals;
mod moments;
mod sample;
mod spectrum;
mod spells;
mod spike_trains;
mod synchrony;
#[cfg(test)]
mod testing;
mod trace;

pub use autocorrelation::Autocorrelation;
pub use clusters::{ClusterStatistics, Layout, NeuronMeans, cluster_statistics};
pub use contacts::{ContactMoments, class_pairs};
pub use moments::{Moments, correlation, histogram, mean_pairwise_correlation, quantile};
pub use sample::Sample;
pub use spectrum::Spectrum;
pub use spells::{Hysteresis, Spells};
pub use spike_trains::{SpikeDataError, SpikeTrains};
pub use trace::{Trace, TraceError};
