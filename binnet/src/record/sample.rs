//! What follows from a flip log: sampled states, rates, onsets, means.

use std::ops::Range;

use ndarray::Array2;

use super::{By, FlipLog, Group};
use crate::error::{RecordError, Result};

/// Shares of active neurons, sampled in regular intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The update after which each sample was taken.
    pub times: Vec<u64>,
    /// The name of each group.
    pub names: Vec<String>,
    /// The share of active neurons, `[sample, group]`, in 0..=1.
    pub values: Array2<f32>,
}

/// The sampled updates 0, k, 2k, .. of a log.
struct Samples {
    every: u64,
    count: usize,
}

impl Samples {
    /// An interval below 1 counts as 1.
    fn new(updates: u64, every: u64) -> Result<Self> {
        let every = every.max(1);
        let count = if updates == 0 { 0 } else { (updates - 1) / every + 1 };
        let count = usize::try_from(count).map_err(|_| too_large(u128::from(count), 1))?;
        Ok(Self { every, count })
    }

    /// The number of samples taken before update `update` acts.
    fn before(&self, update: u64) -> usize {
        // Fits: it is at most `count`.
        update.div_ceil(self.every).min(self.count as u64) as usize
    }
}

impl FlipLog {
    /// The states after updates 0, `every`, 2 `every`, ..; an interval of 0 counts as 1.
    ///
    /// # Shapes
    /// `[(updates - 1) / every + 1, neurons]`, one 0 or 1 each; no rows without updates.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn states_every(&self, every: u64) -> Result<Array2<u8>> {
        let samples = Samples::new(self.updates(), every)?;
        let mut states = zeros::<u8>(samples.count, self.sections().neurons())?;
        let mut current = self.initial_state();
        let mut done = 0;
        let mut fill = |rows: Range<usize>, current: &[u8]| {
            for row in rows {
                states.row_mut(row).iter_mut().zip(current).for_each(|(to, &from)| *to = from);
            }
        };
        for flip in self {
            let before = samples.before(flip.update);
            if before > done {
                fill(done..before, &current);
                done = before;
            }
            current[flip.neuron as usize] = u8::from(flip.up);
        }
        fill(done..samples.count, &current);
        Ok(states)
    }

    /// The share of active neurons of each population or cluster after updates 0, `every`,
    /// 2 `every`, ..; an interval of 0 counts as 1.
    ///
    /// # Precision
    /// The sum is divided by the size in `f64`, then rounded once.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn rates_every(&self, every: u64, by: By) -> Result<Rates> {
        self.rates_of(every, &self.sections().groups(by))
    }

    /// The rates of chosen groups, in the order given; they may overlap.
    ///
    /// ```
    /// # use binnet::record::{FlipLog, Section, Sections};
    /// # let sections = Sections::new([Section::new("e", 4).clusters(2), Section::new("i", 2)])?;
    /// # let mut log = FlipLog::new(sections, &[1, 1, 0, 0, 0, 1], 0)?;
    /// # log.advance_to(1)?;
    /// let chosen = [log.sections().group("i")?, log.sections().group("e0")?];
    /// assert_eq!(log.rates_of(1, &chosen)?.values.row(0).to_vec(), [0.5, 1.0]);
    /// # Ok::<(), binnet::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a group is empty or goes beyond the last neuron, or there is not enough memory.
    pub fn rates_of(&self, every: u64, groups: &[Group]) -> Result<Rates> {
        let members = Members::new(groups, self.sections().neurons())?;
        let samples = Samples::new(self.updates(), every)?;
        let mut values = zeros::<f32>(samples.count, groups.len())?;
        let sizes: Vec<f64> = groups.iter().map(|group| group.neurons.len() as f64).collect();
        let mut sums = vec![0_i64; groups.len()];
        for (neuron, state) in self.initial_state().into_iter().enumerate() {
            members.of(neuron as u32).iter().for_each(|&group| sums[group as usize] += i64::from(state));
        }
        let mut done = 0;
        let mut fill = |rows: Range<usize>, sums: &[i64]| {
            for row in rows {
                for (group, value) in values.row_mut(row).iter_mut().enumerate() {
                    *value = (sums[group] as f64 / sizes[group]) as f32;
                }
            }
        };
        for flip in self {
            let before = samples.before(flip.update);
            if before > done {
                fill(done..before, &sums);
                done = before;
            }
            members.of(flip.neuron).iter().for_each(|&group| sums[group as usize] += i64::from(flip.delta()));
        }
        fill(done..samples.count, &sums);
        let times = (0..samples.count as u64).map(|sample| sample * samples.every).collect();
        Ok(Rates { times, names: groups.iter().map(|group| group.name.clone()).collect(), values })
    }

    /// All changes from 0 to 1: the update and the neuron of each.
    #[must_use]
    pub fn onsets(&self) -> (Vec<u64>, Vec<u32>) {
        self.iter().filter(|flip| flip.up).map(|flip| (flip.update, flip.neuron)).unzip()
    }

    /// The share of updates after which each neuron is active, exactly; the states at the start if
    /// there are no updates.
    #[must_use]
    pub fn neuron_means(&self) -> Vec<f64> {
        let initial = self.initial_state();
        if self.updates() == 0 {
            return initial.into_iter().map(f64::from).collect();
        }
        let updates = i128::from(self.updates());
        let mut active: Vec<i128> = initial.into_iter().map(|state| i128::from(state) * updates).collect();
        for flip in self {
            active[flip.neuron as usize] += i128::from(flip.delta()) * (updates - i128::from(flip.update));
        }
        active.into_iter().map(|active| active as f64 / updates as f64).collect()
    }
}

