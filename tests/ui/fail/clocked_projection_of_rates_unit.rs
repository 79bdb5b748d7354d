use binnet::prelude::*;

neuron! {
    /// A rate that follows its input.
    pub struct Rate {
        input i: nA;
        state r = 0 Hz;
        dr/dt = (i * (3 Hz/nA) - r) / (5 ms);
        output r;
    }
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population a: Rate[10];
        population b: Rate[20];
        projection a -> b { connect: all_to_all, weight: 1 nA };
    }
}

fn main() {}
