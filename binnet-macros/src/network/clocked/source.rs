//! Sources of spikes: `source noise: poisson[1000] { rate: 8 Hz };`

use binnet_units::Dimension;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::Lowering;
use crate::diag::{Sink, did_you_mean, with_help};
use crate::network::model::{Channels, Key};
use crate::network::named::Amount;
use crate::network::populations::{moving, once};
use crate::network::scalar::user_call;
use crate::network::sizes::{CheckKind, Size};
use crate::network::value::{Value, real, span_of};
use crate::quantity::number;

/// The kinds of sources with their keys; the first one must be there.
const KINDS: [(&str, &[&str]); 4] =
    [("poisson", &["rate", "rate_factor"]), ("regular", &["rate"]), ("spike_times", &["spikes"]), ("external", &[])];

/// A source whose kind and keys fit.
pub(crate) struct Source {
    pub(crate) name: Ident,
    pub(crate) size: Size,
    /// Code for a `Source` of the library.
    pub(crate) code: TokenStream,
}

impl Lowering<'_, '_> {
    pub(super) fn source(&mut self, written: &Channels, sink: &mut Sink) -> Option<Source> {
        let Channels { name, kind, .. } = written;
        let size = self.scope.size(&written.size, sink).unwrap_or(Size::Known(1));
        let place = span_of(&quote::ToTokens::to_token_stream(&written.size));
        self.checks.add(CheckKind::Channels, place, &[name], &[&size], sink);
        let source = |code| Some(Source { name: name.clone(), size: size.clone(), code });
        let word = kind.to_string();
        let Some((_, keys)) = KINDS.iter().find(|(known, _)| *known == word) else {
            let help = did_you_mean(&word, KINDS.map(|(known, _)| known), "sources are");
            sink.error(kind.span(), with_help(format!("no source `{kind}`"), help));
            return source(quote!());
        };
        let given = once(&written.keys, sink);
        for key in given.iter().filter(|key| keys.iter().all(|known| key.name != known)) {
            let text = key.name.to_string();
            let help = match keys {
                [] => "leave it out: counts are handed in by `source_mut(..)?.give(..)`".to_owned(),
                keys => did_you_mean(&text, keys.iter().copied(), "keys are"),
            };
            sink.error(key.name.span(), with_help(format!("a source `{kind}` has no `{text}`"), help));
        }
        let value = |key: &str| given.iter().find(|other| other.name == key).map(|key: &&Key| &key.value);
        let first = match keys.first() {
            None => None,
            Some(key) => match value(key) {
                Some(value) => Some(value),
                None => {
                    let misspelt = given.iter().any(|other| binnet_units::is_near(&other.name.to_string(), key));
                    if !written.broken && !misspelt {
                        let example =
                            if *key == "rate" { "rate: 8 Hz" } else { "spikes: [(0, 1.5.ms()), (2, 4.ms())]" };
                        let help = format!("write `{kind}[..] {{ {example} }}`");
                        sink.error(name.span(), with_help(format!("`{name}` has no `{key}`"), help));
                    }
                    return source(quote!());
                }
            },
        };
        let (text, n) = (name.unraw().to_string(), size.tokens());
        let code = match (word.as_str(), first) {
            ("poisson", Some(rate)) => {
                let rates = rates(rate, &size, sink);
                let factor = value("rate_factor").map(|factor| modulation(factor, sink));
                quote_spanned!(Span::mixed_site()=> {
                    let mut source = __binnet::ClockedSource::poisson(#text, #n, 0.0);
                    source.set_rates(&#rates)?;
                    source #factor
                })
            }
            ("regular", Some(rate)) => {
                let hertz = frequency(rate, "a rate", sink);
                quote!(__binnet::ClockedSource::regular(#text, #n, #hertz))
            }
            ("spike_times", Some(spikes)) => {
                let spikes = list(spikes, sink);
                quote!(__binnet::ClockedSource::spike_times(#text, #n, #spikes))
            }
            _ => quote!(__binnet::ClockedSource::external(#text, #n)),
        };
        source(code)
    }
}

/// Code for a frequency in Hz.
pub(super) fn frequency(value: &Value, what: &str, sink: &mut Sink) -> TokenStream {
    let help = "write it as in `8 Hz`";
    let mut literal = |amount: Amount<'_>| {
        if amount.unit().dimension() != Dimension::FREQUENCY {
            sink.error(amount.place(), with_help(format!("{what} is a frequency, {}", amount.describe()), help));
        }
        if let Amount::Literal(quantity) = amount
            && quantity.value < 0.0
        {
            sink.error(quantity.place, with_help(format!("{what} is not negative"), "leave the sign out"));
        }
        amount.times(&number(amount.unit().unit.scale, Span::call_site()))
    };
    match value {
        Value::Quantity(quantity) => literal(Amount::Literal(quantity)),
        Value::Named(named) => literal(Amount::Named(named)),
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        Value::Call(call) => user_call(call, sink),
        Value::Array(..) | Value::Closure(_) => {
            sink.error(value.place(), with_help(format!("{what} is one frequency here"), help));
            quote!(0.0)
        }
    }
}

/// Code for the rates of all channels.
fn rates(value: &Value, size: &Size, sink: &mut Sink) -> TokenStream {
    let rates = match value {
        Value::Array(elements, span) => {
            let each: Vec<_> = elements.iter().map(|element| frequency(element, "a rate", sink)).collect();
            let each = quote_spanned!(*span=> [#(#each),*]);
            if size.is_run_time() { quote!(::std::vec::Vec::from(#each)) } else { each }
        }
        Value::Closure(closure) => {
            let help = "give a rate and a factor on it: `rate: 8 Hz, rate_factor: |t| ..`";
            sink.error_over(closure, with_help("a rate is a number or one for each channel", help));
            quote!(0.0)
        }
        value => frequency(value, "a rate", sink),
    };
    let n = size.constant(&quote!(__binnet));
    quote!(__binnet::IntoRates::<#n>::into_rates(#rates))
}

/// The method that makes rates change in time.
fn modulation(factor: &Value, sink: &mut Sink) -> TokenStream {
    match factor {
        Value::Closure(closure) => {
            let closure = moving(closure);
            quote!(.modulated(#closure))
        }
        Value::Rust(expr) | Value::Explicit(expr) => quote!(.modulated(#expr)),
        other => {
            let help = "write `rate_factor: |t| ..`; `rate` alone is constant";
            sink.error(other.place(), with_help("a factor on rates is a function of the time in ms", help));
            quote!()
        }
    }
}

/// Code for spikes: pairs of channel and time.
fn list(spikes: &Value, sink: &mut Sink) -> TokenStream {
    match spikes {
        Value::Rust(expr) | Value::Explicit(expr) => quote!(#expr),
        Value::Call(call) => user_call(call, sink),
        Value::Array(elements, span) => {
            let pairs = elements.iter().map(|element| match element {
                Value::Rust(expr) | Value::Explicit(expr) => quote!(#expr),
                Value::Call(call) => user_call(call, sink),
                other => {
                    let help = "write `(0, 1.5.ms())`";
                    sink.error(other.place(), with_help("a spike is a channel and a time", help));
                    quote!()
                }
            });
            let pairs: Vec<_> = pairs.collect();
            quote_spanned!(*span=> [#(#pairs),*])
        }
        other => {
            let help = "write `spikes: [(0, 1.5.ms()), (2, 4.ms())]`, or an expression that iterates over such pairs";
            sink.error(other.place(), with_help("spikes are pairs of a channel and a time", help));
            quote!([])
        }
    }
}
