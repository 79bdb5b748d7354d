//! Sources and populations: their keys, checked against the model as far as tokens reach.

use binnet_units::Dimension;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::distributions::{PROBABILITY, distribution, mismatch};
use super::model::{Binding, Key, Population};
use super::named::Amount;
use super::plan;
use super::scalar::{DISTRIBUTIONS, arguments, check_range, is_probability, pure, user_call};
use super::sizes::{CheckKind, Checks, Scope, Size};
use super::value::{Arg, Call, Value, real};
use crate::diag::{Place, Sink, did_you_mean, with_help};
use crate::quantity::{Quantity, dimension, number};

/// Keys that the framework understands on a population of an asynchronous network.
const KEYS: [&str; 2] = ["tau", "init"];
const SOURCES: [&str; 5] = ["constant", "bernoulli", "poisson", "normal", "of_time"];

/// Code for a source of background drive.
pub(crate) fn source(binding: &Binding, sink: &mut Sink) -> TokenStream {
    let nothing = quote!(__binnet::Source::Constant(0.0));
    let Value::Call(call) = &binding.value else {
        let help = format!("sources are {}", crate::diag::list(SOURCES, "and"));
        sink.error(binding.value.place(), with_help("a source is named by its kind", help));
        return nothing;
    };
    let (variant, names): (&str, &[&str]) = match call.name.to_string().as_str() {
        "constant" => ("Constant", &["value"]),
        "bernoulli" => ("Bernoulli", &["p"]),
        "poisson" => ("Poisson", &["mean"]),
        "normal" => ("Normal", &["mean", "deviation"]),
        "of_time" => ("OfTime", &["|t| .."]),
        "external" => {
            let help = "write `of_time(|t| ..)`, or set the drive of the network between runs";
            sink.error(
                call.name.span(),
                with_help("`external` sources are not there yet in asynchronous networks", help),
            );
            return nothing;
        }
        other => {
            let help = did_you_mean(other, SOURCES, "sources are");
            sink.error(call.name.span(), with_help(format!("no source `{other}`"), help));
            return nothing;
        }
    };
    let Some(args) = arguments(call, names, sink) else { return nothing };
    match (variant, args.as_slice()) {
        ("OfTime", [Value::Closure(closure)]) => {
            let closure = moving(closure);
            quote!(__binnet::Source::of_time(#closure))
        }
        ("OfTime", [Value::Rust(expr) | Value::Explicit(expr)]) => quote!(__binnet::Source::of_time(#expr)),
        ("OfTime", [other]) => {
            sink.error(
                other.place(),
                with_help("a drive in time is a function of the time in ms", "write `of_time(|t| ..)`"),
            );
            nothing
        }
        (_, args) => {
            match (variant, args) {
                ("Bernoulli", [p]) => check_range(p, is_probability, PROBABILITY, "check the probability", sink),
                ("Poisson", [mean]) => {
                    check_range(
                        mean,
                        |x| x >= 0.0,
                        "a mean count is not negative",
                        "give the drive a negative weight",
                        sink,
                    );
                }
                ("Normal", [_, deviation]) => {
                    check_range(
                        deviation,
                        |x| x >= 0.0,
                        "a standard deviation is not negative",
                        "leave the sign out",
                        sink,
                    );
                }
                _ => {}
            }
            let variant = format_ident!("{variant}");
            let args = args.iter().map(|arg| pure(arg, "the value of a source", sink)).collect::<Vec<_>>();
            quote!(__binnet::Source::#variant(#(#args),*))
        }
    }
}

/// Checks a population; its checks against the model become item constants.
pub(crate) fn population<'a>(
    written: &'a Population,
    krate: &TokenStream,
    scope: &Scope<'_>,
    checks: &mut Checks,
    constants: &mut TokenStream,
    sink: &mut Sink,
) -> plan::Population<'a> {
    let name = &written.name;
    if let Some(columns) = &written.columns {
        let help = "give it one size";
        sink.error_over(columns, with_help("populations of an asynchronous network have one dimension", help));
    }
    let size = scope.size(&written.size, sink);
    let clusters = written.clusters.as_ref().and_then(|clusters| scope.size(clusters, sink));
    if let Some(size) = &size {
        let place = super::value::span_of(&written.size.to_token_stream());
        checks.add(CheckKind::Size, place, &[name], &[size], sink);
        if let (Some(clusters), Some(expr)) = (&clusters, &written.clusters) {
            let place = super::value::span_of(&expr.to_token_stream());
            checks.add(CheckKind::Clusters, place, &[name], &[size, clusters], sink);
        }
    }
    let size = size.unwrap_or(Size::Known(1));
    let mut lowered = plan::Population {
        docs: &written.docs,
        name,
        model: &written.model,
        grid: None,
        clusters,
        fields: Vec::new(),
        tau: None,
        init: None,
        drives: Vec::new(),
        size,
    };
    constants.extend(is_binary(written, krate));
    for key in once(&written.keys, sink) {
        match key.name.to_string().as_str() {
            "tau" => lowered.tau = Some(tau(key, sink)),
            "init" => lowered.init = Some(first_state(&key.value, &lowered.size, sink)),
            "method" => {
                let help = "leave it out: binary neurons have no equations";
                sink.error(key.name.span(), with_help("an asynchronous network has no `method`", help));
            }
            field => {
                constants.extend(field_checks(written, key, krate, &KEYS));
                let init = field_init(&key.value, field, &written.model, &lowered.size, sink);
                lowered.fields.push((field.to_owned(), init));
            }
        }
    }
    let misspelt = written.keys.iter().any(|key| binnet_units::is_near(&key.name.to_string(), "tau"));
    if lowered.tau.is_none() && !written.broken && !misspelt {
        let help = "say how often a neuron is updated on average, as in `tau: 10 ms`";
        sink.error(name.span(), with_help(format!("`{name}` has no `tau`"), help));
    }
    lowered
}

/// Keys, with doubled ones reported and left out.
pub(crate) fn once<'a>(keys: &'a [Key], sink: &mut Sink) -> Vec<&'a Key> {
    let mut seen: Vec<&Key> = Vec::new();
    for key in keys {
        if seen.iter().any(|other| other.name == key.name) {
            sink.error(key.name.span(), with_help(format!("`{}` is given twice", key.name), "leave one of them out"));
        } else {
            seen.push(key);
        }
    }
    seen
}

/// A missing `BinaryNeuron` is reported at the model's name.
fn is_binary(written: &Population, krate: &TokenStream) -> TokenStream {
    let model = &written.model;
    let span = super::value::span_of(&model.to_token_stream());
    let ty = quote_spanned!(span=> __IsBinary<#model>);
    // A type, since types are checked before bodies: this error comes before those that follow from it.
    quote! {
        const _: () = {
            use #krate::__private::IsBinary as __IsBinary;
            const _: ::core::option::Option<#ty> = ::core::option::Option::None;
        };
    }
}

/// Item constants that look the key and the units of its value up in the model, each at its token.
pub(super) fn field_checks(written: &Population, key: &Key, krate: &TokenStream, keys: &[&str]) -> TokenStream {
    let each = proc_macro2::Ident::new("check_each", proc_macro2::Span::call_site());
    checks(&written.model, &key.name.unraw().to_string(), key, krate, keys, &each)
}

/// The same for a field of any model, which may have another name than the key. `each` is the check of values that
/// differ.
pub(super) fn checks(
    model: &syn::Path,
    field: &str,
    key: &Key,
    krate: &TokenStream,
    keys: &[&str],
    each: &proc_macro2::Ident,
) -> TokenStream {
    let settable = quote_spanned!(key.name.span()=>
        __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, &[#(#keys),*], #field)
    );
    let mut checks = quote! {
        const _: () = {
            use #krate::__private::{Model as __Model, check_settable as __check};
            #settable;
        };
    };
    let mut bounds = |amount: Amount<'_>| {
        if let Amount::Literal(quantity) = amount {
            let (text, value) = (&quantity.text, number(quantity.value, quantity.span));
            // A bare number is in the unit of the field.
            let scale = if quantity.unit.is_none() {
                quote!(__scale(<#model as __Model>::FIELDS, #field))
            } else {
                let scale = Literal::f64_unsuffixed(quantity.unit.unit.scale);
                quote!(#scale)
            };
            let Place { start, end } = amount.place();
            let function = quote_spanned!(start=> __check);
            let args = quote_spanned!(end=>
                (<#model as __Model>::FIELDS, <#model as __Model>::BOUNDS, #field, #text, #value, #scale)
            );
            checks.extend(quote! {
                const _: () = {
                    #[allow(unused_imports, reason = "a quantity has a scale of its own")]
                    use #krate::__private::{Model as __Model, check_bound as __check, scale_of as __scale};
                    #function #args;
                };
            });
        }
    };
    key.value.each_amount(&mut bounds);
    if let Value::Call(call) = &key.value
        && call.name == "uniform"
    {
        call.args.iter().for_each(|arg| arg.value.each_amount(&mut bounds));
    }
    let around = around(&key.value);
    if let Some(around) = around {
        around.each_amount(&mut bounds);
    }
    if let Value::Call(call) = &key.value
        && call.name == "mismatch"
        && around.is_none()
    {
        let name =
            quote_spanned!(call.name.span()=> __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, #field));
        checks.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_mismatch as __check};
                #name;
            };
        });
    }
    let mut units = |amount: Amount<'_>| {
        let (text, unit, dimension) =
            (amount.text(), amount.unseen_unit(), dimension(krate, amount.unit().dimension()));
        let Place { start, end } = amount.place();
        let function = quote_spanned!(start=> __check);
        let args = quote_spanned!(end=> (<#model as __Model>::FIELDS, #field, #text, #unit, __DIMENSION));
        let call = quote!(#function #args);
        checks.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_dimension as __check};
                const __DIMENSION: #krate::__private::Dimension = #dimension;
                #call;
            };
        });
    };
    key.value.each_amount(&mut units);
    if let Some(around) = around {
        around.each_amount(&mut units);
    }
    let varied = match &key.value {
        Value::Call(call) => {
            if ["uniform", "normal", "lognormal"].iter().any(|word| call.name == word) {
                call.args.iter().for_each(|arg| arg.value.each_amount(&mut units));
            }
            is_distribution(call)
        }
        Value::Array(..) | Value::Closure(_) => true,
        Value::Named(named) => named.is_list(),
        Value::Quantity(_) | Value::Rust(_) | Value::Explicit(_) => false,
    };
    if varied {
        let call = quote_spanned!(key.span=> __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, #field));
        checks.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, #each as __check};
                #call;
            };
        });
    }
    checks
}

