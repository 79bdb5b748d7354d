//! The exact solution of linear equations x' = A x + b over a step, with b constant within the step:
//!
//! x' = E x + Phi b, with E = e^(A h) and Phi = integral of e^(A s) over 0 <= s <= h.
//!
//! No error but rounding, for every h: relative to the states, about 1e-16 times the larger of 1 and h |A|.
//! A may be singular. A and with it E and Phi follow from the parameters; b (inputs, explicit functions
//! of t) is what the right-hand sides are at x = 0 at the beginning of the step. Inputs that change
//! between steps are thus exact; a b that depends on t smoothly is taken with order 1. Stable wherever the
//! equations are.
//! Rotter & Diesmann (1999), Biol. Cybern. 81.

use super::matrix_exponential::{Square, propagators};
use super::unrolled::entries;
use super::{Calculus, Integrator};
use crate::neuron::{Dual, Equations, Scalar, StepContext, Vector as _};

/// The exact solution of linear equations, by the exponential of their matrix.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exact;

/// What a step of [`Exact`] multiplies by: while no variable is held, and while some are (refractory).
pub struct Propagators<E: Equations> {
    free: Pair<E>,
    held: Pair<E>,
}

struct Pair<E: Equations> {
    state: E::Matrix<E::S>,
    drive: E::Matrix<E::S>,
}

impl<E: Equations> Pair<E> {
    fn new(neuron: &E, dt: f64) -> Self {
        let n = <E::Vector<E::S>>::LEN;
        let cx = StepContext::new(dt);
        let columns: Vec<_> = (0..n)
            .map(|varied| {
                let x = <E::Vector<Dual<f64>>>::from_fn(|i| {
                    if i == varied { Dual::variable(0.0) } else { Dual::constant(0.0) }
                });
                neuron.drift(&x, cx.t, &cx)
            })
            .collect();
        let (state, drive) = propagators(&Square::from_fn(n, |i, j| columns[j].at(i).slope), dt);
        let entries = |matrix: &Square| <E::Matrix<E::S>>::from_fn(|k| E::S::of(matrix.at(k / n, k % n)));
        Self { state: entries(&state), drive: entries(&drive) }
    }
}

impl<E: Equations> Copy for Pair<E> {}
impl<E: Equations> Clone for Pair<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Equations> Copy for Propagators<E> {}
impl<E: Equations> Clone for Propagators<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Equations> core::fmt::Debug for Propagators<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Propagators")
            .field("state", &self.free.state)
            .field("drive", &self.free.drive)
            .field("state_held", &self.held.state)
            .field("drive_held", &self.held.drive)
            .finish()
    }
}

impl Integrator for Exact {
    const NAME: &'static str = "exact";
    const ORDER: u32 = 1;
    const STOCHASTIC: Option<Calculus> = None;
    type Coefficients<E: Equations> = Propagators<E>;

    fn prepare<E: Equations>(neuron: &E, dt: f64) -> Propagators<E> {
        Propagators { free: Pair::new(&neuron.holding(false), dt), held: Pair::new(&neuron.holding(true), dt) }
    }

    #[inline(always)]
    fn step<E: Equations>(
        neuron: &E,
        x: &E::Vector<E::S>,
        cx: &StepContext,
        by: &Propagators<E>,
        _: &E::Noise<E::S>,
    ) -> E::Vector<E::S> {
        let n = <E::Vector<E::S>>::LEN;
        let held = neuron.is_held();
        let origin = <E::Vector<E::S>>::from_fn(|_| E::S::of(0.0));
        let drive = neuron.drift(&origin, cx.t, cx);
        let free_drive = neuron.holding(false).drift(&origin, cx.t, cx);
        // Entries that are known to be 0 cost nothing: the conditions on `STRUCTURE` are decided while compiling.
        entries!(E::Vector<E::S>, i => {
            let known = E::STRUCTURE;
            let depends = known.follows_held(i, n);
            // Drives first: where all neurons have the same, their sum is computed once. -0 + x is x.
            let mut sum = E::S::of(-0.0);
            for j in 0..n {
                let entry = i * n + j;
                if known.influences(j, i, n) & known.is_driven(j) {
                    if depends {
                        let factor = E::S::select(held, by.held.drive.at(entry), by.free.drive.at(entry));
                        sum += factor * drive.at(j);
                    } else {
                        sum += by.free.drive.at(entry) * free_drive.at(j);
                    }
                }
            }
            for j in 0..n {
                let entry = i * n + j;
                if known.influences(j, i, n) {
                    let factor = if depends {
                        E::S::select(held, by.held.state.at(entry), by.free.state.at(entry))
                    } else {
                        by.free.state.at(entry)
                    };
                    sum += factor * x.at(j);
                }
            }
            if known.is_held(i) { E::S::select(held, x.at(i), sum) } else { sum }
        })
    }
}
