//! `network!`: parse the block, check it, write it out.

mod clocked;
mod distributions;
mod emit;
mod model;
mod named;
mod names;
mod parse;
mod plan;
mod populations;
mod projections;
mod receptors;
mod scalar;
mod show;
mod sizes;
mod slice;
#[cfg(test)]
pub(crate) mod tests;
mod value;

use std::collections::HashMap;

use binnet_units::Unit;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Ident;

use crate::diag::{Sink, with_help};
use crate::quantity::{Quantity, WrittenUnit, number};
use model::{Binding, Item, Network};
use plan::Plan;
use projections::{Context, Lowering};
use sizes::{Checks, Scope};
use value::Value;

/// Expands `[crate path] struct Name { .. }`.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let code = code(tokens, &mut sink);
    let errors = sink.into_tokens();
    quote!(#errors #code)
}

/// The code of a network. With errors, its functions cannot be called, but all types are there.
fn code(tokens: TokenStream, sink: &mut Sink) -> Option<TokenStream> {
    let mut network = parse::network(tokens, sink)?;
    named::resolve(&mut network, sink);
    receptors::plan(&mut network, sink);
    let plan = check(&network, sink);
    Some(emit::code(&network, &plan, sink.is_empty()))
}

/// Judges a network; never returns early, so that all mistakes are found.
fn check<'a>(network: &'a Network, sink: &mut Sink) -> Plan<'a> {
    let clashing = names::check(network, sink);
    kind(network, sink);
    let mut plan = Plan {
        generics: &network.generics,
        consts: Vec::new(),
        params: Vec::new(),
        lets: Vec::new(),
        givens: Vec::new(),
        sources: Vec::new(),
        populations: Vec::new(),
        projections: Vec::new(),
        record_flips: network.items.iter().any(|item| matches!(item, Item::Record(word) if word == "flips")),
        clocked: clocked::clock(network, sink),
        checks: Checks::default(),
        constants: network.receptors.0.clone(),
    };
    let scope = scope(network);
    let left_out =
        clashing.iter().any(|i| matches!(network.items[*i], Item::Population(_) | Item::Source(_) | Item::Channels(_)));
    let mut context = Context { scope: &scope, givens: Vec::new(), sources: Vec::new(), left_out };
    for (position, item) in network.items.iter().enumerate() {
        if clashing.contains(&position) {
            continue;
        }
        match item {
            Item::Const(binding) => plan.consts.push((&binding.name, literal(binding, sink).default)),
            Item::Param(binding) => plan.params.push(literal(binding, sink)),
            Item::Size(size) => plan.params.push(self::size(size, network, sink)),
            Item::Let(binding) => plan.lets.push(binding),
            Item::Given(given) => {
                scope.size(&given.rows, sink);
                scope.size(&given.columns, sink);
                plan.givens.push((&given.name, &given.docs));
                context.givens.push(given);
            }
            Item::Source(binding) => {
                plan.sources.push((&binding.name, populations::source(binding, sink)));
                context.sources.push(&binding.name);
            }
            Item::Population(written) => {
                let (checks, constants) = (&mut plan.checks, &mut plan.constants);
                let population = match &mut plan.clocked {
                    None => populations::population(written, &network.krate, &scope, checks, constants, sink),
                    Some(clocked) => {
                        let mut lowering =
                            clocked::Lowering { krate: &network.krate, scope: &scope, checks, constants };
                        lowering.population(written, clocked, sink)
                    }
                };
                plan.populations.push(population);
            }
            Item::Asynchronous(_) | Item::Projection(_) | Item::Record(_) | Item::Channels(_) => {}
            Item::Clock(_) | Item::Precision(_) | Item::Measure(_) | Item::Stimulus(_) => {}
            Item::Schedule(_) | Item::Stop(_) => {}
        }
    }
    if let Some(clocked) = &mut plan.clocked {
        let (krate, checks, constants) = (&network.krate, &mut plan.checks, &mut plan.constants);
        let mut lowering = clocked::Lowering { krate, scope: &scope, checks, constants };
        lowering.items(network, &context, &clashing, &plan.populations, clocked, sink);
        return plan;
    }
    let written = network.items.iter().filter_map(|item| if let Item::Projection(p) = item { Some(p) } else { None });
    for (group, written) in written.enumerate() {
        let (populations, checks) = (&mut plan.populations, &mut plan.checks);
        let mut lowering = Lowering { context: &context, populations, checks, sink };
        plan.projections.extend(lowering.projection(written, group));
    }
    plan
}

