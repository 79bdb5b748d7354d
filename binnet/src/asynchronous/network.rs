//! An asynchronous network that runs.

mod saved;

use core::cell::Cell;
use std::sync::Arc;

use rand_distr::{Distribution as _, Normal, Poisson};

use super::chooser::Chooser;
use super::explain::Report;
use super::gain::Gains;
use super::layout::Connectivity;
use super::plan::{BuildOptions, Precision, Refresh, Scheme};
use super::recorder::Recorder;
use super::spec::{PopulationSpec, Source};
use super::thresholds::Thresholds;
use super::trajectory::{EPOCH, Setting, Speed, Trajectory};
use super::waiting::{Waiting, pays};
use crate::error::{RecordError, Result, RunError};
use crate::population::ValuesMut;
use crate::record::{FlipLog, FlipStream, PackedFlip, Section, Sections};
use crate::rng::{Stream, Streams};
use crate::units::Time;

/// What a network and its replicas have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) name: String,
    pub(crate) options: BuildOptions,
    pub(crate) populations: Vec<PopulationSpec>,
    pub(crate) net: Connectivity,
    pub(crate) report: Report,
}

/// A network of binary neurons, updated one at a time; a change acts at once.
///
/// Each update picks a neuron with probability proportional to 1/tau and draws its new state from
/// its current field. One update stands for 1 / sum(N/tau) of biological time.
///
/// Neurons are numbered over the populations in order of declaration.
#[derive(Clone, Debug)]
pub struct Asynchronous<G: Gains> {
    gains: Arc<G>,
    pub(crate) shared: Arc<Shared>,
    chooser: Arc<Chooser>,
    pub(super) population_of: Arc<[u8]>,
    thresholds: Arc<Thresholds>,
    pub(super) trajectory: Trajectory,
    pub(super) refresh: u64,
    sections: Sections,
    recorder: Recorder,
    flips: Vec<PackedFlip>,
}

impl<G: Gains> Asynchronous<G> {
    pub(crate) fn start(shared: Shared, gains: Arc<G>, streams: &Streams) -> Result<Self> {
        let single = shared.options.precision == Precision::F32;
        let refresh = match shared.options.refresh {
            Refresh::Auto if single => 1 << 14,
            Refresh::Auto => 1 << 23,
            Refresh::Never => u64::MAX,
            Refresh::Every(flips) => flips.max(1),
        };
        let parts =
            shared.populations.iter().map(|p| Section::new(p.name.as_str(), p.size).clusters(p.clusters).tau(p.tau));
        let sections = Sections::new(parts)?;
        let population_of =
            shared.populations.iter().enumerate().flat_map(|(p, s)| core::iter::repeat_n(p as u8, s.size)).collect();
        let mut net = Self {
            chooser: Arc::new(Chooser::new(&shared.populations)),
            trajectory: Trajectory::new(&shared.net, single, streams),
            thresholds: Arc::new(Thresholds::new(&[], &[])),
            sections,
            recorder: Recorder::Off,
            flips: Vec::new(),
            refresh,
            population_of,
            gains,
            shared: Arc::new(shared),
        };
        net.fold_thresholds();
        if net.shared.options.scheme == Scheme::RejectionFree && !net.only_flips_possible() {
            return Err(RunError::Unsupported {
                problem: "the rejection-free scheme needs thresholds and constant drives in all populations".into(),
                help: "leave the scheme to `Scheme::Auto`".into(),
            }
            .into());
        }
        net.draw_states(streams)?;
        if net.shared.options.record_flips {
            net.record_flips()?;
        }
        Ok(net)
    }

    /// Draws the initial states of all populations.
    fn draw_states(&mut self, streams: &Streams) -> Result<()> {
        let mut states = Vec::with_capacity(self.len());
        for population in &self.shared.populations {
            let label = format!("initial states of `{}`", population.name);
            let mut values = vec![0.0; population.size];
            let mut stream = streams.named(&format!("init/{}", population.name));
            population.init.write(ValuesMut::EachF64(&mut values), &label, &mut stream)?;
            for value in values {
                if value != 0.0 && value != 1.0 {
                    return Err(RunError::NotBinary { neuron: states.len(), value: value as i64 }.into());
                }
                states.push(value as u8);
            }
        }
        self.set_states(&states)
    }

