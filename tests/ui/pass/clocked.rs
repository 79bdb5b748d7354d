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
    /// Without mistakes.
    pub struct Net<const N: usize = 50> {
        clock 0.1 ms;
        precision f64;
        population a: Integrator[100] { v: uniform(0 mV, 1 mV) };
        population b: Integrator[N];
        stimulus a.x += steps [(1 mV, 5 ms)];
        record a.v[0..4] every 0.2 ms;
        record a.spikes;
        stop when all(a.v > 1.5 V) && (any(b.spikes[3..]) || any(a.x >= 1 uV));
        stop never: when any(b.v <= rust(-1.0));
    }
}

fn main() {
    let mut net = <Net>::builder().build().unwrap();
    net.run(10.ms()).unwrap();
    assert_eq!(net.records().a.v.values().shape(), [50, 4]);
}
