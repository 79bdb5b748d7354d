//! A vector of numbers in 64-byte aligned memory, of a length known at run time.

use core::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

/// Numbers in 64-byte aligned memory.
#[derive(Clone, Debug)]
pub(crate) struct AlignedVec<T: Pod> {
    blocks: Vec<Block>,
    len: usize,
    kind: core::marker::PhantomData<T>,
}

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct Block([u64; 8]);

impl<T: Pod> AlignedVec<T> {
    /// `len` zeros. `T` is at most 8 bytes wide, so blocks hold whole numbers.
    pub(crate) fn zeroed(len: usize) -> Self {
        let blocks = bytemuck::zeroed_vec((len * size_of::<T>()).div_ceil(size_of::<Block>()));
        Self { blocks, len, kind: core::marker::PhantomData }
    }
}

impl<T: Pod> Deref for AlignedVec<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.blocks)[..self.len]
    }
}

impl<T: Pod> DerefMut for AlignedVec<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.blocks)[..self.len]
    }
}
