binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param c_m = 1 uF/cm2;
        param g_leak = 0.1 ms/cm2;
        param v_rest = -65 mV;
        input i: uA/cm2;
        state v = v_rest;

        dv/dt = (i - g_leak * (v - v_rest)) / c_m;
    }
}

fn main() {}
