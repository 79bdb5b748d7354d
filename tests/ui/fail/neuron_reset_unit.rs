binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_th = -50 mV;

        state v = -60 mV;
        state w = 0 pA;

        dv/dt = -v / tau;
        dw/dt = -w / tau;

        spike when v > v_th {
            v = -60;
            w += 80 pS;
        }
    }
}

fn main() {}
