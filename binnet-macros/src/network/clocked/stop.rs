//! Conditions in a block: `stop when any(exc.v > 20 mV);`.

use std::collections::HashSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Token, parenthesized, token};

use super::Lowering;
use super::parse::variable;
use crate::diag::{self, Sink, error, with_help};
use crate::network::named::Amount;
use crate::network::parse::name;
use crate::network::plan;
use crate::network::scalar::user_call;
use crate::network::slice::Slice;
use crate::network::value::{Value, real};
use crate::quantity::dimension;

const FORM: &str = "write `stop when any(exc.v > 20 mV);`, or `any(exc.spikes)`";

/// `stop name: when condition`
pub(crate) struct Stop {
    /// The word `stop`.
    pub(crate) word: Span,
    pub(crate) name: Option<Ident>,
    pub(crate) test: Test,
}

/// A condition as it is written.
pub(crate) enum Test {
    Neurons(Box<Neurons>),
    /// `and` or `or`, as the methods of `Condition` are called.
    Both(&'static str, Box<[Test; 2]>),
}

/// `any(population.variable[neurons] > limit)`, `all(population.spikes)`
pub(crate) struct Neurons {
    quantifier: Ident,
    population: Ident,
    variable: Ident,
    neurons: Option<Slice>,
    compared: Option<Comparison>,
}

/// `> limit`
pub(crate) struct Comparison {
    /// The operator, and the method of `Watched`.
    operator: (&'static str, &'static str),
    place: Span,
    limit: Value,
}

impl Stop {
    /// Reads what follows the word `stop`.
    pub(crate) fn parse(body: ParseStream, names: &HashSet<String>, word: Span) -> syn::Result<Self> {
        let mut named = None;
        if body.peek(Ident) && body.peek2(Token![:]) {
            named = Some(name(body, "condition")?);
            body.parse::<Token![:]>()?;
        }
        let span = body.span();
        if !body.call(Ident::parse_any).is_ok_and(|word| word == "when") {
            return Err(error(span, "`when` is missing here", FORM));
        }
        Ok(Self { word, name: named, test: Test::either(body, names, 0)? })
    }
}

/// Parentheses within parentheses beyond this are a mistake; the bound also keeps the stack small.
const DEEPEST: usize = 8;

impl Test {
    fn either(body: ParseStream, names: &HashSet<String>, depth: usize) -> syn::Result<Self> {
        let mut test = Self::both(body, names, depth)?;
        while body.peek(Token![||]) {
            body.parse::<Token![||]>()?;
            test = Self::Both("or", Box::new([test, Self::both(body, names, depth)?]));
        }
        Ok(test)
    }

    fn both(body: ParseStream, names: &HashSet<String>, depth: usize) -> syn::Result<Self> {
        let mut test = Self::one(body, names, depth)?;
        while body.peek(Token![&&]) {
            body.parse::<Token![&&]>()?;
            test = Self::Both("and", Box::new([test, Self::one(body, names, depth)?]));
        }
        Ok(test)
    }

    fn one(body: ParseStream, names: &HashSet<String>, depth: usize) -> syn::Result<Self> {
        if depth > DEEPEST {
            return Err(error(body.span(), "too many parentheses in each other", FORM));
        }
        if body.peek(token::Paren) {
            let content;
            parenthesized!(content in body);
            return whole(&content, |content| {
                let test = Self::either(content, names, depth + 1)?;
                ended(content)?;
                Ok(test)
            });
        }
        let span = body.span();
        let quantifier = body.call(Ident::parse_any).map_err(|_| error(span, "a condition is missing here", FORM))?;
        if quantifier != "any" && quantifier != "all" {
            return Err(error(span, format!("a condition is of `any` or of `all` neurons, not `{quantifier}`"), FORM));
        }
        if !body.peek(token::Paren) {
            return Err(error(body.span(), format!("`{quantifier}` of what is missing here"), FORM));
        }
        let content;
        parenthesized!(content in body);
        whole(&content, |content| {
            let population = name(content, "population")?;
            let variable = variable(content, &population)?;
            let neurons = Slice::parse(content)?;
            let compared = if content.is_empty() { None } else { Some(Comparison::parse(content, names)?) };
            Ok(Self::Neurons(Box::new(Neurons { quantifier, population, variable, neurons, compared })))
        })
    }

