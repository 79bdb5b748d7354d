//! The synapses of a projection, advanced from event to event.

use core::ops::Range;
use std::sync::Arc;

use super::kernel::{Bench, Chunk, each_lane, load_range, reads_of};
use super::model::{Advances, LANES, Side, Synapse};
use super::placement::{Kept, Pass, clock_states};
use super::rows::{Incoming, Rows};
use crate::error::{BuildError, Result};
use crate::neuron::StepContext;
use crate::population::find;
use crate::simd::{Instructions, Kernels};

/// The variables that synapses read of the neurons at their ends: one slice for each that the model declares, in
/// the order of its declarations, with a value for each neuron. Those of a time ago (`pre.v delayed 5 ms`) follow
/// behind, in the order in which the equations first name them.
#[derive(Clone, Copy, Debug)]
pub struct Reads<'a, S> {
    /// Of the presynaptic neurons.
    pub pre: &'a [&'a [S]],
    /// Of the postsynaptic neurons.
    pub post: &'a [&'a [S]],
}

impl<S> Reads<'_, S> {
    /// For models that read nothing.
    pub const NONE: Self = Self { pre: &[], post: &[] };
}

/// When each synapse was last advanced. Narrow: what is older than 2^32 steps is brought up to date in between.
#[derive(Clone, Debug, Default)]
pub(super) struct Clocks {
    pub(super) epoch: u64,
    /// Steps since the epoch; empty where no state of a single synapse has a law.
    pub(super) last: Vec<u32>,
}

impl Clocks {
    #[inline(always)]
    pub(super) fn at(&self, synapse: usize) -> u64 {
        self.epoch + u64::from(self.last[synapse])
    }

    #[inline(always)]
    pub(super) fn set(&mut self, synapses: impl Iterator<Item = usize>, now: u64) {
        // It fits: the store renews the epoch in time.
        let since = now.saturating_sub(self.epoch) as u32;
        for synapse in synapses {
            self.last[synapse] = since;
        }
    }
}

/// The passes of a model: what is touched by what happens.
#[derive(Clone, Debug)]
pub(super) struct Passes {
    on_pre: Option<Pass>,
    on_post: Option<Pass>,
    continuous: Option<Pass>,
    /// Equations of the clock, for the states of each synapse, and of each neuron of a side.
    tick: Pass,
    tick_pre: Pass,
    tick_post: Pass,
    /// Everything, as seen from either side.
    all_pre: Pass,
    all_post: Pass,
}

impl Passes {
    pub(super) fn new<Y: Synapse>(kept: &[Kept]) -> Self {
        let pass = |near, touched: &[usize], changes| Pass::new::<Y>(kept, near, touched, changes);
        let clocked = |place| super::placement::clocked::<Y>(kept, place);
        let all: Vec<usize> = (0..kept.len()).collect();
        Self {
            on_pre: Y::ON_PRE.map(|touched| pass(Side::Pre, touched, true)),
            on_post: Y::ON_POST.map(|touched| pass(Side::Post, touched, true)),
            continuous: Y::CONTINUOUS.map(|touched| pass(Side::Pre, touched, false)),
            tick: pass(Side::Pre, &clocked(Kept::Synapse), false),
            tick_pre: pass(Side::Pre, &clocked(Kept::Pre), false),
            tick_post: pass(Side::Post, &clocked(Kept::Post), false),
            all_pre: pass(Side::Pre, &all, true),
            all_post: pass(Side::Post, &all, true),
        }
    }
}

