binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_th = 10 mV;
        state v = 0 mV;
        dv/dt = -v / tau;
        spike when v = v_th { v = 0 mV; }
    }
}

fn main() {}
