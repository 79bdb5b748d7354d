//! Whether a model admits a method: a check that `network!` makes while compiling.

use core::marker::PhantomData;

use super::{Advance, Equations};
use crate::const_text::Text;

/// Knows the methods of a model; see [`ByHand`] for models that are no equations.
#[derive(Debug)]
pub struct Admitted<M>(PhantomData<M>);

impl<M: Equations> Admitted<M> {
    /// The methods that the equations admit, the best one first.
    pub const METHODS: Option<&'static [&'static str]> = Some(<M as Equations>::METHODS);
}

/// Answers for the models whose step is written by hand, since a constant of the type itself comes first.
pub trait ByHand {
    /// None.
    const METHODS: Option<&'static [&'static str]> = None;
}

impl<M> ByHand for Admitted<M> {}

/// A type that exists for models only that a method can advance: what is no neuron is refused at its
/// name.
#[derive(Debug)]
pub struct IsNeuron<M: Advance<I>, I>(PhantomData<(M, I)>);

/// Refuses, while compiling, a method that the model does not admit.
///
/// # Panics
/// That is its purpose: in a constant, a panic is a compile error.
#[track_caller]
pub const fn check_method(model: &str, admitted: Option<&[&str]>, method: &str) {
    let Some(admitted) = admitted else {
        let text = Text::new().text("`").text(model).text("` is written by hand and has its own step");
        panic!("{}", text.text("\nhelp: leave `method` out").as_str())
    };
    let mut i = 0;
    while i < admitted.len() {
        if crate::population::same(admitted[i], method) {
            return;
        }
        i += 1;
    }
    let mut text = Text::new().text("`").text(method).text("` cannot integrate `").text(model).text("`; it admits ");
    i = 0;
    while i < admitted.len() {
        text = text.text(if i > 0 { ", `" } else { "`" }).text(admitted[i]).text("`");
        i += 1;
    }
    panic!("{}", text.as_str())
}
