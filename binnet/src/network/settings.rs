//! What a builder was told by name, to be applied when the network is built.

use super::info::{DeclaredPopulation, DeclaredProjection, NetworkInfo, WeightUnit};
use super::setting::{Place, Setting, admit};
use super::simulation::Simulation;
use crate::asynchronous::{PopulationSpec, ProjectionSpec};
use crate::error::{BuildError, Result};
use crate::population::{FieldInfo, Init, Model, Population, Role, find};
use crate::rng::Streams;
use crate::units::{Dimension, Time};

/// Values given by name to the builder of a network: `exc.tau_exc`, `ee.weight`, `noise.rate`, `clock`.
///
/// `network!` writes what applies them; they are checked when they are given.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    clock: Option<Time>,
    each: Vec<Set>,
}

/// One of them.
#[derive(Clone, Debug)]
struct Set {
    /// The population, projection or source.
    owner: String,
    what: What,
    setting: Setting,
    /// In the unit in which it is kept; that of weights depends on the pair of populations.
    init: Init,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// A field of the neurons.
    Field(&'static str),
    /// A field of the synapses.
    Synapse(&'static str),
    Weight,
    Delay,
    Rate,
    /// Of asynchronous populations.
    Tau,
    States,
}

impl What {
    fn name(&self) -> &'static str {
        match self {
            Self::Field(name) | Self::Synapse(name) => name,
            Self::Weight => "weight",
            Self::Delay => "delay",
            Self::Rate => "rate",
            Self::Tau => "tau",
            Self::States => "init",
        }
    }
}

impl Settings {
    /// Takes a value by name; a later one replaces an earlier one.
    ///
    /// # Errors
    /// For unknown names (with the nearest one), and values that do not fit.
    pub fn set(&mut self, info: &NetworkInfo, name: &str, setting: Setting) -> Result<()> {
        if name == "clock" && info.clock.is_some() {
            self.clock = Some(clock(&setting)?);
            return Ok(());
        }
        let Some((owner, member)) = name.split_once('.') else { return Err(unknown(info, name)) };
        let (what, init) = if let Some(population) = info.populations.iter().find(|p| p.name == owner) {
            of_population(info, population, name, member, &setting)?
        } else if let Some(projection) = info.projections.iter().find(|p| p.name == Some(owner)) {
            of_projection(info, projection, name, member, &setting)?
        } else if info.sources.iter().any(|source| source.name == owner) {
            of_source(info, owner, name, member, &setting)?
        } else {
            return Err(unknown(info, name));
        };
        self.each.retain(|set| !(set.owner == owner && set.what == what));
        self.each.push(Set { owner: owner.to_owned(), what, setting, init });
        Ok(())
    }

    /// Sets the clock.
    pub fn set_clock(&mut self, clock: Time) {
        self.clock = Some(clock);
    }

    /// The clock that was given, or the declared one.
    #[must_use]
    pub fn clock(&self, declared: Time) -> Time {
        self.clock.unwrap_or(declared)
    }

    /// All that was given, by name and as text.
    #[must_use]
    pub fn written(&self) -> Vec<(String, String)> {
        let clock = self.clock.map(|clock| ("clock".to_owned(), Setting::from(clock).to_string()));
        let each = self.each.iter().map(|set| (format!("{}.{}", set.owner, set.what.name()), set.setting.to_string()));
        clock.into_iter().chain(each).collect()
    }

    /// What was given for an owner.
    pub(crate) fn of<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = (&'a What, &'a Setting, &'a Init)> {
        self.each.iter().filter(move |set| set.owner == owner).map(|set| (&set.what, &set.setting, &set.init))
    }

