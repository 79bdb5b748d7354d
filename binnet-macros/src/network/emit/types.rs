//! The types of a network: the network itself, its populations, its parameters.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;

use super::{Names, body, doc_text, docs, param_docs};
use crate::network::model::Network;
use crate::network::plan::{Param, Plan, Population};
use crate::network::scale;
use crate::quantity::dimension;

/// All types with what they implement.
pub(super) fn code(network: &Network, plan: &Plan<'_>, names: &Names<'_>, sound: bool) -> TokenStream {
    let main = main(network, plan, names, sound);
    let populations = match &plan.clocked {
        None => populations(plan, names, sound),
        Some(clocked) => super::clocked::populations(plan, clocked, names, sound),
    };
    let params = if plan.params.is_empty() { TokenStream::new() } else { params(plan, names) };
    quote!(#main #populations #params)
}

fn main(network: &Network, plan: &Plan<'_>, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, builder, engine, declared, generic, args, .. } = names;
    let private = quote!(#krate::__private);
    let attrs = &network.attrs;
    let text = name.unraw().to_string();
    let infos: Vec<_> = plan.params.iter().map(|param| info(krate, param)).collect();
    let info = super::info::code(network, plan, names, &infos, sound);
    let flips = (plan.record_flips && plan.clocked.is_none()).then(|| quote!(builder.options.record_flips = true;));
    let order = plan.clocked.as_ref().and_then(|clocked| clocked.schedule.as_ref()).map(|order| {
        let order = order.iter().map(|stage| Ident::new(stage, Span::call_site()));
        quote!(builder.options.schedule = #private::schedule([#(#private::Stage::#order),*]);)
    });
    quote! {
        #(#attrs)*
        #vis struct #name #declared {
            net: #engine,
        }

        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[automatically_derived]
        impl #generic #name #args {
            /// A builder with the declared values of all parameters.
            #[must_use]
            #vis fn builder() -> #builder #args {
                let mut builder = #builder::empty();
                #flips
                #order
                builder
            }

            /// Sets something by name between runs: a parameter, local or state of a population (`exc.tau`), and what
            /// else the engine admits. The value is a quantity (`5.ms()`), a number where there is no unit, or text.
            ///
            /// # Errors
            /// For an unknown name (with the nearest one), a wrong unit, values that the model does not admit, and
            /// what is fixed once the network is built: parameters of the network, clock, delays.
            #vis fn set(
                &mut self,
                name: &::core::primitive::str,
                value: impl ::core::convert::Into<#private::Setting>,
            ) -> #private::Result<()> {
                #private::set_in(
                    &<Self as #private::Network>::INFO,
                    &mut self.net,
                    name,
                    ::core::convert::Into::into(value),
                )
            }

            /// The network itself, without its name.
            #[must_use]
            #vis fn into_inner(self) -> #engine {
                self.net
            }
        }

        #[automatically_derived]
        impl #generic #private::Network for #name #args {
            const INFO: #private::NetworkInfo = #info;
            type Builder = #builder #args;

            fn new_builder() -> Self::Builder {
                Self::builder()
            }
        }

        #[automatically_derived]
        impl #generic ::core::ops::Deref for #name #args {
            type Target = #engine;

            fn deref(&self) -> &Self::Target {
                &self.net
            }
        }

        #[automatically_derived]
        impl #generic ::core::ops::DerefMut for #name #args {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.net
            }
        }

        #[automatically_derived]
        impl #generic ::core::fmt::Debug for #name #args {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#text).field("populations", self.net.populations()).finish_non_exhaustive()
            }
        }
    }
}

