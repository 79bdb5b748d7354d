//! What a projection may add to, and in which unit: checks of `network!`, which run while compiling.

use binnet_units::{Dimension, distance, is_near};

use super::field::{FieldInfo, Role, find, ratio};
use crate::const_text::Text;

/// What other neurons read of a model in each step, if it is a model of rates.
#[must_use]
pub const fn output_of(
    name: Option<&str>,
    fields: &'static [FieldInfo],
    observables: &'static [FieldInfo],
) -> Option<&'static FieldInfo> {
    let Some(name) = name else { return None };
    if let Some(i) = find(fields, name) {
        return Some(&fields[i]);
    }
    match find(observables, name) {
        Some(i) => Some(&observables[i]),
        None => None,
    }
}

/// The only input of a model; empty if it has none or several, which [`check_sole_input`] reports.
#[must_use]
pub const fn sole_input(fields: &'static [FieldInfo]) -> &'static str {
    let (mut i, mut found) = (0, "");
    while i < fields.len() {
        if matches!(fields[i].role, Role::Input) {
            if !found.is_empty() {
                return "";
            }
            found = fields[i].name;
        }
        i += 1;
    }
    found
}

const fn admits(field: &FieldInfo, continuous: bool) -> bool {
    matches!(field.role, Role::Input) || (matches!(field.role, Role::State) && !continuous)
}

/// "; it has `a`, `b`", or that it has none.
const fn list(mut text: Text, fields: &[FieldInfo], continuous: bool) -> Text {
    let (mut i, mut first) = (0, true);
    while i < fields.len() {
        if admits(&fields[i], continuous) {
            text = text.text(if first { "; it has `" } else { ", `" }).text(fields[i].name).text("`");
            first = false;
        }
        i += 1;
    }
    if first { text.text("; it has none") } else { text }
}

/// Refuses, while compiling, a target that is no input or state of the model; for outputs of rate neurons
/// (`output`), one that is no input.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_target(model: &str, fields: &[FieldInfo], target: &str, output: Option<&FieldInfo>) {
    let continuous = output.is_some();
    if let Some(i) = find(fields, target) {
        if admits(&fields[i], continuous) {
            return;
        }
        if let Some(output) = output
            && matches!(fields[i].role, Role::State)
        {
            let text =
                Text::new().text("`").text(target).text("` of `").text(model).text("` is a state, but the output `");
            let text = text.text(output.name).text("` acts in each step");
            panic!("{}", text.text("\nhelp: project onto an `input`, which the equations of the state read").as_str())
        }
    }
    let what = if continuous { "no input `" } else { "no input or state `" };
    let text = Text::new().text(what).text(target).text("` on `").text(model).text("`");
    let text = list(text, fields, continuous);
    let (mut i, mut nearest): (usize, Option<&str>) = (0, None);
    while i < fields.len() {
        let name = fields[i].name;
        let nearer = match nearest {
            None => true,
            Some(other) => distance(target, name) < distance(target, other),
        };
        if admits(&fields[i], continuous) && nearer && is_near(target, name) {
            nearest = Some(name);
        }
        i += 1;
    }
    match nearest {
        Some(name) => panic!("{}", text.text("\nhelp: did you mean `").text(name).text("`?").as_str()),
        None => panic!("{}", text.as_str()),
    }
}

/// Refuses, while compiling, a projection that names no target where the model has not one input.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_sole_input(model: &str, fields: &'static [FieldInfo], output: Option<&FieldInfo>) {
    if !sole_input(fields).is_empty() {
        return;
    }
    let text = Text::new().text("this projection has no `target`, and `").text(model).text("` has not one input");
    panic!("{}", list(text.text("\nhelp: write `target: ..`"), fields, output.is_some()).as_str())
}

/// The dimension of a weight: that of its target, per that of the output it multiplies.
const fn weight_dimension(target: &FieldInfo, output: Option<&FieldInfo>) -> Dimension {
    match output {
        Some(output) => target.dimension.per(output.dimension),
        None => target.dimension,
    }
}

