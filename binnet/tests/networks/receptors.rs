//! Receptors that feed neurons: one system with the equations of the neuron, shared by projections.

use binnet::models::neurons::Lif;
use binnet::models::receptors::{Alpha, Exponential};
use binnet::models::synapses::{PairStdp, TsodyksMarkram};
use binnet::ndarray::Array2;
use binnet::prelude::*;
use binnet::receptor::Receptor;

/// Counts for `external` sources: one spike of each channel in the first step.
fn once(channels: usize) -> Array2<u32> {
    Array2::ones((1, channels))
}

/// The potential of a passive cell after an alpha current: tau v' = -v + r w t/s exp(1 - t/s).
fn after_alpha(t: f64, tau: f64, s: f64, r: f64, w: f64) -> f64 {
    let k = r * w * core::f64::consts::E / (s * tau);
    let a = 1.0 / tau - 1.0 / s;
    k * ((-t / s).exp() * (t / a - 1.0 / (a * a)) + (-t / tau).exp() / (a * a))
}

network! {
    /// Cells of one kind, fed by alpha currents; one population for each method.
    pub struct ByMethods {
        clock 0.1 ms;
        source events: external[1];
        population best: Lif[3] { v_th: 1 V };
        population rk4: Lif[70] { v_th: 1 V, method: rk4 };
        population euler: Lif[1] { v_th: 1 V, method: euler };
        projection events -> (best, rk4, euler) { receptor: alpha(3 ms), connect: all_to_all, weight: 0.2 nA };
        record best.v;
        record best.g_events;
        record rk4.v;
        record euler.v;
    }
}

#[test]
fn exact_and_rk4_are_joint_over_neuron_and_receptor() {
    let mut net = ByMethods::builder().build().unwrap();
    net.source_mut("events").unwrap().give(once(1).view()).unwrap();
    net.run(60.ms()).unwrap();
    let records = net.records();
    let (mut exact, mut rk4, mut euler) = (0.0_f64, 0.0_f64, 0.0_f64);
    for step in 0..600 {
        let t = 0.1 * f64::from(step as u32);
        let expected = -65.0 + after_alpha(t, 10.0, 3.0, 100.0, 0.2);
        let deviation = |v: f64| (v - expected).abs();
        exact = exact.max(deviation(records.best.v.values()[[step, 2]]));
        rk4 = rk4.max(deviation(records.rk4.v.values()[[step, 69]]));
        euler = euler.max(deviation(records.euler.v.values()[[step, 0]]));
        let g = 0.2 * t / 3.0 * (1.0 - t / 3.0).exp();
        assert!((records.best.g_events.values()[[step, 0]] - g).abs() < 1e-14, "step {step}");
    }
    assert!(exact < 1e-12, "{exact}");
    // The method of order 4 with its inner stages over both: (0.1/3)^4 of a few mV. A receptor that stands still within a
    // step would err as Euler does.
    assert!(rk4 < 1e-6, "{rk4}");
    assert!(euler > 1e-2, "{euler}");
    assert!(net.explain().contains("best: Lif advances by exact (the best that its model admits)"));
}

neuron! {
    /// A passive cell with a conductance of its own, written out.
    pub struct Whole {
        param tau = 5 ms;
        param e = 0 mV;
        state v = -60 mV;
        state g = 0 nS;
        let i = g * (e - v);
        dv/dt = (10 nS * (-60 mV - v) + i) / 200 pF;
        dg/dt = -g / tau;
        spike when v > -50 mV { v = -60 mV; refractory 2 ms holding v; }
    }
}

neuron! {
    /// The same cell without its conductance.
    pub struct Bare {
        input i: pA;
        state v = -60 mV;
        let doubled = 2 * i;
        dv/dt = (10 nS * (-60 mV - v) + i) / 200 pF;
        spike when v > -50 mV { v = -60 mV; refractory 2 ms holding v; }
    }
}

