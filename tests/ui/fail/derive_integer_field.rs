use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub struct Model {
    #[local(1)]
    a: u32,
}

fn main() {}
