binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
    }
}

fn main() {}
