//! Charts side by side.

use std::path::Path;

use super::chart::{Chart, Fitted, LARGE, Rectangle, SMALL};
use super::page;
use super::scene::{Anchor, Rgb, Scene};
use crate::error::Result;

/// Between the columns.
const GAP: f64 = 12.0;

/// Starts a figure of many charts in columns, row by row. A label that a whole row or column shares is
/// written once; sizes of the charts themselves do not count.
///
/// ```no_run
/// # fn example(charts: Vec<binnet::plot::Chart>) -> binnet::Result<()> {
/// binnet::plot::grid(3, charts).title("three by three").save("all.png")?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn grid(columns: usize, charts: impl IntoIterator<Item = Chart>) -> Grid {
    Grid { charts: charts.into_iter().collect(), columns: columns.max(1), title: String::new(), size: None }
}

/// Charts side by side, drawn when they are saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    charts: Vec<Chart>,
    columns: usize,
    title: String,
    size: Option<(f64, f64)>,
}

impl Grid {
    /// The title above the figure.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Width and height in units of the SVG file; the text keeps its size. A PNG file has twice as
    /// many pixels each way.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = Some((f64::from(width), f64::from(height)));
        self
    }

    /// Writes the figure; `.svg` or `.png`, by the ending of the name.
    ///
    /// # Errors
    /// As for [`Chart::save`], of any of the charts.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        page::save(path.as_ref(), || self.draw())
    }

    fn draw(&self) -> Result<Scene, String> {
        let columns = self.columns.min(self.charts.len());
        if columns == 0 {
            return Err("there is nothing to draw".to_owned());
        }
        let style = &SMALL;
        let rows = self.charts.len().div_ceil(columns);
        let mut scene = page::scene(self.size.unwrap_or((1100.0, (60.0 + 180.0 * rows as f64).max(280.0))))?;
        let mut top = 6.0;
        if !self.title.is_empty() {
            scene.text((16.0, 24.0), self.title.as_str(), LARGE.title, Anchor::Start, Rgb::INK);
            top = 38.0;
        }
        // First heights, then widths: what is left of a panel depends on its marks, hence on its height.
        let label = |row: usize, column: usize| self.charts.get(row * columns + column).map(Chart::x_kind);
        let column_agrees =
            |column: usize| (1..rows).all(|row| label(row, column).is_none_or(|own| label(0, column) == Some(own)));
        let below = |row: usize, column: usize| {
            label(row, column).is_some() && (label(row + 1, column).is_none() || !column_agrees(column))
        };
        let foot: Vec<_> = (0..rows).map(|row| style.below((0..columns).any(|column| below(row, column)))).collect();
        let taken = top + foot.iter().sum::<f64>() + rows as f64 * style.heading();
        let height = (scene.height - taken - 4.0) / rows as f64;
        let fitted: Vec<_> =
            self.charts.iter().map(|chart| Fitted::new(chart, height, style)).collect::<Result<_, _>>()?;
        let at = |row: usize, column: usize| fitted.get(row * columns + column);

        let row_agrees = |row: usize| {
            let labels = |column| at(row, column).map(Fitted::y_labels);
            (1..columns).all(|column| labels(column).is_none_or(|own| labels(0) == Some(own)))
        };
        let labelled = |row: usize, column: usize| (below(row, column), column == 0 || !row_agrees(row));
        let mut left = vec![0.0_f64; columns];
        let mut right = vec![0.0_f64; columns];
        for (number, fitted) in fitted.iter().enumerate() {
            let (row, column) = (number / columns, number % columns);
            left[column] = left[column].max(fitted.left(style, labelled(row, column).1));
            right[column] = right[column].max(fitted.right(style));
        }
        let taken: f64 = left.iter().chain(&right).sum::<f64>() + GAP * (columns - 1) as f64;
        let width = ((scene.width - taken - 8.0) / columns as f64).floor();
        for (number, fitted) in fitted.iter().enumerate() {
            let (row, column) = (number / columns, number % columns);
            let before: f64 = left[..=column].iter().chain(&right[..column]).sum();
            let area = Rectangle {
                left: left[column],
                x: (4.0 + before + (width + GAP) * column as f64).round(),
                y: (top + foot[..row].iter().sum::<f64>() + row as f64 * (height + style.heading()) + style.heading())
                    .round(),
                width,
                height,
            };
            fitted.draw(&mut scene, &area, style, labelled(row, column))?;
        }
        Ok(scene)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Panel, lines, xy};
    use super::*;

    #[test]
    fn shared_labels_are_written_once() {
        let cell = |label: &str| lines([Panel::new(label).line("", [0.0, 10.0], [0.0, 1.0])]).title("cell");
        let folder = std::env::temp_dir().join(format!("binnet-grid-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let svg = folder.join("a.svg");
        grid(2, [cell("v (mV)"), cell("v (mV)"), cell("v (mV)"), cell("w"), cell("v (mV)")])
            .title("all")
            .save(&svg)
            .unwrap();
        let text = std::fs::read_to_string(&svg).unwrap();
        let count = |part: &str| text.matches(part).count();
        assert_eq!((count(">cell<"), count(">v (mV)<"), count(">w<")), (5, 3, 1));
        assert_eq!(count(">time (ms)<"), 2, "below the last chart of each column");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let error = |grid: Grid| grid.save("a.svg").unwrap_err().to_string();
        let cell = || xy("i", Panel::new("rate").dots("", [0.0], [0.0]));
        assert!(error(grid(0, [])).contains("nothing to draw"));
        assert!(error(grid(2, [cell(), lines([])])).contains("nothing to draw"));
        assert!(error(grid(1, vec![cell(); 20]).size(300, 300)).contains("no room"));
        assert!(error(grid(20, vec![cell(); 20]).size(300, 300)).contains("no room"));
    }
}
