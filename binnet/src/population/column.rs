//! One value for each neuron, on the heap and aligned for vector loads.

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

use super::TILE;

/// The values of `N` neurons (or of as many as are known at [run time](super::RUN_TIME)) in one 64-byte aligned
/// allocation of whole tiles of [`TILE`] neurons; derefs to `[T]`.
///
/// Blocks from a plain `Vec<T>` are hardly ever 64-byte aligned, which costs cheap kernels a third of
/// their speed.
pub struct Column<T: Pod, const N: usize> {
    lines: Vec<Line>,
    len: usize,
    values: PhantomData<T>,
}

/// A line of the cache.
#[derive(Clone, Copy, Zeroable, Pod)]
#[repr(C, align(64))]
struct Line([u8; 64]);

impl<T: Pod, const N: usize> Column<T, N> {
    /// `len` times the same value.
    #[must_use]
    pub fn filled(value: T, len: usize) -> Self {
        const { assert!(size_of::<Line>().is_multiple_of(size_of::<T>()), "whole values in a line") };
        let lines = bytemuck::zeroed_vec(len.div_ceil(TILE) * TILE * size_of::<T>() / size_of::<Line>());
        let mut column = Self { lines, len, values: PhantomData };
        column.fill(value);
        column
    }

    /// All values, tile by tile. What lies beyond the last neuron is [filled up](Self::fill_up) or not.
    #[inline(always)]
    #[must_use]
    pub fn tiles(&self) -> &[[T; TILE]] {
        bytemuck::cast_slice::<Line, T>(&self.lines).as_chunks().0
    }

    /// The same, to be changed.
    #[inline(always)]
    pub fn tiles_mut(&mut self) -> &mut [[T; TILE]] {
        bytemuck::cast_slice_mut::<Line, T>(&mut self.lines).as_chunks_mut().0
    }

    /// Copies the value of the last neuron to all lanes beyond it.
    #[inline]
    pub fn fill_up(&mut self) {
        let len = self.len;
        if !len.is_multiple_of(TILE) {
            let (values, beyond) = bytemuck::cast_slice_mut::<Line, T>(&mut self.lines).split_at_mut(len);
            if let Some(last) = values.last() {
                beyond.fill(*last);
            }
        }
    }
}

impl<T: Pod, const N: usize> Deref for Column<T, N> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl<T: Pod, const N: usize> DerefMut for Column<T, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}

impl<T: Pod, const N: usize> Clone for Column<T, N> {
    fn clone(&self) -> Self {
        Self { lines: self.lines.clone(), len: self.len, values: PhantomData }
    }
}

impl<T: Pod + core::fmt::Debug, const N: usize> core::fmt::Debug for Column<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter().take(8)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_their_length_and_are_aligned() {
        for len in [0, 1, 7, 8, 9, 64, 65, 1_000_003] {
            let mut column = Column::<f64, { super::super::RUN_TIME }>::filled(1.5, len);
            assert_eq!(column.len(), len);
            assert!(column.iter().all(|x| *x == 1.5));
            assert_eq!(column.as_ptr().addr() % 64, 0);
            column.fill(2.0);
            let copy = column.clone();
            assert_eq!((copy.len(), copy.iter().sum::<f64>()), (len, 2.0 * len as f64));
            assert_eq!(copy.as_ptr().addr() % 64, 0);
            if let Some(last) = column.last_mut() {
                *last = 7.0;
            }
            column.fill_up();
            let tiles = column.tiles_mut().as_flattened();
            assert_eq!(tiles.len(), len.div_ceil(TILE) * TILE);
            assert!(tiles.iter().skip(len.saturating_sub(1)).all(|x| *x == 7.0));
            assert_eq!(column.tiles().as_flattened().iter().filter(|x| **x == 2.0).count(), len.saturating_sub(1));
        }
        assert_eq!(Column::<f32, 3>::filled(1.0, 3)[..], [1.0; 3]);
    }
}
