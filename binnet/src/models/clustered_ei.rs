//! The clustered E/I network as a library model: sizes and all parameters set at run time.

use crate::asynchronous::{Asynchronous, BuildOptions, NetworkPlan, PopulationSpec, ProjectionSpec, Runtime};
use crate::connect::{self, Pairs};
use crate::error::{BuildError, Result};
use crate::models::{ClusterScaling, Scaling};
use crate::network::{NetworkInfo, ParamInfo, ParamValue};
use crate::population::{Binary, Init};
use crate::units::Dimension;

/// How pairs of neurons are connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Connection {
    /// Poisson numbers of contacts.
    #[default]
    Poisson,
    /// One contact with probability p; sums of draws with the right mean where p exceeds 1.
    Bernoulli,
    /// The Python package's own law for p above 1, only for comparison with its data; see
    /// [`connect::bernoulli_halving`].
    BernoulliHalving,
    /// `p N_pre` inputs for each neuron and pair of clusters.
    FixedInDegree {
        /// Whether a pair may have several contacts.
        multapses: bool,
    },
}

/// The clustered E/I network of binary neurons: `q` clusters of excitatory and inhibitory neurons,
/// clustered by connection probability (kappa 0), by weight (kappa 1) or both.
///
/// The same network as in the example `clustered_ei`, where it is one block of the language with
/// sizes as types; here they are run-time values. See [`ClusterScaling`] for the equations.
///
/// ```
/// use binnet::models::ClusteredEi;
/// use binnet::units::Units as _;
/// # fn main() -> binnet::Result<()> {
/// let model = ClusteredEi { q: 4, n_e: 400, n_i: 100, r_e_plus: 3.0, m_x: 0.13, ..ClusteredEi::default() };
/// let mut net = model.build(1)?;
/// net.run(100.ms())?;
/// println!("{}", net.summary());
/// # Ok(())
/// # }
/// ```
///
/// # Source
/// V. Rostami et al., Nature Communications 15, 6304 (2024); `kappa` and the derivation of the
/// parameters: F. J. Schmitt and co-workers, the Python package `BinaryNetwork` of EI-Clustering.
#[derive(Clone, Debug)]
pub struct ClusteredEi {
    /// Number of clusters; divides both sizes.
    pub q: usize,
    /// Excitatory neurons.
    pub n_e: usize,
    /// Inhibitory neurons.
    pub n_i: usize,
    /// Threshold before the drive.
    pub v_th: f64,
    /// Connection probabilities before clustering, `[post][pre]`, E first.
    pub p0: [[f64; 2]; 2],
    /// Clustering of E to E, 1 (none) to `q`.
    pub r_e_plus: f64,
    /// Share of that clustering that the other connections have.
    pub r_j: f64,
    /// 0: clustered by probability, 1: by weight.
    pub kappa: f64,
    /// Relative strength of inhibition onto E.
    pub g: f64,
    /// Activity of the external drive, folded into the thresholds.
    pub m_x: f64,
    /// Mean update interval of E neurons, in ms.
    pub tau_e: f64,
    /// Mean update interval of I neurons, in ms.
    pub tau_i: f64,
    /// How pairs are connected.
    pub connection: Connection,
    /// States of E at the start; [`Init::ByCluster`] sets them cluster by cluster.
    pub init_e: Init,
    /// States of I at the start.
    pub init_i: Init,
}

impl Default for ClusteredEi {
    /// The paper's network: 8000 + 2000 neurons in 20 clusters, R_E+ 7.25, R_j 0.75, kappa 1.
    fn default() -> Self {
        Self {
            q: 20,
            n_e: 8000,
            n_i: 2000,
            v_th: 1.0,
            p0: [[0.3; 2]; 2],
            r_e_plus: 7.25,
            r_j: 0.75,
            kappa: 1.0,
            g: 1.2,
            m_x: 0.03,
            tau_e: 10.0,
            tau_i: 5.0,
            connection: Connection::Poisson,
            init_e: Init::Bernoulli(0.2),
            init_i: Init::Bernoulli(0.2),
        }
    }
}

const fn param(name: &'static str, doc: &'static str) -> ParamInfo {
    ParamInfo { name, unit: "1", dimension: Dimension::ONE, scale: 1.0, doc }
}

const fn time(name: &'static str, doc: &'static str) -> ParamInfo {
    ParamInfo { name, unit: "ms", dimension: Dimension::TIME, scale: 1e-3, doc }
}

