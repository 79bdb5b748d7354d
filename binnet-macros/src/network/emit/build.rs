//! The function that builds a network: bindings, populations, projections, in order.
//!
//! Its own locals are hygienic (`mixed_site`), so expressions of the user's see only what they
//! declared, and the name `__binnet` for the library.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::{Names, body};
use crate::network::model::Let;
use crate::network::plan::{Mode, Plan, Population, Projection, Rule};
use crate::network::value::question_mark;

/// `fn build`.
pub(super) fn code(plan: &Plan<'_>, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, populations, builder, generic, args, .. } = names;
    let checks = plan.checks.inline(krate);
    let bindings = bindings(plan, names);
    let cells = plan.populations.iter().map(cells);
    let specs = plan.populations.iter().map(spec);
    let projections = plan.projections.iter().map(|projection| self::projection(projection, &plan.populations));
    let fields = plan.populations.iter().map(|population| {
        let (field, local) = (population.name, local(population.name));
        quote!(#field: #local)
    });
    let text = name.unraw().to_string();
    let mixed = Span::mixed_site();
    let body = body(
        quote_spanned! {mixed=>
            use #krate::__private as __binnet;
            #checks
            #bindings
            let settings = self.settings;
            let streams = __binnet::Streams::new(self.options.seed);
            #(#cells)*
            let mut plan = __binnet::NetworkPlan::new(#text, self.options);
            #(#specs)*
            #(#projections)*
            ::core::result::Result::Ok(#name { net: plan.build(#populations { #(#fields),* })? })
        },
        sound,
    );
    quote_spanned! {mixed=>
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[automatically_derived]
        impl #generic #builder #args {
            /// Draws the connections and builds the network.
            ///
            /// # Errors
            /// For whatever does not fit the populations, and for what a `let` of the network returns.
            #[allow(unused_variables, unused_mut, clippy::redundant_closure_call, reason = "declarations need not be used")]
            #vis fn build(self) -> #krate::__private::Result<#name #args> {
                #body
            }
        }
    }
}

/// A local of ours that has the name of something of the user's.
pub(super) fn local(name: &Ident) -> Ident {
    Ident::new(&format!("population_{}", name.unraw()), Span::mixed_site())
}

/// Parameters, constants, given data, lets and sources under the names that the user gave them.
pub(super) fn bindings(plan: &Plan<'_>, names: &Names<'_>) -> TokenStream {
    let params = &names.params;
    let network = names.name.unraw().to_string();
    let fields: Vec<_> = plan.params.iter().map(|param| param.name).collect();
    let consts = plan.consts.iter().map(|(name, value)| quote!(let #name = #value;));
    let bound =
        (!fields.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> let #params { #(#fields),* } = self.params;));
    let givens = plan.givens.iter().map(|(name, _)| {
        let text = name.unraw().to_string();
        quote_spanned! {Span::mixed_site()=>
            let #name = self.#name.ok_or(__binnet::BuildError::Given { network: #network, name: #text })?;
        }
    });
    let lets = plan.lets.iter().map(|Let { name, value }| {
        if question_mark(value.to_token_stream()).is_none() {
            return quote!(let #name = #value;);
        }
        let text = name.unraw().to_string();
        quote_spanned! {Span::mixed_site()=>
            let #name = (|| -> ::core::result::Result<_, __binnet::UserError> { ::core::result::Result::Ok(#value) })()
                .map_err(|source| __binnet::BuildError::Let { network: #network, name: #text, source })?;
        }
    });
    let sources = plan.sources.iter().map(|(name, source)| {
        let local = format_ident!("source_{}", name.unraw(), span = Span::mixed_site());
        quote!(let #local = #source;)
    });
    let consts: TokenStream = consts.collect();
    quote_spanned!(Span::mixed_site()=> #consts #bound #(#givens)* #(#lets)* #(#sources)*)
}

/// The neurons of a population, with the values of their fields.
fn cells(population: &Population<'_>) -> TokenStream {
    let Population { name, model, size, fields, .. } = population;
    let (local, n) = (local(name), size.constant(&quote!(__binnet)));
    let fields = fields.iter().map(|(field, init)| {
        let stream = format!("init/{}/{field}", name.unraw());
        quote_spanned!(Span::mixed_site()=> #local.init(#field, #init, &mut streams.named(#stream))?;)
    });
    let new = if size.is_run_time() {
        let size = size.tokens();
        quote!(__binnet::Population::<#model, #n>::sized(#size)?)
    } else {
        quote!(__binnet::Population::<#model, #n>::new())
    };
    let text = name.unraw().to_string();
    quote_spanned! {Span::mixed_site()=>
        let mut #local = #new;
        #(#fields)*
        settings.init(#text, &mut #local, &streams)?;
    }
}

/// A population as the engine sees it.
fn spec(population: &Population<'_>) -> TokenStream {
    let Population { name, size, clusters, tau, init, drives, .. } = population;
    let (text, n) = (name.unraw().to_string(), size.tokens());
    let clusters = clusters.iter().map(|clusters| {
        let clusters = clusters.tokens();
        quote!(.clusters(#clusters))
    });
    let tau = tau.iter().map(|tau| quote!(.tau(#tau)));
    let init = init.iter().map(|init| quote!(.init(#init)));
    let drives = drives.iter().map(|(source, weight)| {
        let source = format_ident!("source_{}", source.unraw(), span = Span::mixed_site());
        quote!(.drive(__binnet::Drive::new(#weight, ::core::clone::Clone::clone(&#source))))
    });
    let chain = quote!(#(#clusters)* #(#tau)* #(#init)* #(#drives)*);
    quote_spanned! {Span::mixed_site()=>
        plan.population(settings.population(__binnet::PopulationSpec::new(#text, #n) #chain));
    }
}

/// The projections of one declaration: one, or one for each pair of its ends.
fn projection(projection: &Projection, populations: &[Population<'_>]) -> TokenStream {
    let Projection { pre, post, mode, rule, weight, .. } = projection;
    let (n_post, n_pre) = (post.len(), pre.len());
    let mixed = Span::mixed_site();
    if *mode == Mode::Single {
        let (pre, post, rule) = (numbers(pre), numbers(post), rule.code());
        let options = options(projection, None);
        let spec = quote!(__binnet::ProjectionSpec::new(#(#pre),*, #(#post),*, #rule, #weight) #options);
        let spec = named(projection, &spec);
        return quote_spanned!(mixed=> plan.projection(#spec););
    }
    let f64 = quote!(::core::primitive::f64);
    let number = match rule {
        Rule::Stock(stock) => stock.number.map(|number| (stock, number.ty())),
        Rule::Made(_) => None,
    };
    let (numbers_bound, weights_bound, at) = if *mode == Mode::Block {
        let into = |ty: &TokenStream, value: &TokenStream| quote!(__binnet::IntoBlocks::<#ty, #n_post, #n_pre>::into_blocks(#value));
        let numbers = number.as_ref().map(|(stock, ty)| into(ty, &stock.arguments));
        (numbers, into(&f64, weight), quote_spanned!(mixed=> [row][column]))
    } else {
        let numbers = number.as_ref().map(|(stock, _)| {
            let numbers = &stock.arguments;
            quote!(::core::convert::Into::into(#numbers))
        });
        (numbers, weight.clone(), TokenStream::new())
    };
    let matrix = |ty: &TokenStream| if *mode == Mode::Block { quote!([[#ty; #n_pre]; #n_post]) } else { ty.clone() };
    let weights_type = matrix(&f64);
    let rule = match &number {
        Some((stock, _)) => stock.code(&quote_spanned!(mixed=> values #at)),
        None => rule.code(),
    };
    let numbers_bound = number.iter().zip(numbers_bound).map(|((_, ty), value)| {
        let ty = matrix(ty);
        quote_spanned!(mixed=> let values: #ty = #value;)
    });
    let options = options(projection, Some(populations));
    let (rows, columns) = (numbered(post, *mode), numbered(pre, *mode));
    let (row, column) = if *mode == Mode::Block {
        (quote_spanned!(mixed=> (row, post)), quote_spanned!(mixed=> (column, pre)))
    } else {
        (quote_spanned!(mixed=> post), quote_spanned!(mixed=> pre))
    };
    let spec = quote_spanned!(mixed=> __binnet::ProjectionSpec::new(pre, post, #rule, weights #at) #options);
    let spec = named(projection, &spec);
    quote_spanned! {mixed=>
        {
            #(#numbers_bound)*
            let weights: #weights_type = #weights_bound;
            for #row in #rows {
                for #column in #columns {
                    plan.projection(#spec);
                }
            }
        }
    }
}

/// A projection with what the builder was told by its name.
fn named(projection: &Projection, spec: &TokenStream) -> TokenStream {
    match &projection.name {
        None => spec.clone(),
        Some(name) => {
            let name = name.unraw().to_string();
            quote_spanned!(Span::mixed_site()=> settings.projection(#name, #spec))
        }
    }
}

fn numbers(ends: &[usize]) -> impl Iterator<Item = Literal> + '_ {
    ends.iter().map(|end| Literal::usize_unsuffixed(*end))
}

/// The ends to walk over, with their place in the matrices if these are any.
fn numbered(ends: &[usize], mode: Mode) -> TokenStream {
    let numbers = numbers(ends);
    if mode == Mode::Block {
        let places = (0..ends.len()).map(Literal::usize_unsuffixed);
        quote!([#((#places, #numbers)),*])
    } else {
        quote!([#(#numbers),*])
    }
}

/// What a projection says beyond its rule and weight. With several pairs (`populations` is given),
/// each of a named projection has a stream of its own.
fn options(projection: &Projection, populations: Option<&[Population<'_>]>) -> TokenStream {
    let group = Literal::usize_unsuffixed(projection.group);
    let pairs = projection.pairs.map(|variant| {
        let variant = format_ident!("{variant}");
        quote!(.pairs(__binnet::Pairs::#variant))
    });
    let autapses = projection.autapses.iter().map(|keep| quote!(.autapses(#keep)));
    let stream = projection.name.as_ref().map(|name| {
        let name = name.unraw().to_string();
        match populations {
            None => quote!(.stream(#name)),
            Some(populations) => {
                let texts = populations.iter().map(|population| population.name.unraw().to_string());
                let names = quote!([#(#texts),*]);
                quote_spanned! {Span::mixed_site()=>
                    .stream(::std::format!("{}/{}->{}", #name, #names[pre], #names[post]))
                }
            }
        }
    });
    quote!(#pairs #(#autapses)* .group(#group) #stream)
}
