//! Networks with a clock: populations with methods, sources, projections, records, stimuli.

mod equipment;
pub(crate) mod parse;
mod projection;
mod source;
mod stimulus;
mod synapses;

use std::collections::HashSet;

use binnet_units::Dimension;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Expr, Ident};

use super::model::{Channels, Item, Key, Network, Population};
use super::named::Amount;
use super::plan;
use super::populations::{field_checks, field_init, once};
use super::projections::Context;
use super::sizes::{CheckKind, Checks, Scope, Size};
use super::slice::Slice;
use super::value::{Arg, Call, Value, real, span_of};
use crate::diag::{Sink, did_you_mean, with_help};
use crate::methods::METHODS;
use crate::quantity::{Quantity, number};

pub(crate) use source::Source;

/// Keys that the framework understands on a population.
const KEYS: [&str; 1] = ["method"];

/// `clock 0.1 ms`
pub(crate) struct Clock {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// `record name: population.variable[neurons] every period`
pub(crate) struct Measure {
    pub(crate) name: Option<Ident>,
    pub(crate) population: Ident,
    pub(crate) variable: Ident,
    pub(crate) neurons: Option<Slice>,
    pub(crate) every: Option<Quantity>,
}

/// `stimulus population.variable[neurons] += course`
pub(crate) struct Stimulus {
    pub(crate) population: Ident,
    pub(crate) variable: Ident,
    pub(crate) neurons: Option<Slice>,
    /// The variant of `Operator`.
    pub(crate) operator: &'static str,
    pub(crate) course: Course,
}

/// What a stimulus is as a function of time.
pub(crate) enum Course {
    /// `steps [(value, duration), ..]`
    Steps(Vec<(Value, Value)>),
    Value(Value),
}

/// A checked network with a clock, besides what all networks have.
pub(crate) struct Clocked {
    /// The length of a step in ms, as code.
    pub(crate) clock: TokenStream,
    /// The same, if it is a literal.
    ms: Option<f64>,
    pub(crate) precision: Option<Ident>,
    /// The type of the method of each population, if it names one.
    pub(crate) methods: Vec<Option<TokenStream>>,
    pub(crate) sources: Vec<Source>,
    /// Statements that push projections onto the local `projections`.
    pub(crate) projections: Vec<TokenStream>,
    pub(crate) records: Vec<Record>,
    /// Statements that add stimuli to the local `net`.
    pub(crate) stimuli: Vec<TokenStream>,
}

/// A record: what it is called, and the code of its `Record`.
pub(crate) struct Record {
    pub(crate) name: Option<Ident>,
    /// The number of its population.
    pub(crate) population: usize,
    pub(crate) variable: Ident,
    pub(crate) code: TokenStream,
}

/// The clock of a network; none for asynchronous ones, where whatever needs a clock is refused.
pub(crate) fn clock(network: &Network, sink: &mut Sink) -> Option<Clocked> {
    if !network.clocked {
        no_clock(network, sink);
        return None;
    }
    let mut clocked = Clocked {
        clock: quote!(1.0),
        ms: None,
        precision: None,
        methods: Vec::new(),
        sources: Vec::new(),
        projections: Vec::new(),
        records: Vec::new(),
        stimuli: Vec::new(),
    };
    let mut first = true;
    for item in &network.items {
        match item {
            Item::Clock(clock) if first => {
                first = false;
                clocked.ms = literal(&clock.value);
                clocked.clock = time(&clock.value, "the clock", sink);
                if clocked.ms.is_some_and(|ms| ms <= 0.0) {
                    sink.error(clock.value.place(), with_help("a step must be above 0 ms", "write `clock 0.1 ms`"));
                }
            }
            Item::Clock(clock) => {
                sink.error(clock.span, with_help("`clock` is said twice", "leave one of them out"));
            }
            Item::Asynchronous(span) => {
                let message = "a network with a clock is not asynchronous";
                sink.error(*span, with_help(message, "leave out `asynchronous`, or `clock` for one neuron at a time"));
            }
            Item::Precision(word) if clocked.precision.is_some() => {
                sink.error(word.span(), with_help("`precision` is said twice", "leave one of them out"));
            }
            Item::Precision(word) => clocked.precision = Some(word.clone()),
            _ => {}
        }
    }
    Some(clocked)
}

fn no_clock(network: &Network, sink: &mut Sink) {
    for item in &network.items {
        match item {
            Item::Measure(Measure { population, variable, .. }) => {
                let message = format!("nothing to record named `{population}.{variable}` in an asynchronous network");
                let help = "there is `record flips;`, from which states, rates and fields follow";
                sink.error(population.span(), with_help(message, help));
            }
            Item::Record(word) if word != "flips" => {
                let message = format!("nothing to record named `{word}` in an asynchronous network");
                let help = "there is `record flips;`, from which states, rates and fields follow";
                sink.error(word.span(), with_help(message, help));
            }
            Item::Stimulus(Stimulus { population, .. }) => {
                let help = "write `source drive: of_time(|t| ..)` and project it onto the population";
                sink.error(population.span(), with_help("an asynchronous network has no stimuli", help));
            }
            Item::Channels(Channels { name, kind, .. }) => {
                let message = format!("the source `{name}` has channels, but an asynchronous network has drives");
                let help = format!("write `source {name}: {kind}(..)`; a drive acts on each neuron of its targets");
                sink.error(kind.span(), with_help(message, help));
            }
            Item::Precision(word) => {
                let help = "choose it when building: `.options(|o| o.precision = Precision::F32)`";
                sink.error(word.span(), with_help("an asynchronous network finds its own precision", help));
            }
            _ => {}
        }
    }
}

/// A literal time in ms; errors are reported by [`time`].
fn literal(value: &Value) -> Option<f64> {
    match value {
        Value::Quantity(quantity) if quantity.unit.dimension() == Dimension::TIME => Some(in_ms(quantity)),
        _ => None,
    }
}

/// Refuses what is no time.
fn is_time(amount: Amount<'_>, what: &str, help: &str, sink: &mut Sink) {
    if amount.unit().dimension() != Dimension::TIME {
        sink.error(amount.place(), with_help(format!("{what} is a time, {}", amount.describe()), help));
    }
}

fn in_ms(quantity: &Quantity) -> f64 {
    quantity.value * (quantity.unit.unit.scale * 1e3)
}

/// Code for a time in ms.
fn time(value: &Value, what: &str, sink: &mut Sink) -> TokenStream {
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
        Value::Call(call) => super::scalar::user_call(call, sink),
        other => {
            sink.error(other.place(), with_help(format!("{what} is one time"), help));
            quote!(1.0)
        }
    }
}

