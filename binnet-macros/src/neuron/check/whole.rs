//! What only the whole neuron shows.

use super::super::model::{Item, Neuron};
use super::super::node::Id;
use super::uses::{Uses, uses};
use super::{Checker, Role};
use crate::diag::{did_you_mean, with_help};

impl Checker<'_, '_> {
    pub(super) fn output(&mut self, neuron: &Neuron) -> Option<Id> {
        let mut output = None;
        for item in &neuron.items {
            let Item::Output(name) = item else { continue };
            if output.is_some() {
                self.sink.error(name.span(), with_help("a neuron has one output", "leave one of them out"));
                continue;
            }
            let found = self.names.get(&name.to_string()).copied();
            output = found.filter(|&id| matches!(self.symbols[id].role, Role::State | Role::Let));
            if let (None, false) = (output, self.failed.contains(&name.to_string())) {
                let states: Vec<_> = self
                    .symbols
                    .iter()
                    .filter(|s| matches!(s.role, Role::State | Role::Let))
                    .map(|s| s.name.to_string())
                    .collect();
                let help = did_you_mean(&name.to_string(), states.iter().map(String::as_str), "there is");
                self.sink.error(name.span(), with_help(format!("no state or intermediate value `{name}`"), help));
            }
        }
        output
    }

    /// What only the whole neuron shows.
    pub(super) fn whole(&mut self, neuron: &Neuron) {
        if neuron.broken {
            return;
        }
        let moves = |item: &Item| matches!(item, Item::Equation(_) | Item::Update { .. } | Item::Spike(_));
        if !neuron.items.iter().any(moves) {
            let message = format!("`{}` says nothing about how it changes", neuron.name);
            let help = "write an equation, as in `dv/dt = (v_rest - v) / tau;`, or `update { .. }`";
            self.sink.error(neuron.name.span(), with_help(message, help));
            return;
        }
        let declares = |item: &Item| matches!(item, Item::Value(_) | Item::Given { .. } | Item::Input { .. });
        if neuron.lost.is_empty() && !neuron.items.iter().any(declares) {
            let help = "write what it is, as in `state v = -60 mV;`";
            self.sink.error(neuron.name.span(), with_help(format!("`{}` declares nothing", neuron.name), help));
            return;
        }
        let used = uses(neuron);
        self.changed(&used);
        for symbol in self.symbols.iter().filter(|symbol| !self.meant.contains(&symbol.name.to_string())) {
            let name = &symbol.name;
            if symbol.role == Role::Input && !used.read.contains(&name.to_string()) {
                let help = format!("use `{name}` in an equation, or leave it out");
                self.sink.error(name.span(), with_help(format!("the input `{name}` is never read"), help));
            }
        }
    }

    /// Refuses states that nothing changes.
    pub(super) fn changed(&mut self, used: &Uses) {
        for symbol in self.symbols.iter().filter(|symbol| !self.meant.contains(&symbol.name.to_string())) {
            let name = &symbol.name;
            if symbol.role == Role::State && !used.changed.contains(&name.to_string()) {
                let help = format!("write `d{name}/dt = ..`, or declare it as `param` or `local`");
                self.sink.error(name.span(), with_help(format!("nothing changes the state `{name}`"), help));
            }
        }
    }
}
