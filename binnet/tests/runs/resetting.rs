//! A network that was reset runs as a fresh one does, bit for bit.

use binnet::clocked::{Condition, PerSynapse, Synapse, SynapseSpec, Threads};
use binnet::connect::fixed_prob;
use binnet::models::synapses::{PairStdp, TsodyksMarkram};
use binnet::prelude::*;
use binnet::run::Reset;

neuron! {
    /// A noisy neuron that is held after its spikes.
    pub struct Cell {
        param tau = 20 ms;
        local v_rest = 0 mV;
        state v = v_rest;
        state g = 1 nS;
        input i: mV/ms;
        dv/dt = (v_rest - v) / tau + g * 0.5 mV / ms / 1 nS + i + 2 mV * sqrt(2 / tau) * xi;
        dg/dt = -g / 5 ms;
        spike when v > 10 mV { v = 0 mV; refractory 2 ms holding v; }
    }
}

network! {
    /// One of everything that has a past.
    pub struct All {
        clock 0.1 ms;
        population a: Cell[60] { v_rest: normal(0 mV, 1 mV), v: uniform(0 mV, 5 mV) };
        population b: Cell[40] { tau: 15 ms };
        source noise: poisson[30] { rate: 50 Hz };
        source times: spike_times[2] { spikes: [(0, 3.ms()), (1, 40.ms())] };
        projection noise -> a { target: g, connect: fixed_prob(0.2), weight: 2 nS, delay: 1.5 ms };
        projection times -> (a, b) { target: g, connect: all_to_all(), weight: 1 nS };
        projection ab: a -> b { target: g, connect: fixed_prob(0.2), weight: uniform(0 nS, 1 nS), delay: uniform(0.1 ms, 3 ms) };
        projection ba: b -> a {
            synapse: PairStdp { w: uniform(0, 1) }, target: g, connect: fixed_prob(0.3), delay: 1 ms
        };
        projection aa: a -> a {
            synapse: TsodyksMarkram { w: normal(0.5 nS, 0.1 nS) }, target: g, connect: fixed_prob(0.1), delay: 0.5 ms
        };
        stimulus a.i += ornstein_uhlenbeck(0.5 mV/ms, 0.2 mV/ms, 5 ms);
        stimulus b.g += poisson_input(n: 100, rate: 5 Hz, weight: 0.5 nS);
        stimulus a.tau *= pulses(2, 10 ms, 5 ms);
        record a.spikes;
        record b.spikes;
        record b.v;
        record noise.spikes;
    }
}

fn build(seed: u64) -> All {
    let mut net = All::builder().seed(seed).build().unwrap();
    // A projection without stored connections, and one that is added last.
    let drawn = binnet::clocked::Projection::new("b", "b", fixed_prob(0.1)).onto("g").procedural(true).named("bb");
    net.connect(drawn).unwrap();
    let synapses = SynapseSpec::of::<TsodyksMarkram>().with("w", PerSynapse::by_pair(|i, j| (i + j) as f64 * 0.01));
    let wire = binnet::clocked::Projection::new("noise", "b", fixed_prob(0.2)).onto("g").with_synapses(synapses);
    net.connect(wire.named("nb")).unwrap();
    net
}

/// All that a run leaves behind.
#[derive(Debug, PartialEq)]
struct Left {
    records: binnet::clocked::Records,
    bits: Vec<Vec<u64>>,
    synapses: Vec<Vec<Synapse>>,
    counts: [u64; 2],
}

const WIRES: [&str; 5] = ["ab", "ba", "aa", "bb", "nb"];

fn left(net: &All) -> Left {
    let bits = |x: Vec<f64>| x.into_iter().map(f64::to_bits).collect();
    let mut all: Vec<Vec<u64>> = Vec::new();
    for (population, field) in [("a", "v"), ("a", "g"), ("a", "i"), ("a", "tau"), ("b", "v"), ("b", "g")] {
        all.push(bits(net.values(population, field).unwrap()));
    }
    for (projection, field) in [("ba", "w"), ("ba", "apre"), ("aa", "u"), ("aa", "x"), ("nb", "x")] {
        all.push(bits(net.synapse_values(projection, field).unwrap()));
    }
    Left {
        records: (**net).records().clone(),
        bits: all,
        synapses: WIRES.iter().map(|name| net.synapses(name).unwrap()).collect(),
        counts: [net.spike_count(0), net.spike_count(1)],
    }
}

/// Equal, without printing all of it otherwise.
#[track_caller]
fn same(a: &Left, b: &Left) {
    assert_eq!(a.counts, b.counts);
    assert!(a.bits == b.bits, "values");
    assert!(a.synapses == b.synapses, "synapses");
    assert!(a.records == b.records, "records");
}

fn after(net: &mut All, ms: f64) -> Left {
    net.run(ms.ms()).unwrap();
    left(net)
}

#[test]
fn the_network_is_alive() {
    let end = after(&mut build(1), 100.0);
    assert!(end.counts[0] > 100 && end.counts[1] > 100, "{:?}", end.counts);
    assert_ne!(end.synapses[1], build(1).synapses("ba").unwrap(), "plasticity does something");
}

