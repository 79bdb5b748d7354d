//! Sources: what emits spikes without being a neuron.

mod given;
mod poisson;

use core::fmt;
use std::sync::Arc;

use ndarray::ArrayView2;

use super::{Cohort, GivenIncrements, Spiked, Step};
use crate::error::{BuildError, Result};
use crate::neuron::ModelText;
use crate::population::{Bound, FieldInfo, Values, ValuesMut};
use crate::rng::{Stream, Streams};
use crate::simd::Instructions;
use crate::snapshot::{Fingerprint, Persist, Reader, SnapshotError, Writer};
use crate::units::Time;
use given::Given;
use poisson::Poisson;

/// A source of spikes for [`Clocked::add_source`](super::Clocked::add_source): a number of channels, from which
/// projections start as from neurons.
///
/// ```
/// use binnet::clocked::Source;
/// use binnet::prelude::*;
/// let noise = Source::poisson("noise", 100, 8.0);
/// let clicks = Source::regular("clicks", 1, 10.0);
/// let given = Source::spike_times("given", 3, [(0, 1.5.ms()), (2, 4.ms())]);
/// let events = Source::external("events", 256);
/// ```
#[derive(Clone)]
pub struct Source {
    name: String,
    size: usize,
    kind: Kind,
    spiked: Vec<Spiked>,
}

#[derive(Clone)]
enum Kind {
    Poisson(Poisson),
    Regular {
        hertz: f64,
    },
    /// Neuron and time in ms, then neuron and step in order.
    Times {
        times: Vec<(u32, f64)>,
        steps: Vec<(u64, u32)>,
        next: usize,
    },
    External(Given),
}

impl Source {
    fn new(name: impl Into<String>, size: usize, kind: Kind) -> Self {
        Self { name: name.into(), size, kind, spiked: Vec::new() }
    }

    /// Independent Poisson processes of one rate in Hz. A channel may spike several times in a step.
    pub fn poisson(name: impl Into<String>, size: usize, hertz: f64) -> Self {
        Self::new(name, size, Kind::Poisson(Poisson::new(vec![hertz; size])))
    }

    /// Independent Poisson processes, one rate in Hz for each channel.
    pub fn poisson_rates(name: impl Into<String>, hertz: Vec<f64>) -> Self {
        Self::new(name, hertz.len(), Kind::Poisson(Poisson::new(hertz)))
    }

    /// For Poisson sources: a factor on all rates, as a function of the time in ms at the beginning of a step.
    /// Changes nothing on other sources.
    #[must_use]
    pub fn modulated(mut self, factor: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        if let Kind::Poisson(poisson) = &mut self.kind {
            poisson.modulation = Some(Arc::new(factor));
        }
        self
    }

    /// Regular spikes of all channels at a rate in Hz, the first after one period.
    pub fn regular(name: impl Into<String>, size: usize, hertz: f64) -> Self {
        Self::new(name, size, Kind::Regular { hertz })
    }

    /// Spikes at given times: channel and time, in any order. A time belongs to the step in which it lies.
    pub fn spike_times(name: impl Into<String>, size: usize, spikes: impl IntoIterator<Item = (usize, Time)>) -> Self {
        let times = spikes.into_iter().map(|(i, t)| (u32::try_from(i).unwrap_or(u32::MAX), t.ms())).collect();
        Self::new(name, size, Kind::Times { times, steps: Vec::new(), next: 0 })
    }

