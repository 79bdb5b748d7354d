//! DPI neurons: closed forms, and one test for each point at which Rockpool's documentation and code differ (the table of
//! `binnet::models::dynapsim`).

use binnet::clocked::Clocked;
use binnet::models::dynapsim::{DpiDocumented, DpiGated, DpiNeuron, default_weights};
use binnet::neuron::Single;
use binnet::population::{FieldInfo, Model, Role};
use binnet::prelude::*;
use binnet::rng::Streams;
use rand::RngExt as _;

/// Without feedback: `i_a_gain` is 0.
fn passive() -> DpiDocumented {
    DpiDocumented { i_a_gain: 0.0, i_a_th: 0.0, i_a_norm: 1.0, ..DpiDocumented::default() }
}

fn near(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} is not {b}");
}

/// u_t / kappa, mV.
const U_T_KAPPA: f64 = 25.0 / 0.705;

/// The neuron of Rockpool's code after one step, written out with SI-like names; `x` is weighted events.
fn released_step(n: &DpiNeuron, spikes: f64, x: f64, dt: f64) -> [f64; 5] {
    let tau_syn = U_T_KAPPA * n.c_syn / n.i_tau_syn;
    let tau_ahp = U_T_KAPPA * n.c_ahp / n.i_tau_ahp;
    let (t_p, t_a) = (n.v_th * n.c_pulse / n.i_pulse, n.v_th * n.c_pulse_ahp / n.i_pulse_ahp);
    let drive = (n.i_gain_syn / n.i_tau_syn * x * n.i_scale).max(n.i_o);
    let isyn = (-dt / tau_syn).exp() * n.i_syn + (1.0 - (-t_p / tau_syn).exp()) * drive;
    let jump = n.i_gain_ahp / n.i_tau_ahp * n.i_w_ahp * spikes;
    let iahp = ((-dt / tau_ahp).exp() * n.i_ahp + (1.0 - (-t_a / tau_ahp).exp()) * jump).max(n.i_o);
    let leak = n.i_tau_mem + iahp;
    let iin = if n.timer == 0.0 { isyn - leak + n.i_dc } else { 0.0 }.max(n.i_o);
    let iinf = n.i_gain_mem / n.i_tau_mem * (iin - leak);
    let kappa = 0.705_f64;
    let ifb = n.i_o * (kappa * kappa / (kappa + 1.0) * n.v_mem / n.u_t).exp();
    let f = ifb / leak * (n.i_mem + n.i_gain_mem);
    let tau = U_T_KAPPA * n.c_mem / leak;
    let slope = n.i_mem / (tau * (n.i_mem + n.i_gain_mem)) * (iinf + f - n.i_mem * (1.0 + iahp / n.i_tau_mem));
    let imem = (n.i_mem + slope * dt).max(n.i_o);
    [isyn, iahp, imem, U_T_KAPPA * (imem / n.i_o).ln(), (imem / n.i_spkthr).ln().ceil().max(0.0)]
}

#[test]
fn input_channels() {
    let inputs = |fields: &'static [FieldInfo]| {
        fields.iter().filter(|f| f.role == Role::Input).map(|f| (f.name, f.unit)).collect::<Vec<_>>()
    };
    assert_eq!(inputs(<DpiNeuron>::FIELDS), [("x", "1")]);
    assert_eq!(inputs(<DpiGated>::FIELDS), [("ampa", "pA"), ("gaba", "pA"), ("nmda", "pA"), ("shunt", "pA")]);
    let locals = <DpiNeuron>::FIELDS.iter().filter(|f| f.role == Role::Local).count();
    assert_eq!(locals, 24, "all parameters of a neuron");
}

