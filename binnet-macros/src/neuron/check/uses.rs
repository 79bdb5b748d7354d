//! What a neuron or a synapse reads and changes.

use std::collections::HashSet;

use super::super::expr::Expr;
use super::super::model::{Item, Neuron, Statement};

/// The names that are read and changed anywhere, in what is written: mistakes elsewhere do not matter.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) read: HashSet<String>,
    pub(super) changed: HashSet<String>,
}

pub(super) fn uses(neuron: &Neuron) -> Uses {
    let mut uses = Uses::default();
    for item in &neuron.items {
        match item {
            Item::Let(binding) => uses.read(&binding.value),
            Item::Equation(equation) => {
                uses.changed.insert(equation.state.to_string());
                uses.read(&equation.value);
            }
            Item::Spike(spike) => {
                uses.read(&spike.value);
                uses.body(&spike.body);
            }
            Item::Update { body, .. } => uses.body(body),
            Item::On { body, .. } => uses.body(body),
            Item::Deliver { value, .. } => uses.read(value),
            Item::Value(_) | Item::Given { .. } | Item::Input { .. } | Item::Output(_) | Item::Reads { .. } => {}
        }
    }
    uses
}

impl Uses {
    fn read(&mut self, expr: &Expr) {
        expr.names(&mut |name| _ = self.read.insert(name.to_string()));
    }

    fn body(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(binding) => self.read(&binding.value),
                Statement::Assign { name, value, .. } => {
                    self.changed.insert(name.to_string());
                    self.read(value);
                }
                Statement::Refractory { duration: value, .. } | Statement::Deliver { value, .. } => self.read(value),
            }
        }
    }
}
