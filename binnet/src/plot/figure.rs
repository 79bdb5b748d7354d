//! Figures of clustered networks: what goes where.

use std::path::Path;

use ndarray::s;

use super::panels::{self, Dots};
use super::scene::{Anchor, Rgb, Scene};
use super::{axis, bitmap, colour, svg};
use crate::error::{Error, Result};
use crate::record::{By, FlipLog, Section};
use crate::units::Time;

const LEFT: f64 = 76.0;
const RIGHT: f64 = 78.0;
const BOTTOM: f64 = 50.0;
/// Between the populations of one panel.
const GAP: f64 = 7.0;
/// Above a panel, for its heading.
const HEADING: f64 = 30.0;
const TITLE: f64 = 17.0;
const LABEL: f64 = 13.5;
const TICK: f64 = 12.0;

/// Starts a raster of the onsets (changes to active) of all neurons, sorted by population and cluster.
///
/// ```no_run
/// # fn example(log: &binnet::record::FlipLog) -> binnet::Result<()> {
/// binnet::plot::raster(log).title("a balanced network").save("onsets.png")?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn raster(log: &FlipLog) -> Figure<'_> {
    Figure { log, rates: false, title: String::new(), window: None, size: (1000.0, 460.0) }
}

/// Starts a figure of a clustered network: the raster of onsets above the rates of all clusters.
///
/// ```no_run
/// # use binnet::prelude::*;
/// # fn example(log: &binnet::record::FlipLog) -> binnet::Result<()> {
/// binnet::plot::clusters(log).title("metastable clusters").window(200.ms(), 1.s()).save("trace.svg")?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn clusters(log: &FlipLog) -> Figure<'_> {
    Figure { rates: true, size: (1000.0, 760.0), ..raster(log) }
}

/// A figure, drawn when it is saved.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    log: &'a FlipLog,
    rates: bool,
    title: String,
    window: Option<(Time, Time)>,
    size: (f64, f64),
}

impl Figure<'_> {
    /// The title above the figure.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Shows only the time from `from` to `to`, counted from the start of the log.
    #[must_use]
    pub fn window(mut self, from: Time, to: Time) -> Self {
        self.window = Some((from, to));
        self
    }

    /// Width and height in units of the SVG file; the text keeps its size. A PNG file has twice as
    /// many pixels each way.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = (f64::from(width), f64::from(height));
        self
    }

    /// Writes the figure; `.svg` or `.png`, by the ending of the name.
    ///
    /// # Errors
    /// For other endings, if nothing was recorded in the window, for sizes that leave no room, and
    /// if writing fails.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let fail = |problem: String| Error::Plot { path: path.display().to_string(), problem };
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let bytes = match ending.as_deref() {
            Some("svg") => svg::render(&self.draw(fail)?).map_err(fail)?.into_bytes(),
            Some("png") => bitmap::render(&self.draw(fail)?).map_err(fail)?,
            _ => return Err(fail("a figure is written as `.svg` or `.png`".to_owned())),
        };
        std::fs::write(path, bytes).map_err(|e| fail(e.to_string()))
    }

    /// Lays the figure out.
    fn draw(&self, fail: impl Fn(String) -> Error) -> Result<Scene> {
        let per_update = self.log.sections().ms_per_update();
        let (from, to) = self.window.unwrap_or((Time::from_ms(0.0), Time::from_ms(self.log.duration_ms())));
        // A cast of a negative or missing number gives 0.
        let (first, last) = ((from.ms() / per_update).round() as u64, (to.ms() / per_update).round() as u64);
        let log = self.log.slice(first, last);
        if log.updates() == 0 {
            return Err(fail(format!("nothing was recorded from {} ms to {} ms", from.ms(), to.ms())));
        }
        let (width, height) = self.size;
        if !(300.0..=10_000.0).contains(&width) || !(250.0..=10_000.0).contains(&height) {
            return Err(fail(format!("a figure of {width} x {height}; it takes 300 x 250 to 10000 x 10000")));
        }

        let mut scene = Scene::new(width, height);
        let mut top = 10.0;
        if !self.title.is_empty() {
            scene.text((LEFT, 24.0), self.title.as_str(), TITLE, Anchor::Start, Rgb::INK);
            top = 36.0;
        }
        let panels = if self.rates { 2.0 } else { 1.0 };
        let room = height - top - BOTTOM - panels * HEADING;
        let start = first.min(self.log.updates()) as f64 * per_update;
        let time = Span { from: start, to: start + log.duration_ms(), width: width - LEFT - RIGHT };

        let share = if self.rates { 0.58 } else { 1.0 };
        let clustered = log.sections().populations().iter().any(|section| section.clusters > 1);
        let sorted = if clustered { ", sorted by cluster" } else { "" };
        let onsets = format!("Onsets of all {} neurons{sorted}", log.sections().neurons());
        heading(&mut scene, top, &onsets);
        let blocks = self::blocks(log.sections().populations(), top + HEADING, room * share);
        draw_raster(&mut scene, &log, &blocks, &time, !self.rates);
        if self.rates {
            let top = top + HEADING + room * share;
            heading(&mut scene, top, "Share of active neurons in each cluster");
            let blocks = self::blocks(log.sections().populations(), top + HEADING, room * (1.0 - share));
            draw_rates(&mut scene, &log, &blocks, &time)?;
        }
        Ok(scene)
    }
}

