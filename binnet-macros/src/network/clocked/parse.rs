//! The items of networks with a clock, from tokens.

use std::collections::HashSet;

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, Token, bracketed, parenthesized, token};

use super::{Clock, Course, Schedule, Stimulus};
use crate::diag::{did_you_mean, error};
use crate::network::parse::name;
use crate::network::slice::Slice;
use crate::network::value::Value;

/// `clock 0.1 ms`
pub(crate) fn clock(body: ParseStream, names: &HashSet<String>, span: Span) -> syn::Result<Clock> {
    Ok(Clock { span, value: Value::parse(body, names)? })
}

/// `precision f32`
pub(crate) fn precision(body: ParseStream) -> syn::Result<Ident> {
    const HELP: &str = "write `precision f32;` or `precision f64;`";
    let span = body.span();
    let word: Ident = body.parse().map_err(|_| error(span, "the precision is missing here", HELP))?;
    if word != "f32" && word != "f64" {
        return Err(error(span, format!("no precision `{word}`"), HELP));
    }
    Ok(word)
}

/// `stimulus exc.i_ext += steps [(0 nA, 100 ms), (1 nA, 300 ms)]`
pub(crate) fn stimulus(body: ParseStream, names: &HashSet<String>) -> syn::Result<Stimulus> {
    let population = name(body, "population")?;
    let variable = variable(body, &population)?;
    let neurons = Slice::parse(body)?;
    let span = body.span();
    let operator = if body.peek(Token![+=]) {
        body.parse::<Token![+=]>()?;
        "Add"
    } else if body.peek(Token![-=]) {
        body.parse::<Token![-=]>()?;
        "Subtract"
    } else if body.peek(Token![*=]) {
        body.parse::<Token![*=]>()?;
        "Multiply"
    } else if body.peek(Token![/=]) {
        body.parse::<Token![/=]>()?;
        "Divide"
    } else if body.peek(Token![=]) {
        body.parse::<Token![=]>()?;
        "Set"
    } else {
        let help = format!("write `stimulus {population}.{variable} += ..`; also `-=`, `*=`, `/=` and `=`");
        return Err(error(span, "an operator is missing here", help));
    };
    let course = if body.peek(Ident) && body.peek2(token::Bracket) {
        let word: Ident = body.parse()?;
        if word != "steps" {
            let help = did_you_mean(&word.to_string(), ["steps"], "lists are");
            return Err(error(word.span(), format!("no list `{word}`"), help));
        }
        let content;
        bracketed!(content in body);
        let mut steps = Vec::new();
        while !content.is_empty() {
            steps.push(step(&content, names)?);
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Course::Steps(steps)
    } else {
        Course::Value(Value::parse(body, names)?)
    };
    Ok(Stimulus { population, variable, neurons, operator, course })
}

/// `schedule [record, neurons, threshold, reset, deliver]`
pub(crate) fn schedule(body: ParseStream, word: Span) -> syn::Result<Schedule> {
    if !body.peek(token::Bracket) {
        return Err(error(body.span(), "the stages of a step stand here, in brackets", Schedule::FORM));
    }
    let content;
    let span = bracketed!(content in body).span.join();
    let stage = |content: ParseStream| {
        let span = content.span();
        content.parse::<Ident>().map_err(|_| error(span, "the name of a stage stands here", Schedule::FORM))
    };
    let stages = content.parse_terminated(stage, Token![,])?;
    Ok(Schedule { word, span, stages: stages.into_iter().collect() })
}

/// `(1 nA, 300 ms)`
fn step(content: ParseStream, names: &HashSet<String>) -> syn::Result<(Value, Value)> {
    const HELP: &str = "write `(value, duration)`, as in `steps [(0 nA, 100 ms), (1 nA, 300 ms)]`";
    if !content.peek(token::Paren) {
        return Err(error(content.span(), "a value and its duration stand here", HELP));
    }
    let pair;
    parenthesized!(pair in content);
    let value = Value::parse(&pair, names)?;
    if !pair.peek(Token![,]) {
        return Err(error(pair.span(), "the duration is missing here", HELP));
    }
    pair.parse::<Token![,]>()?;
    let duration = Value::parse(&pair, names)?;
    if !pair.is_empty() {
        return Err(error(pair.span(), "a value and its duration stand here, this is more", HELP));
    }
    Ok((value, duration))
}

/// `.v`
pub(super) fn variable(body: ParseStream, population: &Ident) -> syn::Result<Ident> {
    if body.peek(token::Bracket) {
        let written = body.cursor().token_tree().map(|(tree, _)| tree.to_string()).unwrap_or_default();
        let range: String = written.split_whitespace().collect();
        let what = body.cursor().token_tree().and_then(|(_, rest)| rest.punct()).and_then(|(_, rest)| rest.ident());
        let variable = what.map_or_else(|| "spikes".to_owned(), |(word, _)| word.to_string());
        let help = format!("the range stands behind the variable: `{population}.{variable}{range}`");
        return Err(error(body.span(), "a range stands here, before the variable", help));
    }
    let missing = |span| {
        let help = format!("write `{population}.spikes`, or a field of its model");
        error(span, format!("the variable of `{population}` is missing here"), help)
    };
    if !body.peek(Token![.]) {
        return Err(missing(body.span()));
    }
    body.parse::<Token![.]>()?;
    let span = body.span();
    body.parse().map_err(|_| missing(span))
}
