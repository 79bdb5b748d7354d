//! All projections of a network: built, and at work in each step.

use std::sync::Arc;

use rayon::prelude::*;

use super::background::{Counts, PoissonInput};
use super::draw::{About, Blocks, Drawn};
use super::history::History;
use super::inlet::{Block, Feed, Wires};
use super::past::Past;
use super::plan::{self, Plan, Synapses};
use super::plastic::{self, Plastic, Variable};
use super::positions::Positions;
use super::spec::Projection;
use crate::clocked::{Cohort, Step};
use crate::connect::{Rule, Shape};
use crate::error::Result;
use crate::neuron::Real;
use crate::rng::{Family, Streams};
use crate::synapse::Side;

/// When something is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clocked) enum Stage {
    /// Outputs of rate neurons: before neurons advance.
    Before,
    /// Counts that the caller hands in: likewise, since they act in the step that they are given for.
    Given,
    /// Spikes: after the threshold test.
    After,
}

/// The targets of one field, in blocks.
#[derive(Clone, Debug)]
pub(super) struct Inlet<R> {
    pub(super) length: usize,
    pub(super) blocks: Vec<Block<R>>,
}

impl<R: Real> Inlet<R> {
    fn new(blocks: Blocks) -> Self {
        let each = (0..blocks.count()).map(|block| Block::new(block * blocks.block, blocks.len(block)));
        Self { length: blocks.block, blocks: each.collect() }
    }

    /// Takes the synapses of a projection, before the delivery of a step.
    fn take(&mut self, drawn: Drawn<R>, step: u64) -> About {
        for (block, wires) in self.blocks.iter_mut().zip(drawn.wires) {
            if let Some(longest) = drawn.about.longest {
                block.ring.reach(longest, step);
            }
            block.wires.push(Arc::new(wires));
        }
        drawn.about
    }

    /// Takes what comes as one amount for each target: counts, or the sums of synapses with equations.
    fn take_amounts(&mut self, sums: bool) {
        for block in &mut self.blocks {
            let (first, width) = (block.start, block.len);
            let wires = if sums { Wires::Sums { first } } else { Wires::Hits { first, start: 0, width } };
            block.wires.push(Arc::new(wires));
        }
    }
}

/// An inlet in the precision of its field.
#[derive(Clone, Debug)]
pub(super) enum Blocked {
    F32(Inlet<f32>),
    F64(Inlet<f64>),
}

/// An inlet with what all blocks share.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) population: usize,
    pub(super) field: usize,
    /// The field that is above 0 while a neuron takes nothing.
    pub(super) held: Option<usize>,
    pub(super) stage: Stage,
    pub(super) inlet: Blocked,
    pub(super) feeds: Vec<Feed>,
    /// Whether anything may arrive in this step.
    pub(super) busy: bool,
}

/// One projection, as it was built.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) label: String,
    pub(super) describe: String,
    pub(super) pre: usize,
    pub(super) pre_part: Positions,
    pub(super) post_part: Positions,
    pub(super) port: usize,
    pub(super) feed: usize,
    pub(super) about: About,
    /// Whether nothing was gathered so far.
    pub(super) silent: bool,
    /// For projections that store no connections.
    pub(super) again: Option<Again>,
    /// For synapses with equations.
    pub(super) plastic: Option<usize>,
}

/// How the connections of a neuron are drawn when it spikes.
#[derive(Clone)]
pub(super) struct Again {
    pub(super) rule: Arc<dyn Rule>,
    pub(super) shape: Shape,
    pub(super) streams: Family,
    /// Whether a neuron's contact with itself is left out.
    pub(super) without_own: bool,
}

/// All projections of a network.
#[derive(Clone, Default)]
pub(in crate::clocked) struct Wiring {
    /// One for each population, then one for each source.
    pub(super) histories: Vec<History>,
    pub(super) ports: Vec<Port>,
    pub(super) links: Vec<Link>,
    pub(super) backgrounds: Vec<Background>,
    pub(super) plastics: Vec<Plastic>,
    /// The variables that synapses read some time later, each once.
    pub(super) watched: Vec<Watched>,
    /// How many steps ago the spikes are from that are delivered in a step.
    pub(super) lag: u64,
}

/// A variable of a population that is read some time later.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) population: usize,
    pub(super) variable: Variable,
    pub(super) past: Past,
}

impl Watched {
    /// What is kept, in words.
    pub(super) fn describe(&self, cohort: &dyn Cohort) -> String {
        let name = self.variable.name(cohort);
        format!("{}.{name}: its past is kept, {} KB", cohort.name(), self.past.bytes() / 1000)
    }
}

