//! The code of a synapse: its struct, and what the run time wants to know and to call.

use std::collections::BTreeSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::check::Synapse;
use super::law::Law;
use super::uses::{Event, base, changes};
use crate::neuron::check::{Delay, Plan, Role, Step, Symbol};
use crate::neuron::code::{Place, scalar};
use crate::neuron::emit::{self, Text, clipped, default_method, expression, fields};
use crate::neuron::model::Side;
use crate::neuron::node::{Id, Shared, value};
use crate::neuron::structure;
use crate::quantity::{dimension, number};

/// Emits the synapse; with errors (there is no text) only its types, without bodies.
pub(crate) fn code(synapse: &Synapse<'_>, text: Option<&Text>) -> TokenStream {
    let plan = &synapse.plan;
    if fields(plan).next().is_none() {
        return emit::empty(plan);
    }
    let model = structure::code(plan, text);
    let default = emit::default(plan);
    let Some(text) = text else {
        let skeleton = skeleton(plan);
        return quote!(#model #default #skeleton);
    };
    let described = emit::described(plan, text);
    let clocked = if plan.equations.is_empty() { TokenStream::new() } else { emit::equations(plan) };
    let behaviour = behaviour(synapse);
    quote!(#model #default #described #clocked #behaviour)
}

/// The trait without bodies, so that what uses a synapse with errors is fine elsewhere.
fn skeleton(plan: &Plan<'_>) -> TokenStream {
    let (krate, name, scalar) = (plan.krate, plan.name, scalar(plan));
    let private = quote!(#krate::__private);
    let lanes = quote!([[#scalar; #private::LANES]; 0]);
    let size = quote!(::core::primitive::usize);
    let tables = ["ON_PRE", "ON_POST", "CONTINUOUS"].map(|table| {
        let table = Ident::new(table, Span::call_site());
        quote!(const #table: ::core::option::Option<&'static [#size]> = ::core::option::Option::None;)
    });
    let dimension = dimension(krate, binnet_units::Dimension::ONE);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, reason = "there are no bodies")]
        impl<#scalar: #private::Real> #private::Synapse for #name<#scalar> {
            type S = #scalar;
            type Lanes = #lanes;
            const READS: &'static [#private::SynapseRead] = &[];
            const STATES: &'static [#private::Dynamics] = &[];
            #(#tables)*
            const DELIVERED: #private::FieldInfo = #private::FieldInfo {
                name: "delivered",
                role: #private::Role::State,
                unit: "1",
                dimension: #dimension,
                scale: 1.0,
                default: ::core::primitive::f64::NAN,
            };

            fn lanes() -> #lanes {
                ::core::unimplemented!()
            }
            fn get(lanes: &#lanes, lane: #size, shared: &Self) -> Self {
                ::core::unimplemented!()
            }
            fn set(&self, lanes: &mut #lanes, lane: #size) {}
            fn field_mut(&mut self, field: #size) -> ::core::option::Option<&mut #scalar> {
                ::core::option::Option::None
            }
            fn elapse(lanes: &mut #lanes, field: #size, dt: &[#scalar; #private::LANES], shared: &Self) {}
            fn on_pre(&mut self, cx: &#private::StepContext) -> #scalar {
                ::core::unimplemented!()
            }
            fn on_post(&mut self, cx: &#private::StepContext) {}
            fn continuous(&self, cx: &#private::StepContext) -> #scalar {
                ::core::unimplemented!()
            }
            fn tick(&mut self, cx: &#private::StepContext) {}
        }
    }
}

/// The implementation of the trait.
fn behaviour(synapse: &Synapse<'_>) -> TokenStream {
    let plan = &synapse.plan;
    let Plan { krate, name, .. } = plan;
    let scalar = scalar(plan);
    let count = Literal::usize_unsuffixed(fields(plan).count());
    let tables = tables(synapse);
    let (names, rows): (Vec<_>, Vec<_>) =
        fields(plan).enumerate().map(|(row, (_, symbol))| (&symbol.name, Literal::usize_unsuffixed(row))).unzip();
    let gathered = fields(plan).enumerate().map(|(row, (_, symbol))| {
        let (name, row) = (&symbol.name, Literal::usize_unsuffixed(row));
        if symbol.role == Role::Param { quote!(#name: shared.#name) } else { quote!(#name: lanes[#row][lane]) }
    });
    let scattered =
        fields(plan).enumerate().filter(|(_, (_, symbol))| symbol.role == Role::State).map(|(row, (_, symbol))| {
            let (name, row) = (&symbol.name, Literal::usize_unsuffixed(row));
            quote!(lanes[#row][lane] = self.#name;)
        });
    let laws = synapse.laws.iter().map(|law| self::law(plan, law));
    let arms = synapse.laws.iter().map(|law| {
        let (row, method) = (row(plan, law.state), law_name(&plan.symbols[law.state]));
        quote! {
            #row => {
                let mut __new = [#scalar::of(0.0); __private::LANES];
                for __lane in 0..__private::LANES {
                    __new[__lane] = <Self as __private::Synapse>::get(lanes, __lane, shared).#method(dt[__lane]);
                }
                lanes[#row] = __new;
            }
        }
    });
    let (on_pre, on_post) = (event(plan, synapse.on_pre.as_deref()), event(plan, synapse.on_post.as_deref()));
    let place = Place::fields(plan);
    let continuous = synapse.continuous.as_ref().map_or_else(
        || quote!(#scalar::of(0.0)),
        |node| {
            let (preamble, code) = (place.preamble([node]), place.code(node));
            quote!({ #preamble #code })
        },
    );
    let tick = (!plan.equations.is_empty()).then(|| {
        let method = default_method(plan);
        quote! {
            let __coefficients = <Self as __private::Advance<#method>>::prepare(self, __cx.dt);
            <Self as __private::Advance<#method>>::advance(self, __cx, &__coefficients, &[]);
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, unused_imports, unused_mut, unused_assignments, non_snake_case, reason = "a model may need none of them")]
        #[allow(clippy::all, clippy::pedantic, reason = "statements are written as they come")]
        const _: () = {
            use #krate::__private::{self as __private, Scalar as _};

            impl<#scalar: __private::Real> #name<#scalar> {
                #(#laws)*
            }

            impl<#scalar: __private::Real> __private::Synapse for #name<#scalar> {
                type S = #scalar;
                type Lanes = [[#scalar; __private::LANES]; #count];

                #tables

                fn lanes() -> [[#scalar; __private::LANES]; #count] {
                    [[#scalar::of(0.0); __private::LANES]; #count]
                }

                #[inline(always)]
                fn get(lanes: &[[#scalar; __private::LANES]; #count], lane: ::core::primitive::usize, shared: &Self) -> Self {
                    Self { #(#gathered,)* }
                }

                #[inline(always)]
                fn set(&self, lanes: &mut [[#scalar; __private::LANES]; #count], lane: ::core::primitive::usize) {
                    #(#scattered)*
                }

                fn field_mut(&mut self, field: ::core::primitive::usize) -> ::core::option::Option<&mut #scalar> {
                    match field {
                        #(#rows => ::core::option::Option::Some(&mut self.#names),)*
                        _ => ::core::option::Option::None,
                    }
                }

                #[inline(always)]
                fn elapse(
                    lanes: &mut [[#scalar; __private::LANES]; #count],
                    field: ::core::primitive::usize,
                    dt: &[#scalar; __private::LANES],
                    shared: &Self,
                ) {
                    match field {
                        #(#arms)*
                        _ => {}
                    }
                }

                #[inline(always)]
                fn on_pre(&mut self, __cx: &__private::StepContext) -> #scalar {
                    let __t = __cx.t;
                    let mut __delivered = #scalar::of(0.0);
                    #on_pre
                    __delivered
                }

                #[inline(always)]
                fn on_post(&mut self, __cx: &__private::StepContext) {
                    let __t = __cx.t;
                    #on_post
                }

                #[inline(always)]
                fn continuous(&self, __cx: &__private::StepContext) -> #scalar {
                    let __t = __cx.t;
                    #continuous
                }

                #[inline(always)]
                fn tick(&mut self, __cx: &__private::StepContext) {
                    #tick
                }
            }
        };
    }
}

/// The position of a field.
fn row(plan: &Plan<'_>, id: Id) -> Literal {
    Literal::usize_unsuffixed(fields(plan).position(|(field, _)| field == id).unwrap_or(usize::MAX))
}

/// What the run time learns about states, events and deliveries.
fn tables(synapse: &Synapse<'_>) -> TokenStream {
    let plan = &synapse.plan;
    let rows = |ids: &BTreeSet<Id>| {
        let rows = ids.iter().filter(|id| fields(plan).any(|(field, _)| field == **id)).map(|id| row(plan, *id));
        quote!(&[#(#rows),*])
    };
    let reads = plan.reads.iter().map(|(id, side)| {
        let (field, side) = (row(plan, *id), if *side == Side::Pre { quote!(Pre) } else { quote!(Post) });
        let delayed = plan.delayed.iter().find(|delayed| delayed.id == *id);
        let name = crate::neuron::show::called(plan, delayed.map_or(*id, |delayed| delayed.of));
        let name = name.split_once('.').map_or(name.as_str(), |(_, name)| name);
        let ago = match delayed.map(|delayed| delayed.delay) {
            None => quote!(Now),
            Some(Delay::Ms(ms)) => {
                let ms = number(ms, Span::call_site());
                quote!(Ms(#ms))
            }
            Some(Delay::Param(id)) => {
                let row = row(plan, id);
                quote!(Param(#row))
            }
        };
        quote! {
            __private::SynapseRead {
                side: __private::Side::#side,
                name: #name,
                field: #field,
                ago: __private::Ago::#ago,
            }
        }
    });
    let states = fields(plan).filter(|(_, symbol)| symbol.role == Role::State).map(|(id, _)| {
        let changes = changes(synapse, id);
        let (field, needs) = (row(plan, id), rows(&changes.needs));
        let (pre, post, [reads_pre, reads_post]) = (changes.pre, changes.post, changes.reads);
        let advances = if synapse.laws.iter().any(|law| law.state == id) {
            quote!(ByLaw)
        } else if plan.equations.iter().any(|equation| equation.state == id) {
            quote!(WithClock)
        } else {
            quote!(AtEvents)
        };
        quote! {
            __private::Dynamics {
                field: #field,
                advances: __private::Advances::#advances,
                on_pre: #pre,
                on_post: #post,
                reads_pre: #reads_pre,
                reads_post: #reads_post,
                needs: #needs,
            }
        }
    });
    let event = |steps: &Option<Vec<Step>>| match steps {
        Some(steps) => {
            let event = Event::of(plan, steps);
            let touched = rows(&event.reads.iter().chain(event.sets.keys()).copied().collect());
            quote!(::core::option::Option::Some(#touched))
        }
        None => quote!(::core::option::Option::None),
    };
    let (on_pre, on_post) = (event(&synapse.on_pre), event(&synapse.on_post));
    let continuous = match &synapse.continuous {
        Some(node) => {
            let touched = rows(&base(plan, [node]));
            quote!(::core::option::Option::Some(#touched))
        }
        None => quote!(::core::option::Option::None),
    };
    let (unit, scale) = (&synapse.delivered.text, number(synapse.delivered.scale, Span::call_site()));
    let dimension = dimension(plan.krate, synapse.delivered.dimension.whole().unwrap_or(binnet_units::Dimension::ONE));
    quote! {
        const READS: &'static [__private::SynapseRead] = &[#(#reads),*];
        const STATES: &'static [__private::Dynamics] = &[#(#states),*];
        const ON_PRE: ::core::option::Option<&'static [::core::primitive::usize]> = #on_pre;
        const ON_POST: ::core::option::Option<&'static [::core::primitive::usize]> = #on_post;
        const CONTINUOUS: ::core::option::Option<&'static [::core::primitive::usize]> = #continuous;
        const DELIVERED: __private::FieldInfo = __private::FieldInfo {
            name: "delivered",
            role: __private::Role::State,
            unit: #unit,
            dimension: #dimension,
            scale: #scale,
            default: ::core::primitive::f64::NAN,
        };
    }
}

fn law_name(symbol: &Symbol) -> Ident {
    format_ident!("__law_{}", syn::ext::IdentExt::unraw(&symbol.name))
}

/// A state after some time without events.
fn law(plan: &Plan<'_>, law: &Law) -> TokenStream {
    let (scalar, place) = (scalar(plan), Place::fields(plan));
    let symbol = &plan.symbols[law.state];
    let (name, method) = (&symbol.name, law_name(symbol));
    let slopes: Vec<&Shared> = law.slope.lets.iter().map(|(_, slope)| slope).chain([&law.slope.value]).collect();
    let preamble = place.preamble(slopes.into_iter().chain((!law.decay).then_some(&law.drift)));
    let lets = law.slope.lets.iter().map(|(id, slope)| {
        let (name, value) = (place.let_slope(*id), place.code(slope));
        quote!(let #name = #value;)
    });
    let slope = place.code(&law.slope.value);
    let drift = place.code(&law.drift);
    let value = if law.decay {
        quote!(self.#name * #scalar::exp((#slope) * __dt))
    } else if value(&law.slope.value) == Some(0.0) {
        quote!(self.#name + (#drift) * __dt)
    } else {
        quote!(self.#name + (#drift) * __dt * #scalar::exprel((#slope) * __dt))
    };
    let value = clipped(plan, law.state, value);
    quote! {
        #[inline(always)]
        fn #method(&self, __dt: #scalar) -> #scalar {
            #preamble
            #(#lets)*
            #value
        }
    }
}

/// The statements of an event. States with a range are clipped wherever they are set.
fn event(plan: &Plan<'_>, steps: Option<&[Step]>) -> TokenStream {
    let place = Place::fields(plan);
    let steps = steps.unwrap_or_default();
    let preamble = place.preamble(steps.iter().map(expression));
    let body = steps.iter().map(|step| match step {
        Step::Set(id, node) => {
            let (name, value) = (&plan.symbols[*id].name, clipped(plan, *id, place.code(node)));
            quote!(self.#name = #value;)
        }
        step => emit::statements(&place, std::slice::from_ref(step)),
    });
    quote!(#preamble #(#body)*)
}
