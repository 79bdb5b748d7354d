binnet::neuron! {
    /// A model with a mistake.
    pub struct Hh {
        param c_m = 1 uF / cm2;
        param g_leak = 0.3 mS / cm2;
        param e_leak = -54.4 mV;
        param i_ext = 10 pA;

        state v = e_leak;

        dv/dt = (g_leak * (e_leak - v) + i_ext) / c_m;
    }
}

fn main() {}
