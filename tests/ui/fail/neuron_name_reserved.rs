binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param t = 5 ms;
        param weight = 1 mV;

        state v = 0 mV;
        state xi_1 = 0 mV;

        dv/dt = (weight - v) / tau;
    }
}

fn main() {}
