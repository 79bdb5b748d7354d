//! Poisson spikes onto each neuron, from sources that are not simulated:
//! `stimulus exc.v += poisson_input(n: 1000, rate: 8 Hz, weight: 0.1 mV);`

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::source::frequency;
use super::synapses::{Kind, Synapses, Target};
use super::{Lowering, Stimulus};
use crate::diag::{Sink, with_help};
use crate::network::named::Amount;
use crate::network::plan::{self, Mode};
use crate::network::scalar::{arguments_with, check_range, pure, user_call};
use crate::network::value::{Call, Value, real};

/// The word.
pub(super) const WORD: &str = "poisson_input";
const OPTIONS: [&str; 3] = ["n", "rate", "weight"];
const FORM: &str = "write `poisson_input(n: 1000, rate: 8 Hz, weight: 0.1 mV)`";

impl Lowering<'_, '_> {
    /// The statement that adds the spikes to the local `net`.
    pub(super) fn poisson_input(
        &mut self,
        stimulus: &Stimulus,
        call: &Call,
        population: &plan::Population<'_>,
        sink: &mut Sink,
    ) -> Option<TokenStream> {
        let Stimulus { population: written, variable, neurons, operator, .. } = stimulus;
        if *operator != "Add" {
            let help = "write `+=`, with a negative weight for inhibition";
            sink.error(variable.span(), with_help("Poisson spikes are added to what arrives", help));
        }
        if neurons.is_some() {
            let help = format!("leave the brackets out, or project a source `poisson[..]` onto a part of `{written}`");
            sink.error(written.span(), with_help("`poisson_input` goes to all neurons of a population", help));
        }
        if let Some(arg) = call.args.iter().find(|arg| arg.name.is_none()) {
            sink.error(arg.span(), with_help("the values of `poisson_input` have names", FORM));
            return None;
        }
        let (_, given) = arguments_with(call, &[], OPTIONS, sink)?;
        let [Some(n), Some(rate), Some(weight)] = given else {
            for (name, _) in OPTIONS.iter().zip(given).filter(|(_, value)| value.is_none()) {
                sink.error(call.name.span(), with_help(format!("`poisson_input` has no `{name}`"), FORM));
            }
            return None;
        };
        let whole = |n: f64| n >= 0.0 && n.fract() == 0.0 && n < u64::MAX as f64;
        check_range(n, whole, "a number of sources is whole and not negative", FORM, sink);
        let n = pure(n, "a number of sources", sink);
        let rate = frequency(rate, "a rate", sink);
        let (krate, model) = (self.krate, population.model);
        let field = variable.unraw().to_string();
        let call = quote_spanned! {variable.span()=>
            __check(<#model as __Model>::NAME, <#model as __Model>::FIELDS, #field, ::core::option::Option::None)
        };
        self.constants.extend(quote! {
            const _: () = {
                use #krate::__private::{Model as __Model, check_target as __check};
                #call;
            };
        });
        let weight = self.background_weight(weight, &Target { post: model, pre: None, field: Some(variable) }, sink);
        let name = written.unraw().to_string();
        Some(quote_spanned! {Span::mixed_site()=>
            net.poisson_input(&__binnet::poisson_input(#name, #field, #n, #rate, #weight)?)?;
        })
    }

    /// Code for the weight, in the unit of the target.
    fn background_weight(&mut self, value: &Value, target: &Target<'_>, sink: &mut Sink) -> TokenStream {
        let mut synapses = Synapses {
            krate: self.krate,
            kind: Kind::Weight,
            targets: std::slice::from_ref(target),
            shape: (1, 1),
            mode: Mode::Single,
            constants: self.constants,
        };
        synapses.check(value, &[target], sink);
        match value {
            Value::Quantity(quantity) => synapses.convert(Amount::Literal(quantity), target),
            Value::Named(named) => synapses.convert(Amount::Named(named), target),
            Value::Rust(expr) | Value::Explicit(expr) => real(expr),
            Value::Call(call) => user_call(call, sink),
            Value::Array(..) | Value::Closure(_) => {
                let help = "weights of their own need a source: `source noise: poisson[1000] { rate: 8 Hz };`";
                sink.error(value.place(), with_help("all spikes of `poisson_input` have one weight", help));
                quote!(0.0)
            }
        }
    }
}
