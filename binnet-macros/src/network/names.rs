//! Names: each is declared once, and none of them is a word of the language.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use syn::Ident;

use super::model::{Item, Network};
use crate::diag::{Sink, with_help};

/// Keys of the framework and methods of the builder.
const RESERVED: [&str; 21] = [
    "method",
    "init",
    "target",
    "connect",
    "weight",
    "delay",
    "synapse",
    "receptor",
    "tau",
    "seed",
    "set",
    "build",
    "clock",
    "threads",
    "written",
    "params",
    "options",
    "options_mut",
    "builder",
    "new_builder",
    "into_inner",
];

/// Refuses doubled and reserved names. Returns the positions of the items that would clash with
/// something in the code, which are then left out of it.
pub(crate) fn check(network: &Network, sink: &mut Sink) -> HashSet<usize> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut clashing = HashSet::new();
    for name in network.generics.iter().map(|param| &param.name) {
        declare(name, &mut seen, sink);
    }
    for (position, item) in network.items.iter().enumerate() {
        let name = match item {
            Item::Const(b) | Item::Param(b) | Item::Source(b) => &b.name,
            Item::Let(l) => &l.name,
            Item::Size(s) => &s.name,
            Item::Given(g) => &g.name,
            Item::Channels(c) => &c.name,
            Item::Population(p) => &p.name,
            Item::Projection(p) => match &p.name {
                Some(name) => name,
                None => continue,
            },
            Item::Measure(m) => match &m.name {
                Some(name) => name,
                None => continue,
            },
            Item::Stop(stop) => match &stop.name {
                Some(name) => name,
                None => continue,
            },
            Item::Asynchronous(_)
            | Item::Record(_)
            | Item::Clock(_)
            | Item::Precision(_)
            | Item::Schedule(_)
            | Item::Stimulus(_) => {
                continue;
            }
        };
        if RESERVED.contains(&name.to_string().as_str()) {
            let message = format!("`{name}` is a word of the language and cannot be declared");
            sink.error(name.span(), with_help(message, "choose another name"));
            clashing.insert(position);
        }
        if !declare(name, &mut seen, sink) {
            clashing.insert(position);
        }
    }
    clashing
}

/// Whether the name is new.
fn declare(name: &Ident, seen: &mut HashMap<String, Span>, sink: &mut Sink) -> bool {
    match seen.get(&name.to_string()) {
        Some(first) => {
            let message = format!("`{name}` is declared twice");
            sink.error(name.span(), with_help(message, "each name of a network is declared once"));
            sink.error(*first, format!("`{name}` is first declared here"));
            false
        }
        None => {
            seen.insert(name.to_string(), name.span());
            true
        }
    }
}
