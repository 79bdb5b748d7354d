//! Poisson processes: the total of a step is drawn, then spread over the channels.

use std::fmt;
use std::sync::Arc;

use rand::RngExt as _;
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution as _, Poisson as Law};

use crate::clocked::Step;
use crate::rng::{Stream, Streams};
use crate::snapshot::{Persist, Reader, SnapshotError, Writer};

type Modulation = Arc<dyn Fn(f64) -> f64 + Send + Sync>;

/// Independent Poisson processes.
///
/// A sum of Poisson numbers is Poisson, and each of its events belongs to a channel with probability proportional
/// to its rate: so a step costs as much as it has spikes, however many channels there are.
#[derive(Clone)]
pub(super) struct Poisson {
    hertz: Vec<f64>,
    total: f64,
    /// How to choose a channel; none if all have the same rate.
    choice: Option<WeightedAliasIndex<f64>>,
    pub(super) modulation: Option<Modulation>,
    stream: Stream,
    chosen: Vec<u32>,
}

impl Poisson {
    pub(super) fn new(hertz: Vec<f64>) -> Self {
        let mut new = Self {
            hertz: Vec::new(),
            total: 0.0,
            choice: None,
            modulation: None,
            stream: Streams::new(0).named(""),
            chosen: Vec::new(),
        };
        new.set_rates(hertz);
        new
    }

    pub(super) fn rates(&self) -> &[f64] {
        &self.hertz
    }

    pub(super) fn set_rates(&mut self, hertz: Vec<f64>) {
        self.total = hertz.iter().sum();
        let alike = hertz.windows(2).all(|pair| pair[0] == pair[1]);
        // Rates that are refused later have no weights.
        self.choice = if alike { None } else { WeightedAliasIndex::new(hertz.clone()).ok() };
        self.hertz = hertz;
    }

    pub(super) fn start(&mut self, stream: Stream) {
        self.stream = stream;
    }

    pub(super) fn emit(&mut self, step: &Step, mut push: impl FnMut(u32, u32)) {
        let factor = self.modulation.as_ref().map_or(1.0, |factor| factor(step.t).max(0.0));
        let mean = self.total * factor * step.dt * 1e-3;
        // A factor that is no number emits nothing.
        let Ok(law) = Law::new(mean) else { return };
        let count = law.sample(&mut self.stream) as usize;
        self.chosen.clear();
        for _ in 0..count {
            let channel = match &self.choice {
                Some(choice) => choice.sample(&mut self.stream),
                None => self.stream.random_range(0..self.hertz.len()),
            };
            self.chosen.push(channel as u32);
        }
        self.chosen.sort_unstable();
        self.chosen.iter().for_each(|channel| push(*channel, 1));
    }
}

impl fmt::Debug for Poisson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "poisson of {} Hz in all", self.total)
    }
}

/// What follows from the rates is computed again; the factor is built.
impl Persist for Poisson {
    fn save(&self, out: &mut Writer) {
        let Self { hertz, total: _, choice: _, modulation: _, stream, chosen: _ } = self;
        hertz[..].save(out);
        stream.save(out);
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let mut hertz = self.hertz.clone();
        hertz[..].load(from)?;
        self.set_rates(hertz);
        self.stream.load(from)
    }
}
