binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -60 mV;
        param c_m = 200 pF;

        state v = v_rest;
        input i_syn: pA;

        dv/dt = (v_rest - v) + i_syn / c_m;
    }
}

fn main() {}
