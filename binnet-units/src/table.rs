//! Unit spellings: SI prefixes times base units, products and quotients of them.

use crate::dimension::Dimension;

/// A unit: its dimension, and how many SI base units one of it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// What kind of quantity it measures.
    pub dimension: Dimension,
    /// The factor to the coherent SI unit (`mV`: 1e-3).
    pub scale: f64,
}

/// Why a unit could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// The part that is no unit.
    pub part: String,
    /// The nearest unit, where one is near.
    pub suggestion: Option<String>,
}

impl core::fmt::Display for UnitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "unknown unit `{}`", self.part)?;
        if let Some(near) = &self.suggestion {
            write!(f, "; did you mean `{near}`?")?;
        }
        Ok(())
    }
}

impl core::error::Error for UnitError {}

/// The SI prefixes of the language.
const PREFIXES: &[(&str, f64)] = &[
    ("", 1.0),
    ("f", 1e-15),
    ("p", 1e-12),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("c", 1e-2),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
];

/// The units that take prefixes: spelling, dimension, factor to SI.
const BASES: &[(&str, Dimension, f64)] = &[
    ("s", Dimension::TIME, 1.0),
    ("V", Dimension::VOLTAGE, 1.0),
    ("A", Dimension::CURRENT, 1.0),
    ("S", Dimension::CONDUCTANCE, 1.0),
    ("Ohm", Dimension::RESISTANCE, 1.0),
    ("M", Dimension::CONCENTRATION, 1e3),
    ("F", Dimension::CAPACITANCE, 1.0),
    ("Hz", Dimension::FREQUENCY, 1.0),
    ("C", Dimension::CHARGE, 1.0),
    ("J", Dimension::ENERGY, 1.0),
    ("W", Dimension::POWER, 1.0),
    ("m", Dimension::LENGTH, 1.0),
    ("K", Dimension::TEMPERATURE, 1.0),
    ("mol", Dimension::AMOUNT, 1.0),
];

/// Reads one prefixed unit without a power (`mV`, `kHz`, `MOhm`).
#[must_use]
pub fn prefixed(name: &str) -> Option<Unit> {
    // A bare base wins over prefix and base: `m` is metre, `M` molar, `mol` mole.
    PREFIXES.iter().find_map(|(prefix, factor)| {
        let base = name.strip_prefix(prefix)?;
        let (_, dimension, scale) = BASES.iter().find(|(b, ..)| *b == base)?;
        Some(Unit { dimension: *dimension, scale: factor * scale })
    })
}

/// Whether a word, possibly with a trailing power, is a unit: `mV`, `cm2`, `%`, `µF`.
#[must_use]
pub fn is_unit(word: &str) -> bool {
    Unit::word(word).is_ok()
}

impl Unit {
    /// A pure number.
    pub const ONE: Self = Self { dimension: Dimension::ONE, scale: 1.0 };

    /// Reads one word: a prefixed unit with an optional trailing power (`cm2`), `1` or `%`.
    ///
    /// # Errors
    /// When the word is no unit; the error names the nearest one.
    pub fn word(word: &str) -> Result<Self, UnitError> {
        let spelled = normalise(word);
        match spelled.as_str() {
            "1" => return Ok(Self::ONE),
            "%" => return Ok(Self { dimension: Dimension::ONE, scale: 1e-2 }),
            _ => {}
        }
        let name = spelled.trim_end_matches(|c: char| c.is_ascii_digit());
        let power: i8 = match &spelled[name.len()..] {
            "" => 1,
            digits => digits.parse().ok().filter(|p| (1..=9).contains(p)).ok_or_else(|| unknown(word))?,
        };
        let unit = prefixed(name).ok_or_else(|| unknown(word))?;
        Ok(unit.powi(power))
    }

