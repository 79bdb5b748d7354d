//! Projections of networks with a clock: what arrives where and when, whatever the storage.

use binnet::clocked::{
    Cells, Clocked, ClockedOptions, Cohort, End, PerSynapse, PoissonInput, Projection, Record, Source, Threads,
};
use binnet::connect::{all_to_all, dense, fixed_in_degree, fixed_prob, from_fn, one_to_one, weighted_edges};
use binnet::neuron::Own;
use binnet::population::Init;
use binnet::prelude::*;
use binnet::rng::Streams;

/// Keeps what arrives.
#[derive(Population, Clone)]
struct Sum {
    #[state(0)]
    sum: f64,
    #[input(1)]
    x: f64,
    #[state(0)]
    seen: f64,
}

impl Neuron for Sum {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.seen += self.x;
        Spikes::NONE
    }
}

neuron! {
    /// Integrates, and takes nothing while refractory.
    struct Lif {
        state v = 0 mV;
        dv/dt = -v / 20 ms;
        spike when v > 10 mV { v = 0 mV; refractory 2 ms holding v; }
    }
}

neuron! {
    /// A rate that decays towards its input.
    struct Rate {
        state r = 0;
        input i: 1;
        dr/dt = (i - r) / 10 ms;
        output r;
    }
}

type Net = Clocked<Vec<Box<dyn Cohort>>>;

fn sums<const N: usize>(name: &str) -> Box<dyn Cohort> {
    Box::new(Cells::<Sum, Own, N>::build(name, Vec::new(), &Streams::new(1)).unwrap())
}

fn network(populations: Vec<Box<dyn Cohort>>, threads: usize) -> Net {
    let mut options = ClockedOptions::seeded(1);
    options.threads = Threads::Exactly(threads);
    Clocked::new("test", 0.1.ms(), options, populations).unwrap()
}

/// A source with one spike of channel 0 in each of these steps.
fn spikes_at(size: usize, steps: &[(usize, u64)]) -> Source {
    Source::spike_times("in", size, steps.iter().map(|(i, step)| (*i, (*step as f64 * 0.1).ms())))
}

/// The steps after which `sum` of neuron 0 of `out` is larger than before, with the amounts.
fn arrivals(net: &mut Net, steps: u64) -> Vec<(u64, f64)> {
    let (mut before, mut list) = (0.0, Vec::new());
    for step in 0..steps {
        net.step().unwrap();
        let now = net.values("out", "sum").unwrap()[0];
        if now != before {
            list.push((step, now - before));
        }
        before = now;
    }
    list
}

#[test]
fn spikes_arrive_at_the_end_of_the_step_of_spike_and_delay() {
    for (delay, steps) in [(0.0, 0), (0.1, 1), (0.7, 7), (0.14, 1), (0.16, 2), (30.0, 300)] {
        // A common delay, and one for each synapse.
        for each in [false, true] {
            let mut net = network(vec![sums::<3>("out")], 1);
            net.add_source(spikes_at(2, &[(0, 5), (0, 6), (1, 9)])).unwrap();
            let delay = if each { PerSynapse::by_pair(move |_, _| delay) } else { delay.into() };
            let wire = Projection::new("in", "out", all_to_all()).onto("sum").weight(2.0).delay(delay);
            net.connect(wire).unwrap();
            let expected: Vec<_> = [5, 6, 9].into_iter().map(|k| (k + steps, 2.0)).collect();
            assert_eq!(arrivals(&mut net, 400), expected, "{steps} {each}");
        }
    }
}

#[test]
fn an_input_is_seen_in_the_next_step_and_cleared_then() {
    let mut net = network(vec![sums::<1>("out")], 1);
    net.add_source(spikes_at(1, &[(0, 3)])).unwrap();
    net.connect(Projection::new("in", "out", one_to_one()).weight(0.5)).unwrap();
    net.run_steps(4).unwrap();
    assert_eq!((net.values("out", "x").unwrap()[0], net.values("out", "seen").unwrap()[0]), (0.5, 0.0));
    net.run_steps(3).unwrap();
    assert_eq!((net.values("out", "x").unwrap()[0], net.values("out", "seen").unwrap()[0]), (0.0, 0.5));
}

