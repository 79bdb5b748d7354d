//! Wiener increments: drawn from the stream of a population, or given by the caller.

use std::fmt;
use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::Step;
use crate::neuron::{Scalar, Vector};
use crate::rng::Stream;
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

/// Increments from a function of step, neuron and source of noise, in root of ms.
pub type GivenIncrements = Arc<dyn Fn(u64, usize, usize) -> f64 + Send + Sync>;

/// Where increments come from.
#[derive(Clone)]
pub(super) enum Increments {
    Drawn(Stream),
    Given(GivenIncrements),
}

impl fmt::Debug for Increments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drawn(_) => "drawn",
            Self::Given(_) => "given",
        })
    }
}

impl Increments {
    /// Overwrites the increments of the neurons from `first` on, one neuron after the other.
    pub(super) fn fill<T: Scalar, V: Vector<T>>(&mut self, out: &mut [V], first: usize, step: &Step) {
        let root = step.dt.sqrt();
        for (i, noise) in out.iter_mut().enumerate() {
            *noise = V::from_fn(|source| {
                T::of(match self {
                    Self::Drawn(stream) => root * Distribution::<f64>::sample(&StandardNormal, stream),
                    Self::Given(given) => given(step.number, first + i, source),
                })
            });
        }
    }
}

/// Functions are not saved: those of the network that loads stay.
impl Persist for Increments {
    fn save(&self, out: &mut Writer) {
        matches!(self, Self::Drawn(_)).save(out);
        if let Self::Drawn(stream) = self {
            stream.save(out);
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        match (from.value()?, self) {
            (true, Self::Drawn(stream)) => stream.load(from),
            (false, Self::Given(_)) => Ok(()),
            (true, Self::Given(_)) => {
                Err(from.refused("has noise that was drawn, the network has it given".to_owned()))
            }
            (false, Self::Drawn(_)) => Err(from.refused(
                "has noise that a function gave, which the network has not (see `set_increments`)".to_owned(),
            )),
        }
    }
}