/// The times shown, in ms, and the width they are shown in.
struct Span {
    from: f64,
    to: f64,
    width: f64,
}

impl Span {
    /// Marks below the panel that ends at `bottom`; with labels where it is the last one.
    fn axis(&self, scene: &mut Scene, bottom: f64, labelled: bool) {
        let (marks, unit) = axis::time_ticks(self.from, self.to, (self.width / 110.0) as usize);
        for (at, label) in marks {
            let x = LEFT + (at - self.from) / (self.to - self.from) * self.width;
            scene.line((x, bottom), (x, bottom + 4.0), Rgb::INK);
            if labelled {
                scene.text((x, bottom + 14.0), label, TICK, Anchor::Middle, Rgb::INK);
            }
        }
        if labelled {
            let middle = LEFT + self.width / 2.0;
            scene.text((middle, bottom + 34.0), format!("time ({unit})"), LABEL, Anchor::Middle, Rgb::INK);
        }
    }
}

/// The part of a panel that belongs to one population.
struct Block<'a> {
    section: &'a Section,
    top: f64,
    height: f64,
}

/// Splits the height of a panel, the first population on top. Heights grow with the root of the
/// number of neurons, so that small populations stay legible.
fn blocks(sections: &[Section], top: f64, height: f64) -> Vec<Block<'_>> {
    let total: f64 = sections.iter().map(|section| (section.size as f64).sqrt()).sum();
    let room = (height - GAP * (sections.len() - 1) as f64).max(1.0);
    let mut top = top;
    sections
        .iter()
        .map(|section| {
            // Whole units keep images sharp.
            let height = (room * (section.size as f64).sqrt() / total).floor().max(1.0);
            let block = Block { section, top: top.round(), height };
            top += height + GAP;
            block
        })
        .collect()
}

fn heading(scene: &mut Scene, top: f64, text: &str) {
    scene.text((LEFT, top + HEADING - 11.0), text, LABEL, Anchor::Start, Rgb::GREY);
}

/// Frame, name and cluster numbers of a block.
fn decorate(scene: &mut Scene, block: &Block<'_>, number: usize, width: f64) {
    let Block { section, top, height } = block;
    scene.frame((LEFT, *top), (width, *height), Rgb::INK);
    let name = &section.name;
    let label = if section.clusters > 1 && *height > 72.0 { format!("{name} cluster") } else { name.clone() };
    scene.upright((24.0, top + height / 2.0), label, LABEL, colour::population(number));
    if section.clusters > 1 {
        let row = height / section.clusters as f64;
        for (at, _) in axis::ticks(0.0, (section.clusters - 1) as f64, ((height / 24.0) as usize).clamp(1, 6)) {
            // Few clusters may ask for marks between them.
            if at.fract() == 0.0 {
                let y = top + height - (at + 0.5) * row;
                scene.line((LEFT - 4.0, y), (LEFT, y), Rgb::INK);
                scene.text((LEFT - 8.0, y), format!("{at:.0}"), TICK, Anchor::End, Rgb::INK);
            }
        }
    }
}

