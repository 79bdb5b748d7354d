binnet::neuron! {
    /// A model with a mistake.
    pub struct Noisy {
        param tau = 20 ms;
        param sigma = 0.1;

        state x = 0;

        let eta = sigma * xi;
        dx/dt = -x / tau + eta / sqrt(tau);
    }
}

fn main() {}