/// The synapses of one projection: their states, and what spikes, steps and time do to them.
///
/// Synapses lie in rows, one for each presynaptic neuron, in the order of their targets; they are counted through all
/// rows. States are kept where they differ: a trace that follows from the spikes of one side only is kept once for
/// each neuron of that side, and what is the same everywhere once. Between events, states with an equation of their
/// own are not touched; they are advanced, exactly, when something happens to them.
///
/// Everything has the label of the step in which it happens: a spike of step k acts at its end, at (k + 1) dt;
/// [`continuous`](Self::continuous) and [`tick`](Self::tick) of step k begin at k dt. In a step, call `continuous`,
/// `tick`, then the spikes, presynaptic ones first; labels never go back. Where a projection has one delay, a
/// presynaptic spike has the label of the step in which it arrives.
///
/// ```
/// use binnet::models::synapses::TsodyksMarkram;
/// use binnet::prelude::*;
/// use binnet::synapse::{Reads, SynapseStore};
///
/// // Neuron 0 to neurons 0 and 2, neuron 1 to neuron 2.
/// let rows = SynapseStore::<TsodyksMarkram>::builder(TsodyksMarkram::default(), vec![0, 2, 3], vec![0, 2, 2], 3);
/// let mut synapses = rows.values("w", vec![1.0, 2.0, 1.0])?.build(0.1.ms())?;
/// let mut arrived = Vec::new();
/// synapses.pre_spike(99, 0, Reads::NONE, |_, target, delivered| arrived.push((target, delivered)))?;
/// assert_eq!(arrived, [(0, 0.75), (2, 1.5)]); // u = 0.5 + 0.5 * 0.5, x = 1
/// assert!(synapses.value("x", 1, 100)? < 0.251);
/// # Ok::<(), binnet::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SynapseStore<Y: Synapse> {
    pub(super) shared: Y,
    pub(super) dt: f64,
    pub(super) rows: Arc<Rows>,
    pub(super) incoming: Option<Arc<Incoming>>,
    pub(super) kept: Vec<Kept>,
    pub(super) passes: Passes,
    /// The values of each field that is not shared.
    pub(super) columns: Vec<Vec<Y::S>>,
    pub(super) clock_pre: Vec<u64>,
    pub(super) clock_post: Vec<u64>,
    pub(super) clocks: Clocks,
    pub(super) kernels: Kernels,
}

impl<Y: Synapse> SynapseStore<Y> {
    pub(super) fn assemble(shared: Y, dt: f64, rows: Rows, kept: Vec<Kept>, columns: Vec<Vec<Y::S>>) -> Self {
        let own = |s: &super::Dynamics| s.advances == Advances::ByLaw && kept[s.field] == Kept::Synapse;
        let last = if Y::STATES.iter().any(own) { vec![0; rows.len()] } else { Vec::new() };
        Self {
            incoming: Y::ON_POST.map(|_| Arc::new(Incoming::new(&rows))),
            passes: Passes::new::<Y>(&kept),
            clock_pre: vec![0; rows.n_pre()],
            clock_post: vec![0; rows.n_post()],
            clocks: Clocks { epoch: 0, last },
            kernels: Instructions::default().kernels(),
            shared,
            dt,
            rows: Arc::new(rows),
            kept,
            columns,
        }
    }

    /// Lets all values be those at the beginning of a step.
    pub(crate) fn start(&mut self, step: u64) {
        self.clock_pre.fill(step);
        self.clock_post.fill(step);
        self.clocks.epoch = step;
        self.clocks.last.fill(0);
    }

    /// The vector instructions; results are the same for all.
    pub(crate) fn use_kernels(&mut self, kernels: Kernels) {
        self.kernels = kernels;
    }

    /// The number of synapses.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// The synapses of a presynaptic neuron; none beyond the last neuron.
    #[must_use]
    pub fn row(&self, pre: usize) -> Range<usize> {
        self.rows.row(pre)
    }

    /// The targets of all synapses.
    #[must_use]
    pub fn targets(&self) -> &[u32] {
        &self.rows.targets
    }

    /// Where a field is kept; `None` for a name that is no field.
    #[must_use]
    pub fn kept(&self, name: &str) -> Option<Kept> {
        find(Y::FIELDS, name).map(|field| self.kept[field])
    }

