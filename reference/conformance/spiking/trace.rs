//! Single neurons in a plain loop.

use binnet::neuron::{Advance, Single};
use binnet::prelude::*;

/// What was seen of one neuron.
pub(super) struct Trace<const C: usize> {
    /// Each variable before each step.
    pub(super) columns: [Vec<f64>; C],
    /// The steps that emitted a spike.
    pub(super) spikes: Vec<i32>,
}

impl<const C: usize> Trace<C> {
    /// Runs a neuron for one step of `dt` ms for each value of the drive.
    pub(super) fn run<M: Advance<I>, I>(
        neuron: M,
        dt: f64,
        drive: &[f64],
        set: impl Fn(&mut M, f64),
        read: impl Fn(&M) -> [f64; C],
    ) -> Self {
        let mut neuron = Single::<M, I>::new(neuron, dt.ms());
        let mut trace = Self { columns: core::array::from_fn(|_| Vec::with_capacity(drive.len())), spikes: Vec::new() };
        for (step, &i) in (0..).zip(drive) {
            trace.columns.iter_mut().zip(read(&neuron)).for_each(|(column, x)| column.push(x));
            set(&mut neuron, i);
            if neuron.step().any() {
                trace.spikes.push(step);
            }
        }
        trace
    }

    /// The variables side by side: a row for each sample.
    pub(super) fn rows(&self) -> Vec<f64> {
        let samples = self.columns.first().map_or(0, Vec::len);
        (0..samples).flat_map(|k| self.columns.iter().map(move |column| column[k])).collect()
    }
}
