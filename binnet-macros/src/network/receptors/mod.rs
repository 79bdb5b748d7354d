//! Receptors: which ones feed each population, and which projections share them.
//!
//! This comes before all other checks. A population with receptors gets a type alias for its model with them, `Fed<Fed<M,
//! A>, B>`, in the place of its model; what follows looks fields up in that, and needs to know no more. The types `A`, `B`
//! are written here, one for each receptor.

mod checks;
mod kinds;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Ident, Path};

use super::emit::camel;
use super::model::{Arrival, Item, Network, Population, Projection, Receptor};
use super::named::Amount;
use super::scalar::user_call;
use super::value::{Value, real, span_of};
use crate::diag::{Sink, with_help};
use crate::quantity::number;
use checks::Site;
use kinds::{Resolved, resolve, word_of};

/// A receptor of a population.
struct Feed<'a> {
    label: String,
    resolved: Resolved<'a>,
    written: &'a Receptor,
    target: Option<&'a Ident>,
    /// Populations that project through it.
    pre: Vec<&'a Ident>,
    /// The same as text, `exc -> inh`.
    shared_by: Vec<String>,
}

/// A population with receptors.
struct Fed<'a> {
    /// Its position among the items.
    item: usize,
    population: &'a Population,
    feeds: Vec<Feed<'a>>,
}

/// A pair of ends that uses a receptor: the position of the projection, its ends, population and receptor.
struct Use<'a> {
    projection: usize,
    pre: &'a Ident,
    post: &'a Ident,
    fed: usize,
    feed: usize,
}

/// What a population gets.
struct Alias {
    item: usize,
    model: Path,
    fed: Vec<(String, TokenStream)>,
}

/// Finds the receptors of all populations, and puts them into the network.
pub(crate) fn plan(network: &mut Network, sink: &mut Sink) {
    let (aliases, arrivals, code, notes) = planned(network, sink);
    for Alias { item, model, fed } in aliases {
        if let Item::Population(population) = &mut network.items[item] {
            population.bare = Some(core::mem::replace(&mut population.model, model));
            population.fed = fed;
        }
    }
    for (item, arrival) in arrivals {
        if let Item::Projection(projection) = &mut network.items[item] {
            projection.arrivals.push(arrival);
        }
    }
    network.receptors = (code, notes);
}

type Planned = (Vec<Alias>, Vec<(usize, Arrival)>, TokenStream, Vec<TokenStream>);

fn planned(network: &Network, sink: &mut Sink) -> Planned {
    let (mut all, mut uses) = (Vec::new(), Vec::new());
    for (position, item) in network.items.iter().enumerate() {
        if let Item::Projection(projection) = item {
            gather(network, position, projection, &mut all, &mut uses, sink);
        }
    }
    let (mut aliases, mut code, mut notes, mut fields) = (Vec::new(), TokenStream::new(), Vec::new(), Vec::new());
    for fed in &all {
        let (alias, own) = emit(network, fed, &mut code, sink);
        aliases.push(alias);
        fields.push(own);
        notes.extend(fed.feeds.iter().map(|feed| note(fed.population, feed)));
    }
    let arrivals = uses.iter().map(|each| {
        let field = fields[each.fed][each.feed].clone();
        (each.projection, Arrival { pre: each.pre.clone(), post: each.post.clone(), field })
    });
    let arrivals = arrivals.collect();
    (aliases, arrivals, code, notes)
}

