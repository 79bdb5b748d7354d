//! Checks of `network!`, which run while compiling: whether a synapse fits the neurons at both ends.

use core::marker::PhantomData;

use super::model::{Ago, Side, Synapse, SynapseRead};
use crate::const_text::Text;
use crate::population::{FieldInfo, Role, find};

/// The neurons at an end: name, fields and observables of their model.
pub type Ends = (&'static str, &'static [FieldInfo], &'static [FieldInfo]);

/// A type that exists for synapse models only: what is none is refused at its name.
#[derive(Debug)]
pub struct IsSynapse<Y: Synapse + Default>(PhantomData<Y>);

/// What the checks look at.
#[derive(Clone, Copy, Debug)]
pub struct SynapseAbout {
    /// The name of the model.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [FieldInfo],
    /// What it delivers.
    pub delivered: &'static FieldInfo,
    /// Whether it delivers in each step.
    pub each_step: bool,
    /// What it reads of neurons.
    pub reads: &'static [SynapseRead],
}

/// Refuses, while compiling, to record what is no field of the synapses.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_recorded_synapse(synapse: &str, fields: &[FieldInfo], name: &str) {
    if let Some(i) = find(fields, name)
        && !matches!(fields[i].role, Role::Input)
    {
        return;
    }
    let mut text =
        Text::new().text("nothing to record named `").text(name).text("` on `").text(synapse).text("`; it has ");
    let (mut i, mut near, mut first) = (0, None, true);
    while i < fields.len() {
        if !matches!(fields[i].role, Role::Input) {
            text = text.text(if first { "`" } else { ", `" }).text(fields[i].name).text("`");
            first = false;
            if near.is_none() && binnet_units::is_near(name, fields[i].name) {
                near = Some(fields[i].name);
            }
        }
        i += 1;
    }
    if let Some(near) = near {
        text = text.text("\nhelp: did you mean `").text(near).text("`?");
    }
    panic!("{}", text.as_str())
}

/// Refuses a target whose unit is not what the synapse delivers, and one that is no input where it delivers in each
/// step. Targets that do not exist, and types that are no synapses, are reported elsewhere.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_delivered(synapse: Option<SynapseAbout>, post: Ends, target: &str) {
    let (Some(synapse), Some(i)) = (synapse, find(post.1, target)) else { return };
    let SynapseAbout { name, delivered, each_step, .. } = synapse;
    let field = &post.1[i];
    let text = Text::new().text("`").text(name).text("` delivers ");
    if !delivered.dimension.equals(field.dimension) {
        let text = text.text(delivered.dimension.describe()).text(" (").text(delivered.unit).text("), but `");
        let text = text.text(target).text("` of `").text(post.0).text("` is ").text(field.dimension.describe());
        let text = text.text(" (").text(field.unit).text(")");
        panic!(
            "{}",
            text.text("\nhelp: choose a `target`, or a `receptor`, of the unit that the synapse delivers").as_str()
        )
    }
    if each_step && !matches!(field.role, Role::Input) {
        let text = text.text("in each step, but `").text(target).text("` of `").text(post.0).text("` is no input");
        panic!("{}", text.text("\nhelp: project onto an `input`, which the equations of the state read").as_str())
    }
}

/// Refuses a synapse that reads what the neurons do not have, or have in another unit. `pre` is none for sources.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_reads(synapse: Option<SynapseAbout>, pre: Option<Ends>, post: Ends) {
    let Some(SynapseAbout { name, fields, reads, .. }) = synapse else { return };
    let mut i = 0;
    while i < reads.len() {
        let (read, is_pre) = (&reads[i], matches!(reads[i].side, Side::Pre));
        let side = if is_pre { "pre." } else { "post." };
        let text = Text::new().text("`").text(name).text("` reads `").text(side).text(read.name).text("`");
        let end = match pre {
            _ if !is_pre => post,
            Some(pre) => pre,
            None => {
                let text = text.text(", but a source has no variables");
                panic!("{}", text.text("\nhelp: start from a population").as_str())
            }
        };
        check_read(text, read.name, &fields[read.field], end);
        i += 1;
    }
}

/// Refuses values of a time ago that is written as no multiple of the clock, in ms.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_delays(synapse: Option<SynapseAbout>, clock: f64) {
    let Some(SynapseAbout { name, reads, .. }) = synapse else { return };
    let mut i = 0;
    while i < reads.len() {
        if let Ago::Ms(ms) = reads[i].ago {
            let steps = ms / clock;
            let (below, whole) = (steps as usize, (steps + 0.5) as usize);
            let apart = steps - whole as f64;
            if !(-1e-9 * steps <= apart && apart <= 1e-9 * steps) {
                let text = Text::new().text("`").text(name).text("` reads `").text(reads[i].side.word()).text(".");
                let text = text.text(reads[i].name).text("` of a time ago that is no multiple of the clock");
                let text = text.text("\nhelp: let it be ").number(below).text(" or ").number(below + 1);
                panic!("{}", text.text(" steps of the clock, or make it a `param`, which is rounded").as_str())
            }
        }
        i += 1;
    }
}

#[track_caller]
const fn check_read(text: Text, name: &str, wanted: &FieldInfo, (model, fields, observables): Ends) {
    let found = match (find(fields, name), find(observables, name)) {
        (Some(i), _) => &fields[i],
        (None, Some(i)) => &observables[i],
        (None, None) => {
            let text = text.text(", but `").text(model).text("` has no such variable; it has ");
            let text = list(list(text, fields, true), observables, fields.is_empty());
            panic!("{}", text.as_str())
        }
    };
    if !found.dimension.equals(wanted.dimension) {
        let text =
            text.text(" as ").text(wanted.dimension.describe()).text(" (").text(wanted.unit).text("), but it is ");
        let text = text.text(found.dimension.describe()).text(" (").text(found.unit).text(") in `").text(model);
        panic!("{}", text.text("`\nhelp: declare it in the synapse with the unit that it has in the neuron").as_str())
    }
}

const fn list(mut text: Text, fields: &[FieldInfo], mut first: bool) -> Text {
    let mut i = 0;
    while i < fields.len() {
        text = text.text(if first { "`" } else { ", `" }).text(fields[i].name).text("`");
        first = false;
        i += 1;
    }
    text
}

/// Refuses values that differ from synapse to synapse where all share one.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_each_synapse(model: &str, fields: &[FieldInfo], name: &str) {
    let Some(i) = find(fields, name) else { return };
    if !matches!(fields[i].role, Role::Param) {
        return;
    }
    let text = Text::new().text("`").text(name).text("` of `").text(model);
    let text = text.text("` is a `param`: all synapses share one value");
    panic!("{}", text.text("\nhelp: give one value, or declare it `local` in the synapse").as_str())
}
