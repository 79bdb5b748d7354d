//! Parameters of a network, and the values that they can have.

use super::setting::{Place, Setting};
use crate::error::{BuildError, Result};
use crate::units::Dimension;

/// A parameter of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamInfo {
    /// Its name.
    pub name: &'static str,
    /// Its unit; `1` where it has none.
    pub unit: &'static str,
    /// The dimension of the unit.
    pub dimension: Dimension,
    /// The factor from the unit to the coherent SI unit.
    pub scale: f64,
    /// Its documentation.
    pub doc: &'static str,
}

impl ParamInfo {
    fn place(&self) -> Place<'_> {
        Place { name: self.name, unit: self.unit, dimension: self.dimension, scale: self.scale }
    }
}

/// A value that a network parameter can have: a number, an array, or a matrix.
pub trait ParamValue: Sized {
    /// Reads it from text, in the parameter's unit.
    ///
    /// # Errors
    /// When the text is no such value.
    fn read(text: &str, info: &ParamInfo) -> Result<Self>;

    /// Takes it from whatever a caller gave.
    ///
    /// # Errors
    /// When that is no such value.
    fn take(setting: &Setting, info: &ParamInfo) -> Result<Self> {
        match setting {
            Setting::Text(text) => Self::read(text, info),
            Setting::Quantity(_) => Err(BuildError::Value {
                what: format!("`{}`", info.name),
                problem: "is not one number".to_owned(),
                help: "give its values as text in brackets: `\"[[0.1, 0.2], [0.3, 0.4]]\"`".to_owned(),
            }
            .into()),
        }
    }

    /// It as text that [`read`](Self::read) takes, each number with this unit (`1` for none).
    fn show(&self, unit: &str) -> String;
}

impl ParamValue for f64 {
    fn read(text: &str, info: &ParamInfo) -> Result<Self> {
        info.place().text(text)
    }

    fn take(setting: &Setting, info: &ParamInfo) -> Result<Self> {
        setting.number(&info.place())
    }

    fn show(&self, unit: &str) -> String {
        if unit == "1" { self.to_string() } else { format!("{self} {unit}") }
    }
}

/// A size: a whole number above 0, such as `3200` or `3_200`.
impl ParamValue for usize {
    fn read(text: &str, info: &ParamInfo) -> Result<Self> {
        let digits = text.trim().replace('_', "");
        digits.parse().ok().filter(|n| *n > 0).ok_or_else(|| not_a_size(info, text).into())
    }

    fn take(setting: &Setting, info: &ParamInfo) -> Result<Self> {
        if let Setting::Text(text) = setting {
            return Self::read(text, info);
        }
        let number = setting.number(&info.place())?;
        let whole = number >= 1.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0;
        if whole { Ok(number as Self) } else { Err(not_a_size(info, &number.to_string()).into()) }
    }

    fn show(&self, _: &str) -> String {
        self.to_string()
    }
}

fn not_a_size(info: &ParamInfo, given: &str) -> BuildError {
    info.place().wrong(format!("cannot be `{given}`"), "a size is a whole number above 0, as in `3200`")
}

impl<T: ParamValue, const N: usize> ParamValue for [T; N] {
    fn read(text: &str, info: &ParamInfo) -> Result<Self> {
        let shape = || BuildError::Value {
            what: format!("`{}`", info.name),
            problem: format!("cannot be `{text}`"),
            help: format!("give {N} values in brackets, as in `[a, b]`, or for a matrix `[[a, b], [c, d]]`"),
        };
        let inner = text.trim().strip_prefix('[').and_then(|t| t.strip_suffix(']')).ok_or_else(shape)?;
        let parts = split_top_level(inner);
        let values = parts.iter().map(|part| T::read(part, info)).collect::<Result<Vec<T>>>()?;
        values.try_into().map_err(|_| shape().into())
    }

    fn show(&self, unit: &str) -> String {
        let each: Vec<_> = self.iter().map(|value| value.show(unit)).collect();
        format!("[{}]", each.join(", "))
    }
}

/// Splits at the commas outside brackets.
pub(crate) fn split_top_level(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(&text[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Units as _;

    const TAU: ParamInfo = ParamInfo { name: "tau", unit: "ms", dimension: Dimension::TIME, scale: 1e-3, doc: "" };
    const P0: ParamInfo = ParamInfo { name: "p0", unit: "1", dimension: Dimension::ONE, scale: 1.0, doc: "" };

    #[test]
    fn values_from_text() {
        assert_eq!(f64::read("0.01 s", &TAU).unwrap(), 10.0);
        assert_eq!(f64::read("30 %", &P0).unwrap(), 0.3);
        assert_eq!(<[[f64; 2]; 2]>::read("[[0.1, 0.2], [0.3,0.4]]", &P0).unwrap(), [[0.1, 0.2], [0.3, 0.4]]);
        for bad in ["5", "5 mV", "", "ms", "nan", "inf ms"] {
            assert!(f64::read(bad, &TAU).is_err(), "{bad}");
        }
        assert_eq!(usize::read(" 3_200", &P0).unwrap(), 3200);
        assert_eq!(usize::take(&3200.into(), &P0).unwrap(), 3200);
        for bad in ["", "0", "-1", "3.5", "1 ms", "99999999999999999999999"] {
            assert!(usize::read(bad, &P0).is_err(), "{bad}");
        }
        for bad in [0.0, -1.0, 3.5, f64::NAN, f64::INFINITY] {
            assert!(usize::take(&bad.into(), &P0).is_err(), "{bad}");
        }
        for bad in ["[0.1, 0.2]", "[[0.1], [0.2]]", "0.1", "[[0.1, 0.2], [0.3, 0.4]", "]["] {
            assert!(<[[f64; 2]; 2]>::read(bad, &P0).is_err(), "{bad}");
        }
    }

    #[test]
    fn quantities_are_as_good_as_text() {
        assert_eq!(f64::take(&0.01.s().into(), &TAU).unwrap(), 10.0);
        assert_eq!(f64::take(&0.3.into(), &P0).unwrap(), 0.3);
        assert!(f64::take(&5.mV().into(), &TAU).unwrap_err().to_string().contains("a voltage"));
        assert!(<[f64; 2]>::take(&5.0.into(), &P0).unwrap_err().to_string().contains("in brackets"));
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for value in [[0.1, -2.0], [1e-7, 5e8]] {
            assert_eq!(<[f64; 2]>::read(&value.show("ms"), &TAU).unwrap(), value);
        }
        assert_eq!([[0.5]].show("1"), "[[0.5]]");
    }
}
