//! Drawing synapses with equations: the connections of the rule, in rows, with values for the fields of the model.

use super::plan::Reading;
use super::spec::{About as Model, SynapseSpec};
use super::store::Synapses;
use crate::clocked::Step;
use crate::clocked::projection::draw::values::Values;
use crate::clocked::projection::draw::writer::targets;
use crate::clocked::projection::draw::{About, Draft, Hit};
use crate::clocked::projection::spec::PerSynapse;
use crate::error::{BuildError, Result};
use crate::population::{Role, find};

/// The field that weights of a projection and of a rule are values of.
pub(in crate::clocked::projection) const WEIGHT: &str = "w";

/// Drawn synapses, by presynaptic neuron and then by postsynaptic neuron.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) offsets: Vec<usize>,
    /// Positions in the postsynaptic population.
    pub(super) targets: Vec<u32>,
    pub(super) n_post: usize,
    /// Fields with one value for all.
    pub(super) one: Vec<(&'static str, f64)>,
    /// Fields with a value for each synapse.
    pub(super) each: Vec<(&'static str, Vec<f64>)>,
    /// Steps, one a synapse, where they differ.
    pub(super) delays: Option<Vec<u16>>,
}

/// A field with values that differ, on their way.
struct Line<'a> {
    name: &'static str,
    label: String,
    values: Values<'a>,
    row: Vec<f64>,
    all: Vec<f64>,
}

impl<'a> Line<'a> {
    fn new(name: &'static str, from: &'a PerSynapse, draft: &Draft<'_>) -> Self {
        let stream = match name {
            WEIGHT => format!("weight/{}", draft.stream),
            "delay" => format!("delay/{}", draft.stream),
            name => format!("synapse/{}/{name}", draft.stream),
        };
        let label = format!("the values of `{name}` of `{}`", draft.spec.label());
        let values = Values::new(from, draft.streams.family(&stream));
        Self { name, label, values, row: Vec::new(), all: Vec::new() }
    }

    fn draw(&mut self, pre: usize, hits: &[Hit]) -> Result<()> {
        self.values.row(pre, targets(hits), &self.label, &mut self.row)
    }
}

/// Draws the synapses of a projection onto a population of `n_post` neurons, and stores them.
pub(in crate::clocked::projection) fn make(
    draft: &Draft<'_>,
    synapses: &SynapseSpec,
    n_post: usize,
    reads: Vec<Reading>,
    step: &Step,
) -> Result<(Box<dyn Synapses>, About)> {
    let (rows, about) = draw(draft, synapses, n_post)?;
    Ok((synapses.model.make(rows, reads, step)?, about))
}

fn draw(draft: &Draft<'_>, synapses: &SynapseSpec, n_post: usize) -> Result<(Rows, About)> {
    let spec = draft.spec;
    let own = draft.checked()?;
    let delay = spec.delay.constant().map(|ms| draft.steps(ms)).transpose()?;
    let mut about = About { weight: 1.0, delay: delay.unwrap_or(0), longest: None, synapses: 0, autapses_removed: 0 };
    let model = synapses.model.about();
    // A rule that says how strong a contact is says so of `w`.
    let ruled = own != Some(1.0);
    let one_of_all = PerSynapse::from(1.0);
    let mut given: Vec<(&'static str, &PerSynapse)> = Vec::new();
    for (name, values) in &synapses.values {
        given.push((field(&model, name, values, draft)?, values));
    }
    if let Some(weight) = spec.given_weight() {
        if given.iter().any(|(name, _)| *name == WEIGHT) {
            return Err(draft.refused("`w` is given twice, as a weight and by its name", "leave one of them out"));
        }
        given.push((field(&model, WEIGHT, weight, draft)?, weight));
    } else if ruled && given.iter().all(|(name, _)| *name != WEIGHT) {
        given.push((field(&model, WEIGHT, &one_of_all, draft)?, &one_of_all));
    }
    let mut rows = Rows { offsets: vec![0], n_post, ..Rows::default() };
    let mut lines = Vec::new();
    for (name, values) in given {
        match values.constant() {
            Some(value) if !(ruled && name == WEIGHT) => rows.one.push((name, value)),
            _ => lines.push(Line::new(name, values, draft)),
        }
    }
    let mut delays = delay.is_none().then(|| Line::new("delay", &spec.delay, draft));
    let (mut steps, mut longest) = (Vec::new(), 0);
    draft.rows(own.is_none(), &mut about, &mut |pre, hits| {
        for line in &mut lines {
            line.draw(pre, hits)?;
            if ruled && line.name == WEIGHT {
                let factors = hits.iter().flat_map(|hit| core::iter::repeat_n(hit.value, usize::from(hit.count)));
                line.row.iter_mut().zip(factors).for_each(|(value, factor)| *value *= own.unwrap_or(factor));
            }
            line.all.extend_from_slice(&line.row);
        }
        if let Some(line) = &mut delays {
            line.draw(pre, hits)?;
            for ms in &line.row {
                let delay = draft.steps(*ms)?;
                longest = longest.max(delay);
                // It fits: a delay is bounded.
                steps.push(delay as u16);
            }
        }
        let before = rows.targets.len();
        let neurons = targets(hits).map(|post| draft.post.neuron(post) as u32);
        rows.targets.extend(neurons);
        rows.offsets.push(rows.targets.len());
        Ok((rows.targets.len() - before) as u64)
    })?;
    for line in lines {
        line.values.complete(&line.label)?;
        rows.each.push((line.name, line.all));
    }
    if let Some(line) = delays {
        line.values.complete(&line.label)?;
        about.longest = Some(longest);
        rows.delays = Some(steps);
    }
    Ok((rows, about))
}

/// The name of a field that may be given, as the model has it.
fn field(model: &Model, name: &str, values: &PerSynapse, draft: &Draft<'_>) -> Result<&'static str> {
    let settable = |role: Role| role != Role::Input;
    let Some(i) = find(model.fields, name).filter(|i| settable(model.fields[*i].role)) else {
        let known: Vec<_> = model.fields.iter().filter(|f| settable(f.role)).map(|f| f.name).collect();
        return Err(BuildError::unknown(format!("field of `{}`", model.name), name, &known).into());
    };
    if model.fields[i].role == Role::Param && values.constant().is_none() {
        return Err(draft.refused(
            format!("`{name}` of `{}` is a parameter, one for all synapses", model.name),
            "declare it as `local` in the synapse to give each one its own",
        ));
    }
    Ok(model.fields[i].name)
}
