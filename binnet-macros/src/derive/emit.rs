//! The code of a model: its table of fields, its structure of arrays, the way between the two.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::Role;
use super::parse::{Field, Model};
use crate::quantity::{dimension, number};

/// Emits the impls. With errors in the struct (`sound` is false), one neuron cannot be gathered, but
/// all types are there.
pub(crate) fn code(model: &Model, sound: bool) -> TokenStream {
    let Model { krate, vis, name, fields } = model;
    let private = quote!(#krate::__private);
    let arrays = format_ident!("{}Arrays", name.unraw());
    // A type of the user's called `N` would be shadowed.
    let n = Ident::new(if name == "N" { "SIZE" } else { "N" }, Span::call_site());
    let text = name.unraw().to_string();
    let doc = format!(" The fields of `{text}` for `{n}` neurons, as a structure of arrays.");

    let infos = fields.iter().map(|f| info(krate, f));
    let columns = fields.iter().map(|f| column(krate, f, &n));
    let defaults = fields.iter().map(|f| {
        let (name, value) = (&f.name, number(f.default, Span::call_site()));
        if f.role == Role::Param { quote!(#name: #value) } else { quote!(#name: #private::Column::filled(#value)) }
    });
    let gathered = fields.iter().map(|f| {
        let name = &f.name;
        if f.role == Role::Param { quote!(#name: self.#name) } else { quote!(#name: self.#name[index]) }
    });
    let get = if sound { quote!(#name { #(#gathered),* }) } else { quote!(::core::unimplemented!()) };
    let scattered = fields.iter().filter(|f| f.role != Role::Param).map(|f| {
        let name = &f.name;
        quote!(self.#name[index] = neuron.#name;)
    });
    let values = arms(fields, &quote!(#private::Values), &quote!(&));
    let values_mut = arms(fields, &quote!(#private::ValuesMut), &quote!(&mut));

    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #arrays<const #n: ::core::primitive::usize> {
            #(#columns,)*
        }

        #[automatically_derived]
        #[allow(deprecated, reason = "a deprecated model still has its fields")]
        impl #private::Model for #name {
            const NAME: &'static ::core::primitive::str = #text;
            const FIELDS: &'static [#private::FieldInfo] = &[#(#infos),*];
            type Arrays<const #n: ::core::primitive::usize> = #arrays<#n>;
        }

        #[automatically_derived]
        #[allow(deprecated, unused_variables, reason = "a model may have no fields, or only shared ones")]
        impl<const #n: ::core::primitive::usize> #private::Arrays for #arrays<#n> {
            type Model = #name;

            fn new() -> Self {
                Self { #(#defaults),* }
            }

            #[inline]
            fn get(&self, index: ::core::primitive::usize) -> #name {
                #get
            }

            #[inline]
            fn set(&mut self, index: ::core::primitive::usize, neuron: &#name) {
                #(#scattered)*
            }

            fn values(&self, field: ::core::primitive::usize) -> #private::Values<'_> {
                match field {
                    #values
                    _ => ::core::panic!("a field number lies within `Model::FIELDS`"),
                }
            }

            fn values_mut(&mut self, field: ::core::primitive::usize) -> #private::ValuesMut<'_> {
                match field {
                    #values_mut
                    _ => ::core::panic!("a field number lies within `Model::FIELDS`"),
                }
            }
        }
    }
}

/// The entry of a field in `Model::FIELDS`.
fn info(krate: &TokenStream, field: &Field) -> TokenStream {
    let name = field.name.unraw().to_string();
    let role = Ident::new(
        match field.role {
            Role::Param => "Param",
            Role::Local => "Local",
            Role::State => "State",
            Role::Input => "Input",
        },
        Span::call_site(),
    );
    let unit = &field.unit.text;
    let dimension = dimension(krate, field.unit.dimension());
    let scale = number(field.unit.unit.scale, Span::call_site());
    let default = number(field.default, Span::call_site());
    quote! {
        #krate::__private::FieldInfo {
            name: #name,
            role: #krate::__private::Role::#role,
            unit: #unit,
            dimension: #dimension,
            scale: #scale,
            default: #default,
        }
    }
}

/// A field of the structure of arrays: the number itself if it is shared, else a column.
fn column(krate: &TokenStream, field: &Field, n: &Ident) -> TokenStream {
    let Field { vis, name, docs, single, role, unit, .. } = field;
    let scalar = if *single { quote!(::core::primitive::f32) } else { quote!(::core::primitive::f64) };
    let (ty, whose) = if *role == Role::Param {
        (scalar, "all neurons")
    } else {
        (quote!(#krate::__private::Column<#scalar, #n>), "each neuron")
    };
    let docs = if docs.is_empty() {
        let unit = if unit.is_none() { String::new() } else { format!(", in {}", unit.text) };
        let text = format!(" `{}` of {whose}{unit}.", name.unraw());
        quote!(#[doc = #text])
    } else {
        quote!(#(#docs)*)
    };
    quote!(#docs #vis #name: #ty)
}

/// The arms from a field's number to its values.
fn arms(fields: &[Field], values: &TokenStream, borrow: &TokenStream) -> TokenStream {
    fields
        .iter()
        .enumerate()
        .map(|(i, field)| {
            let (i, name) = (Literal::usize_unsuffixed(i), &field.name);
            let shared = field.role == Role::Param;
            let variant =
                format_ident!("{}{}", if shared { "Shared" } else { "Each" }, if field.single { "F32" } else { "F64" });
            let place = if shared { quote!(self.#name) } else { quote!(self.#name[..]) };
            quote!(#i => #values::#variant(#borrow #place),)
        })
        .collect()
}
