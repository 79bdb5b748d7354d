//! Own networks and their statistics.

use binnet::analysis::{ClusterStatistics, ContactMoments, Layout, Trace, class_pairs, cluster_statistics};
use binnet::asynchronous::{
    Asynchronous, BuildOptions, NetworkPlan, PopulationSpec, Precision, ProjectionSpec, Runtime,
};
use binnet::connect::{Pairs, bernoulli_halving, fixed_in_degree, fixed_in_degree_without_multapses, poisson};
use binnet::models::Scaling;
use binnet::population::{Binary, Init};
use ndarray::{Array2, s};

use super::Set;
use crate::conformance::Result;
use crate::conformance::network::Network;
use crate::conformance::numbers::states;
use crate::conformance::parameters::Parameter;
use crate::conformance::replay::Replay;

/// The statistics of one run, under the names of the reference; `None` where one does not exist.
pub(super) struct Run {
    pub(super) scalars: Vec<(String, Option<f64>)>,
    /// The active share of each neuron.
    pub(super) neuron_means: Vec<f64>,
    /// Whether no neuron was active at the end.
    pub(super) silent: bool,
}

/// Larger networks are not asked for their contacts: the matrix would be too large.
const MOST_FOR_CONTACTS: usize = 3000;

/// A network drawn from the parameters of a set, from independent states that are 1 in 10 %.
pub(super) fn drawn(set: &Set, seed: u64) -> Result<Run> {
    let parameter = &set.parameter;
    let scaling = parameter.scaling().derive()?;
    let mut network = clustered(parameter, &scaling, seed)?;
    let mut run = simulate(&mut network, set)?;
    if parameter.n_e + parameter.n_i <= MOST_FOR_CONTACTS {
        contacts(&network.weights(), parameter, &scaling, &mut run);
    }
    Ok(run)
}

/// A network on the matrix and from the states of a replay case, in 64 bits.
pub(super) fn on_matrix(set: &Set, case: &Replay, seed: u64) -> Result<Run> {
    let mut options = BuildOptions::seeded(seed);
    options.precision = Precision::F64;
    let mut network = case.wiring()?.build(options)?;
    network.set_states(&states(&case.initial_state)?)?;
    simulate(&mut network, set)
}

/// The clustered network with the connection law that the parameters name.
fn clustered(parameter: &Parameter, scaling: &Scaling, seed: u64) -> Result<Network> {
    let options = BuildOptions::seeded(seed);
    let mut plan = NetworkPlan::new("clustered", options);
    let start = Init::Bernoulli(0.1);
    plan.population(
        PopulationSpec::new("e", parameter.n_e).clusters(parameter.q).tau(parameter.tau_e).init(start.clone()),
    );
    plan.population(PopulationSpec::new("i", parameter.n_i).clusters(parameter.q).tau(parameter.tau_i()).init(start));
    let (connection, multapses) = parameter.connection();
    let places =
        [(Pairs::SameCluster, scaling.p_in, scaling.j_in), (Pairs::OtherCluster, scaling.p_out, scaling.j_out)];
    for (group, (pairs, p, j)) in places.into_iter().enumerate() {
        if pairs == Pairs::OtherCluster && parameter.q == 1 {
            continue;
        }
        for (post, pre) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (p, j) = (p[post][pre], j[post][pre]);
            let spec = match (connection.as_str(), multapses) {
                ("poisson", _) => ProjectionSpec::new(pre, post, poisson(p), j),
                ("bernoulli", _) => ProjectionSpec::new(pre, post, bernoulli_halving(p), j),
                ("fixed-indegree", true) => ProjectionSpec::new(pre, post, fixed_in_degree(p), j),
                ("fixed-indegree", false) => ProjectionSpec::new(pre, post, fixed_in_degree_without_multapses(p), j),
                (other, _) => return Err(format!("no connection type `{other}`").into()),
            };
            plan.projection(spec.pairs(pairs).group(group));
        }
    }
    let neurons = |n, threshold| vec![Binary { threshold }; n];
    let (theta_e, theta_i) = (scaling.theta_e(parameter.m_x), scaling.theta_i(parameter.m_x));
    Ok(plan.build(Runtime::new(vec![neurons(parameter.n_e, theta_e), neurons(parameter.n_i, theta_i)]))?)
}