/// "a weight onto `g` is a conductance", and how it is written.
const fn what_weight(target: &FieldInfo, output: Option<&FieldInfo>) -> Text {
    let text = Text::new().text("a weight ");
    let text = match output {
        Some(output) => text.text("of `").text(output.name).text("` "),
        None => text,
    };
    text.text("onto `").text(target.name).text("` is ").text(weight_dimension(target, output).describe())
}

const fn help_weight(text: Text, target: &FieldInfo, output: Option<&FieldInfo>, example: bool) -> Text {
    if weight_dimension(target, output).equals(Dimension::ONE) {
        return text.text("\nhelp: write a number without a unit");
    }
    let text = text.text(if example { "\nhelp: write `weight: 1 " } else { "\nhelp: write it in " });
    let text = text.text(target.unit);
    let text = match output {
        Some(output) if !output.dimension.equals(Dimension::ONE) => text.text("/").text(output.unit),
        _ => text,
    };
    if example { text.text("`") } else { text }
}

/// How the target of a projection was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// By its name.
    Named,
    /// As the only input.
    Input,
    /// As the state of a receptor.
    Receptor,
}

/// Refuses, while compiling, a weight whose dimension is not that of its target. `unit` is that of a name; it is
/// empty where the quantity is `written` out.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_weight(
    fields: &[FieldInfo],
    target: &str,
    output: Option<&FieldInfo>,
    onto: Onto,
    written: &str,
    unit: &str,
    dimension: Dimension,
) {
    let Some(i) = find(fields, target) else { return };
    if dimension.equals(weight_dimension(&fields[i], output)) {
        return;
    }
    let text = what_weight(&fields[i], output).text(", `").text(written).text("` is ").text(dimension.describe());
    let text = if unit.is_empty() { text } else { text.text(" (").text(unit).text(")") };
    let text = help_weight(text, &fields[i], output, false);
    panic!("{}", meant(text, fields, i, output, onto, dimension).as_str())
}

/// What else may have been meant by a weight of this dimension.
const fn meant(
    text: Text,
    fields: &[FieldInfo],
    target: usize,
    output: Option<&FieldInfo>,
    onto: Onto,
    dimension: Dimension,
) -> Text {
    let own = fields[target].dimension;
    match onto {
        Onto::Named => return text,
        Onto::Receptor if dimension.times(Dimension::VOLTAGE).equals(own) => {
            return text.text(", or give the receptor a `reversal`");
        }
        Onto::Receptor if own.times(Dimension::VOLTAGE).equals(dimension) => {
            return text.text(", or leave out the `reversal` of the receptor");
        }
        Onto::Receptor => return text,
        Onto::Input => {}
    }
    let mut i = 0;
    while i < fields.len() && !dimension.equals(Dimension::ONE) {
        if admits(&fields[i], output.is_some()) && dimension.equals(weight_dimension(&fields[i], output)) {
            return text.text(", or name another target: `target: ").text(fields[i].name).text("`");
        }
        i += 1;
    }
    text
}

/// Refuses, while compiling, a projection without a weight where a weight has a unit.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_no_weight(fields: &[FieldInfo], target: &str, output: Option<&FieldInfo>) {
    let Some(i) = find(fields, target) else { return };
    if weight_dimension(&fields[i], output).equals(Dimension::ONE) {
        return;
    }
    let text = Text::new().text("this projection has no `weight`, and ").text(what_weight(&fields[i], output).as_str());
    panic!("{}", help_weight(text, &fields[i], output, true).as_str())
}

/// The factor from a unit of weights (given by its scale to SI) to that in which they are kept; 1 for unknown
/// targets, which [`check_target`] reports.
#[must_use]
pub const fn weight_conversion(fields: &[FieldInfo], target: &str, output: Option<&FieldInfo>, scale: f64) -> f64 {
    let Some(i) = find(fields, target) else { return 1.0 };
    let own = match output {
        Some(output) => fields[i].scale / output.scale,
        None => fields[i].scale,
    };
    ratio(scale, own)
}
