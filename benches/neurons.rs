//! Neurons without connections: ns a neuron and step, by model, precision and method.
//!
//! `cargo bench --bench neurons`. Each network is driven so that its neurons spike. `benches/compare/` has the
//! same models in Brian2.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use binnet::clocked::{Cells, Clocked, ClockedOptions};
use binnet::integrate::{Euler, Exact, ExponentialEuler, Rk4};
use binnet::models::dynapsim::{DpiGated, DpiNeuron};
use binnet::neuron::{Advance, Method, Update};
use binnet::population::Init;
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet_benches::timing::time;

neuron! {
    /// Leaky integrate-and-fire neuron.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -65 mV;
        local drive = 20 mV;
        state v = v_rest;
        dv/dt = (v_rest - v + drive) / tau;
        spike when v > -50 mV { v = -65 mV; refractory 2 ms holding v; }
    }
}

neuron! {
    /// Exponential integrate-and-fire neuron: one exponential a step.
    pub struct Eif {
        param tau = 20 ms;
        param v_rest = -65 mV;
        param v_t = -50 mV;
        param delta_t = 2 mV;
        local drive = 20 mV;
        state v = v_rest;
        dv/dt = (v_rest - v + delta_t * exp((v - v_t) / delta_t) + drive) / tau;
        spike when v > -30 mV { v = -65 mV; refractory 2 ms holding v; }
    }
}

neuron! {
    /// Hodgkin & Huxley (1952), as in `benches/compare/hodgkin_huxley_brian2.py`.
    pub struct HodgkinHuxley {
        param c_m = 1 uF/cm2;
        param g_na = 120 mS/cm2;
        param g_k = 36 mS/cm2;
        param g_l = 0.3 mS/cm2;
        param e_na = 50 mV;
        param e_k = -77 mV;
        param e_l = -54.387 mV;
        local drive = 10 uA/cm2;
        state v = -65 mV;
        state m = 0.05;
        state h = 0.6;
        state n = 0.32;
        let alpha_m = 1 / exprel(-(v + 40 mV) / 10 mV) / 1 ms;
        let beta_m = 4 * exp(-(v + 65 mV) / 18 mV) / 1 ms;
        let alpha_h = 0.07 * exp(-(v + 65 mV) / 20 mV) / 1 ms;
        let beta_h = 1 / (1 + exp(-(v + 35 mV) / 10 mV)) / 1 ms;
        let alpha_n = 0.1 / exprel(-(v + 55 mV) / 10 mV) / 1 ms;
        let beta_n = 0.125 * exp(-(v + 65 mV) / 80 mV) / 1 ms;
        dm/dt = alpha_m * (1 - m) - beta_m * m;
        dh/dt = alpha_h * (1 - h) - beta_h * h;
        dn/dt = alpha_n * (1 - n) - beta_n * n;
        dv/dt = (drive - g_na * m^3 * h * (v - e_na) - g_k * n^4 * (v - e_k) - g_l * (v - e_l)) / c_m;
        spike when v rises through 0 mV;
    }
}

const N: usize = 4000;

/// Times one model: `drive` is the field that is spread over the neurons.
fn bench<M: Advance<I>, I: Method>(label: &str, dt: f64, steps: u64, drive: (&str, f64, f64)) -> binnet::Result<()> {
    for sentinel in [true, false] {
        let mut options = ClockedOptions::seeded(1);
        options.sentinel = sentinel;
        let values = vec![(drive.0, Init::Uniform(drive.1, drive.2))];
        let cells = Cells::<M, I, N>::build("cells", values, &Streams::new(options.seed))?;
        let mut net = Clocked::new(label, Time::from_ms(dt), options, cells)?;
        net.run_steps(steps)?;
        let mut failed = Ok(());
        let timing = time(7, steps * N as u64, || {
            if let Err(error) = net.run_steps(steps) {
                failed = Err(error);
            }
        });
        failed?;
        let rate = net.spike_count(0) as f64 / (N as f64 * net.time().ms() * 1e-3);
        let sentinel = if sentinel { "sentinel" } else { "       -" };
        println!("{label:<42} {sentinel}  {timing} ns   {rate:6.1} spikes/s");
    }
    Ok(())
}

fn main() -> binnet::Result<()> {
    println!("{N} neurons, ns a neuron and step: median (least to most)");
    bench::<Lif<f32>, Exact>("LIF, f32, exact", 0.1, 2000, ("drive", 16.0, 24.0))?;
    bench::<Eif<f32>, Euler>("EIF, f32, euler", 0.1, 2000, ("drive", 16.0, 24.0))?;
    bench::<Eif<f32>, ExponentialEuler>("EIF, f32, exponential_euler", 0.1, 1000, ("drive", 16.0, 24.0))?;
    bench::<Eif<f64>, Euler>("EIF, f64, euler", 0.1, 1000, ("drive", 16.0, 24.0))?;
    let hh = ("drive", 8.0, 12.0);
    bench::<HodgkinHuxley<f64>, ExponentialEuler>("Hodgkin-Huxley, f64, exponential_euler", 0.01, 200, hh)?;
    bench::<HodgkinHuxley<f32>, ExponentialEuler>("Hodgkin-Huxley, f32, exponential_euler", 0.01, 200, hh)?;
    bench::<HodgkinHuxley<f64>, Rk4>("Hodgkin-Huxley, f64, rk4", 0.01, 100, hh)?;
    // The drive is a parameter of each neuron, but all agree in what is computed before the step.
    let dpi = ("i_dc", 250.0, 350.0);
    bench::<DpiNeuron<f64>, Update>("DPI neuron, f64", 1.0, 500, dpi)?;
    bench::<DpiNeuron<f32>, Update>("DPI neuron, f32", 1.0, 500, dpi)?;
    bench::<DpiGated<f32>, Update>("DPI neuron with four gates, f32", 1.0, 500, dpi)?;
    let mismatch = ("i_tau_mem", 4.0, 6.0);
    bench::<DpiNeuron<f64>, Update>("DPI neuron, f64, mismatch", 1.0, 500, mismatch)?;
    bench::<DpiNeuron<f32>, Update>("DPI neuron, f32, mismatch", 1.0, 500, mismatch)
}