impl ClusteredEi {
    /// Its name and what can be set by name.
    pub const INFO: NetworkInfo = NetworkInfo::of(
        "ClusteredEi",
        "Clustered E/I network on the wiring-weight continuum.",
        &[
            param("q", "number of clusters"),
            param("n_e", "excitatory neurons"),
            param("n_i", "inhibitory neurons"),
            param("v_th", "threshold before the drive"),
            param("p0", "connection probabilities before clustering, [post][pre]"),
            param("r_e_plus", "clustering of E to E"),
            param("r_j", "share of that clustering that other connections have"),
            param("kappa", "0: clustered by probability, 1: by weight"),
            param("g", "relative strength of inhibition onto E"),
            param("m_x", "activity of the external drive"),
            time("tau_e", "mean update interval of E neurons"),
            time("tau_i", "mean update interval of I neurons"),
        ],
    );

    /// Sets a parameter by name from text: `set("r_e_plus", "8")`, `set("tau_e", "12 ms")`.
    ///
    /// # Errors
    /// For an unknown name (with the nearest one), a text that is no value, a wrong unit or shape.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let Some(info) = Self::INFO.params.iter().find(|p| p.name == name) else {
            let names: Vec<_> = Self::INFO.params.iter().map(|p| p.name).collect();
            return Err(BuildError::unknown("parameter of `ClusteredEi`", name, &names).into());
        };
        match name {
            "q" => self.q = size(value, info)?,
            "n_e" => self.n_e = size(value, info)?,
            "n_i" => self.n_i = size(value, info)?,
            "p0" => self.p0 = <[[f64; 2]; 2]>::read(value, info)?,
            _ => {
                let value = f64::read(value, info)?;
                match name {
                    "v_th" => self.v_th = value,
                    "r_e_plus" => self.r_e_plus = value,
                    "r_j" => self.r_j = value,
                    "kappa" => self.kappa = value,
                    "g" => self.g = value,
                    "m_x" => self.m_x = value,
                    "tau_e" => self.tau_e = value,
                    _ => self.tau_i = value,
                }
            }
        }
        Ok(())
    }

    /// The probabilities, weights and thresholds that follow from the parameters.
    ///
    /// # Errors
    /// For parameters out of range; see [`ClusterScaling::derive`].
    pub fn scaling(&self) -> Result<Scaling> {
        let Self { q, n_e, n_i, v_th, p0, r_e_plus, r_j, kappa, g, .. } = *self;
        // The scaling alone clips a negative R_E+, for comparison; a network of it makes no sense.
        if r_e_plus < 0.0 {
            return Err(BuildError::Value {
                what: "`r_e_plus`".to_owned(),
                problem: format!("is {r_e_plus}"),
                help: "clustering lies between 0 and the number of clusters; 1 is none".to_owned(),
            }
            .into());
        }
        let scaling = ClusterScaling { q, n_e, n_i, v_th, p0, r_e_plus, r_j, kappa, g }.derive();
        scaling.map_err(|source| {
            BuildError::Let { network: "ClusteredEi", name: "scaling", source: Box::new(source) }.into()
        })
    }

    /// Draws the connections of a seed and builds the network.
    ///
    /// # Errors
    /// For parameters out of range, and for what exceeds the memory budget.
    pub fn build(&self, seed: u64) -> Result<Asynchronous<Runtime<Binary>>> {
        self.build_with(BuildOptions::seeded(seed))
    }

    /// As [`build`](Self::build), with options.
    ///
    /// # Errors
    /// For parameters out of range, and for what exceeds the memory budget.
    pub fn build_with(&self, options: BuildOptions) -> Result<Asynchronous<Runtime<Binary>>> {
        let scaling = self.scaling()?;
        let mut plan = NetworkPlan::new("ClusteredEi", options);
        let population =
            |name, size, tau, init: &Init| PopulationSpec::new(name, size).clusters(self.q).tau(tau).init(init.clone());
        plan.population(population("e", self.n_e, self.tau_e, &self.init_e));
        plan.population(population("i", self.n_i, self.tau_i, &self.init_i));
        let blocks =
            [(Pairs::SameCluster, scaling.p_in, scaling.j_in), (Pairs::OtherCluster, scaling.p_out, scaling.j_out)];
        // One cluster has no other.
        let kinds = if self.q == 1 { 1 } else { 2 };
        for (group, (pairs, p, j)) in blocks.into_iter().take(kinds).enumerate() {
            for (post, pre) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let spec = self.connection.projection(pre, post, p[post][pre], j[post][pre]);
                plan.projection(spec.pairs(pairs).group(group));
            }
        }
        let neurons = |n, threshold| vec![Binary { threshold }; n];
        let (theta_e, theta_i) = (scaling.theta_e(self.m_x), scaling.theta_i(self.m_x));
        plan.build(Runtime::new(vec![neurons(self.n_e, theta_e), neurons(self.n_i, theta_i)]))
    }
}