    /// Reads the thresholds from the populations, with constant drives folded in.
    fn fold_thresholds(&mut self) {
        if !G::HEAVISIDE {
            return;
        }
        let populations = &self.shared.populations;
        let thresholds: Vec<_> = (0..populations.len()).map(|p| self.gains.thresholds(p)).collect();
        let drives: Vec<_> = populations.iter().map(constant_drive).collect();
        self.thresholds = Arc::new(Thresholds::new(&thresholds, &drives));
        self.trajectory.forget_wait();
    }

    /// Whether a flip can be told from states, fields and thresholds alone.
    pub(super) fn only_flips_possible(&self) -> bool {
        G::HEAVISIDE && !self.has_varying_drive()
    }

    fn has_varying_drive(&self) -> bool {
        self.shared.populations.iter().flat_map(|p| &p.drives).any(|d| !matches!(d.source, Source::Constant(_)))
    }

    /// The name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// The number of neurons.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.net.n
    }

    /// Whether there are no neurons; never true for a network that was built.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The populations, with parameters and thresholds.
    #[must_use]
    pub fn populations(&self) -> &G {
        &self.gains
    }

    /// Changes parameters or thresholds between runs.
    pub fn change_populations(&mut self, change: impl FnOnce(&mut G)) {
        change(Arc::make_mut(&mut self.gains));
        self.fold_thresholds();
    }

    /// Updates so far.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.trajectory.updates
    }

    /// Changes of state so far.
    #[must_use]
    pub fn flips(&self) -> u64 {
        self.trajectory.flips
    }

    /// The biological time so far.
    #[must_use]
    pub fn time(&self) -> Time {
        Time::from_ms(self.updates() as f64 / self.chooser.rate)
    }

    /// Updates per ms of biological time: sum(N/tau).
    #[must_use]
    pub fn updates_per_ms(&self) -> f64 {
        self.chooser.rate
    }

    /// The number of contacts of all projections.
    #[must_use]
    pub fn synapses(&self) -> u64 {
        self.shared.report.synapses()
    }

    /// Bytes held: connections, which replicas share, and the state of this network.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.shared.net.bytes() + self.trajectory.bytes() + self.recorder.bytes()
    }

    /// Names, sizes, clusters and time constants of the populations.
    #[must_use]
    pub fn sections(&self) -> &Sections {
        &self.sections
    }

    /// The states of all neurons, 0 or 1.
    #[must_use]
    pub fn states(&self) -> Vec<u8> {
        self.trajectory.states.to_vec()
    }

    /// The field of every neuron: summed weights of active neurons plus constant drive.
    #[must_use]
    pub fn fields(&self) -> Vec<f64> {
        let drives: Vec<_> = self.shared.populations.iter().map(constant_drive).collect();
        self.population_of
            .iter()
            .enumerate()
            .map(|(k, &p)| self.trajectory.field(&self.shared.net, usize::from(p), k) + drives[usize::from(p)])
            .collect()
    }

    /// The threshold of every neuron, without any drive; empty unless all populations have thresholds.
    #[must_use]
    pub fn thresholds(&self) -> Vec<f64> {
        if !G::HEAVISIDE {
            return Vec::new();
        }
        (0..self.shared.populations.len()).flat_map(|p| self.gains.thresholds(p)).collect()
    }

    /// Replaces the states of all neurons; fields follow. A log in memory begins anew.
    ///
    /// # Errors
    /// For another number of states than neurons, for values other than 0 and 1, and while flips
    /// are streamed to disk.
    pub fn set_states(&mut self, states: &[u8]) -> Result<()> {
        if states.len() != self.len() {
            return Err(RunError::Length { what: "states", expected: self.len(), found: states.len() }.into());
        }
        if let Some(neuron) = states.iter().position(|s| *s > 1) {
            return Err(RunError::NotBinary { neuron, value: i64::from(states[neuron]) }.into());
        }
        if matches!(self.recorder, Recorder::Disk(_)) {
            return Err(RunError::Unsupported {
                problem: "the states cannot be replaced while flips are streamed to disk".into(),
                help: "call `stop_recording()` first".into(),
            }
            .into());
        }
        self.trajectory.set_states(&self.shared.net, states);
        if matches!(self.recorder, Recorder::Memory(_)) {
            self.record_flips()?;
        }
        Ok(())
    }

    /// Replaces the fields, which otherwise follow from states and weights: to go on from the fields
    /// of another simulator, rounding errors included.
    ///
    /// # Errors
    /// For another number of fields than neurons, and in networks whose fields are integers.
    pub fn set_fields(&mut self, fields: &[f64]) -> Result<()> {
        use super::fields::Reals;
        if fields.len() != self.len() {
            return Err(RunError::Length { what: "fields", expected: self.len(), found: fields.len() }.into());
        }
        match &mut self.trajectory.reals {
            Reals::F32(v) if self.shared.net.slots == 0 => v.iter_mut().zip(fields).for_each(|(h, f)| *h = *f as f32),
            Reals::F64(v) if self.shared.net.slots == 0 => v.copy_from_slice(fields),
            _ => {
                return Err(RunError::Unsupported {
                    problem: "the fields of this network are integers for each weight class and follow from the states"
                        .into(),
                    help: "build it with `Precision::F32` or `Precision::F64` to set fields".into(),
                }
                .into());
            }
        }
        self.trajectory.forget_wait();
        Ok(())
    }

    /// The updates that a run of this duration makes from here.
    ///
    /// # Errors
    /// For a negative or infinite time.
    pub fn updates_for(&self, duration: Time) -> Result<u64> {
        let ms = duration.ms();
        let end = (self.time().ms() + ms) * self.chooser.rate;
        if !(ms >= 0.0 && end < 9e18) {
            return Err(RunError::Duration(ms).into());
        }
        Ok((end.round() as u64).saturating_sub(self.updates()))
    }

    /// Makes `n` updates.
    ///
    /// # Errors
    /// When streaming flips to disk fails, and when a gain is no number; what was recorded is kept.
    pub fn run_updates(&mut self, n: u64) -> Result<()> {
        let end = self.updates().saturating_add(n);
        while self.updates() < end {
            let base = self.updates();
            let in_epoch = self.trajectory.drawn % EPOCH;
            if in_epoch == 0 {
                self.choose_scheme();
            }
            let n = (end - base).min(EPOCH - in_epoch);
            let mut flips = core::mem::take(&mut self.flips);
            flips.clear();
            let no_number = self.advance(n, base, &mut flips);
            let recorded = self.recorder.block(base, &flips, self.trajectory.updates);
            self.flips = flips;
            recorded?;
            if let Some((neuron, field)) = no_number {
                return Err(self.gain_error(neuron, field).into());
            }
        }
        Ok(())
    }

    fn gain_error(&self, neuron: usize, field: f64) -> RunError {
        RunError::Gain { neuron, field, ms: self.time().ms() }
    }

    /// Decides at the beginning of an epoch how it is simulated, from the flips of the last one.
    fn choose_scheme(&mut self) {
        let (n, slots) = (self.len(), self.shared.net.slots);
        let trajectory = &mut self.trajectory;
        let wait = match self.shared.options.scheme {
            Scheme::EveryUpdate => false,
            Scheme::RejectionFree => true,
            Scheme::Auto => trajectory.drawn > 0 && pays(trajectory.flips_in_epoch, EPOCH, n, slots),
        };
        trajectory.flips_in_epoch = 0;
        let wait = wait && self.only_flips_possible();
        let waiting = &mut self.trajectory.waiting;
        if !wait {
            *waiting = None;
        } else if waiting.is_none() {
            *waiting = Some(Waiting::default());
        }
    }

    /// Makes `n` updates within one epoch. Returns the neuron and field for which a gain was no number;
    /// that neuron became inactive.
    fn advance(&mut self, n: u64, base: u64, flips: &mut Vec<PackedFlip>) -> Option<(usize, f64)> {
        let shared = &*self.shared;
        let (chooser, thresholds) = (&*self.chooser, &*self.thresholds);
        let (net, populations, refresh) = (&shared.net, &shared.populations, self.refresh);
        let setting = &Setting { net, chooser, populations, thresholds, refresh, base };
        if self.trajectory.waiting.is_some() {
            self.trajectory.wait_updates(setting, n, flips);
            return None;
        }
        let mut left = n;
        if self.only_flips_possible() {
            while left > 0 {
                let decide = |p: usize, k: usize, h: f64, _: u64, _: &mut Stream| h > thresholds.at(p, k);
                left -= self.trajectory.draw_updates(setting, left, flips, Speed::Unrolled, decide);
            }
            return None;
        }
        let gains = &*self.gains;
        let drives: Vec<_> = shared.populations.iter().map(CompiledDrive::new).collect();
        let mut first = vec![0; shared.populations.len()];
        for p in 1..first.len() {
            first[p] = first[p - 1] + shared.populations[p - 1].size;
        }
        let no_number = Cell::new(None);
        while left > 0 && no_number.get().is_none() {
            let decide = |p: usize, k: usize, h: f64, update: u64, rng: &mut Stream| {
                let h = h + drives[p].value(update as f64 / chooser.rate, rng);
                gains.next(p, k - first[p], h, rng).unwrap_or_else(|| {
                    no_number.set(Some((k, h)));
                    false
                })
            };
            left -= self.trajectory.draw_updates(setting, left, flips, Speed::Compact, decide);
        }
        no_number.get()
    }

    /// Updates the given neurons in the given order, instead of drawing them; returns the change of
    /// each: -1, 0 or 1. Time goes on as with drawn updates.
    ///
    /// # Errors
    /// For an id beyond the last neuron (nothing is updated then), and when a gain is no number (that
    /// neuron and the later ones are not updated then).
    pub fn apply_updates(&mut self, neurons: &[u32]) -> Result<Vec<i8>> {
        if let Some(id) = neurons.iter().find(|id| **id as usize >= self.len()) {
            return Err(RunError::Neuron { id: u64::from(*id), size: self.len() }.into());
        }
        self.trajectory.forget_wait();
        let shared = Arc::clone(&self.shared);
        let gains = Arc::clone(&self.gains);
        let drives: Vec<_> = shared.populations.iter().map(CompiledDrive::new).collect();
        let sizes: Vec<_> = shared.populations.iter().map(|p| p.size).collect();
        let mut deltas = Vec::with_capacity(neurons.len());
        for &neuron in neurons {
            let k = neuron as usize;
            let p = usize::from(self.population_of[k]);
            let field = self.trajectory.field(&shared.net, p, k);
            let time = self.time().ms();
            let up = if self.only_flips_possible() {
                field > self.thresholds.at(p, k)
            } else {
                let rng = &mut self.trajectory.gain_rng;
                let field = field + drives[p].value(time, rng);
                let next = gains.next(p, k - sizes[..p].iter().sum::<usize>(), field, rng);
                let Some(next) = next else {
                    self.recorder.block(self.updates(), &[], self.updates())?;
                    return Err(self.gain_error(k, field).into());
                };
                next
            };
            let base = self.updates();
            let delta = i8::from(up) - self.trajectory.states[k] as i8;
            if delta != 0 {
                self.trajectory.flip(&shared.net, k, self.refresh);
                self.recorder.block(base, &[PackedFlip::new(0, neuron, up)], base + 1)?;
            }
            self.trajectory.updates += 1;
            deltas.push(delta);
        }
        self.recorder.block(self.updates(), &[], self.updates())?;
        Ok(deltas)
    }

    /// Whether the rejection-free scheme found that no neuron can flip any more: the network stays as
    /// it is for ever.
    #[must_use]
    pub fn is_absorbed(&self) -> bool {
        self.trajectory.waiting.as_ref().is_some_and(Waiting::absorbed)
    }

    /// Begins to record flips in memory from here; about 4 bytes a flip.
    ///
    /// # Errors
    /// None for a network that was built.
    pub fn record_flips(&mut self) -> Result<()> {
        let log = FlipLog::new(self.sections.clone(), &self.trajectory.states, self.updates())?;
        self.recorder = Recorder::Memory(log);
        Ok(())
    }

    /// Begins to stream flips to files in a folder from here, with bounded memory;
    /// [`FlipLog::open`] reads them, also after an interruption.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn stream_flips(&mut self, folder: impl AsRef<std::path::Path>) -> Result<()> {
        let stream = FlipStream::create(folder, self.sections.clone(), &self.trajectory.states, self.updates())?;
        self.recorder = Recorder::Disk(Box::new(stream));
        Ok(())
    }

    /// Stops recording: completes the files of a stream, or returns the log from memory.
    ///
    /// # Errors
    /// When the last flips cannot be written.
    pub fn stop_recording(&mut self) -> Result<Option<FlipLog>> {
        match core::mem::take(&mut self.recorder) {
            Recorder::Off => Ok(None),
            Recorder::Memory(log) => Ok(Some(log)),
            Recorder::Disk(stream) => stream.finish().map(|()| None),
        }
    }

    /// The flips recorded in memory so far.
    ///
    /// # Errors
    /// When nothing is recorded in memory.
    pub fn log(&self) -> Result<&FlipLog> {
        match &self.recorder {
            Recorder::Memory(log) => Ok(log),
            Recorder::Off | Recorder::Disk(_) => Err(RecordError::NotRecorded.into()),
        }
    }

    /// Begins anew, with states and updates from these streams.
    pub(super) fn restart(&mut self, streams: &Streams) -> Result<()> {
        if matches!(self.recorder, Recorder::Disk(_)) {
            return Err(RunError::Unsupported {
                problem: "time cannot go back while flips are streamed to disk".into(),
                help: "call `stop_recording()` first".into(),
            }
            .into());
        }
        let single = self.shared.options.precision == Precision::F32;
        self.trajectory = Trajectory::new(&self.shared.net, single, streams);
        self.draw_states(streams)
    }

    /// An independent copy with another seed for what follows; connections are shared.
    #[must_use]
    pub fn fork(&self, seed: u64) -> Self {
        let mut copy = self.clone();
        let streams = Streams::new(seed);
        copy.trajectory = Trajectory::new(&self.shared.net, self.shared.options.precision == Precision::F32, &streams);
        copy.trajectory.updates = self.updates();
        copy.trajectory.set_states(&self.shared.net, &self.trajectory.states);
        if let Recorder::Memory(log) = &copy.recorder {
            copy.recorder = Recorder::Memory(log.slice(log.updates(), log.updates()));
        }
        copy
    }
}

