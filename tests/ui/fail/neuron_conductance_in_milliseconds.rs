binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param g_leak = 10 ms;
        param c_m = 200 pF;
        param i_ext = 100 pA;

        state v = -60 mV;

        dv/dt = (i_ext - g_leak * v) / c_m;
    }
}

fn main() {}
