binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;

        state v_m = 0 mV;

        dv_m/dt = -v_m / tau;

        spike when v_m > 10 mV {
            v_n = 0 mV;
        }
    }
}

fn main() {}
