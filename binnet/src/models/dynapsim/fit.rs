//! Any network of DPI neurons, compared with the chip.

use super::chip::{ChipNetwork, FitReport};
use super::translation::Currents;
use super::{DpiDocumented, DpiGated, DpiNeuron};
use crate::clocked::{Clocked, Populations};
use crate::error::Result;
use crate::population::{Model, find};

/// Whether a network fits the board, and how it would be set up there: each population of DPI neurons is a core, in order
/// of declaration, four of them a chip; whatever else projects onto them is input. `None` for networks without DPI neurons.
///
/// Neurons of a core share their biases on the chip: what is compared is the mean over neurons. `explain()` of a network
/// prints this report.
///
/// ```
/// use binnet::models::dynapsim::{DpiNeuron, fit};
/// use binnet::prelude::*;
///
/// network! {
///     /// A chain of two cores.
///     pub struct Chain {
///         clock 1 ms;
///         population first: DpiNeuron[200];
///         population second: DpiNeuron[100];
///         projection first -> second { target: x, connect: fixed_in_degree(70), weight: 0.4 };
///     }
/// }
///
/// # fn main() -> binnet::Result<()> {
/// let net = Chain::builder().build()?;
/// let report = fit(&net)?.expect("there are DPI neurons");
/// assert!(report.check().unwrap_err().to_string().contains("neuron 0 of `second` has 70 incoming synapses"));
/// assert!(net.explain().contains("does not fit the chip"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// For weights that are not finite.
pub fn fit<P: Populations>(net: &Clocked<P>) -> Result<Option<FitReport>> {
    let populations = net.populations();
    let all = 0..populations.count();
    let cores: Vec<usize> = all.filter(|p| MODELS.contains(&populations.at(*p).model())).collect();
    if cores.is_empty() {
        return Ok(None);
    }
    // Weights of the gated model are currents, those of the others are in units of a current that all should share.
    let value = |p: usize, name: &str| {
        let cohort = populations.at(p);
        let values = find(cohort.fields(), name).map(|field| cohort.values(field))?;
        let size = cohort.size();
        Some((0..size).map(|i| values.at(i)).sum::<f64>() / size as f64)
    };
    let i_scale = cores.iter().find_map(|p| value(*p, "i_scale")).unwrap_or(STOCK_SCALE);
    let mut chip = ChipNetwork::new().scale(i_scale);
    let mut first = vec![None; populations.count()];
    let mut neurons = 0;
    for p in &cores {
        first[*p] = Some(neurons);
        neurons += populations.at(*p).size();
        let currents = Currents::read(|name| value(*p, name));
        chip = chip.core(populations.at(*p).name(), populations.at(*p).size(), currents);
    }
    for projection in net.projections() {
        let (pre, post) = net.projection_ends(&projection.name)?;
        let Some(start) = first.get(post).copied().flatten() else { continue };
        let unit = if value(post, "i_scale").is_some() { 1.0 } else { i_scale };
        for synapse in net.synapses(&projection.name)? {
            let (post, weight) = (start + synapse.post, synapse.weight / unit);
            match first.get(pre).copied().flatten() {
                Some(from) => chip.add_recurrent(from + synapse.pre, post, weight),
                None => chip.add_input(post, weight),
            }
        }
    }
    chip.fit().map(Some)
}

const MODELS: [&str; 3] = [<DpiNeuron as Model>::NAME, <DpiGated as Model>::NAME, <DpiDocumented as Model>::NAME];
/// pA.
const STOCK_SCALE: f64 = 1e4;