#[test]
fn what_arrives_at_a_held_variable_is_discarded() {
    let cells = Cells::<Lif, <Lif as Model>::Method, 2>::build("out", Vec::new(), &Streams::new(1)).unwrap();
    let mut net = network(vec![Box::new(cells)], 1);
    // Beyond the threshold at the end of step 10: spike in step 11, held in steps 12 to 30, free from 31 on.
    let spikes: Vec<_> = [10, 11, 12, 20, 30, 31].into_iter().map(|k| (0, k)).collect();
    net.add_source(spikes_at(1, &spikes)).unwrap();
    net.connect(Projection::new("in", "out", all_to_all()).onto("v").weight(11.0)).unwrap();
    net.record(Record::spikes("out")).unwrap();
    let mut v = Vec::new();
    for _ in 0..33 {
        net.step().unwrap();
        v.push(net.values("out", "v").unwrap()[1]);
    }
    assert_eq!(v[10], 11.0);
    assert!(v[11..=30].iter().all(|v| *v == 0.0), "{v:?}");
    assert_eq!(v[31], 11.0);
    assert_eq!(net.records().spikes("out").unwrap().steps(), [11, 11, 32, 32]);
}

/// The sums of 7000 neurons after random spikes through one projection.
fn delivered(wire: impl Fn() -> Projection, threads: usize) -> Vec<f64> {
    let mut net = network(vec![sums::<7000>("out")], threads);
    net.add_source(Source::poisson("in", 500, 40.0)).unwrap();
    net.connect(wire().onto("sum")).unwrap();
    net.run(20.ms()).unwrap();
    net.values("out", "sum").unwrap()
}

#[test]
fn all_storages_deliver_the_same() {
    let pairs = || from_fn("thirds", |pre, post| u16::from((pre * 7 + post) % 3 == 0));
    let wire = || Projection::new("in", "out", pairs()).weight(0.25).delay(0.3.ms());
    let equal = delivered(wire, 1);
    assert!(equal.iter().any(|sum| *sum > 0.0));
    let multiple = || Projection::new("in", "out", fixed_in_degree(100_usize)).weight(0.25);
    let lists = || multiple().weight(PerSynapse::by_pair(|_, _| 0.25));
    assert_eq!(delivered(multiple, 1), delivered(lists, 1), "bits");
    assert_eq!(delivered(multiple, 2), delivered(lists, 1), "bits");
    let each = || wire().weight(PerSynapse::by_pair(|_, _| 0.25));
    assert_eq!(delivered(each, 1), equal, "a weight for each synapse");
    let delayed = || wire().delay(PerSynapse::by_pair(|_, _| 0.3));
    assert_eq!(delivered(delayed, 1), equal, "a delay for each synapse");
    let both = || each().delay(PerSynapse::by_pair(|_, _| 0.3));
    assert_eq!(delivered(both, 1), equal, "both");
    let matrix = |pre: usize, post: usize| if (pre * 7 + post).is_multiple_of(3) { 0.25 } else { 0.0 };
    let full = ndarray(500, 7000, matrix);
    let dense = || Projection::new("in", "out", dense(&full)).delay(0.3.ms());
    assert_eq!(delivered(dense, 1), equal, "a matrix");
    for threads in [2, 3] {
        assert_eq!(delivered(wire, threads), equal, "{threads} threads");
        assert_eq!(delivered(both, threads), equal, "{threads} threads, both");
    }
}

fn ndarray(rows: usize, columns: usize, f: impl Fn(usize, usize) -> f64) -> binnet::ndarray::Array2<f64> {
    binnet::ndarray::Array2::from_shape_fn((rows, columns), |(i, j)| f(i, j))
}

#[test]
fn all_pairs_and_full_matrices() {
    let all = || Projection::new("in", "out", all_to_all()).weight(0.5);
    let stored = || Projection::new("in", "out", all_to_all()).weight(PerSynapse::by_pair(|_, _| 0.5));
    assert_eq!(delivered(all, 1), delivered(stored, 1));
    let again = || Projection::new("in", "out", fixed_prob(0.1)).weight(0.5).procedural(true);
    let kept = || Projection::new("in", "out", fixed_prob(0.1)).weight(0.5);
    assert_eq!(delivered(again, 1), delivered(kept, 1), "drawn again or stored: the same connections");
    assert_eq!(delivered(again, 2), delivered(kept, 1));
}