    /// Counts that the caller hands in, a row for each step: see [`give`](Self::give). Without a row there are no
    /// spikes. They act in the step that they are given for, as stimuli do (through synapses with equations: at its
    /// end, as spikes).
    pub fn external(name: impl Into<String>, size: usize) -> Self {
        Self::new(name, size, Kind::External(Given::default()))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of channels.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Hands in counts, one row for each of the next steps, one column for each channel; they are added behind
    /// those that still wait.
    ///
    /// # Errors
    /// When the source is not external, and for rows of another length than it has channels.
    pub fn give(&mut self, counts: ArrayView2<'_, u32>) -> Result<()> {
        if counts.ncols() != self.size {
            return Err(BuildError::Shape {
                what: format!("counts for `{}` (steps x channels)", self.name),
                expected: (counts.nrows(), self.size),
                found: counts.dim(),
            }
            .into());
        }
        match &mut self.kind {
            Kind::External(given) => {
                for row in counts.outer_iter() {
                    match row.as_slice() {
                        Some(row) => given.push(row),
                        None => given.push(&row.to_vec()),
                    }
                }
                Ok(())
            }
            _ => Err(self.refused("is no external source", "declare it `external` to hand in counts")),
        }
    }

    /// Forgets counts that were handed in and still wait.
    pub fn forget(&mut self) {
        if let Kind::External(given) = &mut self.kind {
            given.clear();
        }
    }

    /// For Poisson sources: other rates in Hz, one for all channels or one for each. For regular sources: another rate
    /// of all channels.
    ///
    /// # Errors
    /// For other sources, other numbers of rates, and rates that are negative or no numbers; the old ones stay then.
    pub fn set_rates(&mut self, hertz: &[f64]) -> Result<()> {
        if let (Kind::Regular { .. }, [one]) = (&self.kind, hertz) {
            self.check_rates(hertz)?;
            self.kind = Kind::Regular { hertz: *one };
            return Ok(());
        }
        let rates = match hertz {
            [one] => vec![*one; self.size],
            each => each.to_vec(),
        };
        if rates.len() != self.size {
            let (what, found) = (format!("rates of `{}`", self.name), rates.len());
            return Err(BuildError::Length { what, expected: self.size, found }.into());
        }
        if !matches!(self.kind, Kind::Poisson(_)) {
            return Err(self.refused("has no rates", "declare it `poisson`"));
        }
        self.check_rates(&rates)?;
        if let Kind::Poisson(poisson) = &mut self.kind {
            poisson.set_rates(rates);
        }
        Ok(())
    }

    fn check_rates(&self, rates: &[f64]) -> Result<()> {
        match rates.iter().find(|hertz| !(hertz.is_finite() && **hertz >= 0.0)) {
            Some(bad) => Err(self.refused(format!("has a rate of {bad} Hz"), "a rate is finite and not negative")),
            None => Ok(()),
        }
    }

    fn refused(&self, problem: impl Into<String>, help: &str) -> crate::Error {
        let what = format!("source `{}`", self.name);
        BuildError::Value { what, problem: problem.into(), help: help.to_owned() }.into()
    }

    fn check(&self) -> Result<()> {
        match &self.kind {
            Kind::Poisson(poisson) => self.check_rates(poisson.rates()),
            Kind::Regular { hertz } => self.check_rates(&[*hertz]),
            Kind::Times { times, .. } => {
                match times.iter().find(|(i, ms)| *i as usize >= self.size || !(ms.is_finite() && *ms >= 0.0)) {
                    Some((i, ms)) => Err(self.refused(
                        format!("has a spike of channel {i} at {ms} ms"),
                        "channels lie below its size, times are finite and not negative",
                    )),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Its random stream.
    fn stream(&self, streams: &Streams) -> Stream {
        streams.named(&format!("source/{}", self.name))
    }

    /// Makes it ready for the first step.
    pub(super) fn start(&mut self, streams: &Streams, dt: f64) -> Result<()> {
        if self.size == 0 {
            return Err(self.refused("has no channels", "give it a size of at least 1"));
        }
        self.check()?;
        let stream = self.stream(streams);
        match &mut self.kind {
            Kind::Poisson(poisson) => poisson.start(stream),
            Kind::Times { times, steps, .. } => {
                // A time at a multiple of the clock belongs to the step that begins there, whatever its last digit.
                steps.extend(times.iter().map(|(i, ms)| ((ms / dt + 1e-9).floor() as u64, *i)));
                steps.sort_unstable();
            }
            _ => {}
        }
        Ok(())
    }

    /// Emits the spikes of a step.
    fn emit(&mut self, step: &Step) {
        let Self { kind, spiked, size, .. } = self;
        spiked.clear();
        let mut push = |neuron: u32, count: u32| match spiked.last_mut() {
            Some(last) if last.neuron == neuron => last.count += count,
            _ if count > 0 => spiked.push(Spiked { neuron, count, before: 0 }),
            _ => {}
        };
        match kind {
            Kind::Poisson(poisson) => poisson.emit(step, push),
            Kind::Regular { hertz } => {
                let passed = |k: u64| (crate::clocked::clock::time(k, step.dt) * *hertz * 1e-3 + 1e-9).floor();
                let count = (passed(step.number + 1) - passed(step.number)) as u32;
                (0..*size as u32).for_each(|neuron| push(neuron, count));
            }
            Kind::Times { steps, next, .. } => {
                // Steps that were never made, before the source was added, are passed over.
                while let Some((at, neuron)) = steps.get(*next).filter(|(at, _)| *at <= step.number) {
                    if *at == step.number {
                        push(*neuron, 1);
                    }
                    *next += 1;
                }
            }
            Kind::External(given) => spiked.extend_from_slice(given.take()),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]", self.name, self.model(), self.size)
    }
}

impl Cohort for Source {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> usize {
        self.size
    }

    fn model(&self) -> &'static str {
        match &self.kind {
            Kind::Poisson(_) => "poisson",
            Kind::Regular { .. } => "regular",
            Kind::Times { .. } => "spike_times",
            Kind::External(_) => "external",
        }
    }

    fn method(&self) -> (&'static str, bool) {
        ("its own step", true)
    }

    fn fields(&self) -> &'static [FieldInfo] {
        &[]
    }

    fn inputs(&self) -> &[usize] {
        &[]
    }

    fn bounds(&self) -> &'static [Bound] {
        &[]
    }

    fn text(&self) -> Option<ModelText> {
        None
    }

    fn observables(&self) -> &'static [FieldInfo] {
        &[]
    }

    fn values(&self, _: usize) -> Values<'_> {
        Values::EachF64(&[])
    }