/// Poisson spikes to each neuron, from sources that are not simulated.
#[derive(Clone)]
pub(super) struct Background {
    pub(super) port: usize,
    pub(super) feed: usize,
    /// The name of its random numbers.
    pub(super) stream: String,
    pub(super) counts: Counts,
    /// What was drawn ahead for the next delivery; none if it is still to be drawn.
    pub(super) ahead: Option<Vec<u16>>,
    /// Room for that.
    pub(super) spare: Vec<u16>,
    pub(super) describe: String,
}

impl Wiring {
    /// Without projections; spikes will be delivered so many steps after they are found.
    pub(in crate::clocked) fn lagging(lag: u64) -> Self {
        Self { lag, ..Self::default() }
    }

    /// Draws and adds projections; several are drawn side by side.
    ///
    /// `cohorts` are the populations, then the sources. What is wrong with any of the projections leaves the
    /// network as it was.
    pub(in crate::clocked) fn connect(
        &mut self,
        specs: &[Projection],
        cohorts: &[&dyn Cohort],
        populations: usize,
        streams: Streams,
        step: &Step,
        budget: Option<u64>,
    ) -> Result<()> {
        let mut labels: Vec<String> = self.links.iter().map(|link| link.label.clone()).collect();
        let mut plans = Vec::new();
        for spec in specs {
            let plan = Plan::new(spec, cohorts, populations, streams, step, &labels)?;
            labels.push(plan.draft.label.clone());
            plans.push(plan);
        }
        let parts = plans.iter().map(|plan| Ok((plan.draft.label.clone(), plan.expected_bytes()?)));
        crate::memory::check(parts.collect::<Result<_>>()?, budget)?;
        let drawn: Vec<Result<Synapses>> = plans.par_iter().map(Plan::draw).collect();
        let drawn = drawn.into_iter().collect::<Result<Vec<_>>>()?;
        self.histories.resize_with(cohorts.len(), History::default);
        for (plan, drawn) in plans.into_iter().zip(drawn) {
            self.add(plan, drawn, cohorts, step);
        }
        Ok(())
    }

    fn add(&mut self, plan: Plan<'_>, drawn: Synapses, cohorts: &[&dyn Cohort], step: &Step) {
        let drawn = match drawn {
            Synapses::Plastic(synapses, about) => return self.add_plastic(plan, synapses, about, cohorts, step),
            drawn => drawn,
        };
        let Plan { draft, pre, population, field, stage, blocks, .. } = plan;
        let single = matches!(drawn, Synapses::F32(_));
        let port = self.port(population, field, stage, blocks, single, cohorts[population]);
        // The step whose spikes are delivered next.
        let due = step.number.saturating_sub(self.lag);
        let place = &mut self.ports[port];
        let about = match (drawn, &mut place.inlet) {
            (Synapses::F32(drawn), Blocked::F32(inlet)) => inlet.take(drawn, due),
            (Synapses::F64(drawn), Blocked::F64(inlet)) => inlet.take(drawn, due),
            // A field has one precision.
            _ => return,
        };
        place.feeds.push(Feed::new(about.weight, stage != Stage::Before));
        match stage {
            Stage::Given | Stage::After => self.histories[pre].reach(about.delay, step.number),
            Stage::Before => self.histories[pre].outputs.reach(about.delay),
        }
        let spec = draft.spec;
        let again = spec.procedural.then(|| Again {
            rule: Arc::clone(&spec.rule),
            shape: draft.shape,
            streams: draft.contacts(),
            without_own: draft.removes_own(),
        });
        self.links.push(Link {
            feed: place.feeds.len() - 1,
            label: draft.label,
            describe: spec.rule.describe(),
            pre,
            pre_part: draft.pre,
            post_part: draft.post,
            port,
            about,
            silent: true,
            again,
            plastic: None,
        });
    }

    /// Adds a projection whose synapses have equations.
    fn add_plastic(
        &mut self,
        plan: Plan<'_>,
        synapses: Box<dyn plastic::Synapses>,
        about: About,
        cohorts: &[&dyn Cohort],
        step: &Step,
    ) {
        let Plan { draft, pre, population, field, blocks, single, joint, .. } = plan;
        let Some(joint) = joint else { return };
        self.watch(pre, population, &joint.reads);
        let mut feed = |stage: Stage| {
            let port = self.port(population, field, stage, blocks, single, cohorts[population]);
            let place = &mut self.ports[port];
            match &mut place.inlet {
                Blocked::F32(inlet) => inlet.take_amounts(true),
                Blocked::F64(inlet) => inlet.take_amounts(true),
            }
            place.feeds.push(Feed::new(joint.factor, false));
            (port, place.feeds.len() - 1)
        };
        let before = joint.continuous.then(|| feed(Stage::Before));
        let after = joint.spikes.then(|| feed(Stage::After));
        // A synapse without any deliveries does not compile.
        let Some((port, feed)) = after.or(before) else { return };
        let waits = if synapses.branches().is_some() { about.longest } else { None };
        self.histories[pre].reach(waits.unwrap_or(about.delay), step.number);
        if synapses.hears_post() {
            self.histories[population].reach(0, step.number);
        }
        self.plastics.push(Plastic::new(pre, draft.pre, population, about.delay, [before, after], synapses));
        self.links.push(Link {
            feed,
            label: draft.label,
            describe: draft.spec.rule.describe(),
            pre,
            pre_part: draft.pre,
            post_part: draft.post,
            port,
            about,
            silent: true,
            again: None,
            plastic: Some(self.plastics.len() - 1),
        });
    }

