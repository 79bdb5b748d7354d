//! Recorded variables: values at regular times.

use core::ops::Range;

use ndarray::{Array2, ArrayView2};

use super::gate::Gate;
use super::source::Source;
use crate::clocked::chosen::Chosen;
use crate::clocked::clock::time;
use crate::clocked::projection::Wiring;
use crate::clocked::{Populations, Step};
use crate::population::Values;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer, persist};

/// A variable over time: a matrix of time and neuron, in the precision of the variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    pub(super) name: String,
    pub(super) variable: String,
    pub(super) unit: String,
    pub(super) source: Source,
    /// Of synapses, the neurons at both ends of each column.
    pub(super) ends: Vec<(u32, u32)>,
    /// What is made of the values of a sample.
    pub(super) over: Over,
    pub(super) width: usize,
    pub(super) dt: f64,
    pub(super) gate: Gate,
    /// Where regular samples begin: step, and how many samples there are before.
    pub(super) parts: Vec<(u64, usize)>,
    pub(super) samples: Samples,
}

persist!([] Trace { gate, parts, samples } fixed {} built { name, variable, unit, source, ends, over, width, dt });

/// What is made of the values of all neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Each,
    Mean,
    Variance,
}

/// Values in the precision of their variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Samples {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Persist for Samples {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::F32(values) => values.save(out),
            Self::F64(values) => values.save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::F32(values) => values.load(from),
            Self::F64(values) => values.load(from),
        }
    }
}

impl Samples {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::F32(x) => x.len(),
            Self::F64(x) => x.len(),
        }
    }

    pub(super) fn bytes_each(&self) -> usize {
        match self {
            Self::F32(_) => 4,
            Self::F64(_) => 8,
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::F32(x) => x.clear(),
            Self::F64(x) => x.clear(),
        }
    }
}

impl Trace {
    /// Its name: `exc.v`, or the one that was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit of the values, as the model writes it.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Its variable, as the model calls it.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// The neurons of the population that are recorded, from the first to the last ([`columns`](Self::columns) says
    /// which); of a projection, the synapses among those chosen. A shared parameter, a mean or a variance has one column
    /// for all.
    #[must_use]
    pub fn neurons(&self) -> Range<usize> {
        self.source.neurons.hull()
    }

    /// What each column is of: positions of neurons, or of synapses in the order of
    /// [`Clocked::synapses`](crate::clocked::Clocked::synapses).
    #[must_use]
    pub fn columns(&self) -> Vec<usize> {
        self.source.columns().take(self.width).collect()
    }

    /// Of a projection: the presynaptic and the postsynaptic neuron of each column, as positions in their populations. Empty
    /// for neurons, and for means and variances.
    #[must_use]
    pub fn ends(&self) -> &[(u32, u32)] {
        &self.ends
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of each sample in ms.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        self.steps().map(|step| time(step, self.dt)).collect()
    }

    /// The step of each sample.
    pub(super) fn steps(&self) -> impl Iterator<Item = u64> + '_ {
        let ends = self.parts.iter().skip(1).map(|part| part.1).chain([self.len()]);
        self.parts
            .iter()
            .zip(ends)
            .flat_map(move |(&(first, from), to)| (0..(to - from) as u64).map(move |i| first + i * self.gate.period))
    }

    /// The values, time x neuron, converted to `f64` if they are `f32`.
    #[must_use]
    pub fn values(&self) -> Array2<f64> {
        match &self.samples {
            Samples::F32(x) => Array2::from_shape_fn(self.shape(), |(t, i)| f64::from(x[t * self.width + i])),
            Samples::F64(x) => Array2::from_shape_fn(self.shape(), |(t, i)| x[t * self.width + i]),
        }
    }

    /// The values as they are stored, time x neuron, if they are `f64`.
    #[must_use]
    pub fn as_f64(&self) -> Option<ArrayView2<'_, f64>> {
        match &self.samples {
            Samples::F64(x) => ArrayView2::from_shape(self.shape(), x).ok(),
            Samples::F32(_) => None,
        }
    }

    /// The values as they are stored, time x neuron, if they are `f32`.
    #[must_use]
    pub fn as_f32(&self) -> Option<ArrayView2<'_, f32>> {
        match &self.samples {
            Samples::F32(x) => ArrayView2::from_shape(self.shape(), x).ok(),
            Samples::F64(_) => None,
        }
    }

    pub(super) fn shape(&self) -> (usize, usize) {
        (self.len(), self.width)
    }

    /// Notes that a sample is taken.
    pub(super) fn note(&mut self, step: u64) {
        let n = self.len();
        let next = self.parts.last().map(|(first, from)| first + (n - from) as u64 * self.gate.period);
        if next != Some(step) {
            self.parts.push((step, n));
        }
    }

    /// Reads the values before a step.
    pub(super) fn sample(&mut self, populations: &impl Populations, wiring: &Wiring, step: &Step) {
        if !self.gate.takes(step.number) || self.width == 0 {
            return;
        }
        self.note(step.number);
        if self.over != Over::Each {
            let one = match self.over {
                Over::Variance => self.source.variance(populations, wiring, step),
                Over::Mean | Over::Each => self.source.mean(populations, wiring, step),
            };
            if let Samples::F64(out) = &mut self.samples {
                out.push(one);
            }
            return;
        }
        match (self.source.stored(populations), &mut self.samples) {
            (Some(Values::EachF64(x)), Samples::F64(out)) => take(&self.source.neurons, x, out),
            (Some(Values::EachF32(x)), Samples::F32(out)) => take(&self.source.neurons, x, out),
            (Some(Values::SharedF64(x)), Samples::F64(out)) => out.push(*x),
            (Some(Values::SharedF32(x)), Samples::F32(out)) => out.push(*x),
            (None, Samples::F64(out)) => self.source.each(populations, wiring, step, |value| out.push(value)),
            // The precision of a field does not change.
            _ => {}
        }
    }

    /// Forgets the first regular samples.
    pub(super) fn forget_first(&mut self) {
        let to = self.parts.get(1).map_or(self.len(), |next| next.1);
        match &mut self.samples {
            Samples::F32(x) => drop(x.drain(..to * self.width)),
            Samples::F64(x) => drop(x.drain(..to * self.width)),
        }
        self.parts.remove(0);
        self.parts.iter_mut().for_each(|part| part.1 -= to);
    }

    /// Bytes of what was recorded.
    pub(super) fn bytes(&self) -> usize {
        self.samples.bytes_each() * self.samples.len() + 16 * self.parts.len()
    }

    /// Forgets what was recorded.
    pub(super) fn clear(&mut self) {
        self.parts.clear();
        self.samples.clear();
    }
}

/// Appends the values of those that are chosen.
fn take<T: Copy>(chosen: &Chosen, values: &[T], out: &mut Vec<T>) {
    match chosen {
        Chosen::Range(range) => out.extend_from_slice(&values[range.clone()]),
        Chosen::List(_) => chosen.each_of(values, |value| out.push(value)),
    }
}
