//! The deviation of a log-normal distribution is in the unit of the values.
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
        population a: Leaky[10] { offset: lognormal(2 mV, 0.5) };
    }
}

fn main() {}
