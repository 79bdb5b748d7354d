//! The layout planner: bits, bytes or lists for each block, from its density and size.
//!
//! The costs are nanoseconds measured on a Zen 5 core and only have to be right relative to each
//! other. They depend on sizes and densities alone, so the layout never depends on the machine.

use core::ops::Range;

use super::kernel::WORD;
use super::layout::{ListKind, Segment, Store, TILE};
use crate::connect::{Law, Multiplicity};

/// Which layout to use where the planner shall not choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// The cheapest of the others, block by block.
    #[default]
    Auto,
    /// Fields of 1, 2 or 4 bits a pair, as the usual number of contacts needs.
    Bits,
    /// One byte a pair.
    Counts,
    /// Lists of targets, two bytes a contact.
    Lists,
}

/// Targets that all have contacts of the same law from one group, in one slot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) slot: usize,
    pub(crate) lanes: Range<usize>,
    pub(crate) multiplicity: Multiplicity,
}

/// How a cell is stored: so many low bits of the count in fields, or eight in a byte, what is left of
/// the count as extras; or all of it as a list of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Bits(usize),
    Bytes,
    Lists,
}

impl Choice {
    /// How many low bits of a count are stored densely.
    pub(crate) fn dense_bits(self) -> usize {
        match self {
            Self::Bits(bits) => bits,
            Self::Bytes => 8,
            Self::Lists => 0,
        }
    }
}

/// The widths that fields can have.
const WIDTHS: [usize; 3] = [1, 2, 4];

/// Time of one word of fields or bytes.
const NS_WORD: f64 = 0.45;
const NS_BYTES: f64 = 0.60;
/// Time of one more segment.
const NS_SEGMENT: f64 = 8.0;
/// Time of one list entry or extra, and of one byte of connections (they seldom lie in the first
/// caches).
const NS_ENTRY: f64 = 0.65;
const NS_BYTE: f64 = 0.03;

/// The expected cost in ns of one flip for a cell, under a choice.
pub(crate) fn cost(cell: &Cell, choice: Choice) -> f64 {
    let n = cell.lanes.len() as f64;
    let words = n / WORD as f64;
    match choice {
        Choice::Lists => n * cell.multiplicity.mean * (NS_ENTRY + 2.0 * NS_BYTE),
        Choice::Bits(bits) => words * (NS_WORD + 4.0 * bits as f64 * NS_BYTE) + extra_cost(cell, bits),
        Choice::Bytes => words * (NS_BYTES + WORD as f64 * NS_BYTE) + extra_cost(cell, 8),
    }
}

fn extra_cost(cell: &Cell, bits: usize) -> f64 {
    cell.lanes.len() as f64 * cell.multiplicity.at_least(1 << bits) * (NS_ENTRY + 8.0 * NS_BYTE)
}

/// The layout of a cell.
pub(crate) fn choose(cell: &Cell, layout: Layout) -> Choice {
    let bits = || {
        WIDTHS
            .map(Choice::Bits)
            .into_iter()
            .min_by(|a, b| cost(cell, *a).total_cmp(&cost(cell, *b)))
            .unwrap_or(Choice::Bits(1))
    };
    match layout {
        Layout::Bits => bits(),
        Layout::Counts => Choice::Bytes,
        Layout::Lists => Choice::Lists,
        Layout::Auto => [Choice::Lists, bits(), Choice::Bytes]
            .into_iter()
            .min_by(|a, b| cost(cell, *a).total_cmp(&cost(cell, *b)))
            .unwrap_or(Choice::Lists),
    }
}

/// Adds the law of one more projection onto the same targets in the same slot.
pub(crate) fn combine(a: &Multiplicity, b: &Multiplicity) -> Multiplicity {
    let law = match (&a.law, &b.law) {
        (Law::AtMost(m), Law::AtMost(n)) => Law::AtMost(m.saturating_add(*n)),
        _ => Law::Poisson,
    };
    Multiplicity { mean: a.mean + b.mean, law }
}

