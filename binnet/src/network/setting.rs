//! A value as a caller gives it: text with a unit, or a quantity.

use core::fmt;

use super::param::split_top_level;
use crate::error::{BuildError, Result};
use crate::population::{Bound, Init, ratio};
use crate::units::{Dimension, Quantity, Time, Unit};

/// What something is set to, for `set(name, value)`: a quantity (`6.ms()`), a bare number where there is no unit, or
/// text, as it comes from a command line (`"6 ms"`).
///
/// Text may also be a distribution for what each neuron has of its own: `"uniform(-60 mV, -50 mV)"`,
/// `"normal(-60 mV, 2 mV)"`, `"lognormal(5 ms, 1 ms)"`, `"bernoulli(0.2)"`, `"exact(0.2)"`; or a list `"[1 mV, 2 mV]"`.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// As it is written.
    Text(String),
    /// A number with its unit.
    Quantity(Quantity),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text.trim()),
            Self::Quantity(quantity) => quantity.fmt(f),
        }
    }
}

impl From<&str> for Setting {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Setting {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&String> for Setting {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<Quantity> for Setting {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity)
    }
}
impl From<Time> for Setting {
    fn from(time: Time) -> Self {
        Self::Quantity(time.into())
    }
}
impl From<f64> for Setting {
    fn from(number: f64) -> Self {
        Self::Quantity(Quantity::new(number, Unit::ONE))
    }
}
impl From<i32> for Setting {
    fn from(number: i32) -> Self {
        f64::from(number).into()
    }
}
impl From<&Setting> for Setting {
    fn from(setting: &Setting) -> Self {
        setting.clone()
    }
}

/// What a value is for: its name, and the unit in which it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) name: &'a str,
    /// `1` where it has none.
    pub(crate) unit: &'a str,
    pub(crate) dimension: Dimension,
    pub(crate) scale: f64,
}

impl Place<'_> {
    /// A pure number.
    pub(crate) fn pure(name: &str) -> Place<'_> {
        Place { name, unit: "1", dimension: Dimension::ONE, scale: 1.0 }
    }

    /// A time in ms.
    pub(crate) fn time(name: &str) -> Place<'_> {
        Place { name, unit: "ms", dimension: Dimension::TIME, scale: 1e-3 }
    }

    /// An error about this value.
    pub(crate) fn wrong(&self, problem: impl Into<String>, help: impl Into<String>) -> BuildError {
        BuildError::Value { what: format!("`{}`", self.name), problem: problem.into(), help: help.into() }
    }

    fn help(&self) -> String {
        if self.dimension == Dimension::ONE {
            "write a number without a unit".to_owned()
        } else {
            format!("give a number and a unit, as in `5 {}`", self.unit)
        }
    }

    /// A quantity as text, in the unit of the place.
    pub(crate) fn text(&self, text: &str) -> Result<f64> {
        let text = text.trim();
        let starts_as_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        let (value, unit) = Unit::parse_quantity(text).map_err(|e| {
            let problem = if starts_as_number {
                format!("cannot be `{text}`: {e}")
            } else {
                format!("cannot be `{text}`: that is no number")
            };
            self.wrong(problem, self.help())
        })?;
        self.convert(value, unit, text)
    }

    fn convert(&self, value: f64, unit: Unit, written: &str) -> Result<f64> {
        if unit.dimension != self.dimension {
            let found = unit.dimension.describe();
            if self.dimension == Dimension::ONE {
                let problem = format!("is a pure number, but `{written}` is {found}");
                return Err(self.wrong(problem, self.help()).into());
            }
            return Err(BuildError::Unit {
                name: self.name.to_owned(),
                expected: self.dimension.describe().to_owned(),
                unit: self.unit.to_owned(),
                written: written.to_owned(),
                found: found.to_owned(),
            }
            .into());
        }
        if !value.is_finite() {
            return Err(self.wrong(format!("cannot be `{written}`"), self.help()).into());
        }
        Ok(value * ratio(unit.scale, self.scale))
    }
}

/// Distributions that can be written as text, with the number of their arguments, and whether these are pure numbers.
const DISTRIBUTIONS: [(&str, usize, bool); 5] =
    [("uniform", 2, false), ("normal", 2, false), ("lognormal", 2, false), ("bernoulli", 1, true), ("exact", 1, true)];

impl Setting {
    /// One number, in the unit of its place.
    pub(crate) fn number(&self, place: &Place<'_>) -> Result<f64> {
        match self {
            Self::Text(text) => place.text(text),
            Self::Quantity(quantity) => place.convert(quantity.value, quantity.unit(), &self.to_string()),
        }
    }

