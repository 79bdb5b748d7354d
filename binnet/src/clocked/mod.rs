//! The engine for clock-driven networks: all neurons advance together, in steps of fixed length.
//!
//! A population is [`Cells`]: a model, the method that advances it, and a size. [`Clocked`] takes
//! populations and runs them. `network!` with a `clock` writes exactly this.
//!
//! ```
//! use binnet::clocked::{Cells, Clocked, ClockedOptions, Record};
//! use binnet::neuron::Own;
//! use binnet::prelude::*;
//! use binnet::rng::Streams;
//!
//! /// A perfect integrator.
//! #[derive(Population, Clone)]
//! struct Integrator {
//!     #[local(0.5 mV/ms)]
//!     drive: f64,
//!     #[state(0 mV)]
//!     v: f64,
//! }
//!
//! impl Neuron for Integrator {
//!     fn step(&mut self, cx: &StepContext) -> Spikes {
//!         self.v += cx.dt * self.drive;
//!         let spike = self.v >= 1.0;
//!         self.v = if spike { 0.0 } else { self.v };
//!         spike.into()
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let options = ClockedOptions::seeded(1);
//! let cells = Cells::<Integrator, Own, 10>::build(
//!     "cells",
//!     vec![("v", Init::Uniform(0.0, 1.0))],
//!     &Streams::new(options.seed),
//! )?;
//! let mut net = Clocked::new("ten integrators", 0.1.ms(), options, cells)?;
//! net.record(Record::spikes("cells"))?;
//! net.record(Record::of("cells", "v").neurons(0..2).every(1.ms()))?;
//! net.run(20.ms())?;
//! assert_eq!(net.records().spikes("cells")?.len(), 100);
//! assert_eq!(net.records().trace("cells.v")?.values().shape(), [20, 2]);
//! # Ok(())
//! # }
//! ```
//!
//! Step k goes from k dt to (k+1) dt. Within it: stimuli take effect; what is recorded is read; all
//! neurons advance from the same old state, and those whose threshold is crossed spike with label k;
//! what is due arrives; then spikes reset their neurons. A [`Schedule`] changes this order.

mod access;
mod cells;
mod chosen;
mod clock;
mod cohort;
mod condition;
mod declared;
mod ends;
mod increments;
mod kernel;
mod network;
mod profile;
mod projection;
mod record;
mod recording;
mod report;
mod reset;
mod run;
mod schedule;
mod set;
mod simulation;
mod source;
mod step;
mod stimulus;
mod workers;

pub use cells::Cells;
pub(crate) use clock::time as time_of;
pub use cohort::{Cohort, Populations, Spiked, Step};
pub use condition::{Condition, Watched};
pub use increments::GivenIncrements;
pub use network::{Clocked, ClockedOptions};
pub use profile::Part;
#[doc(hidden)]
pub use projection::{Described, NoSynapse};
pub use projection::{End, PerSynapse, PoissonInput, Projection, ProjectionInfo, Synapse, SynapseSpec};
pub use record::{
    Histogram, Intervals, OverTime, RateBins, Record, Records, RunningAutocorrelation, SpikeCounts, SpikeTrain, Trace,
};
pub use recording::MemoryEstimate;
pub use schedule::{Schedule, Stage};
pub use source::Source;
pub use stimulus::{Amount, Operator, Stimulus};
pub use workers::Threads;
