//! Projections whose synapses have equations: the fifth program of the language, and all forms of values.

#![deny(warnings, missing_docs, clippy::all)]

use binnet::models::synapses;
use binnet::prelude::*;

synapse! {
    /// Short-term plasticity (Tsodyks & Markram 1997).
    pub struct TsodyksMarkram {
        param u_0 = 0.5;
        param tau_f = 50 ms;
        param tau_d = 200 ms;
        local w = 1 nS;
        state u = u_0;
        state x = 1;
        post v: mV;                              // what it reads of either side, with its unit (unused here)
        du/dt = (u_0 - u) / tau_f;               // linear: advanced from event to event, exactly
        dx/dt = (1 - x) / tau_d;
        on pre { u += u_0 * (1 - u); deliver w * u * x; x -= u * x; }
    }
}

neuron! {
    /// Leaky integrate-and-fire neuron with a conductance and a current.
    pub struct Lif {
        state v = -60 mV;
        state g_exc = 0 nS;
        input i: nA;
        dv/dt = (10 nS * (-60 mV - v) - g_exc * v + i) / (200 pF);
        dg_exc/dt = -g_exc / (5 ms);
        spike when v > -50 mV { v = -60 mV; }
    }
}

network! {
    /// All forms.
    pub struct Net {
        clock 0.1 ms;
        param recovery = 150 ms;
        population exc: Lif[80] { v: uniform(-60 mV, -50 mV) };
        population inh: Lif[20] { v: uniform(-60 mV, -50 mV) };
        source noise: poisson[100] { rate: 50 Hz };
        projection noise -> (exc, inh) { target: g_exc, connect: fixed_prob(0.5), weight: 2 nS };
        projection stp: exc -> inh { synapse: TsodyksMarkram { u_0: 0.2 }, target: g_exc, connect: fixed_prob(0.1), delay: 1 ms };
        projection each: noise[0..50] -> exc[0..50] {
            synapse: synapses::TsodyksMarkram { tau_f: 0.05 s, tau_d: recovery, w: uniform(1 nS, 2000 pS), x: 0.5 },
            target: g_exc,
            connect: one_to_one,
            delay: uniform(0.5 ms, 2 ms),
        };
        projection learnt: exc -> (exc, inh) {
            synapse: synapses::PairStdp { w: |pre, post| 0.2 + 0.001 * (pre + post) as f64, g_max: 3 nS },
            target: g_exc, connect: fixed_in_degree(10),
        };
        projection weighted: inh -> exc { synapse: TsodyksMarkram, target: g_exc, connect: all_to_all, weight: 0.5 nS };
        projection blocks: [exc, inh] -> [exc, inh] {
            synapse: TsodyksMarkram { w: [[1 nS, 2 nS], [3 nS, 4 nS]] }, target: g_exc, connect: fixed_prob(0.05),
        };
        projection gap: inh -> inh { synapse: synapses::GapJunction { g: 0.1 nS }, target: i, connect: all_to_all };
    }
}

fn main() -> binnet::Result<()> {
    let mut net = Net::builder().seed(1).build()?;
    net.run(20.ms())?;
    let clocked = &net;
    let w = clocked.synapse_values("each", "w")?;
    assert!(w.len() == 50 && w.iter().all(|w| (1.0..2.0).contains(w)));
    assert_eq!(clocked.synapse_values("weighted", "w")?, vec![0.5; 1600]);
    assert_eq!(clocked.synapse_values("blocks/inh->exc", "w")?.first(), Some(&2.0));
    assert_eq!(clocked.synapse_values("gap", "g")?, vec![0.1; 380]);
    assert!(clocked.synapse_values("learnt/exc->inh", "w")?.iter().any(|w| *w != 0.2));
    assert!(clocked.explain().contains("gap"));
    Ok(())
}
