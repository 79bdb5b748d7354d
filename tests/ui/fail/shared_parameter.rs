use binnet::prelude::*;

/// A neuron with a shared width.
#[derive(Population, Clone)]
pub struct Sigmoid {
    #[param(1)]
    width: f64,
}

impl BinaryNeuron for Sigmoid {
    fn probability(&self, field: f64) -> f64 {
        field / self.width
    }
}

network! {
    /// With a width for each neuron.
    pub struct Net {
        asynchronous;
        population a: Sigmoid[5] { width: uniform(1, 2), tau: 10 ms };
    }
}

fn main() {}