#[test]
fn parts_and_autapses() {
    let mut net = network(vec![sums::<10>("out")], 1);
    net.add_source(spikes_at(10, &[(4, 0)])).unwrap();
    let part = Projection::new(End::of("in").neurons(2..6), End::of("out").neurons(5..9), one_to_one());
    net.connect(part.onto("sum").weight(3.0)).unwrap();
    net.step().unwrap();
    let mut expected = [0.0; 10];
    expected[7] = 3.0;
    assert_eq!(net.values("out", "sum").unwrap(), expected);

    for keep in [false, true] {
        let mut net = network(vec![sums::<4>("out")], 1);
        net.connect(Projection::new("out", "out", all_to_all()).onto("sum").autapses(keep).named("all")).unwrap();
        let part = Projection::new(End::of("out").neurons(0..2), "out", all_to_all()).onto("sum").autapses(keep);
        net.connect(part.named("part")).unwrap();
        let synapses = |name: &str| net.synapses(name).unwrap().len();
        assert_eq!((synapses("all"), synapses("part")), if keep { (16, 8) } else { (12, 6) });
        assert_eq!(net.connectivity("all").unwrap().pre2post(1).len(), if keep { 4 } else { 3 });
    }
}

#[test]
fn what_is_given_one_by_one_is_kept() {
    let mut net = network(vec![sums::<2>("out")], 1);
    net.connect(Projection::new("out", "out", dense([[1.0, 2.0], [3.0, 4.0]])).onto("sum").named("matrix")).unwrap();
    net.connect(Projection::new("out", "out", dense([[1.0, 1.0], [1.0, 1.0]])).onto("sum").named("ones")).unwrap();
    net.connect(Projection::new("out", "out", weighted_edges([(0, 0, 5.0)])).onto("sum").named("edge")).unwrap();
    let sum = |name: &str| net.synapses(name).unwrap().iter().map(|synapse| synapse.weight).sum::<f64>();
    assert_eq!((sum("matrix"), sum("ones"), sum("edge")), (10.0, 4.0, 5.0));
}

#[test]
fn weights_can_be_read_and_changed() {
    let mut net = network(vec![sums::<3>("out")], 1);
    net.add_source(spikes_at(2, &[(0, 0), (1, 0), (0, 2)])).unwrap();
    let edges = weighted_edges([(0, 0, 1.0), (0, 2, 2.0), (1, 0, 4.0)]);
    net.connect(Projection::new("in", "out", edges).onto("sum").named("w")).unwrap();
    net.step().unwrap();
    assert_eq!(net.values("out", "sum").unwrap(), [5.0, 0.0, 2.0]);
    let weights: Vec<_> = net.synapses("w").unwrap().iter().map(|s| (s.pre, s.post, s.weight)).collect();
    assert_eq!(weights, [(0, 0, 1.0), (0, 2, 2.0), (1, 0, 4.0)]);
    net.set_weights("w", &[10.0, 20.0, 30.0]).unwrap();
    net.run_steps(2).unwrap();
    assert_eq!(net.values("out", "sum").unwrap(), [15.0, 0.0, 22.0]);
    assert!(net.set_weights("w", &[1.0, 2.0]).is_err());
    assert!(net.set_weights("w", &[1.0, 2.0, f64::NAN]).is_err());
    assert!(net.set_weights("v", &[1.0]).is_err());
}

#[test]
fn the_same_spikes_on_any_number_of_threads() {
    let run = |threads| {
        let streams = Streams::new(7);
        let start = vec![("v", Init::Uniform(0.0, 9.0))];
        let exc = Cells::<Lif, <Lif as Model>::Method, 6500>::build("exc", start.clone(), &streams).unwrap();
        let inh = Cells::<Lif, <Lif as Model>::Method, 1500>::build("inh", start, &streams).unwrap();
        let mut net = network(vec![Box::new(exc), Box::new(inh)], threads);
        for (pre, weight, k) in [("exc", 0.1, 200_usize), ("inh", -0.45, 50)] {
            for post in ["exc", "inh"] {
                let wire = Projection::new(pre, post, fixed_in_degree(k)).onto("v");
                let delay = Init::Uniform(0.2, 3.0);
                net.connect(wire.weight(Init::Normal(weight, 0.02)).delay(delay)).unwrap();
            }
        }
        for population in ["exc", "inh"] {
            net.poisson_input(&PoissonInput::new(population, "v", 500, 10.0, 0.15)).unwrap();
            net.record(Record::spikes(population)).unwrap();
        }
        net.run(100.ms()).unwrap();
        let train = net.records().spikes("exc").unwrap();
        (train.steps().to_vec(), train.ids().to_vec(), net.values("inh", "v").unwrap())
    };
    let one = run(1);
    assert!(one.0.len() > 1000, "{} spikes", one.0.len());
    assert_eq!(one, run(2));
    assert_eq!(one, run(3));
}

