//! Models that are given by equations, in the engine: coefficients, noise, methods.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Stimulus};
use binnet::integrate::Integrator;
use binnet::neuron::{Equations, Method, Scalar, Vector};
use binnet::prelude::*;
use binnet::rng::Streams;

/// A variable that decays, with noise.
#[derive(Population, Clone)]
struct Decay {
    #[local(10 ms)]
    tau: f64,
    #[state(1)]
    x: f64,
}

impl Equations for Decay {
    type S = f64;
    type Vector<T: Scalar> = [T; 1];
    type Noise<T: Scalar> = [T; 1];
    type Diffusion<T: Scalar> = [T; 1];
    type Matrix<T: Scalar> = [T; 1];
    const METHODS: &'static [&'static str] = &["stochastic"];

    fn state(&self) -> [f64; 1] {
        [self.x]
    }
    fn set_state(&mut self, x: &[f64; 1]) {
        self.x = x[0];
    }
    fn drift<T: Scalar>(&self, x: &[T; 1], _: f64, _: &StepContext) -> [T; 1] {
        [-x[0] / T::of(self.tau)]
    }
    fn slopes(&self, _: &[f64; 1], _: f64, _: &StepContext, _: bool) -> [f64; 1] {
        [-1.0 / self.tau]
    }
    fn diffusion<T: Scalar>(&self, _: &[T; 1], _: f64, _: &StepContext) -> [T; 1] {
        [T::of(1.0)]
    }
    fn holding(&self, _: bool) -> Self {
        self.clone()
    }
    fn begin(&mut self, _: &StepContext) {}
    fn clip(&mut self) {}
    fn spikes(&self, _: &[f64; 1], _: &StepContext) -> Spikes {
        Spikes::NONE
    }
    fn reset(&mut self, _: &StepContext, _: Spikes) {}
}

/// Decays exactly, by a coefficient; adds the increments.
#[derive(Clone, Copy, Default)]
struct Stochastic;

impl Integrator for Stochastic {
    const NAME: &'static str = "stochastic";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<binnet::integrate::Calculus> = Some(binnet::integrate::Calculus::Ito);
    type Coefficients<E: Equations> = f64;

    fn prepare<E: Equations>(neuron: &E, dt: f64) -> f64 {
        let slope = neuron.slopes(&neuron.state(), 0.0, &StepContext::new(dt), false).at(0);
        (slope.to_f64() * dt).exp()
    }
    fn step<E: Equations>(
        _: &E,
        x: &E::Vector<E::S>,
        _: &StepContext,
        decay: &f64,
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        E::Vector::from_fn(|i| x.at(i) * E::S::of(*decay) + noise.at(i))
    }
}

fn decays(seed: u64, values: Vec<(&str, Init)>) -> Clocked<Cells<Decay, Stochastic, 100>> {
    let cells = Cells::build("d", values, &Streams::new(seed)).unwrap();
    Clocked::new("decays", 0.1.ms(), ClockedOptions::seeded(seed), cells).unwrap()
}

#[test]
fn coefficients_follow_parameters() {
    let taus: Vec<f64> = (0..100).map(|i| 5.0 + f64::from(i)).collect();
    for each in [false, true] {
        let tau = if each { Init::Each(taus.clone()) } else { Init::Value(5.0) };
        let mut net = decays(1, vec![("tau", tau)]);
        net.set_increments("d", |_, _, _| 0.0).unwrap();
        let taus = net.values("d", "tau").unwrap();
        let mut x = vec![1.0; 100];
        net.run(1.ms()).unwrap();
        (0..10).for_each(|_| x.iter_mut().zip(&taus).for_each(|(x, tau)| *x *= (-1.0 / tau * 0.1).exp()));
        assert_eq!(net.values("d", "x").unwrap(), x);
        net.stimulate("d", "tau", Stimulus::pulses(2.0, 1.ms(), 1.ms())).unwrap();
        net.run_steps(1).unwrap();
        x.iter_mut().zip(&taus).for_each(|(x, tau)| *x *= (-1.0 / (tau + 2.0) * 0.1).exp());
        assert_eq!(net.values("d", "x").unwrap(), x, "a change of parameters reaches the coefficients");
    }
}

#[test]
fn noise_has_a_stream_of_its_own_or_is_given() {
    let run = |seed, given: bool| {
        let mut net = decays(seed, vec![("x", Init::Value(0.0)), ("tau", Init::Value(1e9))]);
        if given {
            net.set_increments("d", |step, neuron, source| step as f64 + neuron as f64 + source as f64).unwrap();
        }
        net.run(100.ms()).unwrap();
        net.values("d", "x").unwrap()
    };
    let x = run(1, false);
    assert_eq!(x, run(1, false));
    assert_ne!(x, run(2, false));
    // 100 walks of 100 ms: the variance is 100, its standard error 14.
    let variance = x.iter().map(|x| x * x).sum::<f64>() / 100.0;
    assert!((variance - 100.0).abs() < 5.0 * 14.2, "{variance}");
    let given = run(1, true);
    assert!((given[7] / (499_500.0 + 7000.0) - 1.0).abs() < 1e-6, "{}", given[7]);
}

#[test]
fn methods_are_named() {
    let net = decays(1, vec![]);
    assert_eq!(<Stochastic as Method>::NAME, "stochastic");
    assert!(net.explain().contains("d: Decay advances by stochastic (chosen in the population)"));
}
