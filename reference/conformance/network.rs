//! Networks of threshold neurons from a matrix.

use std::ops::Range;

use binnet::asynchronous::{Asynchronous, BuildOptions, NetworkPlan, PopulationSpec, ProjectionSpec, Runtime};
use binnet::connect::dense_post_pre;
use binnet::population::{Binary, Init};
use ndarray::{Array2, s};

use super::Result;

/// A network that runs.
pub(crate) type Network = Asynchronous<Runtime<Binary>>;

/// A network as a case gives it.
pub(crate) struct Wiring {
    /// Name, size and mean update interval of each population.
    pub(crate) populations: Vec<(String, usize, f64)>,
    /// The threshold of each neuron.
    pub(crate) thresholds: Vec<f64>,
    /// The weights `[post][pre]`.
    pub(crate) weights: Array2<f64>,
    /// Whether the weights are numbers of 32 bits.
    pub(crate) single: bool,
}

impl Wiring {
    /// Builds it, silent; each pair of populations is one projection, self-connections included.
    pub(crate) fn build(&self, options: BuildOptions) -> Result<Network> {
        let ranges = self.ranges()?;
        let mut plan = NetworkPlan::new("case", options);
        for (name, size, tau) in &self.populations {
            plan.population(PopulationSpec::new(name.as_str(), *size).tau(*tau).init(Init::Value(0.0)));
        }
        for (post, rows) in ranges.iter().enumerate() {
            for (pre, columns) in ranges.iter().enumerate() {
                let block = self.weights.slice(s![rows.clone(), columns.clone()]);
                if block.iter().all(|w| *w == 0.0) {
                    continue;
                }
                plan.projection(if self.single {
                    ProjectionSpec::new(pre, post, dense_post_pre(block.mapv(|w| w as f32)), 1.0).autapses(true)
                } else {
                    ProjectionSpec::new(pre, post, dense_post_pre(block.to_owned()), 1.0).autapses(true)
                });
            }
        }
        let neurons = |range: &Range<usize>| {
            self.thresholds[range.clone()].iter().map(|&threshold| Binary { threshold }).collect()
        };
        Ok(plan.build(Runtime::new(ranges.iter().map(neurons).collect()))?)
    }

    /// The neurons of each population.
    fn ranges(&self) -> Result<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        let mut first = 0;
        for (_, size, _) in &self.populations {
            ranges.push(first..first + size);
            first += size;
        }
        if self.thresholds.len() != first || self.weights.dim() != (first, first) {
            let (rows, columns) = self.weights.dim();
            return Err(
                format!("{first} neurons, {} thresholds, {rows} x {columns} weights", self.thresholds.len()).into()
            );
        }
        Ok(ranges)
    }
}
