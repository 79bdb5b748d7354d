//! Weights and delays: a value for all synapses of a projection, or where each gets its own.

use binnet_units::Dimension;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt as _;

use super::time::{in_ms, no_multiple, rounded};
use crate::diag::{Place, Sink, with_help};
use crate::network::distributions::distribution;
use crate::network::named::Amount;
use crate::network::plan::Mode;
use crate::network::populations::{element_code, moving};
use crate::network::projections::block_shape;
use crate::network::scalar::{DISTRIBUTIONS, user_call};
use crate::network::value::{Value, real};
use crate::quantity::{dimension, number};

/// The field that a pair of populations adds to.
#[derive(Clone)]
pub(super) struct Target<'a> {
    pub(super) post: &'a Path,
    /// The presynaptic model; none for sources.
    pub(super) pre: Option<&'a Path>,
    /// None where the model has one input, which is meant.
    pub(super) field: Option<&'a Ident>,
    /// Code for the name of the field, if spikes arrive at a receptor.
    pub(super) arrival: Option<&'a TokenStream>,
}

impl Target<'_> {
    /// Code for the name of the field; `private` is where the library's names are.
    pub(super) fn field(&self, private: &TokenStream) -> TokenStream {
        if let Some(arrival) = self.arrival {
            return arrival.clone();
        }
        match self.field {
            Some(field) => {
                let text = field.unraw().to_string();
                quote!(#text)
            }
            None => {
                let post = self.post;
                quote!(#private::sole_input(<#post as #private::Model>::FIELDS))
            }
        }
    }

    /// Code for what the weight multiplies: nothing for spikes, the output of rate neurons otherwise.
    pub(super) fn output(&self, private: &TokenStream) -> TokenStream {
        match self.pre {
            None => quote!(::core::option::Option::None),
            Some(pre) => {
                let model = quote!(<#pre as #private::Model>);
                quote!(#private::output_of(#model::OUTPUT, #model::FIELDS, #model::OBSERVABLES))
            }
        }
    }

    /// What its checks depend on.
    pub(super) fn models(&self) -> String {
        let Self { post, pre, arrival, .. } = self;
        let pre = pre.map(|pre| quote!(#pre).to_string()).unwrap_or_default();
        format!("{} {pre} {}", quote!(#post), arrival.map(ToString::to_string).unwrap_or_default())
    }
}

/// What values are.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    Weight,
    /// Of a field of synapses with equations, which is checked as those of populations are.
    Field(&'a Path, &'a str),
    /// In ms; with the clock if it is a literal.
    Delay(Option<f64>),
}

const MATRIX: &str = "a matrix `w[pre][post]` of single synapses goes with `connect: dense`";

/// Code for the values of each pair of ends.
pub(super) struct Lowered {
    /// Statements that evaluate what all pairs share, once.
    pub(super) bound: TokenStream,
    /// One expression for each pair: for each post end, for each pre end.
    pub(super) each: Vec<TokenStream>,
}

/// Reads weights or delays.
pub(super) struct Synapses<'a> {
    pub(super) krate: &'a TokenStream,
    pub(super) kind: Kind<'a>,
    /// One for each pair: for each post end, for each pre end.
    pub(super) targets: &'a [Target<'a>],
    /// How many post ends and pre ends there are.
    pub(super) shape: (usize, usize),
    pub(super) mode: Mode,
    pub(super) constants: &'a mut TokenStream,
}

impl Synapses<'_> {
    pub(super) fn lower(&mut self, value: &Value, sink: &mut Sink) -> Lowered {
        let (n_post, n_pre) = self.shape;
        let inline = |each| Lowered { bound: TokenStream::new(), each };
        if self.mode == Mode::Block
            && let Value::Array(rows, span) = value
        {
            if !block_shape(rows, *span, self.shape, sink) {
                return inline(vec![quote!(0.0); n_post * n_pre]);
            }
            return inline(self.block(rows, sink));
        }
        self.check(value, &unique(self.targets), sink);
        let local = match self.kind {
            Kind::Weight => format_ident!("weight", span = Span::mixed_site()),
            Kind::Field(_, name) => format_ident!("value_of_{name}", span = Span::mixed_site()),
            Kind::Delay(_) => format_ident!("delay", span = Span::mixed_site()),
        };
        let bound = |code: TokenStream, n: usize| Lowered {
            bound: quote!(let #local: __binnet::PerSynapse = #code;),
            each: vec![quote!(::core::clone::Clone::clone(&#local)); n],
        };
        let places = (0..n_post).flat_map(|row| (0..n_pre).map(move |column| (row, column)));
        match value {
            Value::Named(named) if self.mode == Mode::Block && named.is_matrix() => {
                let element = |((row, column), target)| {
                    let scale = self.scale(Amount::Named(named), target);
                    let (name, row, column) = (
                        Amount::Named(named).code(),
                        Literal::usize_unsuffixed(row),
                        Literal::usize_unsuffixed(column),
                    );
                    quote!((#name)[#row][#column] * #scale)
                };
                inline(places.zip(self.targets).map(element).collect())
            }
            Value::Array(..) if self.mode != Mode::Single => {
                let help = "matrices `[post][pre]` go with populations in brackets: `[a, b] -> [a, b]`";
                sink.error(value.place(), with_help(format!("{} is one value here", self.what()), help));
                inline(vec![quote!(0.0); n_post * n_pre])
            }
            Value::Quantity(_) | Value::Named(_) | Value::Array(..) => {
                // What is wrong is the same for all pairs.
                let mut seen = Sink::default();
                let each = self.targets.iter().enumerate();
                inline(each.map(|(i, t)| self.one(value, t, if i == 0 { sink } else { &mut seen })).collect())
            }
            Value::Call(call) if DISTRIBUTIONS.iter().any(|word| call.name == word) => {
                let mut seen = Sink::default();
                let each = self.targets.iter().enumerate();
                inline(each.map(|(i, t)| self.one(value, t, if i == 0 { sink } else { &mut seen })).collect())
            }
            Value::Closure(_) => {
                let code = self.one(value, &self.targets[0], sink);
                bound(code, n_post * n_pre)
            }
            Value::Call(_) | Value::Rust(_) | Value::Explicit(_) if self.mode == Mode::Block => {
                let code = expression(value, sink);
                let each = places.map(|(row, column)| {
                    let (row, column) = (Literal::usize_unsuffixed(row), Literal::usize_unsuffixed(column));
                    quote!(::core::clone::Clone::clone(&#local[#row][#column]))
                });
                Lowered {
                    bound: quote! {
                        let #local: [[__binnet::PerSynapse; #n_pre]; #n_post] = __binnet::IntoBlocks::into_blocks(#code);
                    },
                    each: each.collect(),
                }
            }
            Value::Call(_) | Value::Rust(_) | Value::Explicit(_) => {
                let code = expression(value, sink);
                bound(quote!(::core::convert::Into::into(#code)), n_post * n_pre)
            }
        }
    }

    /// The elements of a matrix `[post][pre]`.
    fn block(&mut self, rows: &[Value], sink: &mut Sink) -> Vec<TokenStream> {
        let (_, n_pre) = self.shape;
        let mut each = Vec::new();
        for (targets, row) in self.targets.chunks(n_pre).zip(rows) {
            match row {
                Value::Array(elements, _) => {
                    for (target, element) in targets.iter().zip(elements) {
                        self.check(element, &[target], sink);
                        each.push(self.one(element, target, sink));
                    }
                }
                row => {
                    let row = expression(row, sink);
                    each.extend((0..n_pre).map(|column| {
                        let column = Literal::usize_unsuffixed(column);
                        quote!((#row)[#column])
                    }));
                }
            }
        }
        each
    }

    /// Code for the values of one pair, something that becomes a `PerSynapse`.
    fn one(&self, value: &Value, target: &Target<'_>, sink: &mut Sink) -> TokenStream {
        let mut convert = |amount: Amount<'_>, _: &mut Sink| self.convert(amount, target);
        match value {
            Value::Quantity(quantity) => convert(Amount::Literal(quantity), sink),
            Value::Named(named) if named.is_matrix() => {
                let what = self.what();
                sink.error(named.name.span(), with_help(format!("{what} is one value, or a list of them"), MATRIX));
                quote!(0.0)
            }
            Value::Named(named) if named.is_list() => {
                let list = convert(Amount::Named(named), sink);
                quote!(<::std::vec::Vec<_> as ::core::convert::From<_>>::from(#list))
            }
            Value::Named(named) => convert(Amount::Named(named), sink),
            Value::Array(elements, span) => {
                if elements.iter().any(|element| matches!(element, Value::Array(..))) {
                    let what = self.what();
                    sink.error(*span, with_help(format!("{what} is one value, or a list of them"), MATRIX));
                    return quote!(0.0);
                }
                let elements = elements.iter().map(|element| element_code(element, &mut convert, sink));
                let elements: Vec<_> = elements.collect();
                quote_spanned!(*span=> ::std::vec![#(#elements),*])
            }
            Value::Closure(closure) => {
                let closure = moving(closure);
                quote!(__binnet::PerSynapse::by_pair(#closure))
            }
            Value::Call(call) => {
                if ["bernoulli", "exact"].iter().any(|word| call.name == word) {
                    let message = format!("{} is not 0 or 1", self.what());
                    let help = "the rule says which synapses there are: `connect: fixed_prob(0.2)`";
                    sink.error(call.name.span(), with_help(message, help));
                }
                distribution(call, &mut convert, sink).unwrap_or_else(|| user_call(call, sink))
            }
            Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        }
    }

    /// Code for an amount, in the unit in which it is kept.
    pub(super) fn convert(&self, amount: Amount<'_>, target: &Target<'_>) -> TokenStream {
        match self.kind {
            // Written out, it is as exact as it can be.
            Kind::Delay(_) => match amount {
                Amount::Literal(quantity) => number(in_ms(quantity), quantity.span),
                Amount::Named(_) => amount.times(&self.scale(amount, target)),
            },
            // A bare number is in the unit of the field.
            Kind::Field(..) if amount.unit().is_none() => amount.code(),
            Kind::Weight | Kind::Field(..) => amount.times(&self.scale(amount, target)),
        }
    }

    /// Code for the factor from the unit of an amount.
    fn scale(&self, amount: Amount<'_>, target: &Target<'_>) -> TokenStream {
        let scale = amount.unit().unit.scale;
        match self.kind {
            Kind::Delay(_) => number(scale * 1e3, Span::call_site()),
            Kind::Field(model, name) => {
                let scale = Literal::f64_unsuffixed(scale);
                quote!(__binnet::conversion(<#model as __binnet::Model>::FIELDS, #name, #scale))
            }
            Kind::Weight => {
                let private = quote!(__binnet);
                let (post, field, output) = (target.post, target.field(&private), target.output(&private));
                let scale = Literal::f64_unsuffixed(scale);
                quote!(__binnet::weight_conversion(<#post as __binnet::Model>::FIELDS, #field, #output, #scale))
            }
        }
    }

    /// Judges all amounts in a value: those of weights while the result is compiled.
    pub(super) fn check(&mut self, value: &Value, targets: &[&Target<'_>], sink: &mut Sink) {
        let kind = self.kind;
        // Those of lists and distributions are rounded.
        let alone = matches!(value, Value::Quantity(_));
        let mut judge = |amount: Amount<'_>| match kind {
            Kind::Weight => targets.iter().for_each(|target| self.check_weight(amount, target)),
            Kind::Delay(clock) => check_delay(amount, clock.filter(|_| alone), sink),
            Kind::Field(..) => {}
        };
        value.each_amount(&mut judge);
        if let Value::Call(call) = value
            && ["uniform", "normal", "lognormal"].iter().any(|word| call.name == word)
        {
            call.args.iter().for_each(|arg| arg.value.each_amount(&mut judge));
        }
    }

    fn check_weight(&mut self, amount: Amount<'_>, target: &Target<'_>) {
        let krate = self.krate;
        let private = quote!(#krate::__private);
        let (post, field, output) = (target.post, target.field(&private), target.output(&private));
        let onto = match (target.arrival, target.field) {
            (Some(_), _) => quote!(Receptor),
            (None, Some(_)) => quote!(Named),
            (None, None) => quote!(Input),
        };
        let (text, unit, dimension) =
            (amount.text(), amount.unseen_unit(), dimension(krate, amount.unit().dimension()));
        let Place { start, end } = amount.place();
        let function = quote_spanned!(start=> __check);
        let args = quote_spanned!(end=> (
            <#post as __Model>::FIELDS, __FIELD, __OUTPUT, #private::Onto::#onto, #text, #unit, __DIMENSION
        ));
        let call = quote!(#function #args);
        self.constants.extend(quote! {
            const _: () = {
                use #private::{Model as __Model, check_weight as __check};
                const __FIELD: &::core::primitive::str = #field;
                const __OUTPUT: ::core::option::Option<&#private::FieldInfo> = #output;
                const __DIMENSION: #private::Dimension = #dimension;
                #call;
            };
        });
    }

    fn what(&self) -> &'static str {
        match self.kind {
            Kind::Weight => "a weight",
            Kind::Field(..) => "a value of a synapse",
            Kind::Delay(_) => "a delay",
        }
    }
}

/// Those whose checks differ.
pub(super) fn unique<'a, 'b>(targets: &'b [Target<'a>]) -> Vec<&'b Target<'a>> {
    let mut unique: Vec<&Target<'_>> = Vec::new();
    for target in targets {
        if unique.iter().all(|other| other.models() != target.models()) {
            unique.push(target);
        }
    }
    unique
}

/// Code for an expression of the user's.
fn expression(value: &Value, sink: &mut Sink) -> TokenStream {
    match value {
        Value::Rust(expr) | Value::Explicit(expr) => real(expr),
        Value::Call(call) => user_call(call, sink),
        other => {
            let help = "write `[[1, 2], [3, 4]]`: one row for each target";
            sink.error(other.place(), with_help("a row of a matrix stands here", help));
            quote!([0.0])
        }
    }
}

/// A delay is a time, 0 or above; a literal one is a multiple of the clock.
fn check_delay(amount: Amount<'_>, clock: Option<f64>, sink: &mut Sink) {
    let Amount::Literal(quantity) = amount else {
        if amount.unit().dimension() != Dimension::TIME {
            let help = "declare it as a time, as in `1.5 ms`";
            sink.error(amount.place(), with_help(format!("a delay is a time, {}", amount.describe()), help));
        }
        return;
    };
    if quantity.value == 0.0 && quantity.unit.is_none() {
        return;
    }
    if quantity.unit.dimension() != Dimension::TIME {
        let help = "write it as in `1.5 ms`";
        sink.error(quantity.place, with_help(format!("a delay is a time, {}", amount.describe()), help));
    } else if quantity.value < 0.0 {
        let help = "spikes arrive when they are emitted (`delay: 0 ms`) or later";
        sink.error(quantity.place, with_help("a delay is not negative", help));
    } else if quantity.value > 0.0
        && let Some(clock) = clock.filter(|clock| *clock > 0.0)
        && let Some((_, near)) = no_multiple(in_ms(quantity), clock)
    {
        let help = format!("the clock is {} ms; delays of arrays and distributions are rounded", rounded(clock));
        sink.error(quantity.place, format!("a delay must be a multiple of the clock: {near}\nhelp: {help}"));
    }
}
