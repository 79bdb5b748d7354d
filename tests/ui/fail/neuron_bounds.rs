binnet::neuron! {
    /// A model with a mistake.
    pub struct Gate {
        state m = 2 in 0..=1;
        state h = 0.5 in 1..=0;
        dm/dt = (h - m) / 5 ms;
        dh/dt = (m - h) / 5 ms;
    }
}

fn main() {}
