//! From field to new state: the populations of a network as the engine calls them.

use crate::error::Result;
use crate::population::{Arrays as _, BinaryNeuron, Bound, FieldInfo, Init, Model, Population, Values};
use crate::rng::Stream;

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
    populations: Vec<Vec<M>>,
}

impl<M: BinaryNeuron> Runtime<M> {
    /// One vector of neurons a population, in order.
    #[must_use]
    pub fn new(populations: Vec<Vec<M>>) -> Self {
        Self { populations }
    }
}

impl<M: BinaryNeuron> Gains for Runtime<M> {
    const HEAVISIDE: bool = M::HEAVISIDE;

    fn sizes(&self) -> Vec<usize> {
        self.populations.iter().map(Vec::len).collect()
    }

    fn thresholds(&self, population: usize) -> Vec<f64> {
        self.populations[population].iter().map(BinaryNeuron::threshold).collect()
    }

    #[inline]
    fn next(&self, population: usize, index: usize, field: f64, rng: &mut Stream) -> Option<bool> {
        self.populations[population][index].next(field, rng)
    }
}
