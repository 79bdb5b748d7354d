binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 5 ms;
        state v = 0 mV;
        state timer = 0 ms;
        dv/dt = -v / tau;
        update { timer = max(timer - dt, 0 ms); }
    }
}

fn main() {}
