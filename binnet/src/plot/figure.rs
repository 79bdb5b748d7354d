//! Figures of clustered networks: what goes where.

use std::path::Path;

use ndarray::s;

use super::onsets::{Group, Onsets};
use super::page::{self, LABEL, TICK, TITLE};
use super::panels::{self, Dots};
use super::scene::{Anchor, Rgb, Scene};
use super::{axis, colour};
use crate::error::Result;
use crate::record::{By, FlipLog};
use crate::units::Time;

const LEFT: f64 = 76.0;
const RIGHT: f64 = 78.0;
const BOTTOM: f64 = 50.0;
/// Between the populations of one panel.
const GAP: f64 = 7.0;
/// Above a panel, for its heading.
const HEADING: f64 = 30.0;

/// Starts a raster: the spikes of clock-driven neurons, or the onsets (changes to active) of binary
/// ones, sorted by population and cluster.
///
/// ```no_run
/// # fn example(log: &binnet::record::FlipLog, records: &binnet::clocked::Records) -> binnet::Result<()> {
/// binnet::plot::raster(log).title("a balanced network").save("onsets.png")?;
/// binnet::plot::raster(records.spikes("exc")?).save("spikes.png")?;
/// binnet::plot::raster(&[records.spikes("exc")?, records.spikes("inh")?]).save("both.png")?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn raster(onsets: &impl Onsets) -> Figure<'_> {
    Figure { onsets, rates: None, title: String::new(), window: None, size: (1000.0, 460.0) }
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
    Figure { rates: Some(log), size: (1000.0, 760.0), ..raster(log) }
}

