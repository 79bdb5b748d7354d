binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        local tau = 10 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
    }
}

fn main() {}
