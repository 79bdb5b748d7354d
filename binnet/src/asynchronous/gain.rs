//! From field to new state: the populations of a network as the engine calls them.

use crate::error::Result;
use crate::population::{Arrays, BinaryNeuron, Bound, FieldInfo, Init, Model, Population, Values};
use crate::rng::Stream;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer, load_fields, save_fields};

/// The populations of a network, in order of declaration. `network!` implements it for the struct
/// of its populations; [`Runtime`] is the one for sizes that are known at run time only.
pub trait Gains: Clone + Send + Sync + 'static {
    /// Whether all populations are thresholds ([`BinaryNeuron::HEAVISIDE`]).
    const HEAVISIDE: bool;

    /// The number of neurons of each population.
    fn sizes(&self) -> Vec<usize>;

    /// The thresholds of a population; only asked for where all are thresholds.
    fn thresholds(&self, population: usize) -> Vec<f64>;

    /// Draws the new state of one neuron, given its field; `None` if its gain is no number.
    fn next(&self, population: usize, index: usize, field: f64, rng: &mut Stream) -> Option<bool>;

    /// A population, to look up its fields by name; none where they have no names.
    fn fields(&self, population: usize) -> Option<&dyn Fields> {
        let _ = population;
        None
    }

    /// The same, to change them.
    fn fields_mut(&mut self, population: usize) -> Option<&mut dyn Fields> {
        let _ = population;
        None
    }

    /// What snapshots hold of a population.
    fn part(&self, population: usize) -> &dyn BinaryPart;

    /// The same, to be changed.
    fn part_mut(&mut self, population: usize) -> &mut dyn BinaryPart;
}

/// A population whose fields have names.
pub trait Fields {
    /// The fields of its model.
    fn infos(&self) -> &'static [FieldInfo];
    /// The values that these may have.
    fn bounds(&self) -> &'static [Bound];
    /// The values of field number `field`.
    fn values(&self, field: usize) -> Values<'_>;
    /// Sets a field of all neurons, in its unit.
    ///
    /// # Errors
    /// For an unknown name, and values that do not fit.
    fn init(&mut self, field: &str, values: Init, rng: &mut Stream) -> Result<()>;
}

impl<M: Model, const N: usize> Fields for Population<M, N> {
    fn infos(&self) -> &'static [FieldInfo] {
        M::FIELDS
    }

    fn bounds(&self) -> &'static [Bound] {
        M::BOUNDS
    }

    fn values(&self, field: usize) -> Values<'_> {
        self.arrays().values(field)
    }

    fn init(&mut self, field: &str, values: Init, rng: &mut Stream) -> Result<()> {
        Self::init(self, field, values, rng)
    }
}

/// A population in a snapshot: its parameters, and the model that they are of.
pub trait BinaryPart: Persist {
    /// The name of the model, and its fields.
    fn model(&self) -> (&'static str, &'static [FieldInfo]);
}

impl<M: Model, const N: usize> BinaryPart for Population<M, N> {
    fn model(&self) -> (&'static str, &'static [FieldInfo]) {
        (M::NAME, M::FIELDS)
    }
}

/// What the engine needs of one population; blanket implementations cover all of them.
pub trait BinaryPopulation: Clone + Send + Sync + 'static {
    /// Whether the neurons are thresholds.
    const HEAVISIDE: bool;

    /// The number of neurons.
    fn size(&self) -> usize;

    /// The thresholds of all neurons.
    fn thresholds(&self) -> Vec<f64>;

    /// Draws the new state of neuron `index`; `None` if its gain is no number.
    fn next(&self, index: usize, field: f64, rng: &mut Stream) -> Option<bool>;
}

impl<M: BinaryNeuron, const N: usize> BinaryPopulation for Population<M, N> {
    const HEAVISIDE: bool = M::HEAVISIDE;

    fn size(&self) -> usize {
        self.len()
    }

    fn thresholds(&self) -> Vec<f64> {
        (0..self.len()).map(|i| (**self).get(i).threshold()).collect()
    }

    #[inline]
    fn next(&self, index: usize, field: f64, rng: &mut Stream) -> Option<bool> {
        (**self).get(index).next(field, rng)
    }
}

/// Populations of one model whose sizes are known at run time only.
#[derive(Clone, Debug, Default)]
pub struct Runtime<M: Model> {
    populations: Vec<Neurons<M>>,
}

/// The neurons of one population.
#[derive(Clone, Debug)]
struct Neurons<M>(Vec<M>);

impl<M: Model> BinaryPart for Neurons<M> {
    fn model(&self) -> (&'static str, &'static [FieldInfo]) {
        (M::NAME, M::FIELDS)
    }
}

/// One neuron after the other, each with parameters of its own.
impl<M: Model> Persist for Neurons<M> {
    fn save(&self, out: &mut Writer) {
        let mut one = <M::Arrays<1> as Arrays>::new(1);
        for neuron in &self.0 {
            one.share(neuron);
            one.set(0, neuron);
            save_fields(&one, out);
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let mut one = <M::Arrays<1> as Arrays>::new(1);
        self.0.iter_mut().try_for_each(|neuron| {
            load_fields(&mut one, from)?;
            *neuron = one.get(0);
            Ok(())
        })
    }
}

impl<M: BinaryNeuron> Runtime<M> {
    /// One vector of neurons a population, in order.
    #[must_use]
    pub fn new(populations: Vec<Vec<M>>) -> Self {
        Self { populations: populations.into_iter().map(Neurons).collect() }
    }
}

impl<M: BinaryNeuron> Gains for Runtime<M> {
    const HEAVISIDE: bool = M::HEAVISIDE;

    fn sizes(&self) -> Vec<usize> {
        self.populations.iter().map(|neurons| neurons.0.len()).collect()
    }

    fn thresholds(&self, population: usize) -> Vec<f64> {
        self.populations[population].0.iter().map(BinaryNeuron::threshold).collect()
    }

    #[inline]
    fn next(&self, population: usize, index: usize, field: f64, rng: &mut Stream) -> Option<bool> {
        self.populations[population].0[index].next(field, rng)
    }

    fn part(&self, population: usize) -> &dyn BinaryPart {
        &self.populations[population]
    }

    fn part_mut(&mut self, population: usize) -> &mut dyn BinaryPart {
        &mut self.populations[population]
    }
}
