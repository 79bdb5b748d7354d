//! Populations: many neurons of one model, in structure-of-arrays form.

mod binary;
mod bound;
mod column;
mod field;
mod init;
mod precision;
mod projected;
mod tile;

pub use binary::{Binary, BinaryNeuron};
pub(crate) use bound::check_bounds;
pub use bound::{Bound, check_bound};
pub use column::Column;
pub use field::{
    FieldInfo, Role, check_dimension, check_drivable, check_each, check_limit, check_mismatch, check_recordable,
    check_required, check_settable, conversion, default_of, find, scale_of,
};
pub(crate) use field::{ratio, same};
pub use init::{Init, IntoInit};
pub use precision::{InPrecision, IsStored, Stores};
pub use projected::{
    Onto, check_no_weight, check_sole_input, check_target, check_weight, output_of, sole_input, weight_conversion,
};
pub use tile::{PART, TILE, Visit, is_within};

use crate::error::{BuildError, Result};
use crate::neuron::{ModelText, StepContext};
use crate::rng::Stream;

/// A neuron model: what `#[derive(Population)]` makes of a struct that describes one neuron.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no neuron model",
    note = "a model is a struct of one neuron with `#[derive(Population, Clone)]`, such as `Binary`"
)]
pub trait Model: Clone + Send + Sync + 'static {
    /// The name of the struct.
    const NAME: &'static str;
    /// Its fields in order of declaration. This constant is how `network!` checks names and units.
    const FIELDS: &'static [FieldInfo];
    /// Values that follow from the fields and can be recorded, though they are not stored.
    const OBSERVABLES: &'static [FieldInfo] = &[];
    /// The values that fields may have.
    const BOUNDS: &'static [Bound] = &[];
    /// Its equations as text, if it is given by equations.
    const TEXT: Option<ModelText> = None;
    /// The field that counts how long a neuron is held (refractory), and the fields that do not change meanwhile:
    /// what arrives there is discarded.
    const HELD: Option<(&'static str, &'static [&'static str])> = None;
    /// The state or observable that other neurons read in each step, in models of rates: projections from such a
    /// population are continuous.
    const OUTPUT: Option<&'static str> = None;
    /// What advances the model in a clock-driven network where a population names no `method`.
    type Method: 'static;
    /// The same for the model joined with [receptors](crate::receptor) that feed it with currents of which all
    /// equations stay linear.
    type FedLinear: 'static;
    /// The same with any receptors.
    type FedAny: 'static;
    /// `N` neurons as a structure of arrays; with [`RUN_TIME`], as many as it is made of.
    type Arrays<const N: usize>: Arrays<Model = Self>;

    /// Observable number `which` (its position in [`OBSERVABLES`](Self::OBSERVABLES)), in its unit; NaN
    /// beyond the last.
    fn observe(&self, which: usize, cx: &StepContext) -> f64 {
        let _ = (which, cx);
        f64::NAN
    }

    /// Whether no state is NaN, infinite, or out of the bounds that are checked. (It may also be false where states
    /// are so large that their sum overflows.)
    fn is_sound(&self) -> bool;

    /// Sets the states that start from values of parameters. Called when a network is built, after
    /// parameters are set, before initial states are.
    fn settle(&mut self) {}

    /// The value of field number `field` (its position in [`FIELDS`](Self::FIELDS)); NaN beyond the last.
    fn field_value(&self, field: usize) -> f64;

    /// Sets field number `field`, if it is a state or an input.
    fn set_field_value(&mut self, field: usize, value: f64);
}

/// The structure of arrays that the derive generates for a model.
pub trait Arrays: Clone + Send + Sync + 'static {
    /// The model of one neuron.
    type Model: Model;

    /// So many neurons at the model's defaults.
    fn new(len: usize) -> Self;

    /// Neuron `index`, gathered into the hand-written struct.
    fn get(&self, index: usize) -> Self::Model;

    /// Scatters a neuron back; shared parameters are left alone.
    fn set(&mut self, index: usize, neuron: &Self::Model);

    /// Takes the shared parameters of a neuron for all.
    fn share(&mut self, neuron: &Self::Model);

    /// Visits the neurons, `len` in all, in tiles of [`TILE`], lane by lane, and keeps the states that this leaves; the
    /// other fields do not change in a step. There may be up to [`PART`] lanes beyond the last neuron, which are copies
    /// of it.
    ///
    /// Shared parameters are those of `shared`, so that the compiler sees that no lane changes them, and computes
    /// what follows from them once.
    ///
    /// # Panics
    /// For more neurons than there are.
    fn advance(&mut self, len: usize, shared: &Self::Model, visit: &mut impl Visit<Self::Model>);

    /// The values of field number `field` (its position in [`Model::FIELDS`]).
    fn values(&self, field: usize) -> Values<'_>;

    /// The values of field number `field`, to be changed.
    fn values_mut(&mut self, field: usize) -> ValuesMut<'_>;

    /// The values of all fields at once, in order of declaration, to be changed.
    fn fields_mut(&mut self, visit: &mut dyn FnMut(&mut [ValuesMut<'_>]));
}

/// The values of one field over a population.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// One `f64` shared by all neurons.
    SharedF64(&'a f64),
    /// One `f32` shared by all neurons.
    SharedF32(&'a f32),
    /// One `f64` a neuron.
    EachF64(&'a [f64]),
    /// One `f32` a neuron.
    EachF32(&'a [f32]),
}

/// The values of one field over a population, to be changed.
#[derive(Debug)]
pub enum ValuesMut<'a> {
    /// One `f64` shared by all neurons.
    SharedF64(&'a mut f64),
    /// One `f32` shared by all neurons.
    SharedF32(&'a mut f32),
    /// One `f64` a neuron.
    EachF64(&'a mut [f64]),
    /// One `f32` a neuron.
    EachF32(&'a mut [f32]),
}

impl ValuesMut<'_> {
    /// The same values for a while.
    pub(crate) fn reborrow(&mut self) -> ValuesMut<'_> {
        match self {
            Self::SharedF64(value) => ValuesMut::SharedF64(value),
            Self::SharedF32(value) => ValuesMut::SharedF32(value),
            Self::EachF64(values) => ValuesMut::EachF64(values),
            Self::EachF32(values) => ValuesMut::EachF32(values),
        }
    }
}

impl Values<'_> {
    /// The value of one neuron.
    ///
    /// # Panics
    /// When the field has one value a neuron and `index` lies beyond the population.
    #[must_use]
    pub fn at(&self, index: usize) -> f64 {
        match self {
            Self::SharedF64(v) => **v,
            Self::SharedF32(v) => f64::from(**v),
            Self::EachF64(v) => v[index],
            Self::EachF32(v) => f64::from(v[index]),
        }
    }

    /// The values of the first `n` neurons.
    #[must_use]
    pub fn to_vec(&self, n: usize) -> Vec<f64> {
        (0..n).map(|i| self.at(i)).collect()
    }
}

/// The size of populations that have as many neurons as is said when they are built.
pub const RUN_TIME: usize = usize::MAX;

/// `N` neurons of model `M`. Derefs to the arrays that the derive made, so every field of the model
/// is there under its name: one value for a `param`, a slice with one a neuron for a `local` or `state`.
///
/// ```
/// use binnet::prelude::*;
/// let mut cells = Population::<Binary, 100>::new();
/// cells.threshold[3] = 0.5;
/// assert_eq!(cells.get(3).unwrap().threshold, 0.5);
/// assert_eq!(cells.values("threshold").unwrap()[2], 0.0);
/// ```
pub struct Population<M: Model, const N: usize> {
    arrays: M::Arrays<N>,
    len: usize,
}

impl<M: Model, const N: usize> Population<M, N> {
    /// `N` neurons at the model's defaults; none if the size is known at [run time](RUN_TIME).
    #[must_use]
    pub fn new() -> Self {
        Self::of(if N == RUN_TIME { 0 } else { N })
    }

    /// So many neurons at the model's defaults.
    ///
    /// ```
    /// use binnet::population::{Population, RUN_TIME};
    /// use binnet::prelude::*;
    /// assert_eq!(Population::<Binary, RUN_TIME>::sized(30)?.len(), 30);
    /// assert!(Population::<Binary, 20>::sized(30).is_err());
    /// # Ok::<(), binnet::Error>(())
    /// ```
    ///
    /// # Errors
    /// For another size than that of the type, and for more than `u32::MAX` neurons.
    pub fn sized(len: usize) -> Result<Self> {
        if N != RUN_TIME && len != N {
            let what = format!("a population of {N} `{}`", M::NAME);
            return Err(BuildError::Length { what, expected: N, found: len }.into());
        }
        if len > u32::MAX as usize {
            return Err(BuildError::Value {
                what: format!("a population of `{}`", M::NAME),
                problem: format!("has {len} neurons"),
                help: "give it 1 to 2^32 - 1 of them".to_owned(),
            }
            .into());
        }
        Ok(Self::of(len))
    }

    fn of(len: usize) -> Self {
        Self { arrays: <M::Arrays<N> as Arrays>::new(len), len }
    }

    pub(crate) fn arrays(&self) -> &M::Arrays<N> {
        &self.arrays
    }

    pub(crate) fn arrays_mut(&mut self) -> &mut M::Arrays<N> {
        &mut self.arrays
    }

    /// The number of neurons.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no neurons.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Neuron `index` as the hand-written struct, or `None` beyond the last.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<M> {
        (index < self.len).then(|| self.arrays.get(index))
    }

    /// Overwrites neuron `index`; shared parameters are left alone.
    ///
    /// # Errors
    /// When there is no such neuron.
    pub fn set(&mut self, index: usize, neuron: &M) -> Result<()> {
        if index >= self.len {
            return Err(BuildError::Length {
                what: format!("neuron {index} of `{}`", M::NAME),
                expected: self.len,
                found: index + 1,
            }
            .into());
        }
        self.arrays.set(index, neuron);
        Ok(())
    }

    /// The values of a field by name, one a neuron, in its unit; `None` for an unknown name.
    #[must_use]
    pub fn values(&self, field: &str) -> Option<Vec<f64>> {
        find(M::FIELDS, field).map(|i| self.arrays.values(i).to_vec(self.len))
    }

    /// Sets a field of all neurons from an initialiser, in the unit of the field.
    ///
    /// # Errors
    /// For an unknown name (with the nearest one), an array of another length than `N`, a
    /// distribution out of its range, a distribution for a shared parameter, and a value out of the bounds
    /// of the field.
    pub fn init(&mut self, field: &str, values: Init, rng: &mut Stream) -> Result<()> {
        let Some(i) = find(M::FIELDS, field) else {
            let names: Vec<_> = M::FIELDS.iter().map(|f| f.name).collect();
            return Err(BuildError::unknown(format!("field of `{}`", M::NAME), field, &names).into());
        };
        let label = format!("`{field}` of `{}`", M::NAME);
        values.write(self.arrays.values_mut(i), &label, rng)?;
        check_bounds(M::BOUNDS, M::NAME, &M::FIELDS[i], &self.arrays.values(i), self.len)
    }
}

impl<M: Model, const N: usize> Default for Population<M, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Model, const N: usize> Clone for Population<M, N> {
    fn clone(&self) -> Self {
        Self { arrays: self.arrays.clone(), len: self.len }
    }
}

impl<M: Model, const N: usize> core::fmt::Debug for Population<M, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} neurons `{}`", self.len, M::NAME)
    }
}

impl<M: Model, const N: usize> core::ops::Deref for Population<M, N> {
    type Target = M::Arrays<N>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.arrays
    }
}

impl<M: Model, const N: usize> core::ops::DerefMut for Population<M, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.arrays
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neuron::Real;

    #[derive(binnet_macros::Population, Clone, Debug, PartialEq)]
    struct Generic<S: Real = f64> {
        #[param(2 ms)]
        tau: S,
        #[local(3)]
        gain: f64,
        #[state(-65 mV)]
        v: S,
        #[input(nA)]
        drive: f32,
    }

    /// Keeps what it visits, and changes neuron 68.
    #[derive(Default)]
    struct Seen {
        lanes: Vec<Generic<f32>>,
        ended: Vec<usize>,
    }

    impl Visit<Generic<f32>> for Seen {
        type Tile = usize;

        fn begin(&mut self, tile: usize) -> usize {
            tile
        }

        fn lane(&mut self, tile: &mut usize, lane: usize, cell: &mut Generic<f32>) -> u32 {
            self.lanes.push(cell.clone());
            assert!(cell.is_sound());
            if (*tile, lane) == (1, 4) {
                (cell.v, cell.gain) = (7.0, 9.0);
            }
            lane as u32
        }

        fn end(&mut self, number: usize, tile: &usize, spikes: &[u32; TILE]) {
            assert_eq!((number, spikes[5]), (*tile, 5));
            self.ended.push(number);
        }
    }

    #[test]
    fn a_model_in_both_precisions() {
        let mut cells = Population::<Generic<f32>, 70>::new();
        assert!(matches!(cells.arrays.values(2), Values::EachF32(v) if v == [-65.0; 70]));
        assert!(matches!(cells.arrays.values(1), Values::EachF64(_)));
        cells.tau = 4.0;
        cells.v[69] = 1.0;
        let shared = cells.arrays().get(0);
        let mut seen = Seen::default();
        cells.advance(70, &shared, &mut seen);
        assert_eq!((seen.lanes.len(), seen.ended), (TILE + PART, vec![0, 1]));
        let last = Generic { tau: 4.0, gain: 3.0, v: 1.0, drive: 0.0 };
        assert_eq!((&seen.lanes[69], &seen.lanes[79]), (&last, &last));
        assert_eq!((cells.v[68], cells.gain[68]), (7.0, 3.0), "a step changes states only");
        assert_eq!((cells.v[67], cells.v[69]), (-65.0, 1.0));

        type Single = <Generic as InPrecision<f32>>::Model;
        assert!(size_of::<Single>() < size_of::<Generic>());
    }

    #[test]
    fn what_is_no_number_is_found_in_any_state() {
        let sound = Generic::<f64> { v: f64::MAX, drive: f32::NAN, gain: f64::NAN, tau: f64::NAN };
        assert!(sound.is_sound(), "states only");
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!Generic { v: bad, ..sound.clone() }.is_sound());
        }
    }
}
