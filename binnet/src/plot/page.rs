//! What all figures share: sizes of text, and how a scene becomes a file.

use std::path::Path;

use super::scene::Scene;
use super::{bitmap, svg};
use crate::error::{Error, Result};

pub(super) const TITLE: f64 = 17.0;
pub(super) const LABEL: f64 = 13.5;
pub(super) const TICK: f64 = 12.0;

/// Draws a figure and writes it; `.svg` or `.png`, by the ending of the name.
pub(super) fn save(path: &Path, draw: impl FnOnce() -> Result<Scene, String>) -> Result<()> {
    let bytes = || -> Result<Vec<u8>, String> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("svg") => Ok(svg::render(&draw()?)?.into_bytes()),
            Some("png") => bitmap::render(&draw()?),
            _ => Err("a figure is written as `.svg` or `.png`".to_owned()),
        }
    };
    let written = bytes().and_then(|bytes| std::fs::write(path, bytes).map_err(|e| e.to_string()));
    written.map_err(|problem| Error::Plot { path: path.display().to_string(), problem })
}

/// An empty scene, if it is of a size that can be drawn.
pub(super) fn scene((width, height): (f64, f64)) -> Result<Scene, String> {
    if (300.0..=10_000.0).contains(&width) && (250.0..=10_000.0).contains(&height) {
        Ok(Scene::new(width, height))
    } else {
        Err(format!("a figure of {width} x {height}; it takes 300 x 250 to 10000 x 10000"))
    }
}
