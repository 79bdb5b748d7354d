binnet::neuron! {
    /// The function is not generic over the scalar.
    pub struct Rate {
        state x = 0;
        dx/dt = (gain(x) - x) / 5 ms;
    }
}

fn gain(x: f64) -> f64 {
    x.tanh()
}

fn main() {}
