//! Charts: panels stacked over one another, with one horizontal axis for all.

use std::path::Path;

use super::panel::{Kind, Panel};
use super::scene::{Anchor, Rgb, Scene};
use super::{axis, bitmap, colour, page};
use crate::error::Result;
use crate::units::Time;

/// Starts a chart over time: panels from top to bottom with one time axis in ms.
///
/// Long traces are reduced to what the pixels show; no extreme is lost.
///
/// ```
/// use binnet::plot::{self, Panel};
///
/// # fn main() -> binnet::Result<()> {
/// # let folder = std::env::temp_dir();
/// let times: Vec<f64> = (0..1000).map(|k| 0.1 * f64::from(k)).collect();
/// let wave = |hertz: f64| times.iter().map(move |ms| (hertz * ms * 1e-3 * 6.283).sin()).collect::<Vec<_>>();
/// plot::lines([
///     Panel::new("two waves").line("20 Hz", &times, wave(20.0)).line("50 Hz", &times, wave(50.0)),
///     Panel::new("voltage (mV)").line("", &times, wave(10.0)).spikes([25.0, 75.0]).height(0.5),
/// ])
/// .title("waves")
/// .save(folder.join("waves.svg"))?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn lines(panels: impl IntoIterator<Item = Panel>) -> Chart {
    Chart { panels: panels.into_iter().collect(), x: None, shown: None, title: String::new(), size: None }
}

/// Starts a chart of one quantity against another; `label` says what the horizontal axis shows.
///
/// ```no_run
/// # fn example(currents: &[f64], rates: &[f64]) -> binnet::Result<()> {
/// use binnet::plot::{self, Panel};
/// plot::xy("current (nA)", Panel::new("rate (Hz)").dots("", currents, rates)).save("curve.png")?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn xy(label: impl Into<String>, panel: Panel) -> Chart {
    Chart { x: Some(label.into()), ..lines([panel]) }
}

/// Panels over one horizontal axis, drawn when they are saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    panels: Vec<Panel>,
    /// The label of the horizontal axis; `None` for time.
    x: Option<String>,
    shown: Option<(f64, f64)>,
    title: String,
    size: Option<(f64, f64)>,
}

impl Chart {
    /// The title above the chart.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Shows only the time from `from` to `to`.
    #[must_use]
    pub fn window(self, from: Time, to: Time) -> Self {
        self.x_range(from.ms(), to.ms())
    }

    /// The ends of the horizontal axis; chosen to fit otherwise.
    #[must_use]
    pub fn x_range(mut self, from: f64, to: f64) -> Self {
        self.shown = Some((from, to));
        self
    }

    /// Width and height in units of the SVG file; the text keeps its size. A PNG file has twice as
    /// many pixels each way.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = Some((f64::from(width), f64::from(height)));
        self
    }

    /// Writes the chart; `.svg` or `.png`, by the ending of the name.
    ///
    /// # Errors
    /// For other endings, if there is nothing to draw, for series with unequal numbers of x and y, for
    /// sizes that leave no room, and if writing fails.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        page::save(path.as_ref(), || self.draw())
    }

    /// What the horizontal axis shows; `None` for time, whose unit depends on its length.
    pub(super) fn x_kind(&self) -> Option<&str> {
        self.x.as_deref()
    }

    fn draw(&self) -> Result<Scene, String> {
        let shares: f64 = self.panels.iter().map(|panel| panel.height).sum();
        let standard = if self.x.is_some() { (640.0, 440.0) } else { (1000.0, (110.0 + 170.0 * shares).max(280.0)) };
        let mut scene = page::scene(self.size.unwrap_or(standard))?;
        let style = &LARGE;
        let top = if self.title.is_empty() { 14.0 } else { style.heading() };
        let fitted = Fitted::new(self, scene.height - top - style.below(true), style)?;
        let left = fitted.left(style, true);
        let right = fitted.right(style);
        let area = Rectangle { left, x: left, y: top, width: scene.width - left - right, height: fitted.height };
        fitted.draw(&mut scene, &area, style, (true, true))?;
        Ok(scene)
    }
}

