//! A population with what advances it: neurons, method, spikes, noise.

use core::any::TypeId;
use core::fmt;
use core::marker::PhantomData;

use super::increments::{GivenIncrements, Increments};
use super::kernel::{Activity, By, Kernel};
use super::{Cohort, Spiked, Step};
use crate::error::{BuildError, Result};
use crate::neuron::{Advance, Method, ModelText};
use crate::population::{
    Arrays as _, Bound, FieldInfo, Init, Model, Population, Role, TILE, Values, ValuesMut, find, output_of,
};
use crate::rng::Streams;
use crate::simd::Instructions;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// `N` neurons of model `M` that method `I` advances.
///
/// Method [`Own`](crate::neuron::Own) is the step that the model's author wrote; the others stand in
/// [`integrate`](crate::integrate).
pub struct Cells<M: Model, I, const N: usize> {
    name: String,
    neurons: Population<M, N>,
    kernel: Box<dyn Kernel<M, N>>,
    /// Whether parameters may have changed since the kernel was prepared.
    stale: bool,
    activity: Activity,
    /// The fields that are inputs.
    inputs: Vec<usize>,
    /// Rows and columns.
    grid: Option<[usize; 2]>,
    /// The states that were given values, to start from again.
    given: Vec<(String, Init)>,
    method: PhantomData<fn() -> I>,
}

impl<M: Model, I: Method, const N: usize> Cells<M, I, N> {
    /// A population with values for some of its fields; the others are at the model's defaults.
    ///
    /// Parameters and locals are set first, then states that start from them, then the given states.
    /// Each field draws from the stream `init/name/field`, noise from `noise/name`.
    ///
    /// # Errors
    /// For an unknown field (with the nearest one), an input, an array of another length than `N`, a
    /// distribution out of its range or for a shared parameter, and a parameter without a default that is not given.
    pub fn build(name: impl Into<String>, values: Vec<(&str, Init)>, streams: &Streams) -> Result<Self>
    where
        M: Advance<I>,
    {
        Self::of(name.into(), Population::new(), values, streams)
    }

    /// As [`build`](Self::build), of so many neurons.
    ///
    /// # Errors
    /// As for `build`, and for another size than that of the type, unless this is
    /// [`RUN_TIME`](crate::population::RUN_TIME).
    pub fn build_sized(
        name: impl Into<String>,
        size: usize,
        values: Vec<(&str, Init)>,
        streams: &Streams,
    ) -> Result<Self>
    where
        M: Advance<I>,
    {
        Self::of(name.into(), Population::sized(size)?, values, streams)
    }

