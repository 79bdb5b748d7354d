//! A few neurons side by side, in arrays of fixed length: what kernels work on.

use super::Model;
use crate::neuron::Real;

/// The neurons of a tile: enough for the widest vectors, few enough for the fastest cache.
pub const TILE: usize = 64;

/// [`TILE`] neurons: an array for each field that is not shared.
///
/// Kernels load a tile, advance each lane, and store it; since lanes are arrays of fixed length, the
/// compiler turns the loop over them into vector instructions.
pub trait Tile: Clone + Send + Sync + 'static {
    /// The model of one neuron.
    type Model: Model<Tile = Self>;

    /// All lanes at the model's defaults.
    fn new() -> Self;

    /// The neuron in a lane; its shared parameters are those of `shared`, and so are locals that no step of the
    /// model reads.
    ///
    /// (They come from elsewhere than the tile, so that the compiler sees that no lane changes them, and
    /// computes what follows from them once.)
    ///
    /// # Panics
    /// Beyond the last lane.
    fn get(&self, lane: usize, shared: &Self::Model) -> Self::Model;

    /// Copies the states of a neuron into a lane. The other fields do not change in a step.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn set(&mut self, lane: usize, neuron: &Self::Model);

    /// Whether no state of any lane is NaN, infinite, or out of the bounds that are checked.
    fn is_sound(&self) -> bool;
}

/// Copies values from `start` on into lanes; beyond the last value, its copies.
#[inline(always)]
pub fn load_lanes<S: Copy>(values: &[S], start: usize, lanes: &mut [S; TILE]) {
    let rest = values.get(start..).unwrap_or_default();
    if let Some(full) = rest.first_chunk::<TILE>() {
        *lanes = *full;
    } else if let Some(last) = rest.last() {
        lanes.fill(*last);
        lanes[..rest.len()].copy_from_slice(rest);
    }
}

/// Copies lanes to the values from `start` on, as far as there are any.
#[inline(always)]
pub fn store_lanes<S: Copy>(lanes: &[S; TILE], start: usize, values: &mut [S]) {
    let rest = values.get_mut(start..).unwrap_or_default();
    if let Some(full) = rest.first_chunk_mut::<TILE>() {
        *full = *lanes;
    } else {
        let count = rest.len();
        rest.copy_from_slice(&lanes[..count]);
    }
}

/// Whether no lane is NaN or infinite.
#[inline(always)]
#[must_use]
pub fn lanes_finite<S: Real>(lanes: &[S; TILE]) -> bool {
    // 0 times a number is 0 only if it is finite. Folded without a way out, so that it is one vector loop.
    lanes.iter().fold(true, |fine, x| fine & (*x * S::of(0.0) == S::of(0.0)))
}

/// Whether all lanes lie within bounds; the ends are allowed unless `above` and `below` say otherwise.
#[inline(always)]
#[must_use]
pub fn lanes_within<S: Real>(lanes: &[S; TILE], low: f64, above: bool, high: f64, below: bool) -> bool {
    let (low, high) = (S::of(low), S::of(high));
    lanes.iter().fold(true, |fine, x| {
        let enough = (*x > low) | (!above & (*x == low));
        let little = (*x < high) | (!below & (*x == high));
        fine & enough & little
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_tiles_are_padded_with_the_last_neuron() {
        let values: Vec<f64> = (0..70).map(f64::from).collect();
        let mut lanes = [0.0; TILE];
        load_lanes(&values, 0, &mut lanes);
        assert_eq!((lanes[0], lanes[63]), (0.0, 63.0));
        load_lanes(&values, 64, &mut lanes);
        assert_eq!((lanes[0], lanes[5], lanes[63]), (64.0, 69.0, 69.0));
        let mut out = vec![0.0; 70];
        store_lanes(&lanes, 64, &mut out);
        assert_eq!((out[63], out[64], out[69]), (0.0, 64.0, 69.0));
        load_lanes(&values, 70, &mut lanes);
        store_lanes(&lanes, 128, &mut out);
    }

    #[test]
    fn what_is_no_number_is_found_in_every_lane() {
        for lane in [0, 31, 63] {
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut lanes = [1e308; TILE];
                assert!(lanes_finite(&lanes));
                lanes[lane] = bad;
                assert!(!lanes_finite(&lanes));
            }
        }
    }
}
