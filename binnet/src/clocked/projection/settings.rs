//! What a builder was told by name about sources and projections of a network with a clock.

use super::spec::Projection;
use crate::clocked::clock::whole_steps;
use crate::clocked::{Cohort, Populations, Source};
use crate::error::{BuildError, Result};
use crate::network::{Setting, Settings, WeightUnit, What};
use crate::population::{FieldInfo, Init, find, sole_input};
use crate::units::Time;

/// A delay that is written out in a block: the name of its projection, if it has one, the text, and ms.
type WrittenDelay<'a> = (Option<&'a str>, &'a str, f64);

impl Settings {
    /// A source with the rate that was given for it.
    ///
    /// # Errors
    /// For sources without a rate.
    pub fn source(&self, mut source: Source) -> Result<Source> {
        let name = source.name().to_owned();
        for (what, _, init) in self.of(&name) {
            if let (What::Rate, Init::Value(hertz)) = (what, init) {
                source.set_rates(&[*hertz])?;
            }
        }
        Ok(source)
    }

    /// Writes what was given for projections into them: weights, delays, values of synapses.
    ///
    /// # Errors
    /// For weights in another unit than that of their target, and for delays that are no multiples of the clock.
    pub fn projections(
        &self,
        projections: &mut [Projection],
        populations: &impl Populations,
        clock: Time,
    ) -> Result<()> {
        for projection in projections {
            let Some(label) = projection.name.clone() else { continue };
            // Blocks and groups have names like `ee/exc->inh`.
            let owner = label.split('/').next().unwrap_or_default();
            for (what, setting, init) in self.of(owner) {
                match what {
                    What::Weight => {
                        let weight = weight(projection, populations, &format!("{owner}.weight"), setting)?;
                        (projection.weight, projection.weighted) = (weight.into(), true);
                    }
                    What::Delay => {
                        check_delay(&format!("{owner}.delay"), init, clock)?;
                        projection.delay = init.clone().into();
                    }
                    What::Synapse(field) => {
                        let synapses = projection.synapses.take();
                        projection.synapses = synapses.map(|synapses| synapses.with(*field, init.clone()));
                    }
                    What::Field(_) | What::Rate | What::Tau | What::States => {}
                }
            }
        }
        Ok(())
    }

    /// Refuses delays written out in the block that are no multiples of a clock which was given when building. (Those
    /// of the declared clock were checked when the block was compiled.)
    ///
    /// # Errors
    /// With the nearest multiples.
    pub fn check_delays(&self, declared: &[WrittenDelay<'_>], clock: Time) -> Result<()> {
        for (projection, text, ms) in declared {
            let replaced = projection.is_some_and(|name| self.of(name).any(|(what, ..)| *what == What::Delay));
            if !replaced && whole_steps(Time::from_ms(*ms), clock.ms()).is_none() {
                let what = projection
                    .map_or_else(|| format!("the delay of {text}"), |name| format!("`{name}.delay`, {text},"));
                return Err(no_multiple(&what, *ms, clock).into());
            }
        }
        Ok(())
    }
}

/// A weight in the unit of the target of this pair.
fn weight(projection: &Projection, populations: &impl Populations, name: &str, setting: &Setting) -> Result<Init> {
    let cohort = |name: &str| (0..populations.count()).map(|p| populations.at(p)).find(|cohort| cohort.name() == name);
    let target = cohort(&projection.post.name).and_then(|cohort| target(projection, cohort));
    let output = cohort(&projection.pre.name).and_then(Cohort::output);
    setting.init(&WeightUnit::new(target, output).place(name))
}

fn target(projection: &Projection, onto: &dyn Cohort) -> Option<&'static FieldInfo> {
    let fields = onto.fields();
    let name = projection.target.as_deref().unwrap_or_else(|| sole_input(fields));
    find(fields, name).map(|i| &fields[i])
}

/// One delay for all synapses is a multiple of the clock; those that differ are rounded.
fn check_delay(name: &str, init: &Init, clock: Time) -> Result<()> {
    match init {
        Init::Value(ms) if whole_steps(Time::from_ms(*ms), clock.ms()).is_none() => {
            Err(no_multiple(&format!("`{name}`"), *ms, clock).into())
        }
        _ => Ok(()),
    }
}

fn no_multiple(what: &str, ms: f64, clock: Time) -> BuildError {
    let dt = clock.ms();
    let rounded = |x: f64| (x * 1e9).round() / 1e9;
    let (below, above) = ((ms / dt).floor() * dt, (ms / dt).ceil() * dt);
    BuildError::Value {
        what: what.to_owned(),
        problem: format!("is no multiple of the clock, {dt} ms"),
        help: format!("{} or {} ms?", rounded(below), rounded(above)),
    }
}
