//! From the tokens of a struct to a model of its fields.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, GenericParam, Generics, Ident, Meta, TypeParam, Visibility};

use super::Role;
use crate::diag::{Sink, error, with_help};
use crate::quantity::{Quantity, WrittenUnit, parse_unit};

/// A checked struct.
pub(crate) struct Model {
    pub(crate) krate: TokenStream,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The type parameter that fields may have as their type, in `struct X<S: Real = f64>`.
    pub(crate) scalar: Option<TypeParam>,
    pub(crate) fields: Vec<Field>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    Single,
    Double,
    /// The type parameter of the struct.
    Generic,
}

/// A field of it.
pub(crate) struct Field {
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) precision: Precision,
    pub(crate) role: Role,
    pub(crate) unit: WrittenUnit,
    pub(crate) default: f64,
}

const ROLES: [(&str, Role); 4] =
    [("param", Role::Param), ("local", Role::Local), ("state", Role::State), ("input", Role::Input)];

/// Reads the struct; `None` where nothing sensible could be emitted for it.
pub(crate) fn model(input: DeriveInput, sink: &mut Sink) -> Option<Model> {
    let krate = krate(&input.attrs, sink);
    let scalar = scalar(&input.ident, &input.generics, sink)?;
    let fields = match input.data {
        Data::Struct(data) => match data.fields {
            Fields::Named(named) => Some(named.named),
            Fields::Unnamed(_) | Fields::Unit => None,
        },
        Data::Enum(_) | Data::Union(_) => None,
    };
    if fields.is_none() {
        let help = format!("write `struct {} {{ #[local(0)] threshold: f64 }}`, the fields of one neuron", input.ident);
        sink.error(input.ident.span(), with_help("a population needs a struct with named fields", help));
    }
    let fields = fields.into_iter().flatten().filter_map(|f| field(f, scalar.as_ref(), sink)).collect();
    Some(Model { krate, vis: input.vis, name: input.ident, scalar, fields })
}

/// The type parameter, if there is one; `None` after an error.
fn scalar(name: &Ident, generics: &Generics, sink: &mut Sink) -> Option<Option<TypeParam>> {
    let help = match generics.params.iter().collect::<Vec<_>>().as_slice() {
        [] => return Some(None),
        [GenericParam::Type(param)] if generics.where_clause.is_none() => return Some(Some(param.clone())),
        [GenericParam::Type(_)] => "write the bound at the parameter: `<S: Real = f64>`",
        params if params.iter().all(|param| matches!(param, GenericParam::Type(_))) => {
            "one type parameter is the type of all fields: `<S: Real = f64>`"
        }
        _ => "sizes belong to the population: `Population<Model, 100>`",
    };
    let message = format!("`{name}` describes one neuron and can be generic over its precision only");
    sink.error_over(generics, with_help(message, help));
    None
}

/// The path of the crate: `::binnet`, or what `#[population(crate = path)]` says.
fn krate(attrs: &[Attribute], sink: &mut Sink) -> TokenStream {
    let mut path = quote!(::binnet);
    for attr in attrs.iter().filter(|a| a.path().is_ident("population")) {
        let result = attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("crate") {
                path = meta.value()?.call(syn::Path::parse_mod_style)?.into_token_stream();
                return Ok(());
            }
            let written = meta.path.to_token_stream();
            Err(error(meta.path.span(), format!("unknown option `{written}`"), "there is `crate = path`"))
        });
        sink.handle(result);
    }
    path
}

fn field(field: syn::Field, scalar: Option<&TypeParam>, sink: &mut Sink) -> Option<Field> {
    let name = field.ident?;
    if name == "_" {
        sink.error(name.span(), with_help("a field of a model has a name", "write `threshold: f64`"));
        return None;
    }
    let precision = precision(&field.ty, scalar);
    if precision.is_none() {
        let message = format!("`{name}` must be `f64` or `f32`");
        let help = if matches!(field.ty, syn::Type::Array(_)) {
            "the struct describes one neuron; the derive makes the arrays"
        } else {
            "a population stores numbers"
        };
        sink.error_over(&field.ty, with_help(message, help));
    }
    let declared: Vec<_> = field
        .attrs
        .iter()
        .filter_map(|attr| {
            ROLES.iter().find(|(word, _)| attr.path().is_ident(word)).map(|(word, role)| (attr, *word, *role))
        })
        .collect();
    if let [(_, first, _), (attr, second, _), ..] = declared.as_slice() {
        let message = if first == second {
            format!("`{name}` is declared `{first}` twice")
        } else {
            format!("`{name}` is declared both `{first}` and `{second}`")
        };
        sink.error_over(attr, with_help(message, "a field has one storage class"));
    }
    let (role, unit, default) = match declared.first() {
        Some((attr, word, role)) => {
            let (unit, default) =
                sink.handle(value(attr, word, *role, &name)).unwrap_or_else(|| (WrittenUnit::none(name.span()), 0.0));
            (*role, unit, default)
        }
        None => {
            let help = format!("write its storage class and default in front: `#[local(1)] {name}: f64`");
            let message = format!("say what `{name}` is: a `param`, `local`, `state` or `input`");
            sink.error(name.span(), with_help(message, help));
            (Role::Local, WrittenUnit::none(name.span()), 0.0)
        }
    };
    let docs = field.attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
    precision.map(|precision| Field { vis: field.vis, name, docs, precision, role, unit, default })
}

/// The precision of a field; `None` if its type is none of those.
fn precision(ty: &syn::Type, scalar: Option<&TypeParam>) -> Option<Precision> {
    match ty {
        syn::Type::Group(group) => precision(&group.elem, scalar),
        syn::Type::Path(path) if path.qself.is_none() => {
            let ident = path.path.get_ident()?;
            match scalar {
                Some(param) if *ident == param.ident => Some(Precision::Generic),
                _ if ident == "f64" => Some(Precision::Double),
                _ if ident == "f32" => Some(Precision::Single),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The unit and default in `#[local(8 mV/ms)]`.
fn value(attr: &Attribute, word: &str, role: Role, name: &Ident) -> syn::Result<(WrittenUnit, f64)> {
    let (what, example) = match role {
        Role::Input => ("unit", "mV"),
        _ => ("default", "-65 mV"),
    };
    let missing = || {
        let message = format!("`{word}` needs the {what} of `{name}`");
        syn::Error::new_spanned(attr, with_help(message, format!("write `#[{word}({example})]`")))
    };
    let Meta::List(list) = &attr.meta else { return Err(missing()) };
    if list.tokens.is_empty() {
        return Err(missing());
    }
    let parser = |input: ParseStream| {
        let value = if role == Role::Input {
            (parse_unit(input)?, 0.0)
        } else {
            let quantity = Quantity::parse(input)?;
            (quantity.unit, quantity.value)
        };
        if input.is_empty() {
            return Ok(value);
        }
        let what = if role == Role::Input { "one unit" } else { "one quantity" };
        Err(error(input.span(), format!("{what} stands here, this is more"), format!("write `#[{word}({example})]`")))
    };
    parser.parse2(list.tokens.clone())
}
