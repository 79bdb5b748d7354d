//! The values that a field may have.

use super::{FieldInfo, Values, conversion, find, same};
use crate::const_text::Text;
use crate::error::{BuildError, Result};

/// A bound of a field, as in `param tau = 5 ms > 0 ms` or `state m = 0.05 within 0..=1`.
///
/// Parameters and initial values are checked wherever they are given; states also in each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The field.
    pub field: &'static str,
    /// The lowest value, in the unit of the field.
    pub low: f64,
    /// Whether the lowest value itself is not allowed.
    pub above: bool,
    /// The highest value.
    pub high: f64,
    /// Whether the highest value itself is not allowed.
    pub below: bool,
    /// The bound in words: "above 0 ms".
    pub text: &'static str,
}

impl Bound {
    /// Whether a value is allowed; NaN is not.
    #[must_use]
    pub const fn admits(&self, value: f64) -> bool {
        (if self.above { value > self.low } else { value >= self.low })
            && (if self.below { value < self.high } else { value <= self.high })
    }
}

/// Refuses the first value out of the bounds of its field.
///
/// # Errors
/// With the neuron and its value.
pub(crate) fn check_bounds(
    bounds: &[Bound],
    model: &str,
    field: &FieldInfo,
    values: &Values<'_>,
    n: usize,
) -> Result<()> {
    for bound in bounds.iter().filter(|bound| bound.field == field.name) {
        let bad = (0..n).map(|i| (i, values.at(i))).find(|(_, value)| !bound.admits(*value));
        if let Some((neuron, value)) = bad {
            let unit = if field.unit == "1" { String::new() } else { format!(" {}", field.unit) };
            return Err(BuildError::Value {
                what: format!("`{}` of `{model}`", field.name),
                problem: format!("is {value}{unit} (neuron {neuron})"),
                help: format!("it must be {}", bound.text),
            }
            .into());
        }
    }
    Ok(())
}

/// Refuses, while compiling, a quantity out of the bounds of its field; `scale` is that of its unit.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_bound(fields: &[FieldInfo], bounds: &[Bound], name: &str, written: &str, value: f64, scale: f64) {
    if find(fields, name).is_none() {
        return;
    }
    let value = value * conversion(fields, name, scale);
    let mut i = 0;
    while i < bounds.len() {
        if same(bounds[i].field, name) && !bounds[i].admits(value) {
            let text = Text::new().text("`").text(name).text("` must be ").text(bounds[i].text);
            panic!("{}", text.text(", `").text(written).text("` is not\nhelp: give it another value").as_str())
        }
        i += 1;
    }
}
