//! No token stream makes a macro panic, and whatever it emits is Rust: random words of the language,
//! and valid blocks with tokens removed, doubled, swapped and replaced.

use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;

use crate::{derive, network, neuron, synapse};

const WORDS: &[&str] = &[
    "asynchronous",
    "clock",
    "const",
    "param",
    "let",
    "given",
    "source",
    "population",
    "projection",
    "record",
    "flips",
    "precision",
    "f32",
    "stimulus",
    "steps",
    "every",
    "during",
    "mean(a.v)",
    "histogram(a.v, 1 mV..2 mV, 3)",
    "onto 3",
    "stop",
    "when",
    "any(a.v > 1 mV)",
    "all",
    "&&",
    "method",
    "spikes",
    "struct",
    "pub",
    "where",
    "same",
    "other",
    "cluster",
    "clusters",
    "in",
    "connect",
    "synapse",
    "synapse: Stp { w: 1 nS }",
    "receptor: alpha(5 ms, reversal: 0 mV)",
    "receptor: nmda { mg: 1 mM, unmerged: true }",
    "weight",
    "tau",
    "init",
    "poisson",
    "fixed_prob",
    "fixed_in_degree",
    "dense",
    "one_to_one",
    "all_to_all",
    "edges",
    "uniform",
    "bernoulli",
    "exact",
    "normal",
    "of_time",
    "constant",
    "multapses",
    "autapses",
    "true",
    "rust",
    "a",
    "b",
    "N",
    "Binary",
    "mut",
    "as",
    "move",
    "param",
    "local",
    "state",
    "input",
    "f64",
    "crate",
    "enum",
    "r#type",
    "self",
    "_",
    "1",
    "0",
    "0.5",
    "1e999",
    "20ms",
    "5mX",
    "0x10",
    "3f32",
    "99999999999999999999999",
    "\"text\"",
    "'c'",
    "'life",
    "->",
    "::",
    "..",
    "=>",
    "||",
    "&&",
    ";",
    ",",
    ":",
    "=",
    "|",
    "-",
    "+",
    "*",
    "/",
    "%",
    "^",
    ".",
    "?",
    "<",
    ">",
    "#",
    "!",
    "$",
    "@",
    "ms",
    "mV",
    "Hz",
    "()",
    "[]",
    "{}",
    "[0.1, 0.2]",
    "[[1], [2]]",
    "(a, b)",
    "[a, b]",
    "{ tau: 1 ms }",
    "|i| i",
];

/// Pieces of neurons and synapses, so that random ones get beyond the parser.
const PIECES: &[&str] = &[
    "param tau = 20 ms;",
    "param g = 10 nS > 0 nS;",
    "param c = 200 pF;",
    "const k = 0.5;",
    "local e = -60 mV;",
    "state v = e;",
    "state v = 0 mV;",
    "state m = 0.05 in 0..=1;",
    "state x = 0;",
    "input i: pA;",
    "let y = g * (e - v);",
    "let y = exp(v / 5 mV);",
    "let z = y + i;",
    "dv/dt = (e - v) / tau;",
    "dv/dt = (g * (e - v) + i) / c;",
    "dv/dt = (e - v) / tau + 2 mV * sqrt(2 / tau) * xi;",
    "dm/dt = (m_inf - m) / tau by rk4;",
    "dx/dt = tanh(x) / tau;",
    "dx/dt = x * xi_1 / sqrt(1 ms) by milstein_ito;",
    "spike when v > -50 mV { v = e; refractory tau holding v; }",
    "spike when v rises through 0 mV;",
    "spike count ceil(log(x)) { x = 0; }",
    "update { let y = max(x, 1); x = y - 1; }",
    "output v;",
    "pre v: mV;",
    "post v: mV;",
    "let q = pre.v / 1 mV;",
    "on pre { x += 1; deliver g * x; }",
    "on post { m -= 0.1 * m; x = clip(x + post.v / 1 mV, 0, 1); }",
    "deliver g * (pre.v - post.v);",
    "on",
    "pre",
    "post",
    "deliver",
    "pre.v",
    "post.v",
    "state",
    "param",
    "let",
    "input",
    "spike",
    "when",
    "count",
    "update",
    "output",
    "refractory",
    "holding",
    "rises",
    "through",
    "within",
    "by",
    "in",
    "dv/dt =",
    "dx/dt =",
    "v",
    "m",
    "x",
    "tau",
    "e",
    "t",
    "dt",
    "xi",
    "index",
    "exp",
    "max",
    "sqrt",
    "rust",
    "self::f",
    "f",
    "(v)",
    "(x, 1)",
    "(x + 1)",
    "{ v = e; }",
    "{ 1 }",
    "if v > e { 1 } else { 0 }",
    "if",
    "else",
    "1",
    "0",
    "20 ms",
    "-60mV",
    "5 mV",
    "1e300",
    "0.5",
    "mV",
    "ms",
    "..=",
    "=",
    "==",
    "<",
    ">",
    "<=",
    "&&",
    "||",
    "!",
    "+",
    "-",
    "*",
    "/",
    "^",
    "%",
    ".",
    ":",
    ",",
    ";",
    ";",
    ";",
    "+=",
    "/=",
    "'c'",
    "#[doc = \"a\"]",
    "#[5]",
    "[1]",
    "()",
    "{}",
];

const BLOCKS: &[&str] = &[
    neuron::tests::EVERYTHING,
    neuron::tests::STEPS,
    synapse::tests::EVERYTHING,
    network::tests::PROGRAM_2,
    network::tests::EVERYTHING,
    network::tests::CLOCKED,
    "struct S { #[local(8 mV/ms)] pub a: f64, #[param(-1)] b: f32, #[input(1/ms)] c: f64, #[state(5 %)] d: f64 }",
    "#[population(crate = some::path)] pub struct Other { #[local(0)] threshold: f64 }",
];

