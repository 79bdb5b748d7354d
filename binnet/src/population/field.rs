//! What a model declares of itself, as constants: the only way in which `network!` learns about it.

use binnet_units::{Dimension, distance, is_near};

use crate::const_text::Text;

/// The storage class of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// One value for the whole population.
    Param,
    /// One value for each neuron.
    Local,
    /// Changes in each step.
    State,
    /// Cleared in each step; projections and stimuli add into it.
    Input,
}

/// One field of a model: name, storage class, unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldInfo {
    /// Its name in the struct.
    pub name: &'static str,
    /// Its storage class.
    pub role: Role,
    /// Its unit as the model writes it; `1` where it has none.
    pub unit: &'static str,
    /// The dimension of that unit.
    pub dimension: Dimension,
    /// The factor from that unit to the coherent SI unit.
    pub scale: f64,
    /// The value a neuron starts with, in that unit; NaN for a parameter that must be given.
    pub default: f64,
}

impl FieldInfo {
    /// Whether the model has no value for it: whoever builds a population must give one.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        matches!(self.role, Role::Param | Role::Local) && self.default.is_nan()
    }
}

pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The index of a field by name.
#[must_use]
pub const fn find(fields: &[FieldInfo], name: &str) -> Option<usize> {
    let mut i = 0;
    while i < fields.len() {
        if same(fields[i].name, name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// Refuses, while compiling, a key of a population that the model does not have or that cannot be set.
///
/// Emitted by `network!` with the span of the name that the user wrote. `framework` are the keys that
/// the network itself understands; they are proposed where they are near.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_settable(model: &str, fields: &[FieldInfo], framework: &[&str], name: &str) {
    match find(fields, name) {
        Some(i) if !matches!(fields[i].role, Role::Input) => {}
        Some(_) => {
            let text = Text::new().text("`").text(name).text("` is an input of `").text(model);
            let text =
                text.text("`: it is cleared in each step and cannot be set\nhelp: project onto it, or drive it: ");
            panic!("{}", text.text("`stimulus population.").text(name).text(" += ..;`").as_str())
        }
        None => {
            let text =
                Text::new().text("no parameter, local or state `").text(name).text("` on `").text(model).text("`");
            panic!("{}", list_names(text, fields, framework, name).as_str())
        }
    }
}

/// Refuses, while compiling, a population without a value for a parameter that has no default.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_required(model: &str, fields: &[FieldInfo], given: &[&str]) {
    let mut i = 0;
    while i < fields.len() {
        let mut found = !fields[i].is_required();
        let mut k = 0;
        while k < given.len() && !found {
            found = same(fields[i].name, given[k]);
            k += 1;
        }
        if !found {
            let text = Text::new().text("`").text(fields[i].name).text("` of `").text(model).text("` must be given");
            let text = text.text("\nhelp: it has no default; write `").text(fields[i].name).text(": ..`");
            panic!("{}", if same(fields[i].unit, "1") { text } else { text.text(" in ").text(fields[i].unit) }.as_str())
        }
        i += 1;
    }
}

/// Refuses, while compiling, a name that is neither a field nor an observable of the model.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_recordable(model: &str, fields: &[FieldInfo], observables: &[FieldInfo], name: &str) {
    if find(fields, name).is_some() || find(observables, name).is_some() {
        return;
    }
    let text = Text::new().text("nothing to record named `").text(name).text("` on `").text(model).text("`");
    let mut text = text.text("; it has `spikes`");
    let count = fields.len() + observables.len();
    let mut i = 0;
    while i < count {
        let field = if i < fields.len() { &fields[i] } else { &observables[i - fields.len()] };
        if i >= fields.len() || matches!(field.role, Role::State | Role::Input) {
            text = text.text(", `").text(field.name).text("`");
        }
        i += 1;
    }
    if is_near(name, "spikes") {
        panic!("{}", text.text("\nhelp: did you mean `spikes`?").as_str())
    }
    i = 0;
    while i < count {
        let near = if i < fields.len() { fields[i].name } else { observables[i - fields.len()].name };
        if is_near(name, near) {
            panic!("{}", text.text("\nhelp: did you mean `").text(near).text("`?").as_str())
        }
        i += 1;
    }
    panic!("{}", text.as_str())
}

/// Refuses, while compiling, a stimulus of something that is no field of the model.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_drivable(model: &str, fields: &[FieldInfo], name: &str) {
    if find(fields, name).is_some() {
        return;
    }
    let mut text = Text::new().text("no field `").text(name).text("` on `").text(model).text("`");
    let mut i = 0;
    while i < fields.len() {
        text = text.text(if i == 0 { "; it has `" } else { ", `" }).text(fields[i].name).text("`");
        i += 1;
    }
    i = 0;
    while i < fields.len() {
        if is_near(name, fields[i].name) {
            panic!("{}", text.text("\nhelp: did you mean `").text(fields[i].name).text("`?").as_str())
        }
        i += 1;
    }
    panic!("{}", text.as_str())
}

/// Refuses, while compiling, one value for each neuron where all share one.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_each(model: &str, fields: &[FieldInfo], name: &str) {
    let Some(i) = find(fields, name) else { return };
    if !matches!(fields[i].role, Role::Param) {
        return;
    }
    let text =
        Text::new().text("`").text(name).text("` of `").text(model).text("` is a `param`: all neurons share one value");
    panic!("{}", text.text("\nhelp: give one value, or declare it `local` in the model").as_str())
}

