use binnet::models::dynapsim::DpiDocumented;
use binnet::prelude::*;

network! {
    pub struct Layer {
        clock 1 ms;
        population core: DpiDocumented[4] { i_a_gain: 2 pA, i_a_norm: 1 pA };
    }
}

fn main() {}
