//! Projections whose synapses have equations: in a network, they do what a store driven by hand does.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Cohort, End, PerSynapse, Projection, Record, Source};
use binnet::clocked::{Stimulus, SynapseSpec, Threads};
use binnet::connect::{all_to_all, fixed_in_degree, fixed_prob, from_fn, one_to_one, weighted_edges};
use binnet::integrate::Euler;
use binnet::models::synapses::{GapJunction, PairStdp, TsodyksMarkram};
use binnet::neuron::Own;
use binnet::population::Init;
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet::synapse::{Reads, SynapseStore};

/// Keeps what arrives, as a conductance.
#[derive(Population, Clone)]
struct Sum {
    #[state(0 nS)]
    g: f64,
    #[input(nS)]
    x: f64,
    #[state(0 nS)]
    seen: f64,
}

impl Neuron for Sum {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.seen += self.x;
        Spikes::NONE
    }
}

neuron! {
    /// A leaky neuron with a conductance.
    struct Cell {
        state v = 0 mV;
        state g = 0 nS;
        input i: mV/ms;
        let twice = 2 * v;
        dv/dt = -v / 20 ms + g * 0.5 mV / ms / 1 nS + i;
        dg/dt = -g / 5 ms;
        spike when v > 10 mV { v = 0 mV; }
    }
}

neuron! {
    /// Coupled by its input, without spikes.
    struct Passive {
        state v = 0 mV;
        input i: nA;
        dv/dt = i * 1 MOhm / 10 ms;
    }
}

synapse! {
    /// Delivers what it reads of either side.
    struct Product {
        pre v: V;
        post twice: mV;
        local w = 1 nS;
        on pre { deliver w * (pre.v * post.twice / 1 mV^2); }
    }
}

synapse! {
    /// A current that follows the difference of both potentials, in each step.
    struct Slow {
        local g = 1 nS;
        state s = 0 mV;
        pre v: mV;
        post v: mV;
        ds/dt = (pre.v - post.v - s) / 10 ms by euler;
        deliver g * s;
    }
}

type Net = Clocked<Vec<Box<dyn Cohort>>>;

fn network(populations: Vec<Box<dyn Cohort>>, threads: usize) -> Net {
    let mut options = ClockedOptions::seeded(1);
    options.threads = Threads::Exactly(threads);
    Clocked::new("test", 0.1.ms(), options, populations).unwrap()
}

fn sums<const N: usize>(name: &str) -> Box<dyn Cohort> {
    Box::new(Cells::<Sum, Own, N>::build(name, Vec::new(), &Streams::new(1)).unwrap())
}

fn cells<const N: usize>(name: &str, values: Vec<(&str, Init)>) -> Box<dyn Cohort> {
    Box::new(Cells::<Cell, <Cell as Model>::Method, N>::build(name, values, &Streams::new(1)).unwrap())
}

fn times(name: &str, size: usize, spikes: &[(usize, u64)]) -> Source {
    Source::spike_times(name, size, spikes.iter().map(|(i, step)| (*i, (*step as f64 * 0.1).ms())))
}

/// Rows of a store with the connections of a projection.
fn rows(net: &Net, name: &str, n_pre: usize) -> (Vec<usize>, Vec<u32>) {
    let synapses = net.synapses(name).unwrap();
    let offsets = (0..=n_pre).map(|pre| synapses.iter().filter(|s| s.pre < pre).count()).collect();
    (offsets, synapses.iter().map(|s| s.post as u32).collect())
}

