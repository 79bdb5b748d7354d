//! Records: what is recorded of which population, source or projection, how often, and what is made of it.

use binnet_units::Dimension;
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::measure::{Measure, Reducer};
use super::time::{in_ms, no_multiple, rounded, time};
use super::{Clocked, Lowering};
use crate::diag::{Sink, with_help};
use crate::network::model::{Form, Projection};
use crate::network::named::Amount;
use crate::network::plan;
use crate::network::value::Value;
use crate::quantity::Quantity;

/// A record: what it is called, and the code of its `Record`.
pub(crate) struct Record {
    pub(crate) name: Option<Ident>,
    /// The number of its population; sources are counted behind the populations, then projections that are recorded.
    pub(crate) population: usize,
    pub(crate) variable: Ident,
    pub(crate) kind: Kind,
    pub(crate) code: TokenStream,
}

/// Where a record is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Spikes,
    Trace,
    /// Of fixed size: by name only.
    Tally,
}

/// What is recorded of.
enum Owner<'a> {
    Population(&'a plan::Population<'a>),
    Source(usize),
    /// A projection whose synapses have equations: their model.
    Projection(&'a syn::Path),
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

    /// As `is_recordable`, for synapses.
    fn is_field_of_synapses(&mut self, model: &syn::Path, variable: &Ident) {
        let (krate, word) = (self.krate, variable.unraw().to_string());
        let call = quote_spanned! {variable.span()=>
            __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, #word)
        };
        self.constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_recorded_synapse as __check};
                #call;
            };
        });
    }

    pub(super) fn measure<'a>(
        &mut self,
        measure: &'a Measure,
        projections: &[&'a Projection],
        populations: &'a [plan::Population<'a>],
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) {
        let Measure { name, reducer, population: written, variable, neurons, onto, .. } = measure;
        let Some((owner, number)) = self.owner(measure, projections, populations, clocked, sink) else { return };
        let same = |other: &Record| other.population == number && other.variable == *variable;
        let unnamed = |other: &&Record| other.name.is_none();
        if name.is_none() && clocked.records.iter().filter(unnamed).any(same) {
            let message = format!("`{written}.{variable}` is recorded twice");
            let help = format!("give one of them a name: `record n: {written}.{variable}`");
            sink.error(variable.span(), with_help(message, help));
            return;
        }
        let (text, word) = (written.unraw().to_string(), variable.unraw().to_string());
        let part = match owner {
            Owner::Population(plan::Population { name, size, grid, .. }) => {
                self.part(neurons.as_ref(), name, size, grid.as_ref(), sink)
            }
            Owner::Source(source) => {
                let size = clocked.sources[source].size.clone();
                self.part(neurons.as_ref(), written, &size, None, sink)
            }
            Owner::Projection(_) => {
                if let Some(slice) = neurons {
                    let help = "write `onto 3` for those of one neuron, or choose some in Rust: `net.record(..)`";
                    sink.error(slice.span, with_help("how many synapses there are is known when they are drawn", help));
                }
                None
            }
        };
        let part = part.map(|part| part.by_methods("neurons"));
        if let (Some(onto), Owner::Population(_) | Owner::Source(_)) = (onto, &owner) {
            let help = format!("write `{written}.{variable}[{onto}]` for one neuron");
            sink.error(onto.span(), with_help(format!("`{written}` is no projection"), help));
        }
        let what = match owner {
            Owner::Projection(model) => {
                self.is_field_of_synapses(model, variable);
                let onto = onto.as_ref().map(|neuron| quote!(.onto(#neuron)));
                quote!(synapses(#text, #word) #onto)
            }
            _ if word == "spikes" => quote!(spikes(#text)),
            Owner::Source(_) => {
                let help = format!("write `record {written}.spikes;`");
                let message = format!("nothing to record named `{variable}` of the source `{written}`");
                sink.error(variable.span(), with_help(message, help));
                return;
            }
            Owner::Population(population) => {
                self.is_recordable(population.model, variable);
                quote!(of(#text, #word))
            }
        };
        let spikes = word == "spikes" && !matches!(owner, Owner::Projection(_));
        let kind = match reducer {
            None if spikes => Kind::Spikes,
            None => Kind::Trace,
            Some(reducer) if reducer.is_trace() => Kind::Trace,
            Some(_) => Kind::Tally,
        };
        let reduced = reducer.as_ref().and_then(|reducer| self.reduced(reducer, measure, &owner, spikes, sink));
        let times = times(measure, clocked.ms, sink);
        let named = name.as_ref().map(|name| {
            let name = name.unraw().to_string();
            quote!(.named(#name))
        });
        clocked.records.push(Record {
            name: name.clone(),
            population: number,
            variable: variable.clone(),
            kind,
            code: quote!(__binnet::Record::#what #part #times #reduced #named),
        });
    }

    /// What a record is of, and its number.
    fn owner<'a>(
        &mut self,
        measure: &'a Measure,
        projections: &[&'a Projection],
        populations: &'a [plan::Population<'a>],
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) -> Option<(Owner<'a>, usize)> {
        let written = &measure.population;
        if let Some(source) = clocked.sources.iter().position(|source| source.name == *written) {
            return Some((Owner::Source(source), populations.len() + source));
        }
        let Some(projection) = projections.iter().find(|p| p.name.as_ref() == Some(written)) else {
            let number = self.find(written, populations, sink)?;
            return Some((Owner::Population(&populations[number]), number));
        };
        let several = [&projection.pre, &projection.post].iter().any(|ends| ends.form != Form::Single);
        let Some(equipment) = projection.synapses.first().filter(|_| !several) else {
            let (message, help) = if several {
                (format!("`{written}` is several projections"), "write one of them as a projection of its own")
            } else {
                let message = format!("the synapses of `{written}` have no equations, so nothing of them changes");
                (message, "read their weights by `net.synapses(..)`")
            };
            sink.error(written.span(), with_help(message, help));
            return None;
        };
        let recorded = &mut clocked.recorded;
        let place = recorded.iter().position(|name| name == written).unwrap_or_else(|| {
            recorded.push(written.clone());
            recorded.len() - 1
        });
        Some((Owner::Projection(&equipment.model), populations.len() + clocked.sources.len() + place))
    }

    /// Code for what is made of the values.
    fn reduced(
        &mut self,
        reducer: &Reducer,
        measure: &Measure,
        owner: &Owner<'_>,
        spikes: bool,
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let Measure { name, population, variable, every, .. } = measure;
        let Reducer { word, range, count } = reducer;
        if name.is_none() {
            let help = format!("write `record n: {word}({population}.{variable}) ..`");
            sink.error(word.span(), with_help(format!("the `{word}` needs a name"), help));
        }
        if !reducer.fits(spikes) {
            let (message, help) = if spikes {
                ("spikes have no values", "of spikes there are `counts`, `rate`, `intervals` and `autocorrelation`")
            } else {
                let help = "of values there are `mean`, `variance`, `over_time`, `histogram` and `autocorrelation`";
                ("this is of spikes, not of values", help)
            };
            sink.error(word.span(), with_help(message, help));
            return None;
        }
        if word == "rate" {
            let Some(every) = every else {
                let help = format!("write `{word}({population}.{variable}) every 5 ms`");
                sink.error(word.span(), with_help("the length of the bins is missing", help));
                return None;
            };
            let bin = time(&Value::Quantity(every.clone()), "a bin", sink);
            return Some(quote!(.rate(__binnet::Time::from_ms(#bin))));
        }
        let Some([low, high]) = range else { return Some(quote!(.#word(#count))) };
        let Owner::Population(owner) = owner else {
            let help = "histograms of synapses are recorded in Rust: `net.record(..)`";
            sink.error(word.span(), with_help("this histogram is not of a population", help));
            return None;
        };
        let text = variable.unraw().to_string();
        let mut bound = |quantity| self.converted(Amount::Literal(quantity), owner.model, &text);
        let (low, high) = (bound(low), bound(high));
        Some(quote!(.#word(#low..#high, #count)))
    }
}

/// Code for when something is recorded: times are multiples of the clock.
fn times(measure: &Measure, clock: Option<f64>, sink: &mut Sink) -> TokenStream {
    let Measure { reducer, every, from, during, .. } = measure;
    let mut code = TokenStream::new();
    // Bins of rates are part of the reducer.
    let bins = reducer.as_ref().is_some_and(|reducer| reducer.word == "rate");
    if let Some(every) = every {
        let every = multiple(every, "a period", clock, true, sink);
        code.extend(every.filter(|_| !bins).map(|every| quote!(.every(#every))));
    }
    if let Some(from) = from {
        code.extend(multiple(from, "a start", clock, false, sink).map(|from| quote!(.from(#from))));
    }
    if let Some([start, end]) = during {
        let bounds = [start, end].map(|bound| multiple(bound, "the bound of a window", clock, false, sink));
        if let [Some(from), Some(to)] = bounds {
            if in_ms(start) >= in_ms(end) {
                let help = "write the earlier time first";
                sink.error(end.place, with_help("the window ends before it begins", help));
            }
            code.extend(quote!(.during(#from..#to)));
        }
    }
    code
}

/// Code for a time that is a multiple of the clock.
fn multiple(
    quantity: &Quantity,
    what: &str,
    clock: Option<f64>,
    positive: bool,
    sink: &mut Sink,
) -> Option<TokenStream> {
    let code = time(&Value::Quantity(quantity.clone()), what, sink);
    if quantity.unit.dimension() != Dimension::TIME {
        return None;
    }
    let ms = in_ms(quantity);
    if let Some(clock) = clock.filter(|clock| *clock > 0.0 && (positive || ms != 0.0))
        && let Some((steps, near)) = no_multiple(ms, clock)
    {
        let help = match (steps < 1.0, what) {
            (true, "a period") => format!("write `every {} ms`", rounded(clock)),
            (true, _) => format!("write `{} ms`", rounded(clock)),
            _ => near,
        };
        sink.error(quantity.span, with_help(format!("{what} must be a multiple of the clock"), help));
    }
    Some(quote!(__binnet::Time::from_ms(#code)))
}

impl Record {
    /// The position of each record among those of its kind.
    pub(crate) fn positions(records: &[Self]) -> Vec<Literal> {
        let place = |i: usize| records[..i].iter().filter(|other| other.kind == records[i].kind).count();
        (0..records.len()).map(|i| Literal::usize_unsuffixed(place(i))).collect()
    }
}
