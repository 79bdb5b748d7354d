use binnet::prelude::*;

neuron! {
    /// Leaky integrate-and-fire neuron with an input.
    pub struct Cell {
        input i: pA;
        state u = -60 mV;
        du/dt = (10 nS * (-60 mV - u) + i) / (200 pF);
        spike when u > -50 mV { u = -60 mV; }
    }
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population exc: Cell[80];
        population inh: Cell[20];
        projection exc -> inh { receptor: exponential(5 ms, reversal: 0 mV), connect: fixed_prob(0.1), weight: 6 nS };
    }
}

fn main() {}