/// The shape of the columns of one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnPlan {
    /// Cells with their choice, ordered by slot and lane.
    pub(crate) cells: Vec<(Cell, Choice)>,
    /// Segments, with the window of lanes whose bits they may hold and the lowest bit they hold.
    pub(crate) segments: Vec<(Segment, Range<usize>, usize)>,
    pub(crate) words: usize,
    pub(crate) bytes: usize,
    pub(crate) lists: Vec<ListKind>,
}

impl ColumnPlan {
    /// Lays out the columns of a group whose cells are given, for counters of `stride` a slot.
    pub(crate) fn new(cells: Vec<Cell>, layout: Layout, stride: usize) -> Self {
        let mut plan = Self::default();
        for cell in merge(cells) {
            let choice = choose(&cell, layout);
            plan.cells.push((cell, choice));
        }
        let mut at = 0;
        while at < plan.cells.len() {
            at = plan.run(at, stride);
        }
        for (cell, _) in plan.cells.iter().filter(|c| c.1 == Choice::Lists) {
            for tile in cell.lanes.start / TILE..=(cell.lanes.end - 1) / TILE {
                let kind = ListKind { lane: cell.slot * stride + tile * TILE };
                if !plan.lists.contains(&kind) {
                    plan.lists.push(kind);
                }
            }
        }
        plan
    }

    /// Makes the segments of the run of cells that begins at `start`; returns where the next begins.
    fn run(&mut self, start: usize, stride: usize) -> usize {
        let (first, choice) = (&self.cells[start].0, self.cells[start].1);
        let slot = first.slot;
        match choice {
            Choice::Lists => return start + 1,
            Choice::Bytes => {
                let window = first.lanes.clone();
                let (lane, words) = words_of(&window, slot, stride);
                let store = Store::Bytes { offset: self.bytes };
                self.segments.push((Segment { lane, words, store }, window, 0));
                self.bytes += words * WORD;
                return start + 1;
            }
            Choice::Bits(_) => {}
        }
        // One run of fields over all cells that follow closely; gaps hold zeros.
        let mut end = start + 1;
        let mut window = first.lanes.clone();
        while let Some((cell, Choice::Bits(_))) = self.cells.get(end) {
            // Cells of another slot begin again at the first lane.
            let gap = cell.lanes.start.saturating_sub(window.end);
            if cell.slot != slot || gap > (2 * WORD).max(window.len() / 4) {
                break;
            }
            window.end = cell.lanes.end;
            end += 1;
        }
        let low = self.base_width(start..end, window.len());
        self.fields(window, slot, stride, 0, low);
        for at in start..end {
            let (lanes, high) = (self.cells[at].0.lanes.clone(), self.cells[at].1.dense_bits());
            let more = extra_width(low, high);
            if more > 0 {
                self.fields(lanes, slot, stride, low, more);
            }
            self.cells[at].1 = Choice::Bits(low + more);
        }
        end
    }

    /// The cheapest width of the fields of a run; denser cells get the rest of their bits in windows
    /// of their own.
    fn base_width(&self, cells: Range<usize>, lanes: usize) -> usize {
        let fields = |lanes: usize, bits: usize| lanes as f64 / WORD as f64 * (NS_WORD + 4.0 * bits as f64 * NS_BYTE);
        let run = |low: usize| -> f64 {
            let windows = self.cells[cells.clone()].iter().map(|(cell, choice)| {
                let more = extra_width(low, choice.dense_bits());
                let window = if more > 0 { NS_SEGMENT + fields(cell.lanes.len(), more) } else { 0.0 };
                window + extra_cost(cell, low + more)
            });
            fields(lanes, low) + windows.sum::<f64>()
        };
        WIDTHS.into_iter().min_by(|a, b| run(*a).total_cmp(&run(*b))).unwrap_or(1)
    }