network! {
    /// One cell written out, and one with a receptor, by the same methods.
    pub struct Twice {
        clock 0.1 ms;
        source events: external[20];
        population whole: Whole[20];
        population fed: Bare[20];
        population whole_diagjac: Whole[20] { method: exponential_euler_diagjac };
        population fed_diagjac: Bare[20] { method: exponential_euler_diagjac };
        population whole_rk4: Whole[20] { method: rk4 };
        population fed_rk4: Bare[20] { method: rk4 };
        projection events -> (whole, whole_diagjac, whole_rk4) { target: g, connect: one_to_one, weight: |_, i| i as f64 };
        projection events -> (fed, fed_diagjac, fed_rk4) {
            receptor: exponential(5 ms, reversal: 0 mV), connect: one_to_one, weight: |_, i| i as f64
        };
        record whole.v;
        record whole.spikes;
        record whole.i;
        record fed.v;
        record fed.spikes;
        record fed.i_events;
        record fed.doubled;
        record whole_diagjac.v;
        record fed_diagjac.v;
        record whole_rk4.v;
        record fed_rk4.v;
    }
}

#[test]
fn conductances_are_those_of_the_same_cell_written_out() {
    let mut net = Twice::builder().build().unwrap();
    for _ in 0..40 {
        net.source_mut("events").unwrap().give(once(20).view()).unwrap();
        net.run(1.ms()).unwrap();
    }
    let records = net.records();
    assert!(records.whole.spikes.len() > 20, "{}", records.whole.spikes.len());
    assert_eq!(records.whole.spikes.times(), records.fed.spikes.times());
    for (whole, fed) in [
        (&records.whole.v, &records.fed.v),
        (&records.whole.i, &records.fed.i_events),
        (&records.whole_diagjac.v, &records.fed_diagjac.v),
        (&records.whole_rk4.v, &records.fed_rk4.v),
    ] {
        let deviation = (&whole.values() - &fed.values()).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        assert!(deviation < 1e-9, "{deviation}");
    }
    let doubled = (&records.fed.doubled.values() - &(2.0 * &records.fed.i_events.values()))
        .iter()
        .fold(0.0_f64, |a, d| a.max(d.abs()));
    assert!(doubled < 1e-9, "intermediate values of the model see the current: {doubled}");
    let text = net.explain();
    assert!(text.contains("fed: Bare advances by exponential_euler (the best"), "{text}");
}

network! {
    /// Who shares a receptor with whom.
    pub struct Sharing {
        clock 0.1 ms;
        param slow = 5 ms;
        population a: Lif[4] { v_th: 1 V, g_kept: 0.3 nA };
        population b: Lif[4] { v_th: -70 mV };
        source events: external[4];
        projection b -> a { receptor: exponential(0.005 s), connect: one_to_one, weight: 1 nA };
        projection a -> a { receptor: exponential(5 ms), connect: one_to_one, weight: 2 nA };
        projection kept: b -> a { receptor: exponential(5 ms, unmerged: true), connect: one_to_one, weight: 4 nA };
        projection other: b -> a { receptor: exponential(6 ms), connect: one_to_one, weight: 8 nA };
        projection named: b -> a { receptor: exponential(slow), target: i, connect: one_to_one, weight: 16 nA };
        projection both: [a, b] -> [a, b] {
            receptor: alpha(tau: 2 ms), connect: all_to_all(autapses: true), weight: [[1 nA, 2 nA], [3 nA, 4 nA]]
        };
        record a.g_b;
        record a.g_kept;
        record a.g_other;
        record a.g_named;
        record a.x_both;
        record b.x_both;
    }
}

