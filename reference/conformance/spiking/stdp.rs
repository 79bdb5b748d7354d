//! Plasticity by pairs of spikes: a network with given trains on both sides.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Cohort, End, Projection, Stimulus, SynapseSpec};
use binnet::connect::all_to_all;
use binnet::models::synapses::{NearestStdp, PairStdp};
use binnet::ndarray::Array2;
use binnet::neuron::Own;
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet::synapse::Synapse;

use super::reference::{Params, Reference};
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-12;

binnet::neuron! {
    /// Spikes when it is told to.
    struct Told {
        input now: 1;
        state g = 0 nS;
        update { g = g; }
        spike when now > 0.5 { }
    }
}

/// How many neurons there are on either side: more than a reference has.
const ROOM: usize = 16;

/// Neurons and the labels of their spikes.
type Train = Vec<(usize, u64)>;

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let train = |reference: &mut Reference<'_>, side: &str| -> Result<Train> {
        let (names, labels) = (format!("{side}_i"), format!("{side}_step"));
        let read = |name: &str| {
            Ok::<Vec<i64>, crate::conformance::Error>(reference.array(name)?.iter().map(|&x| x as i64).collect())
        };
        let (neurons, steps) = (read(&names)?, read(&labels)?);
        reference.write(&names, &[neurons.len()], &neurons)?;
        reference.write(&labels, &[steps.len()], &steps)?;
        Ok(neurons.iter().zip(&steps).map(|(&i, &step)| (i as usize, step as u64)).collect())
    };
    let trains = [train(reference, "pre")?, train(reference, "post")?];
    for variant in reference.endings("w_final_") {
        let mu = if variant.starts_with("multiplicative") { 1.0 } else { 0.0 };
        let [tau_plus, tau_minus] = [params.get("tau_plus_ms")?, params.get("tau_minus_ms")?];
        let [a_plus, a_minus] = [params.get("A_plus")?, params.get("A_minus")?];
        match variant.rsplit('_').next() {
            Some("all") => {
                let rule =
                    PairStdp { tau_plus, tau_minus, a_plus, a_minus, mu_plus: mu, mu_minus: mu, ..PairStdp::default() };
                learn(reference, params, &variant, rule, &trains)?;
            }
            Some("nearest") => {
                let stock = NearestStdp::default();
                let rule = NearestStdp { tau_plus, tau_minus, a_plus, a_minus, mu_plus: mu, mu_minus: mu, ..stock };
                learn(reference, params, &variant, rule, &trains)?;
            }
            _ => return Err(format!("no rule `{variant}`").into()),
        }
    }
    Ok(())
}

fn learn<Y: Synapse<S = f64>>(
    reference: &mut Reference<'_>,
    params: Params<'_>,
    variant: &str,
    rule: Y,
    [pre, post]: &[Train; 2],
) -> Result<()> {
    let (dt, w_max) = (params.get("dt_ms")?, params.get("w_max")?);
    let w0 = params.get("w0")? / w_max;
    let (n_pre, n_post) = (params.get("n_pre")? as usize, params.get("n_post")? as usize);
    let every = (params.get("sample_ms")? / dt).round() as u64;
    if n_pre > ROOM || n_post > ROOM {
        return Err(format!("more than {ROOM} neurons").into());
    }
    let steps = params.steps(dt)?;
    let cells = |name: &str| -> Result<Box<dyn Cohort>> {
        Ok(Box::new(Cells::<Told, Own, ROOM>::build(name, Vec::new(), &Streams::new(0))?))
    };
    let populations = vec![cells("pre")?, cells("post")?];
    let mut net = Clocked::new("plasticity", dt.ms(), ClockedOptions::seeded(0), populations)?;
    for (name, train) in [("pre", pre), ("post", post)] {
        let mut rows = Array2::zeros((steps, ROOM));
        train
            .iter()
            .filter(|(_, label)| (*label as usize) < steps)
            .for_each(|(i, label)| rows[[*label as usize, *i]] = 1.0);
        net.stimulate(name, "now", Stimulus::rows(rows))?;
    }
    let rule = SynapseSpec::new(rule).with("w", w0);
    let ends = [End::of("pre").neurons(0..n_pre), End::of("post").neurons(0..n_post)];
    let [pre, post] = ends;
    net.connect(Projection::new(pre, post, all_to_all()).onto("g").named("pairs").with_synapses(rule))?;
    let weights = |net: &Clocked<Vec<Box<dyn Cohort>>>| -> Result<Vec<f64>> {
        Ok(net.synapse_values("pairs", "w")?.into_iter().map(|w| w * w_max).collect())
    };
    let mut samples: Vec<Vec<f64>> = Vec::new();
    for step in 0..steps as u64 {
        if step % every == 0 {
            samples.push(weights(&net)?);
        }
        net.step()?;
    }
    let last = weights(&net)?;
    let rows: Vec<f64> = (0..last.len()).flat_map(|s| samples.iter().map(move |sample| sample[s])).collect();
    reference.put(&format!("w_{variant}"), &[last.len(), samples.len()], &rows, TOLERANCE)?;
    reference.put(&format!("w_final_{variant}"), &[last.len()], &last, TOLERANCE)
}
