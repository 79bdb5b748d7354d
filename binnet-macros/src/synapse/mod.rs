//! `synapse!`: what `neuron!` does, with events in the place of spikes, and laws from event to event.
//!
//! Items, expressions, units and text are those of `neuron!` (`crate::neuron`); here is what only synapses have:
//! events and deliveries (`check`), equations that are solved exactly between events (`law`), what each state
//! depends on (`uses`), and the code for the run time (`emit`).

mod check;
mod emit;
mod law;
mod show;
#[cfg(test)]
pub(crate) mod tests;
mod uses;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Sink;
use crate::neuron::model::Dialect;
use crate::neuron::{methods, parse};

/// Expands the block; all of its errors are reported together.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let code = expanded(tokens, &mut sink);
    let errors = sink.into_tokens();
    quote!(#errors #code)
}

fn expanded(tokens: TokenStream, sink: &mut Sink) -> TokenStream {
    let Some(block) = parse::neuron(tokens, Dialect::Synapse, sink) else { return TokenStream::new() };
    let synapse = check::check(&block, sink);
    methods::check_named(&block, &synapse.plan, synapse.complete, sink);
    let text = sink.is_empty().then(|| show::text(&block, &synapse));
    emit::code(&synapse, text.as_ref())
}
