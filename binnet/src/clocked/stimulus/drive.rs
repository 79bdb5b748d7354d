//! Stimuli at work: their amounts in a step, and what these do to the fields.

use rand_distr::{Distribution, StandardNormal};

use super::{Amount, Operator, Shape, Stimulus};
use crate::clocked::chosen::Chosen;
use crate::clocked::clock::whole_steps;
use crate::clocked::{Cohort, Populations, Step};
use crate::error::{BuildError, Result};
use crate::population::{Role, ValuesMut};
use crate::rng::{Stream, Streams};
use crate::snapshot::persist;
use crate::units::Time;

/// All stimuli of a network, grouped by the fields that they drive.
#[derive(Clone, Debug)]
pub(in crate::clocked) struct Stimuli {
    streams: Streams,
    targets: Vec<Target>,
}

/// A field that is driven.
#[derive(Clone, Debug)]
struct Target {
    population: usize,
    field: usize,
    /// The values that were set, where the operators act on those: parameters and locals.
    base: Option<Vec<f64>>,
    lasting: bool,
    /// Whether the field has to be computed anew even if no amount changes.
    renew: bool,
    drives: Vec<Drive>,
}

/// One stimulus.
#[derive(Clone, Debug)]
struct Drive {
    stimulus: Stimulus,
    neurons: Chosen,
    /// The steps at which the amounts of a list end.
    ends: Vec<u64>,
    rng: Stream,
    /// Amounts of this step: one, or one a neuron; none if it leaves the field alone.
    amounts: Vec<f64>,
    /// Which part of a piecewise constant course `amounts` is of.
    part: Option<u64>,
}

persist!([] Stimuli {} fixed { targets } built { streams });
persist!([] Target { base, renew } fixed { drives } built { population, field, lasting });
persist!([] Drive { rng, amounts, part } fixed {} built { stimulus, neurons, ends });

impl Stimuli {
    /// What drives what, one line each.
    pub(in crate::clocked) fn describe(&self, populations: &impl Populations) -> Vec<String> {
        let all = self.targets.iter().flat_map(|target| target.drives.iter().map(move |drive| (target, drive)));
        let lines = all.map(|(target, Drive { stimulus, neurons, .. })| {
            let cohort = populations.at(target.population);
            let field = cohort.fields().get(target.field).map_or("", |field| field.name);
            format!("stimulus of {}.{field}: {stimulus:?} on {neurons:?}", cohort.name())
        });
        lines.collect()
    }

    pub(in crate::clocked) fn new(streams: Streams) -> Self {
        Self { streams, targets: Vec::new() }
    }

    /// Adds a stimulus to field number `field` of population number `population`.
    pub(in crate::clocked) fn add(
        &mut self,
        stimulus: Stimulus,
        population: usize,
        field: usize,
        cohort: &dyn Cohort,
        dt: f64,
    ) -> Result<()> {
        let info = cohort.fields()[field];
        let label = label(cohort, field);
        let whose = format!("`{}`", cohort.name());
        let neurons = stimulus.neurons.choose(cohort.size(), cohort.grid(), "acts on", &whose);
        let neurons = neurons.map_err(|(problem, help)| wrong(&label, problem, &help))?;
        check(&stimulus, &label, &neurons, cohort.size(), info.role == Role::Param, dt)?;
        let place = self.targets.iter().position(|t| (t.population, t.field) == (population, field));
        let place = place.unwrap_or_else(|| {
            let lasting = matches!(info.role, Role::Param | Role::Local);
            self.targets.push(Target { population, field, base: None, lasting, renew: true, drives: Vec::new() });
            self.targets.len() - 1
        });
        let target = &mut self.targets[place];
        let rng = self.streams.named(&stream(&label, target.drives.len()));
        let (mut end, mut ends) = (0.0, Vec::new());
        if let Shape::Steps(steps) = &stimulus.shape {
            ends.extend(steps.iter().map(|(_, duration)| {
                end += duration.ms();
                (end / dt).round() as u64
            }));
        }
        let neurons = if info.role == Role::Param { Chosen::Range(0..1) } else { neurons };
        target.drives.push(Drive { stimulus, neurons, ends, rng, amounts: Vec::new(), part: None });
        target.renew = true;
        Ok(())
    }

