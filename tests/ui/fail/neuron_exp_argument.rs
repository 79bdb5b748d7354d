binnet::neuron! {
    /// A model with a mistake.
    pub struct Eif {
        param tau = 20 ms;
        param v_t = -50 mV;
        param delta_t = 2 mV;

        state v = -60 mV;

        dv/dt = delta_t * exp(v - v_t) / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Gate {
        state v = -60 mV;
        state m = 0;

        let alpha = 0.1 / 1 ms * exp(-v / 18);
        dm/dt = alpha * (1 - m);
        dv/dt = -v / 10 ms;
    }
}

fn main() {}
