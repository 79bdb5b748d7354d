use binnet::models::dynapsim::DpiNeuron;
use binnet::prelude::*;

network! {
    pub struct Core {
        clock 1 ms;
        given w_rec: [64][32];
        given w_in: [64][16];
        source events: external[16];
        population core: DpiNeuron[64];
        projection core -> core { target: x, connect: dense, weight: w_rec };
        projection events -> core { target: x, connect: dense, weight: w_in };
    }
}

fn main() {}