/// The receptor of a projection, for each pair of its ends: one that is there already, or a new one.
fn gather<'a>(
    network: &'a Network,
    position: usize,
    projection: &'a Projection,
    all: &mut Vec<Fed<'a>>,
    uses: &mut Vec<Use<'a>>,
    sink: &mut Sink,
) {
    let Some(receptor) = projection.receptors.first() else { return };
    if !network.clocked {
        let help = "leave it out: a binary neuron sums its weights";
        sink.error(receptor.word.span(), with_help("receptors need a clock", help));
        return;
    }
    for second in &projection.receptors[1..] {
        sink.error(second.word.span(), with_help("`receptor` is given twice", "leave one of them out"));
    }
    let target = projection.keys.iter().find(|key| key.name == "target").map(|key| word_of(&key.value));
    for post in &projection.post.each {
        let found = network.items.iter().enumerate().find_map(|(item, other)| match other {
            Item::Population(population) if population.name == post.name => Some((item, &**population)),
            _ => None,
        });
        // What is no population, and a target that is no name, are reported with the projection.
        let (Some((item, population)), Some(target)) = (found, target.map_or(Some(None), |name| name.map(Some))) else {
            continue;
        };
        let fed = all.iter().position(|fed| fed.item == item).unwrap_or_else(|| {
            all.push(Fed { item, population, feeds: Vec::new() });
            all.len() - 1
        });
        for pre in &projection.pre.each {
            // Mistakes in it are the same for all pairs.
            let first = pre.name == projection.pre.each[0].name && post.name == projection.post.each[0].name;
            let mut unheard = Sink::default();
            let sink = if first { &mut *sink } else { &mut unheard };
            let Some(resolved) = resolve(receptor, &network.krate, sink) else { continue };
            let identity = |resolved: &Resolved<'_>, target: Option<&Ident>| {
                let target = target.map(|name| name.unraw().to_string());
                (!resolved.unmerged).then(|| format!("{} {target:?}", resolved.identity()))
            };
            let own = identity(&resolved, target);
            let feeds = &mut all[fed].feeds;
            let label = projection.name.as_ref().unwrap_or(&pre.name).unraw().to_string();
            let same = |feed: &Feed<'_>| {
                // A block that is kept apart from others is one receptor still.
                let of_one = core::ptr::eq(feed.written, receptor) && feed.label == label;
                of_one || own.is_some() && identity(&feed.resolved, feed.target) == own
            };
            let feed = match feeds.iter().position(same) {
                Some(feed) => feed,
                None if feeds.iter().any(|feed| feed.label == label) => {
                    let (from, onto) = (&pre.name, &post.name);
                    let help =
                        format!("give the projection a name of its own: `projection slow: {from} -> {onto} {{ .. }}`");
                    let message = format!("two receptors of `{onto}` would be called `{label}`");
                    sink.error(receptor.word.span(), with_help(message, help));
                    continue;
                }
                None => {
                    let (pre, shared_by) = (Vec::new(), Vec::new());
                    feeds.push(Feed { label, resolved, written: receptor, target, pre, shared_by });
                    feeds.len() - 1
                }
            };
            feeds[feed].pre.push(&pre.name);
            feeds[feed].shared_by.push(format!("{} -> {}", pre.text(), post.text()));
            uses.push(Use { projection: position, pre: &pre.name, post: &post.name, fed, feed });
        }
    }
    // The receptor of a projection whose ends are unknown has its mistakes, too.
    if projection.post.each.iter().all(|post| uses.iter().all(|each| each.post != &post.name)) {
        // They were reported above where a population was found.
        let found = |name: &Ident| {
            network.items.iter().any(|item| matches!(item, Item::Population(population) if population.name == *name))
        };
        if !projection.post.each.iter().any(|post| found(&post.name)) {
            resolve(receptor, &network.krate, sink);
        }
    }
}

