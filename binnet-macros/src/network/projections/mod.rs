//! Projections: their ends, rules and weights.

mod matrices;
mod rules;
mod sides;
mod stock;

use quote::quote;
use syn::Ident;

use super::model::{Ends, Given, Key, Pairs, Projection};
use super::named::Amount;
use super::plan::{self, Mode};
use super::populations::once;
use super::scalar::pure_number;
use super::sizes::{Checks, Scope, Size};
use super::value::Value;
use crate::diag::{Sink, did_you_mean, with_help};

pub(crate) use matrices::block_shape;
pub(crate) use rules::{Rules, Wired};
pub(crate) use sides::{Side, Sides, listed_once, mode};
pub(crate) use stock::{Number, is_numbered};

const KEYS: [&str; 2] = ["connect", "weight"];

/// What a projection may refer to.
pub(crate) struct Context<'a> {
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) givens: Vec<&'a Given>,
    pub(crate) sources: Vec<&'a Ident>,
    /// Whether one was left out for its name, so that nothing is said about names that are missing.
    pub(crate) left_out: bool,
}

/// A projection, read against its network.
pub(crate) struct Lowering<'c, 'a, 'p> {
    pub(crate) context: &'c Context<'c>,
    pub(crate) populations: &'a mut Vec<plan::Population<'p>>,
    pub(crate) checks: &'a mut Checks,
    pub(crate) sink: &'a mut Sink,
}

/// What an end is.
enum End {
    Population(usize),
    Source(Ident),
}

