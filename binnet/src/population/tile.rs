//! A few neurons side by side: what kernels work on.
//!
//! Kernels advance a population tile by tile, in place: [`Arrays::advance`](super::Arrays::advance) runs over the
//! lanes of a tile. Each field is an array of fixed length there, behind a reference that no other overlaps, which is
//! what the compiler needs to turn the loop into vector instructions.

use crate::neuron::Real;

/// The neurons of a tile: enough for the widest vectors, few enough for the fastest cache.
pub const TILE: usize = 64;

/// The values of a tile in place; if there are too few of them, a padded copy.
#[inline(always)]
pub fn lanes<'a, S: Copy>(values: &'a [S], start: usize, spare: &'a mut Option<[S; TILE]>) -> &'a [S; TILE] {
    let rest = values.get(start..).unwrap_or_default();
    match rest.first_chunk() {
        Some(full) => full,
        None => spare.insert(padded(rest)),
    }
}

/// The values of a tile in place, to be changed; if there are too few of them, a padded copy, which is to be
/// [restored](restore_lanes).
#[inline(always)]
pub fn lanes_mut<'a, S: Copy>(
    values: &'a mut [S],
    start: usize,
    spare: &'a mut Option<[S; TILE]>,
) -> &'a mut [S; TILE] {
    let (tiles, rest) = values.get_mut(start..).unwrap_or_default().as_chunks_mut();
    match tiles.first_mut() {
        Some(full) => full,
        None => spare.insert(padded(rest)),
    }
}

/// Copies the lanes of an incomplete tile back, if it was one.
#[inline(always)]
pub fn restore_lanes<S: Copy>(spare: Option<[S; TILE]>, start: usize, values: &mut [S]) {
    if let Some(lanes) = spare {
        let rest = values.get_mut(start..).unwrap_or_default();
        let count = rest.len().min(TILE);
        rest[..count].copy_from_slice(&lanes[..count]);
    }
}

/// Fewer values than lanes (but one at least), and copies of the last.
#[cold]
fn padded<S: Copy>(values: &[S]) -> [S; TILE] {
    core::array::from_fn(|lane| values[lane.min(values.len() - 1)])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_tiles_are_padded_with_the_last_neuron() {
        let mut values: Vec<f64> = (0..70).map(f64::from).collect();
        let mut spare = None;
        assert_eq!(lanes(&values, 0, &mut spare)[63], 63.0);
        assert_eq!(spare, None, "a full tile is no copy");
        lanes_mut(&mut values, 0, &mut spare)[63] = -1.0;
        restore_lanes(spare, 0, &mut values);
        assert_eq!((values[63], values[64]), (-1.0, 64.0));
        let tile = lanes_mut(&mut values, 64, &mut spare);
        assert_eq!((tile[0], tile[5], tile[63]), (64.0, 69.0, 69.0));
        tile[5] = 7.0;
        tile[6] = 8.0;
        restore_lanes(spare, 64, &mut values);
        assert_eq!((values.len(), values[64], values[69]), (70, 64.0, 7.0));
    }
}
