//! The stock connection rules: their words, values and options.

use binnet_units::nearest;
use proc_macro2::TokenStream;
use quote::quote;

use crate::network::scalar::is_probability;

/// A stock rule.
pub(super) struct Stock {
    pub(super) word: &'static str,
    pub(super) form: Form,
    /// Its values, by name, in order.
    pub(super) values: &'static [(&'static str, Number)],
    /// Its own options, which are methods of the rule; all rules have `autapses`.
    pub(super) options: &'static [(&'static str, Option<Number>)],
    /// Whether the connections of single neurons can be drawn again.
    pub(super) procedural: bool,
}

/// What a rule is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Numbers; a single one may differ from block to block.
    Numbers,
    /// A list, which is Rust.
    List,
    /// The matrix that stands as the weight.
    Matrix,
}

/// What a number of a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Probability,
    Mean,
    /// A count if it is whole, else a share.
    InDegree,
    OutDegree,
    Total,
    Reach,
    Neighbours,
    Edges,
    Width,
    Weight,
    LeastWeight,
}

impl Number {
    /// Whether it is a whole number.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Total | Self::Reach | Self::Neighbours | Self::Edges)
    }

    pub(super) fn is_degree(self) -> bool {
        matches!(self, Self::InDegree | Self::OutDegree)
    }

    /// Its type in the library.
    pub(crate) fn ty(self) -> TokenStream {
        match self {
            Self::InDegree | Self::OutDegree => quote!(__binnet::connect::Degree),
            Self::Total => quote!(::core::primitive::u64),
            Self::Reach | Self::Neighbours | Self::Edges => quote!(::core::primitive::usize),
            _ => quote!(::core::primitive::f64),
        }
    }

    pub(super) fn fits(self, x: f64) -> bool {
        match self {
            Self::Probability => is_probability(x),
            Self::Weight => true,
            Self::Reach | Self::Edges => x >= 1.0,
            Self::Neighbours => x >= 0.0 && x % 2.0 == 0.0,
            Self::Width => x > 0.0,
            Self::Mean | Self::InDegree | Self::OutDegree | Self::Total | Self::LeastWeight => x >= 0.0,
        }
    }

    /// What is wrong with one that does not fit, and how to mend it.
    pub(super) fn range(self) -> (&'static str, &'static str) {
        match self {
            Self::Probability => ("a probability lies in 0..=1", "write it as `0.1` or `10 %`"),
            Self::Mean => ("a mean number of contacts is not negative", "the sign belongs to the weight"),
            Self::InDegree => {
                ("an in-degree is not negative", "write a number of inputs, or a share of the presynaptic neurons")
            }
            Self::OutDegree => {
                ("an out-degree is not negative", "write a number of targets, or a share of the postsynaptic neurons")
            }
            Self::Total => ("a number of contacts is not negative", "the sign belongs to the weight"),
            Self::Reach => ("a neighbourhood reaches at least 1 row and column", "write `grid_n(2)` for 24 neighbours"),
            Self::Neighbours => ("neighbours stand on both sides: their number is even", "write `small_world(4, 0.1)`"),
            Self::Edges => ("a new neuron brings at least 1 edge", "write `scale_free(3)`"),
            Self::Width => ("a width is above 0", "give the standard deviation of the Gaussian"),
            Self::Weight => ("a weight is a number", "write one"),
            Self::LeastWeight => ("the smallest weight is not negative", "it bounds the magnitude: leave the sign out"),
        }
    }
}

const fn rule(word: &'static str, values: &'static [(&'static str, Number)]) -> Stock {
    Stock { word, form: Form::Numbers, values, options: &[], procedural: true }
}

const fn stored(stock: Stock) -> Stock {
    Stock { procedural: false, ..stock }
}

const fn with(options: &'static [(&'static str, Option<Number>)], stock: Stock) -> Stock {
    Stock { options, ..stock }
}

