//! Whether a model of synapses fits the neurons at both ends.

use super::spec::{About, SynapseSpec};
use crate::clocked::clock::whole_steps;
use crate::clocked::projection::draw::Draft;
use crate::clocked::{Cohort, Step};
use crate::error::{BuildError, Result};
use crate::population::{FieldInfo, Role, find, ratio};
use crate::synapse::{Ago, Side, SynapseRead};
use crate::units::Time;

/// Where a variable that synapses read is found.
#[derive(Clone, Copy, Debug)]
pub(in crate::clocked::projection) struct Reading {
    pub(in crate::clocked::projection) side: Side,
    pub(in crate::clocked::projection) variable: Variable,
    /// From the unit of the neuron to that of the synapse.
    pub(super) factor: f64,
    /// How many steps ago it was, if it is not that of now.
    pub(in crate::clocked::projection) ago: Option<usize>,
}

/// A variable of a neuron, by its position in the tables of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clocked::projection) enum Variable {
    Field(usize),
    Observable(usize),
}

impl Variable {
    /// Its name.
    pub(in crate::clocked::projection) fn name(self, cohort: &dyn Cohort) -> &'static str {
        let (fields, which) = match self {
            Self::Field(which) => (cohort.fields(), which),
            Self::Observable(which) => (cohort.observables(), which),
        };
        fields.get(which).map_or("", |field| field.name)
    }

    /// Overwrites `out` with the value of each neuron.
    pub(in crate::clocked::projection) fn copy(self, cohort: &dyn Cohort, step: &Step, out: &mut Vec<f64>) {
        out.clear();
        match self {
            Self::Field(field) => {
                let values = cohort.values(field);
                out.extend((0..cohort.size()).map(|i| values.at(i)));
            }
            Self::Observable(which) => out.extend((0..cohort.size()).map(|i| cohort.observe(which, i, step))),
        }
    }
}

/// How many variables of one neuron a synapse may read.
pub(super) const MOST: usize = 8;

/// What joins the synapses to their neurons.
#[derive(Debug)]
pub(in crate::clocked::projection) struct Joint {
    pub(in crate::clocked::projection) reads: Vec<Reading>,
    /// From the unit of what is delivered to that of the target.
    pub(in crate::clocked::projection) factor: f64,
    pub(in crate::clocked::projection) spikes: bool,
    pub(in crate::clocked::projection) continuous: bool,
}

/// Checks units, variables and delays. `from` is none for sources.
pub(in crate::clocked::projection) fn plan(
    synapses: &SynapseSpec,
    draft: &Draft<'_>,
    from: Option<&dyn Cohort>,
    onto: &dyn Cohort,
    field: usize,
) -> Result<Joint> {
    let about = synapses.model.about();
    let target = &onto.fields()[field];
    if about.delivered.dimension != target.dimension {
        return Err(draft.refused(
            format!(
                "`{}` delivers {} ({}), but `{}` of `{}` is {} ({})",
                about.name,
                about.delivered.dimension.describe(),
                about.delivered.unit,
                target.name,
                onto.model(),
                target.dimension.describe(),
                target.unit
            ),
            "choose a target of the unit that the synapse delivers",
        ));
    }
    if about.continuous && target.role != Role::Input {
        return Err(draft.refused(
            format!("`{}` of `{}` is no input, but `{}` delivers in each step", target.name, onto.model(), about.name),
            "let it deliver onto an `input`",
        ));
    }
    delays(&about, draft)?;
    if draft.spec.procedural {
        return Err(draft.refused(
            format!("the synapses of `{}` have states, which are stored", about.name),
            "leave `procedural: true` out",
        ));
    }
    let mut reads = Vec::new();
    for read in about.reads {
        let cohort = match read.side {
            Side::Pre => from.ok_or_else(|| {
                let problem = format!("`{}` reads `pre.{}`, but a source has no variables", about.name, read.name);
                draft.refused(problem, "start from a population")
            })?,
            Side::Post => onto,
        };
        let ago = ago(synapses, read, draft)?;
        reads.push(Reading { ago, ..reading(&about, read, draft, cohort)? });
    }
    for side in [Side::Pre, Side::Post] {
        if reads.iter().filter(|read| read.side == side).count() > MOST {
            let problem = format!("`{}` reads more than {MOST} variables of one neuron", about.name);
            return Err(draft.refused(problem, "compute what they are read for in the neuron"));
        }
    }
    let factor = ratio(about.delivered.scale, target.scale);
    Ok(Joint { reads, factor, spikes: about.spikes, continuous: about.continuous })
}

fn delays(about: &About, draft: &Draft<'_>) -> Result<()> {
    if about.continuous && draft.spec.delay.constant() != Some(0.0) {
        return Err(draft.refused(
            format!("`{}` delivers in each step, from the values of that step", about.name),
            "leave the delay out; what is read may be of a time ago, as in `pre.v delayed 1 ms`",
        ));
    }
    Ok(())
}

/// How many steps ago what is read was. A time that the equations say is a multiple of the clock; that of a parameter
/// is rounded.
fn ago(synapses: &SynapseSpec, read: &SynapseRead, draft: &Draft<'_>) -> Result<Option<usize>> {
    let (model, what) = (synapses.model.about().name, format!("{}.{}", read.side.word(), read.name));
    let ms = match read.ago {
        Ago::Now => return Ok(None),
        Ago::Ms(ms) => {
            if whole_steps(Time::from_ms(ms), draft.dt).is_none() {
                let problem = format!("`{model}` reads `{what}` of {ms} ms ago, no multiple of {} ms", draft.dt);
                return Err(draft.refused(problem, "choose another delay or clock, or make it a `param`"));
            }
            ms
        }
        Ago::Param(field) => synapses.param_ms(field),
    };
    let steps = draft.steps(ms)?;
    Ok((steps > 0).then_some(steps))
}

fn reading(about: &About, read: &SynapseRead, draft: &Draft<'_>, cohort: &dyn Cohort) -> Result<Reading> {
    let wanted = &about.fields[read.field];
    let found: Option<(Variable, &FieldInfo)> = match find(cohort.fields(), read.name) {
        Some(i) => Some((Variable::Field(i), &cohort.fields()[i])),
        None => find(cohort.observables(), read.name).map(|i| (Variable::Observable(i), &cohort.observables()[i])),
    };
    let Some((variable, own)) = found else {
        let known: Vec<_> = cohort.fields().iter().chain(cohort.observables()).map(|field| field.name).collect();
        let kind = format!("variable (read by `{}`) of `{}`", about.name, cohort.model());
        return Err(BuildError::unknown(kind, read.name, &known).into());
    };
    if own.dimension != wanted.dimension {
        return Err(draft.refused(
            format!(
                "`{}` reads `{}` in {}, but that of `{}` is in {}",
                about.name,
                read.name,
                wanted.unit,
                cohort.model(),
                own.unit
            ),
            "declare it in the synapse with the unit that it has in the neuron",
        ));
    }
    Ok(Reading { side: read.side, variable, factor: ratio(own.scale, wanted.scale), ago: None })
}
