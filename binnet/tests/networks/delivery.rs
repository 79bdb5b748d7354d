//! Projections and sources of networks with a clock, as `network!` writes them.

use binnet::clocked::{Clocked, Populations};
use binnet::connect::{Contacts, Multiplicity, Refusal, Rule, Sampler, Shape};
use binnet::prelude::*;
use binnet::rng::Family;
use ndarray::Array2;

/// Adds up what arrives.
#[derive(Population, Clone)]
pub struct Counter {
    #[param(1000 mV)]
    v_th: f64,
    #[state(0 mV)]
    v: f64,
    #[state(0 nS)]
    g: f64,
    #[input(1)]
    x: f64,
}

impl Neuron for Counter {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.v += self.x;
        (self.v > self.v_th).into()
    }
}

/// Contacts the next neuron on a ring.
#[derive(Debug)]
struct Ring;

impl Rule for Ring {
    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        Multiplicity::single(1.0 / shape.n_post as f64)
    }
    fn sampler(&self, shape: &Shape, _: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        let n = shape.n_post;
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts| contacts.add(0, (pre + 1) % n, 1)))
    }
}

/// Pre, post, weight and delay of all synapses.
fn synapses<P: Populations>(net: &Clocked<P>, projection: &str) -> Vec<(usize, usize, f64, usize)> {
    let all = net.synapses(projection).expect("it is there");
    all.iter().map(|s| (s.pre, s.post, s.weight, s.delay)).collect()
}

fn names<P: Populations>(net: &Clocked<P>) -> Vec<String> {
    net.projections().into_iter().map(|projection| projection.name).collect()
}

network! {
    /// Values of all kinds.
    pub struct Values<const N: usize = 3> {
        clock 0.1 ms;
        param w = 2 nS;
        param late = 300 us;
        param blocks = [[1 nS, 2000 pS], [3 nS, 4 nS]];
        let rows = vec![1.0, 2.0, 3.0];

        population a: Counter[N];
        population b: Counter[2];

        projection a -> b { target: g, connect: all_to_all, weight: 0.006 uS, delay: 0.2 ms };
        projection named: b -> a { target: g, connect: all_to_all, weight: -w, delay: late };
        projection each: a -> a { target: g, connect: one_to_one(autapses: true), weight: rows, delay: [0.1 ms, 1 ms, 0.26 ms] };
        projection pairs: a -> b { target: g, connect: all_to_all, weight: |pre, post| (10 * pre + post) as f64, delay: |pre, _| 0.1 * pre as f64 };
        projection ring: (a, b) -> (a, b) { target: g, connect: Ring, weight: 1 nS };
        projection block: [a, b] -> [a, b] { target: g, connect: all_to_all, weight: blocks, delay: [[0 ms, 0.1 ms], [0.2 ms, 0.3 ms]] };
        projection mixed: [a, b] -> b { target: g, connect: fixed_prob([[1, 0]]), weight: [[w, |pre, post| (pre + post) as f64]] };
        projection dense: a -> b { target: g, connect: dense, weight: [[1 nS, 0 nS], [0 nS, 0.002 uS], [0 nS, 3 nS]] };
        projection lags: a[..2] -> b { target: g, connect: all_to_all, weight: 1 nS, delay: [[0.1 ms, 0.24 ms], [late, 0 ms]] };
        projection edges: a -> b { target: g, connect: weighted_edges([(0, 1, 0.5), (2, 0, 1.5)]) };
        projection spread: a -> a { target: g, connect: all_to_all, weight: normal(5 nS, 0.5 nS), delay: uniform(1 ms, 2 ms) };
    }
}

#[test]
fn weights_and_delays_are_in_the_units_of_their_places() {
    let net = <Values>::builder().seed(4).w(7.0).build().unwrap();
    assert_eq!(
        synapses(&net, "a -> b"),
        [(0, 0, 6.0, 2), (0, 1, 6.0, 2), (1, 0, 6.0, 2), (1, 1, 6.0, 2), (2, 0, 6.0, 2), (2, 1, 6.0, 2)]
    );
    assert!(synapses(&net, "named").iter().all(|s| (s.2, s.3) == (-7.0, 3)));
    assert_eq!(synapses(&net, "each"), [(0, 0, 1.0, 1), (1, 1, 2.0, 10), (2, 2, 3.0, 3)]);
    assert_eq!(synapses(&net, "pairs")[2..4], [(1, 0, 10.0, 1), (1, 1, 11.0, 1)]);
    assert_eq!(synapses(&net, "dense"), [(0, 0, 1.0, 0), (1, 1, 2.0, 0), (2, 1, 3.0, 0)]);
    assert_eq!(synapses(&net, "edges"), [(0, 1, 0.5, 0), (2, 0, 1.5, 0)]);
    assert_eq!(synapses(&net, "lags").iter().map(|s| s.3).collect::<Vec<_>>(), [1, 2, 3, 0]);
    let spread = synapses(&net, "spread");
    assert!(spread.len() == 6 && spread.iter().all(|s| (2.0..8.0).contains(&s.2) && (10..=20).contains(&s.3)));
    assert!(spread[0].2 != spread[1].2);
}

