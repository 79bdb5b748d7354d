//! The clustered E/I network at the sizes of the reference.

use binnet::Result;
use binnet::asynchronous::{Asynchronous, BuildOptions, NetworkPlan, PopulationSpec, ProjectionSpec, Runtime};
use binnet::connect::{Pairs, fixed_in_degree, poisson};
use binnet::models::ClusterScaling;
use binnet::population::{Binary, Init};

/// How the pairs are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// Poisson numbers of contacts.
    Poisson,
    /// Fixed in-degree with multapses.
    FixedInDegree,
}

/// A clustered network of the reference: R_j 0.8, g 1.2, start Bernoulli(0.1).
#[derive(Clone, Copy, Debug)]
pub struct Clustered {
    /// Clusters.
    pub q: usize,
    /// Excitatory neurons.
    pub n_e: usize,
    /// Inhibitory neurons.
    pub n_i: usize,
    /// Connection probability before clustering.
    pub p0: f64,
    /// Clustering of E to E.
    pub r_e_plus: f64,
    /// 0: by probability, 1: by weight.
    pub kappa: f64,
    /// External activity.
    pub m_x: f64,
    /// How pairs are connected.
    pub contacts: Contacts,
}

impl Clustered {
    /// 8000 + 2000 neurons in 20 clusters, R_E+ 8.
    pub const LARGE: Self = Self {
        q: 20,
        n_e: 8000,
        n_i: 2000,
        p0: 0.3,
        r_e_plus: 8.0,
        kappa: 0.0,
        m_x: 0.03,
        contacts: Contacts::Poisson,
    };
    /// 1200 + 300 neurons in 6 clusters, R_E+ 4.5.
    pub const SMALL: Self = Self { q: 6, n_e: 1200, n_i: 300, r_e_plus: 4.5, m_x: 0.0775, ..Self::LARGE };

    /// Builds it.
    ///
    /// # Errors
    /// For parameters out of range.
    pub fn build(self, options: BuildOptions) -> Result<Asynchronous<Runtime<Binary>>> {
        let Self { q, n_e, n_i, p0, r_e_plus, kappa, m_x, contacts } = self;
        let scaling =
            ClusterScaling { q, n_e, n_i, v_th: 1.0, p0: [[p0; 2]; 2], r_e_plus, r_j: 0.8, kappa, g: 1.2 }.derive().map_err(
                |source| binnet::BuildError::Let { network: "clustered", name: "scaling", source: Box::new(source) },
            )?;
        let mut plan = NetworkPlan::new("clustered", options);
        let sizes = [n_e, n_i];
        for (name, size, tau) in [("e", n_e, 10.0), ("i", n_i, 5.0)] {
            plan.population(PopulationSpec::new(name, size).clusters(q).tau(tau).init(Init::Bernoulli(0.1)));
        }
        let blocks = [(Pairs::SameCluster, scaling.p_in, scaling.j_in), (Pairs::OtherCluster, scaling.p_out, scaling.j_out)];
        for (group, (pairs, p, j)) in blocks.into_iter().enumerate() {
            for (post, pre) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let spec = match contacts {
                    Contacts::Poisson => ProjectionSpec::new(pre, post, poisson(p[post][pre]), j[post][pre]),
                    Contacts::FixedInDegree => ProjectionSpec::new(pre, post, fixed_in_degree(p[post][pre]), j[post][pre]),
                };
                plan.projection(spec.pairs(pairs).group(group));
            }
        }
        let thresholds = [scaling.theta_e(m_x), scaling.theta_i(m_x)];
        let neurons = (0..2).map(|p| vec![Binary { threshold: thresholds[p] }; sizes[p]]).collect();
        plan.build(Runtime::new(neurons))
    }
}
