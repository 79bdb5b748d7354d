binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        dw/dt = -w / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Misspelt {
        param tau_exc = 5 ms;
        state g_exc = 0 nS;
        dg_exx/dt = -g_exc / tau_exc;
    }
}

fn main() {}
