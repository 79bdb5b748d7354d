binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        state v = 0 mV;
        dv/dt = if v > 10 mV { -v / 5 ms } else { 0 };
    }
}

fn main() {}
