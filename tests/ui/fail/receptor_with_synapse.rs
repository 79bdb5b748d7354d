use binnet::prelude::*;

neuron! {
    /// Leaky integrate-and-fire neuron with an input.
    pub struct Cell {
        input i: pA;
        state v = -60 mV;
        dv/dt = (10 nS * (-60 mV - v) + i) / (200 pF);
        spike when v > -50 mV { v = -60 mV; }
    }
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population exc: Cell[80];
        population inh: Cell[20];
        projection exc -> inh { receptor: exponential(5 ms), synapse: binnet::models::synapses::TsodyksMarkram, connect: fixed_prob(0.1) };
    }
}

fn main() {}
