//! The macros of binnet. Use them through the `binnet` crate.
//!
//! Both macros run the same stages on `proc_macro2` tokens: parse (generous), check (judges, and
//! never returns early), emit (cannot fail). All mistakes of a block are collected in one
//! `diag::Sink` and reported together, each at its token; the types are emitted all the same, so
//! that the rest of the file resolves.

mod derive;
mod diag;
mod methods;
mod network;
mod neuron;
mod quantity;
#[cfg(test)]
mod soup;
mod synapse;

/// Turns a struct that describes one neuron into a population in structure-of-arrays form.
///
/// ```text
/// struct    = "struct" name [ "<" S ":" "Real" [ "=" "f64" ] ">" ] "{" { field "," } "}"
/// field     = attribute name ":" ( "f64" | "f32" | S )
/// attribute = "#[param(" quantity ")]"      one value for the whole population
///           | "#[local(" quantity ")]"      one value for each neuron
///           | "#[state(" quantity ")]"      one value for each neuron, changed by each step
///           | "#[input(" unit ")]"          cleared in each step, projections add into it
/// quantity  = [ "-" ] number [ unit ] | [ "-" ] number "/" unit
/// unit      = word [ "^" integer ] { ( "*" | "/" ) word [ "^" integer ] }
/// ```
///
/// The quantity is the default of the field and fixes its unit: the number is stored in the unit in
/// which it is written. Number and unit may touch (`20ms`), except where the unit starts with `e`.
///
/// For a struct `Name` the derive implements `Model` and makes `NameArrays<N>`, the same fields for
/// `N` neurons: the number itself for a `param`, an aligned column of `N` for the others. A struct
/// that is generic over its precision (`struct Name<S: Real = f64>`, with fields of type `S`) can stand in
/// networks of either `precision`.
///
/// `#[population(crate = path)]` on the struct names the crate when it is not `::binnet`.
#[proc_macro_derive(Population, attributes(population, param, local, state, input))]
pub fn population(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(tokens.into()).into()
}

/// The body of `network!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// The grammar stands at `binnet::network!`, where a user looks for it.
#[proc_macro]
pub fn network_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    network::expand(tokens.into()).into()
}

/// The body of `neuron!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// The grammar stands at `binnet::neuron!`, where a user looks for it.
#[proc_macro]
pub fn neuron_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    neuron::expand(tokens.into()).into()
}

/// The body of `synapse!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// The grammar stands at `binnet::synapse!`, where a user looks for it.
#[proc_macro]
pub fn synapse_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    synapse::expand(tokens.into()).into()
}