/// Sizes of text and lines.
#[derive(Debug)]
pub(super) struct Style {
    pub(super) title: f64,
    label: f64,
    tick: f64,
    line: f64,
    dot: f64,
    /// Between panels.
    gap: f64,
    /// The width that a label of the horizontal axis needs.
    spacing: f64,
    /// Whether names stand inside the panel instead of beside it.
    inside: bool,
}

pub(super) const LARGE: Style = Style {
    title: page::TITLE,
    label: page::LABEL,
    tick: page::TICK,
    line: 1.4,
    dot: 2.6,
    gap: 14.0,
    spacing: 110.0,
    inside: false,
};

/// For grids of many charts.
pub(super) const SMALL: Style =
    Style { title: 12.5, label: 11.5, tick: 10.0, line: 1.1, dot: 1.7, gap: 7.0, spacing: 58.0, inside: true };

impl Style {
    /// The height that a title takes.
    pub(super) fn heading(&self) -> f64 {
        2.0 * self.title + 2.0
    }

    /// The height that the horizontal axis takes.
    pub(super) fn below(&self, labelled: bool) -> f64 {
        let label = if labelled { self.label + 9.0 } else { 0.0 };
        2.0 * self.tick + label
    }
}

/// Where the panels of a chart go, without what stands around them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rectangle {
    /// The room for marks and labels left of it.
    pub(super) left: f64,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A chart whose axes are known.
#[derive(Debug)]
pub(super) struct Fitted<'a> {
    chart: &'a Chart,
    x: (f64, f64),
    /// Range, top and height of each panel.
    panels: Vec<((f64, f64), f64, f64)>,
    height: f64,
}

impl<'a> Fitted<'a> {
    /// Panels that share `height`.
    pub(super) fn new(chart: &'a Chart, height: f64, style: &Style) -> Result<Self, String> {
        for panel in &chart.panels {
            if let Some(series) = panel.series.iter().find(|series| series.x.len() != series.y.len()) {
                let (x, y) = (series.x.len(), series.y.len());
                return Err(format!("`{}` of `{}` has {x} positions, but {y} values", series.name, panel.label));
            }
            let share = panel.height;
            if !(share > 0.0 && share.is_finite()) {
                return Err(format!(
                    "the height of `{}` is {share}; it is relative to the others, which have 1",
                    panel.label
                ));
            }
        }
        let places = chart.panels.iter().flat_map(|panel| panel.series.iter().flat_map(|s| &s.x).chain(&panel.spikes));
        let x = match (chart.shown, extent(places.copied())) {
            (Some(shown), _) => shown,
            (None, Some(found)) if chart.x.is_some() => padded(found, 0.03),
            (None, Some(found)) => found,
            (None, None) => return Err("there is nothing to draw".to_owned()),
        };
        if !(x.0 < x.1 && (x.1 - x.0).is_finite()) {
            return Err(format!("there is nothing to draw from {} to {}", x.0, x.1));
        }
        let mut inked = false;
        let gaps = style.gap * chart.panels.len().saturating_sub(1) as f64;
        let shares: f64 = chart.panels.iter().map(|panel| panel.height).sum();
        let mut top = 0.0;
        let mut panels = Vec::with_capacity(chart.panels.len());
        for panel in &chart.panels {
            let shown = panel.series.iter().flat_map(|s| s.x.iter().zip(&s.y).filter(|(at, _)| within(**at, x)));
            let found = extent(shown.map(|(_, y)| *y));
            inked |= found.is_some() || panel.spikes.iter().any(|at| within(*at, x));
            let range = panel.range.unwrap_or_else(|| padded(found.unwrap_or((0.0, 1.0)), 0.07));
            if !(range.0 < range.1 && (range.1 - range.0).is_finite()) {
                return Err(format!("the axis of `{}` goes from {} to {}", panel.label, range.0, range.1));
            }
            let own = ((height - gaps) * panel.height / shares).floor();
            if own < 16.0 {
                return Err(format!("the size leaves no room for {} panels", chart.panels.len()));
            }
            panels.push((range, top, own));
            top += own + style.gap;
        }
        if !inked {
            return Err(format!("there is nothing to draw from {} to {}", x.0, x.1));
        }
        Ok(Self { chart, x, panels, height: top - style.gap })
    }

    /// The label of the horizontal axis, with the unit of time that suits its length.
    fn x_label(&self) -> String {
        match &self.chart.x {
            Some(label) => label.clone(),
            None => format!("time ({})", axis::time_ticks(self.x.0, self.x.1, 2).1),
        }
    }