/// The network says how it runs, once, and has populations.
fn kind(network: &Network, sink: &mut Sink) {
    let name = &network.name;
    let mut said =
        network.items.iter().filter_map(|item| if let Item::Asynchronous(span) = item { Some(*span) } else { None });
    if said.next().is_none() && !network.clocked {
        let help = "write `asynchronous;` or `clock 0.1 ms;` as its first item";
        sink.error(name.span(), with_help(format!("`{name}` does not say how it runs"), help));
    }
    for again in said {
        sink.error(again, with_help("`asynchronous` is said twice", "leave one of them out"));
    }
    let mut flips = network
        .items
        .iter()
        .filter_map(|item| if let Item::Record(word) = item { Some(word) } else { None })
        .filter(|word| *word == "flips");
    flips.next();
    for again in flips {
        sink.error(again.span(), with_help("`flips` is recorded twice", "leave one of them out"));
    }
    if !network.broken && !network.items.iter().any(|item| matches!(item, Item::Population(_))) {
        let help = "write `population e: Binary[100] { tau: 10 ms };`";
        sink.error(name.span(), with_help(format!("`{name}` has no populations"), help));
    }
}

fn scope(network: &Network) -> Scope<'_> {
    let (mut consts, mut run_time, mut sizes) = (HashMap::new(), Vec::new(), Vec::new());
    for item in &network.items {
        match item {
            Item::Const(Binding { name, value, .. }) => {
                let whole = if let Value::Quantity(quantity) = value { quantity.integer() } else { None };
                consts.insert(name.to_string(), whole);
            }
            Item::Param(binding) => run_time.push(binding.name.to_string()),
            Item::Let(binding) => run_time.push(binding.name.to_string()),
            Item::Size(size) => sizes.push(size.name.to_string()),
            _ => {}
        }
    }
    Scope { generics: &network.generics, consts, run_time, sizes }
}