network! {
    /// Neurons of three kinds without connections.
    struct Kinds {
        clock 1 ms;
        population core: DpiNeuron[40] { i_dc: mismatch(30 %, sigma_rule: 3, around: 0.3 nA), i_w_ahp: 30 nA };
        population gated: DpiGated[40] { i_dc: mismatch(10 %, around: 300 pA), i_gain_mem: mismatch(20 %) };
        population documented: DpiDocumented[3] { i_a_gain: 2 pA, i_a_th: -40 pA, i_a_norm: 1 pA, i_dc: 0.3 nA };
        stimulus core.x += pulses(0.3, 100 ms, 40 ms);
        record core.spikes;
        record core.i_mem;
        record gated.spikes;
    }
}

#[test]
fn records_are_what_is_declared() {
    let mut net = Kinds::builder().seed(2).build().unwrap();
    net.run(200.ms()).unwrap();
    assert_eq!(net.records().core.i_mem.values().dim(), (200, 40), "steps and neurons, no batch axis");
    assert!(net.records().trace("core.i_syn").is_err(), "nothing is recorded that is not declared");
    assert!(net.records().core.spikes.len() > 40 && !net.records().gated.spikes.is_empty());
}

#[test]
fn feedback_leak_and_time_constant() {
    let base = DpiNeuron {
        i_mem: 900.0,
        v_mem: 230.0,
        i_ahp: 8.0,
        i_syn: 400.0,
        i_dc: 3.0,
        i_w_ahp: 3e4,
        ..DpiNeuron::default()
    };
    for (timer, x, spikes) in [(0.0, 0.2, 0), (0.0, -0.4, 2), (2.5, 0.1, 1), (0.0, 0.0, 0)] {
        let mut own = DpiNeuron { timer, x, ..base.clone() };
        let expected = released_step(&own, f64::from(spikes), x, 1.0);
        let emitted = Neuron::step(&mut own, &StepContext { spikes, ..StepContext::new(1.0) });
        for (own, expected) in [own.i_syn, own.i_ahp, own.i_mem, own.v_mem].into_iter().zip(expected) {
            near(own, expected, 1e-12);
        }
        assert_eq!(f64::from(emitted.0), expected[4]);
        assert_eq!(own.timer, (timer - 1.0).max(0.0));
    }
    // The same circuit as documented: logistic feedback, one leak, the time constant of the leak alone.
    let mut own = DpiDocumented {
        i_a_gain: 50.0,
        i_a_th: -800.0,
        i_a_norm: 100.0,
        i_mem: 900.0,
        i_ahp: 8.0,
        i_syn: 400.0,
        i_dc: 3.0,
        ..DpiDocumented::default()
    };
    let n = own.clone();
    Neuron::step(&mut own, &StepContext::new(1.0));
    let tau = U_T_KAPPA * n.c_mem / n.i_tau_mem;
    near(tau, 20.0, 1e-12);
    let target = n.i_gain_mem / n.i_tau_mem * (own.i_syn + n.i_dc - own.i_ahp - n.i_tau_mem);
    let f = 50.0 / (1.0 + (-(900.0_f64 - 800.0) / 100.0).exp()) / n.i_tau_mem * (900.0 + n.i_gain_mem);
    let slope = 900.0 / (tau * (900.0 + n.i_gain_mem)) * (target + f - 900.0 * (1.0 + own.i_ahp / n.i_tau_mem));
    near(own.i_mem, 900.0 + slope, 1e-12);
}

#[test]
fn several_spikes_in_a_step() {
    let spikes = |i_mem: f64| {
        let mut released = DpiNeuron { i_mem, v_mem: U_T_KAPPA * (i_mem / 0.5).ln(), ..DpiNeuron::default() };
        let mut documented = DpiDocumented { i_mem, ..passive() };
        let cx = StepContext::new(1e-9);
        (Neuron::step(&mut released, &cx).0, Neuron::step(&mut documented, &cx).0)
    };
    let e = core::f64::consts::E;
    assert_eq!(spikes(0.999e5), (0, 0));
    assert_eq!(spikes(1.001e5), (1, 1));
    assert_eq!(spikes(0.999e5 * e), (1, 1));
    assert_eq!(spikes(1.001e5 * e), (2, 1));
    assert_eq!(spikes(1.001e5 * e * e), (3, 1));
}

