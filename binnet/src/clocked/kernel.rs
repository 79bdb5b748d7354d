//! How a method advances a population: tile by tile, all lanes of a tile at once.

use core::borrow::Borrow;
use core::fmt::Write as _;
use core::marker::PhantomData;

use super::increments::Increments;
use super::{Spiked, Step};
use crate::neuron::{Advance, Lanes as _, ReadLane, Same, StepContext, Vector as _};
use crate::population::{Arrays as _, Model, Role, TILE, Visit};
use crate::simd::Instructions;
use crate::snapshot::persist;

/// What a population does besides having values.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    /// The number of neurons.
    size: usize,
    /// Spikes of the last step, padded to whole tiles.
    pub(super) counts: Vec<[u32; TILE]>,
    /// The neurons that they are from.
    pub(super) spiked: Vec<Spiked>,
    /// The neurons whose spikes `counts` holds while a step is made.
    previous: Vec<Spiked>,
    pub(super) increments: Increments,
}

impl Activity {
    /// Of `n` neurons, none of which has spiked.
    pub(super) fn new(n: usize, increments: Increments) -> Self {
        let counts = vec![[0; TILE]; n.div_ceil(TILE)];
        Self { size: n, counts, spiked: Vec::new(), previous: Vec::new(), increments }
    }
}

persist!([] Activity { spiked, increments } fixed { counts } built { size, previous });

/// A method for a population, once it is known that the model admits it. (The bound is on the way to
/// this object only, so that a model without it gives one error, not one for each use of its type.)
pub(super) trait Kernel<M: Model, const N: usize>: Send + Sync {
    /// Computes what follows from parameters and the length of a step.
    fn prepare(&mut self, arrays: &M::Arrays<N>, size: usize, dt: f64);

    /// Advances all neurons. Returns false if `check` is set and a state is NaN or infinite.
    fn advance(
        &self,
        arrays: &mut M::Arrays<N>,
        activity: &mut Activity,
        instructions: Instructions,
        step: &Step,
        check: bool,
    ) -> bool;

    /// Resets the neurons that spiked.
    fn reset(&self, arrays: &mut M::Arrays<N>, spiked: &[Spiked], step: &Step);

    /// The same kernel again.
    fn copy(&self) -> Box<dyn Kernel<M, N>>;
}

/// The kernel of method `I`.
pub(super) struct By<M: Advance<I>, I> {
    coefficients: Coefficients<M::Coefficients, M::Lanes>,
}

impl<M: Advance<I>, I> By<M, I> {
    pub(super) fn new() -> Self {
        Self { coefficients: Coefficients::None }
    }
}

/// What follows from parameters and clock.
#[derive(Clone, Debug)]
enum Coefficients<C, L> {
    /// All neurons agree.
    Shared(C),
    /// One entry a tile.
    Each(Vec<L>),
    /// Not computed yet.
    None,
}

impl<M: Advance<I>, I: 'static, const N: usize> Kernel<M, N> for By<M, I> {
    fn prepare(&mut self, arrays: &M::Arrays<N>, size: usize, dt: f64) {
        self.coefficients = coefficients::<M, I, N>(arrays, size, dt);
    }

    fn advance(
        &self,
        arrays: &mut M::Arrays<N>,
        activity: &mut Activity,
        instructions: Instructions,
        step: &Step,
        check: bool,
    ) -> bool {
        let kernels = instructions.kernels();
        match &self.coefficients {
            Coefficients::Shared(shared) => kernels.vectorize(
                #[inline(always)]
                || advance::<M, I, _, N>(arrays, |_| Same(shared), activity, step, check),
            ),
            Coefficients::Each(tiles) => kernels.vectorize(
                #[inline(always)]
                || advance::<M, I, _, N>(arrays, |tile| tiles[tile].read(), activity, step, check),
            ),
            Coefficients::None => true,
        }
    }

    fn reset(&self, arrays: &mut M::Arrays<N>, spiked: &[Spiked], step: &Step) {
        for Spiked { neuron, count, before } in spiked {
            let index = *neuron as usize;
            let mut cell = arrays.get(index);
            Advance::reset(&mut cell, &step.context(index, *before), (*count).into());
            arrays.set(index, &cell);
        }
    }

    fn copy(&self) -> Box<dyn Kernel<M, N>> {
        Box::new(Self { coefficients: self.coefficients.clone() })
    }
}

