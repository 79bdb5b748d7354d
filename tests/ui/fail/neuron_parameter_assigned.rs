binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_th = -50 mV;
        input i: mV;

        state v = -60 mV;

        dv/dt = (i - v) / tau;

        spike when v > v_th {
            v_th = v_th + 1 mV;
            i = 0 mV;
        }
    }
}

fn main() {}
