//! The results of a sweep as a table.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::error::{RecordError, Result};
use crate::record::Npz;

/// A table of results: a row for each point that is finished, in order of the points.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns: point, what was varied, seed, measures; `error` where points failed.
    pub columns: Vec<Column>,
    /// How many points the sweep has.
    pub points: usize,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// One cell a row.
    pub cells: Cells,
}

/// The cells of a column.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Whole numbers.
    Whole(Vec<u64>),
    /// Numbers; what could not be measured is not a number.
    Numbers(Vec<f64>),
    /// Values that are no numbers, such as distributions.
    Text(Vec<String>),
}

impl PartialEq for Cells {
    /// Numbers are compared bit for bit.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a == b,
            (Self::Numbers(a), Self::Numbers(b)) => a.iter().map(|x| x.to_bits()).eq(b.iter().map(|x| x.to_bits())),
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => false,
        }
    }
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Whole(cells) => cells.len(),
            Self::Numbers(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// A cell as it stands in a `.csv` file.
    fn csv(&self, row: usize) -> String {
        match self {
            Self::Whole(cells) => cells[row].to_string(),
            Self::Numbers(cells) => cells[row].to_string(),
            Self::Text(cells) => quoted(&cells[row]),
        }
    }
}

/// In quotation marks where it must be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

impl Column {
    /// Its name, with its unit in parentheses.
    fn head(&self) -> String {
        if self.unit.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.unit) }
    }
}

impl Table {
    /// The number of rows: of points that are finished.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// Whether no point is finished.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of a column, by name; nothing if there is no such column, or it holds text.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        match &column.cells {
            Cells::Whole(cells) => Some(cells.iter().map(|cell| *cell as f64).collect()),
            Cells::Numbers(cells) => Some(cells.clone()),
            Cells::Text(_) => None,
        }
    }

    /// The table as text: comma-separated values, with names and units in the first line.
    #[must_use]
    pub fn csv(&self) -> String {
        let heads: Vec<_> = self.columns.iter().map(|column| quoted(&column.head())).collect();
        let mut text = heads.join(",") + "\n";
        for row in 0..self.len() {
            let cells: Vec<_> = self.columns.iter().map(|column| column.cells.csv(row)).collect();
            let _ = writeln!(text, "{}", cells.join(","));
        }
        text
    }

    /// Writes the table as a `.csv` file, which appears when it is complete.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let partial = path.with_extension("csv.part");
        fs::write(&partial, self.csv()).map_err(RecordError::io(&partial))?;
        Ok(fs::rename(&partial, path).map_err(RecordError::io(path))?)
    }

    /// Writes the table as an `.npz` file for `numpy.load`: an array for each column, by name.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut file = Npz::create(path)?;
        for Column { name, cells, .. } in &self.columns {
            match cells {
                Cells::Whole(cells) => file.array(name, &[cells.len()], cells.iter().map(|cell| *cell as i64))?,
                Cells::Numbers(cells) => file.array(name, &[cells.len()], cells.iter().copied())?,
                Cells::Text(cells) => file.strings(name, cells)?,
            }
        }
        file.strings("names", &self.columns.iter().map(|column| &column.name[..]).collect::<Vec<_>>())?;
        file.strings("units", &self.columns.iter().map(|column| &column.unit[..]).collect::<Vec<_>>())?;
        file.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let column = |name: &str, unit: &str, cells| Column { name: name.to_owned(), unit: unit.to_owned(), cells };
        let table = Table {
            columns: vec![
                column("point", "", Cells::Whole(vec![0, 2])),
                column("tau", "ms", Cells::Numbers(vec![0.1, f64::NAN])),
                column("v", "", Cells::Text(vec!["normal(1, 2)".to_owned(), "a \"b\"".to_owned()])),
            ],
            points: 3,
        };
        assert_eq!(table.csv(), "point,tau (ms),v\n0,0.1,\"normal(1, 2)\"\n2,NaN,\"a \"\"b\"\"\"\n");
        assert_eq!((table.len(), table.numbers("tau").unwrap()[0], table.numbers("v")), (2, 0.1, None));
    }
}
