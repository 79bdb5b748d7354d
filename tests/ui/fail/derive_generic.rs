use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model<const N: usize> {
    #[local(1)]
    a: f64,
}

fn main() {}
