//! Setting things by name between runs.

use super::{Asynchronous, Gains};
use crate::error::{BuildError, Result};
use crate::network::{Setting, admit, place};
use crate::population::{Role, find};
use crate::rng::Streams;

impl<G: Gains> Asynchronous<G> {
    /// Sets a parameter or local of a population by name, from now on: `e.threshold`. The value is a quantity or
    /// number, or text (`"0.9"`, `"normal(1, 0.1)"`). Distributions draw from the stream `set/population/field/update`.
    ///
    /// # Errors
    /// For unknown names (with the nearest one), a wrong unit, values that the model does not admit, and what is fixed
    /// once the network is built: weights, and how often neurons are updated.
    pub fn set(&mut self, name: &str, value: impl Into<Setting>) -> Result<()> {
        let setting = value.into();
        let (owner, member) = name.split_once('.').unwrap_or((name, ""));
        let Some(p) = self.shared.populations.iter().position(|population| population.name == owner) else {
            let known: Vec<_> = self.shared.populations.iter().map(|population| population.name.as_str()).collect();
            return Err(BuildError::unknown("population", owner, &known).into());
        };
        let fixed = |problem: &str, help: &str| BuildError::Value {
            what: format!("`{name}`"),
            problem: problem.to_owned(),
            help: help.to_owned(),
        };
        if member == "tau" {
            return Err(fixed("is fixed once the network is built", "set it on the builder").into());
        }
        if member == "init" {
            return Err(fixed("says how neurons start", "set it on the builder, or call `set_states`").into());
        }
        let Some(population) = self.populations().fields(p) else {
            let help = "change its neurons by `change_populations`";
            return Err(fixed("has no name that could be looked up", help).into());
        };
        let fields = population.infos();
        let settable = |i: &usize| fields[*i].role != Role::Input;
        let Some(field) = find(fields, member).filter(settable).map(|i| &fields[i]) else {
            let known: Vec<_> =
                fields.iter().filter(|field| field.role != Role::Input).map(|field| field.name).collect();
            return Err(BuildError::unknown(format!("parameter or local of `{owner}`"), member, &known).into());
        };
        let place = place(field, name);
        let init = setting.init(&place)?;
        admit(&place, population.bounds(), field.name, &init)?;
        let stream = format!("set/{owner}/{member}/{}", self.updates());
        let mut rng = Streams::new(self.shared.options.seed).named(&stream);
        let mut result = Ok(());
        self.change_populations(|gains| {
            if let Some(population) = gains.fields_mut(p) {
                result = population.init(field.name, init, &mut rng);
            }
        });
        result
    }
}
