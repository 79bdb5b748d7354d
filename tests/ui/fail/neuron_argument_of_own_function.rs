binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;

        let f = self::gain(v);
        dv/dt = -f * v / tau;
    }
}

fn main() {}
