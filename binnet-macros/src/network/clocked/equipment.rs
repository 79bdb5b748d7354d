//! `synapse: Model { .. }` in a projection: its checks against the neurons at both ends, and its values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt as _;

use super::Lowering;
use super::synapses::{Kind, Lowered, Synapses, Target, unique};
use crate::diag::{Sink, with_help};
use crate::network::model::{Equipment, Key, Projection};
use crate::network::populations::{checks, once};
use crate::network::value::span_of;
use crate::quantity::number;

/// The values of the fields of a model.
pub(super) struct Fields<'a> {
    model: &'a Path,
    pub(super) each: Vec<(String, Lowered)>,
}

impl Fields<'_> {
    /// Code that gives the synapses of a pair of ends their model.
    pub(super) fn code(&self, pair: usize) -> TokenStream {
        let model = self.model;
        let values = self.each.iter().filter_map(|(name, lowered)| {
            let value = lowered.each.get(pair)?;
            Some(quote!(.with(#name, #value)))
        });
        quote! {
            .with_synapses({
                #[allow(unused_imports, reason = "for types that are no synapses")]
                use __binnet::NoSynapse as _;
                __binnet::Described::<#model>::SPEC() #(#values)*
            })
        }
    }
}

/// Reads the values of a model's fields, and checks them as those of populations are.
pub(super) fn fields<'a>(equipment: &'a Equipment, synapses: &mut Synapses<'_>, sink: &mut Sink) -> Fields<'a> {
    let mut each = Vec::new();
    for key in once(&equipment.keys, sink) {
        let name = key.name.unraw().to_string();
        synapses.constants.extend(value_checks(equipment, &name, key, synapses.krate));
        let mut own = Synapses {
            krate: synapses.krate,
            kind: Kind::Field(&equipment.model, &name),
            targets: synapses.targets,
            shape: synapses.shape,
            mode: synapses.mode,
            constants: synapses.constants,
        };
        let lowered = own.lower(&key.value, sink);
        each.push((name, lowered));
    }
    Fields { model: &equipment.model, each }
}

/// Item constants that check the values of a field.
pub(super) fn value_checks(equipment: &Equipment, field: &str, key: &Key, krate: &TokenStream) -> TokenStream {
    let each = Ident::new("check_each_synapse", Span::call_site());
    checks(&equipment.model, field, key, krate, &[], &each)
}

impl Lowering<'_, '_> {
    /// The model of the synapses, if there is one; that it fits both ends becomes item constants.
    pub(super) fn equipment<'p>(
        &mut self,
        written: &'p Projection,
        targets: &[Target<'_>],
        clock: Option<f64>,
        sink: &mut Sink,
    ) -> Option<&'p Equipment> {
        let equipment = written.synapses.first()?;
        for second in &written.synapses[1..] {
            sink.error(second.word.span(), with_help("`synapse` is given twice", "leave one of them out"));
        }
        let (krate, model) = (self.krate, &equipment.model);
        let private = quote!(#krate::__private);
        let span = span_of(&model.to_token_stream());
        let ty = quote_spanned!(span=> __IsSynapse<#model>);
        // A type, since types are checked before bodies: this error comes before those that follow from it.
        self.constants.extend(quote! {
            const _: () = {
                use #private::IsSynapse as __IsSynapse;
                const _: ::core::option::Option<#ty> = ::core::option::Option::None;
            };
        });
        let delays = clock.filter(|clock| *clock > 0.0).map(|clock| {
            let clock = number(clock, Span::call_site());
            quote_spanned!(span=> __delays(__SYNAPSE, #clock))
        });
        for (i, target) in unique(targets).into_iter().enumerate() {
            let (post, field) = (target.post, Target { pre: None, ..target.clone() }.field(&private));
            let pre = match target.pre {
                None => quote!(::core::option::Option::None),
                Some(pre) => quote! {
                    ::core::option::Option::Some((
                        <#pre as __Model>::NAME, <#pre as __Model>::FIELDS, <#pre as __Model>::OBSERVABLES,
                    ))
                },
            };
            let delivered = quote_spanned!(span=> __delivered(__SYNAPSE, __POST, __FIELD));
            let reads = quote_spanned!(span=> __reads(__SYNAPSE, __PRE, __POST));
            // The same for all targets.
            let delays = delays.iter().filter(|_| i == 0);
            self.constants.extend(quote! {
                #[allow(unused_imports, reason = "for types that are no synapses")]
                const _: () = {
                    use #private::{
                        Ends as __Ends, Model as __Model, NoSynapse as _, check_delays as __delays,
                        check_delivered as __delivered, check_reads as __reads,
                    };
                    const __SYNAPSE: ::core::option::Option<#private::SynapseAbout> =
                        #private::Described::<#model>::ABOUT;
                    const __PRE: ::core::option::Option<__Ends> = #pre;
                    const __POST: __Ends =
                        (<#post as __Model>::NAME, <#post as __Model>::FIELDS, <#post as __Model>::OBSERVABLES);
                    const __FIELD: &::core::primitive::str = #field;
                    #delivered;
                    #reads;
                    #(#delays;)*
                };
            });
        }
        Some(equipment)
    }
}
