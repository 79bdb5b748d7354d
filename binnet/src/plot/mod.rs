//! Figures as SVG and PNG (feature `plot`).
//!
//! Rasters and heat maps are drawn as images in both kinds of file, so a million onsets take a few
//! hundred kilobytes; axes and text stay vectors in SVG. PNG text is set in a font that comes with
//! the library, so nothing has to be installed.

mod axis;
mod bitmap;
mod chart;
mod colour;
mod figure;
mod grid;
mod onsets;
mod page;
mod panel;
mod panels;
mod png;
mod scene;
mod svg;

pub use chart::{Chart, lines, xy};
pub use figure::{Figure, clusters, raster};
pub use grid::{Grid, grid};
pub use onsets::{Group, Onsets};
pub use panel::Panel;