#[test]
fn short_term_plasticity_as_by_hand() {
    let spikes = [(0, 3), (1, 3), (0, 40), (2, 41), (0, 42), (1, 99), (0, 150)];
    for delay in [0, 7] {
        let mut net = network(vec![sums::<5>("out")], 1);
        net.add_source(times("in", 3, &spikes)).unwrap();
        let facilitating = SynapseSpec::of::<TsodyksMarkram>().with("u_0", 0.15).with("tau_f", 300.0);
        let wire = Projection::new("in", "out", fixed_prob(0.6)).onto("g").weight(Init::Uniform(1.0, 3.0));
        net.connect(wire.delay((delay as f64 * 0.1).ms()).with_synapses(facilitating).named("stp")).unwrap();
        let (offsets, targets) = rows(&net, "stp", 3);
        assert!(targets.len() > 4);
        let weights = net.synapse_values("stp", "w").unwrap();
        assert!(weights.iter().all(|w| (1.0..3.0).contains(w)) && weights[0] != weights[1]);
        let model = TsodyksMarkram { u_0: 0.15, tau_f: 300.0, ..TsodyksMarkram::default() };
        let builder = SynapseStore::builder(model, offsets, targets, 5).values("w", weights).unwrap();
        let mut store = builder.build(0.1.ms()).unwrap();
        let mut expected = [0.0; 5];
        for step in 0..200 {
            net.step().unwrap();
            let mut sums = [0.0; 5];
            for (pre, _) in spikes.iter().filter(|(_, k)| k + delay == step) {
                store.pre_spike(step, *pre, Reads::NONE, |_, target, x| sums[target as usize] += x).unwrap();
            }
            expected.iter_mut().zip(sums).for_each(|(g, sum)| *g += sum);
            assert_eq!(net.values("out", "g").unwrap(), expected, "step {step}, delay {delay}");
        }
        assert!(expected.iter().any(|g| *g > 0.0));
        assert_eq!(net.synapse_values("stp", "x").unwrap(), store.values("x", 200).unwrap());
        let text = net.explain();
        assert!(text.contains("stp: TsodyksMarkram keeps u, x once for each presynaptic neuron; w for each"), "{text}");
    }
}

#[test]
fn pair_plasticity_as_by_hand() {
    let run = |threads: usize| {
        let mut net = network(vec![cells::<30>("out", vec![("v", Init::Uniform(0.0, 9.0))])], threads);
        net.add_source(Source::poisson("in", 40, 60.0)).unwrap();
        let stdp = SynapseSpec::of::<PairStdp>().with("w", Init::Uniform(0.2, 0.9)).with("a_plus", 0.02);
        let wire = Projection::new("in", "out", fixed_in_degree(20_usize)).onto("g").delay(1.5.ms());
        net.connect(wire.with_synapses(stdp).named("stdp")).unwrap();
        net.record(Record::spikes("out")).unwrap();
        net
    };
    let mut net = run(1);
    let first = net.synapse_values("stdp", "w").unwrap();
    let (offsets, targets) = rows(&net, "stdp", 40);
    let model = PairStdp { a_plus: 0.02, ..PairStdp::default() };
    let builder = SynapseStore::builder(model, offsets, targets, 30).values("w", first.clone()).unwrap();
    let mut store = builder.build(0.1.ms()).unwrap();
    // The same source, seen by a network of its own.
    let mut seen = network(vec![sums::<40>("copy")], 1);
    seen.add_source(Source::poisson("in", 40, 60.0)).unwrap();
    seen.connect(Projection::new("in", "copy", one_to_one()).onto("g").weight(1.0)).unwrap();
    let mut arrivals = vec![Vec::new(); 15];
    let mut before = vec![0.0; 40];
    let mut read = 0;
    for step in 0..3000 {
        seen.step().unwrap();
        net.step().unwrap();
        let now = seen.values("copy", "g").unwrap();
        // A source may have several spikes in a step.
        let each = (0..40).flat_map(|i| std::iter::repeat_n(i, (now[i] - before[i]) as usize));
        arrivals.push(each.collect::<Vec<usize>>());
        before = now;
        for pre in &arrivals[step as usize] {
            store.pre_spike(step, *pre, Reads::NONE, |_, _, _| {}).unwrap();
        }
        let train = net.records().spikes("out").unwrap();
        for id in &train.ids()[read..] {
            store.post_spike(step, *id as usize, Reads::NONE).unwrap();
        }
        read = train.len();
    }
    assert!(read > 50, "{read} spikes");
    let learnt = net.synapse_values("stdp", "w").unwrap();
    assert_eq!(learnt, store.values("w", 3000).unwrap());
    assert!(learnt.iter().zip(&first).filter(|(a, b)| a != b).count() > 300);
    let mut two = run(2);
    two.run_steps(3000).unwrap();
    assert_eq!(two.synapse_values("stdp", "w").unwrap(), learnt);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let run = |threads| {
        let start = || vec![("v", Init::Uniform(0.0, 9.9))];
        let mut net = network(vec![cells::<7000>("exc", start()), cells::<1000>("inh", start())], threads);
        net.add_source(Source::poisson("noise", 500, 40.0)).unwrap();
        for post in ["exc", "inh"] {
            let wire = Projection::new("noise", post, fixed_in_degree(40_usize)).onto("g").weight(1.0);
            net.connect(wire).unwrap();
            let stp = SynapseSpec::of::<TsodyksMarkram>().with("w", Init::Normal(0.4, 0.1));
            let wire = Projection::new("exc", post, fixed_in_degree(50_usize)).onto("g").delay(0.8.ms());
            net.connect(wire.with_synapses(stp)).unwrap();
        }
        net.record(Record::spikes("exc")).unwrap();
        net.run(60.ms()).unwrap();
        let train = net.records().spikes("exc").unwrap();
        (train.steps().to_vec(), train.ids().to_vec(), net.values("inh", "g").unwrap())
    };
    let one = run(1);
    assert!(one.0.len() > 1000, "{} spikes", one.0.len());
    assert_eq!(one, run(2));
    assert_eq!(one, run(3));
}

