binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param t_ref = 5 ms;
        state v = 0 mV;
        dv/dt = -v / t_ref;
        spike when v > 10 mV { v = 0 mV; }
        refractory t_ref holding v;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Update {
        param t_ref = 5 ms;
        state v = 0 mV;
        update {
            v = 0.9 * v;
            refractory t_ref holding v;
        }
    }
}

fn main() {}