    /// Draws from the streams of another seed from now on.
    pub(in crate::clocked) fn reseed(&mut self, streams: Streams, populations: &impl Populations) {
        self.streams = streams;
        for Target { population, field, drives, .. } in &mut self.targets {
            let cohort = populations.at(*population);
            let label = label(cohort, *field);
            for (i, drive) in drives.iter_mut().enumerate() {
                drive.rng = streams.named(&stream(&label, i));
            }
        }
    }

    /// Puts the values that were set back into a field, and forgets them: before new ones are set.
    pub(in crate::clocked) fn release(&mut self, population: usize, field: usize, cohort: &mut dyn Cohort) {
        for target in self.targets.iter_mut().filter(|t| (t.population, t.field) == (population, field)) {
            if let Some(base) = target.base.take() {
                change(cohort.values_mut(field), &Chosen::Range(0..base.len()), Operator::Set, &base);
            }
            target.renew = true;
        }
    }

    /// Lets all courses begin anew, and puts the values that were set back into their fields.
    pub(in crate::clocked) fn restart(&mut self, streams: Streams, populations: &mut impl Populations) {
        self.streams = streams;
        for target in &mut self.targets {
            let cohort = populations.at_mut(target.population);
            if let Some(base) = target.base.take() {
                change(cohort.values_mut(target.field), &Chosen::Range(0..base.len()), Operator::Set, &base);
            }
            target.renew = true;
            let label = label(cohort, target.field);
            for (number, drive) in target.drives.iter_mut().enumerate() {
                drive.rng = streams.named(&stream(&label, number));
                drive.amounts.clear();
                drive.part = None;
            }
        }
    }

    /// Acts on all fields at the beginning of a step.
    pub(in crate::clocked) fn apply(&mut self, populations: &mut impl Populations, step: &Step) {
        for target in &mut self.targets {
            let mut changed = core::mem::replace(&mut target.renew, false);
            for drive in &mut target.drives {
                changed |= drive.update(step);
            }
            let cohort = populations.at_mut(target.population);
            if target.lasting {
                if !changed {
                    continue;
                }
                let size = cohort.size();
                let base = target.base.get_or_insert_with(|| cohort.values(target.field).to_vec(size));
                change(cohort.values_mut(target.field), &Chosen::Range(0..size), Operator::Set, base);
            }
            for drive in target.drives.iter().filter(|drive| !drive.amounts.is_empty()) {
                let operator = drive.stimulus.operator;
                change(cohort.values_mut(target.field), &drive.neurons, operator, &drive.amounts);
            }
        }
    }
}

/// The name of a field.
fn label(cohort: &dyn Cohort, field: usize) -> String {
    format!("{}.{}", cohort.name(), cohort.fields()[field].name)
}

/// The name of the stream of a stimulus.
fn stream(label: &str, ordinal: usize) -> String {
    format!("stimulus/{label}/{ordinal}")
}

