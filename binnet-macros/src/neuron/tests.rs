//! What is accepted, what is said about mistakes, and what equations admit.

mod errors;
mod large;

use proc_macro2::TokenStream;

use super::{check, expanded, methods, parse};
use crate::diag::Sink;

/// The errors of a neuron, with an empty line between them; empty if it is fine.
fn block(source: &str) -> String {
    let mut sink = Sink::default();
    let Ok(tokens) = format!("[binnet] {source}").parse::<TokenStream>() else { return "does not lex".to_owned() };
    let code = expanded(tokens, &mut sink);
    assert!(syn::parse2::<syn::File>(code.clone()).is_ok(), "{code}");
    sink.messages().join("\n\n")
}

/// The errors of the items of a neuron.
fn errors(items: &str) -> String {
    block(&format!("pub struct X {{ {items} }}"))
}

/// Something of everything, with equations.
pub(crate) const EVERYTHING: &str = "
    /// All that equations may have.
    pub(crate) struct All {
        const gain = 2 * 0.5;
        const scale = gain * 5 mV;
        /// Membrane.
        param tau = 20 ms + 0.01 s > 0 ms;
        param sigma = 2 mV within 0 mV..=10 mV;
        local e_l = -60 mV;
        local g = 0.3 mS / cm2;
        param c_m = 1 * uF / cm2;
        state v = e_l;
        state u = v + 1 mV;
        state m = 0.05 in 0..=1;
        state w = 5 %;
        input i: uA/cm2;
        input x: 1;
        let m_inf = 1 / (1 + exp(-(v - e_l) / scale));
        let flow = g * (e_l - v) * m^3 * w + i;
        let clipped = clip(min(v, 0 mV), -80 mV, max(e_l, u));
        dv/dt = flow / c_m + sigma * sqrt(2 / tau) * xi;
        dm/dt = (m_inf - m) / (if v > e_l && !(t > 5 ms) { 1 ms } else { tau }) by exponential_euler;
        du/dt = (clipped - u) / tau + rust(f64::from(1u8)) * 1 mV / ms;
        dw/dt = (tanh(x) + self::gain(w, 2) + gauss(w) - sqrt(w) + exprel(w) + heaviside(v) - index * spikes) / tau;
        spike when v > -50 mV || v >= 0.02 V {
            let high = v_reset(w) + 1;
            v = e_l;
            m -= 0.1 * m;
            w /= high;
            refractory 2 * 1 ms holding v, m;
        }
        output m_inf;
    }";

/// Something of everything, with a step of its own.
pub(crate) const STEPS: &str = "
    struct Steps {
        param t_ref = 5 ms;
        local i_tau = 5.32 pA > 0 pA;
        state i_mem = 0.5 pA;
        state timer = 0 ms;
        input x: 1;
        let leak = max(i_tau, 1 pA);
        update {
            let decay = leak / 20 ms * dt;
            timer = max(timer - dt, 0 ms);
            i_mem += if timer > 0 ms { 0 pA } else { x * 1 pA - decay * pow(i_mem / leak, 2) };
        }
        spike count ceil(log(i_mem / 1 pA)) {
            i_mem = i_tau; timer = t_ref;
        }
    }";

/// What a block admits.
fn admits(items: &str) -> Vec<&'static str> {
    let mut sink = Sink::default();
    let tokens = format!("[binnet] struct X {{ {items} }}").parse().expect("tokens");
    let neuron = parse::neuron(tokens, super::model::Dialect::Neuron, &mut sink).expect("a neuron");
    let plan = check::check(&neuron, &mut sink);
    methods::admitted(&plan).names
}

#[test]
fn whole_blocks_are_fine() {
    assert_eq!(block(EVERYTHING), "");
    assert_eq!(block(STEPS), "");
}

#[test]
fn equations_of_the_language_are_fine() {
    for items in [
        COBA,
        "param tau = 20 ms; state v = 0 mV; dv/dt = -v / tau;",
        "param a = 0.7; state v = -1; state w = 1; param tau = 12.5 ms; dv/dt = (v - v^3 / 3 - w) / 1 ms; dw/dt = (v + a) / tau;",
        "param tau = 10 ms; param sigma = 2 mV; state v = 0 mV; dv/dt = -v / tau + sigma * sqrt(2 / tau) * xi;",
        "state m = 0.05 in 0..=1; dm/dt = (1 - m) / 5 ms;",
        "local tau: ms > 0 ms; param gain: 1 within 0..=2; state v = 0; dv/dt = (gain - v) / tau;",
        "param tau = 20 ms + 0.01 s; state v = 0 mV; dv/dt = -v / tau;",
        "state v = 0 mV; dv/dt = -v / 5 ms; spike when v rises through 0 mV { v = -65 mV; }",
        "local i_tau = 5.32 pA > 0 pA; state i = 0.5 pA; update { let leak = max(i_tau, 1 pA); i = i + 0.1 * leak; }
         spike count ceil(log(i / 1 pA)) { i = 0 pA; }",
    ] {
        assert_eq!(errors(items), "", "{items}");
    }
}

const COBA: &str = "
    param c_m = 200 pF; param g_leak = 10 nS; param v_rest = -60 mV; param v_th = -50 mV; param v_reset = -60 mV;
    param t_ref = 5 ms; param i_ext = 200 pA; param e_exc = 0 mV; param e_inh = -80 mV; param tau_exc = 5 ms;
    param tau_inh = 10 ms;
    state v = v_rest; state g_exc = 0 nS; state g_inh = 0 nS;
    dg_exc/dt = -g_exc / tau_exc; dg_inh/dt = -g_inh / tau_inh;
    let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
    dv/dt = (g_leak * (v_rest - v) + i_syn + i_ext) / c_m;
    spike when v > v_th { v = v_reset; refractory t_ref holding v; }";

#[test]
fn what_equations_admit() {
    let first = |items| admits(items)[0];
    assert_eq!(first("param tau = 20 ms; state v = 0 mV; dv/dt = -v / tau;"), "exact");
    assert_eq!(first(COBA), "exponential_euler");
    assert!(!admits(COBA).contains(&"exact"));
    assert_eq!(first("state v = 0; dv/dt = (v - v^3) / 1 ms;"), "rk4");
    // The gate's intermediate value is frozen: linear in v otherwise.
    let gate = "state v = 0 mV; let m = 1 / (1 + exp(-v / 5 mV)); dv/dt = m * (10 mV - v) / 1 ms;";
    assert_eq!(first(gate), "exponential_euler");
    let additive = "state v = 0 mV; dv/dt = -v / 1 ms + (1 mV / sqrt(1 ms)) * xi;";
    assert_eq!(first(additive), "euler_maruyama");
    assert!(admits(additive).contains(&"milstein_ito"));
    let mixed = "state v = 1; state w = 1; dv/dt = (w * xi_1 + v * xi_2) / sqrt(1 ms); dw/dt = v * xi_1 / sqrt(1 ms);";
    assert!(!admits(mixed).contains(&"milstein_ito"));
}
