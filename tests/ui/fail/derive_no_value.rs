use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model {
    #[local]
    a: f64,
}

fn main() {}