#[test]
fn groups_share_values_and_blocks_have_their_own() {
    let net = <Values>::builder().seed(4).build().unwrap();
    assert_eq!(synapses(&net, "ring/a->b"), [(0, 1, 1.0, 0), (1, 0, 1.0, 0), (2, 1, 1.0, 0)]);
    assert_eq!(synapses(&net, "ring/b->b"), [(0, 1, 1.0, 0), (1, 0, 1.0, 0)]);
    // Matrices are [post][pre].
    for (name, weight, delay) in
        [("a->a", 1.0, 0), ("b->a", 2.0, 1), ("a->b", 3.0, 2), ("b->b", 4.0, 3)].map(|(n, w, d)| (n, w, d))
    {
        let all = synapses(&net, &format!("block/{name}"));
        assert!(!all.is_empty() && all.iter().all(|s| (s.2, s.3) == (weight, delay)), "{name}: {all:?}");
    }
    assert_eq!(synapses(&net, "mixed/a->b").len(), 6);
    assert_eq!(synapses(&net, "mixed/b->b"), []);
    assert!(net.synapses("mixed").is_err());
}

network! {
    /// Parts of populations.
    pub struct Parts<const N: usize = 10> {
        clock 1 ms;
        const few = 4;
        population a: Counter[N];
        population grid: Counter[3, few];
        projection a[..few] -> a[6..] { connect: one_to_one };
        projection grid[1.., 2] -> a[0] { connect: all_to_all };
        projection a -> grid[..2, ..1] { connect: fixed_in_degree(1, multapses: false) };
        projection (a[..5], a[5..]) -> grid { connect: fixed_prob(0.5, procedural: true) };
    }
}

#[test]
fn slices_are_ends_of_their_own() {
    let net = <Parts>::builder().seed(1).build().unwrap();
    let expected = [
        "a[0..4] -> a[6..10]",
        "grid[1..3, 2..3] -> a[0..1]",
        "a -> grid[0..2, 0..1]",
        "a[0..5] -> grid",
        "a[5..10] -> grid",
    ];
    assert_eq!(names(&net), expected);
    assert_eq!(synapses(&net, expected[0]), [(0, 6, 1.0, 0), (1, 7, 1.0, 0), (2, 8, 1.0, 0), (3, 9, 1.0, 0)]);
    assert_eq!(synapses(&net, expected[1]), [(6, 0, 1.0, 0), (10, 0, 1.0, 0)]);
    let posts: Vec<usize> = synapses(&net, expected[2]).iter().map(|s| s.1).collect();
    assert!(posts.len() == 2 && posts.contains(&0) && posts.contains(&4), "{posts:?}");
    assert!(net.projections()[3].bytes == 0);
}

network! {
    /// All sources.
    pub struct Driven {
        clock 1 ms;
        param rates = [0 Hz, 500 Hz];
        given gains: [2][3];
        given lags: [2][3];
        source noise: poisson[100] { rate: 80 Hz, rate_factor: |t| if t < 500.0 { 1.0 } else { 0.0 } };
        source uneven: poisson[2] { rate: rates };
        source beat: regular[3] { rate: 0.1 / ms };
        source clicks: spike_times[2] { spikes: [(1, 2.5.ms()), (0, 4.ms()), (1, 4.ms())] };
        source events: external[2];
        population a: Counter[3];
        population b: Counter[100];
        population c: Counter[2];
        projection events -> a { connect: dense, weight: gains, delay: lags };
        projection noise -> b { connect: one_to_one };
        projection uneven -> c { connect: one_to_one, weight: 1 };
        projection clicks -> c { target: v, connect: one_to_one, weight: 10 V };
        projection beat -> a { target: g, connect: one_to_one, weight: 1 nS, delay: 3 ms };
    }
}

