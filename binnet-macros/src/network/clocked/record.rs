//! Records: what is recorded of which population or source, and how often.

use binnet_units::Dimension;
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::time::{in_ms, no_multiple, rounded, time};
use super::{Clocked, Lowering};
use crate::diag::{Sink, with_help};
use crate::network::plan;
use crate::network::slice::Slice;
use crate::network::value::Value;
use crate::quantity::Quantity;

/// `record name: population.variable[neurons] every period`
pub(crate) struct Measure {
    pub(crate) name: Option<Ident>,
    pub(crate) population: Ident,
    pub(crate) variable: Ident,
    pub(crate) neurons: Option<Slice>,
    pub(crate) every: Option<Quantity>,
}

/// A record: what it is called, and the code of its `Record`.
pub(crate) struct Record {
    pub(crate) name: Option<Ident>,
    /// The number of its population; sources are counted behind the populations.
    pub(crate) population: usize,
    pub(crate) variable: Ident,
    pub(crate) code: TokenStream,
}

impl Lowering<'_, '_> {
    /// A variable that the model does not have is reported at its name.
    pub(super) fn is_recordable(&mut self, model: &syn::Path, variable: &Ident) {
        let (krate, word) = (self.krate, variable.unraw().to_string());
        let call = quote_spanned! {variable.span()=>
            __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, <#model as __Model>::OBSERVABLES, #word)
        };
        self.constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_recordable as __check};
                #call;
            };
        });
    }

    pub(super) fn measure(
        &mut self,
        measure: &Measure,
        populations: &[plan::Population<'_>],
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) {
        let Measure { name, population: written, variable, neurons, every } = measure;
        let source = clocked.sources.iter().position(|source| source.name == *written);
        let number = match source {
            // Sources are counted behind the populations.
            Some(source) => populations.len() + source,
            None => match self.find(written, populations, sink) {
                Some(number) => number,
                None => return,
            },
        };
        let same = |other: &Record| other.population == number && other.variable == *variable;
        if name.is_none() && clocked.records.iter().any(|other| other.name.is_none() && same(other)) {
            let message = format!("`{written}.{variable}` is recorded twice");
            let help = format!("give one of them a name: `record n: {written}.{variable}`");
            sink.error(variable.span(), with_help(message, help));
            return;
        }
        let (text, word) = (written.unraw().to_string(), variable.unraw().to_string());
        let model = populations.get(number).map(|population| population.model);
        let neurons = match source {
            Some(source) => {
                let size = clocked.sources[source].size.clone();
                self.part(neurons.as_ref(), written, &size, None, sink)
            }
            None => self.neurons(neurons.as_ref(), &populations[number], sink),
        };
        let neurons = neurons.map(|neurons| quote!(.neurons(#neurons)));
        let every = every.as_ref().and_then(|every| self.period(every, clocked.ms, sink));
        let named = name.as_ref().map(|name| {
            let name = name.unraw().to_string();
            quote!(.named(#name))
        });
        let what = match model {
            _ if word == "spikes" => quote!(spikes(#text)),
            None => {
                let help = format!("write `record {written}.spikes;`");
                let message = format!("nothing to record named `{variable}` of the source `{written}`");
                sink.error(variable.span(), with_help(message, help));
                return;
            }
            Some(model) => {
                self.is_recordable(model, variable);
                quote!(of(#text, #word))
            }
        };
        clocked.records.push(Record {
            name: name.clone(),
            population: number,
            variable: variable.clone(),
            code: quote!(__binnet::Record::#what #neurons #every #named),
        });
    }

    /// Code for a period, a multiple of the clock.
    fn period(&self, every: &Quantity, clock: Option<f64>, sink: &mut Sink) -> Option<TokenStream> {
        let period = time(&Value::Quantity(every.clone()), "a period", sink);
        if every.unit.dimension() != Dimension::TIME {
            return None;
        }
        let ms = in_ms(every);
        if let Some(clock) = clock.filter(|clock| *clock > 0.0)
            && let Some((steps, near)) = no_multiple(ms, clock)
        {
            let help = if steps < 1.0 { format!("write `every {} ms`", rounded(clock)) } else { near };
            sink.error(every.span, with_help("a period must be a multiple of the clock", help));
        }
        Some(quote!(.every(__binnet::Time::from_ms(#period))))
    }
}

impl Record {
    /// The position of each record among those of its kind: spikes or variables.
    pub(crate) fn positions(records: &[Self]) -> Vec<Literal> {
        let (mut spikes, mut traces) = (0, 0);
        records
            .iter()
            .map(|record| {
                let count = if record.is_spikes() { &mut spikes } else { &mut traces };
                *count += 1;
                Literal::usize_unsuffixed(*count - 1)
            })
            .collect()
    }

    /// Whether spikes are recorded.
    pub(crate) fn is_spikes(&self) -> bool {
        self.variable == "spikes"
    }
}
