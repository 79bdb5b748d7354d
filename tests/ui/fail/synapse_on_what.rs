binnet::synapse! {
    /// A model with a mistake.
    pub struct Depressing {
        param tau = 20 ms;
        local w = 1 nS;
        state u = 0.5;
        state x = 1;

        du/dt = -u / tau;
        dx/dt = -x / tau;
        on spike { x = 0; }
        on pre {
            deliver w * u * x;
            x -= u * x;
            u += 0.1;
        }
    }
}

fn main() {}
