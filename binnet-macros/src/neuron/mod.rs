//! `neuron!`: parse the block, check names and units, differentiate, emit.

mod calculus;
pub(crate) mod check;
pub(crate) mod code;
mod driven;
pub(crate) mod emit;
pub(crate) mod expr;
mod halves;
pub(crate) mod kind;
mod linear;
pub(crate) mod methods;
pub(crate) mod model;
pub(crate) mod node;
pub(crate) mod parse;
pub(crate) mod show;
mod skeleton;
pub(crate) mod slopes;
pub(crate) mod structure;
#[cfg(test)]
pub(crate) mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Sink;

/// Expands the block; all of its errors are reported together.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let code = expanded(tokens, &mut sink);
    let errors = sink.into_tokens();
    quote!(#errors #code)
}

fn expanded(tokens: TokenStream, sink: &mut Sink) -> TokenStream {
    let Some(neuron) = parse::neuron(tokens, model::Dialect::Neuron, sink) else { return TokenStream::new() };
    let plan = check::check(&neuron, sink);
    methods::check(&neuron, &plan, sink);
    let sound = sink.is_empty();
    let text = sound.then(|| emit::text(&neuron, &plan));
    let code = emit::code(&plan, text.as_ref());
    quote!(#code)
}
