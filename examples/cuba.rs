//! CUBA: a balanced network of current-based integrate-and-fire neurons, which fires irregularly by itself.
//!
//! ```text
//! cargo run --release --example cuba
//! cargo run --release --example cuba -- --networks 10 --check
//! ```
//!
//! Source: T. P. Vogels and L. F. Abbott, J. Neurosci. 25, 10786 (2005), as in R. Brette et al., J. Comput. Neurosci. 23, 349
//! (2007), benchmark 2.
//!
//! Expected: 5.6 spikes a second of each neuron with a CV of 0.58. `--check` compares with what Brian2 gives, over 12
//! networks. Takes a fifth of a second.

use std::process::ExitCode;

use binnet::prelude::*;
use binnet_examples::spiking::{Reference, app};

neuron! {
    /// Leaky integrate-and-fire neuron with synaptic currents, given as the potential that they would lead to.
    pub struct CubaLif {
        param tau_m   = 20 ms;
        param v_rest  = -49 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param t_ref   = 5 ms;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;

        state v     = v_rest;
        state u_exc = 0 mV;
        state u_inh = 0 mV;

        du_exc/dt = -u_exc / tau_exc;
        du_inh/dt = -u_inh / tau_inh;
        dv/dt = (v_rest - v + u_exc + u_inh) / tau_m;

        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

network! {
    /// Balanced network of Vogels & Abbott (2005), as in Brette et al. (2007), benchmark 2.
    pub struct Cuba {
        clock 0.1 ms;

        population exc: CubaLif[3200] { v: uniform(-60 mV, -50 mV), method: exact };
        population inh: CubaLif[800]  { v: uniform(-60 mV, -50 mV), method: exact };

        projection exc -> (exc, inh) { target: u_exc, connect: fixed_prob(0.02), weight: 1.62 mV };
        projection inh -> (exc, inh) { target: u_inh, connect: fixed_prob(0.02), weight: -9 mV };

        record exc.spikes;
        record inh.spikes;
        record exc.v[0..4] every 1 ms;
    }
}

/// Brian2 2.9, exact, without delay.
pub(crate) const BRIAN2: Reference = Reference {
    simulator: "Brian2",
    networks: 12,
    means: [5.6103, 5.5831, 5.5819, 0.18446, 0.58341, 0.0017727, 1.836, 22.786, 42.38],
    deviations: [0.23089, 0.050538, 0.14285, 0.015081, 0.016068, 0.00055464, 0.12869, 2.8037, 16.183],
};

fn main() -> ExitCode {
    app::<Cuba, _>("cuba", Some(&BRIAN2), |_, _| {}).main()
}
