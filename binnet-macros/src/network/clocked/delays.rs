//! Delays that are written out: where the clock is another one than the declared one, they are checked again.

use binnet_units::Dimension;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;

use super::time::in_ms;
use crate::network::model::{Item, Network};
use crate::network::value::Value;

/// Code for a list of name, text and ms of each delay of a projection that is a quantity; none if there are none.
pub(crate) fn written(network: &Network) -> Option<TokenStream> {
    let mut delays = Vec::new();
    for item in &network.items {
        let Item::Projection(projection) = item else { continue };
        let name = match &projection.name {
            Some(name) => {
                let name = name.unraw().to_string();
                quote!(::core::option::Option::Some(#name))
            }
            None => quote!(::core::option::Option::None),
        };
        for key in projection.keys.iter().filter(|key| key.name == "delay") {
            if let Value::Quantity(quantity) = &key.value
                && quantity.unit.dimension() == Dimension::TIME
            {
                let (text, ms) = (&quantity.text, in_ms(quantity));
                delays.push(quote!((#name, #text, #ms)));
            }
        }
    }
    (!delays.is_empty()).then(|| quote!(&[#(#delays),*]))
}
