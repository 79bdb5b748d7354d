//! The synapses of a projection, whatever their model.

use std::sync::Arc;

use super::branches::Branches;
use super::draw::{Rows, WEIGHT};
use super::plan::{MOST, Reading, Variable};
use crate::clocked::projection::positions::Positions;
use crate::clocked::projection::ring::Ring;
use crate::clocked::projection::wiring::Watched;
use crate::clocked::{Cohort, Step};
use crate::error::{BuildError, Result};
use crate::neuron::Scalar as _;
use crate::population::{FieldInfo, Role, find};
use crate::simd::Kernels;
use crate::snapshot::{Fingerprint, Persist, Reader, SnapshotError, Writer, persist};
use crate::synapse::{Ago, Kept, Reads, Side, Synapse, SynapseStore};
use crate::units::Time;

/// The neurons at both ends, as they are when something happens.
pub(in crate::clocked::projection) struct Ends<'a> {
    /// None for a source.
    pub(super) pre: Option<&'a dyn Cohort>,
    pub(super) pre_part: &'a Positions,
    pub(super) post: &'a dyn Cohort,
    /// The numbers of both.
    pub(super) numbers: [usize; 2],
    /// What is kept of the past.
    pub(super) watched: &'a [Watched],
    pub(super) step: Step,
    pub(super) kernels: Kernels,
}

