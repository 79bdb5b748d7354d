binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 5 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        spike when v rises 0 mV;
    }
}

fn main() {}
