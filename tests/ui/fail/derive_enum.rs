use binnet::prelude::*;

/// A model with a mistake.
#[derive(Population, Clone)]
pub enum Model { A, B }

fn main() {}