#[test]
fn equal_receptors_are_one() {
    let mut net = Sharing::builder().build().unwrap();
    net.run_steps(2).unwrap();
    let records = net.records();
    // `b` spikes in the first step, each of its receptors got its weight at its end.
    let second = |trace: &binnet::clocked::Trace| trace.values()[[1, 3]];
    assert_eq!(second(records.a.g_b), 1.0);
    assert!((second(records.a.g_kept) - (0.3 * (-0.1_f64 / 5.0).exp() + 4.0)).abs() < 1e-14);
    assert_eq!(second(records.a.g_other), 8.0);
    assert_eq!(second(records.a.g_named), 16.0);
    assert_eq!((second(records.a.x_both), second(records.b.x_both)), (8.0, 16.0));
    let text = net.explain();
    for line in [
        "a: receptor `b`, exponential(0.005 s), feeds its input, one state for 2 projections: b -> a, a -> a\n",
        "a: receptor `kept`, exponential(5 ms, unmerged: true), feeds its input, for b -> a\n",
        "a: receptor `other`, exponential(6 ms), feeds its input, for b -> a\n",
        "b: receptor `both`, alpha(tau: 2 ms), feeds its input, one state for 2 projections: a -> b, b -> b\n",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    net.set_values("a", "tau_other", 1.0).unwrap();
    let before = net.values("a", "g_other").unwrap()[0];
    net.run_steps(1).unwrap();
    let after = net.values("a", "g_other").unwrap()[0];
    assert!((after - before * (-0.1_f64).exp()).abs() < 1e-12, "a changed parameter: {before} {after}");
}

/// A leaky integrator with a step of its own.
#[derive(Population, Clone)]
pub struct ByHand {
    #[param(0.9)]
    keeps: f64,
    #[local(2)]
    gain: f64,
    #[state(0 mV)]
    v: f64,
    #[input(pA)]
    i: f64,
}

impl Neuron for ByHand {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.v = self.keeps * self.v + self.gain * self.i;
        (self.v > 50.0).into()
    }

    fn reset(&mut self, _: &StepContext, _: Spikes) {
        self.v = self.i;
    }
}

neuron! {
    /// The same in `update`.
    pub struct ByUpdate {
        param keeps = 0.9;
        local gain = 2 mV / pA;
        state v = 0 mV;
        input i: pA;
        update { v = keeps * v + gain * i; }
        spike when v > 50 mV { v = i * 1 GOhm; }
    }
}

network! {
    /// Models with steps of their own.
    pub struct Steps {
        clock 0.5 ms;
        source events: external[3];
        population hand: ByHand[3] { gain: [1, 2, 3] };
        population update: ByUpdate[3] { gain: [1 mV/pA, 2 mV/pA, 3 mV/pA] };
        projection events -> (hand, update) { receptor: alpha(2 ms), connect: one_to_one, weight: 5 pA };
        projection slow: events -> (hand, update) {
            receptor: exponential(20 ms, reversal: 60 mV), connect: one_to_one, weight: 0.05 nS
        };
        record hand.v;
        record hand.spikes;
        record update.v;
    }
}

#[test]
fn models_with_a_step_of_their_own_see_the_current_of_its_beginning() {
    let mut net = Steps::builder().build().unwrap();
    net.source_mut("events").unwrap().give(once(3).view()).unwrap();
    net.run_steps(60).unwrap();
    let records = net.records();
    let mut spikes = 0;
    for (cell, gain) in [1.0, 2.0, 3.0].into_iter().enumerate() {
        let mut v = 0.0;
        for step in 0..60 {
            let t = 0.5 * f64::from(step as u32);
            assert!((records.hand.v.values()[[step, cell]] - v).abs() < 1e-9, "step {step}");
            let i = 5.0 * t / 2.0 * (1.0 - t / 2.0).exp() + 0.05 * (-t / 20.0).exp() * (60.0 - v);
            let before = v;
            v = 0.9 * v + gain * i;
            if v > 50.0 {
                spikes += 1;
                // What is reset sees the currents of the end of the step.
                let t = t + 0.5;
                v = 5.0 * t / 2.0 * (1.0 - t / 2.0).exp() + 0.05 * (-t / 20.0).exp() * (60.0 - v);
                assert_ne!(v, before);
            }
        }
    }
    assert!(spikes > 0 && records.hand.spikes.len() == spikes);
    assert_eq!(records.hand.v.values(), records.update.v.values());
    assert!(net.explain().contains("advances by its own step, then its receptors (its model is written by hand)"));
}

