binnet::neuron! {
    /// A model with a mistake.
    pub struct Bounded {
        param p = 0.5 in 0..=1;
        local i_tau = -1 pA > 0 pA;
        param tau = 5 ms > 0;
        state i = 0 pA;
        di/dt = (p * i_tau - i) / tau;
    }
}

fn main() {}
