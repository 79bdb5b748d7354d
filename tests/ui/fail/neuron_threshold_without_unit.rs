binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_reset = -60 mV;

        state v = v_reset;

        dv/dt = (v_reset - v) / tau;

        spike when v > -50 {
            v = v_reset;
        }
    }
}

fn main() {}
