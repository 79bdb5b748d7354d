binnet::neuron! {
    /// A model with a mistake.
    pub struct Gate {
        state m = 0.5 in 0..1;
        dm/dt = -m / 5 ms;
    }
}

fn main() {}
