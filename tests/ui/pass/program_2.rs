//! Program 2 of the language: the clustered E/I network of binary neurons.
#![deny(warnings)]

use binnet::prelude::*;

/// A stand-in for the scaling of the clustered network: what a `let` computes is plain Rust.
struct ClusterScaling {
    q: usize,
    n_e: usize,
    n_i: usize,
    v_th: f64,
    p0: [[f64; 2]; 2],
    r_e_plus: f64,
    r_j: f64,
    kappa: f64,
    g: f64,
}

struct Derived {
    p_in: [[f64; 2]; 2],
    p_out: [[f64; 2]; 2],
    j_in: [[f64; 2]; 2],
    j_out: [[f64; 2]; 2],
    v_th: f64,
}

impl ClusterScaling {
    fn derive(self) -> Result<Derived, std::fmt::Error> {
        if self.r_e_plus > self.q as f64 || self.n_e == 0 || self.n_i == 0 {
            return Err(std::fmt::Error);
        }
        let j = [[1.0, -self.g], [1.0, -self.r_j * self.kappa]];
        Ok(Derived { p_in: self.p0, p_out: self.p0, j_in: j, j_out: j, v_th: self.v_th })
    }
}

impl Derived {
    fn theta_e(&self, m_x: f64) -> f64 {
        self.v_th - m_x
    }
    fn theta_i(&self, m_x: f64) -> f64 {
        self.v_th - 0.8 * m_x
    }
}

network! {
    /// Clustered E/I network on the wiring-weight continuum.
    pub struct ClusteredEi<const Q: usize = 20, const N_E: usize = 8000, const N_I: usize = 2000> {
        asynchronous;                            // one neuron at a time, at rate 1/tau

        param v_th = 1.0;
        param p0 = [[0.3, 0.3], [0.3, 0.3]];     // [post][pre]
        param r_e_plus = 7.25;
        param r_j = 0.75;
        param kappa = 1.0;
        param g = 1.2;
        param m_x = 0.03;
        let scaling = ClusterScaling { q: Q, n_e: N_E, n_i: N_I, v_th, p0, r_e_plus, r_j, kappa, g }.derive()?;   // plain Rust, run at each build

        population e: Binary[N_E] in clusters[Q] { threshold: scaling.theta_e(m_x), tau: 10 ms, init: bernoulli(0.2) };
        population i: Binary[N_I] in clusters[Q] { threshold: scaling.theta_i(m_x), tau: 5 ms,  init: bernoulli(0.2) };

        projection [e, i] -> [e, i] where same cluster  { connect: poisson(scaling.p_in),  weight: scaling.j_in };
        projection [e, i] -> [e, i] where other cluster { connect: poisson(scaling.p_out), weight: scaling.j_out };

        record flips;                            // the diff log
    }
}

fn main() -> binnet::Result<()> {
    let _default = <ClusteredEi>::builder();
    let net = ClusteredEi::<10, 400, 100>::builder().seed(1).p0([[0.1; 2]; 2]).set("r_e_plus", "8")?.build()?;
    assert_eq!(net.populations().e.threshold[399], 1.0 - 0.03);
    assert_eq!(<ClusteredEi as Network>::INFO.params.len(), 7);
    assert!(ClusteredEi::<10, 400, 100>::builder().r_e_plus(11.0).build().is_err());
    assert!(ClusteredEi::<10, 400, 100>::builder().set("r_e_pluss", "8").is_err());
    assert!(<ClusteredEi>::builder().set("v_th", "8 mV").is_err());
    Ok(())
}