/// Synapses with equations, without their type. Sums have a value for each neuron of the postsynaptic population.
pub(in crate::clocked::projection) trait Synapses: Persist + Send + Sync {
    /// Delivers what is delivered in each step, and advances with the clock.
    fn begin(&mut self, ends: &Ends<'_>, sums: &mut [f64]);
    /// The rows of the store, where they are not one for each presynaptic neuron.
    fn branches(&self) -> Option<&Branches>;
    /// Spikes: rows and counts of what arrives, then neurons and counts of the postsynaptic population.
    /// Returns whether anything arrived.
    fn spikes(&mut self, ends: &Ends<'_>, pre: &[(u32, u32)], post: &[(u32, u32)], sums: &mut [f64]) -> bool;
    /// Whether anything happens in steps without spikes: before neurons advance, and at the end.
    fn each_step(&self) -> [bool; 2];
    /// Whether postsynaptic spikes matter.
    fn hears_post(&self) -> bool;
    fn model(&self) -> &'static str;
    fn fields(&self) -> &'static [FieldInfo];
    /// Where its states, and the locals that differ, are kept.
    fn kept(&self) -> Vec<(&'static str, Kept)>;
    fn bytes(&self) -> usize;
    /// Row, postsynaptic neuron, weight (NaN if there is none) and delay, if it differs, of each synapse.
    fn each(&self, step: u64, visit: &mut dyn FnMut(usize, usize, f64, Option<u16>));
    fn values(&self, name: &str, step: u64) -> Result<Vec<f64>>;
    fn set_values(&mut self, name: &str, values: &[f64], step: u64) -> Result<()>;
    fn set_param(&mut self, name: &str, value: f64, step: u64) -> Result<()>;
    /// What the model says of a field that can be read.
    fn field(&self, name: &str) -> Result<&'static FieldInfo>;
    /// A field of one synapse at the beginning of a step; NaN if there is no such field or synapse.
    fn value(&self, name: &str, synapse: usize, step: u64) -> f64;
    /// The postsynaptic neurons, one for each synapse.
    fn targets(&self) -> &[u32];
    /// Whether a field is a local, other than the weight.
    fn is_local(&self, name: &str) -> bool;
    /// Takes its connections in account.
    fn fingerprint(&self, all: &mut Fingerprint);
    /// Writes values as they are at the beginning of a step, for another time and network.
    fn save_values(&self, step: u64, out: &mut Writer);
    /// Takes such values over, as those at the beginning of a step.
    fn load_values(&mut self, step: u64, from: &mut Reader<'_>) -> Result<(), SnapshotError>;
    fn copy(&self) -> Box<dyn Synapses>;
}

/// A variable of a neuron, copied for the synapses.
#[derive(Clone)]
struct Column<S> {
    from: Reading,
    values: Vec<S>,
}

/// What is under way through synapses with delays of their own, where all that they do follows from the presynaptic
/// neuron: it is done at the spike, and what they deliver waits.
#[derive(Clone)]
struct Flight {
    delays: Arc<[u16]>,
    ring: Ring<f64>,
}

/// The synapses of a model.
#[derive(Clone)]
pub(super) struct Stored<Y: Synapse> {
    store: SynapseStore<Y>,
    pre: Vec<Column<Y::S>>,
    post: Vec<Column<Y::S>>,
    flight: Option<Flight>,
    /// Where delays differ and the postsynaptic neuron matters: synapses do what they do when the spike arrives.
    branches: Option<Arc<Branches>>,
}

impl<Y: Synapse> Stored<Y> {
    pub(super) fn new(mut model: Y, mut rows: Rows, reads: Vec<Reading>, step: &Step) -> Result<Self> {
        let branches = if follows_post::<Y>() { Branches::cut(&mut rows).map(Arc::new) } else { None };
        let Rows { offsets, targets, n_post, one, each, delays } = rows;
        let mut first = Vec::new();
        for (name, value) in one {
            match find(Y::FIELDS, name) {
                Some(i) if Y::FIELDS[i].role == Role::State => first.push((name, value)),
                Some(i) => {
                    if let Some(field) = model.field_mut(i) {
                        *field = Y::S::of(value);
                    }
                }
                None => {}
            }
        }
        let mut builder = SynapseStore::builder(model, offsets, targets, n_post);
        for (name, value) in first {
            builder = builder.initial(name, value)?;
        }
        for (name, values) in each {
            builder = builder.values(name, values)?;
        }
        let mut store = builder.build(Time::from_ms(step.dt))?;
        store.start(step.number);
        let flight = delays.map(|delays| {
            let mut ring = Ring::new(n_post);
            ring.reach(delays.iter().copied().max().map_or(0, usize::from), step.number);
            Flight { delays: delays.into(), ring }
        });
        let side = |side: Side| {
            let own = reads.iter().filter(|read| read.side == side);
            own.map(|from| Column { from: *from, values: Vec::new() }).collect()
        };
        Ok(Self { store, pre: side(Side::Pre), post: side(Side::Post), flight, branches })
    }

    /// Copies what synapses read at a time: the beginning of this step.
    fn look(&mut self, ends: &Ends<'_>, at: u64) {
        if let Some(pre) = ends.pre {
            let part = ends.pre_part;
            let rows = self.branches.as_ref().map_or(part.len(), |branches| branches.len());
            let neuron = |row| part.neuron(self.branches.as_ref().map_or(row, |branches| branches.source(row)));
            self.pre.iter_mut().for_each(|column| column.fill(pre, rows, neuron, ends, at));
        }
        let post = ends.post;
        self.post.iter_mut().for_each(|column| column.fill(post, post.size(), |i| i, ends, at));
    }
}

/// Whether anything that synapses do follows from the postsynaptic neuron.
fn follows_post<Y: Synapse>() -> bool {
    Y::ON_POST.is_some() || Y::READS.iter().any(|read| read.side == Side::Post)
}

impl<S: crate::neuron::Real> Column<S> {
    fn fill(&mut self, cohort: &dyn Cohort, n: usize, neuron: impl Fn(usize) -> usize, ends: &Ends<'_>, at: u64) {
        let Reading { side, variable, factor, ago } = self.from;
        self.values.clear();
        if let Some(steps) = ago {
            let [pre, post] = ends.numbers;
            let of = (if side == Side::Pre { pre } else { post }, variable);
            let past = ends.watched.iter().find(|watched| (watched.population, watched.variable) == of);
            let values = past.map_or(&[][..], |watched| watched.past.at(at, steps));
            self.values.extend((0..n).map(|i| S::of(values.get(neuron(i)).map_or(f64::NAN, |value| value * factor))));
            return;
        }
        let step = &ends.step;
        match variable {
            Variable::Field(field) => {
                let values = cohort.values(field);
                self.values.extend((0..n).map(|i| S::of(values.at(neuron(i)) * factor)));
            }
            Variable::Observable(which) => {
                self.values.extend((0..n).map(|i| S::of(cohort.observe(which, neuron(i), step) * factor)));
            }
        }
    }
}

/// The columns of a side as slices, of which there are few.
fn slices<S>(columns: &[Column<S>]) -> [&[S]; MOST] {
    let mut slices: [&[S]; MOST] = [&[]; MOST];
    slices.iter_mut().zip(columns).for_each(|(slice, column)| *slice = &column.values);
    slices
}

impl<Y: Synapse> Synapses for Stored<Y> {
    fn begin(&mut self, ends: &Ends<'_>, sums: &mut [f64]) {
        self.look(ends, ends.step.number);
        let Self { store, pre, post, .. } = self;
        store.use_kernels(ends.kernels);
        let (from, onto) = (slices(pre), slices(post));
        let reads = Reads { pre: &from[..pre.len()], post: &onto[..post.len()] };
        let step = ends.step.number;
        store.each_step(step, reads, |_, target, delivered| sums[target as usize] += delivered.to_f64());
        store.advance(step, reads);
    }

    fn branches(&self) -> Option<&Branches> {
        self.branches.as_deref()
    }

    fn spikes(&mut self, ends: &Ends<'_>, due: &[(u32, u32)], hit: &[(u32, u32)], sums: &mut [f64]) -> bool {
        let step = ends.step.number;
        let mut arrived = false;
        if !(due.is_empty() && hit.is_empty()) {
            // Spikes act at the end of the step.
            self.look(ends, step + 1);
            let Self { store, pre, post, flight, .. } = self;
            store.use_kernels(ends.kernels);
            let (from, onto) = (slices(pre), slices(post));
            let reads = Reads { pre: &from[..pre.len()], post: &onto[..post.len()] };
            for &(row, count) in due {
                for _ in 0..count {
                    match flight {
                        None => store.on_pre(step, row as usize, reads, |_, target, delivered| {
                            sums[target as usize] += delivered.to_f64();
                        }),
                        Some(Flight { delays, ring }) => {
                            let mut add = ring.add(step);
                            store.on_pre(step, row as usize, reads, |synapse, target, delivered| {
                                add(usize::from(delays[synapse]), target as usize, delivered.to_f64());
                            });
                        }
                    }
                }
            }
            arrived = flight.is_none() && !due.is_empty();
            for &(neuron, count) in hit {
                (0..count).for_each(|_| store.on_post(step, neuron as usize, reads));
            }
        }
        if let Some(due) = self.flight.as_mut().and_then(|flight| flight.ring.due(step)) {
            sums.copy_from_slice(due);
            due.fill(0.0);
            arrived = true;
        }
        arrived
    }

    fn each_step(&self) -> [bool; 2] {
        let clocked = Y::STATES.iter().any(|state| state.advances == crate::synapse::Advances::WithClock);
        [clocked || Y::CONTINUOUS.is_some(), self.flight.is_some()]
    }

    fn hears_post(&self) -> bool {
        Y::ON_POST.is_some()
    }

    fn model(&self) -> &'static str {
        Y::NAME
    }

    fn fields(&self) -> &'static [FieldInfo] {
        Y::FIELDS
    }

    fn kept(&self) -> Vec<(&'static str, Kept)> {
        let own = Y::FIELDS.iter().filter(|field| matches!(field.role, Role::State | Role::Local));
        own.filter_map(|field| Some((field.name, self.store.kept(field.name)?))).collect()
    }

    fn bytes(&self) -> usize {
        let columns = self.pre.iter().chain(&self.post).map(|column| size_of_val(&column.values[..])).sum::<usize>();
        let branches = self.branches.as_ref().map_or(0, |branches| branches.bytes());
        let flight = self.flight.as_ref().map_or(0, |flight| 2 * flight.delays.len() + flight.ring.bytes());
        self.store.bytes() + columns + flight + branches
    }

    fn each(&self, step: u64, visit: &mut dyn FnMut(usize, usize, f64, Option<u16>)) {
        let weights = self.values(WEIGHT, step).unwrap_or_default();
        let weight = |synapse: usize| weights.get(synapse).copied().unwrap_or(f64::NAN);
        if let Some(branches) = &self.branches {
            let mut rows = vec![0; self.store.len()];
            (0..branches.len()).for_each(|row| rows[self.store.row(row)].fill(row));
            for (synapse, target) in branches.targets().iter().enumerate() {
                let row = rows[branches.place(synapse)];
                visit(branches.source(row), *target as usize, weight(synapse), Some(branches.delay(row)));
            }
            return;
        }
        let mut row = 0;
        for (synapse, target) in self.store.targets().iter().enumerate() {
            while synapse >= self.store.row(row).end {
                row += 1;
            }
            let delay = self.flight.as_ref().and_then(|flight| flight.delays.get(synapse).copied());
            visit(row, *target as usize, weight(synapse), delay);
        }
    }

    fn values(&self, name: &str, step: u64) -> Result<Vec<f64>> {
        let values = self.store.values(name, step)?;
        Ok(match &self.branches {
            Some(branches) => branches.sorted(&values),
            None => values,
        })
    }

    fn set_values(&mut self, name: &str, values: &[f64], step: u64) -> Result<()> {
        match &self.branches {
            // The store refuses any other number.
            Some(branches) if values.len() == branches.targets().len() => {
                self.store.set_values(name, &branches.stored(values), step)
            }
            _ => self.store.set_values(name, values, step),
        }
    }

    fn set_param(&mut self, name: &str, value: f64, step: u64) -> Result<()> {
        let field = find(Y::FIELDS, name);
        if Y::READS.iter().any(|read| matches!(read.ago, Ago::Param(delay) if Some(delay) == field)) {
            return Err(BuildError::Value {
                what: format!("`{name}` of `{}`", Y::NAME),
                problem: "is how long ago something is read, which is fixed once the synapses are drawn".to_owned(),
                help: "set it when the network is built".to_owned(),
            }
            .into());
        }
        self.store.set_param(name, value, step)
    }

    fn field(&self, name: &str) -> Result<&'static FieldInfo> {
        let readable = |field: &&FieldInfo| field.role != Role::Input;
        Y::FIELDS.iter().filter(readable).find(|field| field.name == name).ok_or_else(|| {
            let names: Vec<_> = Y::FIELDS.iter().filter(readable).map(|field| field.name).collect();
            BuildError::unknown(format!("field of `{}`", Y::NAME), name, &names).into()
        })
    }

    fn value(&self, name: &str, synapse: usize, step: u64) -> f64 {
        let place = self.branches.as_ref().map_or(synapse, |branches| branches.place(synapse));
        self.store.value(name, place, step).unwrap_or(f64::NAN)
    }

    fn targets(&self) -> &[u32] {
        self.branches.as_ref().map_or_else(|| self.store.targets(), |branches| branches.targets())
    }

    fn is_local(&self, name: &str) -> bool {
        name != WEIGHT && find(Y::FIELDS, name).is_some_and(|i| Y::FIELDS[i].role == Role::Local)
    }

    fn fingerprint(&self, all: &mut Fingerprint) {
        self.store.fingerprint(all);
        if let Some(flight) = &self.flight {
            all.add(&flight.delays);
        }
        if let Some(branches) = &self.branches {
            branches.fingerprint(all);
        }
    }

    fn save_values(&self, step: u64, out: &mut Writer) {
        self.store.save_values(step, out);
    }

    fn load_values(&mut self, step: u64, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        self.store.load_values(step, from)
    }

    fn copy(&self) -> Box<dyn Synapses> {
        Box::new(self.clone())
    }
}

persist!([] Flight { ring } fixed {} built { delays });

/// What synapses read of neurons is copied in each step.
impl<Y: Synapse> Persist for Stored<Y> {
    fn save(&self, out: &mut Writer) {
        let Self { store, pre: _, post: _, flight, branches: _ } = self;
        store.save(out);
        flight.as_slice().save(out);
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { store, pre: _, post: _, flight, branches: _ } = self;
        store.load(from)?;
        flight.as_mut_slice().load(from)
    }
}