#[test]
fn outputs_act_in_each_step() {
    // r' = (w sum r - r) / tau, solved by its own method: against the matrix form of the same steps.
    let cells = || {
        Cells::<Rate, binnet::integrate::Euler, 3>::build(
            "a",
            vec![("r", Init::Each(vec![1.0, 2.0, 0.0]))],
            &Streams::new(1),
        )
    };
    let w = [[0.0, 0.5, -1.0], [0.25, 0.0, 0.5], [1.0, 1.0, 0.0]];
    // One delay for all synapses, and one for each; before the first step, outputs were as in it.
    for (delay, lag) in [(0.0.into(), 0), (0.3.into(), 3), (PerSynapse::by_pair(|_, _| 0.3), 3)] {
        let mut net = network(vec![Box::new(cells().unwrap())], 1);
        net.connect(Projection::new("a", "a", dense(w)).delay(delay)).unwrap();
        let mut past: Vec<[f64; 3]> = vec![[1.0, 2.0, 0.0]];
        for step in 0..50_usize {
            let now = past[step];
            let seen = &past[step.saturating_sub(lag)];
            past.push(core::array::from_fn(|j| {
                let sum: f64 = (0..3).map(|i| w[i][j] * seen[i]).sum();
                now[j] + 0.1 * (sum - now[j]) / 10.0
            }));
            net.step().unwrap();
            let r = net.values("a", "r").unwrap();
            for (found, expected) in r.iter().zip(past[step + 1]) {
                assert!((found - expected).abs() < 1e-13, "step {step}: {found} {expected}");
            }
        }
    }
}

/// What the caller hands in acts in its step, on however many threads; a delay counts from there.
#[test]
fn given_counts_act_in_their_step() {
    for threads in [1, 2] {
        let mut net = network(vec![sums::<70>("out")], threads);
        net.add_source(Source::external("in", 2)).unwrap();
        let seen = || Projection::new(End::of("in").neurons(0..1), "out", all_to_all()).onto("x").weight(2.0);
        net.connect_all(&[seen(), seen().named("late").delay(0.2.ms()), seen().named("jump").onto("sum")]).unwrap();
        let each = PerSynapse::by_pair(|_, post| if post < 50 { 0.1 } else { 0.3 });
        net.connect(seen().named("each").weight(100.0).delay(each)).unwrap();
        net.connect(Projection::new("out", "out", all_to_all()).onto("x")).unwrap();
        let rows = binnet::ndarray::array![[3_u32, 1], [0, 7], [1, 0]];
        net.source_mut("in").unwrap().give(rows.view()).unwrap();
        let mut all = Vec::new();
        for step in 0..6 {
            net.step().unwrap();
            let seen = net.values("out", "seen").unwrap();
            all.push((step, net.values("out", "sum").unwrap()[9], seen[0], seen[69]));
        }
        let expected = [
            (0, 6.0, 6.0, 6.0),
            (1, 6.0, 306.0, 6.0),
            (2, 8.0, 306.0 + 2.0 + 6.0, 6.0 + 2.0 + 6.0),
            (3, 8.0, 414.0, 314.0),
            (4, 8.0, 416.0, 316.0),
            (5, 8.0, 416.0, 416.0),
        ];
        assert_eq!(all, expected);
    }
}

