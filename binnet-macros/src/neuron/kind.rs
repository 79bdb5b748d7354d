//! What kind of value an expression has: a dimension with a scale, or a truth value.

use binnet_units::{Dimension, Unit};

use crate::quantity::WrittenUnit;

/// What a dimension without a name is called.
const NAMELESS: &str = Dimension::AMOUNT.times(Dimension::MASS).describe();

/// Doubled powers of the base quantities: noise has the root of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Half([i8; 6]);

impl Half {
    pub(crate) const ONE: Self = Self([0; 6]);

    pub(crate) fn of(dimension: Dimension) -> Self {
        Self(dimension.powers().map(|p| p.saturating_mul(2)))
    }

    /// One over the root of time: what `xi` is.
    pub(crate) fn noise() -> Self {
        let mut powers = Self::of(Dimension::TIME).0;
        powers.iter_mut().for_each(|p| *p /= -2);
        Self(powers)
    }

    pub(crate) fn times(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i].saturating_add(other.0[i])))
    }

    pub(crate) fn per(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i].saturating_sub(other.0[i])))
    }

    /// The power `halves / 2`; `None` if that is no half-integer dimension.
    pub(crate) fn power(self, halves: i32) -> Option<Self> {
        let mut powers = [0; 6];
        for (power, own) in powers.iter_mut().zip(self.0) {
            let doubled = i32::from(own) * halves;
            if doubled % 2 != 0 {
                return None;
            }
            *power = i8::try_from(doubled / 2).ok()?;
        }
        Some(Self(powers))
    }

    /// The dimension in words, with its article, if it has a name.
    pub(crate) fn words(self) -> Option<&'static str> {
        let words = self.whole()?.describe();
        let words = words.split(" (").next().unwrap_or(words);
        (words != NAMELESS).then_some(words)
    }

    /// A unit of this dimension in which neuroscience counts.
    pub(crate) fn usual_unit(self) -> Option<&'static str> {
        const UNITS: [&str; 10] = ["ms", "mV", "pA", "nS", "pF", "MOhm", "Hz", "mM", "1/ms", "mV/ms"];
        let same = |unit: &&str| Unit::parse(unit).is_ok_and(|unit| Self::of(unit.dimension) == self);
        UNITS.into_iter().find(|unit| same(unit))
    }

    /// The dimension, if no power is broken.
    pub(crate) fn whole(self) -> Option<Dimension> {
        self.0.iter().all(|p| p % 2 == 0).then(|| Dimension::from_powers(self.0.map(|p| p / 2)))
    }
}

/// A dimension, the factor to SI, and how the unit is written.
#[derive(Clone, Debug)]
pub(crate) struct Quantity {
    pub(crate) dimension: Half,
    pub(crate) scale: f64,
    pub(crate) text: String,
}

impl Quantity {
    pub(crate) fn number() -> Self {
        Self { dimension: Half::ONE, scale: 1.0, text: "1".to_owned() }
    }

    pub(crate) fn ms() -> Self {
        Self { dimension: Half::of(Dimension::TIME), scale: 1e-3, text: "ms".to_owned() }
    }

    pub(crate) fn unit(unit: &WrittenUnit) -> Self {
        Self { dimension: Half::of(unit.dimension()), scale: unit.unit.scale, text: unit.text.clone() }
    }

    pub(crate) fn is_number(&self) -> bool {
        self.dimension == Half::ONE
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let text = match (self.text.as_str(), other.text.as_str()) {
            ("1", text) | (text, "1") => text.to_owned(),
            (a, b) if b.starts_with("1/") => format!("{a}{}", &b[1..]),
            (a, b) => format!("{a}*{b}"),
        };
        Self::simplified(self.dimension.times(other.dimension), clean(self.scale * other.scale), text)
    }

    pub(crate) fn per(&self, other: &Self) -> Self {
        let text = match (self.text.as_str(), other.text.as_str()) {
            (a, "1") => a.to_owned(),
            (a, b) if a == b => "1".to_owned(),
            (a, b) if b.contains(['*', '/']) => format!("{a}/({b})"),
            (a, b) => format!("{a}/{b}"),
        };
        Self::simplified(self.dimension.per(other.dimension), clean(self.scale / other.scale), text)
    }

    /// The rate of change of this quantity per ms.
    pub(crate) fn rate(&self) -> Self {
        self.per(&Self::ms())
    }

    fn simplified(dimension: Half, scale: f64, text: String) -> Self {
        let text = if dimension == Half::ONE { "1".to_owned() } else { text };
        let text = if text.contains(['*', '/']) { spelling(dimension, scale).unwrap_or(text) } else { text };
        Self { dimension, scale, text }
    }

    /// "a voltage (mV)", "a pure number".
    pub(crate) fn describe(&self) -> String {
        match self.dimension.whole() {
            Some(Dimension::ONE) => "a pure number".to_owned(),
            Some(dimension) if dimension.describe() == NAMELESS => {
                format!("a quantity in {}", self.text)
            }
            Some(dimension) => {
                let words = dimension.describe();
                // "a rate (1/time)" has an explanation of its own.
                format!("{} ({})", words.split(" (").next().unwrap_or(words), self.text)
            }
            None => format!("a quantity in {}", self.text),
        }
    }
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Number(Quantity),
    Truth,
    /// A Rust expression: in the unit of its place.
    Any,
}

/// The unit of one word that this is, as `nS*mV` is `pA`. Rates stay as they are written.
fn spelling(dimension: Half, scale: f64) -> Option<String> {
    const PREFIXES: [&str; 9] = ["", "f", "p", "n", "u", "m", "k", "M", "G"];
    const BASES: [&str; 9] = ["s", "V", "A", "S", "Ohm", "F", "C", "J", "W"];
    let words = BASES.iter().flat_map(|base| PREFIXES.iter().map(move |prefix| format!("{prefix}{base}")));
    words.into_iter().find(|word| {
        Unit::word(word)
            .is_ok_and(|unit| Half::of(unit.dimension) == dimension && (unit.scale / scale - 1.0).abs() < 1e-9)
    })
}

/// A factor without the noise of its computation: 1e-3 / 1e-6 is 1000.
pub(crate) fn clean(factor: f64) -> f64 {
    let exponent = factor.log10().round();
    let near = format!("1e{exponent}").parse().unwrap_or(factor);
    if (factor / near - 1.0).abs() < 1e-12 { near } else { factor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_round() {
        assert_eq!(clean(1e-9 * 1e-3 / 1e-12), 1.0);
        assert_eq!(clean(1e-3 / 1e-6), 1000.0);
        assert_eq!(clean(0.02), 0.02);
    }

    #[test]
    fn noise_times_a_root_of_a_rate_is_a_rate() {
        let rate = Half::of(Dimension::FREQUENCY);
        assert_eq!(rate.power(1).map(|root| root.times(Half::noise())), Some(rate));
    }
}