/// Which groups each neuron belongs to.
struct Members {
    starts: Vec<u32>,
    groups: Vec<u32>,
}

impl Members {
    fn new(groups: &[Group], neurons: usize) -> Result<Self> {
        let mut starts = vec![0_u32; neurons + 1];
        for Group { name, neurons: range } in groups {
            if range.is_empty() || range.end as usize > neurons {
                return Err(RecordError::Inconsistent(format!(
                    "group `{name}` of neurons {range:?} does not lie among the {neurons} neurons"
                ))
                .into());
            }
            range.clone().for_each(|neuron| starts[neuron as usize + 1] += 1);
        }
        for neuron in 0..neurons {
            starts[neuron + 1] += starts[neuron];
        }
        let mut next = starts.clone();
        let mut members = vec![0; starts[neurons] as usize];
        for (number, group) in groups.iter().enumerate() {
            for neuron in group.neurons.clone() {
                members[next[neuron as usize] as usize] = number as u32;
                next[neuron as usize] += 1;
            }
        }
        Ok(Self { starts, groups: members })
    }

    #[inline]
    fn of(&self, neuron: u32) -> &[u32] {
        &self.groups[self.starts[neuron as usize] as usize..self.starts[neuron as usize + 1] as usize]
    }
}

/// A matrix of zeros, or an error if it does not fit into memory.
pub(super) fn zeros<T: Clone + Default>(rows: usize, columns: usize) -> Result<Array2<T>> {
    let fail = || too_large(rows as u128, columns as u128 * size_of::<T>() as u128);
    let count = rows.checked_mul(columns).ok_or_else(fail)?;
    let mut values = Vec::new();
    values.try_reserve_exact(count).map_err(|_| fail())?;
    values.resize(count, T::default());
    Array2::from_shape_vec((rows, columns), values).map_err(|_| fail().into())
}

fn too_large(samples: u128, bytes: u128) -> RecordError {
    RecordError::Memory { megabytes: samples.saturating_mul(bytes) / 1_000_000 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{PackedFlip, Section, Sections};

    fn log() -> FlipLog {
        let sections = Sections::new([Section::new("e", 4).clusters(2), Section::new("i", 2)]).unwrap();
        let mut log = FlipLog::new(sections, &[0, 1, 0, 0, 0, 1], 0).unwrap();
        log.append(0, &[PackedFlip::new(0, 0, true), PackedFlip::new(4, 2, true), PackedFlip::new(5, 1, false)])
            .unwrap();
        log.advance_to(8).unwrap();
        log
    }

    #[test]
    fn a_sample_contains_its_own_update() {
        let states = log().states_every(4).unwrap();
        assert_eq!(states, ndarray::array![[1, 1, 0, 0, 0, 1], [1, 1, 1, 0, 0, 1]]);
        assert_eq!(log().states_every(0).unwrap(), log().states_every(1).unwrap());
        assert_eq!(log().states_every(u64::MAX).unwrap().nrows(), 1);
    }

    #[test]
    fn rates_of_any_groups() {
        let log = log();
        let groups = [
            log.sections().group("i").unwrap(),
            log.sections().group("e").unwrap(),
            log.sections().group("e0").unwrap(),
        ];
        let rates = log.rates_of(7, &groups).unwrap();
        assert_eq!(rates.times, [0, 7]);
        assert_eq!(rates.values, ndarray::array![[0.5, 0.5, 1.0], [0.5, 0.5, 0.5]]);
        for neurons in [6..7, 3..3, 0..u32::MAX] {
            assert!(log.rates_of(1, &[Group { name: "x".to_owned(), neurons }]).is_err());
        }
    }

    #[test]
    fn means_and_onsets() {
        assert_eq!(log().neuron_means(), [1.0, 5.0 / 8.0, 0.5, 0.0, 0.0, 1.0]);
        assert_eq!(log().onsets(), (vec![0, 4], vec![0, 2]));
    }

    #[test]
    fn too_many_samples_are_an_error() {
        let mut log = log();
        log.advance_to(u64::MAX).unwrap();
        let error = log.states_every(1).unwrap_err().to_string();
        assert!(error.contains("MB"), "{error}");
        assert!(log.rates_every(1, By::Cluster).is_err());
        assert_eq!(log.rates_every(u64::MAX / 2, By::Cluster).unwrap().times.len(), 3);
    }
}
