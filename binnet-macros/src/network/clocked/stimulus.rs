//! Stimuli in a block: values in the unit of their field, times, frequencies.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::source::frequency;
use super::synapses::Target;
use super::time::time;
use super::{Course, Lowering, Stimulus};
use crate::diag::{self, Sink, did_you_mean, with_help};
use crate::network::named::Amount;
use crate::network::plan;
use crate::network::populations::moving;
use crate::network::scalar::{arguments, arguments_with, user_call};
use crate::network::value::{Call, Value, real};
use crate::quantity::dimension;

/// What an argument of a stimulus is.
#[derive(Clone, Copy)]
enum Kind {
    /// One value, or one for each neuron, in the unit of the field.
    Amount,
    /// One value in the unit of the field.
    Number,
    Time,
    Frequency,
    Pure,
}

/// Courses in time: the function of `Stimulus`, its arguments as they are called.
const COURSES: [(&str, &[(&str, Kind)]); 4] = [
    ("pulses", &[("amount", Kind::Amount), ("start", Kind::Time), ("width", Kind::Time)]),
    ("ramp", &[("from", Kind::Amount), ("to", Kind::Amount), ("start", Kind::Time), ("duration", Kind::Time)]),
    ("sine", &[("amplitude", Kind::Amount), ("frequency", Kind::Frequency), ("phase", Kind::Pure)]),
    ("ornstein_uhlenbeck", &[("mean", Kind::Number), ("deviation", Kind::Number), ("tau", Kind::Time)]),
];

/// Spikes that are not simulated, with what they are called.
const POISSON: &str = "poisson_input";
const POISSON_FORM: &str = "write `poisson_input(n: 1000, rate: 20 Hz, weight: 0.1 mV)`";

