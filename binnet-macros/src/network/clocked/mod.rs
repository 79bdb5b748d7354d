//! Networks with a clock: populations with methods, sources, projections, records, stimuli.

pub(crate) mod delays;
mod equipment;
pub(crate) mod measure;
pub(crate) mod parse;
mod population;
mod projection;
mod record;
mod schedule;
mod source;
mod stimulus;
mod stop;
mod synapses;
mod time;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::model::{Channels, Item, Network};
use super::plan;
use super::projections::Context;
use super::sizes::{Checks, Scope, Size};
use super::slice::{Part, Slice};
use super::value::Value;
use crate::diag::{Sink, did_you_mean, with_help};

pub(crate) use measure::Measure;
pub(crate) use record::{Kind as RecordKind, Record};
pub(crate) use schedule::Schedule;
pub(crate) use source::Source;
pub(crate) use stop::Stop;
use time::{literal, time};

/// `clock 0.1 ms`
pub(crate) struct Clock {
    pub(crate) span: Span,
    pub(crate) value: Value,
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
    /// The variants of `Stage` in the order that the network asks for.
    pub(crate) schedule: Option<Vec<&'static str>>,
    /// The type of the method of each population, if it names one.
    pub(crate) methods: Vec<Option<TokenStream>>,
    pub(crate) sources: Vec<Source>,
    /// Statements that push projections onto the local `projections`.
    pub(crate) projections: Vec<TokenStream>,
    pub(crate) records: Vec<Record>,
    /// The projections that are recorded.
    pub(crate) recorded: Vec<Ident>,
    /// Statements that add stimuli to the local `net`.
    pub(crate) stimuli: Vec<TokenStream>,
    /// Statements that add conditions to the local `net`.
    pub(crate) stops: Vec<TokenStream>,
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
        schedule: None,
        methods: Vec::new(),
        sources: Vec::new(),
        projections: Vec::new(),
        records: Vec::new(),
        recorded: Vec::new(),
        stimuli: Vec::new(),
        stops: Vec::new(),
    };
    let (mut first, mut ordered) = (true, false);
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
            Item::Schedule(schedule) if ordered => {
                sink.error(schedule.word, with_help("`schedule` is said twice", "leave one of them out"));
            }
            Item::Schedule(schedule) => {
                ordered = true;
                clocked.schedule = schedule.order(sink);
            }
            _ => {}
        }
    }
    Some(clocked)
}

fn no_clock(network: &Network, sink: &mut Sink) {
    for item in &network.items {
        match item {
            Item::Measure(measure) => {
                let Measure { population, variable, .. } = &**measure;
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
            Item::Stop(stop) => {
                let help = "call `run_until(1.s(), |net| ..)`, which asks a function of yours";
                let message = "an asynchronous network has no conditions at which it stops";
                sink.error(stop.word, with_help(message, help));
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
            Item::Schedule(Schedule { word, .. }) => {
                let help = "leave it out: one neuron after the other is updated, and a change acts at once";
                sink.error(*word, with_help("an asynchronous network has no stages of a step", help));
            }
            _ => {}
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
        let projections: Vec<_> = network
            .items
            .iter()
            .filter_map(|item| if let Item::Projection(projection) = item { Some(projection) } else { None })
            .collect();
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
                Item::Measure(measure) => self.measure(measure, &projections, populations, clocked, sink),
                Item::Stimulus(stimulus) => {
                    let code = self.stimulus(stimulus, populations, sink);
                    clocked.stimuli.extend(code);
                }
                Item::Stop(stop) => {
                    let code = self.stop(stop, populations, sink);
                    clocked.stops.extend(code);
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

    /// What a slice chooses of a population; its bounds become promises.
    fn neurons(&mut self, neurons: Option<&Slice>, population: &plan::Population<'_>, sink: &mut Sink) -> Option<Part> {
        let plan::Population { name, size, grid, .. } = population;
        self.part(neurons, name, size, grid.as_ref(), sink)
    }

    /// What a slice chooses of a population or source.
    fn part(
        &mut self,
        slice: Option<&Slice>,
        name: &Ident,
        size: &Size,
        grid: Option<&[Size; 2]>,
        sink: &mut Sink,
    ) -> Option<Part> {
        let (part, _) = slice?.part(name, size, grid, self.scope, self.checks, sink)?;
        Some(part)
    }
}
