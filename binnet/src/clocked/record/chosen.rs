//! Which neurons a record is of.

use core::ops::Range;

/// Neurons of a population, or channels of a source, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Neighbours.
    Range(Range<usize>),
    /// Others, each once.
    List(Vec<usize>),
}

impl Chosen {
    /// Those of a list, in any order.
    pub(super) fn list(mut neurons: Vec<usize>) -> Self {
        neurons.sort_unstable();
        neurons.dedup();
        match (neurons.first(), neurons.last()) {
            // A number that no neuron can have makes an empty range, or one that ends behind all neurons.
            (Some(&first), Some(&last)) if last - first == neurons.len() - 1 => {
                Self::Range(first..last.saturating_add(1))
            }
            _ => Self::List(neurons),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::List(list) => list.len(),
        }
    }

    /// From the first to the last.
    pub(super) fn hull(&self) -> Range<usize> {
        match self {
            Self::Range(range) => range.clone(),
            Self::List(list) => {
                list.first().copied().unwrap_or(0)..list.last().map_or(0, |last| last.saturating_add(1))
            }
        }
    }

    /// The place of a neuron among them.
    #[inline]
    pub(super) fn place(&self, neuron: usize) -> Option<usize> {
        match self {
            Self::Range(range) => range.contains(&neuron).then(|| neuron - range.start),
            Self::List(list) => list.binary_search(&neuron).ok(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let (range, list) = match self {
            Self::Range(range) => (range.clone(), &[][..]),
            Self::List(list) => (0..0, &list[..]),
        };
        range.chain(list.iter().copied())
    }

    /// Calls `f` on the values of those that are chosen of all.
    #[inline]
    pub(super) fn each_of<T: Copy>(&self, all: &[T], f: impl FnMut(T)) {
        match self {
            Self::Range(range) => all[range.clone()].iter().copied().for_each(f),
            Self::List(list) => list.iter().map(|neuron| all[*neuron]).for_each(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neurons_in_order() {
        let list = Chosen::list(vec![9, 2, 4, 2]);
        assert_eq!((list.len(), list.hull(), list.iter().collect::<Vec<_>>()), (3, 2..10, vec![2, 4, 9]));
        assert_eq!([1, 2, 3, 4, 9, 10].map(|i| list.place(i)), [None, Some(0), None, Some(1), Some(2), None]);
        let range = Chosen::list(vec![4, 3, 5]);
        assert_eq!((&range, range.place(5), range.place(6)), (&Chosen::Range(3..6), Some(2), None));
        assert_eq!((Chosen::list(Vec::new()).len(), Chosen::list(Vec::new()).hull()), (0, 0..0));
        assert_eq!(Chosen::list(vec![usize::MAX]).len(), 0);
        assert_eq!(Chosen::list(vec![0, usize::MAX]).hull(), 0..usize::MAX);
        let mut seen = Vec::new();
        list.each_of(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], |x| seen.push(x));
        range.each_of(&[0, 1, 2, 3, 4, 5], |x| seen.push(x));
        assert_eq!(seen, [2, 4, 9, 3, 4, 5]);
    }
}
