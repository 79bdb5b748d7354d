//! Figures as SVG and PNG (feature `plot`).
//!
//! Rasters and heat maps are drawn as images in both kinds of file, so a million onsets take a few
//! hundred kilobytes; axes and text stay vectors in SVG. PNG text is set in a font that comes with
//! the library, so nothing has to be installed.

mod axis;
mod bitmap;
mod colour;
mod figure;
mod panels;
mod png;
mod scene;
mod svg;

pub use figure::{Figure, clusters, raster};