neuron! {
    /// A receptor of a user's: two conductances that are opened one after the other.
    pub struct Cascade {
        param tau = 3 ms > 0 ms;
        param share = 0.5;
        param e = -0.08 V;
        input v: V;
        state first = 0;
        state second = 0;
        dfirst/dt = -first / tau;
        dsecond/dt = (first - second) / tau;
        let i = (share * first + (1 - share) * second) * (e - v);
        output i;
    }
}

impl<S: Real> Receptor for Cascade<S> {
    const ARRIVES: &'static str = "first";
    const AMPLITUDES: &'static [&'static str] = &["first", "second"];
    type Method<M: Model> = M::FedAny;
}

network! {
    /// A receptor of one's own, in both precisions, onto a potential in another unit.
    pub struct Own {
        clock 0.1 ms;
        precision f32;
        const e_cl = -70 mV;
        source events: external[1];
        population cells: Bare[1] { v: -55 mV, method: rk4 };
        projection events -> cells { receptor: Cascade { tau: 2 ms, share: 0.25, e: e_cl }, connect: one_to_one, weight: 10 nS };
        projection fast: events -> cells { receptor: dual_exponential(rise: 1 ms, decay: 4 ms), connect: one_to_one, weight: 1 pA };
        projection slow: events -> cells { receptor: nmda { tau_rise: 1 ms, mg: 0.5 mM }, connect: one_to_one, weight: 1 nS };
        record cells.i_events;
        record cells.first_events;
        record cells.second_events;
        record cells.g_fast;
        record cells.v;
        record cells.g_slow;
        record cells.i_slow;
    }
}

#[test]
fn receptors_of_ones_own() {
    let mut net = Own::builder().build().unwrap();
    net.source_mut("events").unwrap().give(once(1).view()).unwrap();
    net.run(20.ms()).unwrap();
    let records = net.records().cells;
    let (first, second) = (records.first_events.values(), records.second_events.values());
    // In pA/V (pS), since the receptor has its potentials in V.
    let expected = 10_000.0 * (-1.0_f64).exp();
    assert!((first[[20, 0]] - expected).abs() < 1e-4 * expected, "{}", first[[20, 0]]);
    let mut largest = 0.0_f64;
    for step in 1..200 {
        let v = records.v.values()[[step, 0]];
        let g = 0.25 * first[[step, 0]] + 0.75 * second[[step, 0]];
        let i = records.i_events.values()[[step, 0]];
        assert!((i - g * (-0.07 - v * 1e-3)).abs() < 1e-3 * i.abs().max(1.0), "step {step}: {i} {g} {v}");
        largest = largest.max(records.g_fast.values()[[step, 0]]);
        let block = 1.0 + 0.5 / 3.57 * (-0.062 * v).exp();
        let nmda = records.g_slow.values()[[step, 0]] * -v / block;
        assert!((records.i_slow.values()[[step, 0]] - nmda).abs() < 1e-3, "step {step}");
    }
    assert!((largest - 1.0).abs() < 1e-2, "a weight is the largest value: {largest}");
}

#[test]
fn equal_time_constants_are_an_alpha_function() {
    use binnet::models::receptors::DualExponential;
    use binnet::neuron::Single;
    let mut both = Single::<DualExponential>::new(
        DualExponential { tau_rise: 3.0, tau_decay: 3.0, x: 1.0, ..DualExponential::default() },
        0.1.ms(),
    );
    let mut alpha = Single::<Alpha>::new(Alpha { tau: 3.0, x: 1.0, ..Alpha::default() }, 0.1.ms());
    for _ in 0..100 {
        assert!((both.g - alpha.g).abs() < 1e-13, "{} {}", both.g, alpha.g);
        both.step();
        alpha.step();
    }
    assert_eq!(Exponential::<f64>::default().g, 0.0);
}

