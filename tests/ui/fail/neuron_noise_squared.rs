binnet::neuron! {
    /// A model with a mistake.
    pub struct Noisy {
        param tau = 20 ms;
        state x = 0;
        dx/dt = -x / tau + xi * xi;
    }
}

fn main() {}