const fn given(form: Form, word: &'static str) -> Stock {
    Stock { form, ..stored(rule(word, &[])) }
}

const AROUND: &[(&str, Option<Number>)] = &[("periodic", None), ("centre", None)];
const SPACE: &[(&str, Option<Number>)] = &[("periodic", None), ("normalised", None)];
const SPACE_AND_LEAST: &[(&str, Option<Number>)] =
    &[("periodic", None), ("normalised", None), ("w_min", Some(Number::LeastWeight))];
const DIRECTED: &[(&str, Option<Number>)] = &[("directed", None)];
/// Of two functions, one for each value.
const MULTAPSES: &[(&str, Option<Number>)] = &[("multapses", None)];

static STOCK: [Stock; 22] = [
    rule("fixed_prob", &[("p", Number::Probability)]),
    rule("poisson", &[("rate", Number::Mean)]),
    rule("bernoulli_sum", &[("p", Number::Mean)]),
    rule("bernoulli_halving", &[("p", Number::Mean)]),
    with(MULTAPSES, stored(rule("fixed_in_degree", &[("k", Number::InDegree)]))),
    with(MULTAPSES, rule("fixed_out_degree", &[("k", Number::OutDegree)])),
    rule("fixed_total_number", &[("n", Number::Total)]),
    rule("all_to_all", &[]),
    rule("one_to_one", &[]),
    with(AROUND, rule("grid_four", &[])),
    with(AROUND, rule("grid_eight", &[])),
    with(AROUND, rule("grid_n", &[("n", Number::Reach)])),
    with(SPACE, rule("gaussian_prob", &[("sigma", Number::Width)])),
    with(
        SPACE,
        stored(rule(
            "gaussian_weight",
            &[("sigma", Number::Width), ("w_max", Number::Weight), ("w_min", Number::LeastWeight)],
        )),
    ),
    with(
        SPACE_AND_LEAST,
        stored(rule(
            "dog",
            &[("sigma_p", Number::Width), ("sigma_n", Number::Width), ("w_p", Number::Weight), ("w_n", Number::Weight)],
        )),
    ),
    with(DIRECTED, stored(rule("small_world", &[("k", Number::Neighbours), ("p", Number::Probability)]))),
    with(DIRECTED, stored(rule("scale_free", &[("m", Number::Edges)]))),
    given(Form::List, "edges"),
    given(Form::List, "weighted_edges"),
    given(Form::Matrix, "dense"),
    given(Form::Matrix, "sparse"),
    given(Form::Matrix, "dense_post_pre"),
];

/// The words of all rules.
pub(super) fn words() -> impl Iterator<Item = &'static str> + Clone {
    STOCK.iter().map(|stock| stock.word)
}

/// The words of the rules that can draw the connections of single neurons again.
pub(super) fn procedural() -> impl Iterator<Item = &'static str> {
    STOCK.iter().filter(|stock| stock.procedural).map(|stock| stock.word)
}

/// The rule of a word.
pub(super) fn find(word: &str) -> Option<&'static Stock> {
    STOCK.iter().find(|stock| stock.word == word)
}

/// Whether a word is a rule with numbers, which may be names.
pub(crate) fn is_numbered(word: &str) -> bool {
    find(word).is_some_and(|stock| stock.form == Form::Numbers)
}

/// The stock rule that a word is a misspelling of, or its name elsewhere. Any other word may be the user's.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    match word {
        "bernoulli" | "pairwise_bernoulli" | "fixed_probability" => Some("fixed_prob"),
        "pairwise_poisson" => Some("poisson"),
        "fixed_indegree" | "indegree" | "fixed_number_pre" => Some("fixed_in_degree"),
        "fixed_outdegree" | "outdegree" | "fixed_number_post" => Some("fixed_out_degree"),
        "fixed_number" | "total_number" => Some("fixed_total_number"),
        "watts_strogatz" => Some("small_world"),
        "barabasi_albert" => Some("scale_free"),
        _ => nearest(word, words()),
    }
}
