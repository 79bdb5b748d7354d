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
    let written = body(written(plan, names), sound);
    let (threads, clock) = running(plan, names);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[must_use = "a builder does nothing until `build`"]
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #vis struct #builder #declared {
            options: #options,
            settings: #private::Settings,
            #field
            #(#given: ::core::option::Option<#private::connect::WeightMatrix>,)*
        }

        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[allow(unused_variables, unused_mut, reason = "a network may have no parameters")]
        #[automatically_derived]
        impl #generic #builder #args {
            fn empty() -> Self {
                Self {
                    options: ::core::default::Default::default(),
                    settings: ::core::default::Default::default(),
                    #empty #(#given: ::core::option::Option::None,)*
                }
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

            /// Sets the number of threads, with the same results.
            #vis fn threads(mut self, count: ::core::primitive::usize) -> Self {
                #threads
                self
            }

            #clock

            /// Sets something by name: a parameter of the network, of a population (`exc.tau`), of the synapses of a
            /// named projection (`ee.weight`), the rate of a source (`noise.rate`), or the `clock`. The value is a
            /// quantity (`5.ms()`), a number where there is no unit, or text (`"5 ms"`).
            ///
            /// # Errors
            /// For an unknown name (with the nearest one), what is no value, a wrong unit or shape, and values that
            /// the model does not admit.
            #vis fn set(
                mut self,
                name: &#str,
                value: impl ::core::convert::Into<#private::Setting>,
            ) -> #private::Result<Self> {
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

            fn threads(self, count: ::core::primitive::usize) -> Self {
                Self::threads(self, count)
            }

            fn set(
                self,
                name: &#str,
                value: impl ::core::convert::Into<#private::Setting>,
            ) -> #private::Result<Self> {
                Self::set(self, name, value)
            }

            fn written(&self) -> ::std::vec::Vec<(::std::string::String, ::std::string::String)> {
                #written
            }

            fn build(self) -> #private::Result<Self::Network> {
                Self::build(self)
            }
        }
    }
}

/// By name: the parameters of the network here, everything else by the settings.
fn set(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let Names { krate, name, args, .. } = names;
    let private = quote!(#krate::__private);
    let texts = plan.params.iter().map(|param| param.name.unraw().to_string());
    let fields = plan.params.iter().map(|param| param.name);
    let index = (0..plan.params.len()).map(Literal::usize_unsuffixed);
    quote! {
        let setting = ::core::convert::Into::<#private::Setting>::into(value);
        let info = &<#name #args as #private::Network>::INFO;
        match name {
            #(#texts => self.params.#fields = #private::ParamValue::take(&setting, &info.params[#index])?,)*
            _ => self.settings.set(info, name, setting)?,
        }
        ::core::result::Result::Ok(self)
    }
}

/// All values by name, as text.
fn written(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let private = {
        let krate = names.krate;
        quote!(#krate::__private)
    };
    let each = plan.params.iter().map(|param| {
        let (field, text, unit) = (param.name, param.name.unraw().to_string(), &param.unit.text);
        quote!((
            ::core::convert::From::from(#text),
            #private::ParamValue::show(&self.params.#field, #unit)
        ))
    });
    quote! {
        let mut written = ::std::vec![#(#each),*];
        ::core::iter::Extend::extend(&mut written, self.settings.written());
        written
    }
}

/// What `threads` does, and the method `clock` of networks with one.
fn running(plan: &Plan<'_>, names: &Names<'_>) -> (TokenStream, TokenStream) {
    let Names { krate, vis, .. } = names;
    let private = quote!(#krate::__private);
    if plan.clocked.is_none() {
        return (quote!(let _ = count;), TokenStream::new());
    }
    let clock = quote! {
        /// Sets the length of a step; coefficients and delays follow.
        #vis fn clock(mut self, step: #private::Time) -> Self {
            self.settings.set_clock(step);
            self
        }
    };
    (quote!(self.options.threads = #private::Threads::Exactly(count);), clock)
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
