//! No token stream makes a macro panic, and whatever it emits is Rust: random words of the language,
//! and valid blocks with tokens removed, doubled, swapped and replaced.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;

use crate::{derive, network};

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

const BLOCKS: &[&str] = &[
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
    Replace(usize, usize),
    Insert(usize, usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let (at, word) = (0..400_usize, 0..WORDS.len());
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
            Change::Replace(_, word) => out.extend(words(&[*word])),
            Change::Insert(_, word) => {
                out.extend([tree]);
                out.extend(words(&[*word]));
            }
            Change::Cut(_) => return out,
        }
    }
    out
}

fn words(indices: &[usize]) -> TokenStream {
    indices.iter().filter_map(|i| WORDS[*i].parse::<TokenStream>().ok()).collect()
}

/// Both macros on some tokens, with the prefix of `network!` and without.
fn both(tokens: TokenStream) {
    let prefix = Group::new(Delimiter::Bracket, "binnet".parse().unwrap_or_default());
    let block: TokenStream = [TokenTree::from(prefix)].into_iter().chain(tokens.clone()).collect();
    for code in [network::expand(block), network::expand(tokens.clone()), derive::expand(tokens.clone())] {
        if let Err(problem) = syn::parse2::<syn::File>(code.clone()) {
            panic!("not Rust: {problem}\n{code}\nfrom: {tokens}");
        }
    }
}

fn soup(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn random_items() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..WORDS.len(), 0..40)
}

fn wrapped(indices: &[usize]) -> TokenStream {
    let items = Group::new(Delimiter::Brace, words(indices));
    let mut tokens: TokenStream = "struct Net<const N: usize = 10>".parse().unwrap_or_default();
    tokens.extend([TokenTree::from(items)]);
    tokens
}

fn changed(block: usize, changes: &[Change]) -> TokenStream {
    let tokens = BLOCKS[block].parse().unwrap_or_default();
    changes.iter().fold(tokens, |tokens, change| apply(tokens, change, &mut 0))
}

proptest! {
    #![proptest_config(soup(400))]

    #[test]
    fn words_in_any_order(indices in random_items()) {
        both(words(&indices));
        both(wrapped(&indices));
    }

    #[test]
    fn blocks_with_changes(block in 0..BLOCKS.len(), changes in prop::collection::vec(change(), 1..6)) {
        both(changed(block, &changes));
    }
}

proptest! {
    #![proptest_config(soup(100_000))]

    #[test]
    #[ignore = "takes minutes"]
    fn many_words_in_any_order(indices in random_items()) {
        both(wrapped(&indices));
    }

    #[test]
    #[ignore = "takes minutes"]
    fn many_blocks_with_changes(block in 0..BLOCKS.len(), changes in prop::collection::vec(change(), 1..6)) {
        both(changed(block, &changes));
    }
}
