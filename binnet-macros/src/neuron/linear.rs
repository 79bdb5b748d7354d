//! What is known of linear equations before their parameters are: entries of the propagators that are 0.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

use super::check::Plan;
use super::emit::refractory;
use super::methods;
use super::node::{Id, Shared, number, replace, value};
use super::slopes::following;

/// The constant `STRUCTURE` of equations that admit `exact`; of others, nothing is asked.
pub(crate) fn structure(plan: &Plan<'_>) -> TokenStream {
    if !methods::admitted(plan).names.contains(&"exact") {
        return TokenStream::new();
    }
    let (influence, driven, held) = (influence(plan), driven(plan), held(plan));
    quote! {
        const STRUCTURE: __private::Structure =
            __private::Structure { influence: &[#(#influence),*], driven: &[#(#driven),*], held: &[#(#held),*] };
    }
}

/// Row by row, whether the variable of the column influences that of the row, itself or through others.
pub(crate) fn influence(plan: &Plan<'_>) -> Vec<bool> {
    let n = plan.equations.len();
    let mut influence = vec![false; n * n];
    for (j, from) in plan.equations.iter().enumerate() {
        let follows = following(plan, |id| id == from.state);
        for (i, to) in plan.equations.iter().enumerate() {
            influence[i * n + j] = i == j || to.drift.mentions(&|id| follows(id));
        }
    }
    // Warshall (1962), J. ACM 9.
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                influence[i * n + j] |= influence[i * n + k] & influence[k * n + j];
            }
        }
    }
    influence
}

/// Whether each right-hand side may differ from 0 where all variables are 0.
fn driven(plan: &Plan<'_>) -> Vec<bool> {
    let zero = || number(0.0);
    // Intermediate values that are 0 there.
    let mut known: HashMap<Id, Shared> = plan.equations.iter().map(|e| (e.state, zero())).collect();
    for &id in &plan.lets {
        let at_origin = |definition| replace(definition, &|id| known.get(&id).map(Rc::clone));
        if plan.symbols[id].definition.as_ref().is_some_and(|d| value(&at_origin(d)) == Some(0.0)) {
            known.insert(id, zero());
        }
    }
    let at_origin = |drift| replace(drift, &|id| known.get(&id).map(Rc::clone));
    plan.equations.iter().map(|e| value(&at_origin(&e.drift)) != Some(0.0)).collect()
}

/// Whether each variable is held during refractory periods.
fn held(plan: &Plan<'_>) -> Vec<bool> {
    let counts = refractory(plan).is_some();
    plan.equations.iter().map(|e| counts && plan.held.contains(&e.state)).collect()
}