#[test]
fn a_reset_network_is_a_fresh_one() {
    let fresh = after(&mut build(1), 60.0);
    let mut net = build(1);
    let first = left(&net);
    net.run(37.3.ms()).unwrap();
    net.set_weights("ab", &[0.1]).unwrap();
    net.reset(Reset::ALL).unwrap();
    assert_eq!((net.steps(), net.ended()), (0, None));
    same(&left(&net), &first);
    same(&after(&mut net, 60.0), &fresh);
    // State and weights are drawn again from the same seed, so this is everything.
    net.reset(Reset::STATE | Reset::WEIGHTS).unwrap();
    same(&after(&mut net, 60.0), &fresh);
    net.reset(Reset::CONNECTIVITY | Reset::STATE).unwrap();
    same(&after(&mut net, 60.0), &fresh);
    // Another seed gives what a network of this seed gives.
    net.reset_seeded(Reset::ALL, 2).unwrap();
    let mut other = build(2);
    // Locals are no states: those of the first build stay.
    other.set_values("a", "v_rest", net.values("a", "v_rest").unwrap()).unwrap();
    same(&after(&mut net, 60.0), &after(&mut other, 60.0));
    net.reset_seeded(Reset::ALL, 1).unwrap();
    same(&after(&mut net, 60.0), &fresh);
}

#[test]
fn a_part_leaves_the_others_alone() {
    let mut net = build(1);
    let first = left(&net);
    net.run(40.ms()).unwrap();
    let n = net.synapses("ab").unwrap().len();
    net.set_weights("ab", &vec![0.25; n]).unwrap();
    let equal = vec![0.125; net.synapses("aa").unwrap().len()];
    net.set_synapse_values("aa", "w", &equal).unwrap();
    net.set_synapse_param("aa", "tau_d", 100.0).unwrap();
    let before = left(&net);

    // The state alone: weights stay, learned ones too.
    net.reset(Reset::STATE).unwrap();
    let state = left(&net);
    assert_eq!((net.steps(), state.counts), (0, [0, 0]));
    assert_eq!(state.synapses, before.synapses);
    assert_eq!(state.bits[..6], first.bits[..6], "states of neurons");
    assert_eq!((&state.bits[6], &state.bits[7..]), (&before.bits[6], &first.bits[7..]), "states of synapses");
    assert!(state.records.all_spikes().iter().all(|train| train.is_empty()));
    // Twice the same, and with the parameter that was set.
    let run = after(&mut net, 20.0);
    net.reset(Reset::STATE).unwrap();
    net.set_synapse_values("ba", "w", &before.synapses[1].iter().map(|s| s.weight).collect::<Vec<_>>()).unwrap();
    same(&after(&mut net, 20.0), &run);
    let mut other = build(1);
    other.set_weights("ab", &vec![0.25; n]).unwrap();
    for (projection, synapses) in [("aa", &before.synapses[2]), ("ba", &before.synapses[1])] {
        other.set_synapse_values(projection, "w", &synapses.iter().map(|s| s.weight).collect::<Vec<_>>()).unwrap();
    }
    assert!(after(&mut other, 20.0).bits != run.bits, "without the parameter");
    other.reset(Reset::STATE).unwrap();
    other.set_synapse_param("aa", "tau_d", 100.0).unwrap();
    other.set_synapse_values("ba", "w", &before.synapses[1].iter().map(|s| s.weight).collect::<Vec<_>>()).unwrap();
    same(&after(&mut other, 20.0), &run);

    // The weights alone: the rest goes on, with what is in flight.
    let now = left(&net);
    net.reset(Reset::WEIGHTS).unwrap();
    let weights = left(&net);
    assert_eq!(weights.synapses, first.synapses);
    assert_eq!((&weights.bits[..6], &weights.records), (&now.bits[..6], &now.records));
    assert_eq!((weights.bits[7..].to_vec(), net.steps()), (now.bits[7..].to_vec(), 200));
    net.run(10.ms()).unwrap();

    // Connections of another seed; time goes on.
    net.reset_seeded(Reset::CONNECTIVITY, 9).unwrap();
    let drawn = left(&net);
    assert_eq!((drawn.synapses, net.steps()), (left(&build(9)).synapses, 300));
    net.run(10.ms()).unwrap();
    net.reset(Reset::RECORDERS).unwrap();
    assert!(net.records().b.v.is_empty() && net.steps() == 400);
}

#[test]
fn parameters_stay() {
    let mut net = build(1);
    net.run(12.ms()).unwrap();
    assert_eq!(net.values("a", "tau").unwrap()[0], 40.0, "a stimulus acts");
    net.set_values("a", "tau", 10.0).unwrap();
    net.set_values("b", "v_rest", 3.0).unwrap();
    net.run(1.ms()).unwrap();
    net.reset(Reset::STATE).unwrap();
    assert_eq!((net.values("a", "tau").unwrap()[0], net.values("b", "v").unwrap()[7]), (10.0, 3.0));
    net.stop_when(&Condition::any("a", "tau").above(15.0)).unwrap();
    assert_eq!(net.run(1.s()).unwrap().time, 10.1.ms());
}

#[test]
fn two_threads_are_reset_as_one() {
    let run = |threads| {
        let mut net = All::builder().seed(3).options(|o| o.threads = Threads::Exactly(threads)).build().unwrap();
        net.run(20.ms()).unwrap();
        net.reset(Reset::STATE | Reset::WEIGHTS).unwrap();
        net.run(30.ms()).unwrap();
        (net.values("a", "v").unwrap(), net.values("b", "g").unwrap(), net.spike_count(0))
    };
    assert_eq!(run(1), run(2));
}
