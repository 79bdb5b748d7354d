//! Distributions of initial values: their words, arguments and options.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::named::Amount;
use super::populations::element_code;
use super::scalar::{DISTRIBUTIONS, arguments, arguments_with, check_range, is_probability, pure};
use super::value::{Call, Value};
use crate::diag::{Sink, with_help};
use crate::quantity::Quantity;

pub(super) const PROBABILITY: &str = "a probability lies in 0..=1";

/// Code for a distribution of the language; none for functions of the user's. `convert` makes code for a
/// quantity.
pub(super) fn distribution(
    call: &Call,
    convert: &mut impl FnMut(Amount<'_>, &mut Sink) -> TokenStream,
    sink: &mut Sink,
) -> Option<TokenStream> {
    let code = match call.name.to_string().as_str() {
        "uniform" => uniform(call, convert, sink),
        "normal" => normal(call, convert, sink),
        "lognormal" => lognormal(call, convert, sink),
        "bernoulli" => share(call, "p", PROBABILITY, sink),
        "exact" => share(call, "share", "a share lies in 0..=1", sink),
        "mismatch" => {
            let help = "write `normal(mean, deviation)`";
            let message = "a mismatch deviates from the declared value of a `local`; there is none here";
            sink.error(call.name.span(), with_help(message, help));
            None
        }
        other => {
            if let Some(near) = binnet_units::nearest(other, DISTRIBUTIONS) {
                let message = format!("no distribution `{other}`");
                sink.error(call.name.span(), with_help(message, format!("did you mean `{near}`?")));
            }
            return None;
        }
    };
    Some(code.unwrap_or_else(|| quote!(__binnet::Init::Value(0.0))))
}

type Convert<'a> = dyn FnMut(Amount<'_>, &mut Sink) -> TokenStream + 'a;

fn uniform(call: &Call, convert: &mut Convert<'_>, sink: &mut Sink) -> Option<TokenStream> {
    let args = arguments(call, &["low", "high"], sink)?;
    if let [low, high] = args.as_slice() {
        in_order(low, high, |low, high| format!("write `uniform({high}, {low})`"), sink);
    }
    let [low, high] = codes(&args, convert, sink)?;
    Some(quote!(__binnet::Init::Uniform(#low, #high)))
}

/// `normal(mean, deviation)`, and with `min` or `max` drawn again until it is within.
fn normal(call: &Call, convert: &mut Convert<'_>, sink: &mut Sink) -> Option<TokenStream> {
    let (args, [min, max]) = arguments_with(call, &["mean", "deviation"], ["min", "max"], sink)?;
    deviation(args.last(), sink);
    if let (Some(min), Some(max)) = (min, max) {
        in_order(min, max, |low, high| format!("write `min: {high}, max: {low}`"), sink);
    }
    let [mean, deviation] = codes(&args, convert, sink)?;
    if min.is_none() && max.is_none() {
        return Some(quote!(__binnet::Init::Normal(#mean, #deviation)));
    }
    let mut bound = |value: Option<&Value>, none: TokenStream| {
        value.map_or(quote!(::core::primitive::f64::#none), |value| {
            element_code(value, &mut |amount, sink| convert(amount, sink), sink)
        })
    };
    let (min, max) = (bound(min, quote!(NEG_INFINITY)), bound(max, quote!(INFINITY)));
    Some(quote! {
        __binnet::Init::NormalWithin { mean: #mean, deviation: #deviation, min: #min, max: #max }
    })
}

fn lognormal(call: &Call, convert: &mut Convert<'_>, sink: &mut Sink) -> Option<TokenStream> {
    let args = arguments(call, &["mean", "deviation"], sink)?;
    deviation(args.last(), sink);
    if let Some(Value::Quantity(mean)) = args.first()
        && mean.value <= 0.0
    {
        let help = "the values of `lognormal` are above 0; `normal` has others";
        sink.error(mean.place, with_help(format!("the mean must be above 0, but this is {}", mean.text), help));
    }
    let [mean, deviation] = codes(&args, convert, sink)?;
    Some(quote!(__binnet::Init::LogNormal(#mean, #deviation)))
}

/// A distribution with a probability.
fn share(call: &Call, name: &str, range: &str, sink: &mut Sink) -> Option<TokenStream> {
    let args = arguments(call, &[name], sink)?;
    let p = args.first()?;
    check_range(p, is_probability, range, "write a share as `0.2` or `20 %`", sink);
    let p = pure(p, "a probability", sink);
    let variant = if name == "p" { format_ident!("Bernoulli") } else { format_ident!("Exact") };
    Some(quote!(__binnet::Init::#variant(#p)))
}

/// `mismatch(share)` or `mismatch(share, sigma_rule: k)` of the declared value of a field, or of the one that is given
/// by `around: 5 pA`.
pub(super) fn mismatch(
    call: &Call,
    field: &str,
    model: &syn::Path,
    convert: &mut impl FnMut(Amount<'_>, &mut Sink) -> TokenStream,
    sink: &mut Sink,
) -> Option<TokenStream> {
    let (args, [rule, around]) = arguments_with(call, &["share"], ["sigma_rule", "around"], sink)?;
    let share = args.first()?;
    check_range(
        share,
        |x| x >= 0.0,
        "a mismatch is not negative",
        "it deviates to either side: leave the sign out",
        sink,
    );
    let share = pure(share, "a mismatch", sink);
    let rule = rule.map_or(quote!(1.0), |rule| {
        check_range(rule, |x| x > 0.0, "a number of standard deviations is above 0", "write `sigma_rule: 3`", sink);
        pure(rule, "a number of standard deviations", sink)
    });
    let value = match around {
        Some(value) => element_code(value, convert, sink),
        None => quote!(__binnet::default_of(<#model as __binnet::Model>::FIELDS, #field)),
    };
    Some(quote! {
        __binnet::Init::Mismatch {
            value: #value,
            share: #share,
            sigma_rule: #rule,
        }
    })
}

fn deviation(value: Option<&&Value>, sink: &mut Sink) {
    if let Some(Value::Quantity(deviation)) = value
        && deviation.value < 0.0
    {
        sink.error(deviation.place, with_help("a standard deviation is not negative", "leave the sign out"));
    }
}

/// Of two literals that can be compared, the lower one comes first.
fn in_order(low: &Value, high: &Value, help: impl Fn(&str, &str) -> String, sink: &mut Sink) {
    if let (Value::Quantity(low), Value::Quantity(high)) = (low, high)
        && low.unit.dimension() == high.unit.dimension()
        && low.value > high.in_unit(low.unit.unit)
    {
        let (Quantity { text: first, .. }, Quantity { text: second, .. }) = (low, high);
        let message = format!("the lower bound comes first, but {first} is above {second}");
        sink.error(low.place, with_help(message, help(first, second)));
    }
}

/// Code for all arguments.
fn codes<const N: usize>(args: &[&Value], convert: &mut Convert<'_>, sink: &mut Sink) -> Option<[TokenStream; N]> {
    let codes: Vec<_> =
        args.iter().map(|arg| element_code(arg, &mut |amount, sink| convert(amount, sink), sink)).collect();
    codes.try_into().ok()
}
