binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        state v = 1 mV;
        dv/dt = -v.abs() / 5 ms;
    }
}

fn main() {}
