//! The states of one neuron as a vector of fixed length.

use binnet_math::Scalar;

use crate::population::TILE;

/// A vector of fixed length: `[T; N]`, under a name that a trait can give it.
pub trait Vector<T: Scalar>: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// The number of entries.
    const LEN: usize;
    /// The vectors of the neurons of a tile, entry by entry.
    type Columns: Clone + core::fmt::Debug + Send + Sync + 'static;

    /// The vector with these entries.
    fn from_fn(entry: impl FnMut(usize) -> T) -> Self;

    /// Entry `i`.
    ///
    /// # Panics
    /// Beyond the last entry.
    fn at(&self, i: usize) -> T;

    /// Overwrites entry `i`.
    ///
    /// # Panics
    /// Beyond the last entry.
    fn put(&mut self, i: usize, value: T);

    /// The vectors that `each` gives for the lanes of a tile, entry by entry.
    fn columns(each: impl Fn(usize) -> Self) -> Self::Columns;

    /// The vector of a lane.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn lane(columns: &Self::Columns, lane: usize) -> Self;

    /// `self + factor * direction`, entry by entry.
    #[inline(always)]
    #[must_use]
    fn plus(&self, factor: T, direction: &Self) -> Self {
        Self::from_fn(|i| self.at(i) + factor * direction.at(i))
    }
}

impl<T: Scalar, const N: usize> Vector<T> for [T; N] {
    const LEN: usize = N;
    type Columns = [[T; TILE]; N];

    #[inline(always)]
    fn from_fn(mut entry: impl FnMut(usize) -> T) -> Self {
        // Not `core::array::from_fn`: with long entries the compiler calls it, and no loop around vectorises.
        let mut vector = [T::default(); N];
        let mut i = 0;
        while i < N {
            vector[i] = entry(i);
            i += 1;
        }
        vector
    }

    #[inline(always)]
    fn at(&self, i: usize) -> T {
        self[i]
    }

    #[inline(always)]
    fn put(&mut self, i: usize, value: T) {
        self[i] = value;
    }

    fn columns(each: impl Fn(usize) -> Self) -> [[T; TILE]; N] {
        core::array::from_fn(|i| core::array::from_fn(|lane| each(lane)[i]))
    }

    #[inline(always)]
    fn lane(columns: &[[T; TILE]; N], lane: usize) -> Self {
        Self::from_fn(|i| columns[i][lane])
    }
}