    fn of(name: String, mut neurons: Population<M, N>, values: Vec<(&str, Init)>, streams: &Streams) -> Result<Self>
    where
        M: Advance<I>,
    {
        let size = neurons.len();
        let given = |field: &str| values.iter().any(|(name, _)| *name == field);
        if let Some(field) = M::FIELDS.iter().find(|field| field.is_required() && !given(field.name)) {
            let unit = if field.unit == "1" { String::new() } else { format!(" in {}", field.unit) };
            return Err(BuildError::Value {
                what: format!("`{}` of `{name}`", field.name),
                problem: "is not given".to_owned(),
                help: format!("`{}` has no default for it; give a value{unit}", M::NAME),
            }
            .into());
        }
        let role = |field: &str| find(M::FIELDS, field).map(|i| M::FIELDS[i].role);
        let (states, parameters): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|(field, _)| role(field) == Some(Role::State));
        let set = |neurons: &mut Population<M, N>, values: Vec<(&str, Init)>| -> Result<()> {
            for (field, init) in values {
                if role(field) == Some(Role::Input) {
                    return Err(BuildError::Value {
                        what: format!("`{field}` of `{name}`"),
                        problem: "is an input, which is cleared in each step".to_owned(),
                        help: "add to it with a stimulus".to_owned(),
                    }
                    .into());
                }
                neurons.init(field, init, &mut streams.named(&format!("init/{name}/{field}")))?;
            }
            Ok(())
        };
        set(&mut neurons, parameters)?;
        settle(&mut neurons);
        let given = states.iter().map(|(field, init)| ((*field).to_owned(), init.clone())).collect();
        set(&mut neurons, states)?;
        let increments = Increments::Drawn(streams.named(&noise(&name)));
        Ok(Self {
            name,
            neurons,
            kernel: Box::new(By::<M, I>::new()),
            stale: true,
            activity: Activity::new(size, increments),
            inputs: (0..M::FIELDS.len()).filter(|i| M::FIELDS[*i].role == Role::Input).collect(),
            grid: None,
            given,
            method: PhantomData,
        })
    }

    /// Gives the population two dimensions: rows and columns, row by row.
    ///
    /// # Errors
    /// When rows times columns is not the number of neurons.
    pub fn with_grid(mut self, rows: usize, columns: usize) -> Result<Self> {
        let size = self.neurons.len();
        if rows.checked_mul(columns) != Some(size) {
            return Err(BuildError::Shape {
                what: format!("the {size} neurons of `{}` (rows x columns)", self.name),
                expected: (size, 1),
                found: (rows, columns),
            }
            .into());
        }
        self.grid = Some([rows, columns]);
        Ok(self)
    }

    /// The neurons.
    #[must_use]
    pub fn neurons(&self) -> &Population<M, N> {
        &self.neurons
    }

    /// The neurons, to be changed between steps.
    pub fn neurons_mut(&mut self) -> &mut Population<M, N> {
        self.stale = true;
        &mut self.neurons
    }

    /// The spikes of neuron `i` in the last step; `None` beyond the last neuron.
    #[must_use]
    pub fn spikes(&self, i: usize) -> Option<u32> {
        (i < self.neurons.len()).then(|| self.activity.counts[i / TILE][i % TILE])
    }

    /// Overwrites the spikes of all neurons in the last step, which models may read in the next one.
    ///
    /// # Errors
    /// When there are not as many as neurons.
    pub fn set_spikes(&mut self, counts: &[u32]) -> Result<()> {
        let size = self.neurons.len();
        if counts.len() != size {
            let what = format!("the last spikes of `{}`", self.name);
            return Err(BuildError::Length { what, expected: size, found: counts.len() }.into());
        }
        for (tile, counts) in self.activity.counts.iter_mut().zip(counts.chunks(TILE)) {
            tile[..counts.len()].copy_from_slice(counts);
        }
        let spiked = (0..).zip(counts).filter(|(_, count)| **count > 0);
        self.activity.spiked = spiked.map(|(neuron, count)| Spiked { neuron, count: *count, before: 0 }).collect();
        Ok(())
    }
}

/// Lets states start from the values of parameters.
fn settle<M: Model, const N: usize>(neurons: &mut Population<M, N>) {
    for i in 0..neurons.len() {
        let mut neuron = neurons.arrays().get(i);
        neuron.settle();
        neurons.arrays_mut().set(i, &neuron);
    }
}

/// The name of the stream of a population's noise.
fn noise(name: &str) -> String {
    format!("noise/{name}")
}

impl<M: Model, I: Method, const N: usize> Cohort for Cells<M, I, N> {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> usize {
        self.neurons.len()
    }

