binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param t_ref = 5 ms;
        param v_reset = -60 mV;

        state v = v_reset;

        dv/dt = (v_reset - v) / tau;

        spike when v > t_ref {
            v = v_reset;
        }
    }
}

fn main() {}
