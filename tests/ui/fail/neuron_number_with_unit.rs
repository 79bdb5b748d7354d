binnet::neuron! {
    /// A model with a mistake.
    pub struct Gate {
        state m = 0.05 mV;
        dm/dt = (1 - m) / 5 ms;
    }
}

fn main() {}