#[test]
fn delays_that_differ() {
    let spikes = [(0, 3), (1, 3), (0, 20), (1, 25)];
    let wire = || Projection::new("in", "out", all_to_all()).onto("g");
    let stp = || SynapseSpec::of::<TsodyksMarkram>();
    let trace = |wires: Vec<Projection>| {
        let mut net = network(vec![sums::<3>("out")], 1);
        net.add_source(times("in", 2, &spikes)).unwrap();
        net.connect_all(&wires).unwrap();
        let each = (0..60).map(|_| {
            net.step().unwrap();
            net.values("out", "g").unwrap()
        });
        each.collect::<Vec<_>>()
    };
    // Delays of 0.5 ms onto each target by its position, at once or by three projections.
    let each = trace(vec![wire().delay(PerSynapse::by_pair(|_, post| 0.5 * post as f64)).with_synapses(stp())]);
    let parts = (0..3).map(|post| {
        let part = Projection::new("in", End::of("out").neurons(post..post + 1), all_to_all()).onto("g");
        part.delay((0.5 * post as f64).ms()).with_synapses(stp())
    });
    let parts = trace(parts.collect());
    // At the first spikes nothing has happened yet; later, a spike finds what the one before it left at either place.
    for (a, b) in each.iter().flatten().zip(parts.iter().flatten()) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
    assert!(parts[59].iter().all(|g| *g > 1.0));
}

/// A source and neurons with given spikes, joined by synapses that hear both.
fn paired(wires: &[Projection], threads: usize) -> Net {
    let spikes = |n: usize, of: &dyn Fn(u64, u64) -> u64| {
        let all = (0..n).flat_map(|i| (0..60).map(move |k| (i, k)));
        all.map(|(i, k)| (i, of(i as u64, k))).collect::<Vec<_>>()
    };
    let pre = spikes(3, &|i, k| 20 + k * (61 + 7 * i) + k * k * 13 % 29);
    // What arrives in a step makes a spike in the next.
    let post = spikes(4, &|j, k| 24 + k * (59 + 5 * j) + k * k * 17 % 31);
    let mut net = network(vec![cells::<4>("out", Vec::new())], threads);
    net.add_source(times("in", 3, &pre)).unwrap();
    net.add_source(times("drive", 4, &post)).unwrap();
    net.connect(Projection::new("drive", "out", one_to_one()).onto("v").weight(20.0)).unwrap();
    net.connect_all(wires).unwrap();
    net
}

