binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param g_leak = 10 nS;
        param e_leak = -60 mV;
        param c_m = 200 pF;

        state v = e_leak;
        state g_exc = 0 nS;

        let i_syn = g_leak * (e_leak - v) + g_exc;
        dv/dt = i_syn / c_m;
        dg_exc/dt = -g_exc / 5 ms;
    }
}

fn main() {}
