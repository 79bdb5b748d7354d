binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_th = -50 mV;
        param t_ref = 5 mS;

        state v = -60 mV;

        dv/dt = -v / tau;

        spike when v > v_th {
            v = -60 mV;
            refractory t_ref holding v;
        }
    }
}

fn main() {}
