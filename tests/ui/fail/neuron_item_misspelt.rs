binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        parm tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / 20 ms;
    }
}

fn main() {}