    /// The labels of the vertical axes.
    pub(super) fn y_labels(&self) -> Vec<&str> {
        self.chart.panels.iter().map(|panel| panel.label.as_str()).collect()
    }

    /// What is needed left of the panels.
    pub(super) fn left(&self, style: &Style, labelled: bool) -> f64 {
        let ticks = self.panels.iter().flat_map(|(range, _, height)| y_ticks(*range, *height, style));
        let widest = ticks.map(|(_, label)| bitmap::width(&label, style.tick)).fold(0.0, f64::max);
        let labels = if labelled { self.label_lines(style).iter().map(Vec::len).max().unwrap_or(0) } else { 0 };
        widest + 14.0 + labels as f64 * (style.label + 5.0)
    }

    /// What is needed right of the panels.
    pub(super) fn right(&self, style: &Style) -> f64 {
        let named = self.chart.panels.iter().filter(|panel| panel.has_legend() && !style.inside);
        let names = named.flat_map(|panel| &panel.series).map(|series| bitmap::width(&series.name, style.tick));
        names.fold(style.tick, |widest, name| f64::max(widest, name + 48.0))
    }

    /// The labels of the panels, with their units on lines of their own where they are too long.
    fn label_lines(&self, style: &Style) -> Vec<Vec<String>> {
        let lines = |(panel, (_, _, height)): (&Panel, &(_, f64, f64))| {
            let long = bitmap::width(&panel.label, style.label) > height + style.gap;
            match panel.label.split_once(" (") {
                _ if panel.label.is_empty() => Vec::new(),
                Some((name, unit)) if long => vec![name.to_owned(), format!("({unit}")],
                _ => vec![panel.label.clone()],
            }
        };
        self.chart.panels.iter().zip(&self.panels).map(lines).collect()
    }

    /// Draws everything; labels of the horizontal and vertical axes if `labelled`.
    pub(super) fn draw(
        &self,
        scene: &mut Scene,
        area: &Rectangle,
        style: &Style,
        labelled: (bool, bool),
    ) -> Result<(), String> {
        if area.width < 60.0 {
            return Err("the size leaves no room between the labels".to_owned());
        }
        if !self.chart.title.is_empty() {
            let at = (area.x, area.y - 0.55 * style.title - 6.0);
            scene.text(at, self.chart.title.as_str(), style.title, Anchor::Start, Rgb::INK);
        }
        let (marks, _) = match self.chart.x {
            None => axis::time_ticks(self.x.0, self.x.1, (area.width / style.spacing) as usize),
            Some(_) => (axis::ticks(self.x.0, self.x.1, (area.width / style.spacing) as usize), ""),
        };
        let x = |value: f64| area.x + (value - self.x.0) / (self.x.1 - self.x.0) * area.width;
        for (number, ((panel, lines), (range, top, height))) in
            self.chart.panels.iter().zip(self.label_lines(style)).zip(&self.panels).enumerate()
        {
            let inner = Rectangle { y: area.y + top, height: *height, ..*area };
            self.panel(scene, panel, *range, &inner, style);
            scene.frame((inner.x, inner.y), (inner.width, inner.height), Rgb::INK);
            let bottom = inner.y + inner.height;
            for (at, label) in &marks {
                scene.line((x(*at), bottom), (x(*at), bottom + 4.0), Rgb::INK);
                if number + 1 == self.panels.len() {
                    scene.text(
                        (x(*at), bottom + 5.0 + 0.75 * style.tick),
                        label.as_str(),
                        style.tick,
                        Anchor::Middle,
                        Rgb::INK,
                    );
                }
            }
            if labelled.1 {
                // Labels of all panels stand in one column.
                for (line, text) in lines.iter().enumerate() {
                    let column = area.x - area.left + (line as f64 + 0.65) * (style.label + 3.0);
                    scene.upright((column, inner.y + inner.height / 2.0), text.as_str(), style.label, Rgb::INK);
                }
            }
        }
        if labelled.0 {
            let at = (area.x + area.width / 2.0, area.y + self.height + style.below(true) - style.label);
            scene.text(at, self.x_label(), style.label, Anchor::Middle, Rgb::INK);
        }
        Ok(())
    }

