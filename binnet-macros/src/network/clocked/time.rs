//! Times: literals in ms, multiples of the clock.

use binnet_units::Dimension;
use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{Sink, with_help};
use crate::network::named::Amount;
use crate::network::scalar::user_call;
use crate::network::value::{Value, real};
use crate::quantity::{Quantity, number};

/// A literal time in ms; errors are reported by [`time`].
pub(super) fn literal(value: &Value) -> Option<f64> {
    match value {
        Value::Quantity(quantity) if quantity.unit.dimension() == Dimension::TIME => Some(in_ms(quantity)),
        _ => None,
    }
}

/// Refuses what is no time.
pub(super) fn is_time(amount: Amount<'_>, what: &str, help: &str, sink: &mut Sink) {
    if amount.unit().dimension() != Dimension::TIME {
        sink.error(amount.place(), with_help(format!("{what} is a time, {}", amount.describe()), help));
    }
}

pub(super) fn in_ms(quantity: &Quantity) -> f64 {
    quantity.value * (quantity.unit.unit.scale * 1e3)
}

/// Code for a time in ms.
pub(super) fn time(value: &Value, what: &str, sink: &mut Sink) -> TokenStream {
    let help = "write a number and a unit, as in `0.1 ms`";
    match value {
        Value::Quantity(quantity) => {
            is_time(Amount::Literal(quantity), what, help, sink);
            number(in_ms(quantity), quantity.span)
        }
        Value::Named(named) => {
            let amount = Amount::Named(named);
            is_time(amount, what, help, sink);
            let scale = number(amount.unit().unit.scale * 1e3, named.name.span());
            amount.times(&scale)
        }
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        Value::Call(call) => user_call(call, sink),
        other => {
            sink.error(other.place(), with_help(format!("{what} is one time"), help));
            quote!(1.0)
        }
    }
}

/// The number of steps, and the multiples of the clock around it as a question, of what is no positive multiple.
pub(super) fn no_multiple(ms: f64, clock: f64) -> Option<(f64, String)> {
    let steps = ms / clock;
    if steps >= 0.5 && (steps - steps.round()).abs() <= 1e-9 * steps {
        return None;
    }
    let (below, above) = (steps.floor() * clock, steps.ceil() * clock);
    Some((steps, format!("{} or {} ms?", rounded(below), rounded(above))))
}

/// Without the last digits, which are noise.
pub(super) fn rounded(x: f64) -> f64 {
    (x * 1e9).round() / 1e9
}
