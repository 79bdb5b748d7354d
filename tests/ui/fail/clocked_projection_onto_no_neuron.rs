use binnet::prelude::*;

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param v_th = -50 mV;
        param e_exc = 0 mV;
        param e_inh = -80 mV;
        state v = -60 mV;
        state g_exc = 0 nS;
        state g_inh = 0 nS;
        dg_exc/dt = -g_exc / (5 ms);
        dg_inh/dt = -g_inh / (10 ms);
        dv/dt = (10 nS * (-60 mV - v) + g_exc * (e_exc - v) + g_inh * (e_inh - v)) / (200 pF);
        spike when v > v_th { v = -60 mV; }
    }
}

/// No neuron at all.
pub struct Lif;

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population exc: CobaLif[3200];
        population inh: Lif[800];
        projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.02), weight: 6 nS };
    }
}

fn main() {}
