//! Neurons by their equations.

use binnet::neuron::{Equations as _, Neuron, StepContext};

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

#[test]
fn a_neuron_alone() {
    let mut n: CobaLif = CobaLif { i_ext: 300.0, ..CobaLif::default() };
    let mut spikes = Vec::new();
    for k in 0..3000 {
        let cx = StepContext { t: 0.1 * f64::from(k), ..StepContext::new(0.1) };
        let s = Neuron::step(&mut n, &cx);
        if s.any() {
            spikes.push(k);
            Neuron::reset(&mut n, &cx, s);
        }
    }
    // -60 + 30 (1 - exp(-t/20)) reaches -50 after 20 ln(1.5) = 8.1 ms; then every 8.1 + 5 ms.
    assert_eq!(spikes[0], 81);
    assert_eq!(spikes[1] - spikes[0], 81 + 50, "{spikes:?}");
}

#[test]
fn a_neuron_says_what_it_computes() {
    let text = CobaLif::equations();
    assert!(text.markdown().contains("| `c_m` | param | 200 | pF |"));
    assert!(text.latex().contains(r"\frac{\mathrm{d}v}{\mathrm{d}t}"));
    assert!(text.explain().contains("i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v)   [pA]"), "{}", text.explain());
    assert!(text.explain().contains("v: (-g_leak + (-g_exc - g_inh)) / c_m"), "{}", text.explain());
}

binnet::neuron! {
    /// Intermediate values that are used more than once each.
    struct Chain {
        param p = 0.3;
        state x = 0.7;
        state y = 0.2;
        let a = tanh(x) * x + p * y;
        let b = a * a + a / (1 + a);
        let c = if b > y { b * b - a } else { b };
        dx/dt = (c * b - x) / 1 ms;
        dy/dt = (max(c, x) * y - sqrt(1 + b)) / 1 ms;
    }
}

#[test]
fn slopes_through_intermediate_values_are_those_of_the_right_sides() {
    let (n, cx) = (<Chain>::default(), StepContext::new(0.1));
    let step = 1e-6;
    let slopes = n.slopes(&[n.x, n.y], 0.0, &cx, false);
    for (i, slope) in slopes.into_iter().enumerate() {
        let at = |change: f64| {
            let mut x = [n.x, n.y];
            x[i] += change;
            n.drift(&x, 0.0, &cx)[i]
        };
        let difference = (at(step) - at(-step)) / (2.0 * step);
        assert!((slope - difference).abs() < 1e-7, "{i}: {slope} {difference}");
    }
}
