//! A scene as SVG. Images are embedded as PNG, so that a million dots stay a small file.

use std::fmt::Write as _;

use super::bitmap::HALF_CAPITAL;
use super::png;
use super::scene::{Anchor, Pixels, Rgb, Scene, Shape};

/// The text of the SVG file.
pub(super) fn render(scene: &Scene) -> Result<String, String> {
    let Scene { width, height, .. } = scene;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for shape in &scene.shapes {
        match shape {
            Shape::Line { from, to, colour } => {
                let _ = writeln!(
                    out,
                    "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"1\" stroke-linecap=\"square\"/>",
                    from.0,
                    from.1,
                    to.0,
                    to.1,
                    hex(*colour)
                );
            }
            Shape::Path { points, width, colour } => {
                let _ = write!(out, "<polyline points=\"");
                for (x, y) in points {
                    let _ = write!(out, "{x:.2},{y:.2} ");
                }
                let _ = writeln!(
                    out,
                    "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
                    hex(*colour)
                );
            }
            Shape::Dots { points, radius, colour } => {
                let _ = writeln!(out, "<g fill=\"{}\">", hex(*colour));
                for (x, y) in points {
                    let _ = writeln!(out, "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius}\"/>");
                }
                out.push_str("</g>\n");
            }
            Shape::Area { from, to, colour } => {
                let (width, height) = (to.0 - from.0, to.1 - from.1);
                let _ = writeln!(
                    out,
                    "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{}\"/>",
                    from.0,
                    from.1,
                    hex(*colour)
                );
            }
            Shape::Text { at, text, size, anchor, upright, colour } => {
                let (x, y) = *at;
                // Viewers disagree on `dominant-baseline`, so the base line is placed here.
                let drop = HALF_CAPITAL * size;
                let place = if *upright {
                    format!("transform=\"translate({:.2} {y:.2}) rotate(-90)\"", x + drop)
                } else {
                    format!("x=\"{x:.2}\" y=\"{:.2}\"", y + drop)
                };
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                let _ = writeln!(
                    out,
                    "<text {place} font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>",
                    hex(*colour),
                    escape(text)
                );
            }
            Shape::Image { at, pixels } => out.push_str(&image(*at, pixels)?),
        }
    }
    out.push_str("</svg>\n");
    Ok(out)
}

fn image((x, y): (f64, f64), pixels: &Pixels) -> Result<String, String> {
    let data = base64(&png::encode(&pixels.rgb, pixels.width, pixels.height)?);
    let units = |pixels: usize| pixels as f64 / Scene::SCALE;
    Ok(format!(
        "<image x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{data}\"/>\n",
        units(pixels.width),
        units(pixels.height)
    ))
}

fn hex(Rgb(r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A text without what XML takes for markup or does not allow at all.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |k: usize| u32::from(chunk.get(k).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for k in 0..4 {
            let digit = char::from(DIGITS[(group >> (18 - 6 * k) & 63) as usize]);
            out.push(if k <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_and_text_is_escaped() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(escape("R<sub> & \u{7}"), "R&lt;sub&gt; &amp;  ");
    }

    #[test]
    fn shapes_become_elements() {
        let mut scene = Scene::new(10.0, 5.0);
        scene.line((0.0, 0.0), (1.0, 0.0), Rgb::INK);
        scene.upright((1.0, 2.0), "a", 3.0, Rgb::GREY);
        scene.image((0.0, 0.0), Pixels::new(2.0, 2.0, Rgb(255, 0, 0)));
        scene.path(vec![(0.0, 0.0), (1.0, 2.5)], 1.5, Rgb::INK);
        scene.dots(vec![(1.0, 1.0)], 2.0, Rgb::INK);
        scene.area((0.0, 1.0), (2.0, 3.0), Rgb::WHITE);
        let svg = render(&scene).unwrap();
        for part in ["<line ", "rotate(-90)", "base64,iVBOR", "0.00,0.00 1.00,2.50", "<circle", "<rect"] {
            assert!(svg.contains(part), "{svg}");
        }
    }
}
