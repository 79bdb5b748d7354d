//! Balance of excitation and inhibition by many weak, random connections.
//!
//! ```text
//! cargo run --release --example ei_balance
//! cargo run --release --example ei_balance -- --set strength=20 --networks 10
//! ```
//!
//! Source: C. van Vreeswijk and H. Sompolinsky, Science 274, 1724 (1996), with integrate-and-fire neurons as in the
//! tutorials of BrainPy: weights are 1 over the root of the number of inputs, equal and opposite.
//!
//! Expected: excitation and inhibition cancel but for some tenths of a mV. Driven as in the tutorials, neurons fire almost
//! regularly, 41.6 times a second, with a CV of 0.02; weights 20 times as strong raise it to 0.27. `--check` compares with
//! what Brian2 gives, over 10 networks, at the defaults. Takes a tenth of a second.

use std::process::ExitCode;

use binnet::prelude::*;
use binnet_examples::spiking::{Reference, app};

neuron! {
    /// Leaky integrate-and-fire neuron with a synaptic current, given as the potential that it would lead to.
    pub struct Lif {
        param tau_m   = 10 ms;
        param v_rest  = -52 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param tau_syn = 2 ms;
        param i_ext   = 3 mV;

        state v = v_rest;
        state i = 0 mV;

        di/dt = -i / tau_syn;
        dv/dt = (v_rest - v + i + i_ext) / tau_m;

        spike when v > v_th { v = v_reset; }
    }
}

network! {
    /// Balanced network of van Vreeswijk and Sompolinsky (1996).
    pub struct EiBalance {
        clock 0.1 ms;
        /// The drive from outside.
        param i_ext = 3 mV;
        /// The weights, relative to 1 mV over the root of the number of inputs.
        param strength = 1;
        let j = strength / (0.1_f64 * 500.0).sqrt();

        population exc: Lif[500] { v: uniform(-52 mV, -50 mV), i_ext: i_ext, method: exact };
        population inh: Lif[500] { v: uniform(-52 mV, -50 mV), i_ext: i_ext, method: exact };

        projection exc -> (exc, inh) { target: i, connect: fixed_prob(0.1), weight: j };
        projection inh -> (exc, inh) { target: i, connect: fixed_prob(0.1), weight: -j };

        record exc.spikes;
        record inh.spikes;
        record exc.i[0..2] every 0.5 ms;
    }
}

/// Brian2 2.9, exact, without delay.
const BRIAN2: Reference = Reference {
    simulator: "Brian2",
    networks: 10,
    means: [41.56, 41.61, 1.6232, 0.0, 0.018546, 0.007856, 10.84, 42.969, 97.832],
    deviations: [0.131, 0.071749, 0.031068, 0.0, 0.00025918, 0.0035318, 1.3757, 0.0, 57.279],
};

fn main() -> ExitCode {
    app::<EiBalance, _>("ei_balance", Some(&BRIAN2), |_, _| {}).main()
}
