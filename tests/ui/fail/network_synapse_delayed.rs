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

synapse! {
    /// Coupling to the past.
    pub struct Late {
        local g = 1 nS;
        pre v: mV;
        post v: mV;
        deliver g * (pre.v delayed 0.25 ms - post.v);
    }
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population exc: Cell[80];
        population inh: Cell[20];
        projection exc -> inh { synapse: Late { g: 2 nS }, target: i, connect: fixed_prob(0.1) };
    }
}

fn main() {}
