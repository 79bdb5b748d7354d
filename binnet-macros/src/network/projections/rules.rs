//! Connection rules: their words, numbers and options.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Ident, Lit};

use super::stock::{self, Form, Number, Stock};
use super::{Context, Sides};
use crate::diag::{Sink, did_you_mean, list, some, with_help};
use crate::network::plan::{Rule, StockRule};
use crate::network::scalar::{check_range, user_call};
use crate::network::sizes::{CheckKind, Checks, Size};
use crate::network::value::{Arg, Call, Value};

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
        let (name, args): (&Ident, Option<&[Arg]>) = match connect {
            Value::Call(call) => (&call.name, Some(&call.args)),
            Value::Rust(expr) => match &**expr {
                Expr::Path(path) => match path.path.get_ident() {
                    Some(name) => (name, None),
                    None => return Some(Wired::made(quote!(#expr))),
                },
                _ => return Some(Wired::made(quote!(#expr))),
            },
            Value::Explicit(expr) => return Some(Wired::made(quote!(#expr))),
            other => {
                let help = format!("write a rule, as in `fixed_prob(0.1)`; rules are {}", list(stock::words(), "and"));
                self.sink.error(other.place(), with_help("`connect` is followed by a rule", help));
                return None;
            }
        };
        let word = name.to_string();
        if let Some(stock) = stock::find(&word) {
            return self.stock(stock, name, args, ends);
        }
        if let Some(near) = stock::meant(&word).filter(|_| !self.context.scope.run_time.contains(&word)) {
            let message = format!("no connection rule `{word}`; rules are {}", some(&word, stock::words()));
            let own = if args.is_some() { format!("{word}(..)") } else { word };
            let help = format!("did you mean `{near}`? A rule of your own is written `rust({own})`");
            self.sink.error(name.span(), with_help(message, help));
            return None;
        }
        let Some(args) = args else { return Some(Wired::made(quote!(#name))) };
        // A function of the user's, with the options that all projections have.
        let (own, options): (Vec<&Arg>, Vec<&Arg>) =
            args.iter().partition(|arg| arg.name.as_ref().is_none_or(|name| !COMMON.iter().any(|o| name == o)));
        let call = Call { name: name.clone(), args: own.into_iter().map(Arg::copy).collect() };
        let mut wired = Wired::made(user_call(&call, self.sink));
        for arg in options {
            wired.option(arg);
        }
        Some(wired)
    }

    fn stock(&mut self, stock: &'static Stock, name: &Ident, args: Option<&[Arg]>, ends: &Sides) -> Option<Wired> {
        let word = stock.word;
        let mut wired = Wired::made(quote!());
        if stock.form == Form::Matrix {
            if args.is_some() {
                let help = format!("write `connect: {word}, weight: matrix`");
                self.sink.error(name.span(), with_help(format!("the matrix of `{word}` is the weight"), help));
                return None;
            }
            return Some(Wired { matrix: Some(name.clone()), ..wired });
        }
        let read = self.read(stock, name, args.unwrap_or_default(), &mut wired)?;
        if stock.form == Form::List {
            self.single_only(name, ends)?;
            let list = &read.values.first()?.tokens;
            wired.rule = Rule::Made(quote!(__binnet::connect::#name(#list)));
            return Some(wired);
        }
        let values: Vec<&Value> = read.values.iter().map(|arg| &arg.value).collect();
        let mut function = name.clone();
        if read.multapses == Some(false) {
            function = format_ident!("{word}_without_multapses", span = name.span());
            if let ([value], [(_, number)]) = (values.as_slice(), stock.values) {
                self.distinct(value, *number, ends);
            }
        }
        self.shapes(word, name.span(), &values, ends);
        let mut arguments = Vec::new();
        for (value, (_, number)) in values.iter().zip(stock.values) {
            self.check_number(word, *number, value);
            let what = match values.len() {
                1 => format!("the argument of `{word}`"),
                _ => format!("an argument of `{word}`"),
            };
            arguments.push(match values.len() {
                1 => self.blocks(value, &what, *number, ends),
                _ => self.number(value, &what, *number),
            });
        }
        let number = if let [(_, number)] = stock.values { Some(*number) } else { None };
        let (arguments, options) = (quote!(#(#arguments),*), read.options);
        wired.rule = Rule::Stock(StockRule { function, number, arguments, options });
        Some(wired)
    }

    /// Sorts what stands in the parentheses.
    fn read<'v>(
        &mut self,
        stock: &'static Stock,
        name: &Ident,
        args: &'v [Arg],
        wired: &mut Wired,
    ) -> Option<Read<'v>> {
        let word = stock.word;
        let names: &[&str] = if stock.form == Form::List { &["list"] } else { &[] };
        let names: Vec<&str> = names.iter().copied().chain(stock.values.iter().map(|(name, _)| *name)).collect();
        let mut values: Vec<Option<&Arg>> = vec![None; names.len()];
        let mut read = Read { values: Vec::new(), options: TokenStream::new(), multapses: None };
        let (mut next, mut fits) = (0, true);
        for arg in args {
            let Some(option) = &arg.name else {
                match values.get_mut(next) {
                    Some(place) => *place = Some(arg),
                    None => fits = false,
                }
                next += 1;
                continue;
            };
            if let Some(which) = names.iter().position(|name| option == name) {
                if values[which].replace(arg).is_some() {
                    let message = format!("`{option}` is given twice");
                    self.sink.error(option.span(), with_help(message, "leave one of them out"));
                }
            } else if option == "multapses" {
                read.multapses = self.multapses(stock, option, &arg.value);
            } else if let Some((_, number)) = stock.options.iter().find(|(known, _)| option == known) {
                let value = match number {
                    Some(number) => {
                        self.check_number(word, *number, &arg.value);
                        self.number(&arg.value, &format!("`{option}`"), *number)
                    }
                    None => arg.tokens.clone(),
                };
                read.options.extend(quote!(.#option(#value)));
            } else if option == "procedural" && !stock.procedural {
                let help = format!("rules that can draw each neuron again are {}", list(stock::procedural(), "and"));
                let message = format!("`{word}` has no option `procedural`");
                self.sink.error(option.span(), with_help(message, help));
            } else if !wired.option(arg) {
                let options = stock.options.iter().map(|(option, _)| *option).chain(COMMON);
                let known: Vec<&str> = names.iter().copied().chain(options).collect();
                let help = did_you_mean(&option.to_string(), known.iter().copied(), "options are");
                self.sink.error(option.span(), with_help(format!("`{word}` has no option `{option}`"), help));
            }
        }
        read.values = values.into_iter().flatten().collect();
        if fits && read.values.len() == names.len() {
            return Some(read);
        }
        let message = match names.len() {
            0 => format!("`{word}` takes no value"),
            1 => format!("`{word}` takes one value"),
            n => format!("`{word}` takes {n} values"),
        };
        self.sink.error(name.span(), with_help(message, format!("write `connect: {word}({})`", names.join(", "))));
        None
    }

    /// `multapses: false`
    fn multapses(&mut self, stock: &Stock, option: &Ident, value: &Value) -> Option<bool> {
        if stock.options.iter().all(|(known, _)| option != known) {
            let word = stock.word;
            let help = "it belongs to `fixed_in_degree` and `fixed_out_degree`; `fixed_prob` never makes multapses, \
                        `poisson` does";
            self.sink.error(option.span(), with_help(format!("`{word}` has no option `multapses`"), help));
            return None;
        }
        let truth = truth(value);
        if truth.is_none() {
            self.sink.error(value.place(), with_help("`multapses` is `true` or `false`", "write one of them"));
        }
        truth
    }

    /// The sizes that some rules want.
    fn shapes(&mut self, word: &'static str, span: Span, values: &[&Value], ends: &Sides) {
        for (pre, post) in ends.pairs() {
            let names: [&dyn ToString; 3] = [&word, &pre.name, &post.name];
            let sizes = [&pre.size, &post.size];
            match word {
                "one_to_one" | "small_world" | "scale_free" => {
                    self.checks.add(CheckKind::SameSize, span, &names, &sizes, self.sink);
                }
                "grid_four" | "grid_eight" | "grid_n" => {
                    if let (Some([a, b]), Some([c, d])) = (&pre.grid, &post.grid) {
                        self.checks.add(CheckKind::SameGrid, span, &names, &[a, b, c, d], self.sink);
                    }
                }
                _ => {}
            }
            let what = match word {
                "small_world" => "neighbours",
                "scale_free" => "edges",
                _ => continue,
            };
            if let Some(Value::Quantity(quantity)) = values.first()
                && let Some(k) = quantity.integer()
            {
                let sizes = [&pre.size, &Size::Known(k)];
                self.checks.add(CheckKind::Graph, quantity.span, &[&what, &pre.name], &sizes, self.sink);
            }
        }
    }

    /// A literal that is out of its range.
    fn check_number(&mut self, word: &str, number: Number, value: &Value) {
        let (what, mut help) = number.range();
        if word == "fixed_prob" {
            // A negative probability is no case for a sum of draws.
            help = if is_negative(value) {
                "the sign belongs to the weight"
            } else {
                "`bernoulli_sum(p)` has the right mean number of contacts for any p"
            };
        }
        check_range(value, |x| number.fits(x), what, help, self.sink);
    }

    /// Without multapses, no more inputs or targets than there are neurons.
    fn distinct(&mut self, value: &Value, number: Number, ends: &Sides) {
        let (kind, sides, partners) = match number {
            Number::OutDegree => (CheckKind::OutDegree, &ends.post, "targets"),
            _ => (CheckKind::InDegree, &ends.pre, "inputs"),
        };
        let (checks, sink) = (&mut *self.checks, &mut *self.sink);
        value.each_quantity(&mut |quantity| match quantity.integer() {
            Some(k) => {
                for side in sides {
                    let sizes = [&side.size, &Size::Known(k)];
                    checks.add(kind, quantity.span, &[&side.name], &sizes, sink);
                }
            }
            None if quantity.value > 1.0 => {
                let message =
                    format!("a share of {} needs more different {partners} than there are neurons", quantity.value);
                sink.error(quantity.place, with_help(message, "give a share up to 1, or leave `multapses: false` out"));
            }
            None => {}
        });
    }
}

/// Options of any projection.
const COMMON: [&str; 2] = ["autapses", "procedural"];

impl Wired {
    /// Takes an option of any projection; whether it is one.
    fn option(&mut self, arg: &Arg) -> bool {
        let Some(name) = &arg.name else { return false };
        if name == "autapses" {
            self.autapses = Some(arg.tokens.clone());
        } else if name == "procedural" {
            self.procedural = Some((name.span(), arg.tokens.clone()));
        } else {
            return false;
        }
        true
    }
}

/// What stands in the parentheses of a stock rule.
struct Read<'v> {
    values: Vec<&'v Arg>,
    /// Methods of the rule.
    options: TokenStream,
    multapses: Option<bool>,
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
