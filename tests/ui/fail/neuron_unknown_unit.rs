binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 mx;
        state v = 0 mv;
        dv/dt = -v / tau;
    }
}

fn main() {}
