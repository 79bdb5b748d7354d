binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        spike when v > 10 mV
            v = 0 mV;
    }
}

fn main() {}
