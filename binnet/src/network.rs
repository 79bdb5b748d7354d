//! What every network made by `network!` has, whatever its kind.

use binnet_units::{Dimension, Unit};

use crate::error::{BuildError, Result};

/// A network declared with `network!`.
pub trait Network: Sized {
    /// Its name, parameters and declarations.
    const INFO: NetworkInfo;
    /// Its builder.
    type Builder: NetworkBuilder<Network = Self>;

    /// A builder with the parameters' defaults.
    fn new_builder() -> Self::Builder;
}

/// The builder of a network declared with `network!`.
pub trait NetworkBuilder: Sized {
    /// What it builds.
    type Network: Network;

    /// Sets the seed of all random numbers.
    #[must_use]
    fn seed(self, seed: u64) -> Self;

    /// Sets a parameter by name from text with a unit: `set("r_e_plus", "8")`, `set("tau", "5 ms")`.
    ///
    /// # Errors
    /// For an unknown name (with the nearest one), a text that is no value, a wrong unit or shape.
    fn set(self, name: &str, value: &str) -> Result<Self>;

    /// Draws the connections and builds the network.
    ///
    /// # Errors
    /// For whatever does not fit; see [`BuildError`].
    fn build(self) -> Result<Self::Network>;
}

/// What a network declares, for listings and for setting by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkInfo {
    /// The name of the struct.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its parameters in order of declaration.
    pub params: &'static [ParamInfo],
}

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

/// A value that a network parameter can have: a number, an array, or a matrix.
pub trait ParamValue: Sized {
    /// Reads it from text, in the parameter's unit.
    ///
    /// # Errors
    /// When the text is no such value.
    fn read(text: &str, info: &ParamInfo) -> Result<Self>;
}

impl ParamValue for f64 {
    fn read(text: &str, info: &ParamInfo) -> Result<Self> {
        let problem = |problem: String| BuildError::Value {
            what: format!("`{}`", info.name),
            problem,
            help: if info.dimension == Dimension::ONE {
                "write a number without a unit".to_owned()
            } else {
                format!("give a number and a unit, as in `5 {}`", info.unit)
            },
        };
        let starts_as_number = text.trim_start().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        let (value, unit) = Unit::parse_quantity(text).map_err(|e| {
            problem(if starts_as_number {
                format!("cannot be `{text}`: {e}")
            } else {
                format!("cannot be `{text}`: that is no number")
            })
        })?;
        if unit.dimension != info.dimension {
            if info.dimension == Dimension::ONE {
                let found = unit.dimension.describe();
                return Err(problem(format!("is a pure number, but `{}` is {found}", text.trim())).into());
            }
            return Err(BuildError::Unit {
                name: info.name.to_owned(),
                expected: info.dimension.describe().to_owned(),
                unit: info.unit.to_owned(),
                written: text.trim().to_owned(),
                found: unit.dimension.describe().to_owned(),
            }
            .into());
        }
        if !value.is_finite() {
            return Err(problem(format!("cannot be `{text}`")).into());
        }
        Ok(value * (unit.scale / info.scale))
    }
}

/// A size: a whole number above 0, such as `3200` or `3_200`.
impl ParamValue for usize {
    fn read(text: &str, info: &ParamInfo) -> Result<Self> {
        let digits = text.trim().replace('_', "");
        digits.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
            BuildError::Value {
                what: format!("`{}`", info.name),
                problem: format!("cannot be `{text}`"),
                help: "a size is a whole number above 0, as in `3200`".to_owned(),
            }
            .into()
        })
    }
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
}

/// Splits at the commas outside brackets.
fn split_top_level(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
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
        for bad in ["", "0", "-1", "3.5", "1 ms", "99999999999999999999999"] {
            assert!(usize::read(bad, &P0).is_err(), "{bad}");
        }
        for bad in ["[0.1, 0.2]", "[[0.1], [0.2]]", "0.1", "[[0.1, 0.2], [0.3, 0.4]", "]["] {
            assert!(<[[f64; 2]; 2]>::read(bad, &P0).is_err(), "{bad}");
        }
    }
}
