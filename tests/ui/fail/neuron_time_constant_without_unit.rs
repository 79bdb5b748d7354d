binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20;
        param v_rest = -60 mV;

        state v = v_rest;

        dv/dt = (v_rest - v) / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Literal {
        state v = 0 mV;
        dv/dt = -v / 20;
    }
}

fn main() {}
