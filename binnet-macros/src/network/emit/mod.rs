//! The code of a network. Thin: names, constants and the plan of the build; everything else is in
//! the library. Local names of the generated functions are hygienic, so the user's cannot clash.

mod build;
mod builder;
mod clocked;
mod info;
mod types;

pub(crate) use clocked::camel;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident};

use super::model::Network;
use super::plan::{Param, Plan};
use super::suffixed;

/// Names and generics that all parts share.
struct Names<'a> {
    krate: &'a TokenStream,
    vis: &'a syn::Visibility,
    name: &'a Ident,
    populations: Ident,
    builder: Ident,
    params: Ident,
    /// The type of the network without its name.
    engine: TokenStream,
    /// The type of what its builder can change.
    options: TokenStream,
    /// `<const N: usize = 20>`, for declarations.
    declared: TokenStream,
    /// `<const N: usize>`, for impls.
    generic: TokenStream,
    /// `<N>`
    args: TokenStream,
}

/// Writes the network out. If it is not `sound`, functions have no bodies, but all types are there.
pub(super) fn code(network: &Network, plan: &Plan<'_>, sound: bool) -> TokenStream {
    let usize = quote!(::core::primitive::usize);
    let declared = plan.generics.iter().map(|param| {
        let name = &param.name;
        match &param.default {
            Some(default @ (syn::Expr::Lit(_) | syn::Expr::Block(_))) => quote!(const #name: #usize = #default),
            Some(default) => quote!(const #name: #usize = { #default }),
            None => quote!(const #name: #usize),
        }
    });
    let generic = plan.generics.iter().map(|param| {
        let name = &param.name;
        quote!(const #name: #usize)
    });
    let args = plan.generics.iter().map(|param| &param.name);
    let krate = &network.krate;
    let populations = suffixed(&network.name, "Populations");
    let args = quote!(<#(#args),*>);
    let (engine, options) = match plan.clocked {
        None => (quote!(Asynchronous), quote!(BuildOptions)),
        Some(_) => (quote!(Clocked), quote!(ClockedOptions)),
    };
    let names = Names {
        krate,
        vis: &network.vis,
        name: &network.name,
        engine: quote!(#krate::__private::#engine<#populations #args>),
        options: quote!(#krate::__private::#options),
        populations,
        builder: suffixed(&network.name, "Builder"),
        params: suffixed(&network.name, "Params"),
        declared: quote!(<#(#declared),*>),
        generic: quote!(<#(#generic),*>),
        args,
    };
    let types = types::code(network, plan, &names, sound);
    let builder = builder::code(plan, &names, sound);
    let build = match &plan.clocked {
        None => build::code(plan, &names, sound),
        Some(clocked) => {
            let delays = super::clocked::delays::written(network);
            let build = clocked::build(network, plan, clocked, &names, delays, sound);
            let records = clocked::records(plan, clocked, &names, sound);
            quote!(#build #records)
        }
    };
    let checks = plan.checks.items(&network.krate, &network.generics);
    let constants = &plan.constants;
    quote!(#constants #types #builder #build #checks)
}

/// A body, or a panic where there are errors.
fn body(code: TokenStream, sound: bool) -> TokenStream {
    if sound { code } else { quote!(::core::unimplemented!("the network has errors")) }
}

/// The user's documentation, or a text in its place.
fn docs(written: &[Attribute], otherwise: &str) -> TokenStream {
    if written.is_empty() {
        let text = format!(" {otherwise}");
        quote!(#[doc = #text])
    } else {
        quote!(#(#written)*)
    }
}

/// The documentation of a parameter: the user's or `otherwise`, then its unit and default.
fn param_docs(param: &Param<'_>, otherwise: &str) -> TokenStream {
    let unit = if param.unit.is_none() { "Without a unit".to_owned() } else { format!("In {}", param.unit.text) };
    let default = match &param.text {
        Some(text) => format!("`{text}` by default"),
        None => "computed by default".to_owned(),
    };
    let text = format!(" {unit}; {default}.");
    let docs = docs(param.docs, otherwise);
    quote!(#docs #[doc = ""] #[doc = #text])
}

/// The text of doc comments, lines without their leading space.
fn doc_text(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"))
        .filter_map(|attr| match &attr.meta {
            syn::Meta::NameValue(meta) => match &meta.value {
                syn::Expr::Lit(lit) => match &lit.lit {
                    syn::Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
