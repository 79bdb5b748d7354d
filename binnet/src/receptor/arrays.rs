//! Neurons with a receptor as a structure of arrays: that of the neurons, and a column for each state of the receptor.

use core::ops::{Deref, DerefMut};

use super::tables::{STATES, Tables};
use super::{Fed, Feed};
use crate::neuron::{Driven, Equations, Real, Vector};
use crate::population::{Arrays, Column, Model, Role, TILE, Values, ValuesMut, Visit};

/// The arrays of [`Fed`]; derefs to those of the neurons.
pub struct FedArrays<M: Model, F: Feed, S: Real, const N: usize> {
    model: M::Arrays<N>,
    /// The parameters; its states are not used.
    shared: <F::Receptor<S> as Model>::Arrays<1>,
    /// The states of the receptor, in order of declaration.
    states: Vec<Column<S, N>>,
}

/// The variables of a receptor.
type Own<F, S> = <<F as Feed>::Receptor<S> as Equations>::Vector<S>;

/// Whole vectors of the widest kind, none of which crosses a cache line.
#[repr(align(64))]
struct Aligned<T>(T);

/// As many values in place fit on the stack, when all fields are asked for at once.
const FEW: usize = 32;

impl<M: Model, F: Feed, S: Real, const N: usize> FedArrays<M, F, S, N> {
    /// The number of a field of the receptor, and of its column if it is a state.
    fn place(field: usize) -> (usize, Option<usize>) {
        let number = Tables::<M, F, S>::own(field - M::FIELDS.len());
        let fields = <F::Receptor<S> as Model>::FIELDS;
        let is_state = |i: usize| fields[i].role == Role::State;
        (number, is_state(number).then(|| (0..number).filter(|&i| is_state(i)).count()))
    }
}

/// The variables of a receptor from the order of its columns to that of its equations, or back.
#[inline(always)]
fn in_order<M: Model, F: Feed, S: Real>(x: &Own<F, S>, back: bool) -> Own<F, S> {
    let mut sorted = *x;
    for variable in 0..<F::Receptor<S> as Driven>::VARIABLES.len() {
        let column = const_column::<M, F, S>(variable);
        if back {
            sorted.put(column, x.at(variable));
        } else {
            sorted.put(variable, x.at(column));
        }
    }
    sorted
}

/// The column of a variable, as the compiler looked it up.
#[inline(always)]
fn const_column<M: Model, F: Feed, S: Real>(variable: usize) -> usize {
    struct Columns<M, F, S>(core::marker::PhantomData<(M, F, S)>);
    impl<M: Model, F: Feed, S: Real> Columns<M, F, S> {
        const OF: [usize; STATES] = {
            let mut columns = [0; STATES];
            let mut i = 0;
            while i < <F::Receptor<S> as Driven>::VARIABLES.len() {
                columns[i] = Tables::<M, F, S>::column(i);
                i += 1;
            }
            columns
        };
    }
    Columns::<M, F, S>::OF[variable]
}

impl<M: Model, F: Feed, S: Real, const N: usize> Arrays for FedArrays<M, F, S, N> {
    type Model = Fed<M, F, S>;

    fn new(len: usize) -> Self {
        let defaults = <F::Receptor<S> as Model>::FIELDS.iter().filter(|field| field.role == Role::State);
        let states = defaults.map(|field| Column::filled(S::of(field.default), len)).collect();
        Self { model: Arrays::new(len), shared: Arrays::new(1), states }
    }

    #[inline]
    fn get(&self, index: usize) -> Fed<M, F, S> {
        let mut receptor = self.shared.get(0);
        let x = Vector::from_fn(|column| self.states[column][index]);
        receptor.set_state(&in_order::<M, F, S>(&x, false));
        Fed { model: self.model.get(index), receptor }
    }

    #[inline]
    fn set(&mut self, index: usize, neuron: &Fed<M, F, S>) {
        self.model.set(index, &neuron.model);
        let x = in_order::<M, F, S>(&neuron.receptor.state(), true);
        self.states.iter_mut().enumerate().for_each(|(column, values)| values[index] = x.at(column));
    }

    fn share(&mut self, neuron: &Fed<M, F, S>) {
        self.model.share(&neuron.model);
        self.shared.share(&neuron.receptor);
    }

    #[inline(always)]
    fn advance(&mut self, len: usize, shared: &Fed<M, F, S>, visit: &mut impl Visit<Fed<M, F, S>>) {
        self.states.iter_mut().for_each(Column::fill_up);
        let mut joint = Joint { visit, receptor: &shared.receptor, states: &mut self.states };
        self.model.advance(len, &shared.model, &mut joint);
    }

