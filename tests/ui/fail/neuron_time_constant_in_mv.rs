binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau_exc = 5 mV;
        state g_exc = 0 nS;
        dg_exc/dt = -g_exc / tau_exc;
    }
}

fn main() {}