impl Lowering<'_, '_, '_> {
    /// Checks a projection. A projection from a source becomes a drive of its targets.
    pub(crate) fn projection(&mut self, written: &Projection, group: usize) -> Option<plan::Projection> {
        let pre = self.ends(&written.pre);
        let post = self.ends(&written.post);
        let mut targets = Vec::new();
        for (end, name) in post.iter().zip(written.post.each.iter().map(|end| &end.name)) {
            match end {
                Some(End::Population(i)) => targets.push(*i),
                Some(End::Source(_)) => {
                    let help = "projections go from populations and sources to populations";
                    self.sink
                        .error(name.span(), with_help(format!("`{name}` is a source: nothing projects onto it"), help));
                }
                None => {}
            }
        }
        let keys = once(&written.keys, self.sink);
        self.unknown_keys(&keys);
        if let Some(synapse) = written.synapses.first() {
            let help = "give the network a clock, as in `clock 0.1 ms;`";
            let message = "synapses with equations need a clock";
            self.sink.error(synapse.word.span(), with_help(message, help));
        }
        let connect = keys.iter().find(|key| key.name == "connect").map(|key| &key.value);
        let weight = keys.iter().find(|key| key.name == "weight").copied();

        let drives: Vec<Ident> = pre
            .iter()
            .filter_map(|end| if let Some(End::Source(name)) = end { Some(name.clone()) } else { None })
            .collect();
        if !drives.is_empty() {
            self.drive(written, &drives, pre.len(), &targets, connect, weight);
            return None;
        }
        let origins: Vec<usize> =
            pre.iter().filter_map(|end| if let Some(End::Population(i)) = end { Some(*i) } else { None }).collect();
        let complete = origins.len() == pre.len() && targets.len() == post.len();
        let mode = mode(&written.pre, &written.post, self.sink)?;
        let side = |i: &usize| {
            let plan::Population { name, size, clusters, .. } = &self.populations[*i];
            let grid = Some([Size::Known(1), size.clone()]);
            Side { name: (*name).clone(), size: size.clone(), grid, clusters: clusters.clone() }
        };
        let ends = Sides {
            pre: origins.iter().map(side).collect(),
            post: targets.iter().map(side).collect(),
            shape: (post.len(), pre.len()),
            mode,
        };
        let pairs = written.pairs.map(|(pairs, span)| {
            ends.clusters(span, self.checks, self.sink);
            match pairs {
                Pairs::Same => "SameCluster",
                Pairs::Other => "OtherCluster",
            }
        });
        let (wired, weight) = match connect {
            Some(connect) => (self.rules().rule(connect, &ends), weight),
            None => {
                let help = "write how they connect, as in `connect: fixed_prob(0.1)`";
                missing("connect", help, written, self.sink);
                // The weight is judged all the same.
                if let Some(key) = weight {
                    self.weight_of_unknown_rule(&key.value, &ends);
                }
                return None;
            }
        };
        let is_weighted = matches!(connect, Some(Value::Call(call)) if call.name == "weighted_edges");
        let Some(Wired { rule, autapses, procedural, matrix }) = wired else {
            match weight {
                Some(key) => self.weight_of_unknown_rule(&key.value, &ends),
                None => no_weight(written, self.sink),
            }
            return None;
        };
        if let Some((span, _)) = procedural {
            let help = "leave it out: layouts without stored connections are chosen when the network is built";
            self.sink.error(span, with_help("an asynchronous network has no option `procedural`", help));
        }
        let (rule, weight) = match (matrix, weight) {
            (Some(matrix), weight) => {
                let mut pure = |amount: Amount<'_>, sink: &mut Sink| pure_number(amount, "a weight", sink);
                (self.rules().matrix(&matrix, weight, &ends, written, &mut pure)?, quote!(1.0))
            }
            (None, Some(key)) => (rule, self.weight(&key.value, &ends)),
            (None, None) if is_weighted => (rule, quote!(1.0)),
            (None, None) => {
                no_weight(written, self.sink);
                return None;
            }
        };
        complete.then(|| plan::Projection {
            name: written.name.clone(),
            pre: origins,
            post: targets,
            mode,
            rule,
            weight,
            pairs,
            autapses,
            group,
        })
    }

    fn rules(&mut self) -> Rules<'_> {
        Rules { context: self.context, checks: self.checks, sink: self.sink }
    }

    fn ends(&mut self, ends: &Ends) -> Vec<Option<End>> {
        listed_once(ends, self.sink);
        for slice in ends.each.iter().filter_map(|end| end.slice.as_ref()) {
            let help = "make it a population of its own";
            self.sink.error(slice.span, with_help("an asynchronous network has no slices of populations", help));
        }
        ends.each.iter().map(|end| self.end(&end.name)).collect()
    }

    fn end(&mut self, name: &Ident) -> Option<End> {
        if let Some(i) = self.populations.iter().position(|population| population.name == name) {
            return Some(End::Population(i));
        }
        if self.context.sources.contains(&name) {
            return Some(End::Source(name.clone()));
        }
        if self.context.left_out {
            return None;
        }
        let known: Vec<String> = self
            .populations
            .iter()
            .map(|p| p.name)
            .chain(self.context.sources.iter().copied())
            .map(ToString::to_string)
            .collect();
        let written = name.to_string();
        let help = did_you_mean(&written, known.iter().map(String::as_str), "there is");
        self.sink.error(name.span(), with_help(format!("no population `{name}`"), help));
        None
    }

    fn unknown_keys(&mut self, keys: &[&Key]) {
        for key in keys.iter().filter(|key| KEYS.iter().all(|known| key.name != known)) {
            let name = key.name.to_string();
            let help = match name.as_str() {
                "target" => "leave it out: a binary neuron has one input".to_owned(),
                "delay" => "leave it out: in an asynchronous network a change acts at once".to_owned(),
                "synapse" | "receptor" => "leave it out: a binary neuron sums its weights".to_owned(),
                "autapses" | "multapses" => {
                    format!("it belongs to the rule: `connect: fixed_in_degree(10, {name}: true)`")
                }
                _ => did_you_mean(&name, KEYS, "keys are"),
            };
            self.sink.error(
                key.name.span(),
                with_help(format!("a projection of an asynchronous network has no `{name}`"), help),
            );
        }
    }

    /// A background drive: its value times the weight, for each target.
    fn drive(
        &mut self,
        written: &Projection,
        sources: &[Ident],
        n_pre: usize,
        targets: &[usize],
        connect: Option<&Value>,
        weight: Option<&Key>,
    ) {
        if sources.len() < n_pre {
            let help = "write a projection for each of them";
            self.sink.error(written.span, with_help("sources and populations cannot project together", help));
        }
        if let Some(connect) = connect {
            let help = "leave `connect` out: a drive acts on each neuron of its targets";
            self.sink.error(connect.place(), with_help("a source has no connections", help));
        }
        if let Some((_, span)) = written.pairs {
            self.sink.error(span, with_help("a source has no clusters", "leave `where` out"));
        }
        let Some(key) = weight else {
            if !written.broken {
                self.sink.error(written.span, with_help("this projection has no `weight`", "write `weight: 1.0`"));
            }
            return;
        };
        if let Value::Array(_, span) = &key.value {
            let help = "write a projection for each target";
            self.sink.error(*span, with_help("the weight of a drive is one number", help));
            return;
        }
        let ends = Sides { pre: Vec::new(), post: Vec::new(), shape: (targets.len(), n_pre), mode: Mode::Group };
        let weight = self.weight(&key.value, &ends);
        for target in targets {
            for source in sources {
                self.populations[*target].drives.push((source.clone(), weight.clone()));
            }
        }
    }
}

/// Says that a key is missing, unless it is there in a form that was reported already.
pub(crate) fn missing(key: &str, help: &str, written: &Projection, sink: &mut Sink) {
    let misspelt = written.keys.iter().any(|other| binnet_units::is_near(&other.name.to_string(), key));
    if !written.broken && !misspelt {
        sink.error(written.span, with_help(format!("this projection has no `{key}`"), help));
    }
}

fn no_weight(written: &Projection, sink: &mut Sink) {
    let help = "write `weight: 0.1`; weights add to the field that is compared with the threshold";
    missing("weight", help, written, sink);
}