#[test]
fn weights_of_receptors_are_set_by_name() {
    use binnet::models::neurons::Lif;
    network! {
        /// Conductances and currents through receptors.
        struct Named {
            clock 0.1 ms;
            source events: external[1];
            population cells: Lif[3] { v: -60 mV };
            projection open: events -> cells[..1] {
                receptor: exponential(5 ms, reversal: 0 mV), connect: all_to_all, weight: 1 nS
            };
            projection rise: events -> cells[1..2] { receptor: alpha(2 ms, reversal: -80 mV), connect: all_to_all, weight: 1 nS };
            projection plain: events -> cells[2..] { receptor: exponential(5 ms), connect: all_to_all, weight: 1 pA };
        }
    }
    let weights = |net: &Named| ["open", "rise", "plain"].map(|name| net.synapses(name).unwrap()[0].weight);
    let set = |name: &str, value: &str| Named::builder().set(name, value);
    let mut all = Named::builder();
    for (name, value) in [("open.weight", "2 nS"), ("rise.weight", "0.003 uS"), ("plain.weight", "4 pA")] {
        all = all.set(name, value).unwrap();
    }
    let mut net = all.build().unwrap();
    // In the units of the fields, uS and nA, as the neuron counts currents in nA.
    assert_eq!(weights(&net), [0.002, 0.003, 0.004]);
    net.set("open.weight", "5 nS").unwrap();
    assert_eq!(weights(&net), [0.005, 0.003, 0.004]);
    for (name, wrong) in [("open.weight", "2 pA"), ("rise.weight", "2 mV"), ("plain.weight", "2 nS")] {
        let error = set(name, wrong).map(drop).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("help: write it in"), "{error}");
    }
}

synapse! {
    /// A weight that follows the potential of its presynaptic neuron.
    pub struct Graded {
        param g_max = 0.2 nS;
        pre v: mV;
        let share = clip((pre.v + 70 mV) / 20 mV, 0, 1);
        on pre { deliver g_max * share; }
    }
}

network! {
    /// Synapses with equations: onto a state of the cell that is written out, and onto a receptor.
    pub struct PlasticTwice {
        clock 0.1 ms;
        source noise: poisson[50] { rate: 40 Hz };
        population whole: Whole[20];
        population fed: Bare[20];
        projection noise -> whole { target: g, connect: all_to_all, weight: 1 nS };
        projection noise -> fed { receptor: exponential(5 ms, reversal: 0 mV), connect: all_to_all, weight: 1 nS };
        projection a: whole -> whole { target: g, synapse: PairStdp { g_max: 2 nS }, connect: all_to_all };
        projection b: fed -> fed {
            receptor: exponential(5 ms, reversal: 0 mV), synapse: PairStdp { g_max: 2 nS }, connect: all_to_all
        };
        projection c: whole -> whole { target: g, synapse: TsodyksMarkram { u_0: 0.2 }, connect: all_to_all, delay: 1 ms };
        projection d: fed -> fed {
            receptor: exponential(5 ms, reversal: 0 mV), synapse: TsodyksMarkram { u_0: 0.2 }, connect: all_to_all,
            delay: 1 ms
        };
        projection e: whole -> whole { target: g, synapse: Graded, connect: all_to_all };
        projection f: fed -> fed {
            receptor: exponential(5 ms, reversal: 0 mV, unmerged: true), synapse: Graded, connect: all_to_all
        };
        record whole.spikes;
        record fed.spikes;
    }
}

#[test]
fn synapses_with_equations_act_on_receptors() {
    let mut net = PlasticTwice::builder().seed(3).build().unwrap();
    net.run(400.ms()).unwrap();
    let (whole, fed) = (&net.records().whole.spikes, &net.records().fed.spikes);
    assert!(whole.len() > 200, "{}", whole.len());
    assert!((whole.steps(), whole.ids()) == (fed.steps(), fed.ids()), "the same spikes");
    let weights = |name: &str| net.synapse_values(name, "w").unwrap();
    assert!(weights("a").iter().any(|w| (w - 0.5).abs() > 0.01), "they are plastic");
    for (onto_state, onto_receptor) in weights("a").iter().zip(weights("b")) {
        assert!((onto_state - onto_receptor).abs() < 1e-9, "{onto_state} {onto_receptor}");
    }
    let text = net.explain();
    assert!(text.contains("one state for 3 projections: noise -> fed, fed -> fed, fed -> fed"), "{text}");
}