    /// Draws what is in a frame, and the marks on its left.
    fn panel(&self, scene: &mut Scene, panel: &Panel, range: (f64, f64), area: &Rectangle, style: &Style) {
        // Spikes have a strip of their own above the lines.
        let strip = if panel.spikes.is_empty() { 0.0 } else { 0.9 * style.tick + 4.0 };
        let bottom = area.y + area.height;
        let x = |value: f64| area.x + (value - self.x.0) / (self.x.1 - self.x.0) * area.width;
        let y = |value: f64| bottom - (value - range.0) / (range.1 - range.0) * (area.height - strip);
        for (at, label) in y_ticks(range, area.height, style) {
            scene.line((area.x - 4.0, y(at)), (area.x, y(at)), Rgb::INK);
            scene.text((area.x - 8.0, y(at)), label, style.tick, Anchor::End, Rgb::INK);
        }
        for at in panel.spikes.iter().filter(|at| within(**at, self.x)) {
            scene.path(vec![(x(*at), area.y + 4.0), (x(*at), area.y + strip - 2.0)], 1.2, Rgb::INK);
        }
        let inside =
            |(px, py): &(f64, f64)| (area.x..=area.x + area.width).contains(px) && (area.y..=bottom).contains(py);
        let ink =
            |number: usize| if panel.muted && panel.series.len() == 1 { Rgb::GREY } else { colour::population(number) };
        for (number, series) in panel.series.iter().enumerate() {
            let points = series.x.iter().zip(&series.y);
            match series.kind {
                Kind::Line => {
                    let columns = (area.width * Scene::SCALE) as usize;
                    let points: Vec<_> = points.map(|(px, py)| (*px, *py)).collect();
                    for part in parts(&reduce(&points, self.x, columns)) {
                        let part: Vec<_> = part.iter().map(|(px, py)| (x(*px), y(*py))).collect();
                        for piece in clip(&part, (area.x, area.x + area.width), (area.y, bottom)) {
                            scene.path(simplify(&piece), style.line, ink(number));
                        }
                    }
                }
                Kind::Dots => {
                    let points = points.map(|(px, py)| (x(*px), y(*py))).filter(inside).collect();
                    scene.dots(points, style.dot, ink(number));
                }
            }
        }
        if panel.has_legend() {
            legend(scene, panel, area, style);
        }
    }
}

/// The names of the lines of a panel.
fn legend(scene: &mut Scene, panel: &Panel, area: &Rectangle, style: &Style) {
    let step = style.tick + 6.0;
    let named = || panel.series.iter().enumerate().filter(|(_, series)| !series.name.is_empty());
    let left = if style.inside { area.x + 8.0 } else { area.x + area.width + 12.0 };
    if style.inside {
        let widest = named().map(|(_, series)| bitmap::width(&series.name, style.tick)).fold(0.0, f64::max);
        let size = (widest + 34.0, named().count() as f64 * step + 2.0);
        scene.area((left - 3.0, area.y + 4.0), (left - 3.0 + size.0, area.y + 4.0 + size.1), Rgb::WHITE);
    }
    for (row, (number, series)) in named().enumerate() {
        let (y, ink) = (area.y + (row as f64 + 0.75) * step, colour::population(number));
        match series.kind {
            Kind::Line => scene.path(vec![(left, y), (left + 18.0, y)], 1.4 * style.line, ink),
            Kind::Dots => scene.dots(vec![(left + 9.0, y)], 1.2 * style.dot, ink),
        }
        scene.text((left + 25.0, y), series.name.as_str(), style.tick, Anchor::Start, Rgb::INK);
    }
}

fn y_ticks(range: (f64, f64), height: f64, style: &Style) -> Vec<(f64, String)> {
    let fewest = if height > 3.0 * style.tick { 3 } else { 2 };
    axis::ticks(range.0, range.1, ((height / (2.0 * style.tick)) as usize).clamp(fewest, 7))
}

fn within(value: f64, (from, to): (f64, f64)) -> bool {
    (from..=to).contains(&value)
}

/// The smallest and the largest finite value.
fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .filter(|x| x.is_finite())
        .fold(None, |range: Option<(f64, f64)>, x| Some(range.map_or((x, x), |(low, high)| (low.min(x), high.max(x)))))
}

