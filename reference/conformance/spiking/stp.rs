//! Short-term plasticity: one synapse, just before and after every spike, and in between; in a network, and alone.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Projection, Source, SynapseSpec};
use binnet::connect::one_to_one;
use binnet::models::synapses::TsodyksMarkram;
use binnet::neuron::Own;
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet::synapse::{Reads, Synapse, SynapseStore};

use super::reference::{Params, Reference};
use crate::conformance::Result;

const TOLERANCE: f64 = 1e-10;

binnet::neuron! {
    /// Keeps what arrives.
    struct Target {
        state g = 0 nS;
        update { g = g; }
    }
}

binnet::synapse! {
    /// The reading of the resting value of u that NEST has: it is 0.
    struct ToZero {
        param u_0   = 0.5;
        param tau_f = 50 ms;
        param tau_d = 200 ms;
        local w = 1 nS;
        state u = 0;
        state x = 1;
        du/dt = -u / tau_f;
        dx/dt = (1 - x) / tau_d;
        on pre { u += u_0 * (1 - u); deliver w * u * x; x -= u * x; }
    }
}

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt_ms")?;
    let steps = params.steps(dt)?;
    reference.times("t_ms", dt, steps)?;
    let labels: Vec<i32> = params.list("spike_ms")?.iter().map(|t| (t / dt).round() as i32).collect();
    reference.spikes("spike_step", &labels)?;
    for (name, set) in params.set("synapses")?.sets() {
        for variant in reference.endings(&format!("events_{name}_")) {
            let name = format!("{name}_{variant}");
            match variant.as_str() {
                "toU" => trains(reference, &name, to_rest(set)?, dt, &labels, steps)?,
                "to0" => trains(reference, &name, to_zero(set)?, dt, &labels, steps)?,
                _ => return Err(format!("no variant `{variant}`").into()),
            }
        }
    }
    Ok(())
}

fn to_rest(set: Params<'_>) -> Result<TsodyksMarkram> {
    let (u_0, tau_f, tau_d) = (set.get("U")?, set.get("tau_f_ms")?, set.get("tau_d_ms")?);
    Ok(TsodyksMarkram { u_0, tau_f, tau_d, ..TsodyksMarkram::default() })
}

fn to_zero(set: Params<'_>) -> Result<ToZero> {
    Ok(ToZero { u_0: set.get("U")?, tau_f: set.get("tau_f_ms")?, tau_d: set.get("tau_d_ms")?, ..ToZero::default() })
}

fn trains<Y: Synapse<S = f64>>(
    reference: &mut Reference<'_>,
    name: &str,
    model: Y,
    dt: f64,
    labels: &[i32],
    steps: usize,
) -> Result<()> {
    let mut net = network(model.clone(), dt, labels)?;
    let mut synapse = SynapseStore::builder(model, vec![0, 1], vec![0], 1).build(dt.ms())?;
    let (mut u, mut x, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for step in 0..steps as u64 {
        u.extend(net.synapse_values("train", "u")?);
        x.extend(net.synapse_values("train", "x")?);
        let held: f64 = net.values("target", "g")?.iter().sum();
        net.step()?;
        let arrived: f64 = net.values("target", "g")?.iter().sum::<f64>() - held;
        for _ in labels.iter().filter(|&&label| u64::try_from(label) == Ok(step)) {
            let before = [synapse.value("u", 0, step + 1)?, synapse.value("x", 0, step + 1)?];
            let mut released = 0.0;
            synapse.pre_spike(step, 0, Reads::NONE, |_, _, delivered| released = delivered)?;
            if (released - arrived).abs() > TOLERANCE {
                return Err(format!("{arrived} nS arrive in step {step}, not {released}").into());
            }
            let after = [synapse.value("u", 0, step + 1)?, synapse.value("x", 0, step + 1)?];
            events.extend([before[0], after[0], before[1], after[1], released]);
        }
    }
    reference.put(&format!("u_{name}"), &[u.len()], &u, TOLERANCE)?;
    reference.put(&format!("x_{name}"), &[x.len()], &x, TOLERANCE)?;
    reference.put(&format!("events_{name}"), &[events.len() / 5, 5], &events, TOLERANCE)
}

/// One synapse from a source with these spikes.
fn network<Y: Synapse<S = f64>>(model: Y, dt: f64, labels: &[i32]) -> Result<Clocked<Cells<Target, Own, 1>>> {
    let target = Cells::build("target", Vec::new(), &Streams::new(0))?;
    let mut net = Clocked::new("short-term plasticity", dt.ms(), ClockedOptions::seeded(0), target)?;
    net.add_source(Source::spike_times("spikes", 1, labels.iter().map(|label| (0, (f64::from(*label) * dt).ms()))))?;
    let train = Projection::new("spikes", "target", one_to_one()).onto("g").named("train");
    net.connect(train.with_synapses(SynapseSpec::new(model)))?;
    Ok(net)
}
