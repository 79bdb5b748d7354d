binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = if v > 0 mV { -v / tau };
    }
}

fn main() {}
