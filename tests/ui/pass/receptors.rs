//! Receptors of projections: all forms, and generated code that needs no prelude and warns of nothing.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, clippy::all)]

use ::binnet_tests::renamed as other;
use ::core::assert;
use ::core::result::Result::{self, Ok};
use other::models::receptors;
use other::population::Model;
use other::prelude::*;

other::neuron! {
    /// Leaky integrate-and-fire neuron with two inputs.
    pub struct Cell {
        input i: pA;
        input i_slow: pA;
        state v = -60 mV;
        let total = i + i_slow;
        dv/dt = (10 nS * (-60 mV - v) + total) / (200 pF);
        spike when v > -50 mV { v = -60 mV; refractory 2 ms holding v; }
    }
}

other::neuron! {
    /// Its potential has another name.
    pub struct Other {
        input drive: uA/cm2;
        state u = -60 mV;
        du/dt = (0.1 mS/cm2 * (-60 mV - u) + drive) / (1 uF/cm2);
        spike when u > -50 mV { u = -60 mV; }
    }
}

other::network! {
    /// All forms.
    pub struct Forms<const N: usize = 8> {
        clock 0.1 ms;
        param slow = 50 ms;
        const e_inh = -80 mV;
        given w: [8][8];
        population exc: Cell[8] { v: uniform(-60 mV, -50 mV), g_fast: 10 pA, method: rk4 };
        population inh: Cell[N] { tau_kept: 7 ms };
        population other: Other[4];
        source noise: poisson[8] { rate: 50 Hz };
        source events: external[4];
        projection noise -> (exc, inh) { target: i, receptor: exponential(5 ms), connect: all_to_all, weight: 2 pA };
        projection fast: exc -> exc { target: i, receptor: alpha(tau: 2 ms), connect: dense, weight: w };
        projection exc -> inh { target: i_slow, receptor: dual_exponential(rise: 1 ms, decay: slow), connect: fixed_prob(0.5), weight: 1 pA };
        projection inh -> (exc, inh) {
            target: i_slow, receptor: exponential(tau: 10 ms, reversal: e_inh, potential: v),
            connect: fixed_prob(0.5), weight: uniform(1 nS, 2000 pS), delay: 0.5 ms,
        };
        projection block: [exc, inh] -> [exc, inh] {
            target: i, receptor: nmda { tau_rise: 2 ms, tau_decay: rust(100.0), mg: 1 mM, reversal: 0 mV, g_max: 8 nS },
            connect: fixed_prob([[0.1, 0.2], [0.3, 0.4]]), weight: [[1 nS, 2 nS], [3 nS, 4 nS]],
        };
        projection kept: exc -> inh {
            target: i, receptor: receptors::Exponential { tau: 5 ms, unmerged: true }, connect: fixed_prob(0.5), weight: 1 pA
        };
        projection events -> other {
            receptor: alpha(5 ms, reversal: 0 mV, potential: u), connect: one_to_one, weight: 0.1 mS/cm2
        };
        record exc.g_noise;
        record exc.i_inh[0..2] every 1 ms;
        record exc.total;
        record inh.g_kept;
        record other.g_events;
        stimulus exc.tau_fast *= ramp(1, 2, 0 ms, 5 ms);
    }
}

other::network! {
    /// Private, in single precision.
    struct Single {
        precision f32;
        clock 0.1 ms;
        population cells: Cell[70];
        projection cells -> cells { target: i, receptor: exponential(5 ms), connect: fixed_prob(0.1), weight: 1 pA };
    }
}

fn main() -> Result<(), other::Error> {
    let mut net = <Forms>::builder().seed(1).w([[0.5; 8]; 8]).build()?;
    net.run(10.ms())?;
    let records = net.records();
    assert!(records.exc.g_noise.values()[[99, 7]] > 0.0);
    assert!(net.populations().inh.neurons().values("tau_kept") == ::core::option::Option::Some(::std::vec![7.0; 8]));
    assert!(net.explain().contains("inh: receptor `kept`, receptors::Exponential"));
    let fields = receptors::Alpha::<f64>::FIELDS;
    assert!(fields.len() == 3);
    let mut net = Single::builder().build()?;
    net.run(1.ms())?;
    Ok(())
}
