//! What a network tells of its declarations: the constant `INFO`.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Path;
use syn::ext::IdentExt as _;

use super::clocked::model;
use super::{Names, doc_text};
use crate::network::model::{Item, Network, Pairs, Projection};
use crate::network::plan::{Plan, Population};
use crate::network::show;
use crate::network::value::Value;

/// The value of `INFO`. `params` are the entries of the parameters.
pub(super) fn code(
    network: &Network,
    plan: &Plan<'_>,
    names: &Names<'_>,
    params: &[TokenStream],
    sound: bool,
) -> TokenStream {
    let (krate, name) = (names.krate, names.name.unraw().to_string());
    let private = quote!(#krate::__private);
    let doc = doc_text(&network.attrs);
    if !sound {
        return quote!(#private::NetworkInfo::of(#name, #doc, &[#(#params),*]));
    }
    let clock = option(network.items.iter().find_map(|item| match item {
        Item::Clock(clock) => {
            let text = show::value(&clock.value);
            Some(quote!(#text))
        }
        _ => None,
    }));
    let populations = plan.populations.iter().map(|planned| population(network, plan, planned, &private));
    let sources = network.items.iter().filter_map(|item| source(item, &private));
    let projections = network.items.iter().filter_map(|item| match item {
        Item::Projection(written) => Some(projection(written, plan, &private)),
        _ => None,
    });
    let others = network.items.iter().filter_map(other);
    let block = Literal::u64_unsuffixed(network.hash);
    quote! {
        #private::NetworkInfo {
            name: #name,
            doc: #doc,
            params: &[#(#params),*],
            clock: #clock,
            populations: &[#(#populations),*],
            sources: &[#(#sources),*],
            projections: &[#(#projections),*],
            others: &[#(#others),*],
            block: #block,
        }
    }
}

fn option(code: Option<TokenStream>) -> TokenStream {
    match code {
        Some(code) => quote!(::core::option::Option::Some(#code)),
        None => quote!(::core::option::Option::None),
    }
}

/// A list of pairs of texts.
fn pairs(keys: &[(String, String)]) -> TokenStream {
    let each = keys.iter().map(|(name, value)| quote!((#name, #value)));
    quote!(&[#(#each),*])
}

/// The model of a population, in the precision of the network.
fn model_of(planned: &Population<'_>, plan: &Plan<'_>, private: &TokenStream) -> TokenStream {
    match &plan.clocked {
        Some(clocked) => model(private, planned, clocked),
        None => planned.model.to_token_stream(),
    }
}

fn population(network: &Network, plan: &Plan<'_>, planned: &Population<'_>, private: &TokenStream) -> TokenStream {
    let written = network.items.iter().find_map(|item| match item {
        Item::Population(written) if written.name == *planned.name => Some(written),
        _ => None,
    });
    let keys = pairs(&written.map(|written| show::keys(&written.keys)).unwrap_or_default());
    let clusters = written.and_then(|written| written.clusters.as_ref());
    let clusters = clusters.map(|clusters| show::tokens(&clusters.to_token_stream())).unwrap_or_default();
    let (name, doc) = (planned.name.unraw().to_string(), doc_text(planned.docs));
    let size = planned.size.constant(private);
    let model = model_of(planned, plan, private);
    quote! {
        #private::DeclaredPopulation {
            name: #name,
            doc: #doc,
            model: <#model as #private::Model>::NAME,
            size: #size,
            clusters: #clusters,
            keys: #keys,
            fields: <#model as #private::Model>::FIELDS,
            bounds: <#model as #private::Model>::BOUNDS,
            text: <#model as #private::Model>::TEXT,
        }
    }
}

fn source(item: &Item, private: &TokenStream) -> Option<TokenStream> {
    let (name, kind, keys) = match item {
        Item::Channels(source) => {
            let size = show::tokens(&source.size.to_token_stream());
            (&source.name, format!("{}[{size}]", source.kind), show::keys(&source.keys))
        }
        Item::Source(source) => (&source.name, show::value(&source.value), Vec::new()),
        _ => return None,
    };
    let (name, keys) = (name.unraw().to_string(), pairs(&keys));
    Some(quote!(#private::DeclaredSource { name: #name, kind: #kind, keys: #keys }))
}

fn projection(written: &Projection, plan: &Plan<'_>, private: &TokenStream) -> TokenStream {
    let name = option(written.name.as_ref().map(|name| {
        let name = name.unraw().to_string();
        quote!(#name)
    }));
    let (pre, post) = (show::ends(&written.pre), show::ends(&written.post));
    let where_clause = match written.pairs {
        Some((Pairs::Same, _)) => "same cluster",
        Some((Pairs::Other, _)) => "other cluster",
        None => "",
    };
    let mut keys = show::keys(&written.keys);
    keys.extend(written.synapses.iter().map(|synapse| ("synapse".to_owned(), show::equipment(synapse))));
    let keys = pairs(&keys);
    let synapse = written.synapses.first().map(|equipment| &equipment.model);
    let (target, output) = match plan.clocked {
        Some(_) => target(written, plan, synapse, private),
        None => (None, None),
    };
    let (target, output) = (
        target.unwrap_or_else(|| quote!(::core::option::Option::None)),
        output.unwrap_or_else(|| quote!(::core::option::Option::None)),
    );
    let synapse = option(synapse.map(|model| {
        quote! {
            #private::DeclaredSynapse {
                model: <#model as #private::Model>::NAME,
                fields: <#model as #private::Model>::FIELDS,
                bounds: <#model as #private::Model>::BOUNDS,
                text: <#model as #private::Model>::TEXT,
            }
        }
    }));
    quote! {
        #private::DeclaredProjection {
            name: #name,
            pre: #pre,
            post: #post,
            pairs: #where_clause,
            keys: #keys,
            synapse: #synapse,
            target: #target,
            output: #output,
        }
    }
}

/// Code for the field that the first pair of a projection adds to, and for the output that its weight multiplies.
fn target(
    written: &Projection,
    plan: &Plan<'_>,
    synapse: Option<&Path>,
    private: &TokenStream,
) -> (Option<TokenStream>, Option<TokenStream>) {
    let find = |end: Option<&crate::network::model::End>| {
        let planned = plan.populations.iter().find(|planned| end.is_some_and(|end| *planned.name == end.name))?;
        Some(model_of(planned, plan, private))
    };
    let target = find(written.post.each.first()).map(|post| {
        let fields = quote!(<#post as #private::Model>::FIELDS);
        // What feeds a receptor is counted in its own unit, wherever the receptor acts.
        if let Some(arrival) = written.arrivals.first() {
            let field = &arrival.field;
            return quote!(#private::field_of(#fields, #field));
        }
        let name = written.keys.iter().find(|key| key.name == "target").and_then(|key| match &key.value {
            Value::Rust(expr) => Some(expr.to_token_stream().to_string()),
            _ => None,
        });
        match name {
            Some(name) => {
                let name = name.strip_prefix("r#").unwrap_or(&name);
                quote!(#private::field_of(#fields, #name))
            }
            None => quote!(#private::field_of(#fields, #private::sole_input(#fields))),
        }
    });
    let spikes_only = synapse.is_some() || !written.receptors.is_empty();
    let output = find(written.pre.each.first()).filter(|_| !spikes_only).map(|pre| {
        let model = quote!(<#pre as #private::Model>);
        quote!(#private::copied(#private::output_of(#model::OUTPUT, #model::FIELDS, #model::OBSERVABLES)))
    });
    (target, output)
}

/// Records and stimuli.
fn other(item: &Item) -> Option<TokenStream> {
    let (kind, text) = match item {
        Item::Record(word) => ("record", word.to_string()),
        Item::Measure(measure) => {
            let slice = measure.neurons.as_ref().map_or("", |slice| &slice.text);
            let every = measure.every.as_ref().map(|every| format!(" every {}", every.text)).unwrap_or_default();
            ("record", format!("{}.{}{slice}{every}", measure.population.unraw(), measure.variable.unraw()))
        }
        Item::Stimulus(stimulus) => {
            let slice = stimulus.neurons.as_ref().map_or("", |slice| &slice.text);
            let course = show::course(&stimulus.course);
            let operator = match stimulus.operator {
                "Add" => "+=",
                "Subtract" => "-=",
                "Multiply" => "*=",
                "Divide" => "/=",
                _ => "=",
            };
            let place = format!("{}.{}{slice}", stimulus.population.unraw(), stimulus.variable.unraw());
            ("stimulus", format!("{place} {operator} {course}"))
        }
        _ => return None,
    };
    Some(quote!((#kind, #text)))
}
