//! The neurons of the programs of the language, and what equations may have.
#![deny(warnings, missing_docs, clippy::all)]

use binnet::neuron::{Neuron, StepContext};

binnet::neuron! {
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

binnet::neuron! {
    /// DPI neuron with a step of its own. Currents in pA.
    pub struct DpiNeuron {
        /// The leak of the membrane.
        local i_tau_mem  = 5.32 pA > 0 pA;
        local i_o = 0.5 pA > 0 pA;
        local i_spkthr = 100 pA > 0 pA;
        param tau = 20 ms;
        param t_ref = 5 ms;

        state i_mem = 0.5 pA;
        state i_ahp = 0 pA;
        state timer = 0 ms;
        input x: 1;

        update {
            let i_leak = max(i_tau_mem, i_o) + i_ahp;
            timer = max(timer - dt, 0 ms);
            i_mem += if timer > 0 ms { 0 pA } else { (x * 1 pA - i_leak) * dt / tau };
            i_ahp *= exp(-dt / tau);
        }

        spike count ceil(log(i_mem / i_spkthr)) {
            i_mem = i_o; timer = t_ref;
        }
    }
}

binnet::neuron! {
    /// The gates of Hodgkin and Huxley hide the units `m` and, elsewhere, `s`; units are names in expressions.
    pub struct HodgkinHuxley {
        param c_m = 1 * uF / cm2;
        param g_na = 120 * mS / cm2;
        param g_k = 36 mS/cm2;
        param g_leak = 0.3 * mS / cm2;
        param e_na = 50 mV;
        param e_k = -77 mV;
        param e_leak = -54.4 mV;
        param area = 1e-6 * cm2;

        state v = -65 mV;
        state m = 0.05 in 0..=1;
        state h = 0.6 in 0..=1;
        state n = 0.32 in 0..=1;
        input i: pA;

        let i_na = g_na * m^3 * h * (e_na - v);
        let i_k = g_k * n^4 * (e_k - v);
        dv/dt = (i_na + i_k + g_leak * (e_leak - v) + i / area) / c_m;

        let alpha_m = 1 / exprel(-(v + 40 mV) / 10 mV) / ms;
        let beta_m = 4 * exp(-(v + 65 mV) / 18 mV) / ms;
        dm/dt = alpha_m * (1 - m) - beta_m * m;
        let alpha_h = 0.07 / ms * exp(-(v + 65 mV) / 20 mV);
        let beta_h = 1 / ms / (1 + exp(-(v + 35 mV) / 10 mV));
        dh/dt = alpha_h * (1 - h) - beta_h * h;
        let alpha_n = 0.1 / ms / exprel(-(v + 55 mV) / 10 mV);
        let beta_n = 0.125 * exp(-(v + 65 mV) / 80 mV) / ms;
        dn/dt = alpha_n * (1 - n) - beta_n * n;

        spike when v rises through 0 mV;
    }
}

binnet::neuron! {
    /// Mixed units, a gate that is called like the second, a percentage, noise, and a function of one's own.
    struct Mixed {
        const delta = 2 mV;
        param tau = 20 ms + 0.01 s;
        param sigma = 0.5 mV;
        param share = 20 % within 0..=1;
        local v_rest = -0.06 V;
        state v = v_rest + 1 mV;
        state s = 0;
        input V_in: mV;

        let f = self::gain((v - v_rest) / delta);
        dv/dt = (v_rest + V_in - v) / tau + f * delta / 1 ms + sigma * sqrt(2 / tau) * xi;
        ds/dt = if s < share && !(v > 0 mV) { (1 - s) / 5 ms } else { -s / 500 us };
        output f;
    }
}

fn gain<T: binnet::neuron::Scalar>(x: T) -> T {
    x.tanh()
}

fn main() {
    let cx = StepContext::new(0.1);
    let mut coba: CobaLif = CobaLif { i_ext: 1e6, ..CobaLif::default() };
    assert_eq!(coba.v, -60.0);
    let spikes = coba.step(&cx);
    assert!(spikes.any());
    coba.reset(&cx, spikes);
    assert_eq!((coba.v, coba.refractory_steps), (-60.0, 50.0));

    let mut dpi: DpiNeuron<f32> = DpiNeuron { i_mem: 1e3, ..DpiNeuron::default() };
    assert!(dpi.step(&cx).any());

    let mut squid: HodgkinHuxley = HodgkinHuxley::default();
    assert!(!squid.step(&cx).any());
    assert!((squid.v + 65.0).abs() < 0.1, "{}", squid.v);

    let mixed: Mixed = Mixed::default();
    assert_eq!((mixed.tau, mixed.v_rest, mixed.v, mixed.share), (30.0, -0.06, -0.059, 0.2));
}
