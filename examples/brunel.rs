//! Brunel's sparse network of integrate-and-fire neurons with delta synapses: 12 500 neurons, 15.6 million synapses.
//!
//! ```text
//! cargo run --release --example brunel
//! cargo run --release --example brunel -- --check
//! ```
//!
//! Source: N. Brunel, J. Comput. Neurosci. 8, 183 (2000), model A, with inhibition 5 times stronger than excitation and
//! external spikes at twice the rate that would just reach the threshold.
//!
//! Expected: 37.2 spikes a second of each neuron; other simulators give 36.8 to 37.6 with these in-degrees (NEST, Brian2 and
//! ANNarchy). `--check` compares. Takes a few seconds.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::process::ExitCode;

use binnet::prelude::*;
use binnet_examples::output::Checks;
use binnet_examples::spiking::app;

neuron! {
    /// Leaky integrate-and-fire neuron whose potential jumps with each spike that arrives.
    pub struct BrunelLif {
        param tau_m   = 20 ms;
        param v_th    = 20 mV;
        param v_reset = 10 mV;
        param t_ref   = 2 ms;
        state v = 0 mV;

        dv/dt = -v / tau_m;
        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

network! {
    /// Sparse network of Brunel (2000), model A.
    pub struct Brunel {
        clock 0.1 ms;

        population exc: BrunelLif[10000] { v: uniform(0 mV, 15 mV) };
        population inh: BrunelLif[2500]  { v: uniform(0 mV, 15 mV) };

        projection exc -> (exc, inh) { target: v, connect: fixed_in_degree(1000, autapses: true), weight: 0.1 mV,  delay: 1.5 ms };
        projection inh -> (exc, inh) { target: v, connect: fixed_in_degree(250, autapses: true),  weight: -0.5 mV, delay: 1.5 ms };

        // A thousand external neurons of 20 Hz onto each neuron, none of which is simulated.
        stimulus exc.v += poisson_input(n: 1000, rate: 20 Hz, weight: 0.1 mV);
        stimulus inh.v += poisson_input(n: 1000, rate: 20 Hz, weight: 0.1 mV);

        record exc.spikes;
        record inh.spikes;
    }
}

fn main() -> ExitCode {
    let all_neurons = |runs: &[[f64; 9]], checks: &mut Checks| {
        let mean = |k: usize| runs.iter().map(|run| run[k]).sum::<f64>() / runs.len() as f64;
        let all = (4.0 * mean(0) + mean(1)) / 5.0;
        println!(
            "            {:<36} {all:>18.4}    36.8 to 37.6 in NEST, Brian2 and ANNarchy",
            "rate of all neurons, Hz"
        );
        checks.within("rate of all neurons, Hz", all, 36.8..=37.6);
    };
    app::<Brunel, _>("brunel", None, all_neurons).main()
}
