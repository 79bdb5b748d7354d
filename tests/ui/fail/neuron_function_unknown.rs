binnet::neuron! {
    /// The function is not in scope.
    pub struct Rate {
        state x = 0;
        dx/dt = (gain(x) - x) / 5 ms;
    }
}

fn main() {}
