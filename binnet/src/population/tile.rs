//! A few neurons side by side: what kernels work on.
//!
//! Kernels advance a population tile by tile, in place: [`Arrays::advance`](super::Arrays::advance) runs over the
//! lanes of each. Each field is an array of fixed length there, behind a reference that no other overlaps, which is
//! what the compiler needs to turn the loop into vector instructions.

use crate::neuron::Real;

/// The neurons of a tile: enough for the widest vectors, few enough for the fastest cache.
pub const TILE: usize = 64;

/// Of the last tile, so many neurons at once are left out if there are none. (The compiler does not turn shorter loops into
/// vector instructions.)
pub const PART: usize = 16;

/// What is done with a population, tile by tile.
pub trait Visit<M> {
    /// What is needed while a tile is visited.
    type Tile;

    /// Before the first lane of tile number `tile`.
    fn begin(&mut self, tile: usize) -> Self::Tile;

    /// Whether there are two visits to each lane: one to all lanes of the tile, then [`lane`](Self::lane).
    const IN_HALVES: bool = false;

    /// The first of two visits to a lane; what it leaves in the states of the neuron is kept.
    #[inline(always)]
    fn first_half(&mut self, tile: &mut Self::Tile, lane: usize, neuron: &mut M) {
        let _ = (tile, lane, neuron);
    }

    /// A lane; what it leaves in the states of the neuron is kept, and the spikes that it returns are collected.
    fn lane(&mut self, tile: &mut Self::Tile, lane: usize, neuron: &mut M) -> u32;

    /// After the last lane, with the spikes of all that are neurons.
    fn end(&mut self, number: usize, tile: &Self::Tile, spikes: &[u32; TILE]);
}

/// Whether a value lies within bounds; the ends are allowed unless `above` and `below` say otherwise.
#[inline(always)]
#[must_use]
pub fn is_within<S: Real>(x: S, low: f64, above: bool, high: f64, below: bool) -> bool {
    let (low, high) = (S::of(low), S::of(high));
    let enough = (x > low) | (!above & (x == low));
    let little = (x < high) | (!below & (x == high));
    enough & little
}
