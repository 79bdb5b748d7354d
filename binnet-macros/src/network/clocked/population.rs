//! Populations of networks with a clock: sizes, fields, methods.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Expr, Ident};

use super::{Clocked, Lowering};
use crate::diag::{Sink, did_you_mean, with_help};
use crate::methods::METHODS;
use crate::network::model::{Key, Population};
use crate::network::plan;
use crate::network::populations::{field_checks, field_init, once};
use crate::network::sizes::{CheckKind, Size};
use crate::network::value::{Arg, Call, Value, span_of};

/// Keys that the framework understands on a population.
const KEYS: [&str; 1] = ["method"];

impl Lowering<'_, '_> {
    /// Checks a population; its checks against the model become item constants.
    pub(crate) fn population<'p>(
        &mut self,
        written: &'p Population,
        clocked: &mut Clocked,
        sink: &mut Sink,
    ) -> plan::Population<'p> {
        let name = &written.name;
        let (size, grid) = self.dimensions(written, sink);
        let clusters = written.clusters.as_ref().and_then(|clusters| self.scope.size(clusters, sink));
        if let Some(size) = &size {
            self.checks.add(CheckKind::Size, span_of(&written.size.to_token_stream()), &[name], &[size], sink);
            if let (Some(clusters), Some(expr)) = (&clusters, &written.clusters) {
                let place = span_of(&expr.to_token_stream());
                self.checks.add(CheckKind::Clusters, place, &[name], &[size, clusters], sink);
            }
        }
        let size = size.unwrap_or(Size::Known(1));
        let (mut fields, mut method) = (written.fed.clone(), None);
        for key in once(&written.keys, sink) {
            match key.name.to_string().as_str() {
                "method" => method = self.method(written, key, sink),
                // `tau` is a field like others here.
                "init" => {
                    let help = "give the states their first values by name, as in `v: -65 mV`";
                    let message = "a population of a network with a clock has no `init`";
                    sink.error(key.name.span(), with_help(message, help));
                }
                field => {
                    self.constants.extend(field_checks(written, key, self.krate, &KEYS));
                    fields.push((field.to_owned(), field_init(&key.value, field, &written.model, &size, sink)));
                }
            }
        }
        self.constants.extend(self.is_neuron(written, method.as_ref()));
        self.constants.extend(self.required(written, &fields));
        self.constants.extend(clocked.precision.as_ref().map(|real| self.is_stored(written, real)));
        clocked.methods.push(method);
        let docs = &written.docs;
        plan::Population {
            docs,
            name,
            model: &written.model,
            grid,
            clusters,
            fields,
            tau: None,
            init: None,
            drives: Vec::new(),
            size,
        }
    }

    /// The number of neurons, and rows and columns where these are given.
    fn dimensions(&self, written: &Population, sink: &mut Sink) -> (Option<Size>, Option<[Size; 2]>) {
        let size = self.scope.size(&written.size, sink);
        let Some(columns) = &written.columns else { return (size, None) };
        let (Some(rows), Some(columns_size)) = (size, self.scope.size(columns, sink)) else { return (None, None) };
        match rows.times(&columns_size) {
            Some(Size::Derived(_, params)) => {
                let message = format!("rows times columns computes with the parameter `{}`", params[0]);
                let help = "Rust does not allow that in a size: use numbers or constants for both";
                sink.error_over(columns, with_help(message, help));
                (None, None)
            }
            Some(size) => (Some(size), Some([rows, columns_size])),
            None => {
                sink.error_over(columns, with_help("rows times columns is too large", "check the sizes"));
                (None, None)
            }
        }
    }

    /// The type of a method; that the model admits it becomes an item constant.
    fn method(&mut self, written: &Population, key: &Key, sink: &mut Sink) -> Option<TokenStream> {
        let names = || METHODS.iter().map(|method| method.name);
        let word = match &key.value {
            Value::Rust(expr) => match &**expr {
                Expr::Path(path) => path.path.get_ident().cloned(),
                _ => None,
            },
            Value::Call(call) if call.name == "rk2" => Some(call.name.clone()),
            _ => None,
        };
        let Some(word) = word else {
            let help = format!("methods are {}", crate::diag::list(names(), "and"));
            sink.error(key.value.place(), with_help("a method is named by one word", help));
            return None;
        };
        let text = word.to_string();
        let Some(method) = METHODS.iter().find(|method| method.name == text) else {
            let help = did_you_mean(&text, names(), "methods are");
            sink.error(word.span(), with_help(format!("no method `{word}`"), help));
            return None;
        };
        let ty = Ident::new(method.path, Span::call_site());
        let ty = match &key.value {
            Value::Call(call) => {
                let (numerator, denominator) = self.beta(call, sink)?;
                quote!(#ty::<#numerator, #denominator>)
            }
            _ => quote!(#ty),
        };
        let (krate, model) = (self.krate, &written.model);
        let call = quote_spanned! {word.span()=>
            __check(<#model as __Model>::NAME, __Admitted::<#model>::METHODS, #text)
        };
        self.constants.extend(quote! {
            const _: () = {
                #[allow(unused_imports, reason = "models with equations answer for themselves")]
                use #krate::__private::{
                    Admitted as __Admitted, ByHand as _, Model as __Model, check_method as __check,
                };
                #call;
            };
        });
        Some(ty)
    }

    /// The parameter of `rk2(2/3)`, as a ratio of whole numbers.
    fn beta(&self, call: &Call, sink: &mut Sink) -> Option<(Literal, Literal)> {
        let whole = |expr: &Expr| match expr {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) => lit.base10_parse::<u32>().ok(),
            _ => None,
        };
        let ratio = match call.args.as_slice() {
            [Arg { name: None, value: Value::Quantity(quantity), .. }] if quantity.unit.is_none() => {
                // Decimal digits are a ratio; six of them tell all methods of the family apart.
                Some(((quantity.value * 1e6).round() as u32, 1_000_000)).filter(|_| quantity.value < 4000.0)
            }
            [Arg { name: None, value: Value::Rust(expr), .. }] => match &**expr {
                Expr::Binary(binary) if matches!(binary.op, syn::BinOp::Div(_)) => {
                    whole(&binary.left).zip(whole(&binary.right))
                }
                _ => None,
            },
            _ => None,
        };
        let Some((numerator, denominator)) = ratio.filter(|(a, b)| *a > 0 && *b > 0) else {
            let help = "write `rk2(2/3)` (Ralston), `rk2(0.5)` (midpoint) or `rk2(1)` (Heun)";
            sink.error(call.name.span(), with_help("`rk2` takes one number above 0", help));
            return None;
        };
        Some((Literal::u32_unsuffixed(numerator), Literal::u32_unsuffixed(denominator)))
    }

    /// That nothing is missing which the model has no default for becomes an item constant.
    fn required(&self, written: &Population, fields: &[(String, TokenStream)]) -> TokenStream {
        let (krate, model) = (self.krate, &written.model);
        let given = fields.iter().map(|(name, _)| name);
        let call = quote_spanned! {span_of(&model.to_token_stream())=>
            __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, &[#(#given),*])
        };
        quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_required as __check};
                #call;
            };
        }
    }

    /// What is no neuron is reported at the model's name.
    fn is_neuron(&self, written: &Population, method: Option<&TokenStream>) -> TokenStream {
        if method.is_some() {
            return TokenStream::new();
        }
        let (krate, model) = (self.krate, written.bare.as_ref().unwrap_or(&written.model));
        let span = span_of(&model.to_token_stream());
        let ty = quote_spanned!(span=> __IsNeuron<#model, <#model as __Model>::Method>);
        quote! {
            const _: () = {
                use #krate::__private::{IsNeuron as __IsNeuron, Model as __Model};
                const _: ::core::option::Option<#ty> = ::core::option::Option::None;
            };
        }
    }

    /// Fields that are not of the network's precision are reported at the model's name.
    fn is_stored(&self, written: &Population, real: &Ident) -> TokenStream {
        let (krate, model) = (self.krate, written.bare.as_ref().unwrap_or(&written.model));
        let span = span_of(&model.to_token_stream());
        let ty = quote_spanned!(span=> __IsStored<#model, ::core::primitive::#real>);
        quote! {
            const _: () = {
                use #krate::__private::IsStored as __IsStored;
                const _: ::core::option::Option<#ty> = ::core::option::Option::None;
            };
        }
    }
}