fn draw_raster(scene: &mut Scene, log: &FlipLog, blocks: &[Block<'_>], time: &Span, labelled: bool) {
    let mut ends = Vec::with_capacity(blocks.len());
    let mut neurons = 0;
    for block in blocks {
        neurons += block.section.size;
        ends.push(neurons as u32);
    }
    let mut points = vec![Vec::new(); blocks.len()];
    for flip in log.iter().filter(|flip| flip.up) {
        let population = ends.partition_point(|&end| end <= flip.neuron);
        let first = if population == 0 { 0 } else { ends[population - 1] };
        points[population].push((flip.update as f64 / log.updates() as f64, flip.neuron - first));
    }
    for (number, (block, points)) in blocks.iter().zip(&points).enumerate() {
        let dots = Dots { points, neurons: block.section.size, clusters: block.section.clusters };
        let image = panels::raster(&dots, (time.width, block.height), colour::population(number));
        scene.image((LEFT, block.top), image);
        decorate(scene, block, number, time.width);
    }
    if let Some(last) = blocks.last() {
        time.axis(scene, last.top + last.height, labelled);
    }
}

fn draw_rates(scene: &mut Scene, log: &FlipLog, blocks: &[Block<'_>], time: &Span) -> Result<()> {
    let columns = (time.width * Scene::SCALE) as u64;
    let rates = log.rates_every(log.updates().div_ceil(2 * columns).max(1), By::Cluster)?;
    // Colours end at the next tenth above the highest rate.
    let highest = f64::from(rates.values.iter().fold(0.0_f32, |highest, &rate| highest.max(rate)));
    let highest = ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let mut first = 0;
    for (number, block) in blocks.iter().enumerate() {
        let groups = first..first + block.section.clusters;
        first = groups.end;
        scene.image(
            (LEFT, block.top),
            panels::heat(rates.values.slice(s![.., groups]), highest, (time.width, block.height)),
        );
        decorate(scene, block, number, time.width);
    }
    let (Some(top), Some(last)) = (blocks.first(), blocks.last()) else { return Ok(()) };
    let bottom = last.top + last.height;
    time.axis(scene, bottom, true);

    let (x, width) = (LEFT + time.width + 16.0, 12.0);
    scene.image((x, top.top), panels::scale((width, bottom - top.top)));
    scene.frame((x, top.top), (width, bottom - top.top), Rgb::INK);
    for (at, label) in axis::ticks(0.0, highest, 5) {
        let y = bottom - at / highest * (bottom - top.top);
        scene.line((x + width, y), (x + width + 4.0, y), Rgb::INK);
        scene.text((x + width + 8.0, y), label, TICK, Anchor::Start, Rgb::INK);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{PackedFlip, Section, Sections};

    fn log() -> FlipLog {
        let sections = Sections::new([Section::new("e", 40).clusters(4), Section::new("inh", 10).tau(5.0)]).unwrap();
        let mut log = FlipLog::new(sections, &[0; 50], 0).unwrap();
        let flips: Vec<_> = (0..100).map(|k| PackedFlip::new(10 * k, k % 50, k < 50)).collect();
        log.append(0, &flips).unwrap();
        log
    }

    #[test]
    fn figures_are_files_of_both_kinds() {
        let folder = std::env::temp_dir().join(format!("binnet-plot-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let log = log();
        let (svg, png) = (folder.join("a.svg"), folder.join("a.PNG"));
        clusters(&log).title("a < b").size(400, 400).save(&svg).unwrap();
        raster(&log).window(Time::from_ms(10.0), Time::from_ms(50.0)).size(400, 300).save(&png).unwrap();
        let text = std::fs::read_to_string(&svg).unwrap();
        for part in ["a &lt; b", "e cluster", "inh", "time (ms)", "</svg>"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let log = log();
        let error = |figure: Figure<'_>, path: &str| figure.save(path).unwrap_err().to_string();
        assert!(error(clusters(&log), "trace.pdf").contains("`.svg` or `.png`"));
        assert!(error(clusters(&log), "/no/such/folder/trace.svg").contains("/no/such/folder"));
        assert!(error(clusters(&log).size(10, 10), "a.svg").contains("10 x 10"));
        let ms = Time::from_ms;
        for (from, to) in [(5.0, 5.0), (1e9, 2e9), (50.0, 10.0), (f64::NAN, f64::NAN), (-2.0, -1.0)] {
            assert!(error(raster(&log).window(ms(from), ms(to)), "a.svg").contains("nothing was recorded"));
        }
    }
}