/// The part of a population's drive that does not change.
pub(super) fn constant_drive(population: &PopulationSpec) -> f64 {
    population
        .drives
        .iter()
        .map(|d| match d.source {
            Source::Constant(value) => d.weight * value,
            _ => 0.0,
        })
        .sum()
}

/// The drive of a population, ready to be evaluated at each update.
struct CompiledDrive<'a> {
    constant: f64,
    varying: Vec<(f64, Varying<'a>)>,
}

enum Varying<'a> {
    Bernoulli(f64),
    Poisson(Option<Poisson<f64>>),
    Normal(Option<Normal<f64>>),
    OfTime(&'a (dyn Fn(f64) -> f64 + Send + Sync)),
}

impl<'a> CompiledDrive<'a> {
    fn new(population: &'a PopulationSpec) -> Self {
        let varying = population.drives.iter().filter_map(|d| {
            let source = match &d.source {
                Source::Constant(_) => return None,
                Source::Bernoulli(p) => Varying::Bernoulli(*p),
                // A mean of 0 is no Poisson law for the library; it always gives 0.
                Source::Poisson(mean) => Varying::Poisson(Poisson::new(*mean).ok()),
                Source::Normal(mean, sd) => Varying::Normal(Normal::new(*mean, *sd).ok()),
                Source::OfTime(f) => Varying::OfTime(&**f),
            };
            Some((d.weight, source))
        });
        Self { constant: constant_drive(population), varying: varying.collect() }
    }

    #[inline]
    fn value(&self, ms: f64, rng: &mut Stream) -> f64 {
        use rand::RngExt as _;
        self.varying.iter().fold(self.constant, |sum, (weight, source)| {
            sum + weight
                * match source {
                    Varying::Bernoulli(p) => f64::from(u8::from(rng.random::<f64>() < *p)),
                    Varying::Poisson(law) => law.as_ref().map_or(0.0, |law| law.sample(rng)),
                    Varying::Normal(law) => law.as_ref().map_or(0.0, |law| law.sample(rng)),
                    Varying::OfTime(f) => f(ms),
                }
        })
    }
}
