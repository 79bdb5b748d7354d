binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 5 ms;
        state v = 0 mV;
        dv/dt = -v / tau by exponentialeuler;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Cubic {
        param tau = 5 ms;
        state v = 1;
        dv/dt = (v - v^3) / tau by exact;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Noisy {
        param tau = 5 ms;
        state v = 0;
        dv/dt = -v / tau + xi / sqrt(tau) by rk4;
    }
}

fn main() {}
