//! The field of a neuron: integer contacts per weight class, plus real weights.

use super::aligned::AlignedVec;
use super::kernel::Counter;
use super::layout::Connectivity;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// Counters of active contacts, `counters[slot * stride + neuron]`.
#[derive(Clone, Debug)]
pub(crate) enum Counters {
    Narrow(AlignedVec<i16>),
    Wide(AlignedVec<i32>),
}

/// The part of the fields that real weights make.
#[derive(Clone, Debug)]
pub(crate) enum Reals {
    None,
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Reads the real part of a field; the variants are types so that the step has no branch for them.
pub(crate) trait RealPart {
    /// Whether there are any.
    const PRESENT: bool;
    /// Whether there is one for each of `n` neurons.
    fn covers(&self, n: usize) -> bool;
    fn at(&self, neuron: usize) -> f64;
    fn flip(&mut self, net: &Connectivity, neuron: usize, delta: i16);
    /// Computes all fields anew.
    fn recompute(&mut self, net: &Connectivity, states: &[u8]);
}

/// No real weights.
pub(crate) struct NoReals;

impl RealPart for NoReals {
    const PRESENT: bool = false;
    fn covers(&self, _: usize) -> bool {
        true
    }
    #[inline(always)]
    fn at(&self, _: usize) -> f64 {
        0.0
    }
    #[inline(always)]
    fn flip(&mut self, _: &Connectivity, _: usize, _: i16) {}
    #[inline(always)]
    fn recompute(&mut self, _: &Connectivity, _: &[u8]) {}
}

impl RealPart for &mut Vec<f32> {
    const PRESENT: bool = true;
    fn covers(&self, n: usize) -> bool {
        self.len() == n
    }
    fn recompute(&mut self, net: &Connectivity, states: &[u8]) {
        self.fill(0.0);
        for neuron in (0..net.n).filter(|&k| states[k] != 0) {
            self.flip(net, neuron, 1);
        }
    }
    #[inline(always)]
    fn at(&self, neuron: usize) -> f64 {
        f64::from(self[neuron])
    }
    #[inline(always)]
    fn flip(&mut self, net: &Connectivity, neuron: usize, delta: i16) {
        net.kernels.vectorize(
            #[inline(always)]
            || net.apply_f32(neuron, f32::from(delta), self),
        );
    }
}

impl RealPart for &mut Vec<f64> {
    const PRESENT: bool = true;
    fn covers(&self, n: usize) -> bool {
        self.len() == n
    }
    fn recompute(&mut self, net: &Connectivity, states: &[u8]) {
        self.fill(0.0);
        for neuron in (0..net.n).filter(|&k| states[k] != 0) {
            self.flip(net, neuron, 1);
        }
    }
    #[inline(always)]
    fn at(&self, neuron: usize) -> f64 {
        self[neuron]
    }
    #[inline(always)]
    fn flip(&mut self, net: &Connectivity, neuron: usize, delta: i16) {
        net.kernels.vectorize(
            #[inline(always)]
            || net.apply_f64(neuron, f64::from(delta), self),
        );
    }
}

/// The integer part of the field of one neuron: the sum over slots, in the order of slots.
fn integer_field<C: Counter>(net: &Connectivity, counters: &[C], population: usize, neuron: usize) -> f64 {
    let weights = &net.weights[population * net.slots..][..net.slots];
    weights.iter().enumerate().fold(0.0, |h, (c, w)| h + w * counters[c * net.stride + neuron].to_f64())
}

impl Counters {
    /// Zero counters wide enough for the largest in-degree.
    pub(crate) fn zeroed(net: &Connectivity) -> Self {
        let len = net.slots * net.stride;
        if net.largest_in_degree <= i16::MAX as u64 {
            Self::Narrow(AlignedVec::zeroed(len))
        } else {
            Self::Wide(AlignedVec::zeroed(len))
        }
    }

    /// Adds the contacts of a neuron that became active (1) or inactive (-1).
    pub(crate) fn apply(&mut self, net: &Connectivity, neuron: usize, delta: i16) {
        match self {
            Self::Narrow(c) => net.apply(neuron, delta, &mut c[..]),
            Self::Wide(c) => net.apply(neuron, delta, &mut c[..]),
        }
    }

    /// The integer part of the field of one neuron.
    pub(crate) fn field(&self, net: &Connectivity, population: usize, neuron: usize) -> f64 {
        match self {
            Self::Narrow(c) => integer_field(net, c, population, neuron),
            Self::Wide(c) => integer_field(net, c, population, neuron),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Narrow(c) => size_of_val(&c[..]),
            Self::Wide(c) => size_of_val(&c[..]),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::Narrow(c) => c.fill(0),
            Self::Wide(c) => c.fill(0),
        }
    }
}

impl Reals {
    pub(crate) fn zeroed(net: &Connectivity, single: bool) -> Self {
        match (net.has_reals, single) {
            (false, _) => Self::None,
            (true, true) => Self::F32(vec![0.0; net.n]),
            (true, false) => Self::F64(vec![0.0; net.n]),
        }
    }

    pub(crate) fn at(&self, neuron: usize) -> f64 {
        match self {
            Self::None => 0.0,
            Self::F32(v) => f64::from(v[neuron]),
            Self::F64(v) => v[neuron],
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::None => 0,
            Self::F32(v) => size_of_val(&v[..]),
            Self::F64(v) => size_of_val(&v[..]),
        }
    }

    /// Adds the real weights of a neuron that became active (1) or inactive (-1).
    pub(crate) fn apply(&mut self, net: &Connectivity, neuron: usize, delta: i16) {
        match self {
            Self::None => {}
            Self::F32(v) => {
                let mut v = v;
                v.flip(net, neuron, delta);
            }
            Self::F64(v) => {
                let mut v = v;
                v.flip(net, neuron, delta);
            }
        }
    }

    /// Computes the fields anew from the active neurons, in ascending order.
    pub(crate) fn recompute(&mut self, net: &Connectivity, states: &[u8]) {
        match self {
            Self::None => {}
            Self::F32(v) => {
                let mut v = v;
                v.recompute(net, states);
            }
            Self::F64(v) => {
                let mut v = v;
                v.recompute(net, states);
            }
        }
    }
}

/// How wide counters are follows from the connections.
impl Persist for Counters {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::Narrow(c) => c[..].save(out),
            Self::Wide(c) => c[..].save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::Narrow(c) => c[..].load(from),
            Self::Wide(c) => c[..].load(from),
        }
    }
}

/// Sums of weights hold the rounding errors of their past, so they are saved, not computed anew.
impl Persist for Reals {
    fn save(&self, out: &mut Writer) {
        match self {
            Self::None => {}
            Self::F32(v) => v[..].save(out),
            Self::F64(v) => v[..].save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::None => Ok(()),
            Self::F32(v) => v[..].load(from),
            Self::F64(v) => v[..].load(from),
        }
    }
}
