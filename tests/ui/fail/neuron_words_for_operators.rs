binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        state n = 0;
        dv/dt = -v / tau;
        dn/dt = -n ** 2 / tau;
        spike when v > 10 mV and n > 0 { v = 0 mV; }
    }
}

fn main() {}
