use binnet::models::neurons::{Lif, LifConductance};
use binnet::prelude::*;

network! {
    /// Weights that would fit another target, and a receptor with a reversal potential.
    pub struct Net {
        clock 0.1 ms;
        population exc: LifConductance[80];
        population inh: Lif[20];
        projection exc -> exc { connect: fixed_prob(0.1), weight: 1 nS };
        projection exc -> inh { receptor: exponential(5 ms), connect: fixed_prob(0.1), weight: 1 nS };
        projection inh -> inh {
            receptor: exponential(5 ms, reversal: -80 mV), connect: fixed_prob(0.1), weight: 1 nA
        };
    }
}

fn main() {}
