use binnet::models::dynapsim::DpiNeuron;
use binnet::prelude::*;

network! {
    pub struct Layer {
        clock 1 ms;
        population core: DpiNeuron[4] { i_tau_mem: 5 mV, i_gain_mem: mismatch(20 %, around: 3 mV), i_ref: 0 pA };
    }
}

fn main() {}
