use binnet::neuron::{Equations, Spikes, Vector as _};
use binnet::prelude::*;

/// A variable that decays.
#[derive(Population, Clone)]
pub struct Decay<S: Real = f64> {
    #[param(10 ms)]
    tau: S,
    #[state(1)]
    x: S,
}

impl<S: Real> Equations for Decay<S> {
    type S = S;
    type Vector<T: binnet::neuron::Scalar> = [T; 1];
    type Noise<T: binnet::neuron::Scalar> = [T; 0];
    type Diffusion<T: binnet::neuron::Scalar> = [T; 0];
    const METHODS: &'static [&'static str] = &["exponential_euler", "rk4"];

    fn state(&self) -> [S; 1] {
        [self.x]
    }
    fn set_state(&mut self, x: &[S; 1]) {
        self.x = x[0];
    }
    fn drift<T: binnet::neuron::Scalar>(&self, x: &[T; 1], _: f64, _: &StepContext) -> [T; 1] {
        [-x[0] / T::of(self.tau.to_f64())]
    }
    fn slopes(&self, _: &[S; 1], _: f64, _: &StepContext, _: bool) -> [S; 1] {
        [S::of(-1.0) / self.tau]
    }
    fn diffusion<T: binnet::neuron::Scalar>(&self, _: &[T; 1], _: f64, _: &StepContext) -> [T; 0] {
        <[T; 0]>::from_fn(|_| T::of(0.0))
    }
    fn holding(&self, _: bool) -> Self {
        self.clone()
    }
    fn begin(&mut self, _: &StepContext) {}
    fn clip(&mut self) {}
    fn spikes(&self, _: &[S; 1], _: &StepContext) -> Spikes {
        Spikes::NONE
    }
    fn reset(&mut self, _: &StepContext, _: Spikes) {}
}

network! {
    /// With one mistake.
    pub struct Net {
        clock 0.1 ms;
        population a: Decay[100] { method: euler };
    }
}

fn main() {}