#[test]
fn sources_emit_what_they_are_told_to() {
    let gains = Array2::from_shape_vec((2, 3), vec![1.0, 2.0, 0.0, 0.0, 0.5, 4.0]).unwrap();
    let lags = Array2::from_shape_fn((2, 3), |(pre, post)| (pre + post) as f64);
    let mut net = Driven::builder().seed(2).gains(&gains).lags(&lags).build().unwrap();
    let delays: Vec<_> = synapses(&net, "events -> a").iter().map(|s| (s.0, s.1, s.3)).collect();
    assert_eq!(delays, [(0, 0, 0), (0, 1, 1), (1, 1, 2), (1, 2, 3)]);
    let counts = Array2::from_shape_vec((2, 2), vec![1, 0, 0, 3]).unwrap();
    net.source_mut("events").unwrap().give(counts.view()).unwrap();
    net.run_steps(6).unwrap();
    assert_eq!(net.values("a", "v").unwrap(), [1.0, 3.5, 12.0]);
    net.run(994.ms()).unwrap();
    // 80 Hz for half a second and 100 channels: mean 4000, 6 standard deviations of a Poisson number.
    let total: f64 = net.values("b", "v").unwrap().iter().sum();
    assert!((total - 4000.0).abs() < 6.0 * 4000.0_f64.sqrt(), "{total}");
    // Above the threshold, neurons stay there; the channel of 0 Hz has its click only.
    let c = net.values("c", "v").unwrap();
    assert_eq!(c[0], 10_000.0);
    assert!((c[1] - 20_500.0).abs() < 6.0 * 500.0_f64.sqrt(), "{c:?}");
    // The first spikes of 100 Hz arrive 3 ms late; so does the last one, after the end.
    assert_eq!(net.values("a", "g").unwrap(), [99.0; 3]);
}

neuron! {
    /// A rate that is its input of the same step.
    pub struct Follower {
        param tau = 1 ms;
        input i: nA;
        state r = 0 Hz;
        dr/dt = (i * (2 Hz/nA) - r) / tau;
        output r;
    }
}

neuron! {
    /// A source of a constant rate.
    pub struct Constant {
        local rate = 1 kHz;
        state r = rate;
        dr/dt = (rate - r) / (1 s);
        output r;
    }
}

network! {
    /// Rates drive rates: a weight has the unit of the input per that of the output.
    pub struct Rates {
        clock 0.1 ms;
        population pre: Constant[2] { rate: [3 kHz, 5000 Hz] };
        population post: Follower[2];
        projection pre -> post { connect: one_to_one, weight: 0.5 pA/Hz };
    }
}

#[test]
fn continuous_weights_have_the_unit_of_input_per_output() {
    let mut net = Rates::builder().build().unwrap();
    assert_eq!(net.populations().pre.neurons().get(0).unwrap().r, 3.0);
    net.run(20.ms()).unwrap();
    // 3 kHz times 0.5 pA/Hz is 1.5 nA, times 2 Hz/nA is 3 Hz.
    let r = net.values("post", "r").unwrap();
    assert!((r[0] - 3.0).abs() < 1e-6 && (r[1] - 5.0).abs() < 1e-6, "{r:?}");
}

network! {
    /// As `Rows` below, declared in another order.
    pub struct Turned {
        clock 1 ms;
        population b: Counter[50];
        population a: Counter[40];
        projection b -> a { connect: fixed_prob(0.3) };
        projection a -> (a, b) { connect: fixed_prob(0.3) };
    }
}

network! {
    /// Connections are drawn from streams that are named by the ends.
    pub struct Straight {
        clock 1 ms;
        population a: Counter[40];
        population b: Counter[50];
        projection a -> (b, a) { connect: fixed_prob(0.3) };
    }
}

#[test]
fn connections_follow_from_seed_and_ends() {
    let (one, other) = (Turned::builder().seed(8).build().unwrap(), Straight::builder().seed(8).build().unwrap());
    for ends in ["a -> b", "a -> a"] {
        assert_eq!(synapses(&one, ends), synapses(&other, ends));
    }
    let reseeded = Straight::builder().seed(9).build().unwrap();
    assert_ne!(synapses(&other, "a -> b"), synapses(&reseeded, "a -> b"));
}

network! {
    /// Rules of all kinds.
    pub struct Rules {
        clock 1 ms;
        const k = 4;
        let degree = 2_usize;
        population line: Counter[20];
        population few: Counter[5];
        population grid: Counter[4, 5];
        projection cross: grid -> grid { connect: grid_four(periodic: true) };
        projection square: grid[1..4, ..3] -> grid[1..4, ..3] { connect: grid_eight };
        projection near: line -> line { connect: grid_n(2, centre: true, autapses: true), weight: 1 };
        projection ring: line -> line { connect: small_world(k, 0) };
        projection hubs: line -> line { connect: scale_free(m: 2, directed: true) };
        projection far: line -> grid { connect: gaussian_prob(100, normalised: false) };
        projection bell: line -> line { connect: gaussian_weight(0.1, 2, 0.5), weight: 3 };
        projection hat: line -> line { connect: dog(0.1, 0.3, 2, 1, w_min: 0.2, periodic: true) };
        projection out: few -> line { connect: fixed_out_degree(degree, multapses: false) };
        projection total: [few, line] -> [few, line] { connect: fixed_total_number([[10, k], [0, 100]], autapses: true) };
        projection mixed: [few, line] -> few { connect: fixed_in_degree([[k, 0.25]]) };
        projection inputs: (few, line) -> few { connect: fixed_in_degree(3, multapses: false, autapses: true) };
    }
}

