//! Projections: their ends, rules and weights.

mod matrices;
mod rules;

use proc_macro2::Span;
use quote::quote;
use syn::Ident;

use super::model::{Ends, Form, Given, Key, Pairs, Projection};
use super::plan::{self, Mode};
use super::populations::once;
use super::sizes::{CheckKind, Checks, Scope};
use super::value::Value;
use crate::diag::{Sink, did_you_mean, with_help};

pub(crate) use rules::NUMBERED;

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
        for (end, name) in post.iter().zip(&written.post.names) {
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
        let mode = self.mode(&written.pre, &written.post)?;
        let pairs = written.pairs.map(|(pairs, span)| {
            self.clusters(&origins, &targets, span);
            match pairs {
                Pairs::Same => "SameCluster",
                Pairs::Other => "OtherCluster",
            }
        });
        let ends = Sides { pre: &origins, post: &targets, shape: (post.len(), pre.len()), mode };
        let (rule, weight) = match connect {
            Some(connect) => (self.rule(connect, &ends), weight),
            None => {
                let help = "write how they connect, as in `connect: fixed_prob(0.1)`";
                self.missing("connect", help, written);
                // The weight is judged all the same.
                if let Some(key) = weight {
                    self.weight_of_unknown_rule(&key.value, &ends);
                }
                return None;
            }
        };
        let is_weighted = matches!(connect, Some(Value::Call(call)) if call.name == "weighted_edges");
        let (rule, autapses, weight) = match (rule, weight) {
            (Some((_, autapses, Some(matrix))), weight) => {
                (self.matrix(&matrix, weight, &ends, written)?, autapses, quote!(1.0))
            }
            (Some((rule, autapses, None)), Some(key)) => (rule, autapses, self.weight(&key.value, &ends)),
            (Some((rule, autapses, None)), None) if is_weighted => (rule, autapses, quote!(1.0)),
            (None, Some(key)) => {
                self.weight_of_unknown_rule(&key.value, &ends);
                return None;
            }
            (_, None) => {
                let help = "write `weight: 0.1`; weights add to the field that is compared with the threshold";
                self.missing("weight", help, written);
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

    /// Says that a key is missing, unless it is there in a form that was reported already.
    fn missing(&mut self, key: &str, help: &str, written: &Projection) {
        let misspelt = written.keys.iter().any(|other| binnet_units::is_near(&other.name.to_string(), key));
        if !written.broken && !misspelt {
            self.sink.error(written.span, with_help(format!("this projection has no `{key}`"), help));
        }
    }

    fn ends(&mut self, ends: &Ends) -> Vec<Option<End>> {
        let mut seen: Vec<&Ident> = Vec::new();
        let mut found = Vec::new();
        for name in &ends.names {
            if seen.contains(&name) {
                self.sink.error(name.span(), with_help(format!("`{name}` is listed twice"), "leave one of them out"));
            }
            seen.push(name);
            found.push(self.end(name));
        }
        found
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

    fn mode(&mut self, pre: &Ends, post: &Ends) -> Option<Mode> {
        match (pre.form, post.form) {
            (Form::Block, Form::Group) | (Form::Group, Form::Block) => {
                let span = post.names.first().map_or_else(Span::call_site, Ident::span);
                let help = "write `[a, b]` on both sides for blocks, `(a, b)` for the same values everywhere";
                self.sink.error(span, with_help("one side is in brackets, the other in parentheses", help));
                None
            }
            (Form::Block, _) | (_, Form::Block) => Some(Mode::Block),
            (Form::Group, _) | (_, Form::Group) => Some(Mode::Group),
            (Form::Single, Form::Single) => Some(Mode::Single),
        }
    }

    /// Both ends of `where .. cluster` have the same number of clusters.
    fn clusters(&mut self, pre: &[usize], post: &[usize], span: Span) {
        let mut without: Vec<usize> =
            pre.iter().chain(post).copied().filter(|i| self.populations[*i].clusters.is_none()).collect();
        without.sort_unstable();
        without.dedup();
        for i in without {
            let name = self.populations[i].name;
            let help = format!("write `in clusters[..]` after the size of `{name}`");
            self.sink.error(span, with_help(format!("`{name}` has no clusters"), help));
        }
        for (a, b) in pre.iter().flat_map(|a| post.iter().map(move |b| (*a, *b))) {
            let (a, b) = (&self.populations[a], &self.populations[b]);
            if let (Some(p), Some(q)) = (&a.clusters, &b.clusters) {
                self.checks.add(CheckKind::SameClusters, span, &[a.name, b.name], &[p, q], self.sink);
            }
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
        let ends = Sides { pre: &[], post: targets, shape: (targets.len(), n_pre), mode: Mode::Group };
        let weight = self.weight(&key.value, &ends);
        for target in targets {
            for source in sources {
                self.populations[*target].drives.push((source.clone(), weight.clone()));
            }
        }
    }
}

/// The two sides of a projection, by number.
struct Sides<'a> {
    pre: &'a [usize],
    post: &'a [usize],
    /// How many there are as written: (post, pre). Unknown names count.
    shape: (usize, usize),
    mode: Mode,
}

impl Sides<'_> {
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.pre.iter().flat_map(|a| self.post.iter().map(move |b| (*a, *b)))
    }
}
