//! All methods by name.

use super::Calculus;
use Calculus::{Ito, Stratonovich};

/// What is to be known of a method, for documentation and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodInfo {
    /// Its name in the language.
    pub name: &'static str,
    /// The power of the step that the error after a given time shrinks with, without noise.
    pub order: u32,
    /// How it reads noise; `None` for a method that ignores noise.
    pub calculus: Option<Calculus>,
    /// What it does and asks for, in a line.
    pub summary: &'static str,
}

const fn method(name: &'static str, order: u32, calculus: Option<Calculus>, summary: &'static str) -> MethodInfo {
    MethodInfo { name, order, calculus, summary }
}

/// All methods of integration.
///
/// `rk45` adapts its step and is there for single models only: [`solve`](super::solve).
pub const METHODS: &[MethodInfo] = &[
    method("exact", 1, None, "linear equations, exactly for inputs that are constant within a step"),
    method("exponential_euler", 1, Some(Ito), "each variable exponentially, with intermediate values held fixed"),
    method("exponential_euler_diagjac", 1, Some(Ito), "each variable exponentially, with its whole derivative"),
    method("euler", 1, None, "forward Euler"),
    method("midpoint", 2, None, "Runge-Kutta with two stages, the second at the middle of the step"),
    method("heun", 2, None, "Runge-Kutta with two stages, the mean of both ends of the step"),
    method("rk2", 2, None, "Runge-Kutta with two stages, the second at the fraction beta of the step"),
    method("rk3", 3, None, "Kutta's method with three stages"),
    method("rk4", 4, None, "the classical method of Runge and Kutta"),
    method("rk4_38", 4, None, "Kutta's method with four stages after the 3/8 rule"),
    method("rk45", 5, None, "Dormand-Prince with a step that adapts itself: single models without spikes only"),
    method("euler_maruyama", 1, Some(Ito), "Euler with noise: strong order 1/2, for additive noise 1"),
    method("milstein_ito", 1, Some(Ito), "Milstein with exact derivatives: strong order 1 for commuting noise"),
    method("milstein_stratonovich", 1, Some(Stratonovich), "as `milstein_ito`, for the other reading of noise"),
    method(
        "milstein_stratonovich_derivative_free",
        1,
        Some(Stratonovich),
        "as `milstein_stratonovich`, with differences for derivatives: strong order 1/2",
    ),
    method("heun_full", 2, Some(Stratonovich), "Heun for drift and noise: strong order 1 for commuting noise"),
    method("heun_drift_euler", 1, Some(Stratonovich), "Heun for the noise, Euler for the drift: strong order 1"),
];

impl MethodInfo {
    /// The method of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        METHODS.iter().find(|method| method.name == name)
    }
}
