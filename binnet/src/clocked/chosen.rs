//! Which neurons are recorded, driven or watched: as written, and as found.

use core::fmt;
use core::ops::Range;

/// A part of a population as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::clocked) enum Which {
    All,
    Neurons(Range<usize>),
    List(Vec<usize>),
    /// Rows and columns.
    Patch(Range<usize>, Range<usize>),
}

/// Neurons of a population, or channels of a source, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::clocked) enum Chosen {
    /// Neighbours.
    Range(Range<usize>),
    /// Others, each once.
    List(Vec<usize>),
}

impl Which {
    /// As a range or list, all being so many.
    pub(in crate::clocked) fn text(&self, size: usize) -> String {
        match self {
            Self::All => format!("0..{size}"),
            Self::Neurons(range) => format!("{range:?}"),
            Self::List(list) => format!("{list:?}"),
            Self::Patch(rows, columns) => format!("[{rows:?}, {columns:?}]"),
        }
    }

    /// The neurons among so many, which may lie in rows and columns. What is wrong otherwise, and what helps: `verb` is what
    /// is done with them, as in `acts on`, and `whose` they are.
    pub(in crate::clocked) fn choose(
        &self,
        size: usize,
        grid: Option<[usize; 2]>,
        verb: &str,
        whose: &str,
    ) -> Result<Chosen, (String, String)> {
        let chosen = match self {
            Self::All => Chosen::Range(0..size),
            Self::Neurons(range) => Chosen::Range(range.clone()),
            Self::List(list) => Chosen::list(list.clone()),
            Self::Patch(rows, columns) => {
                let Some([height, width]) = grid else {
                    let problem = format!("{verb} rows and columns, but {whose} has none");
                    return Err((problem, "choose a range of neurons".to_owned()));
                };
                if rows.is_empty() || columns.is_empty() || rows.end > height || columns.end > width {
                    let problem =
                        format!("{verb} rows {rows:?} and columns {columns:?}, but {whose} has {height} x {width}");
                    return Err((problem, format!("choose some of [0..{height}, 0..{width}]")));
                }
                let row = |row: usize| columns.clone().map(move |column| row * width + column);
                Chosen::list(rows.clone().flat_map(row).collect())
            }
        };
        let neurons = chosen.hull();
        if chosen.len() == 0 || neurons.end > size {
            let problem = format!("{verb} neurons {neurons:?}, but {whose} has {size}");
            return Err((problem, format!("choose some of 0..{size}")));
        }
        Ok(chosen)
    }
}

/// As in a condition: `[3..5]`, `[..5, 2..4]`, or a list.
impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Neurons(range) => write!(f, "[{range:?}]"),
            Self::List(list) => write!(f, "{list:?}"),
            Self::Patch(rows, columns) => write!(f, "[{rows:?}, {columns:?}]"),
        }
    }
}

impl Chosen {
    /// Those of a list, in any order.
    pub(in crate::clocked) fn list(mut neurons: Vec<usize>) -> Self {
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

    pub(in crate::clocked) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::List(list) => list.len(),
        }
    }

    /// From the first to the last.
    pub(in crate::clocked) fn hull(&self) -> Range<usize> {
        match self {
            Self::Range(range) => range.clone(),
            Self::List(list) => {
                list.first().copied().unwrap_or(0)..list.last().map_or(0, |last| last.saturating_add(1))
            }
        }
    }

    /// The place of a neuron among them.
    #[inline]
    pub(in crate::clocked) fn place(&self, neuron: usize) -> Option<usize> {
        match self {
            Self::Range(range) => range.contains(&neuron).then(|| neuron - range.start),
            Self::List(list) => list.binary_search(&neuron).ok(),
        }
    }

    pub(in crate::clocked) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let (range, list) = match self {
            Self::Range(range) => (range.clone(), &[][..]),
            Self::List(list) => (0..0, &list[..]),
        };
        range.chain(list.iter().copied())
    }

    /// Calls `f` on the values of those that are chosen of all.
    #[inline]
    pub(in crate::clocked) fn each_of<T: Copy>(&self, all: &[T], f: impl FnMut(T)) {
        match self {
            Self::Range(range) => all[range.clone()].iter().copied().for_each(f),
            Self::List(list) => list.iter().map(|neuron| all[*neuron]).for_each(f),
        }
    }

    /// The same with the place of each among them, and to be changed.
    #[inline]
    pub(in crate::clocked) fn each_mut<T>(&self, all: &mut [T], mut f: impl FnMut(usize, &mut T)) {
        match self {
            Self::Range(range) => all[range.clone()].iter_mut().enumerate().for_each(|(place, x)| f(place, x)),
            Self::List(list) => list.iter().enumerate().for_each(|(place, neuron)| f(place, &mut all[*neuron])),
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