    fn values(&self, field: usize) -> Values<'_> {
        if field < M::FIELDS.len() {
            return self.model.values(field);
        }
        match Self::place(field) {
            (_, Some(column)) => S::each(&self.states[column][..]),
            (number, None) => self.shared.values(number),
        }
    }

    fn values_mut(&mut self, field: usize) -> ValuesMut<'_> {
        if field < M::FIELDS.len() {
            return self.model.values_mut(field);
        }
        match Self::place(field) {
            (_, Some(column)) => S::each_mut(&mut self.states[column][..]),
            (number, None) => self.shared.values_mut(number),
        }
    }

    fn fields_mut(&mut self, visit: &mut dyn FnMut(&mut [ValuesMut<'_>])) {
        let Self { model, shared, states } = self;
        model.fields_mut(&mut |of_model| {
            shared.fields_mut(&mut |of_receptor| {
                let mut columns = states.iter_mut();
                let own = of_receptor.iter_mut().zip(<F::Receptor<S> as Model>::FIELDS);
                let own = own.filter_map(|(values, field)| match field.role {
                    Role::State => columns.next().map(|column| S::each_mut(&mut column[..])),
                    Role::Input => None,
                    Role::Param | Role::Local => Some(values.reborrow()),
                });
                let all = of_model.iter_mut().map(ValuesMut::reborrow).chain(own);
                let count = M::FIELDS.len() + Tables::<M, F, S>::COUNT;
                if count > FEW {
                    return visit(&mut all.collect::<Vec<_>>());
                }
                // On the stack: spikes arrive in each step.
                let mut few: [ValuesMut<'_>; FEW] = core::array::from_fn(|_| ValuesMut::EachF64(&mut []));
                few.iter_mut().zip(all).for_each(|(slot, values)| *slot = values);
                visit(&mut few[..count]);
            });
        });
    }
}

/// A visit to neurons, with the receptor that each of them has.
struct Joint<'a, V, F: Feed, S: Real, const N: usize> {
    visit: &'a mut V,
    receptor: &'a F::Receptor<S>,
    states: &'a mut [Column<S, N>],
}

/// Visits a lane: a neuron with its receptor.
#[inline(always)]
fn joined<M: Model, F: Feed, S: Real, R>(
    receptor: &F::Receptor<S>,
    columns: &mut Aligned<<Own<F, S> as Vector<S>>::Columns>,
    lane: usize,
    neuron: &mut M,
    visit: impl FnOnce(&mut Fed<M, F, S>) -> R,
) -> R {
    let mut receptor = receptor.clone();
    receptor.set_state(&in_order::<M, F, S>(&Own::<F, S>::lane(&columns.0, lane), false));
    let mut fed = Fed { model: neuron.clone(), receptor };
    let result = visit(&mut fed);
    in_order::<M, F, S>(&fed.receptor.state(), true).put_lane(&mut columns.0, lane);
    *neuron = fed.model;
    result
}

impl<M: Model, F: Feed, S: Real, V: Visit<Fed<M, F, S>>, const N: usize> Visit<M> for Joint<'_, V, F, S, N> {
    /// The states of the receptor on the stack, where nothing else can point to: so the loop over lanes vectorises. (Read
    /// in place, they keep it from that, as far as the compiler sees.)
    type Tile = (V::Tile, Aligned<<Own<F, S> as Vector<S>>::Columns>);

    #[inline(always)]
    fn begin(&mut self, tile: usize) -> Self::Tile {
        let states = &self.states;
        let columns = Own::<F, S>::from_columns(
            #[inline(always)]
            |column| states[column].tiles()[tile],
        );
        (self.visit.begin(tile), Aligned(columns))
    }

    const IN_HALVES: bool = V::IN_HALVES;

    #[inline(always)]
    fn first_half(&mut self, (tile, columns): &mut Self::Tile, lane: usize, neuron: &mut M) {
        let visit = &mut self.visit;
        joined(
            self.receptor,
            columns,
            lane,
            neuron,
            #[inline(always)]
            |fed: &mut Fed<M, F, S>| visit.first_half(tile, lane, fed),
        );
    }

    #[inline(always)]
    fn lane(&mut self, (tile, columns): &mut Self::Tile, lane: usize, neuron: &mut M) -> u32 {
        let visit = &mut self.visit;
        joined(
            self.receptor,
            columns,
            lane,
            neuron,
            #[inline(always)]
            |fed: &mut Fed<M, F, S>| visit.lane(tile, lane, fed),
        )
    }

    #[inline(always)]
    fn end(&mut self, number: usize, (tile, columns): &Self::Tile, spikes: &[u32; TILE]) {
        self.visit.end(number, tile, spikes);
        let states = &mut self.states;
        Own::<F, S>::each_column(
            &columns.0,
            #[inline(always)]
            |column, lanes| states[column].tiles_mut()[number] = *lanes,
        );
    }
}

impl<M: Model, F: Feed, S: Real, const N: usize> Clone for FedArrays<M, F, S, N> {
    fn clone(&self) -> Self {
        Self { model: self.model.clone(), shared: self.shared.clone(), states: self.states.clone() }
    }
}

impl<M: Model, F: Feed, S: Real, const N: usize> core::fmt::Debug for FedArrays<M, F, S, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "FedArrays<{}, {}, {N}>", M::NAME, F::LABEL)
    }
}

impl<M: Model, F: Feed, S: Real, const N: usize> Deref for FedArrays<M, F, S, N> {
    type Target = M::Arrays<N>;

    fn deref(&self) -> &M::Arrays<N> {
        &self.model
    }
}

impl<M: Model, F: Feed, S: Real, const N: usize> DerefMut for FedArrays<M, F, S, N> {
    fn deref_mut(&mut self) -> &mut M::Arrays<N> {
        &mut self.model
    }
}