    /// The fields of a population of a network with a clock: those declared, with those that were given.
    #[must_use]
    pub fn fields(&self, population: &str, mut declared: Vec<(&'static str, Init)>) -> Vec<(&'static str, Init)> {
        for set in self.each.iter().filter(|set| set.owner == population) {
            if let What::Field(name) = set.what {
                declared.retain(|(other, _)| *other != name);
                declared.push((name, set.init.clone()));
            }
        }
        declared
    }

    /// Sets the fields of a population of an asynchronous network.
    ///
    /// # Errors
    /// For values that the model does not admit.
    pub fn init<M: Model, const N: usize>(
        &self,
        name: &str,
        neurons: &mut Population<M, N>,
        streams: &Streams,
    ) -> Result<()> {
        for set in self.each.iter().filter(|set| set.owner == name) {
            if let What::Field(field) = set.what {
                neurons.init(field, set.init.clone(), &mut streams.named(&format!("init/{name}/{field}")))?;
            }
        }
        Ok(())
    }

    /// A population of an asynchronous network with what was given for it.
    #[must_use]
    pub fn population(&self, mut spec: PopulationSpec) -> PopulationSpec {
        for set in self.each.iter().filter(|set| set.owner == spec.name) {
            match (&set.what, &set.init) {
                (What::Tau, Init::Value(tau)) => spec.tau = *tau,
                (What::States, init) => spec.init = init.clone(),
                _ => {}
            }
        }
        spec
    }

    /// A projection of an asynchronous network with what was given for it.
    #[must_use]
    pub fn projection(&self, name: &str, mut spec: ProjectionSpec) -> ProjectionSpec {
        for set in self.each.iter().filter(|set| set.owner == name) {
            if let (What::Weight, Init::Value(weight)) = (&set.what, &set.init) {
                spec.weight = *weight;
            }
        }
        spec
    }
}

/// For `network!`: sets something of a network that was built.
#[doc(hidden)]
pub fn set_in(info: &NetworkInfo, net: &mut dyn Simulation, name: &str, setting: Setting) -> Result<()> {
    if info.params.iter().any(|param| param.name == name) {
        let problem = "is fixed once the network is built";
        let help = "set it on the builder, or set what follows from it by its own name, as in `exc.tau`";
        return Err(Place::pure(name).wrong(problem, help).into());
    }
    net.set(name, setting)
}

/// A clock is a time above 0.
fn clock(setting: &Setting) -> Result<Time> {
    let place = Place::time("clock");
    let ms = setting.number(&place)?;
    if ms > 0.0 {
        Ok(Time::from_ms(ms))
    } else {
        Err(place.wrong(format!("cannot be {ms} ms"), "a step is above 0 ms").into())
    }
}

/// What can be set of a population.
fn settable(info: &NetworkInfo, population: &DeclaredPopulation) -> Vec<&'static str> {
    let fields = population.fields.iter().filter(|field| field.role != Role::Input).map(|field| field.name);
    let own: &[&str] = if info.clock.is_some() { &[] } else { &["tau", "init"] };
    own.iter().copied().chain(fields).collect()
}

fn of_population(
    info: &NetworkInfo,
    population: &DeclaredPopulation,
    name: &str,
    member: &str,
    setting: &Setting,
) -> Result<(What, Init)> {
    if info.clock.is_none() && member == "tau" {
        let place = Place::time(name);
        let tau = setting.number(&place)?;
        if tau <= 0.0 {
            return Err(place.wrong(format!("cannot be {tau} ms"), "a neuron is updated every tau, above 0 ms").into());
        }
        return Ok((What::Tau, Init::Value(tau)));
    }
    if info.clock.is_none() && member == "init" {
        return Ok((What::States, setting.init(&Place::pure(name))?));
    }
    let known = settable(info, population);
    let found = find(population.fields, member).filter(|i| population.fields[*i].role != Role::Input);
    let Some(field) = found.map(|i| &population.fields[i]) else {
        let kind = format!("parameter, local or state of `{}` ({})", population.name, population.model);
        return Err(BuildError::unknown(kind, member, &known).into());
    };
    let init = of_field(field, name, setting)?;
    admit(&place(field, name), population.bounds, field.name, &init)?;
    Ok((What::Field(field.name), init))
}

/// A value of a field, which is one for all where all share it.
fn of_field(field: &FieldInfo, name: &str, setting: &Setting) -> Result<Init> {
    let place = place(field, name);
    match (field.role, setting.init(&place)?) {
        (Role::Param, init) if !matches!(init, Init::Value(_)) => {
            let problem = format!("is one value for all and cannot be `{setting}`");
            Err(place.wrong(problem, "declare it `local` in the model to give each its own").into())
        }
        (_, init) => Ok(init),
    }
}

/// Where a field is set.
pub(crate) fn place<'a>(field: &'a FieldInfo, name: &'a str) -> Place<'a> {
    Place { name, unit: field.unit, dimension: field.dimension, scale: field.scale }
}

fn of_projection(
    info: &NetworkInfo,
    projection: &DeclaredProjection,
    name: &str,
    member: &str,
    setting: &Setting,
) -> Result<(What, Init)> {
    let fields = projection.fields();
    if member == "delay" && info.clock.is_some() {
        let place = Place::time(name);
        let init = setting.init(&place)?;
        return match init {
            Init::Value(ms) if ms < 0.0 => {
                Err(place.wrong(format!("cannot be {ms} ms"), "a delay is 0 ms or above").into())
            }
            init => Ok((What::Delay, init)),
        };
    }
    if member == "weight" && projection.synapse.is_none() {
        let unit = WeightUnit::new(projection.target.as_ref(), projection.output.as_ref());
        let place = unit.place(name);
        if projection.brings_weights() {
            let problem = "cannot be set: its rule brings a weight for each synapse";
            return Err(place.wrong(problem, "hand other weights to the rule").into());
        }
        let init = setting.init(&place)?;
        if info.clock.is_none() && !matches!(init, Init::Value(_)) {
            return Err(place.wrong("is one weight for all synapses", "give one number").into());
        }
        return Ok((What::Weight, init));
    }
    match find(fields, member).map(|i| &fields[i]) {
        Some(field) => {
            let init = of_field(field, name, setting)?;
            let bounds = projection.synapse.map_or(&[][..], |synapse| synapse.bounds);
            admit(&place(field, name), bounds, field.name, &init)?;
            Ok((What::Synapse(field.name), init))
        }
        None => {
            let own: &[&str] = match (info.clock, projection.synapse) {
                (None, _) => &["weight"],
                (Some(_), None) => &["weight", "delay"],
                (Some(_), Some(_)) => &["delay"],
            };
            let known: Vec<_> = own.iter().copied().chain(fields.iter().map(|field| field.name)).collect();
            let kind = format!("value of projection `{}`", projection.name.unwrap_or_default());
            Err(BuildError::unknown(kind, member, &known).into())
        }
    }
}

fn of_source(info: &NetworkInfo, owner: &str, name: &str, member: &str, setting: &Setting) -> Result<(What, Init)> {
    let source = info.sources.iter().find(|source| source.name == owner);
    let has_rate = source.is_some_and(|source| source.keys.iter().any(|(key, _)| *key == "rate"));
    if member != "rate" || !has_rate {
        let known: &[&str] = if has_rate { &["rate"] } else { &[] };
        return Err(BuildError::unknown(format!("value of source `{owner}`"), member, known).into());
    }
    let place = Place { name, unit: "Hz", dimension: Dimension::FREQUENCY, scale: 1.0 };
    let hertz = setting.number(&place)?;
    if hertz < 0.0 {
        return Err(place.wrong(format!("cannot be {hertz} Hz"), "a rate is not negative").into());
    }
    Ok((What::Rate, Init::Value(hertz)))
}

/// Every name that can be set.
pub(crate) fn names(info: &NetworkInfo) -> Vec<String> {
    let mut names: Vec<String> = info.params.iter().map(|param| param.name.to_owned()).collect();
    names.extend(info.clock.map(|_| "clock".to_owned()));
    for population in info.populations {
        names.extend(settable(info, population).iter().map(|field| format!("{}.{field}", population.name)));
    }
    for source in info.sources.iter().filter(|source| source.keys.iter().any(|(key, _)| *key == "rate")) {
        names.push(format!("{}.rate", source.name));
    }
    for projection in info.projections {
        let Some(name) = projection.name else { continue };
        if projection.synapse.is_none() && !projection.brings_weights() {
            names.push(format!("{name}.weight"));
        }
        names.extend(info.clock.map(|_| format!("{name}.delay")));
        names.extend(projection.fields().iter().map(|field| format!("{name}.{}", field.name)));
    }
    names
}

/// An error for a name that is none, with the nearest one: by its owner, or by what it is called there.
fn unknown(info: &NetworkInfo, name: &str) -> crate::Error {
    let names = names(info);
    let owners = || {
        let projections = info.projections.iter().filter_map(|projection| projection.name);
        let sources = info.sources.iter().map(|source| source.name);
        info.populations.iter().map(|population| population.name).chain(sources).chain(projections)
    };
    let own: Vec<&str> = info.params.iter().map(|param| param.name).chain(info.clock.map(|_| "clock")).collect();
    let member_is =
        |near: &str| names.iter().find(|known| known.split_once('.').is_some_and(|(_, m)| m == near)).cloned();
    let near = match name.split_once('.') {
        Some((owner, member)) => binnet_units::nearest(owner, owners()).map(|near| format!("{near}.{member}")),
        None => binnet_units::nearest(name, own.iter().copied())
            .map(str::to_owned)
            .or_else(|| member_is(name))
            .or_else(|| {
                let members = names.iter().filter_map(|known| known.split_once('.')).map(|(_, member)| member);
                binnet_units::nearest(name, members).and_then(member_is)
            }),
    };
    let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
    let listed: Vec<String> =
        own.iter().map(|name| format!("`{name}`")).chain(owners().map(|o| format!("`{o}...`"))).collect();
    let known = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
    BuildError::Unknown { kind: format!("parameter of `{}`", info.name), name: name.to_owned(), known, hint }.into()
}