#[test]
fn adaptation_counts_spikes() {
    let after = |spikes| {
        let mut own = DpiNeuron { i_w_ahp: 1e5, ..DpiNeuron::default() };
        Neuron::step(&mut own, &StepContext { spikes, ..StepContext::new(1.0) });
        own.i_ahp
    };
    let decayed = 0.5 * (-1.0_f64 / 50.0).exp();
    near(after(2) - decayed, 2.0 * (after(1) - decayed), 1e-12);
    assert_eq!(after(0), 0.5, "the floor");
}

#[test]
fn synapses_without_events() {
    // 0.5 pA in every step, though nothing arrives, and no floor below: the fixed point lies below the dark current.
    let mut released = Single::<DpiNeuron>::new(DpiNeuron { i_syn: 100.0, ..DpiNeuron::default() }, 1.ms());
    released.run(1.s());
    let (decay, charge) = ((-1.0_f64 / 10.0).exp(), 1.0 - (-1e-3_f64).exp());
    near(released.i_syn, charge * 0.5 / (1.0 - decay), 1e-9);
    assert!(released.i_syn < 0.006);
    // As documented they decay, by exp(-t / tau), exactly.
    let mut documented = Single::<DpiDocumented>::new(DpiDocumented { i_syn: 100.0, ..passive() }, 1.ms());
    documented.run(50.ms());
    near(documented.i_syn, 100.0 * (-5.0_f64).exp(), 1e-12);
}

#[test]
fn the_gate_of_nmda() {
    let mut trains =
        [1.0, 1e9].map(|i_f_nmda| Single::<DpiNeuron>::new(DpiNeuron { i_f_nmda, ..DpiNeuron::default() }, 1.ms()));
    for k in 0..300 {
        trains.iter_mut().for_each(|neuron| neuron.x = if k % 10 == 0 { 0.4 } else { 0.0 });
        let [a, b] = &mut trains;
        assert_eq!(a.step(), b.step());
        assert_eq!(a.i_mem.to_bits(), b.i_mem.to_bits(), "no effect in this model");
    }
    let mut gated =
        [0.5, 1e6].map(|i_f_nmda| Single::<DpiGated>::new(DpiGated { i_f_nmda, ..DpiGated::default() }, 1.ms()));
    let spikes = gated.each_mut().map(|neuron| {
        (0..300)
            .map(|k| {
                neuron.nmda = if k % 5 == 0 { 1e6 } else { 0.0 };
                neuron.step().0
            })
            .sum::<u32>()
    });
    assert!(spikes[0] > 0 && spikes[1] == 0, "{spikes:?}");
}

#[test]
fn inhibition() {
    // In the released model a negative weight cancels events of its own step, and nothing else.
    let after = |steps: &[f64]| {
        let mut own = Single::<DpiNeuron>::new(DpiNeuron::default(), 1.ms());
        steps.iter().for_each(|x| {
            own.x = *x;
            own.step();
        });
        own.i_syn
    };
    assert_eq!(after(&[0.5, -5.0, 0.0]), after(&[0.5, 0.0, 0.0]));
    near(after(&[0.5 - 0.2]), after(&[0.3]), 1e-15);
    // GABA lasts: it raises the leak.
    let spikes = |gaba: f64| {
        let mut own = Single::<DpiGated>::new(DpiGated { i_dc: 600.0, ..DpiGated::default() }, 1.ms());
        (0..300)
            .map(|k| {
                own.gaba = if k % 4 == 0 { gaba } else { 0.0 };
                own.step().0
            })
            .sum::<u32>()
    };
    assert!(spikes(0.0) > 3 * spikes(2e5).max(1), "{} {}", spikes(0.0), spikes(2e5));
}

