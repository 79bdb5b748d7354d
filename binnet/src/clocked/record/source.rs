//! Where the values of a record come from.

use crate::clocked::chosen::Chosen;
use crate::clocked::projection::Wiring;
use crate::clocked::{Cohort, Populations, Step};
use crate::error::{BuildError, Result};
use crate::population::{FieldInfo, Values, find};

/// A variable of some neurons, or of some synapses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    of: Of,
    /// Neurons, or synapses among the chosen ones.
    pub(super) neurons: Chosen,
}

#[derive(Clone, Debug, PartialEq)]
enum Of {
    Field {
        population: usize,
        field: usize,
    },
    Observable {
        population: usize,
        which: usize,
    },
    /// All, or those onto one neuron.
    Synapses {
        plastic: usize,
        field: &'static str,
        onto: Option<usize>,
        chosen: Option<Vec<u32>>,
    },
    /// That of a record that was read from a file.
    File(Vec<usize>),
}

impl Source {
    /// A variable of a population, with what its model says of it.
    pub(super) fn of_population(
        population: usize,
        cohort: &dyn Cohort,
        variable: &str,
        neurons: Chosen,
    ) -> Result<(Self, &'static FieldInfo)> {
        let (fields, observables) = (cohort.fields(), cohort.observables());
        if let Some(field) = find(fields, variable) {
            return Ok((Self { of: Of::Field { population, field }, neurons }, &fields[field]));
        }
        if let Some(which) = find(observables, variable) {
            return Ok((Self { of: Of::Observable { population, which }, neurons }, &observables[which]));
        }
        let known: Vec<_> = fields.iter().chain(observables).map(|field| field.name).collect();
        Err(BuildError::unknown(format!("variable of `{}`", cohort.model()), variable, &known).into())
    }

    /// A field of all synapses of a projection with equations, or of those onto one neuron.
    pub(super) fn of_synapses(wiring: &Wiring, plastic: usize, field: &'static str, onto: Option<usize>) -> Self {
        let mut source = Self { of: Of::Synapses { plastic, field, onto, chosen: None }, neurons: Chosen::Range(0..0) };
        source.rewire(wiring);
        source
    }

    /// Whether it is of synapses.
    pub(super) fn is_of_synapses(&self) -> bool {
        matches!(self.of, Of::Synapses { .. })
    }

    /// Takes all chosen synapses after connections were drawn; returns whether it is of synapses.
    pub(super) fn rewire(&mut self, wiring: &Wiring) -> bool {
        let Of::Synapses { plastic, onto, chosen, .. } = &mut self.of else { return false };
        *chosen = onto.map(|neuron| wiring.synapses_onto(*plastic, neuron));
        self.neurons = Chosen::Range(0..chosen.as_ref().map_or_else(|| wiring.synapse_count(*plastic), Vec::len));
        true
    }

    /// The neurons at both ends of each of the synapses; none if it is of neurons.
    pub(super) fn ends(&self, wiring: &Wiring) -> Vec<(u32, u32)> {
        let Of::Synapses { plastic, .. } = &self.of else { return Vec::new() };
        let all = wiring.synapse_ends(*plastic);
        self.columns().filter_map(|synapse| all.get(synapse).copied()).collect()
    }

    /// Values that were read from a file.
    pub(super) fn of_file(columns: Vec<usize>) -> Self {
        Self { neurons: Chosen::list(columns.clone()), of: Of::File(columns) }
    }

    /// What each value is of.
    pub(super) fn columns(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match &self.of {
            Of::Synapses { chosen: Some(chosen), .. } => {
                Box::new(self.neurons.iter().map(|place| chosen[place] as usize))
            }
            Of::File(columns) => Box::new(columns.iter().copied()),
            _ => Box::new(self.neurons.iter()),
        }
    }

    /// The values of all neurons of the population, if they are stored.
    pub(super) fn stored<'a>(&self, populations: &'a impl Populations) -> Option<Values<'a>> {
        match &self.of {
            Of::Field { population, field } => Some(populations.at(*population).values(*field)),
            Of::Observable { .. } | Of::Synapses { .. } | Of::File(_) => None,
        }
    }

    /// Calls `f` on each value.
    pub(super) fn each(&self, populations: &impl Populations, wiring: &Wiring, step: &Step, mut f: impl FnMut(f64)) {
        let neurons = &self.neurons;
        match &self.of {
            Of::Field { .. } => match self.stored(populations) {
                Some(Values::EachF64(x)) => neurons.each_of(x, f),
                Some(Values::EachF32(x)) => neurons.each_of(x, |x| f(f64::from(x))),
                Some(Values::SharedF64(x)) => f(*x),
                Some(Values::SharedF32(x)) => f(f64::from(*x)),
                None => {}
            },
            Of::Observable { population, which } => {
                let cohort = populations.at(*population);
                neurons.iter().for_each(|neuron| f(cohort.observe(*which, neuron, step)));
            }
            Of::Synapses { plastic, field, chosen, .. } => {
                let synapse = |i: usize| chosen.as_ref().map_or(i, |chosen| chosen[i] as usize);
                neurons.iter().for_each(|i| f(wiring.synapse_value(*plastic, field, synapse(i), step.number)));
            }
            Of::File(_) => {}
        }
    }

    /// The mean over all values.
    pub(super) fn mean(&self, populations: &impl Populations, wiring: &Wiring, step: &Step) -> f64 {
        let (n, sum) = self.sum(populations, wiring, step, |x| x);
        sum / n
    }

    /// The variance over all values, divided by their number.
    pub(super) fn variance(&self, populations: &impl Populations, wiring: &Wiring, step: &Step) -> f64 {
        let mean = self.mean(populations, wiring, step);
        let (n, sum) = self.sum(populations, wiring, step, |x| (x - mean) * (x - mean));
        sum / n
    }

    /// How many values there are, and the sum of something of each, added up in an order that is always the same.
    fn sum(&self, populations: &impl Populations, wiring: &Wiring, step: &Step, of: impl Fn(f64) -> f64) -> (f64, f64) {
        let n = self.neurons.len() as f64;
        match (self.stored(populations), &self.neurons) {
            (Some(Values::EachF64(x)), Chosen::Range(range)) => (n, in_lanes(&x[range.clone()], of)),
            (Some(Values::EachF32(x)), Chosen::Range(range)) => (n, in_lanes(&x[range.clone()], |x| of(f64::from(x)))),
            _ => {
                let (mut n, mut sum) = (0.0, 0.0);
                self.each(populations, wiring, step, |x| (n, sum) = (n + 1.0, sum + of(x)));
                (n, sum)
            }
        }
    }
}

/// A sum of eight sums, which vectorises.
fn in_lanes<T: Copy>(values: &[T], of: impl Fn(T) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane += of(*x));
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|x| of(*x)).sum::<f64>()
}