    fn model(&self) -> &'static str {
        M::NAME
    }

    fn method(&self) -> (&'static str, bool) {
        (I::NAME, TypeId::of::<I>() == TypeId::of::<M::Method>())
    }

    fn fields(&self) -> &'static [FieldInfo] {
        M::FIELDS
    }

    fn inputs(&self) -> &[usize] {
        &self.inputs
    }

    fn bounds(&self) -> &'static [Bound] {
        M::BOUNDS
    }

    fn text(&self) -> Option<ModelText> {
        M::TEXT
    }

    fn observables(&self) -> &'static [FieldInfo] {
        M::OBSERVABLES
    }

    fn values(&self, field: usize) -> Values<'_> {
        self.neurons.arrays().values(field)
    }

    fn values_mut(&mut self, field: usize) -> ValuesMut<'_> {
        self.stale |= matches!(M::FIELDS[field].role, Role::Param | Role::Local);
        self.neurons.arrays_mut().values_mut(field)
    }

    fn fields_mut(&mut self, visit: &mut dyn FnMut(&mut [ValuesMut<'_>])) {
        self.neurons.arrays_mut().fields_mut(visit);
    }

    fn grid(&self) -> Option<[usize; 2]> {
        self.grid
    }

    fn held(&self, field: usize) -> Option<usize> {
        let (counter, held) = M::HELD?;
        let name = M::FIELDS.get(field)?.name;
        if held.contains(&name) { find(M::FIELDS, counter) } else { None }
    }

    fn has_output(&self) -> bool {
        M::OUTPUT.is_some()
    }

    fn output(&self) -> Option<&'static FieldInfo> {
        output_of(M::OUTPUT, M::FIELDS, M::OBSERVABLES)
    }

    fn outputs(&self, step: &Step, out: &mut Vec<f64>) {
        out.clear();
        let Some(name) = M::OUTPUT else { return };
        if let Some(field) = find(M::FIELDS, name) {
            let values = self.neurons.arrays().values(field);
            out.extend((0..self.size()).map(|neuron| values.at(neuron)));
        } else if let Some(which) = find(M::OBSERVABLES, name) {
            out.extend((0..self.size()).map(|neuron| self.observe(which, neuron, step)));
        }
    }

    fn observe(&self, which: usize, neuron: usize, step: &Step) -> f64 {
        match (self.neurons.get(neuron), self.spikes(neuron)) {
            (Some(cell), Some(spikes)) => cell.observe(which, &step.context(neuron, spikes)),
            _ => f64::NAN,
        }
    }

    fn prepare(&mut self, dt: f64) {
        if core::mem::replace(&mut self.stale, false) {
            self.kernel.prepare(self.neurons.arrays(), self.neurons.len(), dt);
        }
    }

    fn increments_from(&mut self, increments: GivenIncrements) {
        self.activity.increments = Increments::Given(increments);
    }

    fn advance(&mut self, instructions: Instructions, step: &Step, check: bool) -> bool {
        self.prepare(step.dt);
        self.kernel.advance(self.neurons.arrays_mut(), &mut self.activity, instructions, step, check)
    }

    fn spiked(&self) -> &[Spiked] {
        &self.activity.spiked
    }

    fn restart(&mut self, streams: &Streams) -> Result<()> {
        let fresh = Population::<M, N>::sized(self.neurons.len())?;
        for (i, field) in M::FIELDS.iter().enumerate() {
            if !matches!(field.role, Role::State | Role::Input) {
                continue;
            }
            match (self.neurons.arrays_mut().values_mut(i), fresh.arrays().values(i)) {
                (ValuesMut::EachF64(to), Values::EachF64(from)) => to.copy_from_slice(from),
                (ValuesMut::EachF32(to), Values::EachF32(from)) => to.copy_from_slice(from),
                // Each neuron has states of its own.
                _ => {}
            }
        }
        settle(&mut self.neurons);
        for (field, init) in &self.given {
            let mut stream = streams.named(&format!("init/{}/{field}", self.name));
            self.neurons.init(field, init.clone(), &mut stream)?;
        }
        let increments = match &self.activity.increments {
            Increments::Drawn(_) => Increments::Drawn(streams.named(&noise(&self.name))),
            given @ Increments::Given(_) => given.clone(),
        };
        self.activity = Activity::new(self.neurons.len(), increments);
        Ok(())
    }

    fn reseed(&mut self, streams: &Streams) {
        if let Increments::Drawn(stream) = &mut self.activity.increments {
            *stream = streams.named(&noise(&self.name));
        }
    }

    fn copy(&self) -> Box<dyn Cohort> {
        Box::new(self.clone())
    }

    fn reset(&mut self, step: &Step) {
        self.kernel.reset(self.neurons.arrays_mut(), &self.activity.spiked, step);
    }
}

impl<M: Model, I: Method, const N: usize> Persist for Cells<M, I, N> {
    fn save(&self, out: &mut Writer) {
        // What is left out is built, or follows from parameters.
        let Self { name: _, neurons, kernel: _, stale: _, activity, inputs: _, grid: _, given: _, method: _ } = self;
        neurons.save(out);
        activity.save(out);
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { name: _, neurons, kernel: _, stale, activity, inputs: _, grid: _, given: _, method: _ } = self;
        neurons.load(from)?;
        activity.load(from)?;
        *stale = true;
        // Not `N`, which says nothing about a size that is known at run time.
        let size = neurons.len();
        match activity.spiked.iter().find(|spiked| spiked.neuron as usize >= size) {
            Some(spiked) => Err(from.refused(format!("has a spike of neuron {} of {size}", spiked.neuron))),
            None => Ok(()),
        }
    }
}

impl<M: Model, I, const N: usize> Clone for Cells<M, I, N> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            neurons: self.neurons.clone(),
            kernel: self.kernel.copy(),
            stale: self.stale,
            activity: self.activity.clone(),
            grid: self.grid,
            inputs: self.inputs.clone(),
            given: self.given.clone(),
            method: PhantomData,
        }
    }
}

impl<M: Model, I, const N: usize> fmt::Debug for Cells<M, I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]", self.name, M::NAME, self.neurons.len())
    }
}
