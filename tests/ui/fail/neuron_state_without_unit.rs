binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -60 mV;

        state v = -60;

        dv/dt = (v_rest - v) / tau;
    }
}

fn main() {}
