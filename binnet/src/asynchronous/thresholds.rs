//! The thresholds of networks in which every neuron has one, ready for the step.

/// Thresholds with the constant drive folded in: one for a population where all are equal, else one
/// a neuron.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thresholds {
    /// One value a population, then, where some population needs it, one value a neuron.
    values: Vec<f64>,
    /// For each population: where its values begin, and 0 if they are one value, else all ones.
    places: Vec<(usize, usize)>,
}

impl Thresholds {
    /// From the thresholds of each population's neurons and its constant drive.
    pub(crate) fn new(populations: &[Vec<f64>], drives: &[f64]) -> Self {
        let mut values: Vec<f64> =
            populations.iter().zip(drives).map(|(t, d)| t.first().map_or(0.0, |t| t - d)).collect();
        let uniform: Vec<bool> = populations.iter().map(|t| t.iter().all(|x| x.to_bits() == t[0].to_bits())).collect();
        if uniform.contains(&false) {
            for (thresholds, drive) in populations.iter().zip(drives) {
                values.extend(thresholds.iter().map(|t| t - drive));
            }
        }
        let places = uniform
            .iter()
            .enumerate()
            .map(|(p, u)| if *u { (p, 0) } else { (populations.len(), usize::MAX) })
            .collect();
        Self { values, places }
    }

    /// The threshold of a neuron.
    #[inline(always)]
    pub(crate) fn at(&self, population: usize, neuron: usize) -> f64 {
        let (start, mask) = self.places[population];
        self.values[start + (neuron & mask)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_where_all_are_equal() {
        let t = Thresholds::new(&[vec![1.0; 5], vec![2.0, 3.0]], &[0.25, 0.0]);
        assert_eq!([t.at(0, 0), t.at(0, 4), t.at(1, 5), t.at(1, 6)], [0.75, 0.75, 2.0, 3.0]);
        assert_eq!(Thresholds::new(&[vec![1.0; 5]], &[0.0]).values.len(), 1);
    }
}
