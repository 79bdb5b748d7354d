//! From a description to a draft: names are looked up, ends and targets checked.

use super::Stage;
use super::background::PoissonInput;
use super::draw::{About, Blocks, Draft, Drawn};
use super::plastic;
use super::positions::Positions;
use super::rows::BLOCK;
use super::spec::Projection;
use crate::clocked::{Cohort, Step};
use crate::connect::Shape;
use crate::error::{BuildError, Result};
use crate::population::{FieldInfo, Role, Values, find};
use crate::rng::Streams;

/// A projection whose names are found.
pub(super) struct Plan<'a> {
    pub(super) draft: Draft<'a>,
    /// Its presynaptic side: a population, or a source.
    pub(super) pre: usize,
    pub(super) population: usize,
    pub(super) field: usize,
    pub(super) stage: Stage,
    pub(super) blocks: Blocks,
    pub(super) single: bool,
    /// What joins synapses with equations to their neurons.
    pub(super) joint: Option<plastic::Joint>,
    step: Step,
}

/// Drawn synapses, in the precision of their targets.
pub(super) enum Synapses {
    F32(Drawn<f32>),
    F64(Drawn<f64>),
    /// With equations, in the precision of their model.
    Plastic(Box<dyn plastic::Synapses>, About),
}

/// Blocks are no longer than this where several fit: so that there is work for several threads, and sums of
/// all delays stay in fast memory.
const TYPICAL: usize = 6144;

impl<'a> Plan<'a> {
    /// Looks up what the projection names. `cohorts` are the populations, then the sources.
    pub(super) fn new(
        spec: &'a Projection,
        cohorts: &[&dyn Cohort],
        populations: usize,
        streams: Streams,
        step: &Step,
        taken: &[String],
    ) -> Result<Self> {
        let pre = lookup(&spec.pre.name, cohorts, "population or source")?;
        let population = lookup(&spec.post.name, &cohorts[..populations], "population")?;
        let (from, onto) = (cohorts[pre], cohorts[population]);
        let (pre_part, post_part) = (
            Positions::new(&spec.pre, from.size(), from.grid())?,
            Positions::new(&spec.post, onto.size(), onto.grid())?,
        );
        let shape = Shape {
            n_pre: pre_part.len(),
            n_post: post_part.len(),
            clusters: spec.clusters.max(1),
            pairs: spec.pairs,
            recurrent: pre == population && pre_part == post_part,
            pre_grid: pre_part.grid(from.grid()),
            post_grid: post_part.grid(onto.grid()),
        };
        let (label, stream) = names(spec, taken)?;
        let draft = Draft {
            spec,
            pre: pre_part,
            post: post_part,
            shape,
            same: pre == population,
            spikes: !from.has_output(),
            dt: step.dt,
            streams,
            label,
            stream,
        };
        let split = |n: usize| !n.is_multiple_of(shape.clusters);
        if split(shape.n_pre) || split(shape.n_post) {
            let (clusters, sizes) = (shape.clusters, format!("{} and {}", shape.n_pre, shape.n_post));
            return Err(draft.refused(
                format!("{sizes} neurons cannot be split into {clusters} equal clusters"),
                "choose sizes that are multiples of the number of clusters",
            ));
        }
        let field = target(&draft, onto)?;
        let joint = spec.synapses.as_ref().map(|synapses| {
            let from = (pre < populations).then_some(from);
            plastic::plan(synapses, &draft, from, onto, field)
        });
        // Spikes onto synapses with equations are events at the end of the step, whatever they come from.
        let stage = match joint {
            None if from.has_output() => Stage::Before,
            None if from.is_given() => Stage::Given,
            _ => Stage::After,
        };
        if stage == Stage::Before && onto.fields()[field].role != Role::Input {
            let name = onto.fields()[field].name;
            return Err(draft.refused(
                format!("`{name}` of `{}` is no input, but outputs act in each step", onto.name()),
                "rate neurons project onto an `input`",
            ));
        }
        let single = matches!(onto.values(field), Values::EachF32(_));
        let (joint, blocks) = (joint.transpose()?, blocks(onto.size()));
        Ok(Self { draft, pre, population, field, stage, blocks, single, joint, step: *step })
    }

    /// Bytes that the synapses will take, about.
    pub(super) fn expected_bytes(&self) -> Result<u64> {
        self.draft.expected_bytes(self.blocks, if self.single { 4 } else { 8 })
    }

