//! A step: the order in which things happen.

use rayon::prelude::*;

use super::clock::time;
use super::profile::{Part, Watch};
use super::projection;
use super::schedule::Stage;
use super::source::Source;
use super::{Clocked, Cohort, Populations, Step};
use crate::error::{Result, RunError};
use crate::population::{Role, Values};

impl<P: Populations> Clocked<P> {
    pub(super) fn step_at(&self, number: u64) -> Step {
        Step { number, t: time(number, self.dt), dt: self.dt }
    }

    /// Makes a step, in the order of the schedule; if it is `shared`, on the threads of the pool that it is called on.
    pub(super) fn advance(&mut self, shared: bool, watch: &mut impl Watch) -> Result<()> {
        let (schedule, step) = (self.options.schedule, self.step_at(self.steps));
        let recorded_last = schedule.directly(Stage::Record, Stage::Neurons);
        let mut failure = None;
        for stage in schedule.stages() {
            match stage {
                Stage::Record => {
                    if recorded_last {
                        self.drive(&step, shared, watch);
                    }
                    self.records.sample(&self.populations, &self.wiring, &step);
                    watch.over(Part::Records);
                }
                Stage::Neurons => {
                    if !recorded_last {
                        self.drive(&step, shared, watch);
                    }
                    self.advance_neurons(&step, shared, watch);
                }
                Stage::Threshold => self.take_spikes(&step, watch),
                Stage::Deliver | Stage::Reset => {
                    // The spikes of the step before, if this comes before the neurons.
                    let Some(label) = self.steps.checked_sub(schedule.lag(stage)) else { continue };
                    let of = if label == step.number { step } else { self.step_at(label) };
                    if stage == Stage::Deliver {
                        self.deliver(projection::Stage::After, &of, shared);
                        watch.over(Part::Projections);
                        continue;
                    }
                    for p in 0..self.populations.count() {
                        self.populations.at_mut(p).reset(&of);
                    }
                    // Looked for after the reset, which may have replaced a variable that ran off in the very step of
                    // its spike.
                    if core::mem::take(&mut self.unsound) {
                        failure = self.not_finite(&of);
                    }
                    watch.over(Part::Resets);
                }
            }
        }
        self.steps += 1;
        match (failure, self.records.failure()) {
            (None, None) => Ok(()),
            (Some(failure), _) => Err(failure.into()),
            (None, Some(failure)) => Err(failure.into()),
        }
    }

    /// What acts in each step is added to inputs, or sets other fields.
    fn drive(&mut self, step: &Step, shared: bool, watch: &mut impl Watch) {
        self.stimuli.apply(&mut self.populations, step);
        watch.over(Part::Stimuli);
        if !self.wiring.is_empty() {
            for p in 0..self.populations.count() {
                self.wiring.look(p, step, self.populations.at(p));
            }
            self.deliver(projection::Stage::Before, step, shared);
        }
        self.take_given(step, shared);
        watch.over(Part::Projections);
    }

    fn advance_neurons(&mut self, step: &Step, shared: bool, watch: &mut impl Watch) {
        let (instructions, check) = (self.options.instructions, self.options.sentinel);
        let Self { populations, sources, wiring, .. } = self;
        let neurons = |cohort: &mut &mut dyn Cohort| {
            let fine = cohort.advance(instructions, step, check);
            cohort.clear_inputs();
            fine
        };
        let source = |source: &mut Source| {
            if !source.is_given() {
                source.advance(instructions, step, check);
            }
        };
        let mut fine = true;
        if shared {
            populations.all_mut(&mut |cohorts| {
                // What is drawn does not depend on the neurons.
                let draw = || {
                    wiring.draw_ahead(instructions.kernels());
                    sources.par_iter_mut().with_max_len(1).for_each(source);
                };
                let advance = || cohorts.par_iter_mut().with_max_len(1).map(neurons).reduce(|| true, |a, b| a & b);
                (fine, ()) = rayon::join(advance, draw);
            });
            watch.over(Part::Neurons);
        } else {
            fine = (0..populations.count()).fold(true, |fine, p| neurons(&mut populations.at_mut(p)) & fine);
            watch.over(Part::Neurons);
            sources.iter_mut().for_each(source);
            watch.over(Part::Sources);
        }
        self.unsound |= !fine;
    }

    /// Spikes are counted, recorded, and kept for those that hear them now or later.
    fn take_spikes(&mut self, step: &Step, watch: &mut impl Watch) {
        for (p, count) in self.spikes.iter_mut().enumerate() {
            *count += self.populations.at(p).spiked().iter().map(|spiked| u64::from(spiked.count)).sum::<u64>();
        }
        self.records.spiked(&self.populations, &self.sources, step);
        watch.over(Part::Records);
        if self.wiring.is_empty() {
            return;
        }
        let count = self.populations.count();
        for p in 0..count {
            self.wiring.listen(p, step, self.populations.at(p));
        }
        for (i, source) in self.sources.iter().enumerate().filter(|(_, source)| !source.is_given()) {
            self.wiring.listen(count + i, step, source);
        }
    }

    /// What the caller handed in for this step arrives.
    fn take_given(&mut self, step: &Step, shared: bool) {
        let (instructions, count) = (self.options.instructions, self.populations.count());
        let mut any = false;
        for (i, source) in self.sources.iter_mut().enumerate().filter(|(_, source)| source.is_given()) {
            source.advance(instructions, step, false);
            self.wiring.listen(count + i, step, source);
            any = true;
        }
        if any {
            self.deliver(projection::Stage::Given, step, shared);
        }
    }

    fn deliver(&mut self, stage: projection::Stage, step: &Step, shared: bool) {
        if self.wiring.is_empty() {
            return;
        }
        let kernels = self.options.instructions.kernels();
        self.wiring.deliver(stage, &mut self.populations, step, kernels, shared);
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
