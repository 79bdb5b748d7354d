binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param sigma = 2 mV / sqrt(1 ms);

        state v = 0 mV;

        dv/dt = -v / tau + sigma * xi;
    }
}

fn main() {}
