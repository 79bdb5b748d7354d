binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        dtau/dt = 0;
    }
}

fn main() {}
