//! What projections do in a step: gather what is due, and add it.

use rayon::prelude::*;

use super::history::History;
use super::inlet::{Block, Due, Feed, Field};
use super::plastic::Plastic;
use super::positions::Positions;
use super::wiring::{Again, Blocked, Inlet, Link, Port, Stage, Wiring};
use crate::clocked::{Cohort, Populations, Step};
use crate::connect::Contacts;
use crate::neuron::Real;
use crate::population::ValuesMut;
use crate::simd::Kernels;

impl Wiring {
    /// Delivers what is due; if the work is `shared`, on the threads of the pool that it is called on.
    pub(in crate::clocked) fn deliver<P: Populations>(
        &mut self,
        stage: Stage,
        populations: &mut P,
        step: &Step,
        kernels: Kernels,
        shared: bool,
    ) {
        self.work(stage, populations, step, kernels, shared);
        self.gather(stage, step, kernels);
        if !shared {
            for port in self.ports.iter_mut().filter(|port| port.stage == stage && port.busy) {
                port.deliver(populations.at_mut(port.population), step.number, kernels);
            }
            return;
        }
        let mut ports: Vec<Vec<&mut Port>> = (0..populations.count()).map(|_| Vec::new()).collect();
        for port in self.ports.iter_mut().filter(|port| port.stage == stage && port.busy) {
            ports[port.population].push(port);
        }
        populations.all_mut(&mut |cohorts| {
            collect(cohorts, &mut ports, Vec::new(), &mut |tasks| {
                tasks.into_par_iter().with_max_len(1).for_each(|task| task.run(step.number, kernels));
            });
        });
    }

    /// Lets synapses with equations do what they do: a task for each projection.
    fn work<P: Populations>(&mut self, stage: Stage, populations: &P, step: &Step, kernels: Kernels, shared: bool) {
        let (histories, watched, plastics) = (&self.histories[..], &self.watched[..], &mut self.plastics);
        let work = |plastic: &mut Plastic| plastic.work(stage, histories, watched, populations, step, kernels);
        if shared && plastics.len() > 1 {
            plastics.par_iter_mut().with_max_len(1).for_each(work);
        } else {
            plastics.iter_mut().for_each(work);
        }
    }

    /// Draws what comes from sources that are not simulated, while neurons advance: nothing else depends on it, or
    /// decides on it.
    pub(in crate::clocked) fn draw_ahead(&mut self, kernels: Kernels) {
        if self.lag > 0 {
            // Not delivered in this step; between steps, nothing is under way that a copy of the streams would miss.
            return;
        }
        self.backgrounds.par_iter_mut().with_max_len(1).filter(|background| background.ahead.is_none()).for_each(
            |background| {
                let mut hits = core::mem::take(&mut background.spare);
                background.counts.draw(&mut hits, kernels);
                background.ahead = Some(hits);
            },
        );
    }

    /// Gathers what is due: rows and amounts of each projection.
    fn gather(&mut self, stage: Stage, step: &Step, kernels: Kernels) {
        let Self { histories, ports, links, backgrounds, plastics, .. } = self;
        ports.iter_mut().filter(|port| port.stage == stage).for_each(|port| port.busy = false);
        for link in links.iter_mut() {
            let port = &mut ports[link.port];
            if port.stage != stage || link.plastic.is_some() {
                continue;
            }
            let due = &mut port.feeds[link.feed].due;
            due.first = core::mem::replace(&mut link.silent, false) && stage == Stage::Before;
            due.gather(link, &histories[link.pre], stage, step.number);
            due.any = !due.rows.is_empty();
            if let Some(again) = &link.again {
                again.hits(due, &link.pre_part, &link.post_part);
            }
            port.busy |= due.any || link.about.longest.is_some();
        }
        for plastic in plastics {
            if let Some((port, feed)) = plastic.feed(stage) {
                let port = &mut ports[port];
                let due = &mut port.feeds[feed].due;
                due.any = plastic.arrived;
                port.busy |= plastic.arrived;
                core::mem::swap(&mut due.sums, &mut plastic.sums);
            }
        }
        if stage == Stage::After {
            for background in backgrounds {
                let port = &mut ports[background.port];
                let due = &mut port.feeds[background.feed].due;
                match background.ahead.take() {
                    None => background.counts.draw(&mut due.hits, kernels),
                    Some(hits) => background.spare = core::mem::replace(&mut due.hits, hits),
                }
                due.any = true;
                port.busy = true;
            }
        }
    }
}

impl Due {
    fn gather(&mut self, link: &Link, history: &History, stage: Stage, step: u64) {
        let part = &link.pre_part;
        self.rows.clear();
        match stage {
            Stage::Given | Stage::After => {
                let spikes = history.at(step, link.about.delay).iter();
                self.rows.extend(
                    spikes.filter_map(|(neuron, count)| {
                        Some((part.position(*neuron as usize)? as u32, f64::from(*count)))
                    }),
                );
            }
            Stage::Before => {
                let values = history.outputs.at(step, link.about.delay);
                self.rows.extend((0..part.len()).filter_map(|row| {
                    let value = *values.get(part.neuron(row))?;
                    (value != 0.0).then_some((row as u32, value))
                }));
            }
        }
        self.total = self.rows.iter().map(|(_, amount)| amount).sum();
    }
}

