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
        param vs = [20 mV, 30 mV];
        const x = 0.5;
        population a: Windowed[2] { tau: 10 ms, threshold: v };
        population b: Windowed[2] { tau: 10 ms, window: x };
        population c: Windowed[2] { tau: 10 ms, window: vs };
        population d: Windowed[2] { tau: 10 ms, window: uniform(1 ms, -v) };
        population e: Windowed[2] { tau: 10 ms, window: -38 mV, threshold: -0.38 mV };
    }
}

fn main() {}
