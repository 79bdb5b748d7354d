//! Equations whose inputs are variables.

use binnet_math::Scalar;

use super::{Equations, StepContext, Vector};

/// Equations that others may drive: their inputs are variables like the states. `neuron!` writes it with [`Equations`].
///
/// This is what joins a neuron with the [receptors](crate::receptor) that feed it to one system, which every method
/// solves together, from one old state.
pub trait Driven: Equations {
    /// One entry for each `input`.
    type Inputs<T: Scalar>: Vector<T>;

    /// The names of the variables, in the order of the equations.
    const VARIABLES: &'static [&'static str];
    /// The names of the inputs.
    const INPUTS: &'static [&'static str];
    /// Whether all equations are linear in variables and inputs together, with factors that are fixed while parameters
    /// are.
    const LINEAR: bool;
    /// The same of the `output`.
    const LINEAR_OUTPUT: bool;
    /// Row by row (one for each variable): whether each input influences it, itself or through others.
    const REACHED: &'static [bool];

    /// The inputs of this step.
    fn inputs<T: Scalar>(&self) -> Self::Inputs<T>;

    /// The right-hand sides without noise, as [`drift`](Equations::drift) gives them for the neuron's own inputs.
    fn drift_by<T: Scalar>(
        &self,
        x: &Self::Vector<T>,
        inputs: &Self::Inputs<T>,
        t: f64,
        cx: &StepContext,
    ) -> Self::Vector<T>;

    /// The `output` of the model; 0 if it has none.
    fn output<T: Scalar>(&self, x: &Self::Vector<T>, inputs: &Self::Inputs<T>, t: f64, cx: &StepContext) -> T;

    /// The derivative of the output by each input, at the neuron's own inputs; with the intermediate values (`let`) that
    /// are not linear in it held fixed if `frozen`.
    fn output_slopes(&self, x: &Self::Vector<Self::S>, t: f64, cx: &StepContext, frozen: bool)
    -> Self::Inputs<Self::S>;
}
