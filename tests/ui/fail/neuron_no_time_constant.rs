binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param v_rest = -60 mV;
        state v = v_rest;
        dv/dt = (v_rest - v);
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Named {
        param tau_m = 20 ms;
        param v_rest = -60 mV;
        state v = v_rest;
        dv/dt = v_rest - v;
    }
}

fn main() {}
