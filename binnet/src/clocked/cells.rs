//! A population with what advances it: neurons, coefficients, spikes, noise.

use core::any::TypeId;
use core::fmt::{self, Write as _};
use core::marker::PhantomData;

use super::increments::{GivenIncrements, Increments};
use super::{Cohort, Spiked, Step};
use crate::error::{BuildError, Result};
use crate::neuron::{Advance, Method, Vector as _};
use crate::population::{
    Arrays as _, FieldInfo, Init, Model, Population, Role, TILE, Tile as _, Values, ValuesMut, find,
};
use crate::rng::Streams;
use crate::simd::Instructions;

/// `N` neurons of model `M` that method `I` advances.
///
/// Method [`Own`](crate::neuron::Own) is the step that the model's author wrote; the others stand in
/// [`integrate`](crate::integrate).
pub struct Cells<M: Advance<I>, I, const N: usize> {
    name: String,
    neurons: Population<M, N>,
    coefficients: Coefficients<M::Coefficients>,
    /// Whether parameters may have changed since the coefficients were computed.
    stale: bool,
    /// Spikes of the last step, padded to whole tiles.
    counts: Vec<[u32; TILE]>,
    spiked: Vec<Spiked>,
    increments: Increments,
    method: PhantomData<fn() -> I>,
}

/// What follows from parameters and clock.
#[derive(Clone, Debug)]
enum Coefficients<C> {
    /// All neurons agree.
    Shared(C),
    /// One entry a neuron, padded to whole tiles.
    Each(Vec<C>),
    /// Not computed yet.
    None,
}

impl<M: Advance<I>, I: Method, const N: usize> Cells<M, I, N> {
    /// A population with values for some of its fields; the others are at the model's defaults.
    ///
    /// Parameters and locals are set first, then states that start from them, then the given states.
    /// Each field draws from the stream `init/name/field`, noise from `noise/name`.
    ///
    /// # Errors
    /// For an unknown field (with the nearest one), an input, an array of another length than `N`, and a
    /// distribution out of its range or for a shared parameter.
    pub fn build(name: impl Into<String>, values: Vec<(&str, Init)>, streams: &Streams) -> Result<Self> {
        let name = name.into();
        let mut neurons = Population::<M, N>::new();
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
        for i in 0..N {
            let mut neuron = neurons.arrays().get(i);
            neuron.settle();
            neurons.arrays_mut().set(i, &neuron);
        }
        set(&mut neurons, states)?;
        Ok(Self {
            increments: Increments::Drawn(streams.named(&format!("noise/{name}"))),
            name,
            neurons,
            coefficients: Coefficients::None,
            stale: true,
            counts: vec![[0; TILE]; N.div_ceil(TILE)],
            spiked: Vec::new(),
            method: PhantomData,
        })
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
        (i < N).then(|| self.counts[i / TILE][i % TILE])
    }
}

/// The kernel: tile by tile, all lanes of a tile at once. Returns whether all states are finite.
#[inline(always)]
fn advance<'c, M: Advance<I>, I, const N: usize>(
    arrays: &mut M::Arrays<N>,
    coefficients: impl Fn(usize, usize) -> &'c M::Coefficients,
    counts: &mut [[u32; TILE]],
    spiked: &mut Vec<Spiked>,
    increments: &mut Increments,
    step: &Step,
    check: bool,
) -> bool {
    // Copies on the stack, which nothing else can point to: the compiler need not reckon with overlaps.
    let step = *step;
    let mut fine = true;
    let mut tile = M::Tile::new();
    let shared = arrays.get(0);
    let mut noise = [M::Noise::from_fn(|_| Default::default()); TILE];
    for (number, counts) in counts.iter_mut().enumerate() {
        let start = number * TILE;
        let present = TILE.min(N - start);
        arrays.load(start, &mut tile);
        if M::Noise::LEN > 0 {
            increments.fill(&mut noise[..present], start, &step);
        }
        let before = *counts;
        let mut now = [0; TILE];
        for lane in 0..TILE {
            let mut neuron = tile.get(lane, &shared);
            let context = step.context(start + lane.min(present - 1), before[lane]);
            now[lane] = neuron.advance(&context, coefficients(number, lane), &noise[lane]).0;
            tile.set(lane, &neuron);
        }
        arrays.store(start, &tile);
        if check {
            fine &= tile.all_finite();
        }
        now[present..].fill(0);
        *counts = now;
        if now.iter().fold(0, |any, count| any | count) != 0 {
            let each = now.iter().zip(before).zip(start as u32..);
            spiked.extend(each.filter(|((count, _), _)| **count > 0).map(|((count, before), neuron)| Spiked {
                neuron,
                count: *count,
                before,
            }));
        }
    }
    fine
}

