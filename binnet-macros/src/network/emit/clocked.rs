//! The code of a network with a clock: its populations, the views of its records, its build.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::build::{bindings, local};
use super::{Names, body, docs};
use crate::network::clocked::{Clocked, Record, RecordKind};
use crate::network::model::Network;
use crate::network::plan::{Plan, Population};

/// The model of a population, in the precision of the network.
pub(super) fn model(private: &TokenStream, population: &Population<'_>, clocked: &Clocked) -> TokenStream {
    let model = population.model;
    match &clocked.precision {
        None => quote!(#model),
        Some(word) => {
            let span = super::super::value::span_of(&quote!(#model));
            let real = quote!(::core::primitive::#word);
            quote_spanned!(span=> <#model as #private::InPrecision<#real>>::Model)
        }
    }
}

/// `Cells<Model, Method, N>`
fn cells(
    private: &TokenStream,
    population: &Population<'_>,
    method: Option<&TokenStream>,
    clocked: &Clocked,
) -> TokenStream {
    let (model, n) = (model(private, population, clocked), population.size.constant(private));
    let method = match method {
        None => quote!(<#model as #private::Model>::Method),
        Some(method) => quote!(#private::integrate::#method),
    };
    quote!(#private::Cells<#model, #method, #n>)
}

/// The struct of populations.
pub(super) fn populations(plan: &Plan<'_>, clocked: &Clocked, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, populations, declared, generic, args, .. } = names;
    let private = quote!(#krate::__private);
    let doc = format!(" The populations of [`{name}`], in order of declaration.");
    let usize = quote!(::core::primitive::usize);
    let fields = plan.populations.iter().zip(&clocked.methods).map(|(population, method)| {
        let field = population.name;
        let docs = docs(population.docs, &format!("Population `{}`.", field.unraw()));
        let ty = cells(&private, population, method.as_ref(), clocked);
        quote!(#docs #vis #field: #ty)
    });
    let each: Vec<_> = plan.populations.iter().map(|population| population.name).collect();
    let count = Literal::usize_unsuffixed(each.len());
    let index: Vec<_> = (0..each.len()).map(Literal::usize_unsuffixed).collect();
    let beyond = quote!(_ => ::core::panic!("a population lies within the network"));
    let at = body(quote!(match i { #(#index => &self.#each,)* #beyond, }), sound);
    let all_mut = body(quote!(visit(&mut [#(&mut self.#each),*])), sound);
    let at_mut = body(quote!(match i { #(#index => &mut self.#each,)* #beyond, }), sound);
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
        impl #generic #private::Populations for #populations #args {
            fn count(&self) -> #usize {
                #count
            }

            fn at(&self, i: #usize) -> &dyn #private::Cohort {
                #at
            }

            fn at_mut(&mut self, i: #usize) -> &mut dyn #private::Cohort {
                #at_mut
            }

            fn all_mut(&mut self, visit: &mut dyn ::core::ops::FnMut(&mut [&mut dyn #private::Cohort])) {
                #all_mut
            }
        }
    }
}

/// The views of the records: a field for each population and each record that has a name.
pub(super) fn records(plan: &Plan<'_>, clocked: &Clocked, names: &Names<'_>, sound: bool) -> TokenStream {
    let Names { krate, vis, name, generic, args, .. } = names;
    let private = quote!(#krate::__private);
    let positions = Record::positions(&clocked.records);
    let view = |record: &Record, position: &Literal| {
        let (ty, all) = match record.kind {
            RecordKind::Spikes => ("SpikeTrain", "all_spikes"),
            RecordKind::Trace => ("Trace", "all_traces"),
            RecordKind::Tally => return None,
        };
        let (ty, all) = (format_ident!("{ty}"), format_ident!("{all}"));
        Some((quote!(&'a #private::#ty), quote!(&__records.#all()[#position])))
    };
    let (mut structs, mut fields, mut values) = (TokenStream::new(), Vec::new(), Vec::new());
    let populations = plan.populations.iter().map(|population| ("Population", population.name));
    let sources = clocked.sources.iter().map(|source| ("Source", &source.name));
    let projections = clocked.recorded.iter().map(|name| ("Projection", name));
    for (number, (kind, recorded_name)) in populations.chain(sources).chain(projections).enumerate() {
        let of = |record: &&(&Record, &Literal)| record.0.population == number && record.0.name.is_none();
        let recorded: Vec<_> = clocked.records.iter().zip(&positions).collect();
        let recorded: Vec<_> = recorded.iter().filter(of).collect();
        if recorded.is_empty() {
            continue;
        }
        let ty = format_ident!("{}{}Records", name.unraw(), camel(recorded_name), span = name.span());
        let what = kind.to_lowercase();
        let doc = format!(" What is recorded of {what} `{}` of [`{name}`].", recorded_name.unraw());
        let (mut inner, mut inner_values) = (Vec::new(), Vec::new());
        for (record, position) in recorded {
            let variable = &record.variable;
            let Some((ty, value)) = view(record, position) else { continue };
            let doc = format!(" `{}`.", variable.unraw());
            inner.push(quote!(#[doc = #doc] pub #variable: #ty));
            inner_values.push(quote!(#variable: #value));
        }
        structs.extend(quote! {
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
            #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
            #[allow(non_snake_case, reason = "names are those of the literature")]
            #vis struct #ty<'a> { #(#inner,)* }
        });
        let field = recorded_name;
        let doc = format!(" {kind} `{}`.", field.unraw());
        fields.push(quote!(#[doc = #doc] pub #field: #ty<'a>));
        values.push(quote!(#field: #ty { #(#inner_values),* }));
    }
    for (record, position) in clocked.records.iter().zip(&positions) {
        if let Some(field) = &record.name {
            let Some((ty, value)) = view(record, position) else { continue };
            let doc = format!(" Record `{}`.", field.unraw());
            fields.push(quote!(#[doc = #doc] pub #field: #ty));
            values.push(quote!(#field: #value));
        }
    }
    let ty = format_ident!("{}Records", name.unraw(), span = name.span());
    let doc = format!(" What is recorded of [`{name}`]; by name as in `Records`, to which it derefs.");
    let all = body(quote!(let __records = self.net.records(); #ty { __records, #(#values),* }), sound);
    quote! {
        #structs

        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #vis struct #ty<'a> {
            __records: &'a #private::Records,
            #(#fields,)*
        }

        #[automatically_derived]
        impl ::core::ops::Deref for #ty<'_> {
            type Target = #private::Records;

            fn deref(&self) -> &Self::Target {
                self.__records
            }
        }

        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[automatically_derived]
        impl #generic #name #args {
            /// What was recorded so far.
            #[must_use]
            #vis fn records(&self) -> #ty<'_> {
                #all
            }
        }
    }
}

/// `exc_fast` as `ExcFast`.
pub(crate) fn camel(name: &Ident) -> String {
    let name = name.unraw().to_string();
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    name.split('_').filter_map(word).collect()
}

/// `fn build`.
pub(super) fn build(
    network: &Network,
    plan: &Plan<'_>,
    clocked: &Clocked,
    names: &Names<'_>,
    delays: Option<TokenStream>,
    sound: bool,
) -> TokenStream {
    let Names { krate, vis, name, populations, builder, generic, args, .. } = names;
    let private = quote!(__binnet);
    let checks = plan.checks.inline(krate);
    let bindings = bindings(plan, names);
    let each = plan.populations.iter().zip(&clocked.methods).map(|(population, method)| {
        let (local, text) = (local(population.name), population.name.unraw().to_string());
        let ty = cells(&private, population, method.as_ref(), clocked);
        let values = population.fields.iter().map(|(field, init)| quote!((#field, #init)));
        let grid = population.grid.as_ref().map(|[rows, columns]| {
            let (rows, columns) = (rows.tokens(), columns.tokens());
            quote!(.with_grid(#rows, #columns)?)
        });
        let values = quote_spanned!(Span::mixed_site()=> settings.fields(#text, ::std::vec![#(#values),*]));
        let build = if population.size.is_run_time() {
            let size = population.size.tokens();
            quote_spanned!(Span::mixed_site()=> <#ty>::build_sized(#text, #size, #values, &streams)?)
        } else {
            quote_spanned!(Span::mixed_site()=> <#ty>::build(#text, #values, &streams)?)
        };
        quote!(let #local = #build #grid;)
    });
    let fields = plan.populations.iter().map(|population| {
        let (field, local) = (population.name, local(population.name));
        quote!(#field: #local)
    });
    let mixed = Span::mixed_site();
    let sources = clocked.sources.iter().map(|source| {
        let code = &source.code;
        quote_spanned!(mixed=> net.add_source(settings.source(#code)?)?;)
    });
    let projections = &clocked.projections;
    let delays = delays.map(|delays| quote_spanned!(mixed=> settings.check_delays(#delays, clock)?;));
    let projections = (!projections.is_empty()).then(|| {
        quote_spanned! {mixed=>
            let mut projections = ::std::vec::Vec::new();
            #(#projections)*
            #delays
            settings.projections(&mut projections, net.populations(), clock)?;
            net.connect_all(&projections)?;
        }
    });
    let records = clocked.records.iter().map(|record| {
        let code = &record.code;
        quote_spanned!(mixed=> net.record(#code)?;)
    });
    let (text, clock) = (name.unraw().to_string(), &clocked.clock);
    let (stimuli, stops) = (&clocked.stimuli, &clocked.stops);
    let receptors = &network.receptors.1;
    let body = body(
        quote_spanned! {mixed=>
            use #krate::__private as __binnet;
            #checks
            #bindings
            let settings = self.settings;
            let clock = settings.clock(__binnet::Time::from_ms(#clock));
            let streams = __binnet::Streams::new(self.options.seed);
            #(#each)*
            let populations = #populations { #(#fields),* };
            let mut net = __binnet::Clocked::new(#text, clock, self.options, populations)?;
            #(#sources)*
            #projections
            #(#receptors)*
            #(#records)*
            #(#stimuli)*
            #(#stops)*
            ::core::result::Result::Ok(#name { net })
        },
        sound,
    );
    quote_spanned! {mixed=>
        #[allow(dead_code, unreachable_pub, reason = "a network need not use all that it offers")]
        #[allow(non_snake_case, reason = "names are those of the literature")]
        #[automatically_derived]
        impl #generic #builder #args {
            /// Draws all values and builds the network.
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
