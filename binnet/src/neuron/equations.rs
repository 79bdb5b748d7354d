//! A neuron that is given by its equations.

use binnet_math::Scalar;

use super::{Real, Spikes, StepContext, Vector};
use crate::population::Model;

/// What is known of a system of linear equations before its parameters are: what its exact solution can leave out.
#[derive(Clone, Copy, Debug)]
pub struct Structure {
    /// One entry for each pair of equations, row by row: whether the variable of the column influences that of the
    /// row, itself or through others. Empty: each may influence each.
    pub influence: &'static [bool],
    /// Whether each right-hand side may differ from 0 while all variables are 0. Empty: each may.
    pub driven: &'static [bool],
    /// Whether each variable is held (refractory) at times. Empty: each may be.
    pub held: &'static [bool],
}

impl Structure {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { influence: &[], driven: &[], held: &[] };

    /// Whether variable `from` may influence variable `to` of `n`.
    #[inline(always)]
    pub(crate) const fn influences(&self, from: usize, to: usize, n: usize) -> bool {
        self.influence.is_empty() || self.influence[to * n + from]
    }

    /// Whether right-hand side `i` may differ from 0 while all variables are 0.
    #[inline(always)]
    pub(crate) const fn is_driven(&self, i: usize) -> bool {
        self.driven.is_empty() || self.driven[i]
    }

    /// Whether variable `i` is known to be one that is held at times.
    #[inline(always)]
    pub(crate) const fn is_held(&self, i: usize) -> bool {
        !self.held.is_empty() && self.held[i]
    }

    /// Whether variable `i` of `n` is not held itself, but may depend on others that are.
    #[inline(always)]
    pub(crate) const fn follows_held(&self, i: usize, n: usize) -> bool {
        if self.held.is_empty() {
            return true;
        }
        let mut j = 0;
        while j < n {
            if self.held[j] & !self.held[i] & self.influences(j, i, n) {
                return true;
            }
            j += 1;
        }
        false
    }
}

/// A neuron as a system of differential equations: what `neuron!` writes.
///
/// The right-hand sides are generic over the scalar, so they run in the precision of the population, and
/// in dual numbers where a derivative is needed. All rates are per ms, in the units of the states.
pub trait Equations: Model {
    /// The precision of the fields.
    type S: Real;
    /// One entry for each equation.
    type Vector<T: Scalar>: Vector<T>;
    /// One entry for each source of noise (`xi`, `xi_1`, ..).
    type Noise<T: Scalar>: Vector<T>;
    /// One entry for each equation and source of noise: row by row, an equation each.
    type Diffusion<T: Scalar>: Vector<T>;
    /// One entry for each pair of equations: row by row, an equation each.
    type Matrix<T: Scalar>: Vector<T>;

    /// The methods of integration that the equations admit, the best one first.
    const METHODS: &'static [&'static str];

    /// What is known of the equations if they are linear.
    const STRUCTURE: Structure = Structure::UNKNOWN;

    /// The variables of the equations.
    fn state(&self) -> Self::Vector<Self::S>;

    /// Overwrites the variables of the equations.
    fn set_state(&mut self, x: &Self::Vector<Self::S>);

    /// The right-hand sides without noise, at time `t` (ms). Variables that are held (refractory) do
    /// not change.
    fn drift<T: Scalar>(&self, x: &Self::Vector<T>, t: f64, cx: &StepContext) -> Self::Vector<T>;

    /// The derivative of each right-hand side by its own variable, with the intermediate values (`let`)
    /// that depend on it held fixed if `frozen`.
    fn slopes(&self, x: &Self::Vector<Self::S>, t: f64, cx: &StepContext, frozen: bool) -> Self::Vector<Self::S>;

    /// What each source of noise is multiplied by, in the unit of the variable per root of ms. 0 for
    /// variables that are held.
    fn diffusion<T: Scalar>(&self, x: &Self::Vector<T>, t: f64, cx: &StepContext) -> Self::Diffusion<T>;

    /// The same neuron, but held (refractory) or not.
    #[must_use]
    fn holding(&self, held: bool) -> Self;

    /// Whether variables are held (refractory) in this step.
    #[inline(always)]
    fn is_held(&self) -> bool {
        false
    }

    /// Begins a step: counts refractory periods down.
    fn begin(&mut self, cx: &StepContext);

    /// Keeps variables within the bounds that clip them.
    fn clip(&mut self);

    /// The spikes that follow from the variables before and after the step.
    fn spikes(&self, before: &Self::Vector<Self::S>, cx: &StepContext) -> Spikes;

    /// What a spike does to the neuron.
    fn reset(&mut self, cx: &StepContext, spikes: Spikes);
}
