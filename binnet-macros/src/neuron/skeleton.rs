//! What stands in the place of the equations of a neuron with errors. Networks of it are fine then, so that the
//! mistake is reported once, where it is.

use proc_macro2::TokenStream;
use quote::quote;

use super::check::Plan;
use super::code::scalar;
use crate::methods::METHODS;

/// The impls that a model without errors would have, without bodies.
pub(crate) fn code(plan: &Plan<'_>) -> TokenStream {
    let (name, vis, krate, scalar) = (plan.name, plan.vis, plan.krate, scalar(plan));
    let missing = quote!(::core::unimplemented!("the neuron has errors"));
    let behaviour = if plan.update.is_some() { stepped(plan, &missing) } else { equations(plan, &missing) };
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, reason = "there are no bodies")]
        const _: () = {
            use #krate::__private;

            impl #name<::core::primitive::f64> {
                /// The equations of the model.
                #[must_use]
                #[allow(dead_code, reason = "a model need not be described")]
                #vis const fn equations() -> __private::ModelText {
                    ::core::panic!("the neuron has errors")
                }
            }

            impl<#scalar: __private::Real> __private::Neuron for #name<#scalar> {
                fn step(&mut self, __cx: &__private::StepContext) -> __private::Spikes {
                    #missing
                }
            }

            #behaviour
        };
    }
}

/// A step of the model's own.
fn stepped(plan: &Plan<'_>, missing: &TokenStream) -> TokenStream {
    let (name, scalar) = (plan.name, scalar(plan));
    quote! {
        impl<#scalar: __private::Real> __private::Stepped for #name<#scalar> {
            type S = #scalar;
            type Prepared<T: __private::Scalar> = [T; 0];

            fn prepare<T: __private::Scalar>(&self, __cx: &__private::StepContext) -> [T; 0] {
                #missing
            }

            fn step(&mut self, __cx: &__private::StepContext, __prepared: &[#scalar; 0]) -> __private::Spikes {
                #missing
            }

            fn reset(&mut self, __cx: &__private::StepContext, __spikes: __private::Spikes) {
                #missing
            }
        }
    }
}

/// Equations that admit every method: which ones the mended neuron admits is not known yet.
fn equations(plan: &Plan<'_>, missing: &TokenStream) -> TokenStream {
    let (name, scalar) = (plan.name, scalar(plan));
    let methods = METHODS.iter().map(|method| method.name);
    let (bool, f64) = (quote!(::core::primitive::bool), quote!(::core::primitive::f64));
    quote! {
        impl<#scalar: __private::Real> __private::Equations for #name<#scalar> {
            type S = #scalar;
            type Vector<T: __private::Scalar> = [T; 0];
            type Noise<T: __private::Scalar> = [T; 0];
            type Diffusion<T: __private::Scalar> = [T; 0];
            type Matrix<T: __private::Scalar> = [T; 0];

            const METHODS: &'static [&'static ::core::primitive::str] = &[#(#methods),*];

            fn state(&self) -> [#scalar; 0] {
                #missing
            }

            fn set_state(&mut self, __x: &[#scalar; 0]) {
                #missing
            }

            fn drift<T: __private::Scalar>(&self, __x: &[T; 0], __t: #f64, __cx: &__private::StepContext) -> [T; 0] {
                #missing
            }

            fn slopes(&self, __x: &[#scalar; 0], __t: #f64, __cx: &__private::StepContext, __frozen: #bool) -> [#scalar; 0] {
                #missing
            }

            fn diffusion<T: __private::Scalar>(&self, __x: &[T; 0], __t: #f64, __cx: &__private::StepContext) -> [T; 0] {
                #missing
            }

            fn holding(&self, held: #bool) -> Self {
                #missing
            }

            fn begin(&mut self, __cx: &__private::StepContext) {
                #missing
            }

            fn clip(&mut self) {
                #missing
            }

            fn spikes(&self, __before: &[#scalar; 0], __cx: &__private::StepContext) -> __private::Spikes {
                #missing
            }

            fn reset(&mut self, __cx: &__private::StepContext, __spikes: __private::Spikes) {
                #missing
            }
        }

        impl<#scalar: __private::Real> __private::Driven for #name<#scalar> {
            type Inputs<T: __private::Scalar> = [T; 0];
            const VARIABLES: &'static [&'static ::core::primitive::str] = &[];
            const INPUTS: &'static [&'static ::core::primitive::str] = &[];
            const LINEAR: #bool = true;
            const LINEAR_OUTPUT: #bool = true;
            const REACHED: &'static [#bool] = &[];

            fn inputs<T: __private::Scalar>(&self) -> [T; 0] {
                #missing
            }

            fn drift_by<T: __private::Scalar>(&self, __x: &[T; 0], __inputs: &[T; 0], __t: #f64, __cx: &__private::StepContext) -> [T; 0] {
                #missing
            }

            fn output<T: __private::Scalar>(&self, __x: &[T; 0], __inputs: &[T; 0], __t: #f64, __cx: &__private::StepContext) -> T {
                #missing
            }

            fn output_slopes(&self, __x: &[#scalar; 0], __t: #f64, __cx: &__private::StepContext, __frozen: #bool) -> [#scalar; 0] {
                #missing
            }
        }
    }
}