/// Lowers populations, records and stimuli.
pub(crate) struct Lowering<'a, 'b> {
    pub(crate) krate: &'a TokenStream,
    pub(crate) scope: &'a Scope<'b>,
    pub(crate) checks: &'a mut Checks,
    pub(crate) constants: &'a mut TokenStream,
}

impl Lowering<'_, '_> {
    /// Checks a population; its checks against the model become item constants.
    pub(crate) fn population<'p>(
        &mut self,
        written: &'p Population,
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) -> plan::Population<'p> {
        let name = &written.name;
        let (size, grid) = self.dimensions(written, sink);
        let clusters = written.clusters.as_ref().and_then(|clusters| self.scope.size(clusters, sink));
        if let Some(size) = &size {
            self.checks.add(CheckKind::Size, span_of(&written.size.to_token_stream()), &[name], &[size], sink);
            if let (Some(clusters), Some(expr)) = (&clusters, &written.clusters) {
                let place = span_of(&expr.to_token_stream());
                self.checks.add(CheckKind::Clusters, place, &[name], &[size, clusters], sink);
            }
        }
        let size = size.unwrap_or(Size::Known(1));
        let (mut fields, mut method) = (Vec::new(), None);
        for key in once(&written.keys, sink) {
            match key.name.to_string().as_str() {
                "method" => method = self.method(written, key, sink),
                // `tau` is a field like others here.
                "init" => {
                    let help = "give the states their first values by name, as in `v: -65 mV`";
                    let message = "a population of a network with a clock has no `init`";
                    sink.error(key.name.span(), with_help(message, help));
                }
                field => {
                    self.constants.extend(field_checks(written, key, self.krate, &KEYS));
                    fields.push((field.to_owned(), field_init(&key.value, field, &written.model, &size, sink)));
                }
            }
        }
        self.constants.extend(self.is_neuron(written, method.as_ref()));
        self.constants.extend(clocked.precision.as_ref().map(|real| self.is_stored(written, real)));
        clocked.methods.push(method);
        let docs = &written.docs;
        plan::Population {
            docs,
            name,
            model: &written.model,
            grid,
            clusters,
            fields,
            tau: None,
            init: None,
            drives: Vec::new(),
            size,
        }
    }

    /// The number of neurons, and rows and columns where these are given.
    fn dimensions(&self, written: &Population, sink: &mut Sink) -> (Option<Size>, Option<[Size; 2]>) {
        let size = self.scope.size(&written.size, sink);
        let Some(columns) = &written.columns else { return (size, None) };
        let (Some(rows), Some(columns_size)) = (size, self.scope.size(columns, sink)) else { return (None, None) };
        match rows.times(&columns_size) {
            Some(Size::Derived(_, params)) => {
                let message = format!("rows times columns computes with the parameter `{}`", params[0]);
                let help = "Rust does not allow that in a size: use numbers or constants for both";
                sink.error_over(columns, with_help(message, help));
                (None, None)
            }
            Some(size) => (Some(size), Some([rows, columns_size])),
            None => {
                sink.error_over(columns, with_help("rows times columns is too large", "check the sizes"));
                (None, None)
            }
        }
    }

    /// The type of a method; that the model admits it becomes an item constant.
    fn method(&mut self, written: &Population, key: &Key, sink: &mut Sink) -> Option<TokenStream> {
        let names = || METHODS.iter().map(|method| method.name);
        let word = match &key.value {
            Value::Rust(expr) => match &**expr {
                Expr::Path(path) => path.path.get_ident().cloned(),
                _ => None,
            },
            Value::Call(call) if call.name == "rk2" => Some(call.name.clone()),
            _ => None,
        };
        let Some(word) = word else {
            let help = format!("methods are {}", crate::diag::list(names(), "and"));
            sink.error(key.value.place(), with_help("a method is named by one word", help));
            return None;
        };
        let text = word.to_string();
        let Some(method) = METHODS.iter().find(|method| method.name == text) else {
            let help = did_you_mean(&text, names(), "methods are");
            sink.error(word.span(), with_help(format!("no method `{word}`"), help));
            return None;
        };
        let ty = Ident::new(method.path, Span::call_site());
        let ty = match &key.value {
            Value::Call(call) => {
                let (numerator, denominator) = self.beta(call, sink)?;
                quote!(#ty::<#numerator, #denominator>)
            }
            _ => quote!(#ty),
        };
        let (krate, model) = (self.krate, &written.model);
        let call = quote_spanned! {word.span()=>
            __check(<#model as __Model>::NAME, __Admitted::<#model>::METHODS, #text)
        };
        self.constants.extend(quote! {
            const _: () = {
                #[allow(unused_imports, reason = "models with equations answer for themselves")]
                use #krate::__private::{
                    Admitted as __Admitted, ByHand as _, Model as __Model, check_method as __check,
                };
                #call;
            };
        });
        Some(ty)
    }

    /// The parameter of `rk2(2/3)`, as a ratio of whole numbers.
    fn beta(&self, call: &Call, sink: &mut Sink) -> Option<(Literal, Literal)> {
        let whole = |expr: &Expr| match expr {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) => lit.base10_parse::<u32>().ok(),
            _ => None,
        };
        let ratio = match call.args.as_slice() {
            [Arg { name: None, value: Value::Quantity(quantity), .. }] if quantity.unit.is_none() => {
                // Decimal digits are a ratio; six of them tell all methods of the family apart.
                Some(((quantity.value * 1e6).round() as u32, 1_000_000)).filter(|_| quantity.value < 4000.0)
            }
            [Arg { name: None, value: Value::Rust(expr), .. }] => match &**expr {
                Expr::Binary(binary) if matches!(binary.op, syn::BinOp::Div(_)) => {
                    whole(&binary.left).zip(whole(&binary.right))
                }
                _ => None,
            },
            _ => None,
        };
        let Some((numerator, denominator)) = ratio.filter(|(a, b)| *a > 0 && *b > 0) else {
            let help = "write `rk2(2/3)` (Ralston), `rk2(0.5)` (midpoint) or `rk2(1)` (Heun)";
            sink.error(call.name.span(), with_help("`rk2` takes one number above 0", help));
            return None;
        };
        Some((Literal::u32_unsuffixed(numerator), Literal::u32_unsuffixed(denominator)))
    }

    /// What is no neuron is reported at the model's name.
    fn is_neuron(&self, written: &Population, method: Option<&TokenStream>) -> TokenStream {
        if method.is_some() {
            return TokenStream::new();
        }
        let (krate, model) = (self.krate, &written.model);
        let span = span_of(&model.to_token_stream());
        let ty = quote_spanned!(span=> __IsNeuron<#model, <#model as __Model>::Method>);
        quote! {
            const _: () = {
                use #krate::__private::{IsNeuron as __IsNeuron, Model as __Model};
                const _: ::core::option::Option<#ty> = ::core::option::Option::None;
            };
        }
    }

    /// Fields that are not of the network's precision are reported at the model's name.
    fn is_stored(&self, written: &Population, real: &Ident) -> TokenStream {
        let (krate, model) = (self.krate, &written.model);
        let span = span_of(&model.to_token_stream());
        let ty = quote_spanned!(span=> __IsStored<#model, ::core::primitive::#real>);
        quote! {
            const _: () = {
                use #krate::__private::IsStored as __IsStored;
                const _: ::core::option::Option<#ty> = ::core::option::Option::None;
            };
        }
    }

    /// Sources, projections, records and stimuli.
    pub(crate) fn items(
        &mut self,
        network: &Network,
        context: &Context<'_>,
        clashing: &HashSet<usize>,
        populations: &[plan::Population<'_>],
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) {
        let items = || network.items.iter().enumerate().filter(|(position, _)| !clashing.contains(position));
        // Projections may stand above the source that they start from.
        for (_, item) in items() {
            if let Item::Channels(written) = item {
                clocked.sources.extend(self.source(written, sink));
            }
        }
        for (_, item) in items() {
            match item {
                Item::Projection(projection) => {
                    let code = self.projection(projection, context, populations, clocked, sink);
                    clocked.projections.extend(code);
                }
                Item::Source(binding) => {
                    let help = format!("write `source {}: poisson[100] {{ rate: 8 Hz }}`", binding.name);
                    let message = "a source of a network with a clock has a number of channels";
                    sink.error(binding.value.place(), with_help(message, help));
                }
                Item::Record(word) => {
                    let message = format!("nothing to record named `{word}` in a network with a clock");
                    let help = match populations.first() {
                        Some(population) => {
                            format!("write `record {}.spikes;`, or a field of its model", population.name)
                        }
                        None => "write a population and what to record of it".to_owned(),
                    };
                    sink.error(word.span(), with_help(message, help));
                }
                Item::Measure(measure) => self.measure(measure, populations, clocked, sink),
                Item::Stimulus(stimulus) => {
                    let code = self.stimulus(stimulus, populations, sink);
                    clocked.stimuli.extend(code);
                }
                _ => {}
            }
        }
    }

    /// The number of a population, by name.
    fn find(&self, name: &Ident, populations: &[plan::Population<'_>], sink: &mut Sink) -> Option<usize> {
        let found = populations.iter().position(|population| population.name == name);
        if found.is_none() {
            let names: Vec<_> = populations.iter().map(|p| p.name.to_string()).collect();
            let help = did_you_mean(&name.to_string(), names.iter().map(String::as_str), "there is");
            sink.error(name.span(), with_help(format!("no population `{name}`"), help));
        }
        found
    }

    /// Code for a range of neurons, whose bounds become promises.
    fn neurons(
        &mut self,
        neurons: Option<&Slice>,
        population: &plan::Population<'_>,
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let slice = neurons?;
        let plan::Population { name, size, grid, .. } = population;
        let (part, _) = slice.part(name, size, grid.as_ref(), self.scope, self.checks, sink)?;
        part.of_neurons(slice, sink)
    }

    fn measure(
        &mut self,
        measure: &Measure,
        populations: &[plan::Population<'_>],
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) {
        let Measure { name, population: written, variable, neurons, every } = measure;
        let Some(number) = self.find(written, populations, sink) else { return };
        let population = &populations[number];
        let same = |other: &Record| other.population == number && other.variable == *variable;
        if name.is_none() && clocked.records.iter().any(|other| other.name.is_none() && same(other)) {
            let message = format!("`{written}.{variable}` is recorded twice");
            let help = format!("give one of them a name: `record n: {written}.{variable}`");
            sink.error(variable.span(), with_help(message, help));
            return;
        }
        let (text, word) = (written.unraw().to_string(), variable.unraw().to_string());
        let neurons = self.neurons(neurons.as_ref(), population, sink).map(|neurons| quote!(.neurons(#neurons)));
        let every = every.as_ref().and_then(|every| self.period(every, clocked.ms, sink));
        let named = name.as_ref().map(|name| {
            let name = name.unraw().to_string();
            quote!(.named(#name))
        });
        let what = if word == "spikes" {
            quote!(spikes(#text))
        } else {
            let (krate, model) = (self.krate, population.model);
            let call = quote_spanned! {variable.span()=>
                __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, <#model as __Model>::OBSERVABLES, #word)
            };
            self.constants.extend(quote! {
                const _: () = {
                    use #krate::__private::{Model as __Model, check_recordable as __check};
                    #call;
                };
            });
            quote!(of(#text, #word))
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

/// The number of steps, and the multiples of the clock around it as a question, of what is no positive multiple.
fn no_multiple(ms: f64, clock: f64) -> Option<(f64, String)> {
    let steps = ms / clock;
    if steps >= 0.5 && (steps - steps.round()).abs() <= 1e-9 * steps {
        return None;
    }
    let (below, above) = (steps.floor() * clock, steps.ceil() * clock);
    Some((steps, format!("{} or {} ms?", rounded(below), rounded(above))))
}

/// Without the last digits, which are noise.
fn rounded(x: f64) -> f64 {
    (x * 1e9).round() / 1e9
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
