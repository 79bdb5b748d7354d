binnet::neuron! {
    /// A model with a mistake.
    pub struct Rate {
        param tau = 20 ms;
        state x = 0;
        dx/dt = -sqrtt(x) / tau;
    }
}

binnet::neuron! {
    /// A model with a mistake.
    pub struct Logarithm {
        param tau = 20 ms;
        state x = 1;
        dx/dt = -ln(x) / tau;
    }
}

fn main() {}