    /// Keeps what synapses read some time later.
    fn watch(&mut self, pre: usize, post: usize, reads: &[plastic::Reading]) {
        for read in reads {
            let Some(steps) = read.ago else { continue };
            let population = if read.side == Side::Pre { pre } else { post };
            let of = |watched: &Watched| (watched.population, watched.variable) == (population, read.variable);
            let known = self.watched.iter().position(of).unwrap_or_else(|| {
                self.watched.push(Watched { population, variable: read.variable, past: Past::default() });
                self.watched.len() - 1
            });
            self.watched[known].past.reach(steps);
        }
    }

    /// The port of a field; a new one, if nothing arrived there so far.
    fn port(
        &mut self,
        population: usize,
        field: usize,
        stage: Stage,
        blocks: Blocks,
        single: bool,
        cohort: &dyn Cohort,
    ) -> usize {
        let port = self.ports.iter().position(|p| (p.population, p.field, p.stage) == (population, field, stage));
        port.unwrap_or_else(|| {
            let inlet = if single { Blocked::F32(Inlet::new(blocks)) } else { Blocked::F64(Inlet::new(blocks)) };
            let held = cohort.held(field);
            self.ports.push(Port { population, field, held, stage, inlet, feeds: Vec::new(), busy: false });
            self.ports.len() - 1
        })
    }

    /// Adds Poisson spikes to each neuron of a population.
    pub(in crate::clocked) fn add_background(
        &mut self,
        spec: &PoissonInput,
        cohorts: &[&dyn Cohort],
        streams: Streams,
        step: &Step,
    ) -> Result<()> {
        let place = plan::background(spec, cohorts, step)?;
        let name = format!("poisson_input/{}/{}/{}", spec.population, spec.target, self.backgrounds.len());
        let counts = Counts::new(spec.mean(step.dt), place.blocks.neurons, &mut streams.named(&name));
        let cohort = cohorts[place.population];
        let port = self.port(place.population, place.field, Stage::After, place.blocks, place.single, cohort);
        let inlet = &mut self.ports[port];
        match &mut inlet.inlet {
            Blocked::F32(inlet) => inlet.take_amounts(false),
            Blocked::F64(inlet) => inlet.take_amounts(false),
        }
        inlet.feeds.push(Feed::new(spec.weight, true));
        let feed = inlet.feeds.len() - 1;
        self.backgrounds.push(Background {
            port,
            feed,
            stream: name,
            counts,
            ahead: None,
            spare: Vec::new(),
            describe: spec.describe(),
        });
        Ok(())
    }

    /// Draws background spikes from the streams of another seed from now on.
    pub(in crate::clocked) fn reseed(&mut self, streams: Streams) {
        for Background { counts, stream, .. } in &mut self.backgrounds {
            counts.reseed(&mut streams.named(stream));
        }
    }

    /// Whether nothing ever arrives anywhere.
    pub(in crate::clocked) fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }

    /// Takes what neurons and sources did in this step; it is read now and later.
    pub(in crate::clocked) fn listen(&mut self, pre: usize, step: &Step, cohort: &dyn Cohort) {
        if let Some(history) = self.histories.get_mut(pre) {
            history.push(step.number, cohort.spiked());
        }
    }

    /// Takes what is read of neurons at the beginning of a step: outputs, and variables that are read later.
    pub(in crate::clocked) fn look(&mut self, pre: usize, step: &Step, cohort: &dyn Cohort) {
        if let Some(history) = self.histories.get_mut(pre).filter(|history| history.outputs.is_read()) {
            history.outputs.note(step.number, |out| cohort.outputs(step, out));
        }
        for watched in self.watched.iter_mut().filter(|watched| watched.population == pre) {
            watched.past.note(step.number, |out| watched.variable.copy(cohort, step, out));
        }
    }
}
