//! Traces of single spiking neurons, synapses, networks and stochastic equations, against Brian2 and closed forms.
//!
//! A case is a `.json` file with all parameters, and an `.npz` file of its name with the arrays. What is
//! computed follows from the names of the arrays: `v_mV_rk4` asks for the method `rk4`.

mod adex;
mod fitzhugh_nagumo;
mod gamma;
mod gap_junction;
mod hodgkin_huxley;
mod izhikevich;
mod lif;
mod methods;
mod networks;
mod nmda;
pub(super) mod npz;
mod reference;
mod sde;
mod stdp;
mod stp;
mod synapse_kernels;
mod trace;

use serde_json::Value;

use super::Result;
use super::output::Output;
use super::report::Case;
use reference::Reference;

/// A kind of case, by the name that it gives itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spiking {
    LifStep,
    LifFi,
    HodgkinHuxley,
    WangBuzsaki,
    Izhikevich,
    AdEx,
    FitzHughNagumo,
    Sde,
    ShortTermPlasticity,
    Stdp,
    GapJunction,
    Nmda,
    SynapseKernels,
    Delays,
    Recurrent,
    Gamma,
    /// One of the same reference that this program does not run.
    Other,
}

const KINDS: [(&str, Spiking); 16] = [
    ("lif_step", Spiking::LifStep),
    ("lif_fi", Spiking::LifFi),
    ("hh_classic", Spiking::HodgkinHuxley),
    ("hh_wang_buzsaki", Spiking::WangBuzsaki),
    ("izhikevich", Spiking::Izhikevich),
    ("adex", Spiking::AdEx),
    ("fhn_trajectory", Spiking::FitzHughNagumo),
    ("sde", Spiking::Sde),
    ("stp_tsodyks_markram", Spiking::ShortTermPlasticity),
    ("stdp_pair", Spiking::Stdp),
    ("gap_junction_pair", Spiking::GapJunction),
    ("nmda_mg", Spiking::Nmda),
    ("synapse_kernels", Spiking::SynapseKernels),
    ("delays", Spiking::Delays),
    ("recurrent", Spiking::Recurrent),
    ("hh_gamma", Spiking::Gamma),
];

impl Spiking {
    pub(super) fn of(value: &Value) -> Option<Self> {
        let name = value.get("case")?.as_str()?;
        value.get("arrays")?.as_object()?;
        // Several of a kind may be numbered: `adex_2`.
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
        Some(KINDS.iter().find(|entry| entry.0 == kind).map_or(Self::Other, |entry| entry.1))
    }

    /// Runs a case whose arrays are in the file at `arrays`.
    pub(super) fn run(
        self,
        value: &Value,
        arrays: &std::path::Path,
        case: &mut Case,
        output: &mut Output,
    ) -> Result<()> {
        let mut reference = Reference::open(value, arrays, case, output)?;
        match self {
            Self::LifStep => lif::step(&mut reference),
            Self::LifFi => lif::rates(&mut reference),
            Self::HodgkinHuxley => hodgkin_huxley::classic(&mut reference),
            Self::WangBuzsaki => hodgkin_huxley::wang_buzsaki(&mut reference),
            Self::Izhikevich => izhikevich::run(&mut reference),
            Self::AdEx => adex::run(&mut reference),
            Self::FitzHughNagumo => fitzhugh_nagumo::run(&mut reference),
            Self::Sde => sde::run(&mut reference),
            Self::ShortTermPlasticity => stp::run(&mut reference),
            Self::Stdp => stdp::run(&mut reference),
            Self::GapJunction => gap_junction::run(&mut reference),
            Self::Nmda => nmda::run(&mut reference),
            Self::SynapseKernels => synapse_kernels::run(&mut reference),
            Self::Delays => networks::delays(&mut reference),
            Self::Recurrent => networks::recurrent(&mut reference),
            Self::Gamma => gamma::run(&mut reference),
            Self::Other => Err("a kind of case that this program does not run".into()),
        }
    }
}
