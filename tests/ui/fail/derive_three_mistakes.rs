use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model {
    threshold: f64,
    #[local(1 mX)]
    b: f64,
    #[state(1)]
    c: bool,
}

fn main() {}