/// Warms up, logs, and computes the statistics of the log.
fn simulate(network: &mut Asynchronous<Runtime<Binary>>, set: &Set) -> Result<Run> {
    let parameter = &set.parameter;
    network.run_updates(set.warm_steps)?;
    network.record_flips()?;
    network.run_updates(set.steps)?;
    let log = network.log()?;
    let flips = log.iter().map(|flip| (flip.update, flip.neuron, flip.delta())).collect();
    let trace = Trace::new(log.initial_state(), log.updates(), flips)?;
    let layout = Layout {
        n_e: parameter.n_e,
        n_i: parameter.n_i,
        clusters: parameter.q,
        tau_e: parameter.tau_e,
        tau_i: parameter.tau_i(),
    };
    let statistics = cluster_statistics(&trace, &layout)?;
    Ok(Run {
        scalars: scalars(&statistics),
        neuron_means: trace.neuron_means(),
        silent: network.states().iter().all(|state| *state == 0),
    })
}

/// All scalars under the names of the reference. Its share of updates of E neurons is not among
/// them: a log of flips does not tell it.
fn scalars(s: &ClusterStatistics) -> Vec<(String, Option<f64>)> {
    let mut scalars: Vec<(String, Option<f64>)> = [
        ("steps", Some(s.updates as f64)),
        ("stride", Some(s.stride as f64)),
        ("samples", Some(s.samples as f64)),
        ("ms_per_update", Some(s.ms_per_update)),
        ("rate_e", Some(s.rate[0])),
        ("rate_i", Some(s.rate[1])),
        ("rate_e_std_over_time", Some(s.rate_deviation[0])),
        ("rate_i_std_over_time", Some(s.rate_deviation[1])),
        ("flip_fraction", Some(s.flip_fraction)),
        ("flip_fraction_e", Some(s.flip_fraction_by_type[0])),
        ("flip_fraction_i", Some(s.flip_fraction_by_type[1])),
        ("neuron_mean_e.mean", Some(s.neuron_means[0].mean)),
        ("neuron_mean_e.std", Some(s.neuron_means[0].deviation)),
        ("neuron_mean_i.mean", Some(s.neuron_means[1].mean)),
        ("neuron_mean_i.std", Some(s.neuron_means[1].deviation)),
        ("cluster_rate_std", Some(s.cluster_rate_deviation)),
        ("bimodality", s.bimodality),
        ("high_mean", s.high_mean),
        ("low_mean", s.low_mean),
        ("high_share", Some(s.high_share)),
        ("active_count_mean", Some(s.active_count_mean)),
        ("acf_tau_ms", s.autocorrelation_time_ms),
        ("cross_cluster_correlation", s.cross_cluster_correlation),
        ("dwell_high_ms", s.dwell_ms),
        ("exits", Some(s.spells.exits as f64)),
        ("entries", Some(s.spells.entries as f64)),
        ("entries_per_cluster_per_s", Some(s.entries_per_cluster_per_s)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    scalars.extend(s.autocorrelation.iter().map(|(lag, value)| (format!("acf_at_ms.{lag}"), *value)));
    scalars
}

/// Adds the moments of the contacts of each class: `EI_out` is onto E, from I, between clusters.
fn contacts(weights: &Array2<f64>, parameter: &Parameter, scaling: &Scaling, run: &mut Run) {
    run.scalars.push(("nnz".to_owned(), Some(weights.iter().filter(|w| **w != 0.0).count() as f64)));
    let n_e = parameter.n_e;
    let range = |kind: usize| if kind == 0 { 0..n_e } else { n_e..n_e + parameter.n_i };
    for (post, post_name) in ["E", "I"].into_iter().enumerate() {
        for (pre, pre_name) in ["E", "I"].into_iter().enumerate() {
            for (place, same, j) in [("in", true, scaling.j_in), ("out", false, scaling.j_out)] {
                let block = weights.slice(s![range(pre), range(post)]).mapv(|w| (w / j[post][pre]).round());
                let pairs = class_pairs(range(pre).len(), range(post).len(), parameter.q, same, pre == post);
                let Some(m) = ContactMoments::of(block.view(), pairs) else { continue };
                let values = [
                    ("mean_count", m.mean_count),
                    ("share_connected", m.share_connected),
                    ("var_count", m.var_count),
                    ("max_count", m.max_count),
                    ("indegree_mean", m.indegree_mean),
                    ("indegree_var", m.indegree_var),
                    ("outdegree_mean", m.outdegree_mean),
                    ("outdegree_var", m.outdegree_var),
                ];
                let class = format!("connectivity.{post_name}{pre_name}_{place}");
                run.scalars.extend(values.into_iter().map(|(name, value)| (format!("{class}.{name}"), Some(value))));
            }
        }
    }
}
