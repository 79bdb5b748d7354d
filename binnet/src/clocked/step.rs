//! A step: the order in which things happen.

use rayon::prelude::*;

use super::clock::time;
use super::profile::{Part, Watch};
use super::projection::Stage;
use super::{Clocked, Cohort as _, Populations, Step};
use crate::error::{Result, RunError};
use crate::population::{Role, Values};
use crate::simd::Instructions;

impl<P: Populations> Clocked<P> {
    pub(super) fn step_at(&self) -> Step {
        Step { number: self.steps, t: time(self.steps, self.dt), dt: self.dt }
    }

    /// Makes a step, in the order that the documentation of the module states.
    pub(super) fn advance(&mut self, watch: &mut impl Watch) -> Result<()> {
        let step = self.step_at();
        let (instructions, check) = (self.options.instructions, self.options.sentinel);
        let mut fine = true;
        self.stimuli.apply(&mut self.populations, &step);
        watch.over(Part::Stimuli);
        if !self.wiring.is_empty() {
            for p in 0..self.populations.count() {
                self.wiring.listen_to_outputs(p, &step, self.populations.at(p));
            }
            self.deliver(Stage::Before, &step);
        }
        fine &= self.take_given(&step);
        watch.over(Part::Projections);
        self.records.sample(&self.populations, &self.wiring, &step);
        watch.over(Part::Records);
        fine &= self.advance_populations(instructions, &step, check);
        for (p, count) in self.spikes.iter_mut().enumerate() {
            *count += self.populations.at(p).spiked().iter().map(|spiked| u64::from(spiked.count)).sum::<u64>();
        }
        watch.over(Part::Neurons);
        for source in self.sources.iter_mut().filter(|source| !source.is_given()) {
            fine &= source.advance(instructions, &step, check);
        }
        watch.over(Part::Sources);
        self.records.spiked(&self.populations, &self.sources, &step);
        watch.over(Part::Records);
        for p in 0..self.populations.count() {
            self.populations.at_mut(p).clear_inputs();
        }
        watch.over(Part::Resets);
        if !self.wiring.is_empty() {
            let count = self.populations.count();
            for p in 0..count {
                self.wiring.listen(p, &step, self.populations.at(p));
            }
            for (i, source) in self.sources.iter().enumerate().filter(|(_, source)| !source.is_given()) {
                self.wiring.listen(count + i, &step, source);
            }
            self.deliver(Stage::After, &step);
        }
        watch.over(Part::Projections);
        for p in 0..self.populations.count() {
            self.populations.at_mut(p).reset(&step);
        }
        watch.over(Part::Resets);
        self.steps += 1;
        // Looked for after the reset, which may have replaced a variable that ran off in the very step of its spike.
        let failure = if fine { None } else { self.not_finite(&step) };
        match (failure, self.records.failure()) {
            (None, None) => Ok(()),
            (Some(failure), _) => Err(failure.into()),
            (None, Some(failure)) => Err(failure.into()),
        }
    }

    /// What the caller handed in for this step arrives.
    fn take_given(&mut self, step: &Step) -> bool {
        let (instructions, count) = (self.options.instructions, self.populations.count());
        let (mut fine, mut any) = (true, false);
        for (i, source) in self.sources.iter_mut().enumerate().filter(|(_, source)| source.is_given()) {
            fine &= source.advance(instructions, step, false);
            self.wiring.listen(count + i, step, source);
            any = true;
        }
        if any && !self.wiring.is_empty() {
            self.deliver(Stage::Given, step);
        }
        fine
    }

    fn advance_populations(&mut self, instructions: Instructions, step: &Step, check: bool) -> bool {
        let Some(workers) = &self.workers else {
            return (0..self.populations.count())
                .fold(true, |fine, p| self.populations.at_mut(p).advance(instructions, step, check) & fine);
        };
        let mut fine = true;
        self.populations.all_mut(&mut |cohorts| {
            fine = workers.install(|| {
                let each = cohorts.par_iter_mut().with_max_len(1);
                each.map(|cohort| cohort.advance(instructions, step, check)).reduce(|| true, |a, b| a & b)
            });
        });
        fine
    }

    fn deliver(&mut self, stage: Stage, step: &Step) {
        let kernels = self.options.instructions.kernels();
        self.wiring.deliver(stage, &mut self.populations, step, kernels, self.workers.as_deref());
    }

    /// The first state that is no number, as an error.
    fn not_finite(&self, step: &Step) -> Option<RunError> {
        for p in 0..self.populations.count() {
            let cohort = self.populations.at(p);
            for (i, field) in cohort.fields().iter().enumerate().filter(|(_, field)| field.role == Role::State) {
                let values = cohort.values(i);
                for bound in cohort.bounds().iter().filter(|bound| bound.field == field.name) {
                    let all = (0..cohort.size()).map(|neuron| (neuron, values.at(neuron)));
                    let out = all.filter(|(_, value)| value.is_finite()).find(|(_, value)| !bound.admits(*value));
                    if let Some((neuron, value)) = out {
                        return Some(RunError::OutOfBounds {
                            population: cohort.name().to_owned(),
                            neuron,
                            variable: field.name,
                            value,
                            ms: time(step.number + 1, step.dt),
                            bound: bound.text,
                        });
                    }
                }
                if let Some((neuron, value)) = first_not_finite(&values) {
                    let (population, variable) = (cohort.name().to_owned(), field.name);
                    return Some(RunError::NotFinite {
                        population,
                        neuron,
                        variable,
                        value,
                        ms: time(step.number + 1, step.dt),
                        dt: step.dt,
                    });
                }
            }
        }
        None
    }
}

fn first_not_finite(values: &Values<'_>) -> Option<(usize, f64)> {
    match values {
        Values::EachF64(x) => x.iter().position(|x| !x.is_finite()).map(|i| (i, x[i])),
        Values::EachF32(x) => x.iter().position(|x| !x.is_finite()).map(|i| (i, f64::from(x[i]))),
        Values::SharedF64(_) | Values::SharedF32(_) => None,
    }
}
