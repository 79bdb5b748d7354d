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
