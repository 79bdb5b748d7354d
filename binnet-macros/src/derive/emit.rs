//! The code of a model: its table of fields, its structure of arrays, its tile, and the ways between
//! them.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::Role;
use super::parse::{Field, Model, Precision};
use crate::quantity::{dimension, number};

/// What the fields alone do not tell.
pub(crate) struct Options {
    /// Whether the struct is without errors. If not, one neuron cannot be gathered, but all types are
    /// there.
    pub(crate) sound: bool,
    /// The type that advances the model where a population names no method.
    pub(crate) method: TokenStream,
    /// Further items of `impl Model`: `OBSERVABLES`, `observe`, `settle`.
    pub(crate) items: TokenStream,
    /// Further conditions on the states of a tile, each with `&` in front.
    pub(crate) conditions: TokenStream,
}

impl Options {
    /// For a model whose step is written by hand.
    pub(crate) fn by_hand(model: &Model, sound: bool) -> Self {
        let krate = &model.krate;
        Self { sound, method: quote!(#krate::neuron::Own), items: TokenStream::new(), conditions: TokenStream::new() }
    }
}

/// Names and generics that the parts share.
struct Names {
    private: TokenStream,
    arrays: Ident,
    tile: Ident,
    /// The constant parameter for the number of neurons.
    n: Ident,
    /// `S: Real`, or nothing.
    scalar: TokenStream,
    /// `S`, or nothing.
    argument: TokenStream,
}

/// Emits the types and impls.
pub(crate) fn code(model: &Model, options: &Options) -> TokenStream {
    let names = Names::new(model);
    let (tables, arrays, tile) =
        (table(model, &names, options), arrays(model, &names, options), tile(model, &names, options));
    let precisions = precisions(model, &names);
    quote!(#tables #arrays #tile #precisions)
}

impl Names {
    fn new(model: &Model) -> Self {
        let Model { krate, name, scalar, .. } = model;
        let private = quote!(#krate::__private);
        // A type of the user's called `N` would be shadowed.
        let taken = name == "N" || scalar.as_ref().is_some_and(|param| param.ident == "N");
        let (bounded, argument) = match scalar {
            None => (TokenStream::new(), TokenStream::new()),
            Some(param) => {
                let (ident, bounds) = (&param.ident, param.bounds.iter());
                (quote!(#ident: #(#bounds +)* #private::Real,), quote!(#ident))
            }
        };
        Self {
            arrays: format_ident!("{}Arrays", name.unraw()),
            tile: format_ident!("{}Tile", name.unraw()),
            n: Ident::new(if taken { "SIZE" } else { "N" }, Span::call_site()),
            private,
            scalar: bounded,
            argument,
        }
    }

    fn generics(&self) -> (TokenStream, TokenStream) {
        let (scalar, argument) = (&self.scalar, &self.argument);
        if argument.is_empty() { Default::default() } else { (quote!(<#scalar>), quote!(<#argument>)) }
    }

    /// The generics of the arrays: with `const N: usize`.
    fn sized(&self) -> (TokenStream, TokenStream) {
        let Self { n, scalar, argument, .. } = self;
        let argument = if argument.is_empty() { TokenStream::new() } else { quote!(#argument,) };
        (quote!(<#scalar const #n: ::core::primitive::usize>), quote!(<#argument #n>))
    }
}

/// The model and its arrays, in the table of the fields.
fn table(model: &Model, names: &Names, options: &Options) -> TokenStream {
    let Names { private, arrays, tile, n, argument, .. } = names;
    let Options { method, items, .. } = options;
    let name = &model.name;
    let text = name.unraw().to_string();
    let infos = model.fields.iter().map(|f| info(&model.krate, f));
    let (generics, arguments) = names.generics();
    let argument = if argument.is_empty() { TokenStream::new() } else { quote!(#argument,) };
    quote! {
        #[automatically_derived]
        #[allow(deprecated, reason = "a deprecated model still has its fields")]
        impl #generics #private::Model for #name #arguments {
            const NAME: &'static ::core::primitive::str = #text;
            const FIELDS: &'static [#private::FieldInfo] = &[#(#infos),*];
            type Method = #method;
            type Arrays<const #n: ::core::primitive::usize> = #arrays<#argument #n>;
            type Tile = #tile #arguments;
            #items
        }
    }
}

/// The structure of arrays.
fn arrays(model: &Model, names: &Names, options: &Options) -> TokenStream {
    let Model { krate, vis, name, fields, .. } = model;
    let Names { private, arrays, tile, n, .. } = names;
    let ((generics, arguments), (_, model_arguments)) = (names.sized(), names.generics());
    let doc = format!(" The fields of `{}` for `{n}` neurons, as a structure of arrays.", name.unraw());
    let columns = fields.iter().map(|f| column(krate, f, n, names));
    let defaults = fields.iter().map(|f| {
        let (name, value) = (&f.name, default(f, names));
        if f.role == Role::Param { quote!(#name: #value) } else { quote!(#name: #private::Column::filled(#value)) }
    });
    let gathered = fields.iter().map(|f| {
        let name = &f.name;
        if f.role == Role::Param { quote!(#name: self.#name) } else { quote!(#name: self.#name[index]) }
    });
    let get = if options.sound { quote!(#name { #(#gathered),* }) } else { quote!(::core::unimplemented!()) };
    let scattered = fields.iter().filter(|f| f.role != Role::Param).map(|f| {
        let name = &f.name;
        quote!(self.#name[index] = neuron.#name;)
    });
    let loaded = fields.iter().filter(|f| f.role != Role::Param).map(|f| {
        let name = &f.name;
        quote!(#private::load_lanes(&self.#name[..], start, &mut tile.#name);)
    });
    let stored = fields.iter().filter(|f| f.role == Role::State).map(|f| {
        let name = &f.name;
        quote!(#private::store_lanes(&tile.#name, start, &mut self.#name[..]);)
    });
    let values = arms(fields, names, &["shared", "each"], &quote!(&));
    let values_mut = arms(fields, names, &["shared_mut", "each_mut"], &quote!(&mut));
    let all = fields.iter().map(|field| values_of(field, names, &["shared_mut", "each_mut"], &quote!(&mut)));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(non_snake_case, reason = "the lint stands at the model already")]
        #vis struct #arrays #generics {
            #(#columns,)*
        }

        #[automatically_derived]
        #[allow(deprecated, unused_variables, reason = "a model may have no fields, or only shared ones")]
        impl #generics #private::Arrays for #arrays #arguments {
            type Model = #name #model_arguments;

            fn new() -> Self {
                Self { #(#defaults,)* }
            }

            #[inline]
            fn get(&self, index: ::core::primitive::usize) -> #name #model_arguments {
                #get
            }

            #[inline]
            fn set(&mut self, index: ::core::primitive::usize, neuron: &#name #model_arguments) {
                #(#scattered)*
            }

            #[inline(always)]
            fn load(&self, start: ::core::primitive::usize, tile: &mut #tile #model_arguments) {
                #(#loaded)*
            }

            #[inline(always)]
            fn store(&mut self, start: ::core::primitive::usize, tile: &#tile #model_arguments) {
                #(#stored)*
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

            fn fields_mut(&mut self, visit: &mut dyn ::core::ops::FnMut(&mut [#private::ValuesMut<'_>])) {
                visit(&mut [#(#all),*]);
            }
        }
    }
}

/// The neurons that a kernel advances at a time.
fn tile(model: &Model, names: &Names, options: &Options) -> TokenStream {
    let Model { vis, name, fields, .. } = model;
    let Names { private, tile, .. } = names;
    let conditions = &options.conditions;
    let (generics, arguments) = names.generics();
    let doc = format!(" The fields of a few neurons of `{}`, side by side.", name.unraw());
    let owned = || fields.iter().filter(|f| f.role != Role::Param);
    let lanes = owned().map(|f| {
        let (name, ty) = (&f.name, ty(f, names));
        quote!(#name: [#ty; #private::TILE])
    });
    // A generic tile without lanes would not use its scalar.
    let marker = if owned().next().is_none() { names.argument.clone() } else { TokenStream::new() };
    let marker_field = (!marker.is_empty()).then(|| quote!(marker: ::core::marker::PhantomData<#marker>));
    let marker_value = (!marker.is_empty()).then(|| quote!(marker: ::core::marker::PhantomData));
    let defaults = owned().map(|f| {
        let (name, value) = (&f.name, default(f, names));
        quote!(#name: [#value; #private::TILE])
    });
    let gathered = fields.iter().map(|f| {
        let name = &f.name;
        if f.role == Role::Param { quote!(#name: shared.#name) } else { quote!(#name: self.#name[lane]) }
    });
    let get = if options.sound { quote!(#name { #(#gathered),* }) } else { quote!(::core::unimplemented!()) };
    let states: Vec<_> = fields.iter().filter(|f| f.role == Role::State).map(|f| &f.name).collect();
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[repr(align(64))]
        #[allow(non_snake_case, reason = "the lint stands at the model already")]
        #vis struct #tile #generics {
            #(#lanes,)*
            #marker_field
        }

        #[automatically_derived]
        #[allow(deprecated, unused_variables, reason = "a model may have no fields, or only shared ones")]
        impl #generics #private::Tile for #tile #arguments {
            type Model = #name #arguments;

            #[inline(always)]
            fn new() -> Self {
                Self { #(#defaults,)* #marker_value }
            }

            #[inline(always)]
            fn get(&self, lane: ::core::primitive::usize, shared: &#name #arguments) -> #name #arguments {
                #get
            }

            #[inline(always)]
            fn set(&mut self, lane: ::core::primitive::usize, neuron: &#name #arguments) {
                #(self.#states[lane] = neuron.#states;)*
            }

            #[inline(always)]
            fn is_sound(&self) -> ::core::primitive::bool {
                true #(& #private::lanes_finite(&self.#states))* #conditions
            }
        }
    }
}

/// In which precisions the model can stand in a network.
fn precisions(model: &Model, names: &Names) -> TokenStream {
    let Names { private, .. } = names;
    let name = &model.name;
    if let Some(param) = &model.scalar {
        let (_, arguments) = names.generics();
        let scalar = &names.scalar;
        let (bounds, bounds_again) = (param.bounds.iter(), param.bounds.iter());
        // No name of the user's.
        let other = quote!(__Other);
        return quote! {
            #[automatically_derived]
            impl<#scalar #other: #(#bounds +)* #private::Real> #private::InPrecision<#other> for #name #arguments {
                type Model = #name<#other>;
            }

            #[automatically_derived]
            impl<#scalar #other: #(#bounds_again +)* #private::Real> #private::Stores<#other> for #name #arguments {}
        };
    }
    let single = !model.fields.is_empty() && model.fields.iter().all(|f| f.precision == Precision::Single);
    let real = if single { quote!(::core::primitive::f32) } else { quote!(::core::primitive::f64) };
    quote! {
        #[automatically_derived]
        #[allow(deprecated, reason = "a deprecated model still has its precision")]
        impl<__Other: #private::Real> #private::InPrecision<__Other> for #name {
            type Model = Self;
        }

        #[automatically_derived]
        #[allow(deprecated, reason = "a deprecated model still has its precision")]
        impl #private::Stores<#real> for #name {}
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

/// The type of a field.
fn ty(field: &Field, names: &Names) -> TokenStream {
    match field.precision {
        Precision::Single => quote!(::core::primitive::f32),
        Precision::Double => quote!(::core::primitive::f64),
        Precision::Generic => names.argument.clone(),
    }
}

/// The default of a field, in its type.
fn default(field: &Field, names: &Names) -> TokenStream {
    let value = number(field.default, Span::call_site());
    if field.precision != Precision::Generic {
        return value;
    }
    let (private, scalar) = (&names.private, &names.argument);
    quote!(<#scalar as #private::Scalar>::of(#value))
}

/// A field of the structure of arrays: the number itself if it is shared, else a column.
fn column(krate: &TokenStream, field: &Field, n: &Ident, names: &Names) -> TokenStream {
    let Field { vis, name, docs, role, unit, .. } = field;
    let scalar = ty(field, names);
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

/// The arms from a field's number to its values; `make` are the functions of `Real` for one value and
/// for one a neuron.
fn arms(fields: &[Field], names: &Names, make: &[&str; 2], borrow: &TokenStream) -> TokenStream {
    let arm = |(i, field): (usize, &Field)| {
        let (i, values) = (Literal::usize_unsuffixed(i), values_of(field, names, make, borrow));
        quote!(#i => #values,)
    };
    fields.iter().enumerate().map(arm).collect()
}

/// The values of one field.
fn values_of(field: &Field, names: &Names, make: &[&str; 2], borrow: &TokenStream) -> TokenStream {
    let (private, name, ty) = (&names.private, &field.name, ty(field, names));
    let shared = field.role == Role::Param;
    let make = format_ident!("{}", make[usize::from(!shared)]);
    let place = if shared { quote!(self.#name) } else { quote!(self.#name[..]) };
    quote!(<#ty as #private::Real>::#make(#borrow #place))
}
