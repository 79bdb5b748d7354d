//! Promises of the asynchronous engine: the same bits whatever the layout, instructions, threads and
//! chunks; fields that are `W s`; drives and gains with the right law.

use binnet::asynchronous::{
    Asynchronous, BuildOptions, Drive, Gains, Instructions, Layout, NetworkPlan, PopulationSpec, Precision,
    ProjectionSpec, Refresh, Runtime, Scheme, Source, run_in_parallel,
};
use binnet::connect::{all_to_all, dense, dense_post_pre, edges, fixed_prob, one_to_one, poisson, weighted_edges};
use binnet::models::{ClusteredEi, Connection};
use binnet::population::{Binary, BinaryNeuron, Init};
use binnet::record::Flip;
use ndarray::{Array1, Array2};

fn options(change: impl FnOnce(&mut BuildOptions)) -> BuildOptions {
    let mut options = BuildOptions::seeded(11);
    options.record_flips = true;
    change(&mut options);
    options
}

fn clustered(kappa: f64) -> ClusteredEi {
    ClusteredEi { q: 6, n_e: 606, n_i: 150, r_e_plus: 3.0, kappa, m_x: 0.11, ..ClusteredEi::default() }
}

fn flips<G: Gains>(net: &Asynchronous<G>) -> Vec<Flip> {
    net.log().unwrap().iter().collect()
}

fn neurons(n: usize, threshold: f64) -> Vec<Binary> {
    vec![Binary { threshold }; n]
}

#[test]
fn same_bits_for_every_layout_and_instruction_set() {
    for kappa in [0.0, 1.0] {
        let mut all = Vec::new();
        for instructions in [Instructions::Detect, Instructions::UpToAvx2, Instructions::Baseline] {
            for layout in [Layout::Auto, Layout::Bits, Layout::Counts, Layout::Lists] {
                let choose = |o: &mut BuildOptions| (o.instructions, o.layout) = (instructions, layout);
                let mut net = clustered(kappa).build_with(options(choose)).unwrap();
                net.run_updates(100_000).unwrap();
                all.push((net.synapses(), net.fields(), flips(&net)));
            }
        }
        assert!(all[0].2.len() > 1000, "the network is alive");
        assert!(all.iter().all(|run| *run == all[0]), "kappa {kappa}");
    }
}