    fn fields(&mut self, window: Range<usize>, slot: usize, stride: usize, low: usize, bits: usize) {
        let (lane, words) = words_of(&window, slot, stride);
        let store = Store::Fields { bits, offset: self.words, shift: low as u32 };
        self.segments.push((Segment { lane, words, store }, window, low));
        self.words += words * bits;
    }

    /// The expected number of list entries of one column.
    pub(crate) fn expected_entries(&self) -> f64 {
        self.cells
            .iter()
            .filter(|c| c.1 == Choice::Lists)
            .map(|(c, _)| c.lanes.len() as f64 * c.multiplicity.mean)
            .sum()
    }

    /// The expected number of extras of one column.
    pub(crate) fn expected_extras(&self) -> f64 {
        let dense = self.cells.iter().filter(|c| c.1 != Choice::Lists);
        dense.map(|(c, choice)| c.lanes.len() as f64 * c.multiplicity.at_least(1 << choice.dense_bits())).sum()
    }
}

/// The width of the window of a cell that needs `high` bits where its run holds `low`.
fn extra_width(low: usize, high: usize) -> usize {
    if high <= low { 0 } else { WIDTHS.into_iter().find(|w| low + w >= high).unwrap_or(4) }
}

/// First counter and number of words that cover a window of lanes.
fn words_of(window: &Range<usize>, slot: usize, stride: usize) -> (usize, usize) {
    let first = window.start / WORD;
    (slot * stride + first * WORD, window.end.div_ceil(WORD) - first)
}

/// Adds up cells on the same lanes and joins neighbours of the same law.
fn merge(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.retain(|c| !c.lanes.is_empty() && c.multiplicity.mean > 0.0);
    cells.sort_by_key(|c| (c.slot, c.lanes.start));
    let mut merged: Vec<Cell> = Vec::new();
    for cell in cells {
        match merged.last_mut() {
            Some(last) if last.slot == cell.slot && last.lanes == cell.lanes => {
                last.multiplicity = combine(&last.multiplicity, &cell.multiplicity);
            }
            _ => merged.push(cell),
        }
    }
    let mut joined: Vec<Cell> = Vec::new();
    for cell in merged {
        match joined.last_mut() {
            Some(last)
                if last.slot == cell.slot
                    && last.lanes.end == cell.lanes.start
                    && last.multiplicity == cell.multiplicity =>
            {
                last.lanes.end = cell.lanes.end;
            }
            _ => joined.push(cell),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(slot: usize, lanes: Range<usize>, mean: f64, law: Law) -> Cell {
        Cell { slot, lanes, multiplicity: Multiplicity { mean, law } }
    }

    #[test]
    fn density_decides() {
        let at = |n, mean, law| choose(&cell(0, 0..n, mean, law), Layout::Auto);
        assert_eq!(at(10_000, 0.3, Law::AtMost(1)), Choice::Bits(1));
        assert_eq!(at(100_000, 0.01, Law::Poisson), Choice::Lists);
        assert_eq!(at(400, 2.4, Law::Poisson), Choice::Bits(4));
        assert_eq!(at(10_000, 0.3, Law::Poisson), Choice::Bits(2));
        assert_eq!(at(1000, 200.0, Law::Poisson), Choice::Bytes);
    }

    #[test]
    fn one_base_run_and_one_window_for_a_denser_cluster() {
        let law = || Law::Poisson;
        let cells =
            vec![cell(0, 0..4000, 0.19, law()), cell(0, 4000..4400, 2.4, law()), cell(0, 4400..10_000, 0.19, law())];
        let plan = ColumnPlan::new(cells, Layout::Bits, 10_016);
        assert_eq!(plan.segments.len(), 2);
        assert_eq!(plan.segments[0].1, 0..10_000);
        assert_eq!(plan.segments[1].1, 4000..4400);
        assert!(plan.segments[1].2 > 0, "the window holds the high bits only");
    }
}
