binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param g_leak = 10 nS;
        param c_m = 200 pF;
        param e_leak = -60 mV;

        state v = e_leak;

        dv/dt = g_leak (e_leak - v) / c_m;
    }
}

fn main() {}