    /// The bytes that synapses and their states take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(|column| size_of_val(&column[..])).sum();
        let clocks = 8 * (self.clock_pre.len() + self.clock_post.len()) + 4 * self.clocks.last.len();
        columns + clocks + self.rows.bytes() + self.incoming.as_ref().map_or(0, |incoming| incoming.bytes())
    }

    /// A presynaptic spike, with the label of the step at whose end it acts. `deliver` gets each synapse of the
    /// neuron, its target, and what it delivers, in the order of the targets.
    ///
    /// # Errors
    /// If a variable that the spike needs is missing in `reads`, or has no value for some of the neurons.
    pub fn pre_spike(
        &mut self,
        step: u64,
        pre: usize,
        reads: Reads<'_, Y::S>,
        deliver: impl FnMut(usize, u32, Y::S),
    ) -> Result<()> {
        self.passes.on_pre.iter().try_for_each(|pass| self.admits(pass, Side::Pre, &reads))?;
        self.on_pre(step, pre, reads, deliver);
        Ok(())
    }

    /// The same for variables that are known to be there.
    pub(crate) fn on_pre(
        &mut self,
        step: u64,
        pre: usize,
        reads: Reads<'_, Y::S>,
        mut deliver: impl FnMut(usize, u32, Y::S),
    ) {
        if pre >= self.rows.n_pre() || self.passes.on_pre.is_none() {
            return;
        }
        self.renew(step + 1);
        let (kernels, row) = (self.kernels, self.rows.row(pre));
        let Self { shared, dt, rows, passes, columns, clock_pre, clock_post, clocks, .. } = self;
        let Some(pass) = &passes.on_pre else { return };
        let [near_reads, far_reads] = reads_of(&reads, Side::Pre);
        kernels.vectorize(
            #[inline(always)]
            || {
                // A copy that nothing else points to: the compiler sees that no lane changes it.
                let shared = &shared.clone();
                let mut bench = Bench {
                    pass,
                    shared,
                    columns,
                    near_clock: clock_pre,
                    far_clock: clock_post,
                    own_clock: clocks,
                    near_reads,
                    far_reads,
                    now: step + 1,
                    dt: *dt,
                };
                let cx = bench.context();
                let near = bench.near(pre);
                let mut lanes = near.clone();
                if !bench.pass.near.is_empty() {
                    each_lane(&mut lanes, shared, |synapse: &mut Y| synapse.on_pre(&cx));
                    bench.store_near(pre, &lanes);
                }
                for chunk in Chunk::of_row(&row, &rows.targets) {
                    bench.load(chunk, &near, &mut lanes);
                    let out = each_lane(&mut lanes, shared, |synapse: &mut Y| synapse.on_pre(&cx));
                    bench.store(chunk, &lanes);
                    for ((synapse, target), delivered) in (chunk.first..).zip(chunk.far).zip(out) {
                        deliver(synapse, *target, delivered);
                    }
                }
            },
        );
    }

    /// A postsynaptic spike, with the label of the step at whose end it acts.
    ///
    /// # Errors
    /// As for [`pre_spike`](Self::pre_spike).
    pub fn post_spike(&mut self, step: u64, post: usize, reads: Reads<'_, Y::S>) -> Result<()> {
        self.passes.on_post.iter().try_for_each(|pass| self.admits(pass, Side::Post, &reads))?;
        self.on_post(step, post, reads);
        Ok(())
    }

    /// The same for variables that are known to be there.
    pub(crate) fn on_post(&mut self, step: u64, post: usize, reads: Reads<'_, Y::S>) {
        if post >= self.rows.n_post() || self.passes.on_post.is_none() {
            return;
        }
        self.renew(step + 1);
        let kernels = self.kernels;
        let Self { shared, dt, incoming, passes, columns, clock_pre, clock_post, clocks, .. } = self;
        let (Some(pass), Some(incoming)) = (&passes.on_post, incoming) else { return };
        let [near_reads, far_reads] = reads_of(&reads, Side::Post);
        kernels.vectorize(
            #[inline(always)]
            || {
                let shared = &shared.clone();
                let mut bench = Bench {
                    pass,
                    shared,
                    columns,
                    near_clock: clock_post,
                    far_clock: clock_pre,
                    own_clock: clocks,
                    near_reads,
                    far_reads,
                    now: step + 1,
                    dt: *dt,
                };
                let cx = bench.context();
                let event = |synapse: &mut Y| {
                    synapse.on_post(&cx);
                    Default::default()
                };
                let near = bench.near(post);
                let mut lanes = near.clone();
                if !bench.pass.near.is_empty() {
                    each_lane(&mut lanes, shared, event);
                    bench.store_near(post, &lanes);
                }
                if bench.pass.stored.is_empty() {
                    return;
                }
                let row = incoming.row(post);
                for chunk in Chunk::of_list(&incoming.synapses[row.clone()], &incoming.sources[row]) {
                    bench.load(chunk, &near, &mut lanes);
                    each_lane(&mut lanes, shared, event);
                    bench.store(chunk, &lanes);
                }
            },
        );
    }

    /// What all synapses deliver in a step besides spikes, from the values at its beginning: `deliver` gets each
    /// synapse, its target, and what it delivers.
    ///
    /// # Errors
    /// As for [`pre_spike`](Self::pre_spike).
    pub fn continuous(
        &mut self,
        step: u64,
        reads: Reads<'_, Y::S>,
        deliver: impl FnMut(usize, u32, Y::S),
    ) -> Result<()> {
        self.passes.continuous.iter().try_for_each(|pass| self.admits(pass, Side::Pre, &reads))?;
        self.each_step(step, reads, deliver);
        Ok(())
    }

    /// The same for variables that are known to be there.
    pub(crate) fn each_step(&mut self, step: u64, reads: Reads<'_, Y::S>, mut deliver: impl FnMut(usize, u32, Y::S)) {
        let kernels = self.kernels;
        let Self { shared, dt, rows, passes, columns, clock_pre, clock_post, clocks, .. } = self;
        let Some(pass) = &passes.continuous else { return };
        let [near_reads, far_reads] = reads_of(&reads, Side::Pre);
        kernels.vectorize(
            #[inline(always)]
            || {
                let shared = &shared.clone();
                let bench = Bench {
                    pass,
                    shared,
                    columns,
                    near_clock: clock_pre,
                    far_clock: clock_post,
                    own_clock: clocks,
                    near_reads,
                    far_reads,
                    now: step,
                    dt: *dt,
                };
                let cx = bench.context();
                for pre in 0..rows.n_pre() {
                    let row = rows.row(pre);
                    if row.is_empty() {
                        continue;
                    }
                    let near = bench.near(pre);
                    let mut lanes = near.clone();
                    for chunk in Chunk::of_row(&row, &rows.targets) {
                        bench.load(chunk, &near, &mut lanes);
                        let out = each_lane(&mut lanes, shared, |synapse: &mut Y| synapse.continuous(&cx));
                        for ((synapse, target), delivered) in (chunk.first..).zip(chunk.far).zip(out) {
                            deliver(synapse, *target, delivered);
                        }
                    }
                }
            },
        );
    }

    /// Makes a step with the equations that advance with the clock, from the values at its beginning.
    ///
    /// # Errors
    /// As for [`pre_spike`](Self::pre_spike).
    pub fn tick(&mut self, step: u64, reads: Reads<'_, Y::S>) -> Result<()> {
        let Passes { tick, tick_pre, tick_post, .. } = &self.passes;
        for (pass, near) in [(tick, Side::Pre), (tick_pre, Side::Pre), (tick_post, Side::Post)] {
            self.admits(pass, near, &reads)?;
        }
        self.advance(step, reads);
        Ok(())
    }

    /// The same for variables that are known to be there.
    pub(crate) fn advance(&mut self, step: u64, reads: Reads<'_, Y::S>) {
        if !Y::STATES.iter().any(|state| state.advances == Advances::WithClock) {
            return;
        }
        let kernels = self.kernels;
        kernels.vectorize(
            #[inline(always)]
            || {
                // Those of single synapses first: they need the old values of what neurons have for all of theirs.
                self.tick_synapses(step, &reads);
                self.tick_neurons(step, Side::Pre, reads.pre);
                self.tick_neurons(step, Side::Post, reads.post);
            },
        );
    }

    #[inline(always)]
    fn tick_synapses(&mut self, step: u64, reads: &Reads<'_, Y::S>) {
        let states = clock_states::<Y>(&self.kept, Kept::Synapse);
        if states.is_empty() {
            return;
        }
        let Self { shared, dt, rows, passes, columns, clock_pre, clock_post, clocks, .. } = self;
        let shared = &shared.clone();
        let [near_reads, far_reads] = reads_of(reads, Side::Pre);
        let mut bench = Bench {
            pass: &passes.tick,
            shared,
            columns,
            near_clock: clock_pre,
            far_clock: clock_post,
            own_clock: clocks,
            near_reads,
            far_reads,
            now: step,
            dt: *dt,
        };
        let cx = bench.context();
        for pre in 0..rows.n_pre() {
            let (row, near) = (rows.row(pre), bench.near(pre));
            let mut lanes = near.clone();
            for chunk in Chunk::of_row(&row, &rows.targets) {
                bench.load(chunk, &near, &mut lanes);
                tick_lanes(&mut lanes, shared, &cx);
                bench.store_fields(chunk, &lanes, &states);
            }
        }
    }

    /// Equations of states that the neurons of a side have for all of their synapses: a lane is a neuron.
    #[inline(always)]
    fn tick_neurons(&mut self, step: u64, side: Side, reads: &[&[Y::S]]) {
        let states = clock_states::<Y>(&self.kept, Kept::at(side));
        if states.is_empty() {
            return;
        }
        let (pass, n) = match side {
            Side::Pre => (&self.passes.tick_pre, self.rows.n_pre()),
            Side::Post => (&self.passes.tick_post, self.rows.n_post()),
        };
        let shared = &self.shared.clone();
        let cx = StepContext { t: step as f64 * self.dt, dt: self.dt, index: 0, spikes: 0 };
        let mut lanes = Y::lanes();
        let mut values = shared.clone();
        for &field in &pass.shared {
            if let Some(value) = values.field_mut(field) {
                lanes.as_mut()[field] = [*value; LANES];
            }
        }
        let mut start = 0;
        while start < n {
            let neurons = start..n.min(start + LANES);
            for &field in &pass.near {
                load_range(&mut lanes.as_mut()[field], &self.columns[field], &neurons);
            }
            for &(slot, field) in &pass.near_reads {
                load_range(&mut lanes.as_mut()[field], reads[slot], &neurons);
            }
            tick_lanes(&mut lanes, shared, &cx);
            for &field in &states {
                self.columns[field][neurons.clone()].copy_from_slice(&lanes.as_ref()[field][..neurons.len()]);
            }
            start = neurons.end;
        }
    }

    /// Refuses variables of which some that a pass needs are missing, or too short.
    fn admits(&self, pass: &Pass, near: Side, reads: &Reads<'_, Y::S>) -> Result<()> {
        let [near_reads, far_reads] = reads_of(reads, near);
        let (n_near, n_far) = match near {
            Side::Pre => (self.rows.n_pre(), self.rows.n_post()),
            Side::Post => (self.rows.n_post(), self.rows.n_pre()),
        };
        for (needed, given, n) in [(&pass.near_reads, near_reads, n_near), (&pass.far_reads, far_reads, n_far)] {
            for (slot, field) in needed {
                let found = given.get(*slot).map_or(0, |values| values.len());
                if found < n {
                    let read = Y::READS.iter().find(|read| read.field == *field);
                    let what = read.map_or_else(String::new, |read| format!("{}.{}", read.side.word(), read.name));
                    let what = format!("the values of `{what}` for `{}`", Y::NAME);
                    return Err(BuildError::Length { what, expected: n, found }.into());
                }
            }
        }
        Ok(())
    }

    /// Renews the epoch of narrow clocks before they overflow.
    fn renew(&mut self, now: u64) {
        if !self.clocks.last.is_empty() && now.saturating_sub(self.clocks.epoch) > u64::from(u32::MAX) {
            self.refresh(now);
        }
    }

    /// Advances all states with laws to the beginning of a step. Later values are the same up to rounding.
    pub(super) fn refresh(&mut self, now: u64) {
        let Self { shared, dt, rows, passes, columns, clock_pre, clock_post, clocks, .. } = self;
        let none: &[&[Y::S]] = &[];
        let mut from_pre = Bench {
            pass: &passes.all_pre.without_reads(),
            shared,
            columns,
            near_clock: clock_pre,
            far_clock: clock_post,
            own_clock: clocks,
            near_reads: none,
            far_reads: none,
            now,
            dt: *dt,
        };
        for pre in 0..rows.n_pre() {
            let near = from_pre.near(pre);
            let mut lanes = near.clone();
            for chunk in Chunk::of_row(&rows.row(pre), &rows.targets) {
                from_pre.load(chunk, &near, &mut lanes);
                from_pre.store(chunk, &lanes);
            }
            from_pre.store_near(pre, &near);
        }
        let mut from_post = Bench {
            pass: &passes.all_post.without_reads(),
            shared,
            columns,
            near_clock: clock_post,
            far_clock: clock_pre,
            own_clock: clocks,
            near_reads: none,
            far_reads: none,
            now,
            dt: *dt,
        };
        for post in 0..rows.n_post() {
            let near = from_post.near(post);
            from_post.store_near(post, &near);
        }
        clocks.epoch = now;
        clocks.last.fill(0);
    }
}

#[inline(always)]
fn tick_lanes<Y: Synapse>(lanes: &mut Y::Lanes, shared: &Y, cx: &StepContext) {
    each_lane(lanes, shared, |synapse: &mut Y| {
        synapse.tick(cx);
        Default::default()
    });
}