impl Drive {
    /// Computes the amounts of a step; returns whether they changed.
    fn update(&mut self, step: &Step) -> bool {
        let Self { stimulus, neurons, ends, rng, amounts, part } = self;
        let at = |time: Time| (time.ms() / step.dt).round() as u64;
        match &stimulus.shape {
            Shape::Constant(amount) => {
                if *part == Some(0) {
                    return false;
                }
                *part = Some(0);
                amounts.clear();
                amounts.extend_from_slice(amount.as_slice());
            }
            Shape::Steps(steps) => {
                let current = ends.partition_point(|end| *end <= step.number) as u64;
                if *part == Some(current) {
                    return false;
                }
                *part = Some(current);
                amounts.clear();
                if let Some((amount, _)) = steps.get(current as usize) {
                    amounts.extend_from_slice(amount.as_slice());
                }
            }
            Shape::Pulses { amount, start, width, period, count } => {
                let since = step.number.checked_sub(at(*start));
                let cycle = at(*period).max(1);
                let on = since.is_some_and(|since| since / cycle < *count && since % cycle < at(*width));
                if *part == Some(u64::from(on)) {
                    return false;
                }
                *part = Some(u64::from(on));
                amounts.clear();
                if on {
                    amounts.extend_from_slice(amount.as_slice());
                }
            }
            Shape::Ramp { from, to, start, duration } => {
                let Some(since) = step.number.checked_sub(at(*start)) else { return false };
                let length = at(*duration).max(1);
                if since >= length && *part == Some(length) {
                    return false;
                }
                *part = Some(since.min(length));
                let share = since.min(length) as f64 / length as f64;
                let n = from.as_slice().len().max(to.as_slice().len());
                amounts.clear();
                amounts.extend((0..n).map(|i| from.at(i) + (to.at(i) - from.at(i)) * share));
            }
            Shape::Sine { amplitude, hertz, phase } => {
                let sine = (core::f64::consts::TAU * hertz * step.t * 1e-3 + phase).sin();
                amounts.clear();
                amounts.extend(amplitude.as_slice().iter().map(|amplitude| amplitude * sine));
            }
            Shape::OrnsteinUhlenbeck { mean, deviation, tau } => {
                let decay = (-step.dt / tau.ms()).exp();
                let fresh = amounts.is_empty();
                let kick = deviation * if fresh { 1.0 } else { (-(-2.0 * step.dt / tau.ms()).exp_m1()).sqrt() };
                amounts.resize(neurons.len(), *mean);
                for x in amounts {
                    *x = mean + (*x - mean) * decay + kick * Distribution::<f64>::sample(&StandardNormal, rng);
                }
            }
            Shape::WhiteNoise { mean, sigma } => {
                let deviation = sigma / step.dt.sqrt();
                amounts.resize(neurons.len(), 0.0);
                for x in amounts {
                    *x = mean + deviation * Distribution::<f64>::sample(&StandardNormal, rng);
                }
            }
            Shape::Rows(rows) => {
                let was = !amounts.is_empty();
                amounts.clear();
                if step.number < rows.nrows() as u64 {
                    amounts.extend(rows.row(step.number as usize));
                }
                return was || !amounts.is_empty();
            }
            Shape::Function(function) => {
                amounts.clear();
                amounts.extend(neurons.iter().map(|i| function(step.t, i)));
            }
        }
        true
    }
}

impl Amount {
    fn as_slice(&self) -> &[f64] {
        match self {
            Self::One(x) => core::slice::from_ref(x),
            Self::Each(x) => x,
        }
    }

    fn at(&self, i: usize) -> f64 {
        match self {
            Self::One(x) => *x,
            Self::Each(x) => x[i],
        }
    }
}

/// Applies one amount, or one a neuron, to the values of some neurons.
fn change(values: ValuesMut<'_>, neurons: &Chosen, operator: Operator, amounts: &[f64]) {
    fn act(x: f64, operator: Operator, amount: f64) -> f64 {
        match operator {
            Operator::Add => x + amount,
            Operator::Subtract => x - amount,
            Operator::Multiply => x * amount,
            Operator::Divide => x / amount,
            Operator::Set => amount,
        }
    }
    let first = amounts.first().copied().unwrap_or_default();
    let one = amounts.len() == 1;
    let amount = |i: usize| if one { first } else { amounts[i] };
    match values {
        ValuesMut::SharedF64(x) => *x = act(*x, operator, first),
        ValuesMut::SharedF32(x) => *x = act(f64::from(*x), operator, first) as f32,
        ValuesMut::EachF64(x) => {
            neurons.each_mut(x, |i, x| *x = act(*x, operator, amount(i)));
        }
        ValuesMut::EachF32(x) => {
            neurons.each_mut(x, |i, x| *x = act(f64::from(*x), operator, amount(i)) as f32);
        }
    }
}

