binnet::neuron! {
    /// A model with a mistake.
    pub struct Noisy {
        param tau = 20 ms;
        state v = 0;

        dv/dt = (1 - v) / tau;

        spike when v > 0.9 {
            v = 0.1 * xi;
        }
    }
}

fn main() {}
