//! The values of synapses, read and set between steps.

use super::model::{Advances, LANES, Synapse};
use super::placement::Kept;
use super::store::SynapseStore;
use crate::error::{BuildError, Result};
use crate::neuron::Scalar as _;
use crate::population::{Role, Values, check_bounds, find};

impl<Y: Synapse> SynapseStore<Y> {
    /// A field of one synapse at the beginning of a step, in the unit of the field.
    ///
    /// # Errors
    /// If there is no such field or synapse.
    pub fn value(&self, name: &str, synapse: usize, step: u64) -> Result<f64> {
        let field = self.field(name)?;
        if synapse >= self.len() {
            return Err(BuildError::Value {
                what: format!("synapse {synapse}"),
                problem: format!("does not exist, there are {}", self.len()),
                help: "synapses are counted from 0, through all rows".to_owned(),
            }
            .into());
        }
        Ok(self.at(field, synapse, step))
    }

    /// A field of all synapses at the beginning of a step, in the unit of the field.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn values(&self, name: &str, step: u64) -> Result<Vec<f64>> {
        let field = self.field(name)?;
        Ok((0..self.len()).map(|synapse| self.at(field, synapse, step)).collect())
    }

    fn at(&self, field: usize, synapse: usize, step: u64) -> f64 {
        let (pre, post) = (self.rows.source(synapse), self.rows.targets[synapse] as usize);
        let mut lanes = Y::lanes();
        let mut values = self.shared.clone();
        for (other, kept) in self.kept.iter().enumerate() {
            let value = match kept {
                Kept::Shared => values.field_mut(other).map(|value| *value).unwrap_or_default(),
                Kept::Pre => self.columns[other][pre],
                Kept::Post => self.columns[other][post],
                Kept::Synapse => self.columns[other][synapse],
            };
            lanes.as_mut()[other] = [value; LANES];
        }
        if Y::STATES.iter().any(|state| state.field == field && state.advances == Advances::ByLaw) {
            let then = match self.kept[field] {
                Kept::Synapse => self.clocks.at(synapse),
                Kept::Post => self.clock_post[post],
                Kept::Pre | Kept::Shared => self.clock_pre[pre],
            };
            let dt = Y::S::of(step.saturating_sub(then) as f64 * self.dt);
            Y::elapse(&mut lanes, field, &[dt; LANES], &self.shared);
        }
        lanes.as_ref()[field][0].to_f64()
    }

    fn field(&self, name: &str) -> Result<usize> {
        let names: Vec<_> = Y::FIELDS.iter().filter(|f| f.role != Role::Input).map(|f| f.name).collect();
        find(Y::FIELDS, name)
            .filter(|&field| Y::FIELDS[field].role != Role::Input)
            .ok_or_else(|| BuildError::unknown(format!("field of `{}`", Y::NAME), name, &names).into())
    }

    /// Sets a field of all synapses, in the unit of the field, at the beginning of a step: weights that were learnt
    /// elsewhere, for example.
    ///
    /// # Errors
    /// If there is no such field, if it is not kept for each synapse, or if values are missing or not admitted.
    pub fn set_values(&mut self, name: &str, values: &[f64], step: u64) -> Result<()> {
        let field = self.field(name)?;
        if self.kept[field] != Kept::Synapse {
            return Err(BuildError::Value {
                what: format!("`{name}` of `{}`", Y::NAME),
                problem: "is not kept for each synapse".to_owned(),
                help: "give each synapse a value of its own when the projection is built".to_owned(),
            }
            .into());
        }
        check_values::<Y>(field, values, self.len())?;
        self.refresh(step);
        self.columns[field] = values.iter().map(|&value| Y::S::of(value)).collect();
        Ok(())
    }

    /// Sets a parameter, in its unit, at the beginning of a step.
    ///
    /// # Errors
    /// If there is no such parameter, or if it does not admit the value.
    pub fn set_param(&mut self, name: &str, value: f64, step: u64) -> Result<()> {
        let field = self.field(name)?;
        let shared = Y::FIELDS[field].role == Role::Local && self.kept[field] == Kept::Shared;
        if !(shared || Y::FIELDS[field].role == Role::Param) {
            return Err(BuildError::Value {
                what: format!("`{name}` of `{}`", Y::NAME),
                problem: "is no parameter".to_owned(),
                help: "set the values of synapses by `set_values`".to_owned(),
            }
            .into());
        }
        check_values::<Y>(field, &[value], 1)?;
        // What passed so far, passed with the old value.
        self.refresh(step);
        if let Some(param) = self.shared.field_mut(field) {
            *param = Y::S::of(value);
        }
        Ok(())
    }
}

/// Refuses values that a field does not admit.
pub(super) fn check_values<Y: Synapse>(field: usize, values: &[f64], n: usize) -> Result<()> {
    let info = &Y::FIELDS[field];
    let what = format!("`{}` of `{}`", info.name, Y::NAME);
    if values.len() != n {
        return Err(BuildError::Length { what, expected: n, found: values.len() }.into());
    }
    if let Some((i, value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        let problem = format!("is {value} at position {i}");
        return Err(BuildError::Value { what, problem, help: "give it a finite number".to_owned() }.into());
    }
    check_bounds(Y::BOUNDS, Y::NAME, info, &Values::EachF64(values), n)
}
