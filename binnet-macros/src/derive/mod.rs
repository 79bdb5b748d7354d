//! `#[derive(Population)]`: parse the struct into a model, then emit its arrays.

pub(crate) mod emit;
pub(crate) mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Sink;

/// The storage class of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Param,
    Local,
    State,
    Input,
}

/// Expands the derive.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let code = sink
        .handle(syn::parse2::<syn::DeriveInput>(tokens))
        .and_then(|input| parse::model(input, &mut sink))
        .map(|model| emit::code(&model, &emit::Options::by_hand(&model, sink.is_empty())));
    let errors = sink.into_tokens();
    quote!(#errors #code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The errors of a struct, one a line; empty if it is fine.
    fn errors(source: &str) -> String {
        let mut sink = Sink::default();
        let Ok(tokens) = source.parse::<TokenStream>() else { return "does not lex".to_owned() };
        let model = sink.handle(syn::parse2(tokens)).and_then(|input| parse::model(input, &mut sink));
        if let Some(model) = model {
            let code = emit::code(&model, &emit::Options::by_hand(&model, sink.is_empty()));
            assert!(syn::parse2::<syn::File>(code.clone()).is_ok(), "{code}");
        }
        sink.messages().join("\n")
    }

    #[test]
    fn the_structs_of_the_language_are_fine() {
        for source in [
            "struct Binary { #[local(0)] pub threshold: f64 }",
            "pub struct S { #[local(1)] threshold: f64, #[param(0.1)] width: f64 }",
            "pub struct Izhikevich { #[local(0.02 / ms)] a: f64, #[local(8 mV/ms)] d: f64, #[state(-65 mV)] v: f32,
             #[input(mV/ms)] i: f64 }",
            "struct None {}",
            "pub struct Generic<S: Real = f64> { #[state(-65 mV)] v: S, #[param(1 ms)] tau: S, #[local(2)] n: f64 }",
            "#[population(crate = other::path)] struct S { #[state(20ms)] r#type: f64 }",
        ] {
            assert_eq!(errors(source), "", "{source}");
        }
    }

    #[test]
    fn each_mistake_has_its_message() {
        for (source, part) in [
            ("struct S { a: f64 }", "say what `a` is: a `param`, `local`, `state` or `input`"),
            ("struct S { #[local(1)] #[state(1)] a: f64 }", "`a` is declared both `local` and `state`"),
            ("struct S { #[local(1)] #[local(2)] a: f64 }", "`a` is declared `local` twice"),
            ("struct S { #[local(8 mX)] a: f64 }", "unknown unit `mX`"),
            ("struct S { #[local] a: f64 }", "`local` needs the default of `a`"),
            ("struct S { #[local()] a: f64 }", "`local` needs the default of `a`"),
            ("struct S { #[input] a: f64 }", "`input` needs the unit of `a`"),
            ("struct S { #[input(5 mV)] a: f64 }", "a unit stands here, not a value"),
            ("struct S { #[local(1, 2)] a: f64 }", "one quantity stands here"),
            ("struct S { #[local(1)] a: u32 }", "`a` must be `f64` or `f32`"),
            ("struct S(f64);", "needs a struct with named fields"),
            ("struct S;", "needs a struct with named fields"),
            ("enum S { A }", "needs a struct with named fields"),
            ("union S { a: f64 }", "needs a struct with named fields"),
            ("struct S<const N: usize> { #[local(1)] a: [f64; N] }", "can be generic over its precision only"),
            ("struct S<A, B> { #[local(1)] a: A }", "one type parameter is the type of all fields"),
            ("struct S<T> where T: Real { #[local(1)] a: T }", "write the bound at the parameter"),
            ("struct S<T: Real> { #[local(1)] a: U }", "`a` must be `f64` or `f32`"),
            ("struct S<'a> { #[local(1)] a: &'a f64 }", "can be generic over its precision only"),
            ("#[population(krate = x)] struct S {}", "unknown option `krate`"),
        ] {
            let message = errors(source);
            assert!(message.contains(part), "{source}: {message}");
        }
    }

    #[test]
    fn all_mistakes_at_once() {
        let message = errors("struct S { a: f64, #[local(1 mX)] b: f64, #[state(1)] c: bool }");
        assert_eq!(message.matches("help:").count(), 3, "{message}");
    }
}