#[test]
fn sources_keep_their_word() {
    let mut net = network(vec![sums::<4>("out")], 1);
    net.add_source(Source::external("in", 4)).unwrap();
    net.connect(Projection::new("in", "out", one_to_one()).onto("sum")).unwrap();
    let rows = binnet::ndarray::array![[1_u32, 0, 0, 0], [0, 0, 3, 0]];
    net.source_mut("in").unwrap().give(rows.view()).unwrap();
    assert!(net.source_mut("in").unwrap().give(rows.view().t()).is_err());
    net.run_steps(5).unwrap();
    assert_eq!(net.values("out", "sum").unwrap(), [1.0, 0.0, 3.0, 0.0]);

    // 10 s of 200 channels at 25 Hz, those of odd number at half of it: 5 standard errors.
    let mut net = network(vec![sums::<200>("out")], 1);
    let rates = (0..200).map(|i| if i % 2 == 0 { 25.0 } else { 12.5 }).collect();
    net.add_source(Source::poisson_rates("in", rates)).unwrap();
    net.add_source(Source::regular("clock", 1, 40.0)).unwrap();
    net.connect(Projection::new("in", "out", one_to_one()).onto("sum")).unwrap();
    net.connect(Projection::new("clock", End::of("out").neurons(0..1), all_to_all()).weight(1.0)).unwrap();
    net.run(10.s()).unwrap();
    let sums = net.values("out", "sum").unwrap();
    for (first, mean) in [(0, 25_000.0), (1, 12_500.0_f64)] {
        let total: f64 = sums.iter().skip(first).step_by(2).sum();
        assert!((total - mean).abs() < 5.0 * mean.sqrt(), "{total} of {mean}");
    }
    assert_eq!(net.values("out", "seen").unwrap()[0], 400.0 - 1.0, "the last one waits to be seen");
}

#[test]
fn more_synapses_than_memory_are_refused_before_they_are_drawn() {
    let mut options = ClockedOptions::seeded(1);
    options.memory_budget = Some(3_000_000);
    let mut net = Clocked::new("test", 0.1.ms(), options, vec![sums::<2000>("out")]).unwrap();
    let wire = Projection::new("out", "out", fixed_prob(0.5)).onto("sum");
    let error = net.connect(wire.clone().weight(Init::Normal(1.0, 0.1))).unwrap_err().to_string();
    assert!(error.contains("needs 19 MB, the budget is 2 MB"), "{error}");
    net.connect(wire.procedural(true)).unwrap();
}

#[test]
fn refused_rates_leave_a_source_as_it_was() {
    let mut net = network(vec![sums::<2>("out")], 1);
    net.add_source(Source::poisson_rates("in", vec![0.0, 1000.0])).unwrap();
    net.connect(Projection::new("in", "out", one_to_one()).onto("sum")).unwrap();
    for bad in [&[-5.0, 1e4][..], &[f64::NAN], &[1.0; 3]] {
        assert!(net.source_mut("in").unwrap().set_rates(bad).is_err());
    }
    net.run(1.s()).unwrap();
    let sums = net.values("out", "sum").unwrap();
    // 1000 spikes expected: 5 standard errors.
    assert!(sums[0] == 0.0 && (sums[1] - 1000.0).abs() < 160.0, "{sums:?}");
    net.source_mut("in").unwrap().set_rates(&[0.0]).unwrap();
    net.run(1.s()).unwrap();
    assert_eq!(net.values("out", "sum").unwrap(), sums);
}

#[test]
fn what_does_not_fit_is_refused() {
    let fails = |wire: Projection, words: &str| {
        let mut net = network(vec![sums::<3>("out")], 1);
        net.add_source(Source::external("in", 2)).unwrap();
        let error = net.connect(wire).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    let wire = || Projection::new("in", "out", all_to_all()).onto("sum");
    fails(Projection::new("ni", "out", all_to_all()), "did you mean `in`");
    fails(Projection::new("out", "in", all_to_all()), "no population `in`");
    fails(wire().onto("sun"), "did you mean `sum`");
    fails(wire().weight(f64::NAN), "weight");
    fails(wire().weight(vec![1.0; 5]), "expected 6");
    fails(wire().weight(vec![1.0; 7]), "expected 6");
    fails(wire().delay(-0.1), "0 ms or above");
    fails(wire().delay(1e9), "65535 steps");
    fails(wire().delay(PerSynapse::by_pair(|_, _| f64::NAN)), "0 ms or above");
    fails(Projection::new("in", "out", one_to_one()), "2");
    fails(Projection::new(End::of("in").neurons(1..3), "out", all_to_all()), "1..3");
    // A hundred million million synapses.
    let huge = Projection::new("in", "out", fixed_in_degree(30_000_000_000_000_usize));
    fails(huge.onto("sum"), "contacts a pair");
    fails(wire().procedural(true).weight(Init::Normal(1.0, 0.1)), "procedural");
}
