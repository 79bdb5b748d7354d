//! A figure as a list of shapes, before it becomes a file.

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

impl Rgb {
    pub(super) const WHITE: Self = Self(255, 255, 255);
    pub(super) const INK: Self = Self(34, 34, 34);
    pub(super) const GREY: Self = Self(110, 110, 110);

    /// This colour with `share` (0 to 1) of another.
    pub(super) fn mix(self, other: Self, share: f64) -> Self {
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// Pixels of an image, [`Scene::SCALE`] to a unit of the scene.
#[derive(Clone, Debug)]
pub(super) struct Pixels {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) rgb: Vec<u8>,
}

impl Pixels {
    /// An image in one colour that covers `width` by `height` units of the scene.
    pub(super) fn new(width: f64, height: f64, colour: Rgb) -> Self {
        let pixels = |units: f64| (units * Scene::SCALE).round().max(1.0) as usize;
        let (width, height) = (pixels(width), pixels(height));
        Self { width, height, rgb: [colour.0, colour.1, colour.2].repeat(width * height) }
    }

    pub(super) fn set(&mut self, x: usize, y: usize, colour: Rgb) {
        if x < self.width && y < self.height {
            let at = 3 * (y * self.width + x);
            self.rgb[at..at + 3].copy_from_slice(&[colour.0, colour.1, colour.2]);
        }
    }

    pub(super) fn get(&self, x: usize, y: usize) -> Rgb {
        let at = 3 * (y * self.width + x);
        Rgb(self.rgb[at], self.rgb[at + 1], self.rgb[at + 2])
    }
}

/// Which end of a text its position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A part of a scene; positions count from the top left corner.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// A horizontal or vertical line of one unit's width and a half.
    Line { from: (f64, f64), to: (f64, f64), colour: Rgb },
    /// A line through points, of any direction.
    Path { points: Vec<(f64, f64)>, width: f64, colour: Rgb },
    /// Discs of one radius.
    Dots { points: Vec<(f64, f64)>, radius: f64, colour: Rgb },
    /// A filled rectangle from its top left to its bottom right corner.
    Area { from: (f64, f64), to: (f64, f64), colour: Rgb },
    /// A text; `at` is halfway up its capitals. `upright` texts run from bottom to top.
    Text { at: (f64, f64), text: String, size: f64, anchor: Anchor, upright: bool, colour: Rgb },
    /// An image; `at` is its top left corner.
    Image { at: (f64, f64), pixels: Pixels },
}

/// A figure.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

impl Scene {
    /// Pixels a unit in images and in bitmap files.
    pub(super) const SCALE: f64 = 2.0;

    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Rgb) {
        self.shapes.push(Shape::Line { from, to, colour });
    }

    pub(super) fn path(&mut self, points: Vec<(f64, f64)>, width: f64, colour: Rgb) {
        self.shapes.push(Shape::Path { points, width, colour });
    }

    pub(super) fn dots(&mut self, points: Vec<(f64, f64)>, radius: f64, colour: Rgb) {
        self.shapes.push(Shape::Dots { points, radius, colour });
    }

    pub(super) fn area(&mut self, from: (f64, f64), to: (f64, f64), colour: Rgb) {
        self.shapes.push(Shape::Area { from, to, colour });
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: Rgb) {
        let (right, bottom) = (x + width, y + height);
        self.line((x, y), (right, y), colour);
        self.line((x, bottom), (right, bottom), colour);
        self.line((x, y), (x, bottom), colour);
        self.line((right, y), (right, bottom), colour);
    }

    pub(super) fn text(&mut self, at: (f64, f64), text: impl Into<String>, size: f64, anchor: Anchor, colour: Rgb) {
        self.shapes.push(Shape::Text { at, text: text.into(), size, anchor, upright: false, colour });
    }

    pub(super) fn upright(&mut self, at: (f64, f64), text: impl Into<String>, size: f64, colour: Rgb) {
        let anchor = Anchor::Middle;
        self.shapes.push(Shape::Text { at, text: text.into(), size, anchor, upright: true, colour });
    }

    pub(super) fn image(&mut self, at: (f64, f64), pixels: Pixels) {
        self.shapes.push(Shape::Image { at, pixels });
    }
}
