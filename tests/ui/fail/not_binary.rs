use binnet::prelude::*;

/// A neuron without a gain.
#[derive(Population, Clone)]
pub struct Silent {
    #[local(1)]
    a: f64,
}

network! {
    /// Of neurons that are not binary.
    pub struct Net {
        asynchronous;
        population a: Silent[5] { tau: 10 ms };
    }
}

fn main() {}