    /// A number, a list or a distribution, in the unit of its place.
    pub(crate) fn init(&self, place: &Place<'_>) -> Result<Init> {
        let Self::Text(text) = self else { return self.number(place).map(Init::Value) };
        let text = text.trim();
        if let Some(list) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            let values = split_top_level(list).into_iter().map(|part| place.text(part));
            return values.collect::<Result<_>>().map(Init::Each);
        }
        let Some((word, arguments)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
            return place.text(text).map(Init::Value);
        };
        let word = word.trim();
        let Some((_, count, pure)) = DISTRIBUTIONS.iter().find(|(known, ..)| *known == word) else {
            return Err(BuildError::unknown("distribution", word, &DISTRIBUTIONS.map(|(known, ..)| known)).into());
        };
        let one = if *pure { Place::pure(place.name) } else { *place };
        let (mut values, mut bounds) = (Vec::new(), [None; 2]);
        for part in split_top_level(arguments) {
            let named = part.split_once(':').filter(|_| word == "normal");
            match named.map(|(name, value)| (name.trim(), value)) {
                None => values.push(one.text(part)?),
                Some(("min", value)) if bounds[0].is_none() => bounds[0] = Some(one.text(value)?),
                Some(("max", value)) if bounds[1].is_none() => bounds[1] = Some(one.text(value)?),
                Some(_) => {
                    let help =
                        "the options of `normal` are `min` and `max`, each once: `normal(1 ms, 0.5 ms, min: 0.1 ms)`";
                    return Err(place.wrong(format!("cannot be `{text}`"), help.to_owned()).into());
                }
            }
        }
        match (word, values.as_slice()) {
            ("normal", [mean, deviation]) if bounds != [None; 2] => {
                let [min, max] = [bounds[0].unwrap_or(f64::NEG_INFINITY), bounds[1].unwrap_or(f64::INFINITY)];
                Ok(Init::NormalWithin { mean: *mean, deviation: *deviation, min, max })
            }
            ("uniform", [low, high]) => Ok(Init::Uniform(*low, *high)),
            ("normal", [mean, deviation]) => Ok(Init::Normal(*mean, *deviation)),
            ("lognormal", [mean, deviation]) => Ok(Init::LogNormal(*mean, *deviation)),
            ("bernoulli", [p]) => Ok(Init::Bernoulli(*p)),
            ("exact", [share]) => Ok(Init::Exact(*share)),
            _ => {
                let problem = format!("cannot be `{text}`");
                Err(place.wrong(problem, format!("`{word}` takes {count} values in parentheses")).into())
            }
        }
    }
}

/// Refuses a single value that the bounds of a field do not admit; others are checked when they are drawn.
pub(crate) fn admit(place: &Place<'_>, bounds: &[Bound], field: &str, init: &Init) -> Result<()> {
    let Init::Value(value) = init else { return Ok(()) };
    match bounds.iter().find(|bound| bound.field == field && !bound.admits(*value)) {
        None => Ok(()),
        Some(bound) => {
            let unit = if place.unit == "1" { String::new() } else { format!(" {}", place.unit) };
            Err(place.wrong(format!("cannot be {value}{unit}"), format!("it must be {}", bound.text)).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Units as _;

    const V: Place<'_> = Place { name: "exc.v", unit: "mV", dimension: Dimension::VOLTAGE, scale: 1e-3 };

    fn init(text: &str) -> Result<String> {
        Setting::from(text).init(&V).map(|init| format!("{init:?}"))
    }

    #[test]
    fn text_and_quantities_give_the_same_bits() {
        for (text, quantity) in [("-49 mV", (-49).mV()), ("0.3 mV", 0.3.mV()), ("0.7 V", 0.7.V()), ("1.1V", 1.1.V())] {
            let [a, b] = [Setting::from(text), quantity.into()].map(|setting| setting.number(&V).unwrap().to_bits());
            assert_eq!(a, b, "{text}");
        }
    }

    #[test]
    fn distributions_and_lists() {
        for (text, expected) in [
            ("-0.06 V", "-60"),
            ("uniform(-60 mV, -0.05 V)", "uniform(-60, -50)"),
            ("normal( -60mV ,2 mV)", "normal(-60, 2)"),
            ("normal(-60 mV, 2 mV, min: -0.07 V)", "normal(-60, 2, min: -70)"),
            ("normal(-60 mV, 2 mV, max:-50mV , min : -70 mV)", "normal(-60, 2, min: -70, max: -50)"),
            ("lognormal(5 mV, 1 mV)", "lognormal(5, 1)"),
            ("exact(20 %)", "exact(0.2)"),
            ("[1 mV, 2 mV]", "2 values"),
        ] {
            assert_eq!(init(text).unwrap(), expected);
        }
        for (text, part) in [
            ("uniform(-60 mV)", "`uniform` takes 2 values"),
            ("unifrom(-60 mV, 1 mV)", "did you mean `uniform`?"),
            ("uniform(-60 ms, 1 mV)", "`exc.v` is a voltage (mV), but `-60 ms` is a time"),
            ("[1 mV, 2]", "`2` is a pure number"),
            ("normal(-60 mV, min: 1 mV)", "`normal` takes 2 values"),
            ("normal(-60 mV, 1 mV, low: 1 mV)", "the options of `normal` are `min` and `max`"),
            ("normal(-60 mV, 1 mV, min: 1 mV, min: 2 mV)", "each once"),
            ("normal(-60 mV, 1 mV, min: 1 ms)", "`1 ms` is a time"),
            ("uniform(-60 mV, min: 1 mV)", "`min: 1 mV`"),
            ("60", "write it in mV"),
            ("mV", "that is no number"),
            ("", "that is no number"),
            (")", "that is no number"),
        ] {
            let message = init(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
