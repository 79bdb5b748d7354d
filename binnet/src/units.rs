//! Quantities outside the macros: `500.ms()`, `(-60).mV()`, and values given as text.

pub use binnet_units::{Dimension, Unit, UnitError};

/// A quantity of any dimension, in coherent SI units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The value in coherent SI units.
    pub si: f64,
    /// Its dimension.
    pub dimension: Dimension,
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
        Ok(Self::from_ms(value * unit.scale * 1e3))
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
        Self { si: time.seconds(), dimension: Dimension::TIME }
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
                    Quantity { si: self.__number() * $scale, dimension: Dimension::$dimension }
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
