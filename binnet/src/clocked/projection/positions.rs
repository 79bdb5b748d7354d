//! Which neurons of a population an end of a projection means.

use super::spec::{End, Part};
use crate::error::{BuildError, Result};

/// The neurons of an end, in order: rules see them as `0..len()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Positions {
    first: usize,
    /// How many stand side by side, and how far it is from one row to the next.
    width: usize,
    stride: usize,
    len: usize,
}

impl Positions {
    /// The neurons of an end of a population of `size` neurons; `grid` are its rows and columns.
    pub(super) fn new(end: &End, size: usize, grid: Option<[usize; 2]>) -> Result<Self> {
        let refuse = |problem: String, help: &str| -> Result<Self> {
            Err(BuildError::Value { what: format!("a part of `{}`", end.name), problem, help: help.to_owned() }.into())
        };
        match &end.part {
            Part::All => Ok(Self { first: 0, width: size, stride: size, len: size }),
            Part::Neurons(range) => {
                if range.start >= range.end || range.end > size {
                    let problem = format!("is {}..{}, but there are {size} neurons", range.start, range.end);
                    return refuse(problem, "ranges begin at 0 and end before their last number");
                }
                Ok(Self { first: range.start, width: range.len(), stride: range.len(), len: range.len() })
            }
            Part::Patch(rows, columns) => {
                let Some([height, width]) = grid else {
                    return refuse("has rows and columns, the population has not".to_owned(), "give one range");
                };
                if rows.start >= rows.end || columns.start >= columns.end || rows.end > height || columns.end > width {
                    let problem = format!(
                        "is [{}..{}, {}..{}], but there are {height} rows and {width} columns",
                        rows.start, rows.end, columns.start, columns.end
                    );
                    return refuse(problem, "ranges begin at 0 and end before their last number");
                }
                let first = rows.start * width + columns.start;
                Ok(Self { first, width: columns.len(), stride: width, len: rows.len() * columns.len() })
            }
        }
    }

    /// In words: the first neuron, and how many stand side by side how far apart.
    pub(super) fn describe(&self) -> String {
        let Self { first, width, stride, len } = self;
        format!("{len} from {first}, {width} of {stride}")
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Rows and columns of the part, if the population has two dimensions.
    pub(super) fn grid(&self, population: Option<[usize; 2]>) -> Option<[usize; 2]> {
        let [_, columns] = population?;
        // A range of single neurons is a line, unless it is made of whole rows.
        let width = if self.width == self.len && self.len.is_multiple_of(columns) && self.first.is_multiple_of(columns)
        {
            columns
        } else {
            self.width
        };
        Some([self.len / width.max(1), width])
    }

    /// The neuron at a position of the part.
    #[inline(always)]
    pub(super) fn neuron(&self, position: usize) -> usize {
        if self.width == self.len {
            self.first + position
        } else {
            self.first + position / self.width * self.stride + position % self.width
        }
    }

    /// The position of a neuron in the part.
    #[inline(always)]
    pub(super) fn position(&self, neuron: usize) -> Option<usize> {
        let offset = neuron.checked_sub(self.first)?;
        if self.width == self.len {
            return (offset < self.len).then_some(offset);
        }
        let (row, column) = (offset / self.stride, offset % self.stride);
        let position = row * self.width + column;
        (column < self.width && position < self.len).then_some(position)
    }

    /// Whether its neurons follow each other.
    pub(super) fn is_line(&self) -> bool {
        self.width == self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_populations() {
        let grid = Some([4, 10]);
        let all = Positions::new(&End::of("a"), 40, grid).unwrap();
        assert_eq!((all.len(), all.neuron(7), all.position(39), all.grid(grid)), (40, 7, Some(39), grid));
        let line = Positions::new(&End::of("a").neurons(5..9), 40, None).unwrap();
        assert_eq!((line.neuron(1), line.position(9), line.position(4), line.position(8)), (6, None, None, Some(3)));
        let patch = Positions::new(&End::of("a").patch(1..3, 2..5), 40, grid).unwrap();
        let neurons: Vec<_> = (0..patch.len()).map(|i| patch.neuron(i)).collect();
        assert_eq!(neurons, [12, 13, 14, 22, 23, 24]);
        assert!(neurons.iter().enumerate().all(|(i, n)| patch.position(*n) == Some(i)));
        assert_eq!((patch.position(15), patch.position(32), patch.position(11)), (None, None, None));
        assert_eq!(patch.grid(grid), Some([2, 3]));
        for bad in [End::of("a").neurons(5..41), End::of("a").neurons(7..7), End::of("a").patch(0..5, 0..1)] {
            assert!(Positions::new(&bad, 40, grid).is_err(), "{bad:?}");
        }
        assert!(Positions::new(&End::of("a").patch(0..1, 0..1), 40, None).is_err());
    }
}