#[test]
fn mismatch_is_a_number_of_deviations() {
    network! {
        struct Wide {
            clock 1 ms;
            population core: DpiNeuron[4000] { i_tau_mem: mismatch(30 %) };
        }
    }
    // One in 2000 lies below 0: a network with a bias that cannot be is refused.
    let error = Wide::builder().seed(1).build().unwrap_err().to_string();
    assert!(error.contains("`i_tau_mem` of `DpiNeuron` is -") && error.contains("must be above 0 pA"), "{error}");
    network! {
        struct Many {
            clock 1 ms;
            population three: DpiNeuron[4000] { i_tau_mem: mismatch(30 %, sigma_rule: 3) };
            population one: DpiNeuron[4000] { i_tau_mem: mismatch(10 %), u_t: mismatch(0 %) };
        }
    }
    let net = Many::builder().seed(1).build().unwrap();
    let values = |name| net.values(name, "i_tau_mem").unwrap();
    let sd = |name| {
        let nominal = DpiNeuron::<f64>::default().i_tau_mem;
        (values(name).iter().map(|x| (x / nominal - 1.0).powi(2)).sum::<f64>() / 4000.0).sqrt()
    };
    // 5 standard errors of a deviation of 0.1.
    assert!((sd("three") - 0.1).abs() < 5.0 * 0.1 / 8000.0_f64.sqrt());
    assert!((sd("one") - 0.1).abs() < 5.0 * 0.1 / 8000.0_f64.sqrt());
    assert_ne!(values("one"), values("three"), "each population has its own draws");
    assert_eq!(values("one"), Many::builder().seed(1).build().unwrap().values("one", "i_tau_mem").unwrap());
    assert!(net.values("one", "u_t").unwrap().iter().all(|u_t| *u_t == 25.0));
}

#[test]
fn neurons_without_projections_are_independent() {
    let mut net = Kinds::builder().seed(4).build().unwrap();
    let first = net.populations().core.neurons().get(7).unwrap();
    let gated = net.populations().gated.neurons().get(11).unwrap();
    net.run(200.ms()).unwrap();
    let mut alone = Single::<DpiNeuron>::new(first, 1.ms());
    for k in 0..200 {
        alone.x = if (100..140).contains(&k) { 0.3 } else { 0.0 };
        alone.step();
    }
    let own = net.populations().core.neurons().get(7).unwrap();
    assert_eq!((own.i_mem.to_bits(), own.i_ahp.to_bits()), (alone.i_mem.to_bits(), alone.i_ahp.to_bits()));
    // These differ in what is computed before the step.
    let mut alone = Single::<DpiGated>::new(gated, 1.ms());
    alone.run(200.ms());
    let own = net.populations().gated.neurons().get(11).unwrap();
    assert_eq!((own.i_mem.to_bits(), own.v_mem.to_bits()), (alone.i_mem.to_bits(), alone.v_mem.to_bits()));
}

/// The bits of all states.
fn bits(net: &Clocked<KindsPopulations>) -> Vec<u64> {
    let models =
        [("core", <DpiNeuron>::FIELDS), ("gated", <DpiGated>::FIELDS), ("documented", <DpiDocumented>::FIELDS)];
    let states = |fields: &'static [FieldInfo]| fields.iter().filter(|field| field.role == Role::State);
    let each = models.into_iter().flat_map(|(name, fields)| states(fields).map(move |field| (name, field.name)));
    each.flat_map(|(name, field)| net.values(name, field).unwrap()).map(f64::to_bits).collect()
}

