binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau: f64 = 20;
        state v = 0 mV;
        dv/dt = -v / tau;
    }
}

fn main() {}
