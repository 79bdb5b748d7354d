//! Setting things by name between runs.

use super::{Clocked, Populations};
use crate::error::{BuildError, Result};
use crate::network::{Place, Setting, WeightUnit, admit, place};
use crate::population::{Role, find};
use crate::units::Dimension;

impl<P: Populations> Clocked<P> {
    /// Sets something by name, from now on: a parameter, local or state of a population (`exc.v_th`), a parameter,
    /// local or state of the synapses of a projection (`ee.tau_f`), its weights (`ee.weight`), the rate of a source
    /// (`noise.rate`). The value is a quantity (`(-49).mV()`), a number where there is no unit, or text (`"-49 mV"`,
    /// `"uniform(-60 mV, -50 mV)"`).
    ///
    /// Distributions draw from the stream `set/population/field/step`. Projections are found by the name that they have
    /// in the block, with all the pairs that it stands for.
    ///
    /// # Errors
    /// For unknown names (with the nearest one), a wrong unit, values that the model does not admit (nothing is set
    /// then), and what is fixed once the network is built: clock and delays.
    pub fn set(&mut self, name: &str, value: impl Into<Setting>) -> Result<()> {
        let setting = value.into();
        let fixed = |help: &str| -> Result<()> {
            let problem = "is fixed once the network is built".to_owned();
            Err(BuildError::Value { what: format!("`{name}`"), problem, help: help.to_owned() }.into())
        };
        if name == "clock" {
            return fixed("set it on the builder");
        }
        let (owner, member) = name.split_once('.').unwrap_or((name, ""));
        if let Some(p) = (0..self.populations().count()).find(|p| self.populations().at(*p).name() == owner) {
            return self.set_field(p, name, member, &setting);
        }
        if let Ok(source) = self.source_mut(owner) {
            if member != "rate" {
                return Err(BuildError::unknown(format!("value of source `{owner}`"), member, &["rate"]).into());
            }
            let hertz = setting.number(&Place { name, unit: "Hz", dimension: Dimension::FREQUENCY, scale: 1.0 })?;
            return source.set_rates(&[hertz]);
        }
        let links: Vec<usize> = self.wiring().links_of(owner);
        if links.is_empty() {
            return Err(self.unknown(owner));
        }
        if member == "delay" {
            return fixed("set it on the builder: spikes are under way");
        }
        for link in links {
            self.set_synapses(link, name, member, &setting)?;
        }
        Ok(())
    }

    fn set_field(&mut self, p: usize, name: &str, member: &str, setting: &Setting) -> Result<()> {
        let cohort = self.populations().at(p);
        let (fields, population) = (cohort.fields(), cohort.name().to_owned());
        let settable = |i: &usize| fields[*i].role != Role::Input;
        let Some(field) = find(fields, member).filter(settable).map(|i| &fields[i]) else {
            let known: Vec<_> =
                fields.iter().filter(|field| field.role != Role::Input).map(|field| field.name).collect();
            let kind = format!("parameter, local or state of `{population}` ({})", cohort.model());
            return Err(BuildError::unknown(kind, member, &known).into());
        };
        let place = place(field, name);
        let init = setting.init(&place)?;
        admit(&place, cohort.bounds(), field.name, &init)?;
        self.set_values(&population, field.name, init)
    }

    /// Sets weights, or a field of synapses with equations, of one pair of populations.
    fn set_synapses(&mut self, link: usize, name: &str, member: &str, setting: &Setting) -> Result<()> {
        let label = self.wiring().label(link).to_owned();
        let fields = self.wiring().synapse_fields(link);
        if let Some(field) = fields.and_then(|fields| find(fields, member).map(|i| &fields[i])) {
            let value = setting.number(&place(field, name))?;
            // A local that is the same for all is kept once, as parameters are.
            if field.role == Role::Param {
                return self.set_synapse_param(&label, field.name, value);
            }
            if field.role == Role::Local && self.set_synapse_param(&label, field.name, value).is_ok() {
                return Ok(());
            }
            let count = self.synapse_values(&label, field.name)?.len();
            return self.set_synapse_values(&label, field.name, &vec![value; count]);
        }
        if let Some(fields) = fields {
            let known: Vec<_> = fields.iter().map(|field| field.name).collect();
            return Err(BuildError::unknown(format!("value of projection `{label}`"), member, &known).into());
        }
        if member != "weight" {
            return Err(BuildError::unknown(format!("value of projection `{label}`"), member, &["weight"]).into());
        }
        let (pre, post, target) = self.wiring().target(link);
        let output = (pre < self.populations().count()).then(|| self.populations().at(pre).output()).flatten();
        let target = self.populations().at(post).fields().get(target);
        let weight = setting.number(&WeightUnit::new(target, output).place(name))?;
        self.set_weights(&label, &[weight])
    }

    /// A name that is none, with all that there are.
    fn unknown(&mut self, owner: &str) -> crate::Error {
        let populations = (0..self.populations().count()).map(|p| self.populations().at(p).name().to_owned());
        let known: Vec<String> = populations.chain(self.source_names()).chain(self.wiring().owners()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        BuildError::unknown("population, source or projection", owner, &known).into()
    }
}