fn delay_of(pre: usize, post: usize) -> f64 {
    0.1 * ((pre * 23 + post * 41 + 3) % 97) as f64
}

#[test]
fn plasticity_with_delays_that_differ() {
    let wire = |end: End| Projection::new("in", end, all_to_all()).onto("g");
    let stdp = || SynapseSpec::of::<PairStdp>().with("g_max", 0.001);
    let each = wire(End::of("out")).delay(PerSynapse::by_pair(delay_of)).with_synapses(stdp()).named("w");
    let mut net = paired(core::slice::from_ref(&each), 1);
    net.run_steps(2500).unwrap();
    let saved = net.snapshot();
    net.run_steps(3500).unwrap();
    // Brian2 2.9.0: `Synapses` with the same equations (event-driven) and delays, dt 0.1 ms, 600 ms.
    let brian = [
        0.401_410_279_615_659_2,
        0.377_002_835_978_956_7,
        0.481_260_933_056_956_66,
        0.481_048_601_988_836_14,
        0.359_601_608_650_714_8,
        0.396_284_886_297_384_34,
        0.456_119_617_020_426_8,
        0.431_659_019_804_417_5,
        0.284_956_489_527_026_46,
        0.329_331_158_356_957_6,
        0.356_106_098_364_746_55,
        0.343_824_176_327_656_6,
    ];
    let found = net.synapse_values("w", "w").unwrap();
    assert_eq!(found.len(), brian.len());
    for (found, brian) in found.iter().zip(brian) {
        assert!((found - brian).abs() < 1e-12, "{found} {brian}");
    }
    // Synapses are told in the order of neurons and targets, whatever their delays.
    let synapses = net.synapses("w").unwrap();
    for (i, synapse) in synapses.iter().enumerate() {
        assert_eq!((synapse.pre, synapse.post), (i / 4, i % 4));
        assert_eq!(synapse.weight, found[i]);
        assert_eq!(f64::from(synapse.delay as u32) * 0.1, delay_of(synapse.pre, synapse.post));
    }
    let mut again = paired(core::slice::from_ref(&each), 2);
    again.restore(&saved).unwrap();
    again.run_steps(3500).unwrap();
    assert_eq!(again.synapse_values("w", "w").unwrap(), found, "a run that went on from a snapshot");
    assert_eq!(again.values("out", "g").unwrap(), net.values("out", "g").unwrap());

    // What arrives, and when: as of projections with one delay each.
    let parts = (0..12).map(|i| {
        let pre = End::of("in").neurons(i / 4..i / 4 + 1);
        let part = Projection::new(pre, End::of("out").neurons(i % 4..i % 4 + 1), all_to_all()).onto("g");
        part.delay(delay_of(i / 4, i % 4).ms()).with_synapses(stdp())
    });
    let (mut one, mut many) = (paired(&[each], 1), paired(&parts.collect::<Vec<_>>(), 1));
    for step in 0..3000 {
        one.step().unwrap();
        many.step().unwrap();
        let both = [&one, &many].map(|net| net.values("out", "g").unwrap());
        for (a, b) in both[0].iter().zip(&both[1]) {
            assert!((a - b).abs() < 1e-12, "step {step}: {a} {b}");
        }
    }
    let weights: Vec<f64> = (0..12).map(|i| 0.05 * f64::from(i)).collect();
    one.set_weights("w", &weights).unwrap();
    assert_eq!(one.synapse_values("w", "w").unwrap(), weights);
    assert_eq!(one.synapses("w").unwrap()[7].weight, weights[7]);
    assert!(one.set_weights("w", &weights[..5]).is_err());
}

