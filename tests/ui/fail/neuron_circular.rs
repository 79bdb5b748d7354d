binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;

        let i_syn = 2 * i_leak;
        let i_leak = v + i_syn;
        dv/dt = i_leak / tau;
    }
}

fn main() {}