/// A raster, drawn when it is saved.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    onsets: &'a dyn Onsets,
    /// The log whose rates are drawn below.
    rates: Option<&'a FlipLog>,
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

    /// Shows only the time from `from` to `to`; in a flip log, counted from its start.
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
        page::save(path.as_ref(), || self.draw())
    }

    /// Lays the figure out.
    fn draw(&self) -> Result<Scene, String> {
        let (start, end) = self.onsets.span();
        let (from, to) = self.window.map_or((start, end), |(from, to)| (from.ms(), to.ms()));
        let shown = (from.max(start), to.min(end));
        if !(from < to && shown.0 < shown.1) {
            return Err(format!("nothing was recorded from {from} ms to {to} ms"));
        }
        let (width, height) = self.size;
        let mut scene = page::scene(self.size)?;
        let mut top = 10.0;
        if !self.title.is_empty() {
            scene.text((LEFT, 24.0), self.title.as_str(), TITLE, Anchor::Start, Rgb::INK);
            top = 36.0;
        }
        let panels = if self.rates.is_some() { 2.0 } else { 1.0 };
        let room = height - top - BOTTOM - panels * HEADING;
        let time = Span { from: shown.0, to: shown.1, width: width - LEFT - RIGHT };

        let share = if self.rates.is_some() { 0.58 } else { 1.0 };
        let groups = self.onsets.groups();
        let sorted = if groups.iter().any(|group| group.clusters > 1) { ", sorted by cluster" } else { "" };
        let neurons: usize = groups.iter().map(|group| group.size).sum();
        heading(&mut scene, top, &format!("{} of all {neurons} neurons{sorted}", self.onsets.word()));
        let blocks = self::blocks(&groups, top + HEADING, room * share);
        draw_raster(&mut scene, self.onsets, &blocks, &time, self.rates.is_none());
        if let Some(log) = self.rates {
            let top = top + HEADING + room * share;
            heading(&mut scene, top, "Share of active neurons in each cluster");
            let blocks = self::blocks(&groups, top + HEADING, room * (1.0 - share));
            draw_rates(&mut scene, log, &blocks, &time).map_err(|e| e.to_string())?;
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
    group: &'a Group,
    top: f64,
    height: f64,
}

/// Splits the height of a panel, the first population on top. Heights grow with the root of the
/// number of neurons, so that small populations stay legible.
fn blocks(groups: &[Group], top: f64, height: f64) -> Vec<Block<'_>> {
    let total: f64 = groups.iter().map(|group| (group.size as f64).sqrt()).sum();
    let room = (height - GAP * groups.len().saturating_sub(1) as f64).max(1.0);
    let mut top = top;
    groups
        .iter()
        .map(|group| {
            // Whole units keep images sharp.
            let height = (room * (group.size as f64).sqrt() / total).floor().max(1.0);
            let block = Block { group, top: top.round(), height };
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
    let Block { group, top, height } = block;
    scene.frame((LEFT, *top), (width, *height), Rgb::INK);
    let name = &group.name;
    let label = if group.clusters > 1 && *height > 72.0 { format!("{name} cluster") } else { name.clone() };
    scene.upright((24.0, top + height / 2.0), label, LABEL, colour::population(number));
    if group.clusters > 1 {
        let row = height / group.clusters as f64;
        for (at, _) in axis::ticks(0.0, (group.clusters - 1) as f64, ((height / 24.0) as usize).clamp(1, 6)) {
            // Few clusters may ask for marks between them.
            if at.fract() == 0.0 {
                let y = top + height - (at + 0.5) * row;
                scene.line((LEFT - 4.0, y), (LEFT, y), Rgb::INK);
                scene.text((LEFT - 8.0, y), format!("{at:.0}"), TICK, Anchor::End, Rgb::INK);
            }
        }
    }
}

fn draw_raster(scene: &mut Scene, onsets: &dyn Onsets, blocks: &[Block<'_>], time: &Span, labelled: bool) {
    let mut points = vec![Vec::new(); blocks.len()];
    onsets.visit(time.from, time.to, &mut |group, neuron, ms| {
        if let Some(points) = points.get_mut(group) {
            points.push(((ms - time.from) / (time.to - time.from), neuron));
        }
    });
    for (number, (block, points)) in blocks.iter().zip(&points).enumerate() {
        let dots = Dots { points, neurons: block.group.size, clusters: block.group.clusters };
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
    let per_update = log.sections().ms_per_update();
    let log = log.slice((time.from / per_update).round() as u64, (time.to / per_update).round() as u64);
    let rates = log.rates_every(log.updates().div_ceil(2 * columns).max(1), By::Cluster)?;
    // Colours end at the next tenth above the highest rate.
    let highest = f64::from(rates.values.iter().fold(0.0_f32, |highest, &rate| highest.max(rate)));
    let highest = ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let mut first = 0;
    for (number, block) in blocks.iter().enumerate() {
        let groups = first..first + block.group.clusters;
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
    use super::super::svg;
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

    /// Spikes of two populations from elsewhere.
    #[derive(Debug)]
    struct Train(&'static str, (f64, f64), Vec<(f64, u32)>);

    impl Onsets for Train {
        fn groups(&self) -> Vec<Group> {
            vec![Group { name: self.0.to_owned(), size: 10, clusters: 1 }]
        }
        fn span(&self) -> (f64, f64) {
            self.1
        }
        fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
            self.2.iter().filter(|(ms, _)| (from..to).contains(ms)).for_each(|&(ms, id)| see(0, id, ms));
        }
    }

    #[test]
    fn several_trains_are_one_raster() {
        let (exc, inh) =
            (Train("exc", (0.0, 50.0), vec![(5.0, 3), (60.0, 4)]), Train("inh", (10.0, 90.0), vec![(80.0, 9)]));
        let both = [&exc, &inh];
        assert_eq!((Onsets::span(&both), both.groups().len(), both.word()), ((0.0, 90.0), 2, "Spikes"));
        let mut seen = Vec::new();
        both.visit(0.0, 70.0, &mut |group, neuron, ms| seen.push((group, neuron, ms)));
        both.visit(70.0, 90.0, &mut |group, neuron, ms| seen.push((group, neuron, ms)));
        assert_eq!(seen, [(0, 3, 5.0), (0, 4, 60.0), (1, 9, 80.0)]);
        let svg = svg::render(&raster(&both).draw().unwrap()).unwrap();
        for part in ["Spikes of all 20 neurons<", ">exc<", ">inh<"] {
            assert!(svg.contains(part), "{part}");
        }
        let none: Vec<Train> = Vec::new();
        assert!(raster(&none).draw().unwrap_err().contains("nothing was recorded"));
    }

    #[test]
    fn flips_know_their_population() {
        let log = log();
        let mut seen = Vec::new();
        let per_update = log.sections().ms_per_update();
        log.visit(410.0 * per_update, 430.0 * per_update, &mut |group, neuron, _| seen.push((group, neuron)));
        assert_eq!(seen, [(1, 1), (1, 2)]);
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