impl Again {
    /// Draws the targets of all that spiked, and counts.
    pub(super) fn hits(&self, due: &mut Due, pre: &Positions, post: &Positions) {
        due.hits.clear();
        due.hits.resize(self.shape.n_post, 0);
        if due.rows.is_empty() {
            return;
        }
        // The rule was checked when the projection was built.
        let Ok(mut sampler) = self.rule.sampler(&self.shape, self.streams) else { return };
        for (row, count) in &due.rows {
            let own = if self.without_own { post.position(pre.neuron(*row as usize)) } else { None };
            let before = own.map(|own| due.hits[own]);
            for _ in 0..*count as u64 {
                sampler.column(*row as usize, &mut Contacts::new(&mut due.hits, &[0], self.shape.n_post, &mut []));
            }
            if let (Some(own), Some(before)) = (own, before) {
                due.hits[own] = before;
            }
        }
    }
}

/// One block of an inlet, with the values that it adds to.
enum Task<'a> {
    F32(&'a mut Block<f32>, &'a [Feed], Field<'a, f32>),
    F64(&'a mut Block<f64>, &'a [Feed], Field<'a, f64>),
}

impl Task<'_> {
    fn run(self, step: u64, kernels: Kernels) {
        match self {
            Self::F32(block, feeds, field) => block.deliver(feeds, field, step, kernels),
            Self::F64(block, feeds, field) => block.deliver(feeds, field, step, kernels),
        }
    }
}

impl Port {
    /// Splits the work into blocks, given the values that it adds to and those that say who is held.
    fn tasks<'a>(
        &'a mut self,
        values: &'a mut ValuesMut<'_>,
        held: Option<&'a ValuesMut<'_>>,
        each: &mut dyn FnMut(Task<'a>),
    ) {
        let feeds = &self.feeds[..];
        match (&mut self.inlet, values) {
            (Blocked::F32(inlet), ValuesMut::EachF32(values)) => {
                let held = held.and_then(|held| if let ValuesMut::EachF32(held) = held { Some(&**held) } else { None });
                inlet.fields(values, held).for_each(|(block, field)| each(Task::F32(block, feeds, field)));
            }
            (Blocked::F64(inlet), ValuesMut::EachF64(values)) => {
                let held = held.and_then(|held| if let ValuesMut::EachF64(held) = held { Some(&**held) } else { None });
                inlet.fields(values, held).for_each(|(block, field)| each(Task::F64(block, feeds, field)));
            }
            // A field keeps its precision.
            _ => {}
        }
    }

    /// Does the work on this thread.
    fn deliver(&mut self, cohort: &mut dyn Cohort, step: u64, kernels: Kernels) {
        let field = self.field;
        let mut run = |task: Task<'_>| task.run(step, kernels);
        match self.held {
            None => self.tasks(&mut cohort.values_mut(field), None, &mut run),
            Some(held) => cohort.fields_mut(&mut |fields| {
                if let Ok([values, held]) = fields.get_disjoint_mut([field, held]) {
                    self.tasks(values, Some(held), &mut run);
                }
            }),
        }
    }
}

impl<R: Real> Inlet<R> {
    fn fields<'a>(
        &'a mut self,
        values: &'a mut [R],
        held: Option<&'a [R]>,
    ) -> impl Iterator<Item = (&'a mut Block<R>, Field<'a, R>)> {
        let length = self.length;
        self.blocks.iter_mut().zip(values.chunks_mut(length)).map(move |(block, values)| {
            let held = held.map(|held| &held[block.start..block.start + block.len]);
            (block, Field { values, held })
        })
    }
}

/// Gathers the tasks of all populations, one after the other, then hands them over.
fn collect(
    cohorts: &mut [&mut dyn Cohort],
    ports: &mut [Vec<&mut Port>],
    tasks: Vec<Task<'_>>,
    work: &mut dyn FnMut(Vec<Task<'_>>),
) {
    let Some(((cohort, cohorts), (own, ports))) = cohorts.split_first_mut().zip(ports.split_first_mut()) else {
        return work(tasks);
    };
    if own.is_empty() {
        return collect(cohorts, ports, tasks, work);
    }
    let mut sofar = Some(tasks);
    cohort.fields_mut(&mut |fields| {
        let mut tasks: Vec<Task<'_>> = sofar.take().unwrap_or_default();
        let mut slots: Vec<Option<&mut ValuesMut<'_>>> = fields.iter_mut().map(Some).collect();
        let mut read: Vec<Option<&ValuesMut<'_>>> = vec![None; slots.len()];
        for held in own.iter().filter_map(|port| port.held) {
            if let Some(field) = slots.get_mut(held).and_then(Option::take) {
                read[held] = Some(field);
            }
        }
        for port in own.iter_mut() {
            // Each port has a field of its own.
            if let Some(values) = slots.get_mut(port.field).and_then(Option::take) {
                let held = port.held.and_then(|held| read[held]);
                port.tasks(values, held, &mut |task| tasks.push(task));
            }
        }
        collect(cohorts, ports, tasks, work);
    });
}
