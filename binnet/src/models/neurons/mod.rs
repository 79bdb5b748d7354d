//! Neurons from the literature, each a block of `neuron!`.
//!
//! Stimuli go to the input `i`, in the unit that the model is usually driven in. All have the parameters
//! of their source by default; the fields of each struct say their values and units. Equations are given as they are
//! integrated, `dx/dt` as x'.
//!
//! | neuron | variables | spikes | input |
//! | --- | --- | --- | --- |
//! | [`Lif`] | v | threshold, weights jump v | nA |
//! | [`LifCurrent`] | v, two synaptic currents | threshold | pA |
//! | [`LifConductance`] | v, two synaptic conductances | threshold | pA |
//! | [`Qif`] | v | upstroke | nA |
//! | [`Eif`] | v | upstroke | uA/cm2 |
//! | [`AdEx`] | v, adaptation w | upstroke | pA |
//! | [`Izhikevich`] | v, recovery u | upstroke | mV/ms |
//! | [`HodgkinHuxley`] | v, m, h, n | v rises through 0 mV | uA/cm2 |
//! | [`TraubMiles`] | v, m, h, n | v rises through -20 mV | uA/cm2 |
//! | [`WangBuzsaki`] | v, h, n | v rises through 0 mV | uA/cm2 |
//! | [`MorrisLecar`] | v, w | v rises through 0 mV | uA/cm2 |
//! | [`FitzHughNagumo`] | v, w | v rises through 1 | 1 |
//! | [`HindmarshRose`] | x, y, z | x rises through 1 | 1 |
//! | [`LinearRate`] | r | none, output r | 1 |
//! | [`SigmoidRate`] | r | none, output r | 1 |
//! | [`RegularSource`] | phase | at a fixed rate | none |
//!
//! Models with an upstroke have no threshold: beyond a point the potential runs away by itself, and
//! `v_peak` is where that counts as a spike.
//!
//! ```
//! use binnet::models::neurons::HodgkinHuxley;
//! use binnet::neuron::Single;
//! use binnet::prelude::*;
//!
//! let mut cell: Single<HodgkinHuxley> = Single::new(HodgkinHuxley::default(), 0.02.ms());
//! cell.i = 10.0; // uA/cm2
//! assert_eq!(cell.run(100.ms()), 7); // spikes
//! ```

mod adex;
mod eif;
mod fitzhugh_nagumo;
mod hindmarsh_rose;
mod hodgkin_huxley;
mod izhikevich;
mod lif;
mod lif_conductance;
mod lif_current;
mod linear_rate;
mod morris_lecar;
mod qif;
mod regular_source;
mod sigmoid_rate;
mod traub_miles;
mod wang_buzsaki;

pub use adex::AdEx;
pub use eif::Eif;
pub use fitzhugh_nagumo::FitzHughNagumo;
pub use hindmarsh_rose::HindmarshRose;
pub use hodgkin_huxley::HodgkinHuxley;
pub use izhikevich::Izhikevich;
pub use lif::{Lif, LifDelta};
pub use lif_conductance::LifConductance;
pub use lif_current::LifCurrent;
pub use linear_rate::LinearRate;
pub use morris_lecar::MorrisLecar;
pub use qif::Qif;
pub use regular_source::RegularSource;
pub use sigmoid_rate::SigmoidRate;
pub use traub_miles::TraubMiles;
pub use wang_buzsaki::WangBuzsaki;
