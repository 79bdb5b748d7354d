binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        param v_rest = -60 mv;

        state v = v_rest;
        state w = 0 pA;

        dv/dt = (v_rest - v) / tua;

        spike when v > -50 {
            v = v_rest;
        }
    }
}

fn main() {}