/// Refuses, while compiling, a deviation from a declared value where there is none to deviate from.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_mismatch(model: &str, fields: &[FieldInfo], name: &str) {
    let Some(i) = find(fields, name) else { return };
    let text = Text::new().text("`").text(name).text("` of `").text(model);
    let text = match fields[i].role {
        Role::State => text.text("` is a state: a mismatch deviates from the declared value of a `local`"),
        Role::Local if fields[i].default == 0.0 => text.text("` is declared as 0: no share of it deviates"),
        Role::Local if fields[i].default.is_nan() => {
            let text = text.text("` has no declared value that it could deviate from");
            panic!("{}", text.text("\nhelp: say which, as in `mismatch(20 %, around: ..)`").as_str())
        }
        // A shared parameter is refused by `check_each`, an input by `check_settable`.
        Role::Local | Role::Param | Role::Input => return,
    };
    panic!("{}", text.text("\nhelp: write `normal(mean, deviation)`").as_str())
}

/// The declared value of a field in its unit; 0 for unknown fields, which [`check_settable`] reports.
#[must_use]
pub const fn default_of(fields: &[FieldInfo], name: &str) -> f64 {
    match find(fields, name) {
        Some(i) => fields[i].default,
        None => 0.0,
    }
}

/// Refuses, while compiling, a quantity whose dimension is not that of the field. `unit` is that of a
/// name; it is empty where the quantity is `written` out.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_dimension(fields: &[FieldInfo], name: &str, written: &str, unit: &str, dimension: Dimension) {
    let Some(i) = find(fields, name) else { return };
    if dimension.equals(fields[i].dimension) {
        return;
    }
    let pure = fields[i].dimension.equals(Dimension::ONE);
    let mut text = Text::new().text("`").text(name).text("` is ").text(fields[i].dimension.describe());
    if !pure {
        text = text.text(" (").text(fields[i].unit).text(")");
    }
    text = text.text(", but `").text(written).text("` is ").text(dimension.describe());
    if !unit.is_empty() {
        text = text.text(" (").text(unit).text(")");
    }
    text = match (pure, unit.is_empty()) {
        (true, true) => text.text("\nhelp: write a number without a unit"),
        (true, false) => text.text("\nhelp: declare `").text(written).text("` without a unit"),
        (false, _) => text.text("\nhelp: write it in ").text(fields[i].unit),
    };
    panic!("{}", text.as_str())
}

/// Refuses, while compiling, a limit whose dimension is not that of the field or observable; see
/// [`check_dimension`].
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_limit(
    fields: &[FieldInfo],
    observables: &[FieldInfo],
    name: &str,
    written: &str,
    unit: &str,
    dimension: Dimension,
) {
    let own = if find(fields, name).is_some() { fields } else { observables };
    check_dimension(own, name, written, unit, dimension);
}

/// The factor from a unit (given by its scale to SI) to the unit of a field; 1 for unknown fields,
/// which [`check_settable`] reports.
#[must_use]
pub const fn conversion(fields: &[FieldInfo], name: &str, scale: f64) -> f64 {
    match find(fields, name) {
        Some(i) => ratio(scale, fields[i].scale),
        None => 1.0,
    }
}

/// The ratio of two scales. Those of prefixes are powers of ten, of which a quotient may miss the last digit:
/// 1e-6 / 1e-9 is not 1000.
pub(crate) const fn ratio(a: f64, b: f64) -> f64 {
    let (quotient, inverse) = (a / b, b / a);
    match (whole(quotient), whole(inverse)) {
        (Some(whole), _) => whole,
        (None, Some(whole)) => 1.0 / whole,
        (None, None) => quotient,
    }
}

/// The whole number that this one misses by its last digits only.
const fn whole(x: f64) -> Option<f64> {
    let whole = (x + 0.5) as u64 as f64;
    let error = if x < whole { whole - x } else { x - whole };
    if whole > 0.0 && error <= 1e-15 * whole { Some(whole) } else { None }
}

/// All keys, and the one that is nearest to what was written.
/// The scale of the unit of a field; 1 for unknown fields, which [`check_settable`] reports.
#[must_use]
pub const fn scale_of(fields: &[FieldInfo], name: &str) -> f64 {
    match find(fields, name) {
        Some(i) => fields[i].scale,
        None => 1.0,
    }
}

const fn list_names(mut text: Text, fields: &[FieldInfo], framework: &[&str], written: &str) -> Text {
    let mut nearest: Option<&str> = None;
    let mut i = 0;
    let mut first = true;
    while i < fields.len() + framework.len() {
        let field = i < fields.len();
        if !field || !matches!(fields[i].role, Role::Input) {
            let name = if field { fields[i].name } else { framework[i - fields.len()] };
            text = text.text(if first { "; keys are `" } else { ", `" }).text(name).text("`");
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
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_of_prefixes_are_powers_of_ten() {
        for (a, b, expected) in [(1e-6, 1e-9, 1000.0), (1e-9, 1e-6, 1e-3), (1e-12, 1e-12, 1.0), (60.0, 1.0, 60.0)] {
            assert_eq!(ratio(a, b), expected, "{a} / {b}");
        }
        assert_eq!(ratio(2.5, 1.0), 2.5);
        assert_eq!(ratio(96_485.332, 1e-3), 96_485.332 / 1e-3);
    }
}
