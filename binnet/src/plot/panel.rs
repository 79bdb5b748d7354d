//! A panel of a chart: lines and dots over one horizontal axis.

use core::borrow::Borrow;

use crate::clocked::Trace;

/// What joins the points of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Dots,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
}

/// One panel of a [`Chart`](super::Chart): a vertical axis with its lines, dots and spikes.
///
/// Values that are no numbers leave gaps. Points may be `f64` or references to it: slices, vectors,
/// columns of arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    pub(super) label: String,
    pub(super) series: Vec<Series>,
    pub(super) spikes: Vec<f64>,
    pub(super) range: Option<(f64, f64)>,
    pub(super) height: f64,
    pub(super) muted: bool,
}

impl Panel {
    /// An empty panel; the label says what the vertical axis shows, with its unit: `v (mV)`.
    pub fn new(label: impl Into<String>) -> Self {
        let label = label.into();
        Self { label, series: Vec::new(), spikes: Vec::new(), range: None, height: 1.0, muted: false }
    }

    /// A recorded variable, labelled with its name and unit; a line for each neuron.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let label = match unit(trace.unit()) {
            unit if unit.is_empty() => trace.variable().to_owned(),
            unit => format!("{} ({unit})", trace.variable()),
        };
        Self::new(label).trace("", trace)
    }

    /// Adds a line through points. Names are shown beside a panel that has several.
    #[must_use]
    pub fn line<X: Borrow<f64>, Y: Borrow<f64>>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = X>,
        y: impl IntoIterator<Item = Y>,
    ) -> Self {
        self.series(name.into(), Kind::Line, x, y)
    }

    /// Adds points as dots.
    #[must_use]
    pub fn dots<X: Borrow<f64>, Y: Borrow<f64>>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = X>,
        y: impl IntoIterator<Item = Y>,
    ) -> Self {
        self.series(name.into(), Kind::Dots, x, y)
    }

    /// Adds a recorded variable, a line for each neuron; the number of the neuron follows the name if there
    /// are several.
    #[must_use]
    pub fn trace(mut self, name: &str, trace: &Trace) -> Self {
        let (times, values) = (trace.times(), trace.values());
        for (column, neuron) in values.columns().into_iter().zip(trace.columns()) {
            let several = if values.ncols() > 1 { neuron.to_string() } else { String::new() };
            let name = format!("{name} {several}").trim().to_owned();
            self = self.line(name, &times, column);
        }
        self
    }

    /// Marks spikes at these times (in ms) along the top.
    #[must_use]
    pub fn spikes<X: Borrow<f64>>(mut self, times: impl IntoIterator<Item = X>) -> Self {
        self.spikes.extend(times.into_iter().map(|time| *time.borrow()));
        self
    }

    /// The ends of the vertical axis; chosen to fit otherwise.
    #[must_use]
    pub fn range(mut self, from: f64, to: f64) -> Self {
        self.range = Some((from, to));
        self
    }

    /// The height of the panel relative to the others, which have 1.
    #[must_use]
    pub fn height(mut self, height: f64) -> Self {
        self.height = height;
        self
    }

    /// Draws a single line in grey: something that is given rather than found, such as a stimulus.
    #[must_use]
    pub fn muted(mut self) -> Self {
        self.muted = true;
        self
    }

    fn series<X: Borrow<f64>, Y: Borrow<f64>>(
        mut self,
        name: String,
        kind: Kind,
        x: impl IntoIterator<Item = X>,
        y: impl IntoIterator<Item = Y>,
    ) -> Self {
        let x = x.into_iter().map(|x| *x.borrow()).collect();
        let y = y.into_iter().map(|y| *y.borrow()).collect();
        self.series.push(Series { name, kind, x, y });
        self
    }

    /// Whether the names of its lines are written down.
    pub(super) fn has_legend(&self) -> bool {
        self.series.len() > 1 && self.series.iter().any(|series| !series.name.is_empty())
    }
}

/// A unit as it is printed: `uA/cm2` as `µA/cm²`, nothing for numbers.
fn unit(text: &str) -> String {
    if text == "1" {
        return String::new();
    }
    let mut out = String::new();
    for part in text.replace("Ohm", "Ω").split_inclusive(['/', '*', ' ', '(', ')']) {
        let part = match part.strip_prefix('u') {
            Some(rest) if rest.starts_with(char::is_alphabetic) => format!("µ{rest}"),
            _ => part.to_owned(),
        };
        let mut after_letter = false;
        for c in part.chars() {
            out.push(match c {
                '2' if after_letter => '²',
                '3' if after_letter => '³',
                '*' => '·',
                '^' => continue,
                _ => c,
            });
            after_letter = c.is_alphabetic();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_printed() {
        for (text, printed) in [("uA/cm2", "µA/cm²"), ("MOhm", "MΩ"), ("1", ""), ("mV", "mV"), ("1/ms", "1/ms")] {
            assert_eq!(unit(text), printed);
        }
        assert_eq!(unit("m^3*us"), "m³·µs");
    }

    #[test]
    fn points_come_in_many_forms() {
        let slice = [2.0, 3.0];
        let panel = Panel::new("").line("a", [0.0, 1.0], slice.iter()).dots("b", vec![0.0], ndarray::array![1.0]);
        assert_eq!(panel.series[0].y, [2.0, 3.0]);
        assert!(panel.has_legend() && !Panel::new("v").line("v", [0.0], [0.0]).has_legend());
    }
}
