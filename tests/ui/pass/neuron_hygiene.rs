//! Generated code uses absolute paths only, finds the library under another name, and warns of nothing.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, clippy::all)]

use ::binnet_tests::renamed as other;

/// Names that generated code must not pick up.
pub struct Result;
/// Another one.
pub struct Option;
/// And another one.
pub struct Clone;

other::neuron! {
    /// Names that generated code uses as well.
    pub struct S {
        param T = 5 ms;
        param N = 2;
        local r#type = 1;
        state x = 1;
        state held = 0 in 0..=2;
        state cx = 0;
        input rate: 1/ms;

        let slope = x * x * r#type;
        let coefficients = slope * slope;
        let slope_slope = coefficients + slope;
        dx/dt = -slope_slope / T + rate;
        dheld/dt = (held - x * N) / T by rk4;
        dcx/dt = -cx / T;

        spike when x > 5 {
            let spikes_now = x;
            x = spikes_now - 5;
            refractory T holding x, cx;
        }
    }
}

mod inner {
    ::binnet_tests::renamed::neuron! {
        /// Seen from outside its module.
        pub(super) struct Seen {
            state x = 1;
            dx/dt = -x / 5 ms;
        }
    }
}

fn main() {
    use ::core::default::Default as _;
    let (s, seen): (S, inner::Seen<f32>) = (S::default(), inner::Seen::default());
    ::core::assert!(s.x == 1.0 && s.r#type == 1.0 && seen.x == 1.0);
}
