//! The clustered E/I networks of the reference.

use binnet::models::ClusteredEi;
use binnet::population::Init;

/// 8000 + 2000 neurons in 20 clusters, R_E+ 8, kappa 0, start Bernoulli(0.1).
#[must_use]
pub fn large() -> ClusteredEi {
    ClusteredEi {
        r_e_plus: 8.0,
        r_j: 0.8,
        kappa: 0.0,
        init_e: Init::Bernoulli(0.1),
        init_i: Init::Bernoulli(0.1),
        ..ClusteredEi::default()
    }
}

/// 1200 + 300 neurons in 6 clusters, R_E+ 4.5; the drive per neuron is that of the large one.
#[must_use]
pub fn small() -> ClusteredEi {
    ClusteredEi { q: 6, n_e: 1200, n_i: 300, r_e_plus: 4.5, m_x: 0.0775, ..large() }
}

/// 80 000 + 20 000 neurons with the in-degree of the large network.
#[must_use]
pub fn huge() -> ClusteredEi {
    ClusteredEi { n_e: 80_000, n_i: 20_000, p0: [[0.03; 2]; 2], ..large() }
}
