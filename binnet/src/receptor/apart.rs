//! Neurons with a step of their own, whose receptors advance by themselves.

use super::{Fed, Feed};
use crate::neuron::{Advance, Method, Real, Spikes, StepContext};
use crate::population::Model;

/// The method of a neuron that is written by hand, with receptors: the neuron makes its own step with the current of the
/// beginning of the step; the receptor advances by its own best method, `exact` where its equations are linear.
#[derive(Clone, Copy, Debug, Default)]
pub struct Apart;

impl Method for Apart {
    const NAME: &'static str = "its own step, then its receptors";
}

// What is no neuron is not helped by a receptor.
#[diagnostic::do_not_recommend]
impl<M, F, S> Advance<Apart> for Fed<M, F, S>
where
    M: Advance<<M as Model>::Method>,
    F: Feed,
    S: Real,
    F::Receptor<S>: Advance<<F::Receptor<S> as Model>::Method>,
{
    type Coefficients = (M::Coefficients, <F::Receptor<S> as Advance<<F::Receptor<S> as Model>::Method>>::Coefficients);
    type Lanes = Vec<Self::Coefficients>;
    type Real = M::Real;
    type Noise = M::Noise;

    fn prepare(&self, dt: f64) -> Self::Coefficients {
        (self.model.prepare(dt), self.receptor.prepare(dt))
    }

    #[inline(always)]
    fn advance(&mut self, cx: &StepContext, (own, of_receptor): &Self::Coefficients, noise: &M::Noise) -> Spikes {
        let before = self.model.clone();
        let spikes = self.with_current(cx, |model| model.advance(cx, own, noise));
        let still = crate::neuron::Vector::from_fn(|_| Default::default());
        self.with_potential(&before).advance(cx, of_receptor, &still);
        spikes
    }

    #[inline(always)]
    fn reset(&mut self, cx: &StepContext, spikes: Spikes) {
        self.with_current(cx, |model| model.reset(cx, spikes));
    }
}
