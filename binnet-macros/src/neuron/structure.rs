//! The struct of a neuron, and what `#[derive(Population)]` would make of it.

use binnet_units::{Dimension, Unit};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::{Attribute, Visibility, parse_quote};

use super::check::{Bound, Plan, Role, Symbol};
use super::code::{Place, scalar};
use super::emit::{Text, default_method, fields, joined_methods, plain, refractory};
use super::kind::Quantity;
use super::node::Id;
use super::show;
use crate::derive::Role as Storage;
use crate::derive::emit::{self as population, Options};
use crate::derive::parse::{self as derive, Precision};
use crate::quantity::{WrittenUnit, dimension, number};

/// The struct and its impls of the population layer.
pub(crate) fn code(plan: &Plan<'_>, text: Option<&Text>) -> TokenStream {
    let sound = text.is_some();
    let Plan { krate, attrs, vis, name, .. } = plan;
    let scalar = scalar(plan);
    let declared = fields(plan).map(|(id, symbol)| {
        let (field, docs) = (&symbol.name, docs(plan, id, symbol));
        quote!(#docs pub #field: #scalar)
    });
    let hidden = refractory(plan).map(|field| {
        quote! {
            /// The steps that the refractory period still lasts.
            pub #field: #scalar
        }
    });
    let model = model(plan);
    let options = Options {
        sound,
        method: default_method(plan),
        joined: joined_methods(plan),
        items: items(plan, text),
        conditions: conditions(plan),
    };
    let population = population::code(&model, &options);
    let described = text.map(|text| {
        let text = format!("\n{}", text.markdown);
        quote!(#[doc = #text])
    });
    quote! {
        #(#attrs)*
        #described
        #[allow(non_snake_case, reason = "names are those of the literature: `V_m`, `E_L`")]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #name<#scalar: #krate::__private::Real = ::core::primitive::f64> {
            #(#declared,)*
            #hidden
        }

        #population
    }
}

/// Documentation of a field, with its unit and default.
fn docs(plan: &Plan<'_>, id: Id, symbol: &Symbol) -> TokenStream {
    let written = &symbol.docs;
    let unit = if symbol.quantity.text == "1" { String::new() } else { format!(" {}", symbol.quantity.text) };
    let text = match symbol.role {
        Role::Input if plan.reads.iter().any(|(read, _)| *read == id) => {
            format!(
                " `{}`{}, read before the synapse is advanced.",
                show::called(plan, id),
                if unit.is_empty() { unit } else { format!(" in{unit}") }
            )
        }
        Role::Input => {
            format!(" `{}`: input{}.", symbol.name, if unit.is_empty() { unit } else { format!(" in{unit}") })
        }
        _ if symbol.default.is_nan() => {
            let unit = if unit.is_empty() { unit } else { format!(", in{unit}") };
            format!(" `{}`: to be given{unit}; NaN until then.", symbol.name)
        }
        _ => format!(" `{}` = {}{unit}.", symbol.name, symbol.default),
    };
    let separator = (!written.is_empty()).then(|| quote!(#[doc = ""]));
    quote!(#(#written)* #separator #[doc = #text])
}

/// The fields, as the derive reads them.
fn model(plan: &Plan<'_>) -> derive::Model {
    let scalar = scalar(plan);
    let krate = plan.krate;
    let public: Visibility = parse_quote!(pub);
    let mut declared: Vec<_> = fields(plan)
        .map(|(_, symbol)| derive::Field {
            vis: public.clone(),
            name: symbol.name.clone(),
            docs: symbol.docs.clone(),
            precision: Precision::Generic,
            role: match symbol.role {
                Role::Param => Storage::Param,
                Role::Local => Storage::Local,
                Role::Input => Storage::Input,
                _ => Storage::State,
            },
            unit: unit(&symbol.quantity, symbol.name.span()),
            default: symbol.default,
        })
        .collect();
    let hidden = refractory(plan).map(|name| {
        let docs: Attribute =
            parse_quote!(#[doc = " The steps that the refractory period of each neuron still lasts."]);
        let unit = WrittenUnit::none(name.span());
        derive::Field {
            vis: public,
            name,
            docs: vec![docs],
            precision: Precision::Generic,
            role: Storage::State,
            unit,
            default: 0.0,
        }
    });
    declared.extend(hidden);
    derive::Model {
        krate: krate.clone(),
        vis: plan.vis.clone(),
        name: plan.name.clone(),
        scalar: Some(parse_quote!(#scalar: #krate::__private::Real)),
        fields: declared,
    }
}

fn unit(quantity: &Quantity, span: Span) -> WrittenUnit {
    let dimension = quantity.dimension.whole().unwrap_or(Dimension::ONE);
    WrittenUnit { text: quantity.text.clone(), unit: Unit { dimension, scale: quantity.scale }, span }
}

/// What a model says beyond its fields: intermediate values that can be recorded, and initial states.
fn items(plan: &Plan<'_>, text: Option<&Text>) -> TokenStream {
    let sound = text.is_some();
    let krate = plan.krate;
    let private = quote!(#krate::__private);
    let observables = plan.lets.iter().map(|&id| &plan.symbols[id]).map(|symbol| {
        let (name, text, scale) =
            (plain(&symbol.name), &symbol.quantity.text, number(symbol.quantity.scale, Span::call_site()));
        let dimension = dimension(krate, symbol.quantity.dimension.whole().unwrap_or(Dimension::ONE));
        quote! {
            #private::FieldInfo {
                name: #name,
                role: #private::Role::State,
                unit: #text,
                dimension: #dimension,
                scale: #scale,
                default: ::core::primitive::f64::NAN,
            }
        }
    });
    let observables = quote!(const OBSERVABLES: &'static [#private::FieldInfo] = &[#(#observables),*];);
    let output = plan.output.map(|id| {
        let name = plain(&plan.symbols[id].name);
        let text = quote!(&'static ::core::primitive::str);
        quote!(const OUTPUT: ::core::option::Option<#text> = ::core::option::Option::Some(#name);)
    });
    let held = refractory(plan).map(|field| {
        let (field, names) = (plain(&field), plan.held.iter().map(|&id| plain(&plan.symbols[id].name)));
        let text = quote!(&'static ::core::primitive::str);
        quote! {
            const HELD: ::core::option::Option<(#text, &'static [#text])> =
                ::core::option::Option::Some((#field, &[#(#names),*]));
        }
    });
    let observables = quote!(#observables #output #held);
    if !sound {
        return observables;
    }
    let place = Place::fields(plan);
    // Each value needs those that it follows from. Of many, all are computed: the arms would repeat them too often.
    let values: Vec<_> = plan.lets.iter().map(|&id| super::node::symbol(id)).collect();
    let many = values.len() > 16;
    let all = many.then(|| place.preamble(&values));
    let arms = values.iter().enumerate().map(|(i, value)| {
        let number = Literal::usize_unsuffixed(i);
        let (preamble, value) = ((!many).then(|| place.preamble([value])), place.code(value));
        quote!(#number => { #preamble __private::Scalar::to_f64(#value) })
    });
    let settled: Vec<_> = fields(plan).filter(|(_, s)| s.role == Role::State && s.definition.is_some()).collect();
    let settle = settled.iter().map(|(_, symbol)| {
        let name = &symbol.name;
        let preamble = place.preamble(&symbol.definition);
        let value = symbol.definition.as_ref().map(|d| place.code(d));
        quote!(self.#name = { #preamble #value };)
    });
    let settle = (!settled.is_empty()).then(|| {
        quote! {
            fn settle(&mut self) {
                #[allow(unused_imports, reason = "an initial value may need none of them")]
                use #private::{self as __private, Scalar as _};
                #(#settle)*
            }
        }
    });
    let observe = (!plan.lets.is_empty()).then(|| {
        quote! {
            #[allow(unused_variables, unused_imports, non_snake_case, reason = "a value may need none of them")]
            fn observe(&self, which: ::core::primitive::usize, __cx: &#private::StepContext) -> ::core::primitive::f64 {
                use #private::{self as __private, Scalar as _};
                let __t = __cx.t;
                #all
                match which {
                    #(#arms)*
                    _ => ::core::primitive::f64::NAN,
                }
            }
        }
    });
    let bounds = checked(plan).map(|(bound, symbol)| {
        let (field, text) = (plain(&symbol.name), words(bound, symbol));
        let (low, above, high, below) = limits(bound);
        quote! {
            #private::Bound { field: #field, low: #low, above: #above, high: #high, below: #below, text: #text }
        }
    });
    let bounds = quote!(const BOUNDS: &'static [#private::Bound] = &[#(#bounds),*];);
    let text = text.map(|text| {
        let text = text.tokens(&private);
        quote!(const TEXT: ::core::option::Option<#private::ModelText> = ::core::option::Option::Some(#text);)
    });
    quote!(#observables #bounds #text #settle #observe)
}

/// Bounds that are checked; the others clip.
fn checked<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = (&'p Bound, &'p Symbol)> {
    plan.bounds
        .iter()
        .filter(|bound| !bound.clip)
        .map(|bound| (bound, &plan.symbols[bound.symbol]))
        .filter(|(_, symbol)| matches!(symbol.role, Role::Param | Role::Local | Role::State))
}

/// The ends of a bound as code: the lowest value, whether it is excluded, the same for the highest.
fn limits(bound: &Bound) -> (TokenStream, bool, TokenStream, bool) {
    let end = |limit: Option<(f64, bool)>, none: TokenStream| match limit {
        Some((x, closed)) => (number(x, Span::call_site()), !closed),
        None => (none, false),
    };
    let (low, above) = end(bound.low, quote!(::core::primitive::f64::NEG_INFINITY));
    let (high, below) = end(bound.high, quote!(::core::primitive::f64::INFINITY));
    (low, above, high, below)
}

/// "above 0 pA", "in 0..=1".
fn words(bound: &Bound, symbol: &Symbol) -> String {
    let unit = if symbol.quantity.text == "1" { String::new() } else { format!(" {}", symbol.quantity.text) };
    match (bound.low, bound.high) {
        (Some((low, _)), Some((high, _))) => format!("in {low}..={high}{unit}"),
        (Some((low, true)), None) => format!("at least {low}{unit}"),
        (Some((low, false)), None) => format!("above {low}{unit}"),
        (None, Some((high, true))) => format!("at most {high}{unit}"),
        (None, Some((high, false))) => format!("below {high}{unit}"),
        (None, None) => "any number".to_owned(),
    }
}

/// What the sentinel asks of the states of a neuron, besides being finite.
fn conditions(plan: &Plan<'_>) -> TokenStream {
    let private = {
        let krate = plan.krate;
        quote!(#krate::__private)
    };
    checked(plan)
        .filter(|(_, symbol)| symbol.role == Role::State)
        .map(|(bound, symbol)| {
            let (name, (low, above, high, below)) = (&symbol.name, limits(bound));
            quote!(& #private::is_within(self.#name, #low, #above, #high, #below))
        })
        .collect()
}
