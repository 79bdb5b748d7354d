//! Plasticity by pairs of spikes: some synapses with given trains on both sides.

use binnet::models::synapses::{NearestStdp, PairStdp};
use binnet::prelude::*;
use binnet::synapse::{Reads, Synapse, SynapseStore};

use super::reference::{Params, Reference};
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-12;

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
    let (n_pre, n_post) = (params.get("n_pre")? as usize, params.get("n_post")? as usize);
    let every = (params.get("sample_ms")? / dt).round() as u64;
    let offsets = (0..=n_pre).map(|i| i * n_post).collect();
    let targets = (0..n_pre).flat_map(|_| 0..n_post as u32).collect();
    let mut synapses = SynapseStore::builder(rule, offsets, targets, n_post)
        .initial("w", params.get("w0")? / w_max)?
        .build(dt.ms())?;
    let mut samples: Vec<Vec<f64>> = Vec::new();
    let steps = params.steps(dt)? as u64;
    let weights = |synapses: &SynapseStore<Y>, step: u64| -> Result<Vec<f64>> {
        Ok(synapses.values("w", step)?.into_iter().map(|w| w * w_max).collect())
    };
    for step in 0..steps {
        if step % every == 0 {
            samples.push(weights(&synapses, step)?);
        }
        for (i, _) in pre.iter().filter(|(_, label)| *label == step) {
            synapses.pre_spike(step, *i, Reads::NONE, |_, _, _| {});
        }
        for (j, _) in post.iter().filter(|(_, label)| *label == step) {
            synapses.post_spike(step, *j, Reads::NONE);
        }
    }
    let last = weights(&synapses, steps)?;
    let rows: Vec<f64> = (0..synapses.len()).flat_map(|s| samples.iter().map(move |sample| sample[s])).collect();
    reference.put(&format!("w_{variant}"), &[last.len(), samples.len()], &rows, TOLERANCE)?;
    reference.put(&format!("w_final_{variant}"), &[last.len()], &last, TOLERANCE)
}
