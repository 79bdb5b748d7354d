//! A checked network: what is left to do is to write it out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, Path};

use super::clocked::Clocked;
use super::model::{ConstParam, Let};
use super::projections::Number;
use super::sizes::{Checks, Size};
use crate::quantity::WrittenUnit;

/// Everything that the code generator needs; expressions are code already.
pub(crate) struct Plan<'a> {
    pub(crate) generics: &'a [ConstParam],
    pub(crate) consts: Vec<(&'a Ident, TokenStream)>,
    pub(crate) params: Vec<Param<'a>>,
    pub(crate) lets: Vec<&'a Let>,
    pub(crate) givens: Vec<(&'a Ident, &'a [Attribute])>,
    pub(crate) sources: Vec<(&'a Ident, TokenStream)>,
    pub(crate) populations: Vec<Population<'a>>,
    pub(crate) projections: Vec<Projection>,
    pub(crate) record_flips: bool,
    /// What a network with a clock has besides.
    pub(crate) clocked: Option<Clocked>,
    /// Promises about sizes that the compiler checks.
    pub(crate) checks: Checks,
    /// Item constants that check names and units against the models.
    pub(crate) constants: TokenStream,
}

/// A parameter: a number, an array or a matrix.
pub(crate) struct Param<'a> {
    pub(crate) docs: &'a [Attribute],
    pub(crate) name: &'a Ident,
    pub(crate) ty: TokenStream,
    pub(crate) default: TokenStream,
    /// The default as written; `None` for Rust expressions.
    pub(crate) text: Option<String>,
    pub(crate) unit: WrittenUnit,
}

/// A population.
pub(crate) struct Population<'a> {
    pub(crate) docs: &'a [Attribute],
    pub(crate) name: &'a Ident,
    pub(crate) model: &'a Path,
    pub(crate) size: Size,
    /// Rows and columns, if it has two dimensions.
    pub(crate) grid: Option<[Size; 2]>,
    pub(crate) clusters: Option<Size>,
    /// Field names and their `Init`.
    pub(crate) fields: Vec<(String, TokenStream)>,
    /// In ms.
    pub(crate) tau: Option<TokenStream>,
    pub(crate) init: Option<TokenStream>,
    /// Source and weight.
    pub(crate) drives: Vec<(Ident, TokenStream)>,
}

/// A projection between populations, given by their numbers.
pub(crate) struct Projection {
    pub(crate) name: Option<Ident>,
    pub(crate) pre: Vec<usize>,
    pub(crate) post: Vec<usize>,
    pub(crate) mode: Mode,
    pub(crate) rule: Rule,
    pub(crate) weight: TokenStream,
    /// The variant of `Pairs`.
    pub(crate) pairs: Option<&'static str>,
    pub(crate) autapses: Option<TokenStream>,
    /// Its position among the projections as declared.
    pub(crate) group: usize,
}

/// How the arguments of a projection are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Between two populations.
    Single,
    /// One value for each block, `[post][pre]`.
    Block,
    /// The same values for each pair.
    Group,
}

/// A connection rule.
pub(crate) enum Rule {
    Stock(StockRule),
    /// An expression that makes a rule: stock rules with data, or the user's own.
    Made(TokenStream),
}

/// A stock rule with its numbers.
pub(crate) struct StockRule {
    pub(crate) function: Ident,
    /// What its number is, if it has one, which may differ from block to block.
    pub(crate) number: Option<Number>,
    /// Its numbers.
    pub(crate) arguments: TokenStream,
    /// Methods that set its options.
    pub(crate) options: TokenStream,
}

impl StockRule {
    /// Code for the rule with these numbers.
    pub(crate) fn code(&self, arguments: &TokenStream) -> TokenStream {
        let Self { function, options, .. } = self;
        quote!(__binnet::connect::#function(#arguments) #options)
    }
}

impl Rule {
    /// Code for the rule, if its numbers are the same for all blocks.
    pub(crate) fn code(&self) -> TokenStream {
        match self {
            Self::Stock(stock) => stock.code(&stock.arguments),
            Self::Made(rule) => rule.clone(),
        }
    }
}
