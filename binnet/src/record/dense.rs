//! Logs with one entry an update, as the Python package writes them.

use std::iter::Peekable;

use ndarray::{Array2, ArrayBase, Data, Dimension, Ix2};
use num_traits::ToPrimitive;

use super::sample::zeros;
use super::{Flip, FlipLog, Flips, Sections};
use crate::error::{RecordError, Result};

impl FlipLog {
    /// Reads a log with one neuron id and one change (-1, 0 or 1) an update.
    ///
    /// One-dimensional arrays are one row. Several rows are several updates a step, applied in
    /// order of the rows; samples and times then count steps.
    ///
    /// # Shapes
    /// `updates` and `deltas`: both `[steps]` or both `[rows, steps]`.
    ///
    /// # Errors
    /// For other shapes, ids of no neuron, changes other than -1, 0 and 1, and changes that
    /// contradict the states.
    pub fn from_dense<T, U, D1, D2>(
        sections: Sections,
        initial: &[u8],
        updates: &ArrayBase<impl Data<Elem = T>, D1>,
        deltas: &ArrayBase<impl Data<Elem = U>, D2>,
    ) -> Result<Self>
    where
        T: Copy + ToPrimitive,
        U: Copy + ToPrimitive,
        D1: Dimension,
        D2: Dimension,
    {
        if updates.shape() != deltas.shape() {
            return Err(RecordError::Inconsistent(format!(
                "the neuron ids have shape {:?}, the changes {:?}",
                updates.shape(),
                deltas.shape()
            ))
            .into());
        }
        let (rows, steps) = match *updates.shape() {
            [steps] => (1, steps),
            [rows, steps] if rows > 0 => (rows, steps),
            ref other => {
                return Err(
                    RecordError::Inconsistent(format!("shape {other:?} is neither [steps] nor [rows, steps]")).into()
                );
            }
        };
        let inconsistent = |e: ndarray::ShapeError| RecordError::Inconsistent(e.to_string());
        let updates = updates.view().into_shape_with_order((rows, steps)).map_err(inconsistent)?;
        let deltas = deltas.view().into_shape_with_order((rows, steps)).map_err(inconsistent)?;
        let neurons = sections.neurons();
        let mut log = Self::new(sections, initial, 0)?;
        for step in 0..steps {
            for row in 0..rows {
                let id = updates[[row, step]].to_u32().filter(|&id| (id as usize) < neurons);
                let neuron = id.ok_or_else(|| {
                    let id = updates[[row, step]].to_f64().unwrap_or(f64::NAN);
                    RecordError::Inconsistent(format!(
                        "neuron {id} in row {row}, step {step} does not exist: there are {neurons} neurons"
                    ))
                })?;
                let up = match deltas[[row, step]].to_f64() {
                    Some(0.0) => continue,
                    Some(1.0) => true,
                    Some(-1.0) => false,
                    other => {
                        let delta = other.unwrap_or(f64::NAN);
                        return Err(RecordError::Inconsistent(format!(
                            "a change of {delta} in row {row}, step {step}; changes are -1, 0 or 1"
                        ))
                        .into());
                    }
                };
                log.push(Flip { update: step as u64, neuron, up })?;
            }
        }
        log.advance_to(steps as u64)?;
        Ok(log)
    }

    /// The log with one neuron id and one change (-1, 0 or 1) an update, for the Python package's
    /// own functions. Updates that changed nothing are written as neuron 0 with change 0.
    ///
    /// # Shapes
    /// Both `[rows, updates]`; one row, except for logs that were read with several.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn to_dense(&self) -> Result<(Array2<u32>, Array2<i8>)> {
        let (rows, steps) = self.dense_shape()?;
        let (mut updates, mut deltas) = (zeros::<u32>(rows, steps)?, zeros::<i8>(rows, steps)?);
        for (index, (neuron, delta)) in self.dense_entries(rows).enumerate() {
            let at = Ix2(index / steps, index % steps);
            (updates[at], deltas[at]) = (neuron, delta);
        }
        Ok((updates, deltas))
    }

    /// Rows and columns of the dense form.
    pub(super) fn dense_shape(&self) -> Result<(usize, usize)> {
        let steps = usize::try_from(self.updates()).map_err(|_| RecordError::Memory { megabytes: u128::MAX })?;
        let (mut rows, mut shared, mut last) = (1, 0, None);
        for flip in self {
            shared = if last == Some(flip.update) { shared + 1 } else { 1 };
            last = Some(flip.update);
            rows = rows.max(shared);
        }
        Ok((rows, steps))
    }

    /// Neuron and change of each entry of the dense form, row by row.
    pub(super) fn dense_entries(&self, rows: usize) -> impl Iterator<Item = (u32, i8)> + '_ {
        (0..rows).flat_map(move |row| DenseRow { flips: self.iter().peekable(), steps: 0..self.updates(), row })
    }
}

