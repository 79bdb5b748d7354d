//! COBA: a balanced network of conductance-based integrate-and-fire neurons, which fires irregularly by itself.
//!
//! ```text
//! cargo run --release --example coba
//! cargo run --release --example coba -- --networks 10 --check
//! cargo run --release --example coba -- --set lag=0ms
//! ```
//!
//! Source: T. P. Vogels and L. F. Abbott, J. Neurosci. 25, 10786 (2005), as in R. Brette et al., J. Comput. Neurosci. 23, 349
//! (2007), benchmark 1.
//!
//! Expected: about 21 spikes a second of each neuron with a CV of 1.7. `--check` compares with what Brian2 gives, over
//! 12 networks. Takes a third of a second.

use std::process::ExitCode;

use binnet::prelude::*;
use binnet_examples::spiking::{Reference, app};

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param c_m     = 200 pF;
        param g_leak  = 10 nS;
        param v_rest  = -60 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param t_ref   = 5 ms;
        param i_ext   = 200 pA;
        param e_exc   = 0 mV;
        param e_inh   = -80 mV;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;

        state v     = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;

        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
        dv/dt = (g_leak * (v_rest - v) + i_syn + i_ext) / c_m;

        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

network! {
    /// Balanced network of Vogels & Abbott (2005), as in Brette et al. (2007), benchmark 1.
    pub struct Coba {
        clock 0.1 ms;
        /// From a spike to its effect.
        param lag = 0.1 ms;

        population exc: CobaLif[3200] { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        population inh: CobaLif[800]  { v: uniform(-60 mV, -50 mV), method: exponential_euler };

        projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.02), weight: 6 nS,  delay: lag };
        projection inh -> (exc, inh) { target: g_inh, connect: fixed_prob(0.02), weight: 67 nS, delay: lag };

        record exc.spikes;
        record inh.spikes;
        record exc.v[0..4] every 1 ms;
    }
}

/// Brian2 2.9, exponential Euler, without delay.
pub(crate) const BRIAN2: Reference = Reference {
    simulator: "Brian2",
    networks: 12,
    means: [21.525, 21.389, 25.41, 0.12892, 1.7399, 0.0023733, 4.6074, 134.77, 25.039],
    deviations: [1.0228, 0.41239, 1.4615, 0.019602, 0.044639, 0.00066339, 0.38746, 40.407, 8.5161],
};

fn main() -> ExitCode {
    app::<Coba, _>("coba", Some(&BRIAN2), |_, _| {}).main()
}
