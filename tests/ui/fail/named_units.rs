use binnet::prelude::*;

/// A neuron with a window.
#[derive(Population, Clone)]
pub struct Windowed {
    #[local(1)]
    threshold: f64,
    #[local(20 ms)]
    window: f64,
}

impl BinaryNeuron for Windowed {
    fn probability(&self, field: f64) -> f64 {
        field - self.threshold * self.window
    }
}

network! {
    /// With names of the wrong kind.
    pub struct Net {
        asynchronous;
        param v = 20 mV;
        param t = 20 ms;
        const x = 0.5;
        source drive: constant(v);
        population a: Binary[10] { tau: v };
        population b: Binary[10] { tau: x, init: bernoulli(t) };
        population c: Binary[10] { tau: 2.0 * t, threshold: |i| t * i as f64 };
        projection a -> a { connect: fixed_prob(t), weight: v };
        projection [a, b] -> [a] { connect: poisson([[v, x]]), weight: [[x, -t]] };
    }
}

fn main() {}
