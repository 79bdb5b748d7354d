//! A name stands for a quantity of its unit.
#![deny(warnings)]

use binnet::prelude::*;

/// A neuron with a window for each and one for all.
#[derive(Population, Clone)]
pub struct Windowed {
    #[local(1)]
    threshold: f64,
    #[local(20 ms)]
    window: f64,
    #[param(-1 mV)]
    offset: f64,
}

impl BinaryNeuron for Windowed {
    fn probability(&self, field: f64) -> f64 {
        field - self.threshold * self.window * self.offset
    }
}

network! {
    /// Units of names are converted.
    pub struct Converted {
        asynchronous;
        param t = 0.02 s;
        const short = 5 ms;
        param low = 0.01 s;
        param windows = [1 ms, 0.002 s];
        param v = 2 V;
        param j = 0.5;
        let doubled = 2.0 * t;

        source drive: constant(j);
        population a: Windowed[2] { window: windows, offset: -v, threshold: [j, 1], tau: t };
        population b: Windowed[2] { window: uniform(low, t), offset: v, threshold: 2 * j, tau: (short) };
        population c: Windowed[2] { window: [short, t], tau: rust(1e3 * doubled), init: bernoulli(j) };
        population d: Windowed[2] { window: f64::from(3), tau: f64::max(7.0, t) };
        projection [a, b] -> a { connect: poisson([[j, 1]]), weight: [[-j, j]] };
        projection drive -> a { weight: -j };
    }
}

fn main() -> binnet::Result<()> {
    let net = Converted::builder().seed(1).build()?;
    let p = net.populations();
    assert_eq!((p.a.window.to_vec(), p.a.offset, p.a.threshold[0]), (vec![1.0, 2.0], -2000.0, 0.5));
    assert!(p.b.window.iter().all(|w| (10.0..=20.0).contains(w)));
    assert_eq!((p.b.offset, p.c.window.to_vec(), p.d.window[0]), (2000.0, vec![5.0, 20.0], 3.0));
    let summary = net.summary().to_string();
    for tau in ["a: 2 neurons, tau 20 ms", "b: 2 neurons, tau 5 ms", "c: 2 neurons, tau 40 ms", "d: 2 neurons, tau 7 ms"] {
        assert!(summary.contains(tau), "{summary}");
    }
    let error = |name, value| match Converted::builder().set(name, value) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let pure = "`j` is a pure number, but `3 mV` is a voltage\nhelp: write a number without a unit";
    assert!(error("j", "3 mV").contains(pure), "{}", error("j", "3 mV"));
    let time = "`t` is a time (s), but `3` is a pure number\nhelp: write it in s";
    assert!(error("t", "3").contains(time), "{}", error("t", "3"));
    let set = Converted::builder().set("t", "30 ms")?.windows([0.5, 3.0]).build()?;
    assert_eq!(set.populations().a.window.to_vec(), [0.5, 3.0]);
    assert!(set.summary().to_string().contains("a: 2 neurons, tau 30 ms"), "{}", set.summary());
    Ok(())
}
