binnet::neuron! {
    /// A model with a mistake.
    pub struct Overflow {
        const big = 1e300;
        state x = 0;
        dx/dt = (log(0) - x) / 5 ms + big * big / 5 ms;
    }
}

fn main() {}
