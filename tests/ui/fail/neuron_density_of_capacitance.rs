binnet::neuron! {
    /// A model with a mistake.
    pub struct Hh {
        param c_m = 1 uF;
        param g_leak = 0.3 mS / cm2;
        param e_leak = -54.4 mV;

        state v = e_leak;

        dv/dt = g_leak * (e_leak - v) / c_m;
    }
}

fn main() {}