#[test]
fn same_bits_for_one_and_two_threads() {
    let net = clustered(0.5).build_with(options(|_| {})).unwrap();
    let run = |threads| {
        let mut replicas = net.replicas(5);
        run_in_parallel(&mut replicas, threads, |_, net| net.run_updates(50_000)).unwrap();
        replicas.iter().map(flips).collect::<Vec<_>>()
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_ne!(one[0], one[1], "replicas are independent");
}

#[test]
fn runs_in_chunks_are_the_run_in_one() {
    for scheme in [Scheme::Auto, Scheme::EveryUpdate, Scheme::RejectionFree] {
        let mut whole = clustered(1.0).build_with(options(|o| o.scheme = scheme)).unwrap();
        let mut chunks = whole.clone();
        whole.run_updates(150_000).unwrap();
        let mut left = 150_000;
        for size in [1, 7, 511, 512, 513, 65_535, 3, 70_000].into_iter().cycle() {
            let size = left.min(size);
            chunks.run_updates(size).unwrap();
            left -= size;
            if left == 0 {
                break;
            }
        }
        assert_eq!(flips(&whole), flips(&chunks), "{scheme:?}");
        assert_eq!(whole.time().ms(), chunks.time().ms());
    }
}

#[test]
fn fields_are_the_product_of_weights_and_states() {
    for precision in [Precision::Auto, Precision::F64] {
        for connection in [Connection::Poisson, Connection::FixedInDegree { multapses: true }, Connection::Bernoulli] {
            let model = ClusteredEi { connection, ..clustered(0.3) };
            let mut net = model.build_with(options(|o| o.precision = precision)).unwrap();
            net.run_updates(60_000).unwrap();
            let states = Array1::from_iter(net.states().into_iter().map(f64::from));
            let product = states.dot(&net.weights());
            let worst = net.fields().iter().zip(&product).map(|(h, p)| (h - p).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-9, "{precision:?} {connection:?}: {worst}");
            assert!(net.drift_bound() < 1e-6);
            let sparse = net.weights_csr();
            assert_eq!(sparse.to_dense(), net.weights());
            assert!((0..net.len()).all(|k| net.weights()[[k, k]] == 0.0), "autapses are removed");
        }
    }
}

#[test]
fn real_weights_stay_within_their_drift_bound() {
    let n = 300;
    let weight = |i: usize, j: usize| (((i * 7919 + j * 104_729) % 1000) as f32 - 505.0) * 1e-3;
    let matrix = Array2::from_shape_fn((n, n), |(i, j)| if i == j { 0.0 } else { weight(i, j) });
    for (refresh, most) in [(Refresh::Never, 1e-3), (Refresh::Every(50), 2e-4)] {
        let mut plan = NetworkPlan::new("real", options(|o| (o.precision, o.refresh) = (Precision::F32, refresh)));
        plan.population(PopulationSpec::new("x", n).init(Init::Bernoulli(0.5)));
        plan.projection(ProjectionSpec::new(0, 0, dense_post_pre(&matrix), 1.0));
        let mut net = plan.build(Runtime::new(vec![neurons(n, -0.5)])).unwrap();
        net.run_updates(200_000).unwrap();
        assert!(net.flips() > 1000);
        let states = net.states();
        let exact = |i: usize| -> f64 { (0..n).map(|j| f64::from(matrix[[i, j]]) * f64::from(states[j])).sum() };
        let worst = net.fields().iter().enumerate().map(|(i, h)| (h - exact(i)).abs()).fold(0.0, f64::max);
        assert!(worst <= net.drift_bound() && worst < most, "{worst} of {}", net.drift_bound());
    }
}

#[test]
fn matrices_become_the_weights_they_are() {
    let matrix =
        ndarray::arr2(&[[0.0, 0.5, -1.5, 1.0], [0.5, 0.0, 0.5, 0.0], [2.0, -0.75, 0.0, 0.25], [0.1, 0.2, 0.3, 0.0]]);
    let rules: [fn(&Array2<f64>) -> ProjectionSpec; 3] = [
        |m| ProjectionSpec::new(0, 0, dense(m), 1.0),
        |m| ProjectionSpec::new(0, 0, dense_post_pre(m.t().to_owned()), 1.0),
        |m| ProjectionSpec::new(0, 0, weighted_edges(m.indexed_iter().map(|((i, j), w)| (i, j, 2.0 * w))), 0.5),
    ];
    for rule in rules {
        for precision in [Precision::Auto, Precision::Exact, Precision::F64] {
            let mut plan = NetworkPlan::new("matrix", options(|o| o.precision = precision));
            plan.population(PopulationSpec::new("x", 4));
            plan.projection(rule(&matrix));
            let net = plan.build(Runtime::new(vec![neurons(4, 0.0)])).unwrap();
            let difference = (&net.weights() - &matrix).mapv(f64::abs).sum();
            assert!(difference < 1e-14, "{precision:?}: {}", net.weights());
        }
    }
}

#[test]
fn projections_between_the_same_pair_add_up() {
    let build = |specs: Vec<ProjectionSpec>| {
        let mut plan = NetworkPlan::new("sum", options(|_| {}));
        plan.population(PopulationSpec::new("a", 40).clusters(2));
        plan.population(PopulationSpec::new("b", 40).clusters(2));
        specs.into_iter().for_each(|s| plan.projection(s));
        plan.build(Runtime::new(vec![neurons(40, 0.0), neurons(40, 0.0)])).unwrap().weights()
    };
    let a = || ProjectionSpec::new(0, 1, one_to_one(), 0.25);
    let b = || ProjectionSpec::new(0, 1, edges([(3, 5), (3, 5), (0, 39)]), 0.25);
    let c = || ProjectionSpec::new(0, 1, all_to_all(), -1.0);
    assert_eq!(build(vec![a(), b(), c()]), build(vec![a()]) + build(vec![b()]) + build(vec![c()]));
}

#[test]
fn a_further_population_leaves_the_others_alone() {
    let build = |third: bool| {
        let mut plan = NetworkPlan::new("streams", options(|_| {}));
        plan.population(PopulationSpec::new("a", 50));
        plan.population(PopulationSpec::new("b", 30));
        let mut cells = vec![neurons(50, 0.0), neurons(30, 0.0)];
        if third {
            plan.population(PopulationSpec::new("c", 20));
            plan.projection(ProjectionSpec::new(2, 0, fixed_prob(0.2), 1.0));
            cells.push(neurons(20, 0.0));
        }
        plan.projection(ProjectionSpec::new(0, 1, poisson(0.3), 1.0));
        plan.projection(ProjectionSpec::new(1, 0, fixed_prob(0.3), 1.0));
        let net = plan.build(Runtime::new(cells)).unwrap();
        (net.states()[..80].to_vec(), net.weights().slice(ndarray::s![..80, ..80]).to_owned())
    };
    assert_eq!(build(false), build(true));
}

#[test]
fn ids_beyond_16_bits_are_recorded() {
    let n = 70_000;
    let mut plan = NetworkPlan::new("many", options(|_| {}));
    plan.population(PopulationSpec::new("x", n).init(Init::Value(0.0)));
    let mut net = plan.build(Runtime::new(vec![neurons(n, -1.0)])).unwrap();
    let ids = [65_535, 65_536, 69_999, 0];
    assert_eq!(net.apply_updates(&ids).unwrap(), [1, 1, 1, 1]);
    assert_eq!(flips(&net).iter().map(|f| f.neuron).collect::<Vec<_>>(), ids);
    assert!(net.apply_updates(&[70_000]).unwrap_err().to_string().contains("70000"));
}

#[test]
fn long_lists_reach_targets_beyond_one_tile() {
    let n = 140_000;
    let mut plan = NetworkPlan::new("long", options(|o| o.layout = Layout::Lists));
    plan.population(PopulationSpec::new("x", 2).init(Init::Value(0.0)));
    plan.population(PopulationSpec::new("y", n).init(Init::Value(0.0)));
    let targets = [0, 1, 65_533, 65_534, 65_535, 65_536, 131_070, 131_071, 139_999];
    plan.projection(ProjectionSpec::new(0, 1, edges(targets.map(|t| (1, t))), 1.0));
    let mut net = plan.build(Runtime::new(vec![neurons(2, -1.0), neurons(n, 5.0)])).unwrap();
    net.apply_updates(&[0, 1]).unwrap();
    let reached: Vec<_> = net.fields().iter().enumerate().filter(|(_, h)| **h != 0.0).map(|(k, _)| k - 2).collect();
    assert_eq!(reached, targets);
}

#[test]
fn large_in_degrees_do_not_overflow() {
    // 40 000 contacts of one target do not fit 16 bits.
    let mut plan = NetworkPlan::new("wide", options(|_| {}));
    plan.population(PopulationSpec::new("x", 4).init(Init::Value(1.0)));
    plan.population(PopulationSpec::new("y", 1).init(Init::Value(0.0)));
    plan.projection(ProjectionSpec::new(0, 1, edges((0..40_000).map(|k| (k % 4, 0))), 1.0));
    let mut net = plan.build(Runtime::new(vec![neurons(4, 1.0), neurons(1, 39_999.5)])).unwrap();
    assert_eq!(net.fields()[4], 40_000.0);
    assert_eq!(net.apply_updates(&[4, 0, 4]).unwrap(), [1, -1, -1]);
    assert_eq!(net.fields()[4], 30_000.0);
}

#[test]
fn a_constant_drive_is_a_lower_threshold() {
    let build = |threshold: f64, drive: f64| {
        let mut plan = NetworkPlan::new("drive", options(|_| {}));
        plan.population(PopulationSpec::new("x", 200).drive(Drive::new(drive, Source::Constant(0.5))));
        plan.projection(ProjectionSpec::new(0, 0, poisson(0.2), -0.25));
        let mut net = plan.build(Runtime::new(vec![neurons(200, threshold)])).unwrap();
        net.run_updates(20_000).unwrap();
        net
    };
    let (driven, lowered) = (build(0.25, 1.0), build(-0.25, 0.0));
    assert_eq!(flips(&driven), flips(&lowered));
    assert!(driven.flips() > 100);
    assert!(driven.fields().iter().zip(lowered.fields()).all(|(a, b)| *a == b + 0.5), "fields hold the drive");
}

#[test]
fn stochastic_drives_have_their_law() {
    // Independent neurons: the share of active ones is P(drive > threshold). 1 M updates of 1000
    // neurons, warm after 20 000; 5 standard errors of independent updates, doubled for correlation.
    let normal = 0.308_537_538_7; // P(z > 0.5)
    let cases = [
        (Source::Normal(0.5, 2.0), 1.0, 1.5, normal),
        (Source::Bernoulli(0.3), 2.0, 1.0, 0.3),
        (Source::Poisson(1.0), 1.0, 1.5, 1.0 - 2.0 * (-1.0_f64).exp()),
        (Source::Poisson(0.0), 1.0, 1.5, 0.0),
    ];
    for (source, weight, threshold, expected) in cases {
        let mut plan = NetworkPlan::new("noise", options(|_| {}));
        plan.population(PopulationSpec::new("x", 1000).drive(Drive::new(weight, source.clone())));
        let mut net = plan.build(Runtime::new(vec![neurons(1000, threshold)])).unwrap();
        net.run_updates(20_000).unwrap();
        net.record_flips().unwrap();
        net.run_updates(1_000_000).unwrap();
        let means = net.log().unwrap().neuron_means();
        let mean = means.iter().sum::<f64>() / 1000.0;
        let slack = 10.0 * (expected * (1.0 - expected) / 1e6_f64).sqrt();
        assert!((mean - expected).abs() <= slack, "{source:?}: {mean} for {expected}");
    }
}

#[test]
fn a_drive_of_time_acts_when_it_should() {
    let mut plan = NetworkPlan::new("stimulus", options(|_| {}));
    let stimulus = Source::of_time(|ms| f64::from(u8::from((100.0..200.0).contains(&ms))));
    plan.population(PopulationSpec::new("x", 100).tau(5.0).init(Init::Value(0.0)).drive(Drive::new(1.0, stimulus)));
    let mut net = plan.build(Runtime::new(vec![neurons(100, 0.5)])).unwrap();
    net.run(binnet::units::Time::from_ms(300.0)).unwrap();
    let onset = flips(&net).iter().map(|f| f.update as f64 / net.updates_per_ms()).fold(f64::INFINITY, f64::min);
    assert!((100.0..102.0).contains(&onset), "{onset}");
    assert!(net.states().iter().all(|s| *s == 0), "quiet again, 20 tau later");
}

#[test]
fn silence_is_noticed() {
    let mut plan = NetworkPlan::new("dying", options(|_| {}));
    plan.population(PopulationSpec::new("x", 500).init(Init::Bernoulli(0.5)));
    plan.projection(ProjectionSpec::new(0, 0, poisson(0.1), -0.1));
    let mut net = plan.build(Runtime::new(vec![neurons(500, 0.1)])).unwrap();
    net.run_updates(10_000_000_000).unwrap(); // returns at once: nothing happens any more
    assert!(net.is_absorbed() && net.states().iter().all(|s| *s == 0));
    assert_eq!(net.updates(), 10_000_000_000);
    assert!(net.summary().contains("absorbed"));
}

#[test]
fn fields_along_a_trace_are_those_of_the_run() {
    let mut net = clustered(1.0).build_with(options(|_| {})).unwrap();
    let ids = [0, 5, 605, 606, 755];
    let mut seen = Vec::new();
    for _ in 0..20 {
        net.run_updates(1).unwrap();
        seen.push(ids.map(|k| net.fields()[k]));
        net.run_updates(499).unwrap();
    }
    let along = net.fields_along(500, &ids.map(|k| k as u32)).unwrap();
    assert_eq!(along.dim(), (20, 5));
    assert!(seen.iter().enumerate().all(|(s, h)| along.row(s).iter().eq(h.iter())));
}

#[test]
fn too_large_networks_are_refused_before_they_are_drawn() {
    let model = ClusteredEi { n_e: 800_000, n_i: 200_000, ..ClusteredEi::default() };
    let error = model.build_with(options(|o| o.memory_budget = Some(1 << 30))).unwrap_err().to_string();
    assert!(error.contains("budget is 1024 MB") && error.contains("connections from `e`"), "{error}");
}

#[test]
fn bad_values_are_errors() {
    let build = |spec: PopulationSpec, projection: Option<ProjectionSpec>| {
        let mut plan = NetworkPlan::new("bad", options(|_| {}));
        plan.population(spec);
        projection.into_iter().for_each(|p| plan.projection(p));
        plan.build(Runtime::new(vec![neurons(10, 0.0)])).map(|_| ()).unwrap_err().to_string()
    };
    let x = || PopulationSpec::new("x", 10);
    assert!(build(x().tau(0.0), None).contains("tau"));
    assert!(build(x().clusters(3), None).contains("3 equal clusters"));
    assert!(build(PopulationSpec::new("x", 11), None).contains("expected 11"));
    assert!(build(x().init(Init::Value(0.5)), None).contains("0 or 1"));
    assert!(build(x().drive(Drive::new(f64::NAN, Source::Constant(1.0))), None).contains("drive"));
    let to_self = |p: f64| Some(ProjectionSpec::new(0, 0, fixed_prob(p), 1.0));
    assert!(build(x(), to_self(1.2)).contains("bernoulli_sum"));
    assert!(build(x(), to_self(-0.1)).contains("x -> x"));
    assert!(build(x(), Some(ProjectionSpec::new(0, 0, fixed_prob(0.1), f64::INFINITY))).contains("finite"));
    assert!(build(x(), Some(ProjectionSpec::new(0, 3, fixed_prob(0.1), 1.0))).contains("populations 0 and 3"));
    assert!(build(x(), Some(ProjectionSpec::new(0, 0, dense(Array2::<f64>::zeros((10, 9))), 1.0))).contains("10 x 9"));
    assert!(build(x(), Some(ProjectionSpec::new(0, 0, edges([(0, 10)]), 1.0))).contains("10 -> 10"));
    let mut net = clustered(0.0).build(1).unwrap();
    assert!(net.set_states(&[0; 3]).is_err() && net.set_states(&[2; 756]).is_err());
    assert!(net.set_fields(&[0.0; 756]).unwrap_err().to_string().contains("Precision"));
    assert!(net.run(binnet::units::Time::from_ms(f64::NAN)).is_err());
    assert!(net.run(binnet::units::Time::from_ms(-1.0)).is_err());
    assert!(net.log().is_err());
}

/// A neuron that ignores its field.
#[derive(binnet::Population, Clone)]
struct Coin {
    /// Probability of being active after an update.
    #[local(0.25)]
    p: f64,
}

impl BinaryNeuron for Coin {
    fn probability(&self, _field: f64) -> f64 {
        self.p
    }
}

#[test]
fn stochastic_gains_have_their_law() {
    let mut plan = NetworkPlan::new("coins", options(|_| {}));
    plan.population(PopulationSpec::new("x", 1000).init(Init::Bernoulli(0.25)));
    let mut net = plan.build(Runtime::new(vec![vec![Coin { p: 0.25 }; 1000]])).unwrap();
    net.run_updates(1_000_000).unwrap();
    let means = net.log().unwrap().neuron_means();
    // 1000 independent neurons, about 1000 updates each: 6 standard errors with correlation time 2.
    let mean = means.iter().sum::<f64>() / 1000.0;
    assert!((mean - 0.25).abs() < 6.0 * (2.0 * 0.25 * 0.75 / 1e6_f64).sqrt(), "{mean}");
    let mut forced = net.clone();
    forced.change_populations(|p| *p = Runtime::new(vec![vec![Coin { p: 1.0 }; 1000]]));
    forced.run_updates(100_000).unwrap();
    assert!(forced.states().iter().all(|s| *s == 1));
}

#[test]
fn a_gain_that_is_no_number_stops_the_run() {
    let mut plan = NetworkPlan::new("coins", options(|_| {}));
    plan.population(PopulationSpec::new("x", 10));
    let mut coins = vec![Coin { p: 0.5 }; 10];
    coins[3].p = f64::NAN;
    let mut net = plan.build(Runtime::new(vec![coins])).unwrap();
    let message = net.run_updates(1000).unwrap_err().to_string();
    assert!(message.contains("neuron 3") && message.contains("NaN"), "{message}");
    let log = net.log().unwrap();
    assert_eq!(log.updates(), net.updates(), "what was simulated is recorded");
    let mut states = log.initial_state();
    log.iter().for_each(|flip| states[flip.neuron as usize] = u8::from(flip.up));
    assert_eq!(states, net.states());
    assert!(net.apply_updates(&[1, 3, 2]).unwrap_err().to_string().contains("neuron 3"));
    assert_eq!(net.log().unwrap().updates(), net.updates());
}

/// The active share of each neuron, and the share of flips.
type Averages = (Vec<f64>, f64);

#[test]
fn both_schemes_have_the_same_law() {
    // Ten neurons that inhibit themselves, and so flip at each update, drive forty others. Time averages
    // of every neuron, 12 against 12 replicas.
    let build = |scheme: Scheme| {
        let mut plan = NetworkPlan::new("driven", options(|o| o.scheme = scheme));
        plan.population(PopulationSpec::new("o", 10).tau(20.0));
        plan.population(PopulationSpec::new("x", 40).tau(5.0));
        plan.projection(ProjectionSpec::new(0, 0, one_to_one(), -1.0).autapses(true));
        plan.projection(ProjectionSpec::new(0, 1, poisson(0.5), 1.0));
        plan.projection(ProjectionSpec::new(1, 1, poisson(0.2), -0.7));
        plan.build(Runtime::new(vec![neurons(10, -0.5), neurons(40, 0.9)])).unwrap()
    };
    let samples = |scheme: Scheme| {
        let net = build(scheme);
        let mut replicas = net.replicas(13).split_off(1);
        let shift = if scheme == Scheme::EveryUpdate { 1000 } else { 2000 };
        replicas.iter_mut().enumerate().for_each(|(k, net)| *net = net.fork(shift + k as u64));
        run_in_parallel(&mut replicas, 2, |_, net| {
            net.run_updates(5_000)?;
            net.record_flips()?;
            net.run_updates(100_000)
        })
        .unwrap();
        replicas
            .iter()
            .map(|net| (net.log().unwrap().neuron_means(), net.log().unwrap().flip_share()))
            .collect::<Vec<_>>()
    };
    let (plain, waiting) = (samples(Scheme::EveryUpdate), samples(Scheme::RejectionFree));
    let compare = |f: &dyn Fn(&Averages) -> f64| {
        let moments = |runs: &[Averages]| {
            let n = runs.len() as f64;
            let mean = runs.iter().map(f).sum::<f64>() / n;
            (mean, runs.iter().map(|r| (f(r) - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
        };
        let ((a, va), (b, vb)) = (moments(&plain), moments(&waiting));
        // 5.5 standard errors with 22 degrees of freedom: false alarm 2e-5 for each of 51 numbers.
        assert!((a - b).abs() <= 5.5 * (va + vb).sqrt() + 1e-12, "{a} and {b}");
    };
    compare(&|r| r.1);
    (0..50).for_each(|k| compare(&|r| r.0[k]));
    assert!(plain[0].1 > 0.01, "the network is alive: {}", plain[0].1);
}
