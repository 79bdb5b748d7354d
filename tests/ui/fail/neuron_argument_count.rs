binnet::neuron! {
    /// A model with a mistake.
    pub struct Rate {
        state x = 0;
        dx/dt = clip(x, 1) / 5 ms;
    }
}

fn main() {}