/// What is done to a block: where, and with which word.
#[derive(Clone, Debug)]
enum Change {
    Remove(usize),
    Double(usize),
    Replace(usize, &'static str),
    Insert(usize, &'static str),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..400_usize;
    let word = prop_oneof![prop::sample::select(WORDS), prop::sample::select(PIECES)];
    prop_oneof![
        at.clone().prop_map(Change::Remove),
        at.clone().prop_map(Change::Double),
        (at.clone(), word.clone()).prop_map(|(at, word)| Change::Replace(at, word)),
        (at.clone(), word).prop_map(|(at, word)| Change::Insert(at, word)),
        at.prop_map(Change::Cut),
    ]
}

/// Applies a change at the `n`-th token, counted in depth; `n` is used up on the way.
fn apply(tokens: TokenStream, change: &Change, n: &mut usize) -> TokenStream {
    let (Change::Remove(at) | Change::Double(at) | Change::Replace(at, _) | Change::Insert(at, _) | Change::Cut(at)) =
        *change;
    let mut out = TokenStream::new();
    for tree in tokens {
        let here = *n == at;
        *n += 1;
        let tree = match tree {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), apply(group.stream(), change, n)))
            }
            other => other,
        };
        match change {
            _ if !here => out.extend([tree]),
            Change::Remove(_) => {}
            Change::Double(_) => out.extend([tree.clone(), tree]),
            Change::Replace(_, word) => out.extend(word.parse::<TokenStream>().unwrap_or_default()),
            Change::Insert(_, word) => {
                out.extend([tree]);
                out.extend(word.parse::<TokenStream>().unwrap_or_default());
            }
            Change::Cut(_) => return out,
        }
    }
    out
}

fn words(indices: &[usize]) -> TokenStream {
    indices.iter().filter_map(|i| WORDS[*i].parse::<TokenStream>().ok()).collect()
}

/// The pieces of a neuron.
fn pieces(indices: &[usize]) -> TokenStream {
    indices.iter().filter_map(|i| PIECES[*i].parse::<TokenStream>().ok()).collect()
}

/// All macros on some tokens, with the prefix of `network!` and without.
fn all(tokens: TokenStream) {
    let prefix = Group::new(Delimiter::Bracket, "binnet".parse().unwrap_or_default());
    let block: TokenStream = [TokenTree::from(prefix)].into_iter().chain(tokens.clone()).collect();
    let begin = Instant::now();
    for code in [
        network::expand(block.clone()),
        network::expand(tokens.clone()),
        neuron::expand(block.clone()),
        neuron::expand(tokens.clone()),
        synapse::expand(block),
        synapse::expand(tokens.clone()),
        derive::expand(tokens.clone()),
    ] {
        if let Err(problem) = syn::parse2::<syn::File>(code.clone()) {
            panic!("not Rust: {problem}\n{code}\nfrom: {tokens}");
        }
    }
    // Some milliseconds; a minute is no question of the machine.
    assert!(begin.elapsed() < Duration::from_secs(60), "slow: {tokens}");
}

fn soup(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

const NETWORK: &str = "struct Net<const N: usize = 10>";
const NEURON: &str = "struct Neuron";

fn random_pieces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..PIECES.len(), 0..40)
}

fn random_items() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..WORDS.len(), 0..40)
}

fn wrapped(head: &str, items: TokenStream) -> TokenStream {
    let items = Group::new(Delimiter::Brace, items);
    let mut tokens: TokenStream = head.parse().unwrap_or_default();
    tokens.extend([TokenTree::from(items)]);
    tokens
}

fn changed(block: usize, changes: &[Change]) -> TokenStream {
    let tokens = BLOCKS[block].parse().unwrap_or_default();
    changes.iter().fold(tokens, |tokens, change| apply(tokens, change, &mut 0))
}

proptest! {
    #![proptest_config(soup(2000))]

    #[test]
    fn pieces_of_neurons(indices in random_pieces()) {
        all(wrapped(NEURON, pieces(&indices)));
    }

    #[test]
    fn neurons_with_changes(block in 0..3_usize, changes in prop::collection::vec(change(), 1..6)) {
        all(changed(block, &changes));
    }
}

proptest! {
    #![proptest_config(soup(400))]

    #[test]
    fn words_in_any_order(indices in random_items()) {
        all(words(&indices));
        all(wrapped(NETWORK, words(&indices)));
    }

    #[test]
    fn blocks_with_changes(block in 0..BLOCKS.len(), changes in prop::collection::vec(change(), 1..6)) {
        all(changed(block, &changes));
    }
}

proptest! {
    #![proptest_config(soup(100_000))]

    #[test]
    #[ignore = "takes minutes"]
    fn many_words_in_any_order(indices in random_items()) {
        all(wrapped(NETWORK, words(&indices)));
    }

    #[test]
    #[ignore = "takes minutes"]
    fn many_pieces_of_neurons(indices in random_pieces()) {
        all(wrapped(NEURON, pieces(&indices)));
    }

    #[test]
    #[ignore = "takes minutes"]
    fn many_neurons_with_changes(block in 0..3_usize, changes in prop::collection::vec(change(), 1..6)) {
        all(changed(block, &changes));
    }

    #[test]
    #[ignore = "takes minutes"]
    fn many_blocks_with_changes(block in 0..BLOCKS.len(), changes in prop::collection::vec(change(), 1..6)) {
        all(changed(block, &changes));
    }
}
