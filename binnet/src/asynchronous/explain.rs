//! The report of what was built.

use super::draw::{Draft, Drawn};
use super::layout::{Connectivity, RealStore};
use super::planner::{Choice, cost};
use crate::connect::{KindWeights, Pairs};

/// What was drawn and how it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    projections: Vec<Row>,
    groups: Vec<Columns>,
    slots: usize,
}

#[derive(Clone, Debug)]
struct Row {
    ends: String,
    rule: String,
    weight: f64,
    /// Whether the rule brings weights of its own.
    given: bool,
    drawn: Drawn,
}

#[derive(Clone, Debug)]
struct Columns {
    population: String,
    layouts: Vec<String>,
    bytes: u64,
    ns_per_flip: f64,
}

impl Report {
    /// The projections as they are declared, a line each.
    pub(crate) fn structure(&self) -> Vec<String> {
        let line = |Row { ends, rule, weight, given, .. }: &Row| {
            let given = if *given { " times those of the rule" } else { "" };
            format!("projection {ends}: {rule}, weight {weight}{given}")
        };
        self.projections.iter().map(line).collect()
    }

    pub(crate) fn new(draft: &Draft<'_>, net: &Connectivity, drawn: &[Drawn]) -> Self {
        let name = |p: usize| draft.populations[p].name.as_str();
        let projections = draft
            .projections
            .iter()
            .zip(drawn)
            .map(|(p, drawn)| Row {
                ends: format!(
                    "{} -> {}{}",
                    name(p.pre),
                    name(p.post),
                    match p.pairs {
                        Pairs::All => "",
                        Pairs::SameCluster => ", same cluster",
                        Pairs::OtherCluster => ", other cluster",
                    }
                ),
                rule: p.rule.describe(),
                weight: p.weight,
                given: p.rule.weights(usize::MAX) != KindWeights::Kinds(vec![1.0]),
                drawn: *drawn,
            })
            .collect();
        let groups = draft.groups.iter().enumerate().map(|(pre, _)| Columns::new(draft, net, pre)).collect();
        Self { projections, groups, slots: net.slots }
    }

    pub(crate) fn synapses(&self) -> u64 {
        self.projections.iter().map(|p| p.drawn.contacts).sum()
    }

    pub(crate) fn table(&self) -> String {
        let mut text = String::from("projections:\n");
        for row in &self.projections {
            let Row { ends, rule, weight, given, drawn } = row;
            let weight = if *given { "weights as given".to_owned() } else { format!("weight {weight}") };
            text += &format!("  {ends}: {rule}, {weight}, {} contacts", drawn.contacts);
            if drawn.autapses_removed > 0 {
                text += &format!(" ({} autapses removed)", drawn.autapses_removed);
            }
            text.push('\n');
        }
        text += "storage of the contacts from each population, the cheapest for its density and size:\n";
        if self.slots > 0 {
            text += &format!("  weight classes: {} (contacts of equal weight share one)\n", self.slots);
        }
        for columns in &self.groups {
            let Columns { population, layouts, bytes, ns_per_flip } = columns;
            if layouts.is_empty() {
                continue;
            }
            let megabytes = *bytes as f64 / 1e6;
            let cost = if *ns_per_flip > 0.0 { format!(", about {ns_per_flip:.0} ns a flip") } else { String::new() };
            text += &format!("  from {population}: {}; {megabytes:.1} MB{cost}\n", layouts.join(", "));
        }
        text
    }
}

impl Columns {
    fn new(draft: &Draft<'_>, net: &Connectivity, pre: usize) -> Self {
        let plans = &draft.groups[pre];
        let mut layouts = Vec::new();
        let mut ns = 0.0;
        // All groups of a population are planned alike but for where their cluster lies.
        if let Some((_, _, plan)) = plans.first() {
            for (cell, choice) in &plan.cells {
                ns += cost(cell, *choice);
                let (name, count) = match choice {
                    Choice::Bits(1) => ("one bit a pair".to_owned(), cell.lanes.len()),
                    Choice::Bits(bits) => (format!("{bits} bits a pair"), cell.lanes.len()),
                    Choice::Bytes => ("one byte a pair".to_owned(), cell.lanes.len()),
                    Choice::Lists => ("lists of targets".to_owned(), cell.lanes.len()),
                };
                match layouts.iter_mut().find(|(n, _): &&mut (String, usize)| *n == name) {
                    Some((_, total)) => *total += count,
                    None => layouts.push((name, count)),
                }
            }
        }
        let mut layouts: Vec<_> =
            layouts.into_iter().map(|(name, targets)| format!("{name} (onto {targets} neurons)")).collect();
        let first = draft.first[pre];
        let mut bytes = 0;
        for group in net.groups.iter().filter(|g| (first..first + draft.populations[pre].size).contains(&g.first)) {
            let lists = group.lists.len() * group.len;
            let ends = &net.list_ends[group.list_base..group.list_base + lists];
            let start = if group.list_base == 0 { 0 } else { net.list_ends[group.list_base - 1] };
            let entries = ends.last().map_or(0, |end| end - start);
            let reals: usize = group.reals.iter().map(|r| r.store.bytes()).sum();
            let extras = net.extra_starts[group.first] as usize..net.extra_starts[group.first + group.len] as usize;
            bytes += (size_of_val(&net.extras[extras]) + group.len * 8) as u64;
            bytes += (group.len * (group.words_per_column * 4 + group.bytes_per_column) + lists * 8 + reals) as u64
                + entries * 2;
            for block in group.reals.iter().filter(|_| group.first == first) {
                let kind = if matches!(block.store, RealStore::Dense(_)) { "dense" } else { "sparse" };
                layouts.push(format!("{kind} real weights for {} targets", block.n_post));
            }
        }
        debug_assert!(draft.kinds.iter().all(|k| !matches!(k, KindWeights::Kinds(w) if w.is_empty())) || net.n > 0);
        Self { population: draft.populations[pre].name.clone(), layouts, bytes, ns_per_flip: ns }
    }
}
