//! Checks of `network!` on receptors, which run while compiling.

use binnet_units::{Dimension, distance, is_near};

use crate::const_text::Text;
use crate::population::{FieldInfo, Role, find, sole_input};

/// "; it has `a`, `b`", or that it has none; then the nearest one, if any is near.
const fn list(mut text: Text, fields: &[FieldInfo], inputs: bool, written: &str) -> Text {
    let (mut i, mut first, mut nearest): (usize, bool, Option<&str>) = (0, true, None);
    while i < fields.len() {
        let name = fields[i].name;
        if matches!(fields[i].role, Role::Input) == inputs && matches!(fields[i].role, Role::Input | Role::State) {
            text = text.text(if first { "; it has `" } else { ", `" }).text(name).text("`");
            first = false;
            let nearer = match nearest {
                None => true,
                Some(other) => distance(written, name) < distance(written, other),
            };
            if nearer && is_near(written, name) {
                nearest = Some(name);
            }
        }
        i += 1;
    }
    match nearest {
        Some(name) => text.text("\nhelp: did you mean `").text(name).text("`?"),
        None if first => text.text("; it has none"),
        None => text,
    }
}

/// Refuses, while compiling, to feed what is no input of the model. `target` is empty where none is named.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_receptor_target(model: &str, fields: &'static [FieldInfo], target: &str) {
    if target.is_empty() {
        if sole_input(fields).is_empty() {
            let text = Text::new().text("a receptor feeds an input, and `").text(model).text("` has not one");
            panic!("{}", list(text.text("\nhelp: write `target: ..`"), fields, true, "").as_str())
        }
        return;
    }
    match find(fields, target) {
        Some(i) if matches!(fields[i].role, Role::Input) => {}
        Some(i) if matches!(fields[i].role, Role::State) => {
            let text = Text::new().text("`").text(target).text("` of `").text(model);
            let text = text.text("` is a state, but a receptor acts in each step");
            panic!("{}", text.text("\nhelp: feed an `input`, which the equations of the state read").as_str())
        }
        _ => {
            let text = Text::new().text("no input `").text(target).text("` on `").text(model).text("`");
            panic!("{}", list(text, fields, true, target).as_str())
        }
    }
}

/// Refuses, while compiling, a receptor whose potential is no such state of the model. `inputs` are those of the
/// receptor, `fields` those of the model, `own` those of the receptor.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_potential(
    model: &str,
    fields: &[FieldInfo],
    own: &[FieldInfo],
    inputs: &[&str],
    potential: &str,
    named: bool,
) {
    let Some(input) = inputs.first() else {
        if named {
            let text = "this receptor reads no potential\nhelp: leave `potential` out, or give a `reversal` potential";
            panic!("{}", text)
        }
        return;
    };
    match find(fields, potential) {
        Some(i) if matches!(fields[i].role, Role::State) => {
            let wanted = match find(own, input) {
                Some(k) => own[k].dimension,
                None => Dimension::VOLTAGE,
            };
            if !fields[i].dimension.equals(wanted) {
                let text = Text::new().text("the receptor reads ").text(wanted.describe()).text(", but `");
                let text = text.text(potential).text("` of `").text(model).text("` is ");
                let text = text.text(fields[i].dimension.describe()).text(" (").text(fields[i].unit).text(")");
                panic!("{}", text.text("\nhelp: name another state, as in `potential: v`").as_str())
            }
        }
        _ => {
            let text = Text::new().text("the receptor reads the potential `").text(potential).text("`, and `");
            let text = text.text(model).text("` has no such state");
            let text = list(text, fields, false, potential);
            panic!("{}", text.text("\nhelp: name its potential, as in `potential: v`").as_str())
        }
    }
}

/// Refuses, while compiling, names of a receptor that the model has already: `joined` are the fields of both.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_receptor_names(model: &str, joined: &[FieldInfo], fields: &[FieldInfo], observables: &[FieldInfo]) {
    let mut i = fields.len();
    while i < joined.len() {
        let name = joined[i].name;
        if find(fields, name).is_some() || find(observables, name).is_some() {
            let text = Text::new().text("the receptor would have the field `").text(name).text("`, which `");
            let text = text.text(model).text("` has already");
            panic!("{}", text.text("\nhelp: name the projection: `projection fast: ..`").as_str())
        }
        i += 1;
    }
}

/// Refuses, while compiling, a receptor of what is no spike.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_receives_spikes(model: &str, output: Option<&str>) {
    if let Some(output) = output {
        let text = Text::new().text("a receptor takes spikes, but `").text(model).text("` has the output `");
        let text = text.text(output).text("`, which acts in each step");
        panic!("{}", text.text("\nhelp: leave `receptor` out, and project onto an input").as_str())
    }
}