    /// Calls `f` on the limits of all comparisons.
    pub(crate) fn each_limit(&mut self, f: &mut impl FnMut(&mut Value)) {
        match self {
            Self::Neurons(neurons) => {
                if let Some(comparison) = &mut neurons.compared {
                    f(&mut comparison.limit);
                }
            }
            Self::Both(_, both) => both.iter_mut().for_each(|test| test.each_limit(f)),
        }
    }

    /// As written.
    fn text(&self) -> String {
        match self {
            Self::Neurons(neurons) => neurons.text(),
            Self::Both("or", both) => format!("{} || {}", both[0].text(), both[1].text()),
            Self::Both(_, both) => {
                let each = |test: &Self| match test {
                    Self::Both("or", _) => format!("({})", test.text()),
                    other => other.text(),
                };
                format!("{} && {}", each(&both[0]), each(&both[1]))
            }
        }
    }
}

/// What stands in parentheses. After an error the rest of it is skipped, so that it is no second one.
pub(super) fn whole<T>(content: ParseStream, parse: impl FnOnce(ParseStream) -> syn::Result<T>) -> syn::Result<T> {
    let result = parse(content);
    if result.is_err() {
        content.parse::<TokenStream>()?;
    }
    result
}

fn ended(content: ParseStream) -> syn::Result<()> {
    if content.is_empty() {
        return Ok(());
    }
    Err(error(content.span(), "the condition should have ended here", "join conditions by `&&` or `||`"))
}

impl Comparison {
    fn parse(content: ParseStream, names: &HashSet<String>) -> syn::Result<Self> {
        let place = content.span();
        let operator = if content.peek(Token![>=]) {
            content.parse::<Token![>=]>()?;
            (">=", "at_least")
        } else if content.peek(Token![<=]) {
            content.parse::<Token![<=]>()?;
            ("<=", "at_most")
        } else if content.peek(Token![==]) || content.peek(Token![!=]) {
            let help = "write `>`, `>=`, `<` or `<=`";
            return Err(error(place, "a value that changes in steps is seldom equal to a number", help));
        } else if content.peek(Token![>]) {
            content.parse::<Token![>]>()?;
            (">", "above")
        } else if content.peek(Token![<]) {
            content.parse::<Token![<]>()?;
            ("<", "below")
        } else {
            return Err(error(place, "a comparison stands here", "write `>`, `>=`, `<` or `<=` and a limit"));
        };
        let limit = Value::parse(content, names)?;
        ended(content)?;
        Ok(Self { operator, place, limit })
    }

