//! Projections of networks with a clock: ends, targets, rules, weights, delays.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Expr, Ident, Path};

use super::equipment::{Fields, fields, value_checks};
use super::synapses::{Kind, Lowered, Synapses, Target, unique};
use super::{Clocked, Lowering};
use crate::diag::{Sink, did_you_mean, with_help};
use crate::network::model::{Ends, Key, Pairs, Projection};
use crate::network::named::Amount;
use crate::network::plan::{self, Mode, Rule};
use crate::network::populations::{element_code, once};
use crate::network::projections::{Context, Rules, Side, Sides, Wired, listed_once, missing, mode};
use crate::network::sizes::Size;
use crate::network::slice::Part;
use crate::network::value::Value;

const KEYS: [&str; 6] = ["target", "connect", "weight", "delay", "synapse", "receptor"];

/// An end that was found.
struct Found<'a> {
    side: Side,
    /// Code for an `End`.
    code: TokenStream,
    /// None for sources.
    model: Option<&'a Path>,
    /// As written.
    text: String,
}

impl Lowering<'_, '_> {
    /// Statements that push the projections of one declaration onto the local `projections`.
    pub(super) fn projection(
        &mut self,
        written: &Projection,
        context: &Context<'_>,
        populations: &[plan::Population<'_>],
        clocked: &Clocked,
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let pre = self.ends(&written.pre, context, populations, clocked, sink);
        let post = self.ends(&written.post, context, populations, clocked, sink);
        for (end, found) in written.post.each.iter().zip(&post) {
            if found.as_ref().is_some_and(|found| found.model.is_none()) {
                let (name, help) = (&end.name, "projections go from populations and sources to populations");
                sink.error(name.span(), with_help(format!("`{name}` is a source: nothing projects onto it"), help));
            }
        }
        let keys = once(&written.keys, sink);
        unknown_keys(&keys, sink);
        let key = |name: &str| keys.iter().find(|key| key.name == name).copied();
        let mode = mode(&written.pre, &written.post, sink)?;
        let shape = (post.len(), pre.len());
        let (pre, post): (Vec<_>, Vec<_>) = (pre.into_iter().flatten().collect(), post.into_iter().flatten().collect());
        let complete = (post.len(), pre.len()) == shape && post.iter().all(|end| end.model.is_some());
        let sides = |found: &[Found<'_>]| found.iter().map(|found| found.side.clone()).collect();
        let ends = Sides { pre: sides(&pre), post: sides(&post), shape, mode };
        let pairs = self.pairs(written, &ends, sink);
        let field = key("target").and_then(|key| name_of_target(key, sink));
        let mut rules = Rules { context, checks: self.checks, sink };
        let wired = match key("connect") {
            Some(key) => rules.rule(&key.value, &ends),
            None => {
                let help = "write how they connect, as in `connect: fixed_prob(0.1)`";
                missing("connect", help, written, sink);
                None
            }
        };
        if !complete {
            return None;
        }
        let mut targets = Vec::new();
        for (onto, from) in post.iter().flat_map(|onto| pre.iter().map(move |from| (onto, from))) {
            let arrival = written.arrival(&from.side.name, &onto.side.name);
            if arrival.is_none() && !written.receptors.is_empty() {
                // What is wrong with the receptor was reported.
                return None;
            }
            // Whatever the neurons are: a receptor takes spikes. Synapses with equations may read them.
            let pre = from.model.filter(|_| arrival.is_none() || !written.synapses.is_empty());
            targets.extend(onto.model.map(|post| Target { post, pre, field, arrival }));
        }
        let equipment = self.equipment(written, &targets, clocked.ms, sink);
        if equipment.is_some() {
            // Whatever the neurons are: their synapses say what is delivered, and when.
            targets.iter_mut().for_each(|target| target.pre = None);
        }
        // A target that could not be read was reported, and that of a receptor was checked with it.
        if written.receptors.is_empty() && (field.is_some() || key("target").is_none()) {
            self.check_targets(&targets, written.span);
        }
        let krate = self.krate;
        let mut synapses = Synapses {
            krate,
            kind: Kind::Delay(clocked.ms),
            targets: &targets,
            shape,
            mode,
            constants: self.constants,
        };
        let delay = key("delay").map(|key| {
            let mut rules = Rules { context, checks: self.checks, sink };
            match rules.delays(key, &ends, &mut |amount, _| synapses.convert(amount, &targets[0])) {
                Some(matrix) => {
                    synapses.check(&key.value, &unique(&targets), sink);
                    Lowered { bound: TokenStream::new(), each: vec![matrix] }
                }
                None => synapses.lower(&key.value, sink),
            }
        });
        let fields = equipment.map(|equipment| fields(equipment, &mut synapses, sink));
        synapses.kind = Kind::Weight;
        if let Some(equipment) = equipment {
            synapses.kind = Kind::Field(&equipment.model, "w");
            if let Some(key) = key("weight") {
                synapses.constants.extend(value_checks(equipment, "w", key, krate));
            }
        }
        let Wired { rule, autapses, procedural, matrix } = wired?;
        let brings_weights =
            matches!(key("connect"), Some(Key { value: Value::Call(call), .. }) if call.name == "weighted_edges");
        let (rule, weight) = match (matrix, key("weight")) {
            (Some(word), _) if equipment.is_some() => {
                let help = "connect by a rule, and give their values by pairs: `w: |pre, post| ..`";
                let message = "a matrix of weights goes with synapses without equations";
                sink.error(word.span(), with_help(message, help));
                return None;
            }
            (Some(word), weight) => {
                if let Some(key) = weight {
                    synapses.check(&key.value, &unique(&targets), sink);
                }
                let mut rules = Rules { context, checks: self.checks, sink };
                let mut convert = |amount: Amount<'_>, _: &mut Sink| synapses.convert(amount, &targets[0]);
                (rules.matrix(&word, weight, &ends, written, &mut convert)?, None)
            }
            (None, Some(key)) => {
                let given = matches!(&key.value, Value::Rust(expr) if context.is_given(expr));
                if given {
                    let help = "write `connect: dense`, which takes the matrix `w[pre][post]` as its weight";
                    sink.error(
                        key.value.place(),
                        with_help("a matrix of single synapses brings its connections", help),
                    );
                    return None;
                }
                (rule, Some(synapses.lower(&key.value, sink)))
            }
            (None, None) => {
                if !brings_weights && !written.broken && equipment.is_none() {
                    self.check_no_weight(&targets, written);
                }
                (rule, None)
            }
        };
        let named = |target: &Target<'_>| match (target.arrival, target.field) {
            (Some(arrival), _) => quote!(.onto(#arrival)),
            (None, Some(field)) => {
                let text = field.unraw().to_string();
                quote!(.onto(#text))
            }
            (None, None) => TokenStream::new(),
        };
        let onto: Vec<_> = targets.iter().map(named).collect();
        let autapses = autapses.map(|keep| quote!(.autapses(#keep)));
        let procedural = procedural.map(|(_, yes)| quote!(.procedural(#yes)));
        let options = quote!(#autapses #procedural #pairs);
        let values = Values { each: [("weight", weight), ("delay", delay)], fields, onto };
        Some(emit(written, &rule, &values, &options, &pre, &post, mode))
    }

    /// Looks the ends up; their slices become promises.
    fn ends<'p>(
        &mut self,
        ends: &Ends,
        context: &Context<'_>,
        populations: &[plan::Population<'p>],
        clocked: &Clocked,
        sink: &mut Sink,
    ) -> Vec<Option<Found<'p>>> {
        listed_once(ends, sink);
        let mut found = Vec::new();
        for end in &ends.each {
            let name = &end.name;
            let population = populations.iter().find(|population| population.name == name);
            let source = clocked.sources.iter().find(|source| source.name == *name);
            let (mut size, dimensions, clusters, model) = match (population, source) {
                (Some(p), _) => (p.size.clone(), p.grid.as_ref(), p.clusters.clone(), Some(p.model)),
                (None, Some(source)) => (source.size.clone(), None, None, None),
                (None, None) => {
                    // A source in the form of asynchronous networks was reported.
                    if !context.left_out && !context.sources.contains(&name) {
                        let known = populations.iter().map(|p| p.name).chain(clocked.sources.iter().map(|s| &s.name));
                        let known: Vec<String> = known.map(ToString::to_string).collect();
                        let help = did_you_mean(&name.to_string(), known.iter().map(String::as_str), "there is");
                        sink.error(name.span(), with_help(format!("no population `{name}`"), help));
                    }
                    found.push(None);
                    continue;
                }
            };
            let mut part = TokenStream::new();
            let mut grid = Some(dimensions.cloned().unwrap_or_else(|| [Size::Known(1), size.clone()]));
            if let Some(slice) = &end.slice {
                let Some((code, part_size)) = slice.part(name, &size, dimensions, self.scope, self.checks, sink) else {
                    found.push(None);
                    continue;
                };
                grid = match &code {
                    // A range of neurons may be whole rows, or a piece of a line.
                    Part::Neurons(_) => dimensions.is_none().then(|| [Size::Known(1), part_size.clone()]),
                    Part::Patch { size, .. } => Some(size.clone()),
                };
                (part, size) = (code.by_methods("neurons"), part_size);
            }
            let text = name.unraw().to_string();
            found.push(Some(Found {
                side: Side { name: name.clone(), size, grid, clusters },
                code: quote!(__binnet::End::of(#text) #part),
                model,
                text: end.text(),
            }));
        }
        found
    }

    /// Code for `where same cluster`.
    fn pairs(&mut self, written: &Projection, ends: &Sides, sink: &mut Sink) -> Option<TokenStream> {
        let (pairs, span) = written.pairs?;
        if let Some(slice) = written.pre.each.iter().chain(&written.post.each).find_map(|end| end.slice.as_ref()) {
            let help = "connect whole populations by cluster, or slices without `where`";
            sink.error(slice.span, with_help("a slice has no clusters", help));
            return None;
        }
        ends.clusters(span, self.checks, sink);
        let clusters = ends.pre.first()?.clusters.as_ref()?.tokens();
        let pairs = match pairs {
            Pairs::Same => quote!(SameCluster),
            Pairs::Other => quote!(OtherCluster),
        };
        Some(quote!(.pairs(__binnet::Pairs::#pairs, #clusters)))
    }

    /// The target is an input or state of each model, or the only input where none is named.
    pub(super) fn check_targets(&mut self, targets: &[Target<'_>], place: Span) {
        let krate = self.krate;
        for target in unique(targets) {
            let (post, output) = (target.post, target.output(&quote!(#krate::__private)));
            let (function, call) = match target.field {
                Some(field) => {
                    let text = field.unraw().to_string();
                    let call = quote_spanned! {field.span()=>
                        __check(<#post as __Model>::NAME, <#post as __Model>::FIELDS, #text, __OUTPUT)
                    };
                    (quote!(check_target), call)
                }
                None => {
                    let call = quote_spanned! {place=>
                        __check(<#post as __Model>::NAME, <#post as __Model>::FIELDS, __OUTPUT)
                    };
                    (quote!(check_sole_input), call)
                }
            };
            self.constants.extend(quote! {
                const _: () = {
                    use #krate::__private::{Model as __Model, #function as __check};
                    const __OUTPUT: ::core::option::Option<&#krate::__private::FieldInfo> = #output;
                    #call;
                };
            });
        }
    }

    /// Code for one weight, in the unit of its target.
    pub(super) fn one_weight(&mut self, value: &Value, target: &Target<'_>, sink: &mut Sink) -> TokenStream {
        let targets = std::slice::from_ref(target);
        let (krate, constants) = (self.krate, &mut *self.constants);
        let mut synapses =
            Synapses { krate, kind: Kind::Weight, targets, shape: (1, 1), mode: Mode::Single, constants };
        synapses.check(value, &[target], sink);
        element_code(value, &mut |amount, _| synapses.convert(amount, target), sink)
    }

    /// Without a weight, it is 1: that has no unit.
    fn check_no_weight(&mut self, targets: &[Target<'_>], written: &Projection) {
        let krate = self.krate;
        let private = quote!(#krate::__private);
        for target in unique(targets) {
            let (post, field, output) = (target.post, target.field(&private), target.output(&private));
            let call = quote_spanned!(written.span=> __check(<#post as __Model>::FIELDS, __FIELD, __OUTPUT));
            self.constants.extend(quote! {
                const _: () = {
                    use #private::{Model as __Model, check_no_weight as __check};
                    const __FIELD: &::core::primitive::str = #field;
                    const __OUTPUT: ::core::option::Option<&#private::FieldInfo> = #output;
                    #call;
                };
            });
        }
    }
}

fn unknown_keys(keys: &[&Key], sink: &mut Sink) {
    for key in keys.iter().filter(|key| KEYS.iter().all(|known| key.name != known)) {
        let name = key.name.to_string();
        let help = match name.as_str() {
            "autapses" | "multapses" | "procedural" => {
                format!("it belongs to the rule: `connect: fixed_prob(0.1, {name}: true)`")
            }
            _ => did_you_mean(&name, KEYS, "keys are"),
        };
        sink.error(key.name.span(), with_help(format!("a projection has no `{name}`"), help));
    }
}

/// The name of a field.
fn name_of_target<'k>(key: &'k Key, sink: &mut Sink) -> Option<&'k Ident> {
    if let Value::Rust(expr) = &key.value
        && let Expr::Path(path) = &**expr
        && let Some(name) = path.path.get_ident()
    {
        return Some(name);
    }
    let help = "name an input or state of the postsynaptic model, as in `target: g_exc`";
    sink.error(key.value.place(), with_help("a target is the name of a field", help));
    None
}

/// The values of synapses.
struct Values<'a> {
    /// Methods that name the target, one for each pair.
    onto: Vec<TokenStream>,
    /// By the method that takes them.
    each: [(&'static str, Option<Lowered>); 2],
    /// Those of synapses with equations.
    fields: Option<Fields<'a>>,
}

/// The statements of one declaration: what all pairs share, then each pair.
fn emit(
    written: &Projection,
    rule: &Rule,
    values: &Values<'_>,
    options: &TokenStream,
    pre: &[Found<'_>],
    post: &[Found<'_>],
    mode: Mode,
) -> TokenStream {
    let mixed = Span::mixed_site();
    let (n_post, n_pre) = (post.len(), pre.len());
    // Blocks may have numbers of their own; otherwise all pairs share one rule.
    let apart = match rule {
        Rule::Stock(stock) if mode == Mode::Block => stock.number.map(|number| (stock, number.ty())),
        _ => None,
    };
    let shared = match &apart {
        Some((stock, ty)) => {
            let numbers = &stock.arguments;
            quote_spanned! {mixed=>
                let numbers: [[#ty; #n_pre]; #n_post] =
                    __binnet::IntoBlocks::<#ty, #n_post, #n_pre>::into_blocks(#numbers);
            }
        }
        None => {
            let rule = rule.code();
            quote_spanned! {mixed=>
                let rule: ::std::sync::Arc<dyn __binnet::connect::Rule> = ::std::sync::Arc::new(#rule);
            }
        }
    };
    let own = values.fields.iter().flat_map(|fields| fields.each.iter().map(|(_, lowered)| lowered));
    let bound = values.each.iter().filter_map(|(_, lowered)| lowered.as_ref()).chain(own).map(|lowered| &lowered.bound);
    let places = (0..n_post).flat_map(|row| (0..n_pre).map(move |column| (row, column)));
    let each = places.enumerate().map(|(pair, (row, column))| {
        let (from, onto) = (&pre[column], &post[row]);
        let rule = match &apart {
            Some((stock, _)) => {
                let (row, column) = (Literal::usize_unsuffixed(row), Literal::usize_unsuffixed(column));
                let rule = stock.code(&quote_spanned!(mixed=> numbers[#row][#column]));
                quote!(::std::sync::Arc::new(#rule))
            }
            None => quote_spanned!(mixed=> ::core::clone::Clone::clone(&rule)),
        };
        let target = values.onto.get(pair);
        let equations = values.fields.as_ref().map(|fields| fields.code(pair));
        let values = values.each.iter().filter_map(|(method, lowered)| {
            let (method, value) = (format_ident!("{method}"), lowered.as_ref()?.each.get(pair)?);
            Some(quote!(.#method(#value)))
        });
        let name = written.name.as_ref().map(|name| {
            let name = name.unraw();
            let name =
                if mode == Mode::Single { name.to_string() } else { format!("{name}/{}->{}", from.text, onto.text) };
            quote!(.named(#name))
        });
        let (from, onto) = (&from.code, &onto.code);
        let chain = quote!(#name #target #options #(#values)* #equations);
        quote_spanned!(mixed=> projections.push(__binnet::Projection::from_rule(#from, #onto, #rule) #chain);)
    });
    quote!({ #shared #(#bound)* #(#each)* })
}
