binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        let above = v > 10 mV;
        dv/dt = -above * v / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Factor {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau * (v > 10 mV);
    }
}

fn main() {}
