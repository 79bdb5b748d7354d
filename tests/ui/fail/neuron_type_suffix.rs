binnet::neuron! {
    /// A model with a mistake.
    pub struct Gate {
        state m = 1f32;
        dm/dt = -m / 5 ms;
    }
}

fn main() {}