fn is_distribution(call: &Call) -> bool {
    DISTRIBUTIONS.iter().any(|word| call.name == word)
}

/// Code for the mean update interval in ms.
fn tau(key: &Key, sink: &mut Sink) -> TokenStream {
    const HELP: &str = "write a time, as in `tau: 10 ms`";
    let is_time = |amount: Amount<'_>, sink: &mut Sink| {
        let right = amount.unit().dimension() == Dimension::TIME;
        if !right {
            sink.error(amount.place(), with_help(format!("`tau` is a time, but {}", amount.describe()), HELP));
        }
        right
    };
    match &key.value {
        Value::Quantity(quantity) => {
            let Quantity { value, unit, span, place, text } = quantity;
            if is_time(Amount::Literal(quantity), sink) && *value <= 0.0 {
                sink.error(*place, with_help(format!("`tau` must be above 0, but this is {text}"), HELP));
            }
            number(quantity.value * (unit.unit.scale * 1e3), *span)
        }
        Value::Named(named) if !named.is_list() => {
            let amount = Amount::Named(named);
            is_time(amount, sink);
            amount.times(&number(amount.unit().unit.scale * 1e3, named.name.span()))
        }
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        Value::Call(call) if !is_distribution(call) => user_call(call, sink),
        other => {
            sink.error(other.place(), with_help("`tau` is one time for the whole population", HELP));
            quote!(10.0)
        }
    }
}

