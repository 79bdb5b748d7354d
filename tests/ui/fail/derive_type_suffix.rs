use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model {
    #[local(1f32)]
    a: f64,
}

fn main() {}
