//! The builder of a network: seed, parameters by name and by setter, given data.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::{Names, body, docs, param_docs};
use crate::network::plan::{Param, Plan};

/// The struct, its setters, and `NetworkBuilder`.
pub(super) fn code(plan: &Plan<'_>, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, params, builder, options, declared, generic, args, .. } = names;
    let private = quote!(#krate::__private);
    let (str, u64) = (quote!(::core::primitive::str), quote!(::core::primitive::u64));
    let given: Vec<_> = plan.givens.iter().map(|(given, _)| *given).collect();
    let (field, empty) = if plan.params.is_empty() {
        (TokenStream::new(), TokenStream::new())
    } else {
        (quote!(params: #params,), quote!(params: ::core::default::Default::default(),))
    };
    let doc = format!(" Builds a [`{name}`].");
    let setters = setters(plan, names);
    let set = body(set(plan, names), sound);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[must_use = "a builder does nothing until `build`"]
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #vis struct #builder #declared {
            options: #options,
            #field
            #(#given: ::core::option::Option<#private::connect::WeightMatrix>,)*
        }

        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[allow(unused_variables, unused_mut, reason = "a network may have no parameters")]
        #[automatically_derived]
        impl #generic #builder #args {
            fn empty() -> Self {
                Self { options: ::core::default::Default::default(), #empty #(#given: ::core::option::Option::None,)* }
            }

            /// Sets the seed of all random numbers.
            #vis fn seed(mut self, seed: #u64) -> Self {
                self.options.seed = seed;
                self
            }

            /// How the network is built, to be changed.
            #vis fn options_mut(&mut self) -> &mut #options {
                &mut self.options
            }

            /// Changes how the network is built.
            #vis fn options(mut self, change: impl ::core::ops::FnOnce(&mut #options)) -> Self {
                change(&mut self.options);
                self
            }

            /// Sets a parameter by name from text with a unit: `set("tau", "5 ms")`.
            ///
            /// # Errors
            /// For an unknown name (with the nearest one), a text that is no value, a wrong unit or shape.
            #vis fn set(mut self, name: &#str, value: &#str) -> #private::Result<Self> {
                #set
            }

            #setters
        }

        #[automatically_derived]
        impl #generic #private::NetworkBuilder for #builder #args {
            type Network = #name #args;

            fn seed(self, seed: #u64) -> Self {
                Self::seed(self, seed)
            }

            fn set(self, name: &#str, value: &#str) -> #private::Result<Self> {
                Self::set(self, name, value)
            }

            fn build(self) -> #private::Result<Self::Network> {
                Self::build(self)
            }
        }
    }
}

fn set(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let Names { krate, name, args, .. } = names;
    let private = quote!(#krate::__private);
    let label = format!("parameter of `{}`", name.unraw());
    let texts: Vec<_> = plan.params.iter().map(|param| param.name.unraw().to_string()).collect();
    let unknown = quote! {
        ::core::result::Result::Err(#private::Error::Build(#private::BuildError::unknown(#label, name, &[#(#texts),*])))
    };
    if plan.params.is_empty() {
        return unknown;
    }
    let fields = plan.params.iter().map(|param| param.name);
    let index = (0..plan.params.len()).map(Literal::usize_unsuffixed);
    quote! {
        let known = <#name #args as #private::Network>::INFO.params;
        match name {
            #(#texts => self.params.#fields = #private::ParamValue::read(value, &known[#index])?,)*
            _ => return #unknown,
        }
        ::core::result::Result::Ok(self)
    }
}

/// One method for each parameter and each matrix that is given, and `params` for all parameters.
fn setters(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let Names { krate, vis, params, .. } = names;
    let private = quote!(#krate::__private);
    let all = (!plan.params.is_empty()).then(|| {
        quote! {
            /// Sets all parameters.
            #vis fn params(mut self, params: #params) -> Self {
                self.params = params;
                self
            }
        }
    });
    let each = plan.params.iter().map(|param| {
        let Param { name, ty, .. } = param;
        let docs = param_docs(param, &format!("Sets `{}`.", name.unraw()));
        quote_spanned! {proc_macro2::Span::mixed_site()=>
            #docs
            #vis fn #name(mut self, value: #ty) -> Self {
                self.params.#name = value;
                self
            }
        }
    });
    let given = plan.givens.iter().map(|(name, written)| {
        let docs = docs(written, &format!("Hands in `{}`.", name.unraw()));
        quote_spanned! {proc_macro2::Span::mixed_site()=>
            #docs
            #vis fn #name(mut self, matrix: impl #private::connect::IntoWeights) -> Self {
                self.#name = ::core::option::Option::Some(#private::connect::IntoWeights::into_weights(matrix));
                self
            }
        }
    });
    quote!(#all #(#each)* #(#given)*)
}
