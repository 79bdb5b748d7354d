//! A value out of the bounds that the model declares.
use binnet::prelude::*;

neuron! {
    pub struct Dpi {
        local i_tau = 5 pA > 0 pA;
        state i = 1 pA;
        di/dt = (i_tau - i) / 10 ms;
    }
}

network! {
    pub struct Core {
        clock 1 ms;
        population core: Dpi[256] { i_tau: -1 pA };
    }
}

fn main() {}
