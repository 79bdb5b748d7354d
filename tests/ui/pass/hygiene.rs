//! Generated code uses absolute paths only, finds the library under another name, and warns of nothing.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, clippy::all)]

use ::binnet_tests::renamed as other;

/// Names that generated code must not pick up.
pub struct Result;
/// Another one.
pub struct Population;
/// And another one.
pub struct Option;

/// A model with fields of all kinds.
#[derive(::core::clone::Clone, other::Population)]
#[population(crate = other)]
pub struct Old {
    /// Named like a keyword.
    #[local(1)]
    pub r#type: f64,
    #[state(-65 mV)]
    v: f32,
    #[param(5 %)]
    p: f64,
    #[input(mV/ms)]
    i: f32,
}

/// A model without fields.
#[derive(::core::clone::Clone, other::Population)]
#[population(crate = other)]
pub struct Coin {}

impl other::population::BinaryNeuron for Coin {
    fn probability(&self, _field: f64) -> f64 {
        0.5
    }
}

other::network! {
    /// Locals of the user's with names that the generated function uses as well.
    pub struct Renamed {
        asynchronous;
        const weights = 0.5;
        param plan = 1;
        given values: [5][5];
        let streams = plan + weights;
        population pre: Coin[5] { tau: 10 ms };
        population post: other::population::Binary[5] { threshold: streams, tau: 10 ms };
        projection [pre, post] -> [pre, post] { connect: poisson(0.1), weight: weights };
        projection (pre, post) -> post { connect: poisson(0.1), weight: streams };
        projection pre -> post { connect: dense, weight: values };
    }
}

other::network! {
    /// Private, without parameters.
    struct Private<const N: usize> {
        asynchronous;
        population a: Coin[N] { tau: 10 ms };
    }
}

mod inner {
    ::binnet_tests::renamed::network! {
        /// Seen from outside its module.
        pub(super) struct Seen {
            asynchronous;
            population a: ::binnet_tests::renamed::population::Binary[5] { tau: 10 ms };
        }
    }
}

fn main() {
    use ::core::result::Result::Ok;
    let Ok(net) = Renamed::builder().seed(1).values([[0.0; 5]; 5]).build() else { ::core::panic!("it builds") };
    let _ = (net.populations().pre.len(), Old { r#type: 1.0, v: 0.0, p: 0.0, i: 0.0 }.r#type);
    let _ = (Private::<3>::builder().build(), inner::Seen::builder().build());
}
