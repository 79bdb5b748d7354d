//! A scene as PNG, with the font that comes with binnet: nothing needs to be installed.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use super::png;
use super::scene::{Anchor, Pixels, Rgb, Scene, Shape};

/// DejaVu Sans, reduced to Latin, Greek and a few symbols.
const FONT: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");

/// Half the height of a capital, in parts of the size of the text.
pub(super) const HALF_CAPITAL: f64 = 0.365;

/// The bytes of the PNG file.
pub(super) fn render(scene: &Scene) -> Result<Vec<u8>, String> {
    let font = FontRef::try_from_slice(FONT).map_err(|e| e.to_string())?;
    let mut page = Pixels::new(scene.width, scene.height, Rgb::WHITE);
    for shape in &scene.shapes {
        match shape {
            Shape::Line { from, to, colour } => line(&mut page, *from, *to, *colour),
            Shape::Path { points, width, colour } => path(&mut page, points, *width, *colour),
            Shape::Dots { points, radius, colour } => {
                for point in points {
                    path(&mut page, &[*point], 2.0 * radius, *colour);
                }
            }
            Shape::Area { from, to, colour } => {
                for y in pixel(from.1)..pixel(to.1).min(page.height) {
                    (pixel(from.0)..pixel(to.0)).for_each(|x| page.set(x, y, *colour));
                }
            }
            Shape::Image { at, pixels } => image(&mut page, *at, pixels),
            Shape::Text { at, text, size, anchor, upright, colour } => {
                let written = Written::new(&font, text, size * Scene::SCALE);
                let start = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => -written.width / 2.0,
                    Anchor::End => -written.width,
                };
                let drop = HALF_CAPITAL * size * Scene::SCALE;
                let (x, y) = (at.0 * Scene::SCALE, at.1 * Scene::SCALE);
                written.draw(&font, |along, down, coverage| {
                    let (along, down) = (along + start, down + drop);
                    let (x, y) = if *upright { (x + down, y - along) } else { (x + along, y + down) };
                    if x >= 0.0 && y >= 0.0 && (x as usize) < page.width && (y as usize) < page.height {
                        let (x, y) = (x as usize, y as usize);
                        page.set(x, y, page.get(x, y).mix(*colour, coverage));
                    }
                });
            }
        }
    }
    png::encode(&page.rgb, page.width, page.height)
}

fn pixel(units: f64) -> usize {
    (units * Scene::SCALE).round().max(0.0) as usize
}

/// Lines run along the axes, so they are rectangles of whole pixels and need no smoothing.
fn line(page: &mut Pixels, from: (f64, f64), to: (f64, f64), colour: Rgb) {
    let start = |units: f64| pixel(units).saturating_sub(1);
    for y in start(from.1.min(to.1))..=pixel(from.1.max(to.1)) {
        for x in start(from.0.min(to.0))..=pixel(from.0.max(to.0)) {
            page.set(x, y, colour);
        }
    }
}

/// A line through points with round ends and corners; a disc if there is one point. Each pixel is as
/// dark as the nearest part of the line makes it, so that a line that crosses itself has no knots.
fn path(page: &mut Pixels, points: &[(f64, f64)], width: f64, colour: Rgb) {
    // Pixel centres are at halves.
    let at = |(x, y): (f64, f64)| (x * Scene::SCALE - 0.5, y * Scene::SCALE - 0.5);
    let reach = width * Scene::SCALE / 2.0 + 0.5;
    let mut ink = std::collections::HashMap::<(usize, usize), f64>::new();
    let mut segment = |a: (f64, f64), b: (f64, f64)| {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx * dx + dy * dy;
        let range = |a: f64, b: f64, end: usize| {
            let from = (a.min(b) - reach).ceil().max(0.0) as usize;
            from..((a.max(b) + reach).floor() + 1.0).clamp(0.0, end as f64) as usize
        };
        for y in range(a.1, b.1, page.height) {
            for x in range(a.0, b.0, page.width) {
                let (px, py) = (x as f64 - a.0, y as f64 - a.1);
                let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
                let distance = (px - along * dx).hypot(py - along * dy);
                // Sixteen shades are smooth enough, and files are smaller.
                let coverage = ((reach - distance).clamp(0.0, 1.0) * 15.0).round() / 15.0;
                if coverage > 0.0 {
                    let ink = ink.entry((x, y)).or_insert(0.0);
                    *ink = ink.max(coverage);
                }
            }
        }
    };
    if let [point] = points {
        segment(at(*point), at(*point));
    }
    for pair in points.windows(2) {
        segment(at(pair[0]), at(pair[1]));
    }
    for ((x, y), coverage) in ink {
        page.set(x, y, page.get(x, y).mix(colour, coverage));
    }
}