impl Connection {
    fn projection(self, pre: usize, post: usize, p: f64, weight: f64) -> ProjectionSpec {
        match self {
            Self::Poisson => ProjectionSpec::new(pre, post, connect::poisson(p), weight),
            Self::Bernoulli => ProjectionSpec::new(pre, post, connect::bernoulli_sum(p), weight),
            Self::BernoulliHalving => ProjectionSpec::new(pre, post, connect::bernoulli_halving(p), weight),
            Self::FixedInDegree { multapses: true } => {
                ProjectionSpec::new(pre, post, connect::fixed_in_degree(p), weight)
            }
            Self::FixedInDegree { multapses: false } => {
                ProjectionSpec::new(pre, post, connect::fixed_in_degree_without_multapses(p), weight)
            }
        }
    }
}

/// A whole number of neurons or clusters.
fn size(text: &str, info: &ParamInfo) -> Result<usize> {
    let value = f64::read(text, info)?;
    if value.fract() == 0.0 && (1.0..1e9).contains(&value) {
        return Ok(value as usize);
    }
    Err(BuildError::Value {
        what: format!("`{}`", info.name),
        problem: format!("cannot be `{text}`"),
        help: "give a whole number of at least 1".to_owned(),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> ClusteredEi {
        ClusteredEi { q: 4, n_e: 240, n_i: 60, r_e_plus: 2.5, ..ClusteredEi::default() }
    }

    #[test]
    fn set_by_name() {
        let mut model = small();
        for (name, value) in [("r_e_plus", "3"), ("tau_e", "0.02 s"), ("q", "6"), ("p0", "[[0.2, 0.2], [0.2, 0.2]]")] {
            model.set(name, value).unwrap();
        }
        assert_eq!((model.r_e_plus, model.tau_e, model.q, model.p0[1][0]), (3.0, 20.0, 6, 0.2));
        assert!(model.set("r_e_pls", "3").unwrap_err().to_string().contains("did you mean `r_e_plus`?"));
        for (name, value) in [("q", "2.5"), ("q", "0"), ("n_e", "-3"), ("tau_e", "5"), ("kappa", "x"), ("p0", "0.3")] {
            assert!(model.set(name, value).is_err(), "{name} = {value}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        for model in [
            ClusteredEi { r_e_plus: 9.0, ..small() },
            ClusteredEi { r_e_plus: -1.0, ..small() },
            ClusteredEi { q: 7, ..small() },
            ClusteredEi { tau_e: 0.0, ..small() },
            ClusteredEi { p0: [[1.3; 2]; 2], ..small() },
            ClusteredEi { init_e: Init::ByCluster(vec![Init::Value(0.0); 3]), ..small() },
        ] {
            assert!(model.build(1).is_err(), "{model:?}");
        }
    }

    #[test]
    fn every_connection_has_the_expected_number_of_contacts() {
        for connection in [
            Connection::Poisson,
            Connection::Bernoulli,
            Connection::BernoulliHalving,
            Connection::FixedInDegree { multapses: true },
            Connection::FixedInDegree { multapses: false },
        ] {
            let net = ClusteredEi { connection, ..small() }.build(3).unwrap();
            // Every pair has 0.3 contacts on average; 5 standard deviations, and the rounding of in-degrees.
            let expected = 0.3 * 300.0 * 300.0;
            let slack = 5.0 * f64::sqrt(expected) + 0.04 * expected;
            assert!((net.synapses() as f64 - expected).abs() < slack, "{connection:?}: {}", net.synapses());
        }
    }

    #[test]
    fn clusters_start_as_told() {
        let mut model = small();
        model.init_e = Init::ByCluster(vec![Init::Value(1.0), Init::Value(0.0), Init::Exact(0.5), Init::Value(0.0)]);
        model.init_i = Init::Value(0.0);
        let states = model.build(1).unwrap().states();
        let ones: Vec<_> = states[..240].chunks(60).map(|c| c.iter().map(|s| u32::from(*s)).sum::<u32>()).collect();
        assert_eq!(ones, [60, 0, 30, 0]);
    }
}
