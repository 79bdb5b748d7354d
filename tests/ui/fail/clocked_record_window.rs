use binnet::prelude::*;

/// A perfect integrator, written by hand.
#[derive(Population, Clone)]
pub struct Integrator {
    #[param(1 mV)]
    v_th: f64,
    #[local(0.1 mV/ms)]
    drive: f64,
    #[state(0 mV)]
    v: f64,
    #[input(mV)]
    x: f64,
}

impl Neuron for Integrator {
    fn step(&mut self, cx: &StepContext) -> Spikes {
        self.v += cx.dt * self.drive + self.x;
        (self.v >= self.v_th).into()
    }
}

network! {
    /// With one mistake.
    pub struct Net<const N: usize = 50> {
        clock 0.1 ms;
        population a: Integrator[100] { v: uniform(0 mV, 1 mV) };
        population b: Integrator[N];
        record a.v during 5 ms..1 ms;
    }
}

fn main() {}
