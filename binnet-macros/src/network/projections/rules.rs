//! Connection rules: their words, numbers and options.

use binnet_units::nearest;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Ident, Lit};

use super::{Context, Sides};
use crate::diag::{Sink, did_you_mean, with_help};
use crate::network::plan::Rule;
use crate::network::scalar::{arguments, check_range, is_probability, user_call};
use crate::network::sizes::{CheckKind, Checks, Size};
use crate::network::value::{Arg, Call, Value};

/// Rules with a number for each block.
pub(crate) const NUMBERED: [&str; 5] =
    ["fixed_prob", "poisson", "bernoulli_sum", "bernoulli_halving", "fixed_in_degree"];
const PLAIN: [&str; 2] = ["all_to_all", "one_to_one"];
const LISTS: [&str; 2] = ["edges", "weighted_edges"];
const MATRICES: [&str; 3] = ["dense", "sparse", "dense_post_pre"];

/// Rules that can draw the connections of single neurons again.
const PROCEDURAL: [&str; 6] =
    ["fixed_prob", "poisson", "bernoulli_sum", "bernoulli_halving", "all_to_all", "one_to_one"];
const OPTIONS: [&str; 3] = ["autapses", "multapses", "procedural"];

fn stock() -> impl Iterator<Item = &'static str> + Clone {
    NUMBERED.into_iter().chain(PLAIN).chain(LISTS).chain(MATRICES)
}

/// The stock rule that a word is a misspelling of, or its name elsewhere. Any other word may be the user's.
fn meant(word: &str) -> Option<&'static str> {
    match word {
        "bernoulli" | "pairwise_bernoulli" | "fixed_probability" => Some("fixed_prob"),
        "pairwise_poisson" => Some("poisson"),
        "fixed_indegree" | "indegree" | "fixed_number_pre" => Some("fixed_in_degree"),
        _ => nearest(word, stock()),
    }
}

/// Reads connection rules, in any kind of network.
pub(crate) struct Rules<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) checks: &'a mut Checks,
    pub(crate) sink: &'a mut Sink,
}

/// A rule with its options.
pub(crate) struct Wired {
    pub(crate) rule: Rule,
    pub(crate) autapses: Option<TokenStream>,
    /// Whether connections are not stored, and where that is said.
    pub(crate) procedural: Option<(Span, TokenStream)>,
    /// The word of a rule whose matrix is the weight.
    pub(crate) matrix: Option<Ident>,
}

impl Wired {
    fn made(rule: TokenStream) -> Self {
        Self { rule: Rule::Made(rule), autapses: None, procedural: None, matrix: None }
    }
}