    /// Draws the synapses.
    pub(super) fn draw(&self) -> Result<Synapses> {
        if let (Some(synapses), Some(joint)) = (&self.draft.spec.synapses, &self.joint) {
            let (synapses, about) =
                plastic::draw(&self.draft, synapses, self.blocks.neurons, joint.reads.clone(), &self.step)?;
            return Ok(Synapses::Plastic(synapses, about));
        }
        Ok(if self.single {
            Synapses::F32(self.draft.draw(self.blocks)?)
        } else {
            Synapses::F64(self.draft.draw(self.blocks)?)
        })
    }
}

fn lookup(name: &str, cohorts: &[&dyn Cohort], kind: &str) -> Result<usize> {
    cohorts.iter().position(|cohort| cohort.name() == name).ok_or_else(|| {
        let known: Vec<_> = cohorts.iter().map(|cohort| cohort.name()).collect();
        BuildError::unknown(kind, name, &known).into()
    })
}

/// The name of a projection and that of its streams: its own, or its ends, its `where`, and its ordinal among
/// equals.
fn names(spec: &Projection, taken: &[String]) -> Result<(String, String)> {
    use crate::connect::Pairs;
    if let Some(name) = &spec.name {
        if taken.contains(name) {
            return Err(BuildError::Value {
                what: format!("projection `{name}`"),
                problem: "is declared twice".to_owned(),
                help: "give each projection a name of its own".to_owned(),
            }
            .into());
        }
        return Ok((name.clone(), name.clone()));
    }
    let place = match spec.pairs {
        Pairs::All => "",
        Pairs::SameCluster => " where same cluster",
        Pairs::OtherCluster => " where other cluster",
    };
    let ends = format!("{} -> {}{place}", spec.pre.text(), spec.post.text());
    let mut label = ends.clone();
    let mut ordinal = 1;
    while taken.contains(&label) {
        ordinal += 1;
        label = format!("{ends} ({ordinal})");
    }
    Ok((label.clone(), label))
}

/// The field that the projection adds to.
fn target(draft: &Draft<'_>, onto: &dyn Cohort) -> Result<usize> {
    let Some(name) = &draft.spec.target else {
        let mut inputs = onto.fields().iter().enumerate().filter(|(_, field)| field.role == Role::Input);
        return match (inputs.next(), inputs.next()) {
            (Some((field, _)), None) => Ok(field),
            _ => Err(draft.refused(
                format!("`{}` has not one input, so the target must be named", onto.model()),
                "write `target: ..`, one of its inputs or states",
            )),
        };
    };
    admissible(name, onto)
}

/// An input or state, by name.
fn admissible(name: &str, onto: &dyn Cohort) -> Result<usize> {
    let fields = onto.fields();
    let fits = |field: &FieldInfo| matches!(field.role, Role::Input | Role::State);
    let field = find(fields, name).filter(|field| fits(&fields[*field]));
    field.ok_or_else(|| {
        let known: Vec<_> = fields.iter().filter(|field| fits(field)).map(|field| field.name).collect();
        BuildError::unknown(format!("input or state of `{}`", onto.model()), name, &known).into()
    })
}

/// A field that something arrives at: its precision, and the blocks of its population.
pub(super) struct Place {
    pub(super) population: usize,
    pub(super) field: usize,
    pub(super) blocks: Blocks,
    pub(super) single: bool,
}

/// Looks up what a background input names.
pub(super) fn background(spec: &PoissonInput, cohorts: &[&dyn Cohort], step: &Step) -> Result<Place> {
    if let Some((problem, help)) = spec.problem(step.dt) {
        return Err(BuildError::Value { what: spec.describe(), problem, help: help.to_owned() }.into());
    }
    let population = lookup(&spec.population, cohorts, "population")?;
    let onto = cohorts[population];
    let field = admissible(&spec.target, onto)?;
    let single = matches!(onto.values(field), Values::EachF32(_));
    Ok(Place { population, field, blocks: blocks(onto.size()), single })
}

/// Blocks of about equal length.
fn blocks(neurons: usize) -> Blocks {
    let block = neurons.div_ceil(neurons.div_ceil(TYPICAL).max(1)).clamp(1, BLOCK);
    Blocks { neurons, block }
}
