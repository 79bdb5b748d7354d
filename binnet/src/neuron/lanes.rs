//! Coefficients of the neurons of a tile, in the order in which a loop over its lanes reads them.

use core::borrow::Borrow;
use core::fmt;

use binnet_math::Scalar;

use super::Vector;
use crate::population::TILE;

/// Coefficients of the neurons of a tile.
pub trait Lanes<C>: Clone + fmt::Debug + Send + Sync + 'static {
    /// What a loop over the lanes reads.
    type Read<'a>: ReadLane<C>
    where
        Self: 'a;

    /// Those of the first neurons, at least one; beyond the last one, its copies.
    fn of(each: &[C]) -> Self;

    /// What a loop over the lanes reads.
    fn read(&self) -> Self::Read<'_>;
}

/// The coefficients of a lane.
pub trait ReadLane<C> {
    /// A reference, or gathered.
    type At<'a>: Borrow<C>
    where
        Self: 'a;

    /// Those of lane number `lane`.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn at(&self, lane: usize) -> Self::At<'_>;
}

/// The same coefficients in every lane.
#[derive(Clone, Copy, Debug)]
pub struct Same<'c, C>(pub &'c C);

impl<C> ReadLane<C> for Same<'_, C> {
    type At<'a>
        = &'a C
    where
        Self: 'a;

    #[inline(always)]
    fn at(&self, _: usize) -> &C {
        self.0
    }
}

/// One neuron after the other.
impl<C: Clone + fmt::Debug + Send + Sync + 'static> Lanes<C> for Vec<C> {
    type Read<'a> = &'a [C];

    fn of(each: &[C]) -> Self {
        (0..TILE).filter_map(|lane| each.get(lane).or(each.last())).cloned().collect()
    }

    #[inline(always)]
    fn read(&self) -> &[C] {
        self
    }
}

impl<C> ReadLane<C> for &[C] {
    type At<'a>
        = &'a C
    where
        Self: 'a;

    #[inline(always)]
    fn at(&self, lane: usize) -> &C {
        &self[lane]
    }
}

/// One coefficient after the other, each for all lanes: a loop over them loads whole vectors of numbers.
#[derive(Clone, Debug)]
pub struct Columns<S: Scalar, V: Vector<S>>(V::Columns);

impl<S: Scalar, V: Vector<S>> Lanes<V> for Columns<S, V> {
    type Read<'a> = &'a Self;

    fn of(each: &[V]) -> Self {
        Self(V::columns(|lane| each[lane.min(each.len() - 1)]))
    }

    #[inline(always)]
    fn read(&self) -> &Self {
        self
    }
}

impl<S: Scalar, V: Vector<S>> ReadLane<V> for &Columns<S, V> {
    type At<'a>
        = V
    where
        Self: 'a;

    #[inline(always)]
    fn at(&self, lane: usize) -> V {
        V::lane(&self.0, lane)
    }
}