/// The value of a `const` or `param`: a literal number, array or matrix, in the unit of its first number.
fn literal<'a>(binding: &'a Binding, sink: &mut Sink) -> plan::Param<'a> {
    let Binding { docs, name, value, .. } = binding;
    let scalar = quote!(::core::primitive::f64);
    let mut unit = None;
    let (ty, default) = match value {
        Value::Quantity(quantity) => (scalar, in_unit(quantity, &mut unit, sink)),
        Value::Explicit(expr) => (scalar, expr.to_token_stream()),
        Value::Array(elements, span) => match rows(elements) {
            None => {
                let help = "write `[1.0, 2.0]` or `[[1.0, 2.0], [3.0, 4.0]]`";
                sink.error(*span, with_help(format!("`{name}` is neither a list nor a matrix of numbers"), help));
                (scalar, quote!(0.0))
            }
            Some(Err((row, expected, found))) => {
                let message = format!("this row has {found} numbers, the first one has {expected}");
                sink.error(row.place(), with_help(message, "the rows of a matrix have the same length"));
                (scalar, quote!(0.0))
            }
            Some(Ok(None)) => {
                let n = elements.len();
                let code = array(elements, &mut unit, sink);
                (quote!([#scalar; #n]), code)
            }
            Some(Ok(Some(columns))) => {
                let n = elements.len();
                let code = array(elements, &mut unit, sink);
                (quote!([[#scalar; #columns]; #n]), code)
            }
        },
        other => {
            let message = format!("the value of `{name}` is not a literal");
            let help = "compute it in a `let`, or write a Rust expression as `rust(..)`";
            sink.error(other.place(), with_help(message, help));
            (scalar, quote!(0.0))
        }
    };
    let unit = unit.unwrap_or_else(|| WrittenUnit::none(name.span()));
    plan::Param { docs, name, ty, default, text: text(value), unit }
}

/// A size that is known when the network is built, as a parameter with a whole number.
fn size<'a>(written: &'a model::SizeItem, network: &Network, sink: &mut Sink) -> plan::Param<'a> {
    let model::SizeItem { docs, name, value } = written;
    let whole = value.to_token_stream();
    let mut compiled = scope(network);
    let sizes = core::mem::take(&mut compiled.sizes);
    compiled.run_time.extend(sizes);
    let known = match compiled.size(value, sink) {
        Some(sizes::Size::Known(0)) => {
            sink.error_over(&whole, with_help(format!("`{name}` is 0"), "a population has at least one neuron"));
            None
        }
        Some(size @ (sizes::Size::Known(_) | sizes::Size::Path(_))) => Some(size.tokens()),
        Some(_) => {
            let help = "leave `size` out and use the const parameter itself, or start from a number";
            sink.error_over(&whole, with_help(format!("`{name}` starts from a const parameter"), help));
            None
        }
        None => None,
    };
    plan::Param {
        docs,
        name,
        ty: quote!(::core::primitive::usize),
        default: known.unwrap_or_else(|| quote!(1)),
        text: Some(whole.to_string()),
        unit: WrittenUnit::none(name.span()),
    }
}

/// A literal as it was written.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Quantity(quantity) => Some(quantity.text.clone()),
        Value::Array(elements, _) => {
            let elements: Option<Vec<String>> = elements.iter().map(text).collect();
            Some(format!("[{}]", elements?.join(", ")))
        }
        _ => None,
    }
}

/// A row that differs from the first: the row, the length of the first, its own.
type Ragged<'a> = (&'a Value, usize, usize);

/// Whether it is a list (`Ok(None)`), a matrix (`Ok(columns)`), or neither.
fn rows(elements: &[Value]) -> Option<Result<Option<usize>, Ragged<'_>>> {
    if elements.iter().all(|element| matches!(element, Value::Quantity(_))) {
        return Some(Ok(None));
    }
    let mut columns = None;
    for row in elements {
        let Value::Array(numbers, _) = row else { return None };
        if !numbers.iter().all(|number| matches!(number, Value::Quantity(_))) {
            return None;
        }
        let expected = *columns.get_or_insert(numbers.len());
        if numbers.len() != expected {
            return Some(Err((row, expected, numbers.len())));
        }
    }
    Some(Ok(columns))
}

fn array(elements: &[Value], unit: &mut Option<WrittenUnit>, sink: &mut Sink) -> TokenStream {
    let elements: Vec<_> = elements
        .iter()
        .map(|element| match element {
            Value::Quantity(quantity) => in_unit(quantity, unit, sink),
            Value::Array(inner, _) => array(inner, unit, sink),
            _ => quote!(0.0),
        })
        .collect();
    quote!([#(#elements),*])
}

/// Code for a number in the unit of the first one.
fn in_unit(quantity: &Quantity, unit: &mut Option<WrittenUnit>, sink: &mut Sink) -> TokenStream {
    let first = unit.get_or_insert_with(|| quantity.unit.clone());
    if first.dimension() != quantity.unit.dimension() {
        let message = format!(
            "`{}` is {}, the first value is {}",
            quantity.text,
            quantity.unit.dimension().describe(),
            first.dimension().describe()
        );
        sink.error(quantity.place, with_help(message, "all values of a parameter are of one kind"));
    }
    number(quantity.in_unit(first.unit), quantity.span)
}

/// The scale of a unit and its spelling, as `ParamInfo` wants them.
fn scale(unit: &WrittenUnit) -> TokenStream {
    let Unit { scale, .. } = unit.unit;
    number(scale, proc_macro2::Span::call_site())
}

/// `Name` and a suffix.
fn suffixed(name: &Ident, suffix: &str) -> Ident {
    use syn::ext::IdentExt as _;
    Ident::new(&format!("{}{suffix}", name.unraw()), name.span())
}
