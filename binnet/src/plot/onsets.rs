//! What a raster can show: flips of binary neurons, spikes, and data of one's own.

use core::fmt::Debug;

use crate::clocked::SpikeTrain;
use crate::record::FlipLog;

/// Neurons of one population, as a raster shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name beside the panel.
    pub name: String,
    /// The number of neurons.
    pub size: usize,
    /// The number of equal clusters of consecutive neurons; 1 if there are none.
    pub clusters: usize,
}

/// What [`raster`](super::raster) draws: neurons, and the times at which they became active.
///
/// Arrays and vectors stand for all their populations, the first one on top.
///
/// ```
/// use binnet::plot::{self, Group, Onsets};
///
/// /// Spikes from elsewhere: times in ms, and neurons.
/// #[derive(Debug)]
/// struct Spikes(Vec<(f64, u32)>);
///
/// impl Onsets for Spikes {
///     fn groups(&self) -> Vec<Group> {
///         vec![Group { name: "cells".to_owned(), size: 10, clusters: 1 }]
///     }
///     fn span(&self) -> (f64, f64) {
///         (0.0, 100.0)
///     }
///     fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
///         self.0.iter().filter(|(ms, _)| (from..to).contains(ms)).for_each(|(ms, id)| see(0, *id, *ms));
///     }
/// }
///
/// # fn main() -> binnet::Result<()> {
/// # let folder = std::env::temp_dir();
/// plot::raster(&Spikes(vec![(5.0, 3), (20.0, 7)])).save(folder.join("spikes.svg"))?;
/// # Ok(())
/// # }
/// ```
pub trait Onsets: Debug {
    /// The populations from top to bottom.
    fn groups(&self) -> Vec<Group>;

    /// The time that was recorded, from and to, in ms.
    fn span(&self) -> (f64, f64);

    /// Calls `see` with the group, the neuron (its position in the group) and the time in ms of each
    /// onset from `from` to before `to`.
    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64));

    /// What the onsets are called in the heading.
    fn word(&self) -> &'static str {
        "Spikes"
    }
}

impl Onsets for FlipLog {
    fn groups(&self) -> Vec<Group> {
        let populations = self.sections().populations().iter();
        populations.map(|s| Group { name: s.name.clone(), size: s.size, clusters: s.clusters }).collect()
    }

    fn span(&self) -> (f64, f64) {
        (0.0, self.duration_ms())
    }

    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        let per_update = self.sections().ms_per_update();
        let mut neurons = 0;
        let populations = self.sections().populations().iter();
        let ends: Vec<u32> = populations
            .map(|section| {
                neurons += section.size;
                neurons as u32
            })
            .collect();
        let shown = (from / per_update).round() as u64..(to / per_update).round() as u64;
        for flip in self.iter().filter(|flip| flip.up && shown.contains(&flip.update)) {
            let group = ends.partition_point(|&end| end <= flip.neuron);
            let start = if group == 0 { 0 } else { ends[group - 1] };
            see(group, flip.neuron - start, flip.update as f64 * per_update);
        }
    }

    fn word(&self) -> &'static str {
        "Onsets"
    }
}

impl Onsets for SpikeTrain {
    fn groups(&self) -> Vec<Group> {
        let name = self.name().strip_suffix(".spikes").unwrap_or(self.name());
        vec![Group { name: name.to_owned(), size: self.chosen().len(), clusters: 1 }]
    }

    fn span(&self) -> (f64, f64) {
        let (from, to) = self.span();
        (from.ms(), to.ms())
    }

    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        for (ms, place) in self.times().into_iter().zip(self.places()).filter(|(ms, _)| (from..to).contains(ms)) {
            see(0, place, ms);
        }
    }
}

impl<T: Onsets + ?Sized> Onsets for &T {
    fn groups(&self) -> Vec<Group> {
        (**self).groups()
    }
    fn span(&self) -> (f64, f64) {
        (**self).span()
    }
    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        (**self).visit(from, to, see);
    }
    fn word(&self) -> &'static str {
        (**self).word()
    }
}

impl<T: Onsets> Onsets for [T] {
    fn groups(&self) -> Vec<Group> {
        self.iter().flat_map(Onsets::groups).collect()
    }

    fn span(&self) -> (f64, f64) {
        let spans = self.iter().map(Onsets::span).filter(|(from, to)| from < to);
        spans.reduce(|(a, b), (from, to)| (a.min(from), b.max(to))).unwrap_or((0.0, 0.0))
    }

    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        let mut before = 0;
        for part in self {
            part.visit(from, to, &mut |group, neuron, ms| see(before + group, neuron, ms));
            before += part.groups().len();
        }
    }

    fn word(&self) -> &'static str {
        self.first().map_or("Spikes", Onsets::word)
    }
}

impl<T: Onsets, const N: usize> Onsets for [T; N] {
    fn groups(&self) -> Vec<Group> {
        self.as_slice().groups()
    }
    fn span(&self) -> (f64, f64) {
        self.as_slice().span()
    }
    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        self.as_slice().visit(from, to, see);
    }
    fn word(&self) -> &'static str {
        self.as_slice().word()
    }
}

impl<T: Onsets> Onsets for Vec<T> {
    fn groups(&self) -> Vec<Group> {
        self.as_slice().groups()
    }
    fn span(&self) -> (f64, f64) {
        self.as_slice().span()
    }
    fn visit(&self, from: f64, to: f64, see: &mut dyn FnMut(usize, u32, f64)) {
        self.as_slice().visit(from, to, see);
    }
    fn word(&self) -> &'static str {
        self.as_slice().word()
    }
}
