//! The bias generator: currents as codes, coarse and fine.
//!
//! Its table is data of the chip's vendor and not part of this library; load your own. Each type of transistor
//! (`N`, `P`) has a table with a row for each coarse code and a column for each fine one. Rows overlap, and are not
//! monotone: the largest code is not always the largest current.

use std::collections::BTreeMap;

use crate::error::{BuildError, Result};

/// A bias as the chip takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BiasCode {
    /// The row of the table.
    pub coarse: u8,
    /// The column of the table.
    pub fine: u8,
}

/// The currents of one type of transistor, in pA.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasTable {
    rows: Vec<Vec<f64>>,
}

impl BiasTable {
    /// A table with a row for each coarse code, of a current (pA) for each fine one.
    ///
    /// # Errors
    /// Without rows, for rows that are empty or have over 256 entries, and for currents that are negative or not finite.
    pub fn new(rows: Vec<Vec<f64>>) -> Result<Self> {
        let wrong = |what: String, problem: &str, help: &str| -> Result<Self> {
            Err(BuildError::Value { what, problem: problem.to_owned(), help: help.to_owned() }.into())
        };
        if rows.is_empty() || rows.len() > 256 {
            return wrong("a bias table".to_owned(), "has no rows, or over 256", "give a row for each coarse code");
        }
        for (coarse, row) in rows.iter().enumerate() {
            if row.is_empty() || row.len() > 256 {
                let help = "give a current for each fine code, 1 to 256 of them";
                return wrong(format!("row {coarse} of a bias table"), &format!("has {} currents", row.len()), help);
            }
            if let Some((fine, bad)) = row.iter().enumerate().find(|(_, i)| !(i.is_finite() && **i >= 0.0)) {
                let what = format!("coarse {coarse}, fine {fine} of a bias table");
                return wrong(what, &format!("is {bad} pA"), "a current is finite and not negative");
            }
        }
        Ok(Self { rows })
    }

    /// Reads a table from text: a line for each coarse code, numbers separated by commas or blanks; lines that are empty or
    /// start with `#` are skipped. `unit` is the size of the numbers in pA: 1e12 for a table in A.
    ///
    /// # Errors
    /// For what is no number (with its line), and as [`new`](Self::new).
    pub fn parse(text: &str, unit: f64) -> Result<Self> {
        let mut rows = Vec::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words = line.split([',', ';', ' ', '\t']).filter(|word| !word.is_empty());
            let row: Result<Vec<f64>, &str> =
                words.map(|word| word.parse::<f64>().map(|x| x * unit).map_err(|_| word)).collect();
            rows.push(row.map_err(|word: &str| BuildError::Value {
                what: format!("line {number} of a bias table"),
                problem: format!("has `{word}`"),
                help: "write numbers, separated by commas or blanks".to_owned(),
            })?);
        }
        Self::new(rows)
    }

    /// The current of a code, in pA; `None` for a code that does not exist.
    #[must_use]
    pub fn current(&self, code: BiasCode) -> Option<f64> {
        self.rows.get(usize::from(code.coarse))?.get(usize::from(code.fine)).copied()
    }

    /// The code whose current is nearest to this one (pA), and that current. Of equally near ones, the smallest coarse code
    /// and then the smallest fine one. All codes are looked at, since rows are not monotone.
    #[must_use]
    pub fn code(&self, current: f64) -> (BiasCode, f64) {
        let mut best = (BiasCode { coarse: 0, fine: 0 }, self.rows[0][0]);
        for (coarse, row) in (0..=u8::MAX).zip(&self.rows) {
            for (fine, &own) in (0..=u8::MAX).zip(row) {
                if (own - current).abs() < (best.1 - current).abs() {
                    best = (BiasCode { coarse, fine }, own);
                }
            }
        }
        best
    }

    /// The smallest and the largest current, in pA.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let all = self.rows.iter().flatten();
        all.fold((f64::INFINITY, 0.0), |(low, high), &i| (low.min(i), high.max(i)))
    }
}

