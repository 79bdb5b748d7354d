use binnet::models::synapses::TsodyksMarkram;
use binnet::prelude::*;

neuron! {
    /// Integrates a conductance and a current.
    pub struct Cell {
        state v = -60 mV;
        state g_exc = 0 nS;
        state i_slow = 0 pA;
        input i: pA;
        dv/dt = (10 nS * (-60 mV - v) - g_exc * v + i_slow + i) / 200 pF;
        dg_exc/dt = -g_exc / 5 ms;
        di_slow/dt = -i_slow / 50 ms;
        spike when v > -50 mV { v = -60 mV; }
    }
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population exc: Cell[80];
        population inh: Cell[20];
        projection wire: exc -> inh { synapse: TsodyksMarkram { tau_d: 50 ms }, target: g_exc, connect: fixed_prob(0.1) };
        record wire.tau_f onto 3 every 1 ms;
        record wire.tau_g;
    }
}

fn main() {}
