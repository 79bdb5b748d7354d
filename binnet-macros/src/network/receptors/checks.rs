//! Checks of receptors against the models at both ends, as item constants.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt as _;

use super::Feed;
use crate::diag::Place;
use crate::network::model::{Item, Network};
use crate::network::named::Amount;
use crate::network::value::Value;
use crate::quantity::{dimension, number};

/// Where a receptor stands: around a model, of which others may be within.
pub(super) struct Site<'s, 'a> {
    pub(super) krate: &'s TokenStream,
    pub(super) bare: &'s Path,
    pub(super) inner: &'s TokenStream,
    pub(super) outer: &'s TokenStream,
    pub(super) marker: &'s Ident,
    pub(super) arrival: &'s TokenStream,
    pub(super) feed: &'s Feed<'a>,
}

impl Site<'_, '_> {
    /// Target, potential, names, and that spikes are what arrives.
    pub(super) fn checks(&self, network: &Network) -> TokenStream {
        let Self { krate, bare, inner, outer, marker, feed, .. } = self;
        let private = quote!(#krate::__private);
        let kind = feed.resolved.span;
        let target_span = feed.target.map_or(kind, Ident::span);
        let potential_span = feed.resolved.potential.as_ref().map_or(kind, Ident::span);
        let named = feed.resolved.potential.is_some();
        let target = quote_spanned! {target_span=>
            __target(<#bare as __Model>::NAME, <#bare as __Model>::FIELDS, <#marker as __Feed>::TARGET)
        };
        let potential = quote_spanned! {potential_span=>
            __potential(
                <#bare as __Model>::NAME, <#bare as __Model>::FIELDS, <__Receptor as __Model>::FIELDS,
                <__Receptor as __Driven>::INPUTS, <#marker as __Feed>::POTENTIAL, #named,
            )
        };
        let names = quote_spanned! {kind=>
            __names(
                <#bare as __Model>::NAME, <#outer as __Model>::FIELDS, <#inner as __Model>::FIELDS,
                <#inner as __Model>::OBSERVABLES,
            )
        };
        let mut seen: Vec<&Ident> = Vec::new();
        let spikes = feed.pre.iter().filter_map(|pre| {
            if seen.contains(pre) {
                return None;
            }
            seen.push(pre);
            network.items.iter().find_map(|item| match item {
                Item::Population(population) if population.name == **pre => {
                    let model = &population.model;
                    Some(quote_spanned!(kind=> __spikes(<#model as __Model>::NAME, <#model as __Model>::OUTPUT)))
                }
                _ => None,
            })
        });
        let spikes: Vec<_> = spikes.collect();
        quote! {
            const _: () = {
                #[allow(unused_imports, reason = "sources send nothing but spikes")]
                use #private::{
                    Driven as __Driven, Feed as __Feed, Model as __Model, check_potential as __potential,
                    check_receives_spikes as __spikes, check_receptor_names as __names,
                    check_receptor_target as __target,
                };
                type __Receptor = <#marker as __Feed>::Receptor<::core::primitive::f64>;
                const _: () = #target;
                const _: () = #potential;
                const _: () = #names;
                #(const _: () = #spikes;)*
            };
        }
    }

    /// The value of a parameter: that there is such a field, its unit and its bounds. `name` is what it is called in the
    /// receptor, `field` in the population.
    pub(super) fn value_checks(&self, name: &str, field: &str, value: &Value) -> TokenStream {
        let Self { krate, outer, marker, arrival, .. } = self;
        let private = quote!(#krate::__private);
        let mut checks = TokenStream::new();
        let given = self.feed.written.args.iter().find_map(|arg| arg.name.as_ref().filter(|own| own.unraw() == name));
        if let Some(written) = given {
            // Names of stock receptors were looked up already.
            let call = quote_spanned! {written.span()=>
                __check(<__Receptor as __Model>::NAME, <__Receptor as __Model>::FIELDS, &[], #name)
            };
            checks.extend(quote! {
                const _: () = {
                    use #private::{Feed as __Feed, Model as __Model, check_settable as __check};
                    type __Receptor = <#marker as __Feed>::Receptor<::core::primitive::f64>;
                    #call;
                };
            });
        }
        value.each_amount(&mut |amount: Amount<'_>| {
            let (text, unit, dimension) =
                (amount.text(), amount.unseen_unit(), dimension(krate, amount.unit().dimension()));
            let Place { start, end } = amount.place();
            let function = quote_spanned!(start=> __check);
            let args = quote_spanned!(end=> (<#outer as __Model>::FIELDS, __FIELD, #text, #unit, __DIMENSION));
            let call = quote!(#function #args);
            checks.extend(quote! {
                const _: () = {
                    use #private::{Model as __Model, check_dimension as __check};
                    const __DIMENSION: #private::Dimension = #dimension;
                    // Of a receptor without a target, units are not known.
                    const __FIELD: &::core::primitive::str = if #arrival.is_empty() { "" } else { #field };
                    #call;
                };
            });
            let Amount::Literal(quantity) = amount else { return };
            let value = number(quantity.value, quantity.span);
            let scale = if quantity.unit.is_none() {
                quote!(__scale(<#outer as __Model>::FIELDS, #field))
            } else {
                let scale = Literal::f64_unsuffixed(quantity.unit.unit.scale);
                quote!(#scale)
            };
            let function = quote_spanned!(start=> __check);
            let args = quote_spanned! {end=>
                (<#outer as __Model>::FIELDS, <#outer as __Model>::BOUNDS, #field, #text, #value, #scale)
            };
            checks.extend(quote! {
                const _: () = {
                    #[allow(unused_imports, reason = "a quantity has a scale of its own")]
                    use #private::{Model as __Model, check_bound as __check, scale_of as __scale};
                    #function #args;
                };
            });
        });
        checks
    }
}