/// A run in pieces, each begun from the values that the one before ended with, is the run in one.
#[test]
fn chunks_are_the_whole_run() {
    let mut whole = Kinds::builder().seed(3).build().unwrap();
    whole.run(160.ms()).unwrap();
    let mut pieces = Kinds::builder().seed(3).build().unwrap();
    for piece in [1, 9, 100, 50] {
        pieces.run(piece.ms()).unwrap();
    }
    assert_eq!(bits(&whole), bits(&pieces));
    assert_eq!(whole.records().core.spikes.steps(), pieces.records().core.spikes.steps());

    // All states out, and into another network, spikes of the last step included.
    let mut first = Kinds::builder().seed(3).build().unwrap();
    first.run(137.ms()).unwrap();
    let mut second = Clocked::clone(&first);
    let last: Vec<u32> = (0..40).map(|i| first.populations().core.spikes(i).unwrap()).collect();
    for field in <DpiNeuron>::FIELDS.iter().filter(|field| field.role == Role::State) {
        let values = first.values("core", field.name).unwrap();
        second.set_values("core", field.name, Init::Value(field.default)).unwrap();
        second.set_values("core", field.name, Init::Each(values)).unwrap();
    }
    second.populations_mut().core.set_spikes(&[7; 40]).unwrap();
    assert_eq!(second.populations().core.spikes(5), Some(7));
    second.populations_mut().core.set_spikes(&last).unwrap();
    second.run(23.ms()).unwrap();
    assert_eq!(bits(&whole), bits(&second));
    assert!(second.populations_mut().core.set_spikes(&[0; 39]).is_err());
}

/// Charging of the passive membrane as documented: with the input constant,
/// t / tau = r ln(i (e - i0) / (i0 (e - i))) + ln((e - i0) / (e - i)), r = i_gain / e, for the end e.
#[test]
fn the_passive_membrane_charges_as_in_closed_form() {
    let error = |dt: f64| {
        let start = DpiDocumented { i_dc: 400.0, i_ahp: 0.0, i_w_ahp: 0.0, i_syn: 0.0, i_mem: 2.0, ..passive() };
        let end = start.i_gain_mem / start.i_tau_mem * (400.0 - start.i_tau_mem);
        let ratio = start.i_gain_mem / end;
        let mut own = Single::<DpiDocumented>::new(start, dt.ms());
        let mut worst = 0.0_f64;
        for k in 1..=(150.0 / dt) as u32 {
            own.step();
            let i: f64 = own.i_mem;
            if i > 0.9 * end {
                // Here the time tells ever less of the current.
                continue;
            }
            let rest = ((end - 2.0) / (end - i)).ln();
            let time = 20.0 * (ratio * (i / 2.0).ln() + (1.0 + ratio) * rest);
            worst = worst.max((time - f64::from(k) * dt).abs());
        }
        near(own.i_mem, end, 1e-2);
        worst
    };
    let (coarse, fine) = (error(0.1), error(0.05));
    assert!(fine < 0.1, "{fine} ms");
    near(coarse / fine, 2.0, 0.1);
}

/// Events add up: each grows the synapse by the same amount, which decays exponentially.
#[test]
fn documented_synapses_superpose() {
    let mut own = Single::<DpiDocumented>::new(DpiDocumented { i_syn: 0.0, i_spkthr: 1e12, ..passive() }, 1.ms());
    let events = [(3, 0.2), (4, 0.7), (9, 0.1)];
    for k in 0..30 {
        own.x = events.iter().filter(|(at, _)| *at == k).map(|(_, x)| x).sum();
        own.step();
    }
    let charge = 100.0 * 1e4 * (1.0 - (-1e-3_f64).exp());
    let sum: f64 = events.iter().map(|(at, x)| charge * x * (-f64::from(29 - at) / 10.0).exp()).sum();
    near(own.i_syn, sum, 1e-12);
}

/// The refractory period blocks the input of the next ceil(t_ref / dt) steps.
#[test]
fn refractory_steps() {
    for (i_ref, blocked) in [(1050.0 / 0.7, 1), (1050.0 / 3.2, 4), (1050.0, 1), (1050.0 / 7.0, 7)] {
        let mut own =
            Single::<DpiNeuron>::new(DpiNeuron { i_ref, i_mem: 2e5, i_dc: 2000.0, ..DpiNeuron::default() }, 1.ms());
        own.v_mem = U_T_KAPPA * (2e5_f64 / 0.5).ln();
        assert!(own.step().any());
        let count = (0..20)
            .take_while(|_| {
                let held = own.timer != 0.0;
                own.step();
                held
            })
            .count();
        assert_eq!(count, blocked, "{i_ref}");
    }
}