    /// Reads a compound unit as written: `mV`, `mS/cm2`, `mV/ms`, `1/ms`, `A*s`, `mV^2`.
    ///
    /// # Errors
    /// When a part is no unit; the error names it and the nearest unit.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let mut unit = Self::ONE;
        let mut rest = text.trim();
        let mut divide = false;
        if rest.is_empty() {
            return Ok(unit);
        }
        loop {
            let end = rest.find(['/', '*']).unwrap_or(rest.len());
            let (word, power) = match rest[..end].split_once('^') {
                Some((word, power)) => (word, power.trim().parse().map_err(|_| unknown(rest[..end].trim()))?),
                None => (&rest[..end], 1_i8),
            };
            let factor = Self::word(word.trim())?.powi(power);
            unit = if divide { unit.per(factor) } else { unit.times(factor) };
            if end == rest.len() {
                return Ok(unit);
            }
            divide = rest.as_bytes()[end] == b'/';
            rest = &rest[end + 1..];
        }
    }

    /// Reads a number and its unit, `6 nS` or `-60mV`; a bare number is dimensionless.
    ///
    /// # Errors
    /// When there is no number in front, or the rest is no unit.
    pub fn parse_quantity(text: &str) -> Result<(f64, Self), UnitError> {
        let text = text.trim();
        // The longest prefix that is a number; `1e3Hz` has one of three characters.
        let split = (1..=text.len())
            .rev()
            .filter(|&i| text.is_char_boundary(i))
            .find(|&i| {
                let tail = text.as_bytes()[i - 1];
                (tail.is_ascii_digit() || tail == b'.') && text[..i].parse::<f64>().is_ok()
            })
            .ok_or_else(|| UnitError { part: text.to_owned(), suggestion: None })?;
        let value = text[..split].parse().map_err(|_| unknown(text))?;
        Ok((value, Self::parse(&text[split..])?))
    }

    /// The product of two units.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self { dimension: self.dimension.times(other.dimension), scale: self.scale * other.scale }
    }

    /// The quotient of two units.
    #[must_use]
    pub fn per(self, other: Self) -> Self {
        Self { dimension: self.dimension.per(other.dimension), scale: self.scale / other.scale }
    }

    /// An integer power of a unit.
    #[must_use]
    pub fn powi(self, n: i8) -> Self {
        Self { dimension: self.dimension.powi(n), scale: self.scale.powi(i32::from(n)) }
    }
}

/// Both micro signs and both ohm signs have an ASCII spelling here.
fn normalise(word: &str) -> String {
    word.replace(['\u{b5}', '\u{3bc}'], "u").replace(['\u{3a9}', '\u{2126}'], "Ohm")
}

fn unknown(part: &str) -> UnitError {
    const COMMON: [&str; 24] = [
        "s", "ms", "us", "ns", "V", "mV", "uV", "A", "mA", "uA", "nA", "pA", "fA", "S", "mS", "uS", "nS", "pF", "nF",
        "uF", "Hz", "kHz", "MOhm", "mM",
    ];
    UnitError { part: part.to_owned(), suggestion: crate::nearest(part, COMMON).map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_language_writes() {
        for (text, dimension, scale) in [
            ("ms", Dimension::TIME, 1e-3),
            ("MOhm", Dimension::RESISTANCE, 1e6),
            ("mM", Dimension::CONCENTRATION, 1.0),
            ("cm2", Dimension::LENGTH.powi(2), 1e-4),
            ("uF/cm2", Dimension::CAPACITANCE.per(Dimension::LENGTH.powi(2)), 1e-2),
            ("mV/ms", Dimension::VOLTAGE.per(Dimension::TIME), 1.0),
            ("1/ms", Dimension::FREQUENCY, 1e3),
            ("%", Dimension::ONE, 1e-2),
            ("\u{b5}F", Dimension::CAPACITANCE, 1e-6),
            ("k\u{2126}", Dimension::RESISTANCE, 1e3),
        ] {
            let unit = Unit::parse(text).unwrap();
            assert_eq!(unit.dimension, dimension, "{text}");
            assert!((unit.scale / scale - 1.0).abs() < 1e-12, "{text}: {}", unit.scale);
        }
    }

    #[test]
    fn mass_length_and_molar_are_kept_apart() {
        assert_eq!(prefixed("m").unwrap().dimension, Dimension::LENGTH);
        assert_eq!(prefixed("M").unwrap().dimension, Dimension::CONCENTRATION);
        assert_eq!(prefixed("ms").unwrap().dimension, Dimension::TIME);
        assert_eq!(prefixed("mS").unwrap().dimension, Dimension::CONDUCTANCE);
        assert_eq!(prefixed("mol").unwrap().dimension, Dimension::AMOUNT);
    }

    #[test]
    fn quantities_touching_or_apart() {
        for text in ["-60mV", "-60 mV", "-6e1 mV", " -60.0mV "] {
            let (value, unit) = Unit::parse_quantity(text).unwrap();
            assert_eq!((value, unit.dimension), (-60.0, Dimension::VOLTAGE), "{text}");
        }
        assert_eq!(Unit::parse_quantity("1e3Hz").unwrap().0, 1e3);
        assert_eq!(Unit::parse_quantity("7.25").unwrap(), (7.25, Unit::ONE));
        assert!(Unit::parse_quantity("mV").is_err());
        assert!(Unit::parse_quantity("").is_err());
        assert!(Unit::parse_quantity("5 \u{e9}").is_err());
    }

    #[test]
    fn an_unknown_unit_names_the_nearest() {
        assert_eq!(Unit::parse("mv").unwrap_err().suggestion.as_deref(), Some("mV"));
        assert_eq!(Unit::parse("khz").unwrap_err().suggestion.as_deref(), Some("kHz"));
        assert_eq!(Unit::parse("parsec").unwrap_err().suggestion, None);
    }
}