/// The entry of a parameter in `NetworkInfo`.
fn info(krate: &TokenStream, param: &Param<'_>) -> TokenStream {
    let name = param.name.unraw().to_string();
    let unit = &param.unit.text;
    let dimension = dimension(krate, param.unit.dimension());
    let scale = scale(&param.unit);
    let doc = doc_text(param.docs);
    quote!(#krate::__private::ParamInfo { name: #name, unit: #unit, dimension: #dimension, scale: #scale, doc: #doc })
}

/// `Population<Model, N>`
pub(super) fn population_type(private: &TokenStream, population: &Population<'_>) -> TokenStream {
    let (model, n) = (population.model, population.size.constant(private));
    quote!(#private::Population<#model, #n>)
}

fn populations(plan: &Plan<'_>, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, populations, declared, generic, args, .. } = names;
    let private = quote!(#krate::__private);
    let doc = format!(" The populations of [`{name}`], in order of declaration.");
    let fields = plan.populations.iter().map(|population| {
        let field = population.name;
        let docs = docs(population.docs, &format!("Population `{}`.", field.unraw()));
        let ty = population_type(&private, population);
        quote!(#docs #vis #field: #ty)
    });
    let heaviside = plan.populations.iter().map(|population| {
        let ty = population_type(&private, population);
        quote!(<#ty as #private::BinaryPopulation>::HEAVISIDE)
    });
    let heaviside = if sound { quote!(#(#heaviside)&&*) } else { quote!(false) };
    let each: Vec<_> = plan.populations.iter().map(|population| population.name).collect();
    let index = (0..each.len()).map(Literal::usize_unsuffixed).collect::<Vec<_>>();
    let sizes = body(quote!(::std::vec![#(#private::BinaryPopulation::size(&self.#each)),*]), sound);
    let beyond = quote!(_ => ::core::panic!("a population lies within the network"));
    let thresholds = body(
        quote!(match population {
            #(#index => #private::BinaryPopulation::thresholds(&self.#each),)*
            #beyond,
        }),
        sound,
    );
    let fields_of = body(
        quote!(match population {
            #(#index => ::core::option::Option::Some(&self.#each),)*
            #beyond,
        }),
        sound,
    );
    let fields_mut = body(
        quote!(match population {
            #(#index => ::core::option::Option::Some(&mut self.#each),)*
            #beyond,
        }),
        sound,
    );
    let next = body(
        quote!(match population {
            #(#index => #private::BinaryPopulation::next(&self.#each, index, field, rng),)*
            #beyond,
        }),
        sound,
    );
    let part = body(quote!(match population { #(#index => &self.#each,)* #beyond, }), sound);
    let part_mut = body(quote!(match population { #(#index => &mut self.#each,)* #beyond, }), sound);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #vis struct #populations #declared {
            #(#fields,)*
        }

        #[automatically_derived]
        #[allow(unused_variables, reason = "a network with errors has no bodies")]
        impl #generic #private::Gains for #populations #args {
            const HEAVISIDE: ::core::primitive::bool = #heaviside;

            fn sizes(&self) -> ::std::vec::Vec<::core::primitive::usize> {
                #sizes
            }

            fn thresholds(&self, population: ::core::primitive::usize) -> ::std::vec::Vec<::core::primitive::f64> {
                #thresholds
            }

            fn fields(
                &self,
                population: ::core::primitive::usize,
            ) -> ::core::option::Option<&dyn #private::Fields> {
                #fields_of
            }

            fn fields_mut(
                &mut self,
                population: ::core::primitive::usize,
            ) -> ::core::option::Option<&mut dyn #private::Fields> {
                #fields_mut
            }

            #[inline]
            fn next(
                &self,
                population: ::core::primitive::usize,
                index: ::core::primitive::usize,
                field: ::core::primitive::f64,
                rng: &mut #private::Stream,
            ) -> ::core::option::Option<::core::primitive::bool> {
                #next
            }

            fn part(&self, population: ::core::primitive::usize) -> &dyn #private::BinaryPart {
                #part
            }

            fn part_mut(&mut self, population: ::core::primitive::usize) -> &mut dyn #private::BinaryPart {
                #part_mut
            }
        }
    }
}

fn params(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let Names { vis, name, params, .. } = names;
    let doc = format!(" The parameters of [`{name}`], each in the unit of its declaration.");
    let fields = plan.params.iter().map(|param| {
        let Param { name, ty, .. } = param;
        let docs = param_docs(param, &format!("Parameter `{}`.", name.unraw()));
        quote!(#docs #vis #name: #ty)
    });
    let values = plan.params.iter().map(|Param { name, default, .. }| quote!(#name: #default));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #vis struct #params {
            #(#fields,)*
        }

        #[automatically_derived]
        impl ::core::default::Default for #params {
            fn default() -> Self {
                Self { #(#values),* }
            }
        }
    }
}
