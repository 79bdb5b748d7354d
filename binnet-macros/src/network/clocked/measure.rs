//! Records as they are written: `record n: mean(exc.v[0..4]) every 1 ms from 0.5 ms during 100 ms..200 ms`.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, Token, parenthesized, token};

use super::parse::variable;
use super::stop::whole;
use crate::diag::{did_you_mean, error};
use crate::network::model::Item;
use crate::network::parse::{name, starts_item};
use crate::network::slice::Slice;
use crate::quantity::Quantity;

/// `record name: population.variable[neurons] every period`
pub(crate) struct Measure {
    pub(crate) name: Option<Ident>,
    pub(crate) reducer: Option<Reducer>,
    /// A population or source; with synapses, a projection.
    pub(crate) population: Ident,
    pub(crate) variable: Ident,
    pub(crate) neurons: Option<Slice>,
    /// `onto 3`
    pub(crate) onto: Option<LitInt>,
    pub(crate) every: Option<Quantity>,
    pub(crate) from: Option<Quantity>,
    pub(crate) during: Option<[Quantity; 2]>,
}

/// `mean(..)`, `histogram(.., -80 mV..20 mV, 100)`
pub(crate) struct Reducer {
    pub(crate) word: Ident,
    pub(crate) range: Option<[Quantity; 2]>,
    /// Bins, or lags.
    pub(crate) count: Option<LitInt>,
}

/// What can be made of values, then of spikes; how each is written.
const OF_VALUES: [(&str, &str); 5] = [
    ("mean", "mean(exc.v)"),
    ("variance", "variance(exc.v)"),
    ("over_time", "over_time(exc.v)"),
    ("histogram", "histogram(exc.v, -80 mV..20 mV, 100)"),
    ("autocorrelation", "autocorrelation(exc.v, 100)"),
];
const OF_SPIKES: [(&str, &str); 4] = [
    ("counts", "counts(exc.spikes)"),
    ("rate", "rate(exc.spikes) every 5 ms"),
    ("intervals", "intervals(exc.spikes)"),
    ("autocorrelation", "autocorrelation(exc.spikes, 100) every 1 ms"),
];

impl Reducer {
    /// Whether it fits spikes, or else values.
    pub(crate) fn fits(&self, spikes: bool) -> bool {
        let words: &[(&str, &str)] = if spikes { &OF_SPIKES } else { &OF_VALUES };
        words.iter().any(|(word, _)| self.word == word)
    }

    /// Whether it is found among the traces.
    pub(crate) fn is_trace(&self) -> bool {
        self.word == "mean" || self.word == "variance"
    }

    fn form(word: &Ident) -> Option<&'static str> {
        OF_SPIKES.iter().chain(&OF_VALUES).rev().find(|(own, _)| word == own).map(|(_, form)| *form)
    }
}

/// `record flips`, `record exc.v[0..4] every 1 ms`, `record n: exc.spikes`
pub(crate) fn record(body: ParseStream) -> syn::Result<Item> {
    let mut given = None;
    if body.peek(Ident) && body.peek2(Token![:]) {
        given = Some(name(body, "record")?);
        body.parse::<Token![:]>()?;
    }
    if body.peek(Ident) && body.peek2(token::Paren) {
        let word: Ident = body.parse()?;
        let Some(form) = Reducer::form(&word) else {
            let words = OF_VALUES.iter().chain(&OF_SPIKES[..3]).map(|(word, _)| *word);
            let help = did_you_mean(&word.to_string(), words, "there is");
            return Err(error(word.span(), format!("nothing to record named `{word}`"), help));
        };
        let content;
        parenthesized!(content in body);
        let measure = whole(&content, |content| {
            let measure = measured(content, given)?;
            let (range, count) = arguments(content, &word, form)?;
            Ok(Measure { reducer: Some(Reducer { word, range, count }), ..measure })
        })?;
        return times(body, measure);
    }
    let what = if given.is_none() { "thing to record" } else { "population" };
    if given.is_none() && body.peek(Ident) && !body.peek2(Token![.]) {
        return Ok(Item::Record(name(body, what)?));
    }
    let measure = measured(body, given)?;
    times(body, measure)
}

/// `exc.v[0..4]`, `ee.w onto 3`
fn measured(body: ParseStream, given: Option<Ident>) -> syn::Result<Measure> {
    let population = name(body, if given.is_some() { "population" } else { "thing to record" })?;
    let variable = variable(body, &population)?;
    let neurons = Slice::parse(body)?;
    let mut onto = None;
    if body.fork().parse::<Ident>().is_ok_and(|word| word == "onto") {
        body.parse::<Ident>()?;
        let span = body.span();
        let neuron = body.parse::<LitInt>();
        onto = Some(neuron.map_err(|_| error(span, "the neuron is missing here", "write its position, `onto 3`"))?);
    }
    Ok(Measure {
        name: given,
        reducer: None,
        population,
        variable,
        neurons,
        onto,
        every: None,
        from: None,
        during: None,
    })
}

/// `, -80 mV..20 mV, 100` as the reducer needs it.
fn arguments(content: ParseStream, word: &Ident, form: &str) -> syn::Result<(Option<[Quantity; 2]>, Option<LitInt>)> {
    let wrong = |span: Span| error(span, format!("`{word}` is not written like this"), format!("write `{form}`"));
    let (mut range, mut count) = (None, None);
    let comma = || content.parse::<Token![,]>().map_err(|_| wrong(content.span()));
    if word == "histogram" {
        comma()?;
        let low = Quantity::parse(content)?;
        content.parse::<Token![..]>().map_err(|_| wrong(content.span()))?;
        range = Some([low, Quantity::parse(content)?]);
    }
    if word == "histogram" || word == "autocorrelation" {
        comma()?;
        count = Some(content.parse::<LitInt>().map_err(|_| wrong(content.span()))?);
    }
    if content.is_empty() { Ok((range, count)) } else { Err(wrong(content.span())) }
}

/// `every 1 ms from 0.5 ms during 100 ms..200 ms`, each of which may be left out.
fn times(body: ParseStream, mut measure: Measure) -> syn::Result<Item> {
    // The next item, if this one lacks its `;`, is seen by who reads items.
    while body.peek(Ident) && !starts_item(body) {
        let span = body.span();
        let word: Ident = body.parse()?;
        let again = || error(span, format!("`{word}` is said twice"), "leave one of them out");
        if word == "every" {
            if measure.every.replace(Quantity::parse(body)?).is_some() {
                return Err(again());
            }
        } else if word == "from" {
            if measure.from.replace(Quantity::parse(body)?).is_some() {
                return Err(again());
            }
        } else if word == "during" {
            let start = Quantity::parse(body)?;
            let help = "write `during 100 ms..200 ms`";
            body.parse::<Token![..]>()
                .map_err(|_| error(body.span(), "the end of the window is missing here", help))?;
            if measure.during.replace([start, Quantity::parse(body)?]).is_some() {
                return Err(again());
            }
        } else {
            let help = "write `every 1 ms` for a period, `from 0.5 ms` and `during 100 ms..200 ms` for its times";
            return Err(error(span, format!("`{word}` does not belong here"), help));
        }
    }
    Ok(Item::Measure(Box::new(measure)))
}
