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

other::network! {
    /// Names of the user's that the generated function uses as well.
    pub struct Wired {
        clock 0.1 ms;
        const rule = 0.5;
        param projections = 1;
        param list = [1, 2, 3, 4, 5];
        given numbers: [5][5];
        let net = projections + rule;
        source source: poisson[5] { rate: 8 Hz, rate_factor: |t| t };
        source clicks: spike_times[2] { spikes: [(0, other::units::Time::from_ms(1.0))] };
        population pre: S[5];
        population post: S[3, 5];
        projection source -> pre { target: x, connect: one_to_one, weight: rust(rule), delay: numbers };
        projection values: [pre, source] -> [pre, post] {
            target: x, connect: poisson([[0.1, 0.2], [net, rule]]), weight: |_, _| 0.5, delay: rust(net),
        };
        projection clicks -> (pre[1..3], post[.., ..2]) { target: x, connect: fixed_prob(rule), weight: uniform(0, 1) };
        projection pre -> post[0, ..] { target: x, connect: one_to_one, weight: list, delay: [1 ms, 2 ms, 0 ms, 0 ms, 0 ms] };
        stimulus pre.x += poisson_input(n: 10, rate: 5 Hz, weight: rule);
        record source.spikes;
        record streams: pre.x;
    }
}

fn main() {
    let ::core::result::Result::Ok(wired) = Wired::builder().numbers([[0.0; 5]; 5]).build() else { ::core::panic!() };
    ::core::assert!(wired.projections().len() == 8);
    use ::core::default::Default as _;
    let (s, seen): (S, inner::Seen<f32>) = (S::default(), inner::Seen::default());
    ::core::assert!(s.x == 1.0 && s.r#type == 1.0 && seen.x == 1.0);
}
