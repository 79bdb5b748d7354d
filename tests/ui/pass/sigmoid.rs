//! A gain of one's own, next to the stock one, and every kind of value.
#![deny(warnings, missing_docs, clippy::all)]

use binnet::prelude::*;

/// A neuron with a sigmoid gain.
#[derive(Population, Clone)]
pub struct SigmoidBinary {
    #[local(1)]
    threshold: f64,
    #[param(0.1)]
    width: f64,
    #[local(20 ms)]
    window: f32,
}

impl BinaryNeuron for SigmoidBinary {
    #[inline]
    fn probability(&self, field: f64) -> f64 {
        1.0 / (1.0 + (-(field - self.threshold) / self.width).exp()) + 0.0 * f64::from(self.window)
    }
}

/// The size of a population.
const N_B: usize = 40;

network! {
    /// Something of everything.
    pub struct Everything<const N: usize = 100> {
        asynchronous;
        const half = 50;
        /// A gain that may be set.
        param gain = 0.5;
        param waits = [5 ms, 0.01 s];
        given w: [N][half];
        source bg: poisson(3);
        source wave: of_time(move |t| gain * (t / 100.0).sin());
        let levels = [0.25; N];

        population a: SigmoidBinary[N] { threshold: uniform(0.5, 1), width: 20 %, window: 0.02 s, init: exact(20 %), tau: 10 ms };
        /// Documented.
        population b: Binary[N_B] in clusters[5] { threshold: |i| i as f64, tau: 0.02 s, init: |i| (i % 2) as f64 };
        population c: SigmoidBinary[half] in clusters[5] { threshold: normal(1, 0.1), window: uniform(1 ms, 0.002 s), init: 0, tau: 10 ms };
        population d: Binary[N] { threshold: levels, tau: 10 ms };

        projection bg -> (a, b) { weight: 0.1 };
        projection wave -> a { weight: -gain };
        projection a -> c { connect: dense, weight: w };
        projection c -> a { connect: dense_post_pre, weight: w };
        projection fast: b -> (b, c) where same cluster { connect: fixed_in_degree(3, multapses: false), weight: 0.2 };
        projection [a, b] -> c { connect: fixed_prob([[0.1, .2]]), weight: [[1, gain]] };
        projection [a, b] -> [a, b] { connect: fixed_in_degree([[1, 2], [3, 4]]), weight: -1 };
        projection shares: [a, b] -> a { connect: fixed_in_degree(0.25), weight: 1 };
        projection a -> (a, b) { connect: fixed_in_degree(half as usize), weight: 1 };
        projection a -> a { connect: all_to_all(autapses: true), weight: 1 };
        projection b -> b { connect: one_to_one(), weight: -1 };
        projection b -> b { connect: edges([(0, 1), (1, 2)]), weight: -1 };
        projection b -> b { connect: weighted_edges([(0, 1, 0.5)]) };
        projection b -> b { connect: binnet::connect::from_fn("next", |pre, post| u16::from(post == pre + 1)), weight: 1 };

        record flips;
    }
}

fn main() -> binnet::Result<()> {
    let net = <Everything>::builder().seed(3).gain(2.0).waits([1.0, 2.0]).w([[0.0; 50]; 100]).build()?;
    let populations = net.populations();
    assert_eq!(populations.a.width, 0.2);
    assert_eq!(populations.a.window[7], 20.0);
    assert_eq!(populations.b.threshold[39], 39.0);
    assert!(populations.c.window.iter().all(|w| (1.0..2.0).contains(w)));
    assert_eq!(populations.d.threshold[99], 0.25);
    let params = EverythingParams::default();
    assert_eq!((params.gain, params.waits), (0.5, [5.0, 10.0]));
    let missing = <Everything>::builder().build().expect_err("the matrix is missing");
    assert!(missing.to_string().contains(".w(array)"), "{missing}");
    assert_eq!(<Everything as Network>::INFO.params[0].doc, "A gain that may be set.");
    assert!(<Everything>::builder().set("waits", "[1 ms, 2 s]").is_ok());
    let mut builder = Everything::<20>::new_builder().params(params).options(|options| options.seed = 5);
    assert!(builder.options_mut().record_flips);
    Ok(())
}
