//! The code of a model: its table of fields, its structure of arrays, and the ways between them.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt as _;

use super::Role;
use super::parse::{Field, Model, Precision};
use crate::quantity::{dimension, number, start};

/// What the fields alone do not tell.
pub(crate) struct Options {
    /// Whether the struct is without errors. If not, one neuron cannot be gathered, but all types are
    /// there.
    pub(crate) sound: bool,
    /// The type that advances the model where a population names no method.
    pub(crate) method: TokenStream,
    /// The same where receptors feed it: with linear currents, and with any.
    pub(crate) joined: [TokenStream; 2],
    /// Further items of `impl Model`: `OBSERVABLES`, `observe`, `settle`.
    pub(crate) items: TokenStream,
    /// Further conditions on the states of a neuron, each with `&` in front.
    pub(crate) conditions: TokenStream,
}

impl Options {
    /// For a model whose step is written by hand.
    pub(crate) fn by_hand(model: &Model, sound: bool) -> Self {
        let krate = &model.krate;
        let apart = quote!(#krate::__private::Apart);
        Self {
            sound,
            method: quote!(#krate::neuron::Own),
            joined: [apart.clone(), apart],
            items: TokenStream::new(),
            conditions: TokenStream::new(),
        }
    }
}

/// Names and generics that the parts share.
struct Names {
    private: TokenStream,
    arrays: Ident,
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
    let (tables, arrays) = (table(model, &names, options), arrays(model, &names, options));
    let precisions = precisions(model, &names);
    quote!(#tables #arrays #precisions)
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
    let Names { private, arrays, n, argument, .. } = names;
    let Options { method, joined: [linear, any], items, .. } = options;
    let (fields, accessors) = (&model.fields, accessors(model, names));
    let soundness = soundness(model, options);
    let name = &model.name;
    let text = name.unraw().to_string();
    let infos = fields.iter().map(|f| info(&model.krate, f));
    let (generics, arguments) = names.generics();
    let argument = if argument.is_empty() { TokenStream::new() } else { quote!(#argument,) };
    quote! {
        #[automatically_derived]
        #[allow(deprecated, reason = "a deprecated model still has its fields")]
        impl #generics #private::Model for #name #arguments {
            const NAME: &'static ::core::primitive::str = #text;
            const FIELDS: &'static [#private::FieldInfo] = &[#(#infos),*];
            type Method = #method;
            type FedLinear = #linear;
            type FedAny = #any;
            type Arrays<const #n: ::core::primitive::usize> = #arrays<#argument #n>;
            #items
            #soundness
            #accessors
        }
    }
}

/// A field by its number, to be read, and to be set where it may change in a step.
fn accessors(model: &Model, names: &Names) -> TokenStream {
    let private = &names.private;
    let (f64, usize) = (quote!(::core::primitive::f64), quote!(::core::primitive::usize));
    let numbered = || model.fields.iter().enumerate().map(|(i, field)| (Literal::usize_unsuffixed(i), field));
    let read = numbered().map(|(i, field)| {
        let name = &field.name;
        quote!(#i => #private::Scalar::to_f64(self.#name),)
    });
    let set = numbered().filter(|(_, field)| matches!(field.role, Role::State | Role::Input)).map(|(i, field)| {
        let (name, ty) = (&field.name, ty(field, names));
        quote!(#i => self.#name = <#ty as #private::Scalar>::of(value),)
    });
    quote! {
        #[inline(always)]
        #[allow(unused_variables, reason = "a model may have no fields")]
        fn field_value(&self, field: #usize) -> #f64 {
            match field {
                #(#read)*
                _ => #f64::NAN,
            }
        }

        #[inline(always)]
        #[allow(unused_variables, reason = "a model may have no states")]
        fn set_field_value(&mut self, field: #usize, value: #f64) {
            match field {
                #(#set)*
                _ => {}
            }
        }
    }
}

/// The structure of arrays.
fn arrays(model: &Model, names: &Names, options: &Options) -> TokenStream {
    let Model { krate, vis, name, fields, .. } = model;
    let Names { private, arrays, n, .. } = names;
    let ((generics, arguments), (_, model_arguments)) = (names.sized(), names.generics());
    let doc = format!(" The fields of `{}` for `{n}` neurons, as a structure of arrays.", name.unraw());
    let columns = fields.iter().map(|f| column(krate, f, n, names));
    let defaults = fields.iter().map(|f| {
        let (name, value) = (&f.name, default(f, names));
        if f.role == Role::Param { quote!(#name: #value) } else { quote!(#name: #private::Column::filled(#value, len)) }
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
    let shared = fields.iter().filter(|f| f.role == Role::Param).map(|f| {
        let name = &f.name;
        quote!(self.#name = neuron.#name;)
    });
    let advance = advance(model, names, options);
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

            fn new(len: ::core::primitive::usize) -> Self {
                Self { #(#defaults,)* }
            }

            // Inlined wherever it is used: most of what is read or written is then seen to be unused or unchanged.
            #[inline(always)]
            fn get(&self, index: ::core::primitive::usize) -> #name #model_arguments {
                #get
            }

            #[inline(always)]
            fn set(&mut self, index: ::core::primitive::usize, neuron: &#name #model_arguments) {
                #(#scattered)*
            }

            fn share(&mut self, neuron: &#name #model_arguments) {
                #(#shared)*
            }

            #advance

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

/// How neurons are advanced in place, tile by tile.
fn advance(model: &Model, names: &Names, options: &Options) -> TokenStream {
    let Model { name, fields, .. } = model;
    let Names { private, n, scalar, .. } = names;
    let (_, arguments) = names.generics();
    let run_generics =
        quote!(<#scalar __V: #private::Visit<#name #arguments>, const __LANES: ::core::primitive::usize>);
    let lane_of = |field: &Field| format_ident!("__{}", field.name.unraw());
    let owned = || fields.iter().filter(|f| f.role != Role::Param);
    let states = || fields.iter().filter(|f| f.role == Role::State);
    let parameters = owned().map(|f| {
        let (lanes, ty) = (lane_of(f), ty(f, names));
        let exclusive = (f.role == Role::State).then(|| quote!(mut));
        quote!(#lanes: &#exclusive [#ty; __LANES])
    });
    let columns = owned().map(|f| {
        let (name, lanes) = (&f.name, lane_of(f));
        if f.role == Role::State {
            quote!(let #lanes = &mut self.#name.tiles_mut()[..tiles];)
        } else {
            quote!(let #lanes = &self.#name.tiles()[..tiles];)
        }
    });
    let exclusive = |f: &Field| (f.role == Role::State).then(|| quote!(mut));
    let whole = owned().map(|f| {
        let (lanes, exclusive) = (lane_of(f), exclusive(f));
        quote!(&#exclusive #lanes[number])
    });
    let parts = owned().map(|f| {
        let (lanes, exclusive) = (lane_of(f), exclusive(f));
        let chunks = if f.role == Role::State { quote!(as_chunks_mut) } else { quote!(as_chunks) };
        quote!(&#exclusive #lanes[number].#chunks().0[group])
    });
    let filled = owned().map(|f| &f.name);
    let gathered = fields.iter().map(|f| {
        let (name, lanes) = (&f.name, lane_of(f));
        if f.role == Role::Param { quote!(#name: shared.#name) } else { quote!(#name: #lanes[lane]) }
    });
    let neuron = quote!(#name { #(#gathered),* });
    let scattered: TokenStream = states()
        .map(|f| {
            let (name, lanes) = (&f.name, lane_of(f));
            quote!(#lanes[lane] = neuron.#name;)
        })
        .collect();
    if !options.sound {
        return quote! {
            #[allow(unused_variables, reason = "a model with errors has no bodies")]
            fn advance(
                &mut self,
                len: ::core::primitive::usize,
                shared: &#name #arguments,
                visit: &mut impl #private::Visit<#name #arguments>,
            ) {
                ::core::unimplemented!()
            }
        };
    }
    quote! {
        #[inline(always)]
        #[allow(non_snake_case, clippy::too_many_arguments, reason = "written by a macro")]
        fn advance(
            &mut self,
            len: ::core::primitive::usize,
            shared: &#name #arguments,
            visit: &mut impl #private::Visit<#name #arguments>,
        ) {
            // A function of its own: that references do not overlap is known of arguments only.
            #[inline(always)]
            #[allow(non_snake_case, clippy::too_many_arguments, reason = "written by a macro")]
            fn run #run_generics(
                shared: &#name #arguments,
                visit: &mut __V,
                tile: &mut __V::Tile,
                first: ::core::primitive::usize,
                spikes: &mut [::core::primitive::u32; __LANES],
                #(#parameters),*
            ) {
                if const { <__V as #private::Visit<#name #arguments>>::IN_HALVES } {
                    for lane in 0..__LANES {
                        let mut neuron = #neuron;
                        visit.first_half(tile, first + lane, &mut neuron);
                        #scattered
                    }
                }
                for lane in 0..__LANES {
                    let mut neuron = #neuron;
                    spikes[lane] = visit.lane(tile, first + lane, &mut neuron);
                    #scattered
                }
            }
            #(self.#filled.fill_up();)*
            // That all columns have the same length is seen here once, and not for each tile.
            let tiles = len.div_ceil(#private::TILE);
            #(#columns)*
            let whole = len / #private::TILE;
            let mut spikes = [0; #private::TILE];
            // Code that no population of this size needs is not compiled.
            if const { #n >= #private::TILE } {
                for number in 0..whole {
                    let mut tile = visit.begin(number);
                    run(shared, visit, &mut tile, 0, &mut spikes, #(#whole),*);
                    visit.end(number, &tile, &spikes);
                }
            }
            if const { #n % #private::TILE != 0 } && whole < tiles {
                let number = whole;
                let mut tile = visit.begin(number);
                let parts = (len % #private::TILE).div_ceil(#private::PART);
                for group in 0..parts {
                    let spikes = &mut spikes.as_chunks_mut::<{ #private::PART }>().0[group];
                    run(shared, visit, &mut tile, group * #private::PART, spikes, #(#parts),*);
                }
                visit.end(number, &tile, &spikes);
            }
        }
    }
}

/// Whether the states of a neuron are numbers and within bounds: sums of them are, and cost less to look at.
fn soundness(model: &Model, options: &Options) -> TokenStream {
    let krate = &model.krate;
    let conditions = &options.conditions;
    let sums = [Precision::Generic, Precision::Double, Precision::Single].map(|precision| {
        let states = model.fields.iter().filter(|f| f.role == Role::State && f.precision == precision);
        let states: Vec<_> = states.map(|f| &f.name).collect();
        (!states.is_empty()).then(|| quote!(& #krate::__private::Scalar::is_finite(#(self.#states)+*)))
    });
    quote! {
        #[inline(always)]
        fn is_sound(&self) -> ::core::primitive::bool {
            true #(#sums)* #conditions
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
    let default = start(field.default);
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
    let value = start(field.default);
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