/// One row of the dense form: in each step its flip number `row`, if there are as many.
struct DenseRow<'a> {
    flips: Peekable<Flips<'a>>,
    steps: std::ops::Range<u64>,
    row: usize,
}

impl Iterator for DenseRow<'_> {
    type Item = (u32, i8);

    fn next(&mut self) -> Option<(u32, i8)> {
        let step = self.steps.next()?;
        let mut entry = (0, 0);
        let mut number = 0;
        while let Some(flip) = self.flips.next_if(|flip| flip.update == step) {
            if number == self.row {
                entry = (flip.neuron, flip.delta());
            }
            number += 1;
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, array};

    use super::*;
    use crate::record::Section;

    fn three() -> Sections {
        Sections::new([Section::new("e", 3)]).unwrap()
    }

    #[test]
    fn null_updates_become_neuron_0() {
        let log = FlipLog::from_dense(three(), &[0, 1, 0], &array![2_u16, 2, 1, 0], &array![1_i8, 0, -1, 0]).unwrap();
        assert_eq!((log.updates(), log.len()), (4, 2));
        assert_eq!(log.to_dense().unwrap(), (array![[2, 0, 1, 0]], array![[1, 0, -1, 0]]));
    }

    #[test]
    fn rows_share_a_step() {
        let (updates, deltas) = (array![[0_i64, 1], [0, 1]], array![[1_i8, -1], [-1, 1]]);
        let log = FlipLog::from_dense(three(), &[0, 1, 0], &updates, &deltas).unwrap();
        assert_eq!(log.final_state(), [0, 1, 0]);
        assert_eq!(log.to_dense().unwrap(), (array![[0, 1], [0, 1]], deltas));
    }

    #[test]
    fn bad_arrays_are_errors() {
        let error = |updates: ndarray::ArrayD<i64>, deltas: ndarray::ArrayD<i64>| {
            FlipLog::from_dense(three(), &[0, 1, 0], &updates, &deltas).unwrap_err().to_string()
        };
        assert!(error(array![0, 1].into_dyn(), array![0].into_dyn()).contains("shape [2]"));
        assert!(error(Array3::zeros((1, 1, 2)).into_dyn(), Array3::zeros((1, 1, 2)).into_dyn()).contains("neither"));
        assert!(error(Array2::zeros((0, 2)).into_dyn(), Array2::zeros((0, 2)).into_dyn()).contains("neither"));
        assert!(error(array![3].into_dyn(), array![0].into_dyn()).contains("neuron 3 in row 0, step 0"));
        assert!(error(array![-1].into_dyn(), array![0].into_dyn()).contains("neuron -1"));
        assert!(error(array![1].into_dyn(), array![2].into_dyn()).contains("a change of 2"));
        assert!(error(array![1].into_dyn(), array![1].into_dyn()).contains("is 1 already"));
    }

    #[test]
    fn no_steps_is_an_empty_log() {
        let none = Array2::<u32>::zeros((1, 0));
        let log = FlipLog::from_dense(three(), &[0, 1, 0], &none, &Array2::<i8>::zeros((1, 0))).unwrap();
        assert_eq!((log.updates(), log.states_every(1).unwrap().dim()), (0, (0, 3)));
        assert_eq!(log.to_dense().unwrap().0, none);
    }
}
