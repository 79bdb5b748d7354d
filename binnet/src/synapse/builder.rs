//! How a store is built.

use super::access::check_values;
use super::model::Synapse;
use super::placement::{Kept, placement};
use super::rows::Rows;
use super::store::SynapseStore;
use crate::error::{BuildError, Result};
use crate::neuron::Scalar as _;
use crate::population::{Role, find};
use crate::units::Time;

/// Collects what synapses start with. Made by [`SynapseStore::builder`].
#[derive(Clone, Debug)]
pub struct SynapseStoreBuilder<Y: Synapse> {
    model: Y,
    offsets: Vec<usize>,
    targets: Vec<u32>,
    n_post: usize,
    /// Fields with a value for each synapse.
    each: Vec<(usize, Vec<f64>)>,
    /// States that do not start as the model says.
    initial: Vec<(usize, f64)>,
}

impl<Y: Synapse> SynapseStore<Y> {
    /// Synapses in rows: those from `offsets[i]` to `offsets[i + 1]` are of presynaptic neuron i, and `targets` are
    /// their postsynaptic neurons, counted from 0 and in ascending order within each row. All have the parameters
    /// and locals of `model`; states that follow from them start there.
    pub fn builder(model: Y, offsets: Vec<usize>, targets: Vec<u32>, n_post: usize) -> SynapseStoreBuilder<Y> {
        SynapseStoreBuilder { model, offsets, targets, n_post, each: Vec::new(), initial: Vec::new() }
    }
}

impl<Y: Synapse> SynapseStoreBuilder<Y> {
    /// Gives a local or a state a value for each synapse, in its unit and in the order of the synapses.
    ///
    /// # Errors
    /// If there is no such field, or if values are missing or not admitted.
    pub fn values(mut self, name: &str, values: Vec<f64>) -> Result<Self> {
        let field = self.field(name, &[Role::Local, Role::State])?;
        check_values::<Y>(field, &values, self.targets.len())?;
        self.each.retain(|(other, _)| *other != field);
        self.each.push((field, values));
        Ok(self)
    }

    /// Lets a state start from this value in all synapses, in its unit.
    ///
    /// # Errors
    /// If there is no such state, or if it does not admit the value.
    pub fn initial(mut self, name: &str, value: f64) -> Result<Self> {
        let field = self.field(name, &[Role::State])?;
        check_values::<Y>(field, &[value], 1)?;
        self.initial.push((field, value));
        Ok(self)
    }

    fn field(&self, name: &str, roles: &[Role]) -> Result<usize> {
        let names: Vec<_> = Y::FIELDS.iter().filter(|f| roles.contains(&f.role)).map(|f| f.name).collect();
        find(Y::FIELDS, name).filter(|&field| roles.contains(&Y::FIELDS[field].role)).ok_or_else(|| {
            let kind = if roles.len() == 1 { "state" } else { "local or state" };
            BuildError::unknown(format!("{kind} of `{}`", Y::NAME), name, &names).into()
        })
    }

    /// Builds the store for steps of `dt`.
    ///
    /// # Errors
    /// If the rows contradict themselves, if `dt` is no positive time, or if a parameter of the model is out of its
    /// bounds.
    pub fn build(self, dt: Time) -> Result<SynapseStore<Y>> {
        let Self { mut model, offsets, targets, n_post, each, initial } = self;
        let rows = Rows::new(offsets, targets, n_post)?;
        if !(dt.ms() > 0.0 && dt.ms().is_finite()) {
            return Err(BuildError::Value {
                what: "the step of synapses".to_owned(),
                problem: format!("is {} ms", dt.ms()),
                help: "give it a time above 0".to_owned(),
            }
            .into());
        }
        model.settle();
        for (field, value) in initial.iter().copied() {
            put(&mut model, field, value);
        }
        for (field, info) in Y::FIELDS.iter().enumerate().filter(|(_, info)| info.role != Role::Input) {
            let own = model.field_mut(field).map_or(f64::NAN, |value| value.to_f64());
            if !each.iter().any(|(other, _)| *other == field) {
                check_values::<Y>(field, &[own], 1).map_err(|error| match error {
                    crate::Error::Build(BuildError::Value { problem, help, .. }) => BuildError::Value {
                        what: format!("`{}` of `{}`", info.name, Y::NAME),
                        problem: problem.replace(" (neuron 0)", "").replace(" at position 0", ""),
                        help,
                    }
                    .into(),
                    other => other,
                })?;
            }
        }
        let mut differs = vec![false; Y::FIELDS.len()];
        for (field, _) in &each {
            differs[*field] = true;
        }
        let kept = placement::<Y>(&differs);
        let mut columns: Vec<Vec<Y::S>> = (0..kept.len())
            .map(|field| {
                let n = match kept[field] {
                    Kept::Shared => 0,
                    Kept::Pre => rows.n_pre(),
                    Kept::Post => rows.n_post(),
                    Kept::Synapse => rows.len(),
                };
                vec![model.field_mut(field).map(|value| *value).unwrap_or_default(); n]
            })
            .collect();
        for (field, values) in &each {
            columns[*field] = values.iter().map(|&value| Y::S::of(value)).collect();
        }
        // States that follow from what differs start at a value of their own.
        let given = |field: usize| each.iter().any(|(f, _)| *f == field) || initial.iter().any(|(f, _)| *f == field);
        let follow =
            |field: &usize| Y::STATES.iter().any(|s| s.field == *field && !s.needs.is_empty()) && !given(*field);
        let start: Vec<_> = (0..kept.len()).filter(|f| kept[*f] == Kept::Synapse && follow(f)).collect();
        if !start.is_empty() {
            for synapse in 0..rows.len() {
                let mut own = model.clone();
                for (field, values) in each.iter().filter(|(field, _)| Y::FIELDS[*field].role == Role::Local) {
                    put(&mut own, *field, values[synapse]);
                }
                own.settle();
                for &field in &start {
                    columns[field][synapse] = own.field_mut(field).map(|value| *value).unwrap_or_default();
                }
            }
        }
        Ok(SynapseStore::assemble(model, dt.ms(), rows, kept, columns))
    }
}

fn put<Y: Synapse>(model: &mut Y, field: usize, value: f64) {
    if let Some(place) = model.field_mut(field) {
        *place = Y::S::of(value);
    }
}
