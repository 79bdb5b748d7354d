//! Neurons of the DYNAP-SE2 chip, as Rockpool's `DynapSim` simulates them, and what surrounds them: currents
//! and times, weights of four bits, bias codes, and whether a network fits the chip.
//!
//! The circuit is a current-mode neuron of differential pair integrators (DPI): synapses, adaptation and
//! membrane are currents through transistors below threshold. Currents are in pA, capacitances in pF, voltages in
//! mV, times in ms.
//!
//! | neuron | what it is |
//! | --- | --- |
//! | [`DpiNeuron`] | the simulator that Rockpool releases: one synapse with signed weights |
//! | [`DpiGated`] | its unreleased predecessor: AMPA, GABA, NMDA and SHUNT |
//! | [`DpiDocumented`] | the equations that Rockpool's documentation states |
//!
//! | | |
//! | --- | --- |
//! | [`DynapSim`] | a ready layer of `DpiNeuron`s: rasters, batches, state, parameters |
//! | [`fit()`] | whether any network of these neurons fits the chip |
//! | [`Currents`], [`Times`], [`Gains`], [`Layout`] | time constants, gain ratios and pulse widths from currents, and back |
//! | [`fit_weights`], [`BaseCurrents`] | weights as sums of four base currents |
//! | [`BiasGenerator`], [`BiasTable`] | currents as codes (coarse, fine) of a table that you load |
//! | [`ChipNetwork`], [`FitReport`] | neurons, synapses, destinations, biases and weights against the chip's limits |
//!
//! Mismatch is a way to give values: `i_tau_mem: mismatch(30 %, sigma_rule: 3)` in a network.
//!
//! ```
//! use binnet::models::dynapsim::DpiNeuron;
//! use binnet::prelude::*;
//!
//! network! {
//!     /// Neurons under a constant current.
//!     pub struct Layer {
//!         clock 1 ms;
//!         population core: DpiNeuron[16] { i_dc: 0.3 nA, i_tau_mem: mismatch(20 %) };
//!         record core.spikes;
//!         record core.i_mem;
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let mut net = Layer::builder().seed(1).build()?;
//! net.run(500.ms())?;
//! assert!(!net.records().core.spikes.is_empty());
//! assert_eq!(net.records().core.i_mem.values().dim(), (500, 16));
//! # Ok(())
//! # }
//! ```
//!
//! # Time
//!
//! An event acts on the current, the membrane and the spike of the step that it is given to. A spike reaches its targets, and
//! its own adaptation, in the next step, undecayed. A spike blocks the input of the next `t_ref / dt` steps, rounded up; where
//! the two are multiples of each other, rounding decides, and a mismatch of `i_ref` makes it one step longer. A sample
//! of a record is the value before its step: Rockpool's row `t` is sample `t + 1`, with the spikes of step `t`.
//!
//! # Where Rockpool's documentation and code differ
//!
//! | documented | in its code | here |
//! | --- | --- | --- |
//! | input and weights have four gates | one signed input a neuron | `DpiNeuron` has the input `x`, `DpiGated` has `ampa`, `gaba`, `nmda` and `shunt`: what a projection targets is checked when compiling |
//! | the output is (T, N) | it is (B, T, N) | records, and what `evolve` of [`DynapSim`] returns, are (T, N); there is a batch axis only for batches |
//! | logistic feedback current | exponential in `v_mem`, divided by the leak | `DpiDocumented` has the one, the others the other |
//! | the leak is subtracted once | twice, and the input is floored at `i_o` in between | likewise |
//! | the time constant is that of `i_tau_mem` | of `i_tau_mem` and the adaptation | likewise |
//! | one spike above threshold | `ceil(ln(i_mem / i_spkthr))` of them | likewise; weights and adaptation are multiplied by the count |
//! | a synapse grows by events only | also by `(1 - exp(-t_pulse / tau)) i_o` in each step without net excitation; it has no floor | likewise |
//! | `If_nmda` is the gate of NMDA | it is not read; of four synaptic states only `iampa` is, at the start | `i_f_nmda` of `DpiNeuron` has no effect and says so, in `DpiGated` it is the gate; the synapse is called `i_syn`, when it starts and when it ends |
//! | `record` switches recording | it is ignored | what is recorded is declared, or named in `record` of the builder |
//! | recurrent and with spiking input by default | neither | there is recurrence where a projection is declared, or weights are given |
//! | weights without recurrence are refused | silently ignored | giving weights makes a layer recurrent: there is no other switch |
//! | of the mismatch, 95 % lie within | sd is a third of it (`sigma_rule` 3) | `sigma_rule` says how many sd it is; 1, unless given |
//! | shape (N, N) is recurrent | a flag alone decides | a population has a size, recurrence is a projection |
//!
//! Also: a negative weight of `DpiNeuron` can only cancel positive events of the same step, since their sum is
//! floored; use `DpiGated` for inhibition that lasts. States are complete: a run that goes on from the state at its
//! end is the run in one, while Rockpool loses the synaptic current there. Under mismatch of `i_o`, currents start at the dark
//! current of their neuron, in Rockpool at the nominal one.

mod bias;
mod chip;
mod circuit;
mod documented;
mod fit;
mod gated;
mod layer;
mod released;
mod translation;
mod weights;

pub use bias::{BiasCode, BiasGenerator, BiasTable, CHIP_NAMES, chip_name};
pub use chip::{BiasFit, ChipLimits, ChipNetwork, CoreFit, FitReport, Misfit};
pub use documented::DpiDocumented;
pub use fit::fit;
pub use gated::DpiGated;
pub use layer::{BatchEvolution, DynapSim, DynapSimBuilder, Evolution, Family, LayerState, Precision, TimeSeries};
pub use released::DpiNeuron;
pub use translation::{Currents, Gains, Layout, Times};
pub use weights::{BaseCurrents, WeightFit, bits, code_of, default_weights, fit_weights};