/// In single precision, Rockpool's pulses are 0.1 % off; here they are computed in double precision.
#[test]
fn pulses_in_single_precision() {
    let mut own = Single::<DpiNeuron<f32>>::new(DpiNeuron { i_w_ahp: 1e5, i_mem: 2e5, ..DpiNeuron::default() }, 1.ms());
    own.v_mem = (U_T_KAPPA * (2e5_f64 / 0.5).ln()) as f32;
    let spikes = own.step();
    assert!(spikes.any());
    own.step();
    let jump = f64::from(spikes.0) * 1e5 * (1.0 - (-1e-3_f64 / 50.0).exp());
    near(f64::from(own.i_ahp), jump + 0.5 * (-1.0_f64 / 50.0).exp(), 3e-7);
}

network! {
    /// Program 3: a recurrent core.
    struct DynapCore<const N: usize = 64> {
        clock 1 ms;
        given w_rec: [N][N];
        source events: external[N];
        population core: DpiNeuron[N] { i_tau_mem: mismatch(20 %), i_w_ahp: 10 nA, i_pulse_ahp: 35 nA };
        projection events -> core { target: x, connect: one_to_one, weight: 1 };
        projection core -> core   { target: x, connect: dense, weight: w_rec };
        record core.spikes;
        record core.i_mem every 1 ms;
    }
}

/// Recurrent weights as Rockpool draws them by default, and events of 20 Hz a neuron.
fn core(seed: u64) -> (DynapCore, ndarray::Array2<u32>) {
    let w_rec = default_weights(64, seed);
    let mut rng = Streams::new(seed).named("events");
    let events = ndarray::Array2::from_shape_fn((300, 64), |_| u32::from(rng.random::<f64>() < 0.02));
    (<DynapCore>::builder().seed(seed).w_rec(&w_rec).build().unwrap(), events)
}

#[test]
fn a_core_in_chunks_is_the_core_in_one() {
    let state = |net: &DynapCore| {
        let states = <DpiNeuron>::FIELDS.iter().filter(|field| field.role != Role::Local);
        states.flat_map(|field| net.values("core", field.name).unwrap()).map(f64::to_bits).collect::<Vec<_>>()
    };
    let (mut whole, events) = core(1);
    whole.source_mut("events").unwrap().give(events.view()).unwrap();
    whole.run(300.ms()).unwrap();
    let spikes = whole.records().core.spikes;
    assert!(spikes.len() > 50, "{}", spikes.len());

    let (mut pieces, _) = core(1);
    for (from, to) in [(0, 1), (1, 120), (120, 300)] {
        pieces.source_mut("events").unwrap().give(events.slice(ndarray::s![from..to, ..])).unwrap();
        pieces.run_steps(to as u64 - from as u64).unwrap();
    }
    assert_eq!(state(&whole), state(&pieces));
    assert_eq!(spikes.ids(), pieces.records().core.spikes.ids());
    assert_eq!(whole.records().core.i_mem.values(), pieces.records().core.i_mem.values());
}