/// The width of a text in units of the scene.
pub(super) fn width(text: &str, size: f64) -> f64 {
    // A font that cannot be read is an error once the figure is written.
    FontRef::try_from_slice(FONT).map_or(0.0, |font| Written::new(&font, text, size).width)
}

fn image(page: &mut Pixels, at: (f64, f64), pixels: &Pixels) {
    for y in 0..pixels.height {
        for x in 0..pixels.width {
            page.set(pixel(at.0) + x, pixel(at.1) + y, pixels.get(x, y));
        }
    }
}

/// A text set on a base line that starts at 0.
struct Written {
    glyphs: Vec<Glyph>,
    width: f64,
}

impl Written {
    /// `em` is the size in pixels.
    fn new(font: &FontRef<'_>, text: &str, em: f64) -> Self {
        // The font library takes the height of a line, a figure's text sizes are those of the em square.
        let line_per_em = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale::from(em as f32 * line_per_em);
        let scaled = font.as_scaled(scale);
        let mut x = 0.0;
        let glyphs = text
            .chars()
            .map(|c| {
                let id = font.glyph_id(c);
                let glyph = id.with_scale_and_position(scale, point(x, 0.0));
                x += scaled.h_advance(id);
                glyph
            })
            .collect();
        Self { glyphs, width: f64::from(x) }
    }

    /// Calls `draw` with position and coverage (0 to 1) of each pixel.
    fn draw(self, font: &FontRef<'_>, mut draw: impl FnMut(f64, f64, f64)) {
        for outline in self.glyphs.into_iter().filter_map(|glyph| font.outline_glyph(glyph)) {
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                draw(
                    f64::from(corner.x) + f64::from(x),
                    f64::from(corner.y) + f64::from(y),
                    f64::from(coverage.min(1.0)),
                );
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_figures_write() {
        let font = FontRef::try_from_slice(FONT).unwrap();
        for c in "Aaz09 (µs) −2 × 10² · τ κ θ R₊ → … ≥".chars().filter(|&c| c != '₊') {
            assert_ne!(font.glyph_id(c).0, 0, "{c}");
        }
        let wide = Written::new(&font, "MM", 20.0).width;
        assert!((wide - 2.0 * 0.863 * 20.0).abs() < 0.5, "{wide}");
    }

    #[test]
    fn lines_are_as_wide_as_asked() {
        let mut page = Pixels::new(20.0, 20.0, Rgb::WHITE);
        path(&mut page, &[(-5.0, 10.0), (30.0, 10.0), (30.0, -10.0)], 3.0, Rgb::INK);
        let dark = (0..page.height).filter(|&y| page.get(20, y) == Rgb::INK).count();
        assert_eq!(dark, 6, "3 units of 2 pixels");
        path(&mut page, &[(5.0, 5.0)], 2.0, Rgb(255, 0, 0));
        assert_eq!(page.get(10, 10), Rgb(255, 0, 0));
        let before = page.rgb.clone();
        path(&mut page, &[], 2.0, Rgb::INK);
        path(&mut page, &[(1e9, 1e9), (2e9, 1e9)], 2.0, Rgb::INK);
        assert_eq!(page.rgb, before);
    }

    #[test]
    fn text_leaves_ink_where_it_belongs() {
        let mut scene = Scene::new(60.0, 40.0);
        scene.text((30.0, 20.0), "H", 20.0, Anchor::Middle, Rgb::INK);
        scene.text((1e9, -1e9), "outside", 20.0, Anchor::Middle, Rgb::INK);
        let bytes = render(&scene).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut rgb = vec![0; 3 * 120 * 80];
        reader.next_frame(&mut rgb).unwrap();
        let rows: Vec<usize> = (0..80).filter(|y| rgb[y * 360..(y + 1) * 360].iter().any(|&v| v < 128)).collect();
        // The capital is centred on the given height.
        let middle = (rows[0] + rows[rows.len() - 1]) as f64 / 2.0;
        assert!((middle - 39.5).abs() <= 1.0, "{rows:?}");
    }
}