impl Lowering<'_, '_> {
    /// The statement that adds a stimulus to the local `net`.
    pub(super) fn stimulus(
        &mut self,
        stimulus: &Stimulus,
        populations: &[plan::Population<'_>],
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let Stimulus { population: written, variable, neurons, operator, course } = stimulus;
        let population = &populations[self.find(written, populations, sink)?];
        if let Course::Value(Value::Call(call)) = course
            && call.name == POISSON
        {
            return self.poisson_input(stimulus, call, population, sink);
        }
        let neurons = self.neurons(neurons.as_ref(), population, sink).map(|part| part.by_methods("on"));
        let (text, field) = (written.unraw().to_string(), variable.unraw().to_string());
        let (krate, model) = (self.krate, population.model);
        let call = quote_spanned! {variable.span()=>
            __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, #field)
        };
        self.constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_drivable as __check};
                #call;
            };
        });
        // A factor has no unit, whatever it multiplies.
        let scaled = !matches!(*operator, "Multiply" | "Divide");
        let mut place = Place { krate, model, field: &field, scaled, constants: self.constants };
        let course = match course {
            Course::Steps(steps) => {
                let steps = steps.iter().map(|(value, duration)| {
                    let value = place.argument(Kind::Amount, value, sink);
                    let duration = place.argument(Kind::Time, duration, sink);
                    quote!((#value, #duration))
                });
                let steps: Vec<_> = steps.collect();
                quote!(__binnet::Stimulus::steps([#(#steps),*]))
            }
            Course::Value(value) => place.course(value, sink)?,
        };
        let operator = format_ident!("{operator}");
        Some(quote_spanned! {Span::mixed_site()=>
            net.stimulate(#text, #field, (#course) .by(__binnet::Operator::#operator) #neurons)?;
        })
    }
}

impl Lowering<'_, '_> {
    /// `exc.v += poisson_input(n: 1000, rate: 20 Hz, weight: 0.1 mV)`
    fn poisson_input(
        &mut self,
        stimulus: &Stimulus,
        call: &Call,
        population: &plan::Population<'_>,
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let Stimulus { population: written, variable, neurons, operator, .. } = stimulus;
        if *operator != "Add" {
            let help = format!("write `{written}.{variable} += poisson_input(..)`; inhibition has a negative weight");
            sink.error(call.name.span(), with_help("spikes are added", help));
        }
        if let Some(slice) = neurons {
            let help = "make these neurons a population of their own, or project a `poisson` source onto them";
            sink.error(slice.span, with_help("`poisson_input` reaches all neurons of a population", help));
        }
        let (_, [n, rate, weight]) = arguments_with(call, &[], ["n", "rate", "weight"], sink)?;
        let (Some(n), Some(rate), Some(weight)) = (n, rate, weight) else {
            sink.error(call.name.span(), with_help("`poisson_input` takes `n`, `rate` and `weight`", POISSON_FORM));
            return None;
        };
        let target = Target { post: population.model, pre: None, field: Some(variable), arrival: None };
        self.check_targets(std::slice::from_ref(&target), variable.span());
        let n = self.whole(n, sink);
        let hertz = frequency(rate, "a rate", sink);
        if let Value::Array(..) | Value::Closure(_) = weight {
            sink.error(weight.place(), with_help("the weight of all spikes is one", POISSON_FORM));
            return None;
        }
        let weight = self.one_weight(weight, &target, sink);
        let (text, field) = (written.unraw().to_string(), variable.unraw().to_string());
        Some(quote_spanned! {Span::mixed_site()=>
            net.poisson_input(&__binnet::PoissonInput::new(#text, #field, #n, #hertz, #weight))?;
        })
    }

    /// Code for a number of sources.
    fn whole(&self, value: &Value, sink: &mut Sink) -> TokenStream {
        let found = match value {
            Value::Quantity(quantity) => quantity.integer(),
            Value::Named(named) => self.scope.whole(&named.name),
            Value::Rust(expr) | Value::Explicit(expr) => return quote!(#expr),
            Value::Call(call) => return user_call(call, sink),
            Value::Array(..) | Value::Closure(_) => None,
        };
        if found.is_none() {
            sink.error(value.place(), with_help("a number of sources is a whole number", POISSON_FORM));
        }
        Literal::u64_unsuffixed(found.unwrap_or(0)).into_token_stream()
    }
}

/// The field that a stimulus drives.
struct Place<'a> {
    krate: &'a TokenStream,
    model: &'a syn::Path,
    field: &'a str,
    /// Whether amounts are in the unit of the field.
    scaled: bool,
    constants: &'a mut TokenStream,
}

impl Place<'_> {
    /// Code for a course in time that is not a list.
    fn course(&mut self, value: &Value, sink: &mut Sink) -> Option<TokenStream> {
        match value {
            Value::Call(call) => self.call(call, sink),
            Value::Closure(closure) => {
                let closure = moving(closure);
                Some(quote!(__binnet::Stimulus::of(#closure)))
            }
            Value::Rust(expr) | Value::Explicit(expr) => {
                Some(quote!(::core::convert::identity::<__binnet::Stimulus>(#expr)))
            }
            Value::Quantity(_) | Value::Named(_) | Value::Array(..) => {
                let amount = self.argument(Kind::Amount, value, sink);
                Some(quote!(__binnet::Stimulus::constant(#amount)))
            }
        }
    }

    fn call(&mut self, call: &Call, sink: &mut Sink) -> Option<TokenStream> {
        let word = call.name.to_string();
        let Some((_, kinds)) = COURSES.iter().find(|(name, _)| *name == word) else {
            let names: Vec<&str> = COURSES.iter().map(|(name, _)| *name).chain([POISSON]).collect();
            if binnet_units::nearest(&word, names.iter().copied()).is_some() {
                let help = did_you_mean(&word, names.iter().copied(), "stimuli are");
                sink.error(call.name.span(), with_help(format!("no stimulus `{word}`"), help));
                return None;
            }
            let call = user_call(call, sink);
            return Some(quote!(::core::convert::identity::<__binnet::Stimulus>(#call)));
        };
        let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
        let args = arguments(call, &names, sink)?;
        let args: Vec<_> =
            args.iter().zip(*kinds).map(|(value, (_, kind))| self.argument(*kind, value, sink)).collect();
        let function = &call.name;
        Some(quote!(__binnet::Stimulus::#function(#(#args),*)))
    }

    fn argument(&mut self, kind: Kind, value: &Value, sink: &mut Sink) -> TokenStream {
        match kind {
            Kind::Time => {
                let ms = time(value, "this", sink);
                quote!(__binnet::Time::from_ms(#ms))
            }
            Kind::Number => self.amount(value, sink),
            Kind::Amount => {
                let amount = self.amount(value, sink);
                quote!(<__binnet::Amount as ::core::convert::From<_>>::from(#amount))
            }
            Kind::Frequency => frequency(value, "this", sink),
            Kind::Pure => crate::network::scalar::pure(value, "a phase", sink),
        }
    }

    /// Code for one value in the unit of the field, or for a factor.
    fn single(&mut self, amount: Amount<'_>, sink: &mut Sink) -> TokenStream {
        if !self.scaled {
            return crate::network::scalar::pure_number(amount, "a factor", sink);
        }
        let Self { krate, model, field, constants, .. } = self;
        let (text, unit, dimension) =
            (amount.text(), amount.unseen_unit(), dimension(krate, amount.unit().dimension()));
        let diag::Place { start, end } = amount.place();
        let function = quote_spanned!(start=> __check);
        let args = quote_spanned!(end=> (<#model as __Model>::FIELDS, #field, #text, #unit, __DIMENSION));
        let call = quote!(#function #args);
        constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_dimension as __check};
                const __DIMENSION: #krate::__private::Dimension = #dimension;
                #call;
            };
        });
        let scale = Literal::f64_unsuffixed(amount.unit().unit.scale);
        amount.times(&quote!(__binnet::conversion(<#model as __binnet::Model>::FIELDS, #field, #scale)))
    }

    /// Code for values in the unit of the field.
    fn amount(&mut self, value: &Value, sink: &mut Sink) -> TokenStream {
        match value {
            Value::Quantity(quantity) => self.single(Amount::Literal(quantity), sink),
            Value::Named(named) => self.single(Amount::Named(named), sink),
            Value::Array(elements, _) => {
                let elements: Vec<_> = elements.iter().map(|element| self.amount(element, sink)).collect();
                quote!([#(#elements),*])
            }
            Value::Rust(expr) | Value::Explicit(expr) => real(expr),
            Value::Call(call) => user_call(call, sink),
            Value::Closure(closure) => {
                sink.error_over(
                    closure,
                    with_help("a value stands here, not a function", "write `+= |t, i| ..` for a function of time"),
                );
                quote!(0.0)
            }
        }
    }
}