/// Writes the types of a population's receptors, their checks and the alias; also gives the names of the fields that
/// spikes arrive at, as code.
fn emit(network: &Network, fed: &Fed<'_>, code: &mut TokenStream, sink: &mut Sink) -> (Alias, Vec<TokenStream>) {
    let (krate, vis, population) = (&network.krate, &network.vis, fed.population);
    let private = quote!(#krate::__private);
    let prefix = format!("{}{}", network.name.unraw(), camel(&population.name));
    let bare = &population.model;
    let alias = Ident::new(&format!("{prefix}Fed"), span_of(&bare.to_token_stream()));
    let mut inner = bare.to_token_stream();
    let (mut values, mut arrivals) = (Vec::new(), Vec::new());
    for (k, feed) in fed.feeds.iter().enumerate() {
        let marker = format_ident!("{prefix}Receptor{}", k + 1);
        let Feed { label, resolved, target, .. } = feed;
        let receptor = &resolved.model;
        let receptor = quote_spanned!(resolved.span=> #receptor<__S>);
        let doc = format!(" Receptor `{label}` of `{}`.", population.name.unraw());
        let text =
            |name: Option<&Ident>, otherwise: &str| name.map_or(otherwise.to_owned(), |name| name.unraw().to_string());
        let (target, potential) = (text(*target, ""), text(resolved.potential.as_ref(), "v"));
        let outer = quote!(#private::Fed<#inner, #marker>);
        code.extend(quote! {
            #[doc = #doc]
            #[doc(hidden)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
            #[allow(unreachable_pub, reason = "as visible as the network")]
            #[allow(non_camel_case_types, reason = "names are those of the populations")]
            #vis struct #marker;

            #[automatically_derived]
            impl #private::Feed for #marker {
                type Receptor<__S: #private::Real> = #receptor;
                const LABEL: &'static ::core::primitive::str = #label;
                const TARGET: &'static ::core::primitive::str = #target;
                const POTENTIAL: &'static ::core::primitive::str = #potential;
            }
        });
        let arrival = quote!(<#private::Arrival<#bare, #marker>>::FIELD);
        let site = Site { krate, bare, inner: &inner, outer: &outer, marker: &marker, arrival: &arrival, feed };
        code.extend(site.checks(network));
        for (name, value) in &feed.resolved.values {
            let field = format!("{name}_{label}");
            code.extend(site.value_checks(name, &field, value));
            values.push((field.clone(), init(&alias, &field, value, sink)));
        }
        arrivals.push(arrival);
        inner = outer;
    }
    let doc = format!(" The model of `{}` with its receptors.", population.name.unraw());
    code.extend(quote! {
        #[doc = #doc]
        #[doc(hidden)]
        #[allow(dead_code, unreachable_pub, reason = "as visible as the network")]
        #[allow(non_camel_case_types, reason = "names are those of the populations")]
        #vis type #alias = #inner;
    });
    (Alias { item: fed.item, model: alias.into(), fed: values }, arrivals)
}

/// Code for the value of a parameter, in the unit of its field.
fn init(alias: &Ident, field: &str, value: &Value, sink: &mut Sink) -> TokenStream {
    let in_unit = |amount: Amount<'_>| {
        if amount.unit().is_none() {
            return amount.code();
        }
        let scale = Literal::f64_unsuffixed(amount.unit().unit.scale);
        amount.times(&quote!(__binnet::conversion(<#alias as __binnet::Model>::FIELDS, #field, #scale)))
    };
    let code = match value {
        Value::Quantity(quantity) => in_unit(Amount::Literal(quantity)),
        Value::Named(named) => in_unit(Amount::Named(named)),
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        Value::Call(call) => user_call(call, sink),
        // Refused.
        Value::Array(..) | Value::Closure(_) => number(0.0, Span::call_site()),
    };
    quote!(__binnet::Init::Value(#code))
}

/// The statement that adds a receptor to what the network says of itself.
fn note(population: &Population, feed: &Feed<'_>) -> TokenStream {
    let (name, label) = (population.name.unraw().to_string(), &feed.label);
    let onto = feed.target.map_or("its input".to_owned(), |target| format!("`{}`", target.unraw()));
    let shared = match feed.shared_by.as_slice() {
        [one] => format!("for {one}"),
        several => format!("one state for {} projections: {}", several.len(), several.join(", ")),
    };
    let text = format!("{name}: receptor `{label}`, {}, feeds {onto}, {shared}", feed.written.text);
    quote_spanned!(Span::mixed_site()=> net.note(#text);)
}

impl Projection {
    /// Where spikes of a population arrive at another, if at a receptor.
    pub(crate) fn arrival(&self, pre: &Ident, post: &Ident) -> Option<&TokenStream> {
        self.arrivals.iter().find(|each| each.pre == *pre && each.post == *post).map(|each| &each.field)
    }
}

/// Tokens as they are mostly written.
pub(crate) fn tidy(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (spaced, tight) in
        [(" (", "("), ("( ", "("), (" )", ")"), (" ,", ","), (" :", ":"), (": :", "::"), (":: ", "::"), ("- ", "-")]
    {
        text = text.replace(spaced, tight);
    }
    text
}
