//! A method that the equations do not admit.
use binnet::prelude::*;

neuron! {
    /// A cubic has no exact step.
    pub struct Cubic {
        state v = 0.1;
        dv/dt = (v - v^3) / 1 ms;
    }
}

network! {
    pub struct Cubics {
        clock 0.1 ms;
        population a: Cubic[10] { method: exact };
    }
}

fn main() {}