/// Code for the first states: 0 or 1, drawn, listed or computed.
fn first_state(value: &Value, size: &Size, sink: &mut Sink) -> TokenStream {
    const BINARY: &str = "a binary neuron starts from 0 or 1";
    const HELP: &str = "write `0`, `1`, `bernoulli(0.2)` or `exact(0.2)`";
    if let Value::Call(call) = value
        && ["uniform", "normal", "lognormal", "mismatch"].iter().any(|word| call.name == word)
    {
        sink.error(call.name.span(), with_help(format!("{BINARY}, not from `{}`", call.name), HELP));
        return quote!(__binnet::Init::Value(0.0));
    }
    check_range(value, |x| x == 0.0 || x == 1.0, BINARY, HELP, sink);
    init(value, size, &mut |amount, sink| super::scalar::pure_number(amount, "a state", sink), sink)
}

/// What a mismatch deviates from, if that is not the declared value.
fn around(value: &Value) -> Option<&Value> {
    let Value::Call(call) = value else { return None };
    let around = |arg: &&Arg| arg.name.as_ref().is_some_and(|name| name == "around");
    call.args.iter().find(around).filter(|_| call.name == "mismatch").map(|arg| &arg.value)
}

/// Code for the values of a field, converted from the units written to the unit of the field.
pub(super) fn field_init(value: &Value, field: &str, model: &syn::Path, size: &Size, sink: &mut Sink) -> TokenStream {
    let mut convert = |amount: Amount<'_>, _: &mut Sink| {
        if amount.unit().is_none() {
            return amount.code();
        }
        let scale = Literal::f64_unsuffixed(amount.unit().unit.scale);
        amount.times(&quote!(__binnet::conversion(<#model as __binnet::Model>::FIELDS, #field, #scale)))
    };
    if let Value::Call(call) = value
        && call.name == "mismatch"
    {
        let mismatch = mismatch(call, field, model, &mut convert, sink);
        return mismatch.unwrap_or_else(|| quote!(__binnet::Init::Value(0.0)));
    }
    init(value, size, &mut convert, sink)
}

/// Code for an `Init`; `convert` makes code for a literal.
fn init(
    value: &Value,
    size: &Size,
    convert: &mut impl FnMut(Amount<'_>, &mut Sink) -> TokenStream,
    sink: &mut Sink,
) -> TokenStream {
    let n = size.constant(&quote!(__binnet));
    match value {
        Value::Quantity(quantity) => {
            let value = convert(Amount::Literal(quantity), sink);
            quote!(__binnet::Init::Value(#value))
        }
        Value::Named(named) => {
            let value = convert(Amount::Named(named), sink);
            quote!(__binnet::IntoInit::<#n>::into_init(#value))
        }
        Value::Array(elements, span) => {
            let elements: Vec<_> = elements.iter().map(|element| element_code(element, convert, sink)).collect();
            let array = quote_spanned!(*span=> [#(#elements),*]);
            if size.is_run_time() {
                return quote!(__binnet::Init::Each(::std::vec::Vec::from(#array)));
            }
            quote!(__binnet::IntoInit::<#n>::into_init(#array))
        }
        Value::Closure(closure) => {
            let closure = moving(closure);
            quote!(__binnet::Init::by_index(#closure))
        }
        Value::Call(call) => distribution(call, convert, sink).unwrap_or_else(|| {
            let call = user_call(call, sink);
            quote!(__binnet::IntoInit::<#n>::into_init(#call))
        }),
        Value::Rust(expr) | Value::Explicit(expr) => {
            let expr = real(expr);
            quote!(__binnet::IntoInit::<#n>::into_init(#expr))
        }
    }
}

pub(super) fn element_code(
    element: &Value,
    convert: &mut impl FnMut(Amount<'_>, &mut Sink) -> TokenStream,
    sink: &mut Sink,
) -> TokenStream {
    match element {
        Value::Quantity(quantity) => convert(Amount::Literal(quantity), sink),
        Value::Named(named) => convert(Amount::Named(named), sink),
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        other => pure(other, "an element", sink),
    }
}

/// A closure that owns what it uses: initialisers and drives outlive the function that builds.
pub(super) fn moving(closure: &syn::ExprClosure) -> syn::ExprClosure {
    let mut closure = closure.clone();
    closure.capture.get_or_insert_default();
    closure
}