impl Rules<'_> {
    /// The rule with its options.
    pub(crate) fn rule(&mut self, connect: &Value, ends: &Sides) -> Option<Wired> {
        let (name, args): (&Ident, &[Arg]) = match connect {
            Value::Call(call) => (&call.name, &call.args),
            Value::Rust(expr) => match &**expr {
                Expr::Path(path) => match path.path.get_ident() {
                    Some(name) => (name, &[]),
                    None => return Some(Wired::made(quote!(#expr))),
                },
                _ => return Some(Wired::made(quote!(#expr))),
            },
            Value::Explicit(expr) => return Some(Wired::made(quote!(#expr))),
            other => {
                let help =
                    format!("write a rule, as in `fixed_prob(0.1)`; rules are {}", crate::diag::list(stock(), "and"));
                self.sink.error(other.place(), with_help("`connect` is followed by a rule", help));
                return None;
            }
        };
        let mut options = Options::read(args, self.sink);
        let positional = Call {
            name: name.clone(),
            args: args
                .iter()
                .filter(|arg| arg.name.is_none())
                .map(|arg| Arg {
                    name: None,
                    value: Value::Explicit(Box::new(syn::parse_quote!(()))),
                    tokens: arg.tokens.clone(),
                })
                .collect(),
        };
        let values: Vec<&Value> = args.iter().filter(|arg| arg.name.is_none()).map(|arg| &arg.value).collect();
        let word = name.to_string();
        let called = matches!(connect, Value::Call(_));
        let rule = if MATRICES.contains(&word.as_str()) {
            if called {
                let help = format!("write `connect: {word}, weight: matrix`");
                self.sink.error(name.span(), with_help(format!("the matrix of `{word}` is the weight"), help));
                return None;
            }
            return Some(Wired { matrix: Some(name.clone()), ..Wired::made(quote!()) });
        } else if !called && stock().any(|rule| rule == word) {
            let form = if PLAIN.contains(&word.as_str()) { format!("{word}()") } else { format!("{word}(..)") };
            if PLAIN.contains(&word.as_str()) {
                self.plain(name, ends)
            } else {
                self.sink.error(
                    name.span(),
                    with_help(format!("`{word}` takes one value"), format!("write `connect: {form}`")),
                );
                return None;
            }
        } else if PLAIN.contains(&word.as_str()) {
            arguments(&positional, &[], self.sink)?;
            self.plain(name, ends)
        } else if LISTS.contains(&word.as_str()) {
            arguments(&positional, &["list"], self.sink)?;
            self.single_only(name, ends)?;
            let list = &positional.args.first()?.tokens;
            Rule::Made(quote!(__binnet::connect::#name(#list)))
        } else if NUMBERED.contains(&word.as_str()) {
            let hint = if word == "fixed_in_degree" { "k" } else { "p" };
            arguments(&positional, &[hint], self.sink)?;
            self.numbered(name, values.first().copied()?, &mut options, ends)?
        } else {
            if let Some(near) = meant(&word).filter(|_| !self.context.scope.run_time.contains(&word)) {
                let message = format!("no connection rule `{word}`; rules are {}", crate::diag::list(stock(), "and"));
                let own = if called { format!("{word}(..)") } else { word.clone() };
                let help = format!("did you mean `{near}`? A rule of your own is written `rust({own})`");
                self.sink.error(name.span(), with_help(message, help));
                return None;
            }
            Rule::Made(if called { user_call(&positional, self.sink) } else { quote!(#name) })
        };
        options.refuse_rest(&word, self.sink);
        Some(Wired { rule, autapses: options.autapses, procedural: options.procedural, matrix: None })
    }

    fn plain(&mut self, name: &Ident, ends: &Sides) -> Rule {
        if name == "one_to_one" {
            for (a, b) in ends.pairs() {
                let sizes = [&a.size, &b.size];
                self.checks.add(CheckKind::OneToOne, name.span(), &[&a.name, &b.name], &sizes, self.sink);
            }
        }
        Rule::Stock { function: name.clone(), argument: None, in_degree: false }
    }

    /// A rule with a probability, a rate or an in-degree.
    fn numbered(&mut self, name: &Ident, value: &Value, options: &mut Options, ends: &Sides) -> Option<Rule> {
        let word = name.to_string();
        let (what, fits, help): (&str, fn(f64) -> bool, &str) = match word.as_str() {
            "fixed_prob" => (
                "a probability lies in 0..=1",
                is_probability,
                "`bernoulli_sum(p)` has the right mean number of contacts for any p",
            ),
            "fixed_in_degree" => (
                "an in-degree is not negative",
                |k| k >= 0.0,
                "write a number of inputs, or a share of the presynaptic neurons",
            ),
            _ => ("a mean number of contacts is not negative", |rate| rate >= 0.0, "the sign belongs to the weight"),
        };
        // A negative probability is no case for a sum of draws.
        let help = if word == "fixed_prob" && is_negative(value) { "the sign belongs to the weight" } else { help };
        check_range(value, fits, what, help, self.sink);
        let in_degree = word == "fixed_in_degree";
        let mut function = name.clone();
        if in_degree && options.multapses.take() == Some(false) {
            function = format_ident!("fixed_in_degree_without_multapses", span = name.span());
            self.distinct_inputs(value, ends);
        }
        let argument = self.blocks(value, &format!("the argument of `{word}`"), in_degree, ends);
        Some(Rule::Stock { function, argument: Some(argument), in_degree })
    }

    /// Without multapses, no more inputs than there are neurons.
    fn distinct_inputs(&mut self, value: &Value, ends: &Sides) {
        let (checks, sink) = (&mut *self.checks, &mut *self.sink);
        value.each_quantity(&mut |quantity| match quantity.integer() {
            Some(k) => {
                for side in &ends.pre {
                    let sizes = [&side.size, &Size::Known(k)];
                    checks.add(CheckKind::InDegree, quantity.span, &[&side.name], &sizes, sink);
                }
            }
            None if quantity.value > 1.0 => {
                let message =
                    format!("a share of {} needs more different inputs than there are neurons", quantity.value);
                sink.error(quantity.place, with_help(message, "give a share up to 1, or leave `multapses: false` out"));
            }
            None => {}
        });
    }
}

/// Named options of a rule.
struct Options {
    autapses: Option<TokenStream>,
    procedural: Option<(Span, TokenStream)>,
    multapses: Option<bool>,
    multapses_span: Option<Span>,
}

impl Options {
    fn read(args: &[Arg], sink: &mut Sink) -> Self {
        let mut options = Self { autapses: None, procedural: None, multapses: None, multapses_span: None };
        for arg in args {
            let Some(name) = &arg.name else { continue };
            match name.to_string().as_str() {
                "autapses" => options.autapses = Some(arg.tokens.clone()),
                "procedural" => options.procedural = Some((name.span(), arg.tokens.clone())),
                "multapses" => {
                    options.multapses_span = Some(name.span());
                    options.multapses = truth(&arg.value);
                    if options.multapses.is_none() {
                        sink.error(
                            arg.value.place(),
                            with_help("`multapses` is `true` or `false`", "write one of them"),
                        );
                        options.multapses_span = None;
                    }
                }
                other => {
                    let help = did_you_mean(other, OPTIONS, "options are");
                    sink.error(name.span(), with_help(format!("no option `{other}`"), help));
                }
            }
        }
        options
    }

    /// Options that not all rules have.
    fn refuse_rest(&self, rule: &str, sink: &mut Sink) {
        if let Some(span) = self.multapses_span
            && rule != "fixed_in_degree"
        {
            let help = "it belongs to `fixed_in_degree`; `fixed_prob` never makes multapses, `poisson` does";
            sink.error(span, with_help(format!("`{rule}` has no option `multapses`"), help));
        }
        if let Some((span, _)) = &self.procedural
            && stock().any(|other| other == rule)
            && !PROCEDURAL.contains(&rule)
        {
            let help = format!("rules that can draw each neuron again are {}", crate::diag::list(PROCEDURAL, "and"));
            sink.error(*span, with_help(format!("`{rule}` has no option `procedural`"), help));
        }
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Rust(expr) => match &**expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Bool(lit) => Some(lit.value),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_negative(value: &Value) -> bool {
    let mut negative = false;
    value.each_quantity(&mut |quantity| negative |= quantity.value < 0.0);
    negative
}