/// What the chip calls the biases of the models.
pub const CHIP_NAMES: [(&str, &str); 23] = [
    ("i_dc", "SOIF_DC_P"),
    ("i_f_nmda", "DENM_NMREV_N"),
    ("i_gain_ahp", "SOAD_GAIN_P"),
    ("i_gain_ampa", "DEAM_EGAIN_P"),
    ("i_gain_gaba", "DEGA_IGAIN_P"),
    ("i_gain_nmda", "DENM_EGAIN_P"),
    ("i_gain_shunt", "DESC_IGAIN_P"),
    ("i_gain_mem", "SOIF_GAIN_N"),
    ("i_pulse_ahp", "SOAD_PWTAU_N"),
    ("i_pulse", "SYPD_EXT_N"),
    ("i_ref", "SOIF_REFR_N"),
    ("i_spkthr", "SOIF_SPKTHR_P"),
    ("i_tau_ahp", "SOAD_TAU_P"),
    ("i_tau_ampa", "DEAM_ETAU_P"),
    ("i_tau_gaba", "DEGA_ITAU_P"),
    ("i_tau_nmda", "DENM_ETAU_P"),
    ("i_tau_shunt", "DESC_ITAU_P"),
    ("i_tau_mem", "SOIF_LEAK_N"),
    ("i_w_0", "SYAM_W0_P"),
    ("i_w_1", "SYAM_W1_P"),
    ("i_w_2", "SYAM_W2_P"),
    ("i_w_3", "SYAM_W3_P"),
    ("i_w_ahp", "SOAD_W_N"),
];

/// The chip's name of a bias; that of the AMPA synapse for the combined one (`i_tau_syn`).
#[must_use]
pub fn chip_name(bias: &str) -> Option<&'static str> {
    let bias = match bias {
        "i_tau_syn" => "i_tau_ampa",
        "i_gain_syn" => "i_gain_ampa",
        other => other,
    };
    CHIP_NAMES.iter().find(|(own, _)| *own == bias).map(|(_, chip)| *chip)
}

/// The bias generator of a chip: a table for each type of transistor, and a factor for each bias.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasGenerator {
    n: BiasTable,
    p: BiasTable,
    scales: BTreeMap<String, f64>,
}

impl BiasGenerator {
    /// A generator whose factors are all 1.
    #[must_use]
    pub fn new(n: BiasTable, p: BiasTable) -> Self {
        Self { n, p, scales: BTreeMap::new() }
    }

    /// The same with a factor for a bias, by its name on the chip: its current is that of the table times the factor.
    ///
    /// # Errors
    /// For a factor that is not above 0, and a name that ends neither in `_N` nor in `_P`.
    pub fn scale(mut self, chip_name: &str, factor: f64) -> Result<Self> {
        self.table(chip_name)?;
        if !(factor.is_finite() && factor > 0.0) {
            return Err(BuildError::Value {
                what: format!("the factor of `{chip_name}`"),
                problem: format!("is {factor}"),
                help: "a factor is above 0".to_owned(),
            }
            .into());
        }
        self.scales.insert(chip_name.to_owned(), factor);
        Ok(self)
    }

    fn table(&self, chip_name: &str) -> Result<&BiasTable> {
        // The last letter says which transistor it is.
        match chip_name.as_bytes().last() {
            Some(b'N') => Ok(&self.n),
            Some(b'P') => Ok(&self.p),
            _ => Err(BuildError::Value {
                what: format!("the bias `{chip_name}`"),
                problem: "is of no type".to_owned(),
                help: "names on the chip end in N or P, as `SOIF_LEAK_N`".to_owned(),
            }
            .into()),
        }
    }

    fn factor(&self, chip_name: &str) -> f64 {
        self.scales.get(chip_name).copied().unwrap_or(1.0)
    }

    /// The current (pA) of a bias on the chip with this code.
    ///
    /// # Errors
    /// For a code that the table does not have, and a name without a type.
    pub fn current(&self, chip_name: &str, code: BiasCode) -> Result<f64> {
        let current = self.table(chip_name)?.current(code).ok_or_else(|| BuildError::Value {
            what: format!("code ({}, {}) of `{chip_name}`", code.coarse, code.fine),
            problem: "is not in the table".to_owned(),
            help: "codes are (coarse, fine), both from 0".to_owned(),
        })?;
        Ok(self.factor(chip_name) * current)
    }

    /// The code that comes nearest to a current (pA) of a bias on the chip, and the current that it gives.
    ///
    /// # Errors
    /// For a name without a type.
    pub fn code(&self, chip_name: &str, current: f64) -> Result<(BiasCode, f64)> {
        let factor = self.factor(chip_name);
        let (code, own) = self.table(chip_name)?.code(current / factor);
        Ok((code, factor * own))
    }

