//! Weight classes: contacts of equal weight share one integer counter of their target.

use super::spec::ProjectionSpec;
use crate::connect::KindWeights;

/// Which slot each kind of contact of each projection counts in, and what a slot weighs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classes {
    pub(crate) slots: usize,
    /// `weights[p * slots + c]`: the weight of slot c for targets in population p.
    pub(crate) weights: Vec<f64>,
    /// For each projection, the slot of each of its kinds; empty for real weights.
    pub(crate) slots_of: Vec<Vec<usize>>,
}

/// One kind of contact: presynaptic population, declaration, kind. The same kind gets the same slot
/// on all targets where it can, so that one run of counters serves several populations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    pre: usize,
    group: usize,
    kind: usize,
}

impl Classes {
    /// Assigns slots. `kinds[q]` are the weights that projection q brings; real ones get no slot.
    pub(crate) fn assign(populations: usize, projections: &[ProjectionSpec], kinds: &[KindWeights]) -> Self {
        let entries: Vec<_> = projections
            .iter()
            .zip(kinds)
            .enumerate()
            .filter_map(|(q, (projection, kinds))| match kinds {
                KindWeights::Kinds(weights) => Some((q, projection, weights)),
                KindWeights::Real => None,
            })
            .flat_map(|(q, projection, weights)| {
                let group = projection.group;
                weights.iter().enumerate().map(move |(kind, w)| {
                    (Key { pre: projection.pre, group, kind }, projection.post, q, w * projection.weight)
                })
            })
            .collect();
        let mut keys: Vec<Key> = entries.iter().map(|e| e.0).collect();
        keys.sort_unstable();
        keys.dedup();

        // On each target population, kinds of equal weight are represented by the first of them.
        let mut representative = vec![vec![None; keys.len()]; populations];
        for (post, representative) in representative.iter_mut().enumerate() {
            let mut seen: Vec<(u64, usize)> = Vec::new();
            let mut mine: Vec<_> = entries.iter().filter(|e| e.1 == post).collect();
            mine.sort_by_key(|e| e.0);
            for (key, _, _, weight) in mine {
                let at = keys.partition_point(|k| k < key);
                let bits = weight.to_bits();
                let first = seen.iter().find(|(w, _)| *w == bits).map(|(_, k)| *k);
                if first.is_none() {
                    seen.push((bits, at));
                }
                representative[at] = Some(first.unwrap_or(at));
            }
        }
        let mut used: Vec<usize> = representative.iter().flatten().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let slots = used.len();

        let mut classes =
            Self { slots, weights: vec![0.0; slots * populations], slots_of: vec![Vec::new(); projections.len()] };
        for (key, post, q, weight) in entries {
            let at = keys.partition_point(|k| *k < key);
            let slot = representative[post][at].map_or(0, |r| used.partition_point(|u| *u < r));
            classes.weights[post * slots + slot] = weight;
            classes.slots_of[q].push(slot);
        }
        classes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::fixed_prob;

    fn projection(pre: usize, post: usize, weight: f64, group: usize) -> ProjectionSpec {
        ProjectionSpec::new(pre, post, fixed_prob(0.1), weight).group(group)
    }

    fn assign(projections: &[ProjectionSpec]) -> Classes {
        Classes::assign(2, projections, &vec![KindWeights::Kinds(vec![1.0]); projections.len()])
    }

    #[test]
    fn four_classes_where_inside_and_outside_weights_differ() {
        let specs: Vec<_> = [(0, 0, 1.0, 2.0), (1, 0, -3.0, -4.0), (0, 1, 5.0, 6.0), (1, 1, -7.0, -8.0)]
            .iter()
            .flat_map(|&(pre, post, inside, outside)| {
                [projection(pre, post, inside, 0), projection(pre, post, outside, 1)]
            })
            .collect();
        let classes = assign(&specs);
        assert_eq!(classes.slots, 4);
        assert_eq!(classes.weights, [1.0, 2.0, -3.0, -4.0, 5.0, 6.0, -7.0, -8.0]);
        // The same kind lies in the same slot on both targets.
        assert_eq!(classes.slots_of.concat(), [0, 1, 2, 3, 0, 1, 2, 3]);
    }

    #[test]
    fn equal_weights_share_a_slot() {
        let specs: Vec<_> = [(0, 0, 1.0), (1, 0, -3.0), (0, 1, 1.0), (1, 1, -7.0)]
            .iter()
            .flat_map(|&(pre, post, w)| [projection(pre, post, w, 0), projection(pre, post, w, 1)])
            .collect();
        let classes = assign(&specs);
        assert_eq!(classes.slots, 2);
        assert_eq!(classes.slots_of.concat(), [0, 0, 1, 1, 0, 0, 1, 1]);
    }
}