#[test]
fn what_is_read_on_arrival_through_delays_that_differ() {
    let delay = |pre: usize, post: usize| 0.1 * (1 + 4 * pre + 7 * post) as f64;
    let product = |pre: End, post: End| {
        Projection::new(pre, post, all_to_all()).onto("g").with_synapses(SynapseSpec::of::<Product>())
    };
    let trace = |wires: Vec<Projection>| {
        let pre = cells::<2>("pre", vec![("v", vec![9.99, 9.5].into())]);
        let mut net = network(vec![pre, cells::<2>("post", vec![("v", vec![3.0, 4.0].into())])], 1);
        net.stimulate("pre", "i", Stimulus::steps([(10.0, 0.3.ms()), (20.0, 1.ms())])).unwrap();
        net.connect_all(&wires).unwrap();
        let each = (0..80).map(|_| {
            net.step().unwrap();
            net.values("post", "g").unwrap()
        });
        each.collect::<Vec<_>>()
    };
    let each = trace(vec![product(End::of("pre"), End::of("post")).delay(PerSynapse::by_pair(delay))]);
    let parts = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(pre, post)| {
        let (from, onto) = (End::of("pre").neurons(pre..pre + 1), End::of("post").neurons(post..post + 1));
        product(from, onto).delay(delay(pre, post).ms())
    });
    let parts = trace(parts.to_vec());
    for (step, (a, b)) in each.iter().flatten().zip(parts.iter().flatten()).enumerate() {
        assert!((a - b).abs() < 1e-12 * b.abs().max(1.0), "step {step}: {a} {b}");
    }
    assert!(parts[79].iter().all(|g| g.abs() > 1.0), "{:?}", parts[79]);
}

#[test]
fn what_synapses_read() {
    let pre = cells::<2>("pre", vec![("v", vec![9.99, 1.0].into())]);
    let mut net = network(vec![pre, cells::<2>("post", vec![("v", vec![3.0, 4.0].into())])], 1);
    net.stimulate("pre", "i", Stimulus::steps([(10.0, 1.ms())])).unwrap();
    net.connect(Projection::new("pre", "post", all_to_all()).onto("g").with_synapses(SynapseSpec::of::<Product>()))
        .unwrap();
    net.step().unwrap();
    assert_eq!(net.spike_count(0), 1);
    let v = net.values("post", "v").unwrap();
    let threshold = 9.99 * (-0.1_f64 / 20.0).exp() + 10.0 * 20.0 * (1.0 - (-0.1_f64 / 20.0).exp());
    for (g, v) in net.values("post", "g").unwrap().iter().zip(v) {
        assert!((g - threshold * 2.0 * v).abs() < 1e-9 * g, "{g} {v}");
    }
}