/// A range with some room at both ends; one value gets room as well.
fn padded((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let room = if high > low { share * (high - low) } else { 0.5 * low.abs().max(1.0) };
    (low - room, high + room)
}

/// The points that are finite, cut where some are not.
fn parts(points: &[(f64, f64)]) -> impl Iterator<Item = &[(f64, f64)]> {
    points.split(|(x, y)| !(x.is_finite() && y.is_finite())).filter(|part| !part.is_empty())
}

/// Points in order of x reduced to what `columns` of pixels show: of each column the first, the lowest,
/// the highest and the last. Other points stay as they are.
fn reduce(points: &[(f64, f64)], (from, to): (f64, f64), columns: usize) -> Vec<(f64, f64)> {
    if points.len() <= 4 * columns || !points.is_sorted_by(|a, b| a.0 <= b.0) {
        return points.to_vec();
    }
    let column = |x: f64| ((x - from) / (to - from) * columns as f64).floor();
    let mut kept = Vec::with_capacity(4 * columns);
    for group in points.chunk_by(|a, b| column(a.0) == column(b.0) && a.1.is_nan() == b.1.is_nan()) {
        let by = |better: fn(f64, f64) -> bool| {
            (1..group.len()).fold(0, |best, k| if better(group[k].1, group[best].1) { k } else { best })
        };
        let mut keep = [0, by(|a, b| a < b), by(|a, b| a > b), group.len() - 1];
        keep.sort_unstable();
        let mut last = None;
        for k in keep.into_iter().filter(|k| last.replace(*k) != Some(*k)) {
            kept.push(group[k]);
        }
    }
    kept
}

/// A line without the points that can be left out and nobody sees it (after Douglas and Peucker).
fn simplify(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    /// A tenth of a pixel.
    const TOLERANCE: f64 = 0.05;
    let mut keep = vec![false; points.len()];
    let mut open = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        let (Some(&(ax, ay)), Some(&(bx, by))) = (points.get(first), points.get(last)) else { continue };
        (keep[first], keep[last]) = (true, true);
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let distance = |&(x, y): &(f64, f64)| {
            let share = if square > 0.0 { (((x - ax) * dx + (y - ay) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
            (x - ax - share * dx).hypot(y - ay - share * dy)
        };
        let farthest = (first + 1..last).map(|k| (distance(&points[k]), k)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, k)) = farthest.filter(|(distance, _)| *distance > TOLERANCE) {
            open.extend([(first, k), (k, last)]);
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// The pieces of a line that lie within a rectangle.
fn clip(points: &[(f64, f64)], x: (f64, f64), y: (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        // The part of the segment within, after Liang and Barsky.
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (start, step, (low, high)) in [(ax, bx - ax, x), (ay, by - ay, y)] {
            if step == 0.0 {
                if !within(start, (low, high)) {
                    leave = -1.0;
                }
            } else {
                let (a, b) = ((low - start) / step, (high - start) / step);
                enter = enter.max(a.min(b));
                leave = leave.min(a.max(b));
            }
        }
        if enter > leave {
            open = false;
            continue;
        }
        let at = |share: f64| (ax + share * (bx - ax), ay + share * (by - ay));
        if !(open && enter == 0.0) {
            pieces.push(vec![at(enter)]);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(at(leave));
        }
        open = leave == 1.0;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> (Vec<f64>, Vec<f64>) {
        ((0..n).map(|k| k as f64 * 0.1).collect(), (0..n).map(|k| (k as f64 * 0.02).sin()).collect())
    }

    #[test]
    fn charts_are_files_of_both_kinds() {
        let folder = std::env::temp_dir().join(format!("binnet-chart-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (x, y) = wave(50_000);
        let chart = lines([
            Panel::new("v (mV)").line("one", &x, &y).line("two", &x, y.iter().map(|y| 0.5 * y)).spikes([100.0, 1e9]),
            Panel::new("a rather long label (µA/cm²)").line("", [0.0, 2500.0], [1.0, 1.0]).height(0.4),
        ]);
        let (svg, png) = (folder.join("a.svg"), folder.join("a.png"));
        chart.clone().title("a < b").save(&svg).unwrap();
        let text = std::fs::read_to_string(&svg).unwrap();
        for part in ["a &lt; b", "v (mV)", "one", "two", "a rather long label<", "(µA/cm²)", "time (s)", "</svg>"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(text.len() < 200_000, "{}", text.len());
        chart.window(Time::from_ms(10.0), Time::from_ms(50.0)).size(400, 300).save(&png).unwrap();
        assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
        xy("i (nA)", Panel::new("rate (Hz)").dots("", [0.0, 1.0], [0.0, 5.0])).save(&svg).unwrap();
        assert_eq!(std::fs::read_to_string(&svg).unwrap().matches("<circle").count(), 2);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let error = |chart: Chart| chart.save("/no/such/folder/a.svg").unwrap_err().to_string();
        let panel = || Panel::new("v").line("v", [0.0, 1.0], [0.0, 1.0]);
        assert!(error(lines([panel()])).contains("/no/such/folder"));
        assert!(lines([panel()]).save("a.pdf").unwrap_err().to_string().contains("`.svg` or `.png`"));
        assert!(error(lines([])).contains("nothing to draw"));
        assert!(error(lines([Panel::new("v")])).contains("nothing to draw"));
        assert!(error(lines([Panel::new("v").line("", [0.0, 1.0], [f64::NAN; 2])])).contains("nothing to draw"));
        assert!(error(lines([panel()]).x_range(5.0, 9.0)).contains("nothing to draw from 5 to 9"));
        assert!(error(lines([panel()]).x_range(f64::NAN, 9.0)).contains("nothing to draw"));
        assert!(
            error(lines([panel().line("w", [0.0], [1.0, 2.0])])).contains("`w` of `v` has 1 positions, but 2 values")
        );
        assert!(error(lines([panel().range(1.0, 1.0)])).contains("from 1 to 1"));
        assert!(error(lines([panel().height(0.0)])).contains("height"));
        assert!(error(lines([panel()]).size(10, 10)).contains("10 x 10"));
        assert!(error(lines(vec![panel(); 50]).size(300, 300)).contains("no room for 50 panels"));
    }

    #[test]
    fn reducing_keeps_extremes_and_order() {
        let (x, mut y) = wave(100_000);
        (y[5], y[70_001], y[99_999]) = (7.0, -9.0, 3.0);
        let points: Vec<_> = x.into_iter().zip(y).collect();
        let kept = reduce(&points, (0.0, 1e4), 500);
        assert!(kept.len() <= 2004 && kept.is_sorted_by(|a, b| a.0 < b.0), "{}", kept.len());
        for extreme in [points[0], points[5], points[70_001], points[99_999]] {
            assert!(kept.contains(&extreme));
        }
        let cycle = [(0.0, 0.0), (1.0, 1.0), (0.5, 3.0)];
        assert_eq!(reduce(&cycle, (0.0, 1.0), 0), cycle, "a line that turns back is drawn as it is");
    }

    #[test]
    fn straight_lines_have_two_points() {
        let line: Vec<_> = (0..100).map(|k| (f64::from(k), 0.04 * f64::from(k % 2))).collect();
        assert_eq!(simplify(&line), [line[0], line[99]]);
        let step = [(0.0, 0.0), (1.0, 0.0), (1.0, 5.0), (2.0, 5.0), (1.0, 5.0)];
        assert_eq!(simplify(&step), step);
        assert!(simplify(&[]).is_empty());
    }

    #[test]
    fn lines_end_at_the_frame() {
        let zigzag = [(0.0, 0.5), (1.0, 2.5), (2.0, 0.5), (3.0, 0.5), (9.0, 0.5)];
        let pieces = clip(&zigzag, (0.0, 4.0), (0.0, 1.0));
        assert_eq!(pieces, [vec![(0.0, 0.5), (0.25, 1.0)], vec![(1.75, 1.0), (2.0, 0.5), (3.0, 0.5), (4.0, 0.5)]]);
        assert!(clip(&[(5.0, 5.0), (6.0, 6.0)], (0.0, 4.0), (0.0, 1.0)).is_empty());
        let gaps = [(0.0, 1.0), (1.0, f64::NAN), (2.0, 1.0), (3.0, 1.0)];
        assert_eq!(parts(&gaps).map(<[_]>::len).collect::<Vec<_>>(), [1, 2]);
    }
}
