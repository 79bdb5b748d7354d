//! The macros of binnet. Use them through the `binnet` crate.

/// Turns a struct that describes one neuron into a population in structure-of-arrays form.
#[proc_macro_derive(Population, attributes(population, param, local, state, input))]
pub fn population(_tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}

/// The body of `network!`, with the path of the crate in front.
#[proc_macro]
pub fn network_block(_tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}