#[test]
fn coupling_in_each_step() {
    let build = || {
        let start = vec![("v", Init::from(vec![10.0, 0.0, 4.0]))];
        let cells = Cells::<Passive, Euler, 3>::build("cells", start, &Streams::new(1)).unwrap();
        let mut net = Clocked::new("coupled", 0.1.ms(), ClockedOptions::seeded(1), cells).unwrap();
        let pairs = from_fn("pairs", |pre, post| u16::from(pre != post));
        let slow = SynapseSpec::of::<Slow>().with("g", PerSynapse::by_pair(|pre, post| (pre + 2 * post) as f64));
        net.connect(Projection::new("cells", "cells", pairs).with_synapses(slow).named("slow")).unwrap();
        net
    };
    let mut net = build();
    let (mut v, mut s) = ([10.0, 0.0, 4.0], [[0.0; 3]; 3]);
    for _ in 0..100 {
        net.step().unwrap();
        let mut i = [0.0; 3];
        let old = v;
        for pre in 0..3 {
            for post in (0..3).filter(|post| *post != pre) {
                // pA, as nS mV; the input is in nA.
                i[post] += (pre + 2 * post) as f64 * s[pre][post];
                s[pre][post] += 0.1 * (old[pre] - old[post] - s[pre][post]) / 10.0;
            }
        }
        v.iter_mut().zip(i).for_each(|(v, i)| *v += 0.1 * (i * 1e-3 / 10.0));
        for (a, b) in net.values("cells", "v").unwrap().iter().zip(v) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
    assert!(v[0] < 9.999);
    let mut cut = build();
    cut.run_steps(50).unwrap();
    let mut copy = cut.clone();
    copy.run_steps(50).unwrap();
    assert_eq!(copy.values("cells", "v").unwrap(), net.values("cells", "v").unwrap(), "a copy goes on alike");
}

#[test]
fn values_are_read_and_set() {
    let mut net = network(vec![sums::<3>("out")], 1);
    net.add_source(times("in", 2, &[(0, 0), (1, 2)])).unwrap();
    let edges = weighted_edges([(0, 0, 1.0), (0, 2, 2.0), (1, 0, 4.0)]);
    let wire = Projection::new("in", "out", edges).onto("g").named("w");
    net.connect(wire.with_synapses(SynapseSpec::of::<TsodyksMarkram>())).unwrap();
    assert_eq!(net.synapse_values("w", "w").unwrap(), [1.0, 2.0, 4.0], "a rule's weights are those of `w`");
    let synapses: Vec<_> = net.synapses("w").unwrap().iter().map(|s| (s.pre, s.post, s.weight, s.delay)).collect();
    assert_eq!(synapses, [(0, 0, 1.0, 0), (0, 2, 2.0, 0), (1, 0, 4.0, 0)]);
    assert_eq!(net.connectivity("w").unwrap().pre2post(0), [0, 2]);
    net.run_steps(2).unwrap();
    assert_eq!(net.values("out", "g").unwrap(), [0.75, 0.0, 1.5]);
    net.set_synapse_values("w", "w", &[1.0, 1.0, 8.0]).unwrap();
    net.step().unwrap();
    assert_eq!(net.values("out", "g").unwrap(), [6.75, 0.0, 1.5]);
    net.set_weights("w", &[3.0]).unwrap();
    assert_eq!(net.synapse_values("w", "w").unwrap(), [3.0; 3]);
    net.set_synapse_param("w", "tau_d", 100.0).unwrap();
    let error = net.synapse_values("w", "ww").unwrap_err().to_string();
    assert!(error.contains("`w`"), "{error}");
    assert!(net.set_synapse_values("w", "w", &[1.0]).is_err());
    assert!(net.set_synapse_param("w", "tau_d", -1.0).is_err());
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut net = network(vec![sums::<3>("out"), cells::<2>("cells", Vec::new())], 1);
    net.add_source(times("in", 3, &[])).unwrap();
    let stp = || SynapseSpec::of::<TsodyksMarkram>();
    let mut refused = |wire: Projection, words: &str| {
        let error = net.connect(wire).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    let wire = || Projection::new("in", "out", one_to_one()).onto("g");
    refused(wire().with_synapses(stp().with("tau_g", 1.0)), "tau_f");
    refused(wire().with_synapses(stp().with("u_0", Init::Uniform(0.1, 0.2))), "one for all synapses");
    refused(wire().with_synapses(stp().with("w", f64::NAN)), "NaN");
    refused(wire().weight(2.0).with_synapses(stp().with("w", 1.0)), "given twice");
    refused(wire().with_synapses(SynapseSpec::of::<Slow>()), "delivers a current");
    refused(wire().with_synapses(stp().with("w", vec![1.0, 2.0])), "");
    refused(wire().procedural(true).with_synapses(stp()), "stored");
    refused(wire().with_synapses(SynapseSpec::of::<Product>()), "a source has no variables");
    let onto_v = Projection::new("cells", "cells", all_to_all()).onto("v");
    refused(onto_v.with_synapses(stp()), "delivers a conductance");
    let gap = Projection::new("cells", "cells", all_to_all()).onto("v");
    refused(gap.with_synapses(SynapseSpec::of::<GapJunction>()), "delivers a current");
}