/// The kernel: tile by tile, all lanes of a tile at once; `coefficients` gives those of a tile. Returns whether all
/// states are sound.
#[inline(always)]
fn advance<M: Advance<I>, I, L: ReadLane<M::Coefficients>, const N: usize>(
    arrays: &mut M::Arrays<N>,
    coefficients: impl Fn(usize) -> L,
    activity: &mut Activity,
    step: &Step,
    check: bool,
) -> bool {
    let Activity { size, counts, spiked, previous, increments } = activity;
    let shared = arrays.get(0);
    // `counts` holds the spikes of the last step until all neurons have seen them.
    core::mem::swap(spiked, previous);
    spiked.clear();
    let (step, size, noise) = (*step, *size, [M::Noise::from_fn(|_| Default::default()); TILE]);
    let mut sweep: Sweep<'_, M, I, _> =
        Sweep { coefficients, step, size, counts, increments, noise, spiked, sound: true, method: PhantomData };
    arrays.advance(size, &shared, &mut sweep);
    let sound = sweep.sound;
    for Spiked { neuron, .. } in previous {
        counts[*neuron as usize / TILE][*neuron as usize % TILE] = 0;
    }
    for Spiked { neuron, count, .. } in spiked {
        counts[*neuron as usize / TILE][*neuron as usize % TILE] = *count;
    }
    sound | !check
}

/// A step of a population.
struct Sweep<'a, M: Advance<I>, I, F> {
    /// The coefficients of a tile.
    coefficients: F,
    step: Step,
    size: usize,
    /// Spikes of the last step.
    counts: &'a [[u32; TILE]],
    increments: &'a mut Increments,
    noise: [M::Noise; TILE],
    spiked: &'a mut Vec<Spiked>,
    sound: bool,
    method: PhantomData<fn() -> I>,
}

/// A tile in a step. (Nothing but the loop over its lanes sees it, so it needs no memory.)
struct Tile<'a, L> {
    coefficients: L,
    step: Step,
    start: usize,
    /// How many of the lanes are neurons.
    present: usize,
    before: &'a [u32; TILE],
    fine: bool,
    /// Not 0 once a neuron has spiked. (To look at all spikes afterwards would wait for memory.)
    any: u32,
}

impl<L> Tile<'_, L> {
    #[inline(always)]
    fn context(&self, lane: usize) -> StepContext {
        self.step.context(self.start + lane.min(self.present - 1), self.before[lane])
    }
}

impl<'a, M: Advance<I>, I, L: ReadLane<M::Coefficients>, F: Fn(usize) -> L> Visit<M> for Sweep<'a, M, I, F> {
    type Tile = Tile<'a, L>;

    #[inline(always)]
    fn begin(&mut self, tile: usize) -> Tile<'a, L> {
        let start = tile * TILE;
        let present = TILE.min(self.size - start);
        if M::Noise::LEN > 0 {
            self.increments.fill(&mut self.noise[..present], start, &self.step);
        }
        let coefficients = (self.coefficients)(tile);
        Tile { coefficients, step: self.step, start, present, before: &self.counts[tile], fine: true, any: 0 }
    }

    const IN_HALVES: bool = M::IN_HALVES;

    #[inline(always)]
    fn first_half(&mut self, tile: &mut Tile<'a, L>, lane: usize, neuron: &mut M) {
        neuron.first_half(&tile.context(lane), tile.coefficients.at(lane).borrow());
    }

    #[inline(always)]
    fn lane(&mut self, tile: &mut Tile<'a, L>, lane: usize, neuron: &mut M) -> u32 {
        let spikes = neuron.second_half(&tile.context(lane), tile.coefficients.at(lane).borrow(), &self.noise[lane]).0;
        tile.fine &= neuron.is_sound();
        tile.any |= spikes;
        spikes
    }

    #[inline(always)]
    fn end(&mut self, _: usize, tile: &Tile<'a, L>, spikes: &[u32; TILE]) {
        self.sound &= tile.fine;
        if tile.any != 0 {
            collect(spikes, tile.present, tile.before, tile.start, self.spiked);
        }
    }
}

/// Appends the neurons of a tile that spiked.
#[inline(always)]
fn collect(now: &[u32; TILE], present: usize, before: &[u32; TILE], start: usize, spiked: &mut Vec<Spiked>) {
    const GROUP: usize = 16;
    for (group, counts) in now.as_chunks::<GROUP>().0[..present.div_ceil(GROUP)].iter().enumerate() {
        // A bit for each count that is not 0.
        let mut mask = (0..GROUP).fold(0, |mask, i| mask | u32::from(counts[i] != 0) << i);
        while mask != 0 {
            let lane = group * GROUP + mask.trailing_zeros() as usize;
            if lane < present {
                spiked.push(Spiked { neuron: (start + lane) as u32, count: now[lane], before: before[lane] });
            }
            mask &= mask - 1;
        }
    }
}

/// The coefficients of all neurons; one for all if they agree.
fn coefficients<M: Advance<I>, I, const N: usize>(
    arrays: &M::Arrays<N>,
    size: usize,
    dt: f64,
) -> Coefficients<M::Coefficients, M::Lanes> {
    if size == 0 {
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
    let mut each = Vec::with_capacity(size);
    for i in 0..size {
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
    Coefficients::Each(each.chunks(TILE).map(M::Lanes::of).collect())
}