    /// The smallest and the largest current (pA) of a bias on the chip.
    ///
    /// # Errors
    /// For a name without a type.
    pub fn range(&self, chip_name: &str) -> Result<(f64, f64)> {
        let (factor, (low, high)) = (self.factor(chip_name), self.table(chip_name)?.range());
        Ok((factor * low, factor * high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A made-up table: rows a factor 8 apart, each nearly linear, with a drop at every 32nd code.
    fn table(top: f64) -> BiasTable {
        let row = |full: f64| {
            let current = |fine: u32| {
                let drop = 1.7 * f64::from(fine / 32);
                full * (f64::from(fine) - drop + 1.5) / 245.0 + 0.4
            };
            (0..256).map(current).collect::<Vec<_>>()
        };
        BiasTable::new((0..6).map(|coarse| row(top * 8.0_f64.powi(coarse))).collect()).unwrap()
    }

    #[test]
    fn the_table_is_not_monotone() {
        let table = table(70.0);
        let row = &table.rows[2];
        assert!((1..8).all(|k| row[32 * k] < row[32 * k - 1]), "it drops at 32, 64, ..");
        assert!(table.rows[3][0] < row[255], "rows overlap");
        // A search that halves the range would go astray: all codes come back, or one of the same current.
        for coarse in 0..6 {
            for fine in 0..=255 {
                let code = BiasCode { coarse, fine };
                let current = table.current(code).unwrap();
                let (found, own) = table.code(current);
                assert_eq!(own, current);
                assert!(found <= code, "the smallest of equally good ones");
            }
        }
        assert_eq!(table.current(BiasCode { coarse: 6, fine: 0 }), None);
        assert_eq!(table.code(1e12).1, table.range().1);
        assert_eq!(table.code(0.0).1, table.range().0);
    }

    #[test]
    fn factors_and_types() {
        let generator = BiasGenerator::new(table(70.0), table(60.0)).scale("SOIF_LEAK_N", 0.5).unwrap();
        let code = BiasCode { coarse: 1, fine: 40 };
        let (n, p) = (generator.n.current(code).unwrap(), generator.p.current(code).unwrap());
        assert_eq!(generator.current("SOIF_LEAK_N", code).unwrap(), 0.5 * n);
        assert_eq!(generator.current("SOIF_REFR_N", code).unwrap(), n);
        assert_eq!(generator.current("SOIF_DC_P", code).unwrap(), p);
        let (found, current) = generator.code("SOIF_LEAK_N", 0.5 * n).unwrap();
        assert_eq!((found, current), (code, 0.5 * n));
        assert_eq!(generator.range("SOIF_LEAK_N").unwrap().0, 0.5 * generator.n.range().0);
        for error in [
            generator.current("SOIF_LEAK", code).unwrap_err(),
            generator.current("SOIF_DC_P", BiasCode { coarse: 9, fine: 0 }).unwrap_err(),
            generator.clone().scale("SOIF_DC_P", 0.0).unwrap_err(),
        ] {
            assert!(error.to_string().contains("help: "), "{error}");
        }
        assert_eq!(chip_name("i_tau_syn"), Some("DEAM_ETAU_P"));
        assert_eq!(chip_name("c_mem"), None);
    }

    #[test]
    fn tables_from_text() {
        let table = BiasTable::parse("# A\n1e-12, 2e-12\n\n 8e-12\t4e-12 ", 1e12).unwrap();
        assert_eq!(table.rows, [[1.0, 2.0], [8.0, 4.0]]);
        assert_eq!(table.code(3.0), (BiasCode { coarse: 0, fine: 1 }, 2.0), "the smallest coarse code of two");
        for (text, words) in [
            ("", "no rows"),
            ("1 2\n3 x", "line 2 of a bias table has `x`"),
            ("1 -2", "coarse 0, fine 1 of a bias table is -2 pA"),
            ("1 nan", "is NaN pA"),
        ] {
            let error = BiasTable::parse(text, 1.0).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_code_is_the_nearest_of_all(current in -10.0..4e6_f64) {
            let table = table(70.0);
            let (code, own) = table.code(current);
            prop_assert_eq!(table.current(code), Some(own));
            let near = table.rows.iter().flatten().map(|i| (i - current).abs()).fold(f64::INFINITY, f64::min);
            prop_assert_eq!((own - current).abs(), near);
        }
    }
}
