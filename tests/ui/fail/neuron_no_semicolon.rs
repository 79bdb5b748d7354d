binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms
        state v = 0 mV;
        dv/dt = -v / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct AfterNumber {
        const n = 20
        state v = 0 mV;
        dv/dt = -v / 5 ms / n
    }
}

fn main() {}
