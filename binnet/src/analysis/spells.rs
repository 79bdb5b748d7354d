//! How long clusters stay active.

use ndarray::ArrayView2;

/// Levels of a rate between which a cluster keeps its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hysteresis {
    /// At this rate or above, it becomes active.
    pub up: f64,
    /// At this rate or below, it becomes inactive.
    pub down: f64,
    /// At this rate or above, it counts as active in the first sample.
    pub start: f64,
}

impl Default for Hysteresis {
    /// 0.4 up, 0.2 down, 0.3 at the start.
    fn default() -> Self {
        Self { up: 0.4, down: 0.2, start: 0.3 }
    }
}

/// Active spells of all columns of a table of rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spells {
    /// Samples spent active, summed over columns.
    pub samples: u64,
    /// Changes from active to inactive.
    pub exits: u64,
    /// Changes from inactive to active.
    pub entries: u64,
}

impl Spells {
    /// Counts the spells of the columns of `x` `[samples, columns]`.
    #[must_use]
    pub fn of(x: ArrayView2<'_, f64>, levels: &Hysteresis) -> Self {
        let mut spells = Self::default();
        for column in x.columns() {
            let mut active = column.first().is_some_and(|rate| *rate >= levels.start);
            for (sample, &rate) in column.iter().enumerate() {
                let before = active;
                if sample > 0 {
                    active = rate >= levels.up || (before && rate > levels.down);
                }
                spells.samples += u64::from(active);
                spells.exits += u64::from(before && !active);
                spells.entries += u64::from(!before && active);
            }
        }
        spells
    }

    /// The mean duration of an active spell, in samples: time active divided by exits, which counts
    /// unfinished spells rightly where durations are exponential. `None` without exits.
    #[must_use]
    pub fn dwell(&self) -> Option<f64> {
        (self.exits > 0).then(|| self.samples as f64 / self.exits as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn marks_are_kept_between_the_levels() {
        let x = array![[0.1], [0.35], [0.45], [0.25], [0.2], [0.5]];
        let spells = Spells::of(x.view(), &Hysteresis::default());
        assert_eq!(spells, Spells { samples: 3, exits: 1, entries: 2 });
        assert_eq!(spells.dwell(), Some(3.0));
    }

    #[test]
    fn the_first_sample_is_judged_by_the_middle() {
        let of = |x: &Array2<f64>| Spells::of(x.view(), &Hysteresis::default());
        assert_eq!(of(&array![[0.3, 0.29], [0.25, 0.39]]), Spells { samples: 2, exits: 0, entries: 0 });
        assert_eq!(of(&Array2::zeros((0, 3))), Spells::default());
        assert_eq!(Spells::default().dwell(), None);
    }
}
