binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_reset = -60 mV;

        state v = v_reset;

        dv/dt = (v_rset - v) / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Undeclared {
        param tau = 20 ms;
        state v = -60 mV;
        dv/dt = (e_leak - v) / tau;
    }
}

fn main() {}