/// Each step of a core is what its equations say, spikes and events included.
#[test]
fn a_core_is_the_plain_loop() {
    let (mut net, events) = core(2);
    let weights = default_weights(64, 2);
    net.source_mut("events").unwrap().give(events.view()).unwrap();
    let mut neurons: Vec<DpiNeuron> = (0..64).map(|i| net.populations().core.neurons().get(i).unwrap()).collect();
    let mut last = vec![0.0; 64];
    for k in 0..300 {
        net.step().unwrap();
        let mut now = vec![0.0; 64];
        for (post, neuron) in neurons.iter_mut().enumerate() {
            let x = (0..64).map(|pre| last[pre] * weights[[pre, post]]).sum::<f64>();
            let after = released_step(neuron, last[post], x + f64::from(events[[k, post]]), 1.0);
            let t_ref = neuron.v_th * neuron.c_ref / neuron.i_ref;
            [neuron.i_syn, neuron.i_ahp, neuron.i_mem, neuron.v_mem, now[post]] = after;
            neuron.timer = if now[post] > 0.0 { t_ref } else { (neuron.timer - 1.0).max(0.0) };
            neuron.i_mem = if now[post] > 0.0 { neuron.i_o } else { neuron.i_mem };
            assert_eq!(net.populations().core.spikes(post), Some(now[post] as u32), "step {k}, neuron {post}");
            near(net.populations().core.neurons().i_mem[post], neuron.i_mem, 1e-8);
        }
        last = now;
    }
    assert!(net.spike_count(0) > 50);
}

/// The draw that Rockpool makes where no weights are given: uniform, half of them negative.
#[test]
fn default_recurrent_weights() {
    let weights = default_weights(100, 5);
    let limit = (6.0_f64 / 100.0).sqrt();
    assert!(weights.iter().all(|w| w.abs() <= limit));
    let n = weights.len() as f64;
    let mean = weights.sum() / n;
    let square = weights.iter().map(|w| w * w).sum::<f64>() / n;
    // 5 standard errors: of a uniform number, and of its square.
    assert!(mean.abs() < 5.0 * limit / (3.0 * n).sqrt(), "{mean}");
    assert!((square - limit * limit / 3.0).abs() < 5.0 * limit * limit * (4.0 / 45.0 / n).sqrt(), "{square}");
    assert_eq!(weights, default_weights(100, 5));
    assert_ne!(weights, default_weights(100, 6));
}

network! {
    /// Neurons that spike by a current of their own: more than a tile of them.
    struct Driven {
        clock 1 ms;
        population released: DpiNeuron[80] { i_dc: mismatch(30 %, around: 3 nA), i_w_ahp: 30 nA };
        population gated: DpiGated[80] { i_dc: mismatch(30 %, around: 3 nA) };
    }
}

/// Kernels make the two halves of a step in loops of their own; one neuron alone makes them one after the other.
#[test]
fn a_step_in_halves_is_the_step() {
    let mut net = Driven::builder().seed(5).build().unwrap();
    let drives = ["released", "gated"].map(|name| net.values(name, "i_dc").unwrap());
    let mut released: Vec<_> = drives[0]
        .iter()
        .map(|i_dc| Single::<DpiNeuron>::new(DpiNeuron { i_dc: *i_dc, i_w_ahp: 3e4, ..DpiNeuron::default() }, 1.ms()))
        .collect();
    let mut gated: Vec<_> = drives[1]
        .iter()
        .map(|i_dc| Single::<DpiGated>::new(DpiGated { i_dc: *i_dc, ..DpiGated::default() }, 1.ms()))
        .collect();
    let mut spikes = [0; 2];
    for _ in 0..300 {
        net.step().unwrap();
        spikes[0] += released.iter_mut().map(|neuron| neuron.step().0).sum::<u32>();
        spikes[1] += gated.iter_mut().map(|neuron| neuron.step().0).sum::<u32>();
    }
    assert!(spikes.iter().all(|spikes| *spikes > 80), "{spikes:?}");
    for state in ["i_mem", "i_ahp", "v_mem", "timer"] {
        let field = |fields: &[FieldInfo]| fields.iter().position(|field| field.name == state).unwrap();
        let alone: Vec<f64> = released.iter().map(|n| n.field_value(field(<DpiNeuron>::FIELDS))).collect();
        assert_eq!(net.values("released", state).unwrap(), alone, "{state}");
        let alone: Vec<f64> = gated.iter().map(|n| n.field_value(field(<DpiGated>::FIELDS))).collect();
        assert_eq!(net.values("gated", state).unwrap(), alone, "{state}");
    }
}
