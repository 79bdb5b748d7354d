//! The lower bound is above the upper one.
use binnet::prelude::*;

neuron! {
    /// A leaky integrator.
    pub struct Leaky {
        param tau = 10 ms;
        local goal = -60 mV;
        local offset = 0 mV;
        state v = -70 mV;
        dv/dt = (goal + offset - v) / tau;
    }
}

network! {
    pub struct Net {
        clock 0.1 ms;
        population a: Leaky[10] { goal: normal(-60 mV, 2 mV, min: -55 mV, max: -0.065 V) };
    }
}

fn main() {}
