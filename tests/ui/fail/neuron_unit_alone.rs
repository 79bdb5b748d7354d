binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -60 mV;

        state v = v_rest;

        dv/dt = (v_rest - V) / tau;
    }
}

fn main() {}
