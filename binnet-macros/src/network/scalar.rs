//! Single numbers in places that fix their unit.

use proc_macro2::TokenStream;
use quote::quote;

use super::named::Amount;
use super::value::{Call, Value, real};
use crate::diag::{Sink, did_you_mean, with_help};

/// Words for random values; they are no functions in places that take one number.
pub(crate) const DISTRIBUTIONS: [&str; 6] = ["uniform", "normal", "lognormal", "bernoulli", "exact", "mismatch"];

/// Code for a pure number; `what` names the place: "a weight".
pub(crate) fn pure(value: &Value, what: &str, sink: &mut Sink) -> TokenStream {
    match value {
        Value::Quantity(quantity) => pure_number(Amount::Literal(quantity), what, sink),
        Value::Named(named) => pure_number(Amount::Named(named), what, sink),
        Value::Array(_, span) => {
            sink.error(
                *span,
                with_help(format!("{what} is one number here"), "matrices `[post][pre]` go with `[a, b] -> [a, b]`"),
            );
            quote!(0.0)
        }
        Value::Call(call) if DISTRIBUTIONS.iter().any(|word| call.name == word) => {
            let help = "give each pair its value with `connect: dense` and a matrix";
            sink.error(call.name.span(), with_help(format!("{what} is one number and cannot be drawn"), help));
            quote!(0.0)
        }
        Value::Call(call) => user_call(call, sink),
        Value::Closure(closure) => {
            sink.error_over(closure, with_help(format!("{what} is a number, not a function"), "write the number"));
            quote!(0.0)
        }
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
    }
}

/// Code for a number without a unit.
pub(crate) fn pure_number(amount: Amount<'_>, what: &str, sink: &mut Sink) -> TokenStream {
    if !amount.unit().is_none() {
        let message = format!("{what} is a pure number, but {}", amount.describe());
        let help = match amount {
            Amount::Literal(quantity) => format!("write `{}`", quantity.value),
            Amount::Named(named) => format!("declare `{}` without a unit", named.name),
        };
        sink.error(amount.place(), with_help(message, help));
    }
    amount.code()
}

/// A call of a function of the user's, as it was written.
pub(crate) fn user_call(call: &Call, sink: &mut Sink) -> TokenStream {
    let name = &call.name;
    if let Some(option) = call.args.iter().find(|arg| arg.name.is_some()) {
        let message = format!("`{name}` is no word of the language, so it has no named options");
        sink.error(option.span(), with_help(message, "only connection rules have options"));
    }
    let (args, others): (Vec<_>, Vec<_>) = call
        .args
        .iter()
        .filter(|arg| arg.name.is_none())
        .partition(|arg| syn::parse2::<syn::Expr>(arg.tokens.clone()).is_ok());
    if let [first, ..] = others.as_slice() {
        let message = format!("`{name}` is no word of the language, so this must be Rust");
        // Numbers with units were meant for a word of the language: the word is what is wrong.
        let measured =
            others.iter().any(|arg| matches!(&arg.value, Value::Quantity(quantity) if !quantity.unit.is_none()));
        if measured {
            let words = DISTRIBUTIONS.map(|word| format!("`{word}`")).join(", ");
            let help = format!("distributions are {words}; a function of your own takes numbers without units");
            sink.error(name.span(), with_help(message, help));
        } else {
            let help = "write numbers without units, with a digit in front of the point";
            sink.error(first.span(), with_help(message, help));
        }
    }
    let args = args.iter().map(|arg| &arg.tokens);
    quote!(#name(#(#args),*))
}

/// The positional arguments, if they are as many as wanted.
pub(crate) fn arguments<'a>(call: &'a Call, names: &[&str], sink: &mut Sink) -> Option<Vec<&'a Value>> {
    arguments_with(call, names, [], sink).map(|(arguments, [])| arguments)
}

/// The positional arguments, if they are as many as wanted, and the values of options.
pub(crate) fn arguments_with<'a, const N: usize>(
    call: &'a Call,
    names: &[&str],
    options: [&str; N],
    sink: &mut Sink,
) -> Option<(Vec<&'a Value>, [Option<&'a Value>; N])> {
    let (mut positional, mut found) = (Vec::new(), [None; N]);
    for arg in &call.args {
        let Some(name) = &arg.name else {
            positional.push(&arg.value);
            continue;
        };
        let Some(which) = options.iter().position(|option| name == option) else {
            let (message, help) = if options.is_empty() {
                (format!("`{}` has no options", call.name), form(call, names))
            } else {
                let help = did_you_mean(&name.to_string(), options, "options are");
                (format!("`{}` has no option `{name}`", call.name), help)
            };
            sink.error(name.span(), with_help(message, help));
            return None;
        };
        if found[which].replace(&arg.value).is_some() {
            sink.error(name.span(), with_help(format!("`{name}` is given twice"), "leave one of them out"));
            return None;
        }
    }
    if positional.len() != names.len() {
        let message = match names.len() {
            0 => format!("`{}` takes no value", call.name),
            1 => format!("`{}` takes one value", call.name),
            n => format!("`{}` takes {n} values", call.name),
        };
        sink.error(call.name.span(), with_help(message, form(call, names)));
        return None;
    }
    Some((positional, found))
}

fn form(call: &Call, names: &[&str]) -> String {
    format!("write `{}({})`", call.name, names.join(", "))
}

/// A range for literals: each one outside is an error at its place.
pub(crate) fn check_range(value: &Value, fits: impl Fn(f64) -> bool, message: &str, help: &str, sink: &mut Sink) {
    value.each_quantity(&mut |quantity| {
        if quantity.unit.is_none() && !fits(quantity.value) {
            sink.error(quantity.place, with_help(format!("{message}, but this is {}", quantity.value), help));
        }
    });
}

/// Whether a number is a probability.
pub(crate) fn is_probability(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}
