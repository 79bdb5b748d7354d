//! Quantities outside the macros: `500.ms()`, `(-60).mV()`, and values given as text.

pub use binnet_units::{Dimension, Unit, UnitError};

/// A quantity of any dimension: a number and its unit.
///
/// ```
/// use binnet::units::Units as _;
/// assert_eq!(1.nA(), 1000.pA());
/// assert_eq!((-60).mV().to_string(), "-60 mV");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// The value, in the unit in which it was given: so that no digit is lost on the way.
    pub value: f64,
    /// The dimension of the unit.
    pub dimension: Dimension,
    scale: f64,
    spelling: &'static str,
}

impl Quantity {
    /// A number in a unit.
    #[must_use]
    pub const fn new(value: f64, unit: Unit) -> Self {
        Self { value, dimension: unit.dimension, scale: unit.scale, spelling: "" }
    }

    /// The value in coherent SI units.
    #[must_use]
    pub const fn si(&self) -> f64 {
        self.value * self.scale
    }

    /// Its unit.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        Unit { dimension: self.dimension, scale: self.scale }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.dimension == other.dimension
            && self.value == other.value * crate::population::ratio(other.scale, self.scale)
    }
}

impl core::fmt::Display for Quantity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.spelling {
            "" if self.dimension == Dimension::ONE => self.si().fmt(f),
            "" => write!(f, "{:e} in SI units", self.si()),
            spelling => write!(f, "{} {spelling}", self.value),
        }
    }
}

/// A duration or point in time, kept in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Time {
    ms: f64,
}

impl Time {
    /// A time in milliseconds.
    #[must_use]
    pub const fn from_ms(ms: f64) -> Self {
        Self { ms }
    }

    /// The time in milliseconds.
    #[must_use]
    pub const fn ms(self) -> f64 {
        self.ms
    }

    /// The time in seconds.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.ms * 1e-3
    }

    /// Reads a time: `500 ms`, `2.5s`.
    ///
    /// # Errors
    /// When the text is no number with a unit of time.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (value, unit) = Unit::parse_quantity(text)?;
        if unit.dimension != Dimension::TIME {
            return Err(UnitError { part: text.trim().to_owned(), suggestion: Some(format!("{value} ms")) });
        }
        Ok(Self::from_ms(value * crate::population::ratio(unit.scale, 1e-3)))
    }
}

impl core::str::FromStr for Time {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        Self::parse(text)
    }
}

impl From<Time> for Quantity {
    fn from(time: Time) -> Self {
        Self { value: time.ms(), dimension: Dimension::TIME, scale: 1e-3, spelling: "ms" }
    }
}

macro_rules! units {
    ($( $(#[$doc:meta])* $method:ident: $dimension:ident * $scale:literal; )*) => {
        /// Units as methods of numbers: `20.ms()`, `(-60).mV()`, `0.5.nS()`.
        ///
        /// Times give a [`Time`], everything else a [`Quantity`].
        #[allow(non_snake_case, reason = "units are written as the SI writes them")]
        pub trait Units: Sized {
            #[doc(hidden)]
            fn __number(self) -> f64;

            /// Microseconds.
            fn us(self) -> Time { Time::from_ms(self.__number() * 1e-3) }
            /// Milliseconds.
            fn ms(self) -> Time { Time::from_ms(self.__number()) }
            /// Seconds.
            fn s(self) -> Time { Time::from_ms(self.__number() * 1e3) }
            $(
                $(#[$doc])*
                fn $method(self) -> Quantity {
                    Quantity {
                        value: self.__number(),
                        dimension: Dimension::$dimension,
                        scale: $scale,
                        spelling: stringify!($method),
                    }
                }
            )*
        }
    };
}

units! {
    /// Volts.
    V: VOLTAGE * 1.0;
    /// Millivolts.
    mV: VOLTAGE * 1e-3;
    /// Microamperes.
    uA: CURRENT * 1e-6;
    /// Nanoamperes.
    nA: CURRENT * 1e-9;
    /// Picoamperes.
    pA: CURRENT * 1e-12;
    /// Millisiemens.
    mS: CONDUCTANCE * 1e-3;
    /// Microsiemens.
    uS: CONDUCTANCE * 1e-6;
    /// Nanosiemens.
    nS: CONDUCTANCE * 1e-9;
    /// Microfarads.
    uF: CAPACITANCE * 1e-6;
    /// Nanofarads.
    nF: CAPACITANCE * 1e-9;
    /// Picofarads.
    pF: CAPACITANCE * 1e-12;
    /// Megaohms.
    MOhm: RESISTANCE * 1e6;
    /// Hertz.
    Hz: FREQUENCY * 1.0;
    /// Kilohertz.
    kHz: FREQUENCY * 1e3;
}

impl Units for f64 {
    fn __number(self) -> f64 {
        self
    }
}

impl Units for i32 {
    fn __number(self) -> f64 {
        f64::from(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_and_written() {
        assert_eq!(Time::parse("2.5 s").unwrap(), 2500.ms());
        assert_eq!(0.5.s().ms(), 500.0);
        assert_eq!(250.us().ms(), 0.25);
        assert!(Time::parse("5 mV").is_err());
        assert!("".parse::<Time>().is_err());
        assert_eq!((-60).mV().dimension, Dimension::VOLTAGE);
    }
}
