binnet::neuron! {
    /// A model with a mistake.
    pub struct Quadratic {
        param p = 2;
        state v = 1 mV;

        let f = v^p;
        dv/dt = f / 1 mV / 5 ms;
    }
}

fn main() {}
