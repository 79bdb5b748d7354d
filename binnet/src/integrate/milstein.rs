//! The methods of Milstein: x_i + h f_i + sum_j G_ij dW_j + 1/2 sum_jk L^j G_ik (dW_j dW_k - [j = k] h),
//! without the h for Stratonovich, where L^j G_ik = sum_l G_lj dG_ik/dx_l is the derivative of column k
//! along column j.
//!
//! Strong order 1, weak order 1, order 1 without noise. This holds for commuting noise,
//! L^j G_ik = L^k G_ij: a single source, diagonal noise (each source acts on one variable and depends on
//! that one only; terms with j != k are 0 then), additive noise, or several sources in proportion. For
//! other noise the areas between pairs of paths would be needed; without them the strong order is 1/2.
//! For additive noise all are the method of Euler and Maruyama. Stable in mean square for
//! dX = a X dt + b X dW (Ito) while (1 + h a)^2 + h b^2 + h^2 b^4 / 2 < 1.
//!
//! Derivatives are exact, by dual numbers. The derivative-free form takes
//! (G_ik(x + h f + sqrt(h) G_j) - G_ik(x)) / sqrt(h) for L^j G_ik. This misses L^j G_ik by an amount of
//! order sqrt(h), and as the mean of dW^2 is not 0, the errors of all steps add up: strong and weak order
//! are 1/2 (for Ito, where dW^2 - h has the mean 0, the same difference would keep order 1).
//!
//! Milstein (1975), Theory Probab. Appl. 19; Kloeden & Platen (1992), sections 10.3 and 11.1; the
//! derivative-free form as in Brian 2 (Stimberg, Brette & Goodman 2019).

use super::noise::{column, shaken, sources};
use super::{Calculus, Integrator};
use crate::neuron::{Dual, Equations, Scalar, StepContext, Vector as _};

/// The method of Milstein with exact derivatives: Ito, strong order 1 for commuting noise.
#[derive(Clone, Copy, Debug, Default)]
pub struct MilsteinIto;

/// The method of Milstein with exact derivatives: Stratonovich, strong order 1 for commuting noise.
#[derive(Clone, Copy, Debug, Default)]
pub struct MilsteinStratonovich;

/// The method of Milstein with differences for derivatives: Stratonovich, strong and weak order 1/2. For
/// comparison with other simulators; [`MilsteinStratonovich`] is better.
#[derive(Clone, Copy, Debug, Default)]
pub struct MilsteinStratonovichDerivativeFree;

/// L^j G: the derivative of G along its own column `j`.
#[inline(always)]
fn derivative<E: Equations>(
    neuron: &E,
    x: &E::Vector<E::S>,
    cx: &StepContext,
    diffusion: &E::Diffusion<E::S>,
    j: usize,
) -> E::Diffusion<E::S> {
    let varied =
        <E::Vector<Dual<E::S>>>::from_fn(|l| Dual { value: x.at(l), slope: diffusion.at(l * sources::<E>() + j) });
    let varied = neuron.diffusion(&varied, cx.t, cx);
    <E::Diffusion<E::S>>::from_fn(|entry| varied.at(entry).slope)
}

/// `x + 1/2 sum_k L^j G_ik (dW_j dW_k - [j = k] less)`.
#[inline(always)]
fn corrected<E: Equations>(
    x: &E::Vector<E::S>,
    derivative: &E::Diffusion<E::S>,
    noise: &E::Noise<E::S>,
    j: usize,
    less: E::S,
) -> E::Vector<E::S> {
    let m = sources::<E>();
    let half = E::S::of(0.5);
    <E::Vector<E::S>>::from_fn(|i| {
        let mut sum = x.at(i);
        for k in 0..m {
            let product = noise.at(j) * noise.at(k);
            let integral = E::S::select(j == k, product - less, product);
            sum += half * derivative.at(i * m + k) * integral;
        }
        sum
    })
}

#[inline(always)]
fn advance<E: Equations>(
    neuron: &E,
    x: &E::Vector<E::S>,
    cx: &StepContext,
    noise: &E::Noise<E::S>,
    less: E::S,
) -> E::Vector<E::S> {
    let diffusion = neuron.diffusion(x, cx.t, cx);
    let mut next = x.plus(E::S::of(cx.dt), &neuron.drift(x, cx.t, cx));
    next = shaken::<E>(&next, &diffusion, noise);
    for j in 0..sources::<E>() {
        next = corrected::<E>(&next, &derivative(neuron, x, cx, &diffusion, j), noise, j, less);
    }
    next
}

impl Integrator for MilsteinIto {
    const NAME: &'static str = "milstein_ito";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Ito);
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        advance(neuron, x, cx, noise, E::S::of(cx.dt))
    }
}

impl Integrator for MilsteinStratonovich {
    const NAME: &'static str = "milstein_stratonovich";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Stratonovich);
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        advance(neuron, x, cx, noise, E::S::of(0.0))
    }
}

impl Integrator for MilsteinStratonovichDerivativeFree {
    const NAME: &'static str = "milstein_stratonovich_derivative_free";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = Some(Calculus::Stratonovich);
    type Coefficients<E: Equations> = ();

    fn prepare<E: Equations>(_: &E, _: f64) {}

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        (): &(),
        noise: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        let root = E::S::of(cx.dt.sqrt());
        let diffusion = neuron.diffusion(x, cx.t, cx);
        let moved = x.plus(E::S::of(cx.dt), &neuron.drift(x, cx.t, cx));
        let mut next = shaken::<E>(&moved, &diffusion, noise);
        for j in 0..sources::<E>() {
            let support = moved.plus(root, &column::<E>(&diffusion, j));
            let there = neuron.diffusion(&support, cx.t, cx);
            let difference = <E::Diffusion<E::S>>::from_fn(|entry| (there.at(entry) - diffusion.at(entry)) / root);
            next = corrected::<E>(&next, &difference, noise, j, E::S::of(0.0));
        }
        next
    }
}
