use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model {
    #[local(8 mX/ms)]
    a: f64,
}

fn main() {}