    fn values_mut(&mut self, _: usize) -> ValuesMut<'_> {
        ValuesMut::EachF64(&mut [])
    }

    fn fields_mut(&mut self, visit: &mut dyn FnMut(&mut [ValuesMut<'_>])) {
        visit(&mut []);
    }

    fn is_given(&self) -> bool {
        matches!(self.kind, Kind::External(_))
    }

    fn observe(&self, _: usize, _: usize, _: &Step) -> f64 {
        f64::NAN
    }

    fn prepare(&mut self, _: f64) {}

    fn increments_from(&mut self, _: GivenIncrements) {}

    fn advance(&mut self, _: Instructions, step: &Step, _: bool) -> bool {
        self.emit(step);
        true
    }

    fn spiked(&self) -> &[Spiked] {
        &self.spiked
    }

    fn restart(&mut self, streams: &Streams) -> Result<()> {
        self.spiked.clear();
        let stream = self.stream(streams);
        match &mut self.kind {
            Kind::Poisson(poisson) => poisson.start(stream),
            Kind::Times { next, .. } => *next = 0,
            Kind::External(given) => given.clear(),
            Kind::Regular { .. } => {}
        }
        Ok(())
    }

    fn reseed(&mut self, streams: &Streams) {
        let stream = self.stream(streams);
        if let Kind::Poisson(poisson) = &mut self.kind {
            poisson.start(stream);
        }
    }

    fn copy(&self) -> Box<dyn Cohort> {
        Box::new(self.clone())
    }

    fn reset(&mut self, _: &Step) {}
}

impl Source {
    /// What it emits by construction: given times.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut all = Fingerprint::default();
        if let Kind::Times { steps, .. } = &self.kind {
            all.add(steps);
        }
        all.finish()
    }
}

/// Given times and factors on rates are built; rates, streams and counts that wait are saved.
impl Persist for Source {
    fn save(&self, out: &mut Writer) {
        let Self { name: _, size, kind, spiked } = self;
        spiked.save(out);
        match kind {
            Kind::Poisson(poisson) => poisson.save(out),
            Kind::Regular { hertz: _ } => {}
            Kind::Times { times: _, steps: _, next } => next.save(out),
            Kind::External(given) => given.rows(*size).collect::<Vec<_>>().save(out),
        }
    }

    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let Self { name: _, size, kind, spiked } = self;
        spiked.load(from)?;
        match kind {
            Kind::Poisson(poisson) => poisson.load(from),
            Kind::Regular { hertz: _ } => Ok(()),
            Kind::Times { times: _, steps: _, next } => next.load(from),
            Kind::External(given) => {
                let rows = from.value::<Vec<Vec<u32>>>()?;
                if let Some(row) = rows.iter().find(|row| row.len() != *size) {
                    return Err(from.refused(format!("has counts of {} channels, not of {size}", row.len())));
                }
                given.clear();
                rows.iter().for_each(|row| given.push(row));
                Ok(())
            }
        }
    }
}