impl<M: Advance<I>, I: Method, const N: usize> Cohort for Cells<M, I, N> {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> usize {
        N
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

    fn observe(&self, which: usize, neuron: usize, step: &Step) -> f64 {
        match (self.neurons.get(neuron), self.spikes(neuron)) {
            (Some(cell), Some(spikes)) => cell.observe(which, &step.context(neuron, spikes)),
            _ => f64::NAN,
        }
    }

    fn prepare(&mut self, dt: f64) {
        if core::mem::replace(&mut self.stale, false) {
            self.coefficients = coefficients::<M, I, N>(self.neurons.arrays(), dt);
        }
    }

    fn increments_from(&mut self, increments: GivenIncrements) {
        self.increments = Increments::Given(increments);
    }

    fn advance(&mut self, instructions: Instructions, step: &Step, check: bool) -> bool {
        self.prepare(step.dt);
        self.spiked.clear();
        let Self { neurons, coefficients, counts, spiked, increments, .. } = self;
        let (arrays, kernels) = (neurons.arrays_mut(), instructions.kernels());
        match coefficients {
            Coefficients::Shared(shared) => kernels.vectorize(
                #[inline(always)]
                || advance::<M, I, N>(arrays, |_, _| shared, counts, spiked, increments, step, check),
            ),
            Coefficients::Each(each) => {
                let (tiles, _) = each.as_chunks::<TILE>();
                kernels.vectorize(
                    #[inline(always)]
                    || {
                        let at = |tile: usize, lane: usize| &tiles[tile][lane];
                        advance::<M, I, N>(arrays, at, counts, spiked, increments, step, check)
                    },
                )
            }
            Coefficients::None => true,
        }
    }

    fn spiked(&self) -> &[Spiked] {
        &self.spiked
    }

    fn reset(&mut self, step: &Step) {
        let arrays = self.neurons.arrays_mut();
        for Spiked { neuron, count, before } in &self.spiked {
            let index = *neuron as usize;
            let mut cell = arrays.get(index);
            Advance::reset(&mut cell, &step.context(index, *before), (*count).into());
            arrays.set(index, &cell);
        }
    }
}

/// The coefficients of all neurons; one for all if they agree.
fn coefficients<M: Advance<I>, I, const N: usize>(arrays: &M::Arrays<N>, dt: f64) -> Coefficients<M::Coefficients> {
    if N == 0 {
        return Coefficients::None;
    }
    let first = arrays.get(0).prepare(dt);
    let alike = !M::FIELDS.iter().any(|field| field.role == Role::Local);
    if size_of::<M::Coefficients>() == 0 || alike {
        return Coefficients::Shared(first);
    }
    // Coefficients have no equality of their own, but print all digits of their numbers.
    let (text, mut other) = (format!("{first:?}"), String::new());
    let mut agree = true;
    let mut each = Vec::with_capacity(N.next_multiple_of(TILE));
    for i in 0..N {
        let own = arrays.get(i).prepare(dt);
        if agree {
            other.clear();
            agree = write!(other, "{own:?}").is_ok() && other == text;
        }
        each.push(own);
    }
    if agree {
        return Coefficients::Shared(first);
    }
    let last = each[N - 1].clone();
    each.resize(N.next_multiple_of(TILE), last);
    Coefficients::Each(each)
}

impl<M: Advance<I>, I, const N: usize> Clone for Cells<M, I, N> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            neurons: self.neurons.clone(),
            coefficients: self.coefficients.clone(),
            stale: self.stale,
            counts: self.counts.clone(),
            spiked: self.spiked.clone(),
            increments: self.increments.clone(),
            method: PhantomData,
        }
    }
}

impl<M: Advance<I>, I, const N: usize> fmt::Debug for Cells<M, I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{N}]", self.name, <M as Model>::NAME)
    }
}