#[test]
fn rules_take_numbers_and_options() {
    let net = Rules::builder().seed(3).build().unwrap();
    let count = |name: &str| synapses(&net, name).len();
    assert_eq!(count("cross"), 80);
    // Three by three: corners have 3 neighbours, sides 5, the middle 8.
    assert_eq!(count("square"), 4 * 3 + 4 * 5 + 8);
    assert_eq!(count("near"), 20 * 5 - 2 * (2 + 1));
    assert!(synapses(&net, "ring").iter().all(|s| [1, 2, 18, 19].contains(&((20 + s.1 - s.0) % 20))));
    assert_eq!(count("ring"), 80);
    assert_eq!(count("hubs"), 2 * 18);
    assert!(synapses(&net, "hubs").iter().all(|s| s.1 < s.0));
    assert!(count("far") > 350);
    // Side by side on a line of 20: 2 exp(-(d / 19)^2 / 2 / 0.1^2), above 0.5 up to d = 3.
    let bell = synapses(&net, "bell");
    assert!(bell.iter().all(|s| s.0.abs_diff(s.1) <= 3 && s.2 > 1.5));
    assert!((bell[0].2 - 6.0 * (-0.5 * (1.0 / 1.9_f64).powi(2)).exp()).abs() < 1e-12);
    assert!(synapses(&net, "hat").iter().any(|s| s.2 < -0.2));
    assert_eq!(count("out"), 10);
    let totals = ["few->few", "line->few", "few->line", "line->line"]
        .map(|name| net.projections().iter().find(|p| p.name == format!("total/{name}")).map(|p| p.synapses));
    assert_eq!(totals, [Some(10), Some(4), Some(0), Some(100)]);
    // The fourth part of 20; multapses and autapses that were removed count.
    let inputs: u64 = net.projections().iter().filter(|p| p.name == "mixed/line->few").map(|p| p.synapses).sum();
    assert_eq!(inputs, 25);
    assert_eq!((count("inputs/few->few"), count("inputs/line->few")), (15, 15));
}

network! {
    /// What is not simulated, and what is recorded of sources.
    pub struct Background {
        clock 1 ms;
        param j = -0.5 V;
        const sources = 100;
        source beat: regular[3] { rate: 100 Hz };
        population a: Counter[200] { v_th: 1 kV };
        stimulus a.v += poisson_input(n: sources, rate: 40 Hz, weight: 500 uV);
        stimulus a.g += poisson_input(n: 1, rate: 1 kHz, weight: 2 nS);
        stimulus a.x += poisson_input(n: sources, rate: 0 Hz, weight: 1);
        projection beat -> a[..3] { target: v, connect: one_to_one, weight: j };
        record beat.spikes;
        record one: beat.spikes[1];
        record a.v[0];
    }
}

#[test]
fn background_spikes_and_spikes_of_sources() {
    let mut net = Background::builder().seed(6).build().unwrap();
    net.run(1.s()).unwrap();
    let records = net.records();
    let times = |neuron: u32| -> Vec<u64> {
        let train = records.beat.spikes;
        train.steps().iter().zip(train.ids()).filter(|(_, id)| **id == neuron).map(|(step, _)| *step).collect()
    };
    assert_eq!((records.beat.spikes.len(), records.one.steps()), (300, &times(1)[..]));
    assert_eq!(times(0)[..3], [9, 19, 29]);
    assert_eq!(records.a.v.len(), 1000);
    // 4000 spikes of 0.5 mV a second and neuron, 197 neurons: 6 standard errors.
    let v = net.values("a", "v").unwrap();
    let mean = v[3..].iter().sum::<f64>() / 197.0;
    assert!((mean - 2000.0).abs() < 6.0 * 0.5 * (4000.0_f64 / 197.0).sqrt(), "{mean}");
    assert!((v[..3].iter().sum::<f64>() / 3.0 - mean + 50_000.0).abs() < 6.0 * 0.5 * 4000.0_f64.sqrt());
    let g = net.values("a", "g").unwrap().iter().sum::<f64>() / 200.0;
    assert!((g - 2000.0).abs() < 6.0 * 2.0 * (1000.0_f64 / 200.0).sqrt(), "{g}");
}
