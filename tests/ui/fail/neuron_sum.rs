binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -60 mV;
        param c_m = 200 pF;
        param i_ext = 200 pA;

        state v = v_rest;

        dv/dt = (v_rest - v) / tau + i_ext;
    }
}

fn main() {}
