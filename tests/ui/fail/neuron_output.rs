binnet::neuron! {
    /// A model with a mistake.
    pub struct Rate {
        param tau = 5 ms;
        state rate = 0;
        drate/dt = -rate / tau;
        output rat;
    }
}

fn main() {}
