//! The code of a neuron: its struct, and its equations as the run time wants them.

use std::collections::HashSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::check::{Condition, Plan, Role, Step, Symbol};
use super::code::{Place, scalar};
use super::methods;
use super::model::Neuron;
use super::node::{Function, Id, Node, Shared};
use super::show;
use super::skeleton;
use super::slopes::{frozen_degree, slope};
use crate::methods::METHODS;
use crate::quantity::{number, start};

/// The hidden state that counts a refractory period down.
pub(crate) const REFRACTORY: &str = "refractory_steps";

/// A neuron as text.
pub(crate) struct Text {
    pub(crate) markdown: String,
    pub(crate) latex: String,
    pub(crate) explain: String,
}

impl Text {
    /// The constant that holds it.
    pub(crate) fn tokens(&self, private: &TokenStream) -> TokenStream {
        let Self { markdown, latex, explain } = self;
        quote!(#private::ModelText::new(#markdown, #latex, #explain))
    }
}

/// What `equations()` gives.
pub(crate) fn text(neuron: &Neuron, plan: &Plan<'_>) -> Text {
    Text { markdown: show::markdown(neuron, plan), latex: show::latex(neuron, plan), explain: show::explain(plan) }
}

/// Emits the neuron; with errors (there is no text) its types and a skeleton without bodies.
pub(crate) fn code(plan: &Plan<'_>, text: Option<&Text>) -> TokenStream {
    if fields(plan).next().is_none() {
        return empty(plan);
    }
    let model = super::structure::code(plan, text);
    let default = default(plan);
    let Some(text) = text else {
        let skeleton = skeleton::code(plan);
        return quote!(#model #default #skeleton);
    };
    let behaviour = if plan.update.is_some() {
        stepped(plan)
    } else {
        let (equations, own) = (equations(plan), own_step(plan));
        quote!(#equations #own)
    };
    let described = described(plan, text);
    quote!(#model #default #described #behaviour)
}

/// A model without fields: nothing to be generic over, which was reported.
pub(crate) fn empty(plan: &Plan<'_>) -> TokenStream {
    let (attrs, vis, name) = (plan.attrs, plan.vis, plan.name);
    quote!(#(#attrs)* #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default)] #vis struct #name {})
}

pub(crate) fn described(plan: &Plan<'_>, text: &Text) -> TokenStream {
    let (name, vis, private) = (plan.name, plan.vis, private(plan));
    let text = text.tokens(&private);
    quote! {
        impl #name<::core::primitive::f64> {
            /// The equations of the model and its parameters, as Markdown and LaTeX.
            #[must_use]
            #[allow(dead_code, reason = "a model need not be described")]
            #vis const fn equations() -> #private::ModelText {
                #text
            }
        }
    }
}

pub(crate) fn default(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar, private) = (plan.name, scalar(plan), private(plan));
    let fields = fields(plan).map(|(_, symbol)| {
        let (field, value) = (&symbol.name, start(symbol.default));
        quote!(#field: <#scalar as #private::Scalar>::of(#value))
    });
    let hidden = refractory(plan).map(|field| quote!(#field: <#scalar as #private::Scalar>::of(0.0)));
    quote! {
        #[automatically_derived]
        impl<#scalar: #private::Real> ::core::default::Default for #name<#scalar> {
            fn default() -> Self {
                Self { #(#fields,)* #hidden }
            }
        }
    }
}

/// A model with `update`: its own step.
fn stepped(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar, krate) = (plan.name, scalar(plan), plan.krate);
    let steps = plan.update.as_deref().unwrap_or_default();
    let known = prepared(plan);
    let values: Vec<_> = known.iter().map(|&id| super::node::symbol(id)).collect();
    let names: Vec<_> = known.iter().map(|&id| &plan.symbols[id].name).collect();
    let count = Literal::usize_unsuffixed(known.len());
    let preparation = Place::generic(plan).preamble(&values);
    let place = Place { known, ..Place::fields(plan) };
    let begin = begin(plan);
    let statements = |steps: &[Step]| {
        let (preamble, body) = (place.preamble(steps.iter().map(expression)), statements(&place, steps));
        quote!({ #preamble #body })
    };
    let (clip, spikes) = (clip(plan), spikes(&place));
    let unpacking = quote! {
        let __t = __cx.t;
        let [#(#names),*] = *__prepared;
    };
    let arguments = quote!(&mut self, __cx: &__private::StepContext, __prepared: &[#scalar; #count]);
    let step = match super::halves::cut(plan) {
        None => {
            let body = statements(steps);
            quote! {
                #[inline(always)]
                fn step(#arguments) -> __private::Spikes {
                    #unpacking
                    #begin
                    #body
                    #clip
                    #spikes
                }
            }
        }
        Some(at) => {
            let (first, second) = (statements(&steps[..at]), statements(&steps[at..]));
            quote! {
                const IN_HALVES: ::core::primitive::bool = true;

                #[inline(always)]
                fn first_half(#arguments) {
                    #unpacking
                    #begin
                    #first
                }

                #[inline(always)]
                fn second_half(#arguments) -> __private::Spikes {
                    #unpacking
                    #second
                    #clip
                    #spikes
                }

                #[inline(always)]
                fn step(#arguments) -> __private::Spikes {
                    __private::Stepped::first_half(self, __cx, __prepared);
                    __private::Stepped::second_half(self, __cx, __prepared)
                }
            }
        }
    };
    let reset = reset(plan);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, unused_imports, non_snake_case, reason = "a model may need none of them")]
        #[allow(clippy::all, clippy::pedantic, reason = "statements are written as they come")]
        const _: () = {
            use #krate::__private::{self as __private, Scalar as _};

            impl<#scalar: __private::Real> __private::Stepped for #name<#scalar> {
                type S = #scalar;
                type Prepared<T: __private::Scalar> = [T; #count];

                fn prepare<T: __private::Scalar>(&self, __cx: &__private::StepContext) -> [T; #count] {
                    #preparation
                    [#(#names),*]
                }

                #step

                #[inline(always)]
                fn reset(&mut self, __cx: &__private::StepContext, __spikes: __private::Spikes) {
                    #reset
                }
            }

            impl<#scalar: __private::Real> __private::Neuron for #name<#scalar> {
                fn step(&mut self, __cx: &__private::StepContext) -> __private::Spikes {
                    let prepared = <Self as __private::Advance<__private::Update>>::prepare(self, __cx.dt);
                    __private::Stepped::step(self, __cx, &prepared)
                }

                fn reset(&mut self, __cx: &__private::StepContext, __spikes: __private::Spikes) {
                    __private::Stepped::reset(self, __cx, __spikes);
                }
            }
        };
    }
}

/// Keeps states within the bounds that clip them.
fn clip(plan: &Plan<'_>) -> TokenStream {
    let clipping = plan.bounds.iter().filter(|bound| bound.clip).map(|bound| {
        let field = &plan.symbols[bound.symbol].name;
        let value = clipped(plan, bound.symbol, quote!(self.#field));
        quote!(self.#field = #value;)
    });
    clipping.collect()
}

/// Whether an intermediate value follows from parameters, locals and the clock alone, for each of them.
pub(crate) fn fixed(plan: &Plan<'_>) -> Vec<Id> {
    let mut fixed = Vec::new();
    for &id in &plan.lets {
        let follows = |id: Id| matches!(plan.symbols[id].role, Role::Param | Role::Local | Role::Step);
        let free = |other: Id| !follows(other) && !fixed.contains(&other);
        let definition = plan.symbols[id].definition.as_ref();
        if definition.is_some_and(|node| !node.mentions(&free) && !node.is_foreign()) {
            fixed.push(id);
        }
    }
    fixed
}

/// The intermediate values that are computed before the step: those that are fixed, and that the step or a value that is
/// not fixed needs.
fn prepared(plan: &Plan<'_>) -> Vec<Id> {
    let fixed = fixed(plan);
    let mut pending: Vec<&Shared> = plan.update.iter().flatten().map(expression).collect();
    if let Some(spike) = &plan.spike {
        let (Condition::When(node) | Condition::Count(node) | Condition::Rises(node)) = &spike.condition;
        pending.push(node);
    }
    let mut read = HashSet::new();
    while let Some(node) = pending.pop() {
        node.symbols(&mut |id| {
            if read.insert(id) && !fixed.contains(&id) {
                pending.extend(plan.symbols[id].definition.as_ref().filter(|_| plan.symbols[id].role == Role::Let));
            }
        });
    }
    fixed.into_iter().filter(|id| read.contains(id)).collect()
}

/// The equations, for the methods of integration.
pub(crate) fn equations(plan: &Plan<'_>) -> TokenStream {
    let Plan { krate, name, equations, noises, .. } = plan;
    let scalar = scalar(plan);
    let count = |n: usize| Literal::usize_unsuffixed(n);
    let (n, m, nm, nn) = (
        count(equations.len()),
        count(noises.len()),
        count(equations.len() * noises.len()),
        count(equations.len().pow(2)),
    );
    let admitted = methods::admitted(plan).names;
    let states: Vec<_> = equations.iter().map(|e| &plan.symbols[e.state].name).collect();
    let positions = (0..states.len()).map(count).collect::<Vec<_>>();
    let begin = begin(plan);
    let clip = clip(plan);
    let diffusion = diffusion(plan);
    let slopes = slopes(plan);
    let (holding, is_held) = match refractory(plan) {
        Some(field) => (
            quote!(Self { #field: #scalar::of(if held { 1.0 } else { 0.0 }), ..::core::clone::Clone::clone(self) }),
            quote!(self.#field > #scalar::of(0.0)),
        ),
        None => (quote!(::core::clone::Clone::clone(self)), quote!(false)),
    };
    let spikes = spikes(&Place::fields(plan));
    let reset = reset(plan);
    let structure = super::linear::structure(plan);
    let driven = super::driven::code(plan);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, unused_imports, non_snake_case, reason = "a model may need none of them")]
        #[allow(clippy::all, clippy::pedantic, reason = "statements are written as they come")]
        const _: () = {
            use #krate::__private::{self as __private, Scalar as _};

            impl<#scalar: __private::Real> __private::Equations for #name<#scalar> {
                type S = #scalar;
                type Vector<T: __private::Scalar> = [T; #n];
                type Noise<T: __private::Scalar> = [T; #m];
                type Diffusion<T: __private::Scalar> = [T; #nm];
                type Matrix<T: __private::Scalar> = [T; #nn];

                const METHODS: &'static [&'static ::core::primitive::str] = &[#(#admitted),*];
                #structure

                #[inline(always)]
                fn state(&self) -> [#scalar; #n] {
                    [#(self.#states),*]
                }

                #[inline(always)]
                fn set_state(&mut self, __x: &[#scalar; #n]) {
                    #(self.#states = __x[#positions];)*
                }

                #[inline(always)]
                fn drift<T: __private::Scalar>(&self, __x: &[T; #n], __t: ::core::primitive::f64, __cx: &__private::StepContext) -> [T; #n] {
                    let __inputs = <Self as __private::Driven>::inputs(self);
                    <Self as __private::Driven>::drift_by(self, __x, &__inputs, __t, __cx)
                }

                #[inline(always)]
                fn slopes(&self, __x: &[#scalar; #n], __t: ::core::primitive::f64, __cx: &__private::StepContext, __frozen: ::core::primitive::bool) -> [#scalar; #n] {
                    #slopes
                }

                #[inline(always)]
                fn diffusion<T: __private::Scalar>(&self, __x: &[T; #n], __t: ::core::primitive::f64, __cx: &__private::StepContext) -> [T; #nm] {
                    #diffusion
                }

                #[inline(always)]
                fn holding(&self, held: ::core::primitive::bool) -> Self {
                    #holding
                }

                #[inline(always)]
                fn is_held(&self) -> ::core::primitive::bool {
                    #is_held
                }

                #[inline(always)]
                fn begin(&mut self, __cx: &__private::StepContext) {
                    #begin
                }

                #[inline(always)]
                fn clip(&mut self) {
                    #clip
                }

                #[inline(always)]
                fn spikes(&self, __before: &[#scalar; #n], __cx: &__private::StepContext) -> __private::Spikes {
                    let __t = __cx.t;
                    #spikes
                }

                #[inline(always)]
                #[allow(clippy::assign_op_pattern, reason = "written by a macro")]
                fn reset(&mut self, __cx: &__private::StepContext, __spikes: __private::Spikes) {
                    #reset
                }
            }

            #driven
        };
    }
}

/// A value, kept within the range that clips the state.
pub(crate) fn clipped(plan: &Plan<'_>, state: Id, value: TokenStream) -> TokenStream {
    let Some(bound) = plan.bounds.iter().find(|bound| bound.clip && bound.symbol == state) else { return value };
    let scalar = scalar(plan);
    let end = |limit: Option<(f64, bool)>| number(limit.map_or(0.0, |(x, _)| x), Span::call_site());
    let (low, high) = (end(bound.low), end(bound.high));
    quote!(#scalar::clip(#value, #scalar::of(#low), #scalar::of(#high)))
}

/// A neuron without noise can also be advanced alone, as one that is written by hand.
fn own_step(plan: &Plan<'_>) -> TokenStream {
    if !plan.noises.is_empty() {
        return TokenStream::new();
    }
    let (name, scalar, private) = (plan.name, scalar(plan), private(plan));
    let method = default_method(plan);
    quote! {
        #[automatically_derived]
        impl<#scalar: #private::Real> #private::Neuron for #name<#scalar> {
            fn step(&mut self, __cx: &#private::StepContext) -> #private::Spikes {
                let coefficients = <Self as #private::Advance<#method>>::prepare(self, __cx.dt);
                <Self as #private::Advance<#method>>::advance(self, __cx, &coefficients, &[])
            }

            fn reset(&mut self, __cx: &#private::StepContext, __spikes: #private::Spikes) {
                <Self as #private::Equations>::reset(self, __cx, __spikes);
            }
        }
    }
}

/// The type of the method that is used where none is named.
pub(crate) fn default_method(plan: &Plan<'_>) -> TokenStream {
    method_of(plan, true)
}

/// The same for the model joined with receptors: where their currents are linear, and in any case. What is linear alone
/// may then not be.
pub(crate) fn joined_methods(plan: &Plan<'_>) -> [TokenStream; 2] {
    if plan.update.is_some() || plan.equations.is_empty() {
        let private = private(plan);
        return [quote!(#private::Apart), quote!(#private::Apart)];
    }
    [method_of(plan, super::driven::is_linear(plan)), method_of(plan, false)]
}

/// The type of the default method, where `linear` says whether the equations are as linear as they seem.
fn method_of(plan: &Plan<'_>, linear: bool) -> TokenStream {
    let private = private(plan);
    let admitted = methods::admitted(plan);
    let path = |name: &str| {
        let name = if name == "exact" && !linear { "exponential_euler" } else { name };
        let path = METHODS.iter().find(|m| m.name == name).map(|m| Ident::new(m.path, Span::call_site()))?;
        // A family is named by its stock member.
        Some(if name == "rk2" {
            quote!(#private::integrate::#path::<2, 3>)
        } else {
            quote!(#private::integrate::#path)
        })
    };
    if plan.update.is_some() {
        return quote!(#private::Update);
    }
    let mut named = plan.equations.iter().map(|equation| equation.method.as_ref().map(plain));
    // Where each equation names a method, the first of them takes the place of the default.
    let first = named.next().flatten().filter(|_| named.all(|name| name.is_some()));
    let first = first.as_deref().or(admitted.names.first().copied());
    let Some(mut method) = first.and_then(path) else {
        return quote!(#private::Own);
    };
    // Equations that name a method of their own.
    let mut named: Vec<(String, u64)> = Vec::new();
    for (i, equation) in plan.equations.iter().enumerate() {
        let Some(own) = equation.method.as_ref().map(plain).filter(|own| Some(own.as_str()) != first) else { continue };
        match named.iter_mut().find(|(name, _)| *name == own) {
            Some((_, mask)) => *mask |= 1 << i.min(63),
            None => named.push((own, 1 << i.min(63))),
        }
    }
    for (name, mask) in named {
        if let Some(own) = path(&name) {
            let mask = Literal::u64_unsuffixed(mask);
            method = quote!(#private::integrate::Both<#method, #own, #mask>);
        }
    }
    method
}

pub(super) fn private(plan: &Plan<'_>) -> TokenStream {
    let krate = plan.krate;
    quote!(#krate::__private)
}

/// The variables of the equations under their names.
pub(super) fn unpack(plan: &Plan<'_>) -> TokenStream {
    let states = plan.equations.iter().map(|e| &plan.symbols[e.state].name);
    quote!(let [#(#states),*] = *__x;)
}

/// A rate, or 0 while the variable is held.
fn unless_held(plan: &Plan<'_>, state: Id, rate: TokenStream) -> TokenStream {
    match refractory(plan) {
        Some(_) if plan.held.contains(&state) => quote!(T::select(__held, T::of(0.0), #rate)),
        _ => rate,
    }
}

fn held(plan: &Plan<'_>) -> TokenStream {
    let scalar = scalar(plan);
    refractory(plan).map_or_else(TokenStream::new, |field| quote!(let __held = self.#field > #scalar::of(0.0);))
}

pub(super) fn drift(place: &Place<'_, '_>) -> TokenStream {
    let plan = place.plan;
    let (unpack, held) = (unpack(plan), held(plan));
    let preamble = place.preamble(plan.equations.iter().map(|e| &e.drift));
    let rates = plan.equations.iter().map(|e| unless_held(plan, e.state, place.code(&e.drift)));
    quote!(#unpack #held #preamble [#(#rates),*])
}

fn diffusion(plan: &Plan<'_>) -> TokenStream {
    if plan.noises.is_empty() {
        return quote!([]);
    }
    let place = Place::generic(plan);
    let (unpack, held) = (unpack(plan), held(plan));
    let preamble = place.preamble(plan.equations.iter().flat_map(|e| &e.diffusion));
    // `xi` is in 1 / root of s, its increments are in root of ms.
    let factors = plan.equations.iter().flat_map(|e| e.diffusion.iter().map(|g| (e.state, g)));
    let factors = factors.map(|(state, g)| unless_held(plan, state, place.code(g)));
    quote!(#unpack #held #preamble [#(#factors),*])
}

/// The own slopes of all equations, frozen or in full.
fn slopes(plan: &Plan<'_>) -> TokenStream {
    slopes_of(plan, &plan.equations.iter().map(|e| (&e.drift, e.state)).collect::<Vec<_>>())
}

/// The slope of each expression by its variable, frozen or in full.
pub(super) fn slopes_of(plan: &Plan<'_>, each: &[(&Shared, Id)]) -> TokenStream {
    let mut place = Place::generic(plan);
    place.scalar = scalar(plan);
    let variant = |frozen: bool| {
        let slopes: Vec<_> = each
            .iter()
            .map(|&(node, variable)| {
                // Where freezing does not make it linear, the slope in full is the better one.
                let frozen = frozen && frozen_degree(plan, node, variable) <= 1;
                slope(plan, node, variable, frozen)
            })
            .collect();
        let preamble = place.preamble(slopes.iter().flat_map(|s| s.lets.iter().map(|(_, s)| s).chain([&s.value])));
        let slopes = slopes.iter().map(|slope| {
            let value = place.code(&slope.value);
            if slope.lets.is_empty() {
                return value;
            }
            let lets = slope.lets.iter().map(|(id, slope)| {
                let (name, value) = (place.let_slope(*id), place.code(slope));
                quote!(let #name = #value;)
            });
            quote!({ #(#lets)* #value })
        });
        quote!({ #preamble [#(#slopes),*] })
    };
    let (unpack, frozen, full) = (unpack(plan), variant(true), variant(false));
    quote!(#unpack if __frozen #frozen else #full)
}

fn begin(plan: &Plan<'_>) -> TokenStream {
    let scalar = scalar(plan);
    refractory(plan).map_or_else(TokenStream::new, |field| {
        let one = quote!(#scalar::of(1.0));
        quote!(self.#field = #scalar::select(self.#field <= #one, #scalar::of(0.0), self.#field - #one);)
    })
}

fn spikes(place: &Place<'_, '_>) -> TokenStream {
    let plan = place.plan;
    let Some(spike) = &plan.spike else { return quote!(__private::Spikes::NONE) };
    let scalar = scalar(plan);
    let free = refractory(plan).map(|field| quote!(& (self.#field <= #scalar::of(0.0))));
    match &spike.condition {
        Condition::When(condition) => {
            let (preamble, condition) = (place.preamble([condition]), place.code(condition));
            quote!({ #preamble <__private::Spikes as ::core::convert::From<::core::primitive::bool>>::from(#condition #free) })
        }
        Condition::Count(count) => {
            // What rounds anyway is rounded and counted at once.
            let (rounding, inner) = match &**count {
                Node::Call(Function::Ceil, arguments) => (Some(Function::Ceil), &arguments[0]),
                Node::Call(Function::Floor, _) => (Some(Function::Floor), count),
                _ => (None, count),
            };
            let (preamble, code) = (place.preamble([inner]), place.code(inner));
            let count = match rounding {
                Some(Function::Ceil) => quote!(ceil_count(#code)),
                Some(_) => quote!(count(#code)),
                None => quote!(count(#scalar::floor(#code))),
            };
            quote!({ #preamble __private::Spikes(<#scalar as __private::Real>::#count) })
        }
        Condition::Rises(value) => {
            let (preamble, after) = (place.preamble([value]), place.code(value));
            let mut place = Place::generic(plan);
            place.scalar = scalar.clone();
            let (unpacking, before) = (place.preamble([value]), place.code(value));
            let states = plan.equations.iter().map(|e| &plan.symbols[e.state].name);
            quote! {
                let __below = { let [#(#states),*] = *__before; #unpacking #before < #scalar::of(0.0) };
                let __above = { #preamble #after >= #scalar::of(0.0) };
                <__private::Spikes as ::core::convert::From<::core::primitive::bool>>::from(__below & __above #free)
            }
        }
    }
}

fn reset(plan: &Plan<'_>) -> TokenStream {
    let Some(spike) = &plan.spike else { return TokenStream::new() };
    let place = Place::fields(plan);
    let preamble = place.preamble(spike.body.iter().map(expression));
    let body = statements(&place, &spike.body);
    let krate = plan.krate;
    quote! {
        #[allow(unused_imports, reason = "a model may need none of them")]
        use #krate::__private::{self as __private, Scalar as _};
        let __t = __cx.t;
        #preamble
        #body
    }
}

pub(crate) fn expression(step: &Step) -> &Shared {
    match step {
        Step::Let(_, node) | Step::Set(_, node) | Step::Refractory(node) | Step::Deliver(node) => node,
    }
}

pub(crate) fn statements(place: &Place<'_, '_>, steps: &[Step]) -> TokenStream {
    let plan = place.plan;
    let scalar = scalar(plan);
    steps
        .iter()
        .map(|step| match step {
            Step::Let(id, node) => {
                let (name, value) = (&plan.symbols[*id].name, place.code(node));
                quote!(let #name = #value;)
            }
            Step::Set(id, node) => {
                let (name, value) = (&plan.symbols[*id].name, place.code(node));
                quote!(self.#name = #value;)
            }
            Step::Refractory(node) => {
                let (name, value) = (format_ident!("{REFRACTORY}"), place.code(node));
                quote!(self.#name = #scalar::floor((#value) / #scalar::of(__cx.dt) + #scalar::of(0.5));)
            }
            Step::Deliver(node) => {
                let value = place.code(node);
                quote!(__delivered = #value;)
            }
        })
        .collect()
}

/// The fields of the struct that are declared.
pub(crate) fn fields<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = (Id, &'p Symbol)> {
    plan.symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| matches!(symbol.role, Role::Param | Role::Local | Role::State | Role::Input))
}

/// The field that counts a refractory period, if there is one.
pub(crate) fn refractory(plan: &Plan<'_>) -> Option<Ident> {
    let counts =
        plan.spike.as_ref().is_some_and(|spike| spike.body.iter().any(|step| matches!(step, Step::Refractory(_))));
    counts.then(|| format_ident!("{REFRACTORY}"))
}

/// A name without `r#`.
pub(crate) fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}
