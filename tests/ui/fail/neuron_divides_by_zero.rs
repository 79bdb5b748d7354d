binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        const zero = 0 ms;
        state v = 0 mV;
        dv/dt = -v / 0 ms;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Constant {
        const tau = 0 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
    }
}

fn main() {}
