//! Equations whose inputs are variables: what receptors that feed a neuron need of it, and a receptor of its equations.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::check::{Plan, Role};
use super::code::{Place, scalar};
use super::emit::{drift, plain, slopes_of, unpack};
use super::linear::influence;
use super::methods::{are_linear, states};
use super::node::{Id, symbol};
use super::slopes::following;

/// The inputs, in order of declaration.
fn inputs(plan: &Plan<'_>) -> Vec<Id> {
    (0..plan.symbols.len()).filter(|&id| plan.symbols[id].role == Role::Input).collect()
}

/// Whether all equations are linear in variables and inputs together.
pub(crate) fn is_linear(plan: &Plan<'_>) -> bool {
    let variables = [states(plan), inputs(plan)].concat();
    are_linear(plan, plan.equations.iter().map(|e| &e.drift), &variables)
}

/// Row by row, whether the input of the column influences the variable of the row, itself or through others.
fn reached(plan: &Plan<'_>) -> Vec<bool> {
    let (n, influence) = (plan.equations.len(), influence(plan));
    let columns = inputs(plan).into_iter().map(|input| {
        let follows = following(plan, |id| id == input);
        plan.equations.iter().map(|e| e.drift.mentions(&|id| follows(id))).collect::<Vec<_>>()
    });
    let columns: Vec<_> = columns.collect();
    let through = |i: usize, direct: &[bool]| (0..n).any(|k| direct[k] && influence[i * n + k]);
    (0..n).flat_map(|i| columns.iter().map(move |direct| through(i, direct)).collect::<Vec<_>>()).collect()
}

/// The trait `Driven`; stands where `__private` is in scope.
pub(crate) fn code(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar, inputs) = (plan.name, scalar(plan), inputs(plan));
    let (n, m) = (Literal::usize_unsuffixed(plan.equations.len()), Literal::usize_unsuffixed(inputs.len()));
    let variables = states(plan).into_iter().map(|id| plain(&plan.symbols[id].name));
    let fields: Vec<_> = inputs.iter().map(|&id| &plan.symbols[id].name).collect();
    let names = fields.iter().map(|name| plain(name));
    let output = plan.output.map(symbol);
    let variables_and_inputs = [states(plan), inputs.clone()].concat();
    let (linear, linear_output) = (is_linear(plan), are_linear(plan, &output, &variables_and_inputs));
    let reached = reached(plan);
    let place = Place { driven: inputs.clone(), ..Place::generic(plan) };
    let drift = drift(&place);
    let unpack = unpack(plan);
    let given = output.as_ref().map_or_else(
        || quote!(T::of(0.0)),
        |node| {
            let (preamble, value) = (place.preamble([node]), place.code(node));
            quote!(#unpack #preamble #value)
        },
    );
    let slopes = match &output {
        Some(node) => slopes_of(plan, &inputs.iter().map(|&input| (node, input)).collect::<Vec<_>>()),
        None => quote!([#scalar::of(0.0); #m]),
    };
    let (text, bool, f64) =
        (quote!(::core::primitive::str), quote!(::core::primitive::bool), quote!(::core::primitive::f64));
    quote! {
        impl<#scalar: __private::Real> __private::Driven for #name<#scalar> {
            type Inputs<T: __private::Scalar> = [T; #m];
            const VARIABLES: &'static [&'static #text] = &[#(#variables),*];
            const INPUTS: &'static [&'static #text] = &[#(#names),*];
            const LINEAR: #bool = #linear;
            const LINEAR_OUTPUT: #bool = #linear_output;
            const REACHED: &'static [#bool] = &[#(#reached),*];

            #[inline(always)]
            fn inputs<T: __private::Scalar>(&self) -> [T; #m] {
                [#(T::of(__private::Scalar::to_f64(self.#fields))),*]
            }

            #[inline(always)]
            fn drift_by<T: __private::Scalar>(&self, __x: &[T; #n], __inputs: &[T; #m], __t: #f64, __cx: &__private::StepContext) -> [T; #n] {
                #drift
            }

            #[inline(always)]
            fn output<T: __private::Scalar>(&self, __x: &[T; #n], __inputs: &[T; #m], __t: #f64, __cx: &__private::StepContext) -> T {
                #given
            }

            #[inline(always)]
            fn output_slopes(&self, __x: &[#scalar; #n], __t: #f64, __cx: &__private::StepContext, __frozen: #bool) -> [#scalar; #m] {
                #slopes
            }
        }
    }
}