    fn limit_text(&self) -> String {
        match &self.limit {
            Value::Quantity(quantity) => quantity.text.clone(),
            Value::Named(named) => Amount::Named(named).text(),
            Value::Rust(expr) | Value::Explicit(expr) => expr.to_token_stream().to_string(),
            Value::Call(call) => format!("{}(..)", call.name),
            Value::Array(..) | Value::Closure(_) => "..".to_owned(),
        }
    }
}

impl Neurons {
    fn text(&self) -> String {
        let Self { quantifier, population, variable, neurons, compared } = self;
        let slice = neurons.as_ref().map_or("", |slice| &slice.text);
        let compared = compared.as_ref().map(|c| format!(" {} {}", c.operator.0, c.limit_text())).unwrap_or_default();
        format!("{quantifier}({}.{}{slice}{compared})", population.unraw(), variable.unraw())
    }
}

impl Lowering<'_, '_> {
    /// The statement that adds a condition to the local `net`.
    pub(super) fn stop(
        &mut self,
        stop: &Stop,
        populations: &[plan::Population<'_>],
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let condition = self.test(&stop.test, populations, sink)?;
        let name = stop.name.as_ref().map_or_else(|| stop.test.text(), |name| name.unraw().to_string());
        Some(quote_spanned!(Span::mixed_site()=> net.stop_when(&(#condition).named(#name))?;))
    }

    /// Code for a condition; all mistakes of both sides are reported.
    fn test(&mut self, test: &Test, populations: &[plan::Population<'_>], sink: &mut Sink) -> Option<TokenStream> {
        match test {
            Test::Neurons(neurons) => self.neurons_meet(neurons, populations, sink),
            Test::Both(method, both) => {
                let [first, second] = [&both[0], &both[1]].map(|test| self.test(test, populations, sink));
                let (method, first, second) = (format_ident!("{method}"), first?, second?);
                Some(quote!(#first.#method(#second)))
            }
        }
    }

    fn neurons_meet(
        &mut self,
        written: &Neurons,
        populations: &[plan::Population<'_>],
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let Neurons { quantifier, population: owner, variable, neurons, compared } = written;
        let population = &populations[self.find(owner, populations, sink)?];
        let neurons = self.neurons(neurons.as_ref(), population, sink).map(|part| part.by_methods("neurons"));
        let (text, word) = (owner.unraw().to_string(), variable.unraw().to_string());
        let watched = quote!(__binnet::Condition::#quantifier(#text, #word) #neurons);
        match compared {
            None if word == "spikes" => Some(quote!(#watched.spike())),
            Some(comparison) if word == "spikes" => {
                let help = format!("write `{quantifier}({owner}.spikes)`");
                sink.error(comparison.place, with_help("a neuron has spiked in a step, or it has not", help));
                None
            }
            None => {
                self.is_recordable(population.model, variable);
                let help = format!("write `{quantifier}({owner}.{variable} > ..)` with a limit");
                sink.error(variable.span(), with_help(format!("`{owner}.{variable}` is compared with nothing"), help));
                None
            }
            Some(comparison) => {
                self.is_recordable(population.model, variable);
                let limit = self.limit(&comparison.limit, population.model, &word, sink)?;
                let method = format_ident!("{}", comparison.operator.1);
                Some(quote!(#watched.#method(#limit)))
            }
        }
    }

    /// Code for a limit in the unit of the variable.
    fn limit(&mut self, limit: &Value, model: &syn::Path, variable: &str, sink: &mut Sink) -> Option<TokenStream> {
        let amount = match limit {
            Value::Quantity(quantity) => Amount::Literal(quantity),
            Value::Named(named) if !named.is_list() => Amount::Named(named),
            Value::Rust(expr) | Value::Explicit(expr) => return Some(real(expr)),
            Value::Call(call) => return Some(user_call(call, sink)),
            Value::Named(_) | Value::Array(..) | Value::Closure(_) => {
                let help = "write a number with its unit, or the name of a `param`";
                sink.error(limit.place(), with_help("all neurons are compared with one limit", help));
                return None;
            }
        };
        Some(self.converted(amount, model, variable))
    }

    /// Code for an amount in the unit of a field or observable; what is in another dimension is reported.
    pub(super) fn converted(&mut self, amount: Amount<'_>, model: &syn::Path, variable: &str) -> TokenStream {
        let krate = self.krate;
        let (text, unit, dimension) =
            (amount.text(), amount.unseen_unit(), dimension(krate, amount.unit().dimension()));
        let diag::Place { start, end } = amount.place();
        let function = quote_spanned!(start=> __check);
        let args = quote_spanned!(end=> (
            <#model as __Model>::FIELDS, <#model as __Model>::OBSERVABLES, #variable, #text, #unit, __DIMENSION
        ));
        self.constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_limit as __check};
                const __DIMENSION: #krate::__private::Dimension = #dimension;
                #function #args;
            };
        });
        let scale = Literal::f64_unsuffixed(amount.unit().unit.scale);
        // Of the two, the one that does not have the variable gives 1.
        let factor = quote!(
            (__binnet::conversion(<#model as __binnet::Model>::FIELDS, #variable, #scale)
                * __binnet::conversion(<#model as __binnet::Model>::OBSERVABLES, #variable, #scale))
        );
        amount.times(&factor)
    }
}
