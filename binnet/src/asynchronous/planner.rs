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
    /// Bit-planes: one bit a pair for each bit of the usual number of contacts.
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

/// How a cell is stored: `planes` bits of the count in planes, or all eight in a byte; what is left
/// of the count goes into lists.
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
            Self::Bits(planes) => planes,
            Self::Bytes => 8,
            Self::Lists => 0,
        }
    }
}

const MOST_PLANES: usize = 6;

/// Time of one word: loading and storing the counters, one more plane, and bytes.
const NS_WORD: f64 = 0.30;
const NS_PLANE: f64 = 0.22;
const NS_BYTES: f64 = 0.75;
/// Time of one list entry, and of one byte of connections (they seldom lie in the first caches).
const NS_ENTRY: f64 = 0.65;
const NS_BYTE: f64 = 0.03;

/// The expected cost in ns of one flip for a cell, under a choice.
pub(crate) fn cost(cell: &Cell, choice: Choice) -> f64 {
    let n = cell.lanes.len() as f64;
    let words = n / WORD as f64;
    let residual = n * residual_entries(&cell.multiplicity, choice.dense_bits());
    let lists = residual * (NS_ENTRY + 2.0 * NS_BYTE);
    lists
        + match choice {
            Choice::Bits(planes) => {
                words * (NS_WORD + NS_PLANE * planes as f64) + words * 4.0 * planes as f64 * NS_BYTE
            }
            Choice::Bytes => words * (NS_WORD + NS_BYTES) + n * NS_BYTE,
            Choice::Lists => 0.0,
        }
}

/// Expected list entries of a pair after `bits` low bits of its count are stored densely: the mean
/// of `count >> bits`.
pub(crate) fn residual_entries(multiplicity: &Multiplicity, bits: usize) -> f64 {
    if bits == 0 {
        return multiplicity.mean;
    }
    let step = 1_u32 << bits;
    let mut sum = 0.0;
    let mut at = step;
    while at < 1 << 14 {
        let p = multiplicity.at_least(at);
        sum += p;
        if p < 1e-12 {
            break;
        }
        at += step;
    }
    sum
}

/// Whether a count may have more than these low bits. Decided from the law, never from a rounded
/// probability, so that no contact is ever lost.
fn can_exceed(multiplicity: &Multiplicity, bits: usize) -> bool {
    match multiplicity.law {
        Law::AtMost(most) => u64::from(most) >= 1 << bits,
        Law::Poisson => true,
    }
}

/// The layout of a cell.
pub(crate) fn choose(cell: &Cell, layout: Layout) -> Choice {
    let bits = || {
        (1..=MOST_PLANES)
            .map(Choice::Bits)
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
        for (cell, choice) in &plan.cells {
            let value = 1_i16 << choice.dense_bits();
            for tile in cell.lanes.start / TILE..=(cell.lanes.end - 1) / TILE {
                let kind = ListKind { lane: cell.slot * stride + tile * TILE, value };
                if can_exceed(&cell.multiplicity, choice.dense_bits()) && !plan.lists.contains(&kind) {
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
        // One run of planes over all cells that follow closely; gaps hold zeros.
        let mut end = start + 1;
        let mut window = first.lanes.clone();
        let mut low = choice.dense_bits();
        while let Some((cell, Choice::Bits(planes))) = self.cells.get(end) {
            let gap = cell.lanes.start - window.end;
            if cell.slot != slot || gap > (2 * WORD).max(window.len() / 4) {
                break;
            }
            window.end = cell.lanes.end;
            low = low.min(*planes);
            end += 1;
        }
        self.planes(window, slot, stride, 0, low);
        for at in start..end {
            let (cell, choice) = &self.cells[at];
            let (lanes, high) = (cell.lanes.clone(), choice.dense_bits());
            if high > low {
                self.planes(lanes, slot, stride, low, high);
            }
        }
        end
    }

    fn planes(&mut self, window: Range<usize>, slot: usize, stride: usize, low: usize, high: usize) {
        let (lane, words) = words_of(&window, slot, stride);
        let store = Store::Bits { planes: high - low, offset: self.words, value: 1 << low };
        self.segments.push((Segment { lane, words, store }, window, low));
        self.words += words * (high - low);
    }

    /// The expected number of list entries of one column.
    pub(crate) fn expected_entries(&self) -> f64 {
        self.cells
            .iter()
            .map(|(c, choice)| c.lanes.len() as f64 * residual_entries(&c.multiplicity, choice.dense_bits()))
            .sum()
    }
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
        assert_eq!(at(100_000, 0.026, Law::Poisson), Choice::Lists);
        assert!(matches!(at(400, 2.4, Law::Poisson), Choice::Bits(3 | 4) | Choice::Bytes));
        assert_eq!(at(1000, 200.0, Law::Poisson), Choice::Bytes);
    }

    #[test]
    fn residuals_are_what_planes_leave() {
        let poisson = Multiplicity { mean: 0.3, law: Law::Poisson };
        // P(2 or 3) + 2 P(4 or 5) + ... of a Poisson variable of mean 0.3.
        let p = |k: i32| (-0.3_f64).exp() * 0.3_f64.powi(k) / (1..=k).map(f64::from).product::<f64>();
        let exact: f64 = (2..20).map(|k| f64::from(k / 2) * p(k)).sum();
        assert!((residual_entries(&poisson, 1) - exact).abs() < 1e-12);
        assert_eq!(residual_entries(&Multiplicity::single(0.3), 1), 0.0);
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
