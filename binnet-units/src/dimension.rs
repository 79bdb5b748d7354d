//! Dimensions as powers of the seven base quantities; usable in constants.

/// A physical dimension: the powers of time, length, mass, current, temperature and amount.
///
/// Comparisons and products are `const`, so that trait constants can be checked while compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimension {
    powers: [i8; 6],
}

impl Dimension {
    const fn base(index: usize) -> Self {
        let mut powers = [0; 6];
        powers[index] = 1;
        Self { powers }
    }

    /// No dimension: a pure number.
    pub const ONE: Self = Self { powers: [0; 6] };
    /// Time (s).
    pub const TIME: Self = Self::base(0);
    /// Length (m).
    pub const LENGTH: Self = Self::base(1);
    /// Mass (kg).
    pub const MASS: Self = Self::base(2);
    /// Electric current (A).
    pub const CURRENT: Self = Self::base(3);
    /// Temperature (K).
    pub const TEMPERATURE: Self = Self::base(4);
    /// Amount of substance (mol).
    pub const AMOUNT: Self = Self::base(5);
    /// Frequency (Hz).
    pub const FREQUENCY: Self = Self::ONE.per(Self::TIME);
    /// Charge (C).
    pub const CHARGE: Self = Self::CURRENT.times(Self::TIME);
    /// Energy (J).
    pub const ENERGY: Self = Self::MASS.times(Self::LENGTH.powi(2)).per(Self::TIME.powi(2));
    /// Power (W).
    pub const POWER: Self = Self::ENERGY.per(Self::TIME);
    /// Voltage (V).
    pub const VOLTAGE: Self = Self::POWER.per(Self::CURRENT);
    /// Resistance (Ohm).
    pub const RESISTANCE: Self = Self::VOLTAGE.per(Self::CURRENT);
    /// Conductance (S).
    pub const CONDUCTANCE: Self = Self::CURRENT.per(Self::VOLTAGE);
    /// Capacitance (F).
    pub const CAPACITANCE: Self = Self::CHARGE.per(Self::VOLTAGE);
    /// Concentration (mol/l).
    pub const CONCENTRATION: Self = Self::AMOUNT.per(Self::LENGTH.powi(3));

    /// The dimension of a product.
    #[must_use]
    pub const fn times(self, other: Self) -> Self {
        let mut powers = self.powers;
        let mut i = 0;
        while i < powers.len() {
            powers[i] = powers[i].saturating_add(other.powers[i]);
            i += 1;
        }
        Self { powers }
    }

    /// The dimension of a quotient.
    #[must_use]
    pub const fn per(self, other: Self) -> Self {
        self.times(other.powi(-1))
    }

    /// The dimension of an integer power.
    #[must_use]
    pub const fn powi(self, n: i8) -> Self {
        let mut powers = self.powers;
        let mut i = 0;
        while i < powers.len() {
            powers[i] = powers[i].saturating_mul(n);
            i += 1;
        }
        Self { powers }
    }

    /// Whether both are the same dimension; `==` for constants.
    #[must_use]
    pub const fn equals(self, other: Self) -> bool {
        let mut i = 0;
        while i < self.powers.len() {
            if self.powers[i] != other.powers[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The powers of s, m, kg, A, K and mol, for code that is generated.
    #[must_use]
    pub const fn powers(self) -> [i8; 6] {
        self.powers
    }

    /// The dimension with these powers of s, m, kg, A, K and mol.
    #[must_use]
    pub const fn from_powers(powers: [i8; 6]) -> Self {
        Self { powers }
    }

    /// The dimension in words, with its article: "a voltage", "a voltage per time".
    #[must_use]
    pub const fn describe(self) -> &'static str {
        let mut i = 0;
        while i < WORDS.len() {
            if WORDS[i].0.equals(self) {
                return WORDS[i].1;
            }
            i += 1;
        }
        "a quantity of another dimension"
    }
}

/// What the dimensions that occur in neuroscience are called.
const WORDS: &[(Dimension, &str)] = {
    use Dimension as D;
    const AREA: D = D::LENGTH.powi(2);
    &[
        (D::ONE, "a pure number"),
        (D::TIME, "a time"),
        (D::FREQUENCY, "a rate (1/time)"),
        (D::LENGTH, "a length"),
        (AREA, "an area"),
        (D::MASS, "a mass"),
        (D::CURRENT, "a current"),
        (D::TEMPERATURE, "a temperature"),
        (D::AMOUNT, "an amount of substance"),
        (D::CHARGE, "a charge"),
        (D::ENERGY, "an energy"),
        (D::POWER, "a power"),
        (D::VOLTAGE, "a voltage"),
        (D::RESISTANCE, "a resistance"),
        (D::CONDUCTANCE, "a conductance"),
        (D::CAPACITANCE, "a capacitance"),
        (D::CONCENTRATION, "a concentration"),
        (D::VOLTAGE.per(D::TIME), "a voltage per time"),
        (D::CURRENT.per(D::TIME), "a current per time"),
        (D::CONDUCTANCE.per(D::TIME), "a conductance per time"),
        (D::CONDUCTANCE.per(AREA), "a conductance density"),
        (D::CAPACITANCE.per(AREA), "a capacitance density"),
        (D::CURRENT.per(AREA), "a current density"),
    ]
};
