binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param v_reset = v_rest;
        param v_rest = -60 mV;
        state v = v_rest;
        dv/dt = (v_reset - v) / 20 ms;
    }
}

fn main() {}
