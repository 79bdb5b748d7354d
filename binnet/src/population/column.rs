//! One value for each of `N` neurons, on the heap and aligned for vector loads.

use core::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

/// `N` values in one 64-byte aligned allocation; derefs to `[T; N]`.
///
/// Blocks from a plain `Vec` are hardly ever 64-byte aligned, which costs cheap kernels a third of
/// their speed.
pub struct Column<T: Pod, const N: usize>(Box<Aligned<T, N>>);

#[derive(Clone, Copy, Zeroable)]
#[repr(C, align(64))]
struct Aligned<T, const N: usize>([T; N]);

impl<T: Pod, const N: usize> Column<T, N> {
    /// `N` times the same value.
    #[must_use]
    pub fn filled(value: T) -> Self {
        let mut column = Self(bytemuck::zeroed_box());
        column.fill(value);
        column
    }
}

impl<T: Pod, const N: usize> Deref for Column<T, N> {
    type Target = [T; N];
    #[inline]
    fn deref(&self) -> &[T; N] {
        &self.0.0
    }
}

impl<T: Pod, const N: usize> DerefMut for Column<T, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T; N] {
        &mut self.0.0
    }
}

impl<T: Pod, const N: usize> Clone for Column<T, N> {
    fn clone(&self) -> Self {
        // Not derived: a copy through the stack would overflow it for large N.
        let mut column = Self(bytemuck::zeroed_box());
        column.copy_from_slice(&self[..]);
        column
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
    fn large_columns_neither_overflow_the_stack_nor_lose_alignment() {
        let column = Column::<f64, 4_000_000>::filled(1.5);
        let copy = column.clone();
        assert_eq!(copy[3_999_999], 1.5);
        assert_eq!(copy.as_ptr().addr() % 64, 0);
    }
}