/// What a stimulus of a field is called.
fn named(label: &str) -> String {
    format!("the stimulus of `{label}`")
}

fn wrong(label: &str, problem: String, help: &str) -> crate::Error {
    BuildError::Value { what: named(label), problem, help: help.to_owned() }.into()
}

/// Whether a stimulus fits its field.
fn check(stimulus: &Stimulus, label: &str, neurons: &Chosen, size: usize, shared: bool, dt: f64) -> Result<()> {
    let wrong = |problem: String, help: &str| -> Result<()> { Err(wrong(label, problem, help)) };
    if shared && *neurons != Chosen::Range(0..size) {
        let help = "declare it `local` to give each neuron its own";
        return wrong("acts on some neurons of a value that all share".to_owned(), help);
    }
    let amount = |amount: &Amount| -> Result<()> {
        if let Amount::Each(values) = amount {
            if shared {
                let help = "give one amount, or declare it `local`";
                return wrong("has an amount for each neuron, but all share one value".to_owned(), help);
            }
            if values.len() != neurons.len() {
                let (expected, found) = (neurons.len(), values.len());
                return Err(BuildError::Length { what: named(label), expected, found }.into());
            }
        }
        match amount.as_slice().iter().find(|x| !x.is_finite()) {
            Some(x) => wrong(format!("has the amount {x}"), "amounts are finite numbers"),
            None => Ok(()),
        }
    };
    let number = |name: &str, x: f64, fits: bool| -> Result<()> {
        if fits && x.is_finite() { Ok(()) } else { wrong(format!("has the {name} {x}"), "check its sign and size") }
    };
    let time = |name: &str, time: Time| number(name, time.ms(), time.ms() >= 0.0 && time.ms() / dt < 9e15);
    let alone = || -> Result<()> {
        if shared {
            return wrong("is drawn for each neuron, but all share one value".to_owned(), "declare it `local`");
        }
        Ok(())
    };
    match &stimulus.shape {
        Shape::Constant(x) => amount(x),
        Shape::Steps(steps) => steps.iter().try_for_each(|(x, duration)| amount(x).and(time("duration", *duration))),
        Shape::Pulses { amount: x, start, width, period, count } => {
            amount(x)?;
            time("start", *start)?;
            time("width", *width)?;
            time("period", *period)?;
            if *count > 1 && whole_steps(*period, dt).is_none_or(|period| period == 0) {
                return wrong(
                    format!("has a period of {} ms, which is no multiple of the clock, {dt} ms", period.ms()),
                    "choose a multiple of the clock",
                );
            }
            number("width", width.ms(), *count <= 1 || width.ms() <= period.ms())
        }
        Shape::Ramp { from, to, start, duration } => {
            amount(from)?;
            amount(to)?;
            time("start", *start)?;
            time("duration", *duration)
        }
        Shape::Sine { amplitude, hertz, phase } => {
            amount(amplitude)?;
            number("frequency", *hertz, true)?;
            number("phase", *phase, true)
        }
        Shape::OrnsteinUhlenbeck { mean, deviation, tau } => {
            alone()?;
            number("mean", *mean, true)?;
            number("standard deviation", *deviation, *deviation >= 0.0)?;
            number("correlation time", tau.ms(), tau.ms() > 0.0)
        }
        Shape::WhiteNoise { mean, sigma } => {
            alone()?;
            number("mean", *mean, true)?;
            number("intensity", *sigma, *sigma >= 0.0)
        }
        Shape::Rows(rows) => {
            if rows.ncols() != 1 && (shared || rows.ncols() != neurons.len()) {
                let expected = (rows.nrows(), if shared { 1 } else { neurons.len() });
                let what = format!("{} (step x neuron)", named(label));
                return Err(BuildError::Shape { what, expected, found: rows.dim() }.into());
            }
            match rows.iter().find(|x| !x.is_finite()) {
                Some(x) => wrong(format!("has the amount {x}"), "amounts are finite numbers"),
                None => Ok(()),
            }
        }
        Shape::Function(_) => Ok(()),
    }
}
