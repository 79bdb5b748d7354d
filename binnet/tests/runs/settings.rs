//! Setting things by name: on the builder, and between runs.

use binnet::models::neurons::LifConductance;
use binnet::models::synapses::TsodyksMarkram;
use binnet::network::NetworkBuilder;
use binnet::prelude::*;

neuron! {
    /// A leaky neuron with an exponential current.
    pub struct Cell {
        param tau = 10 ms > 0 ms;
        param tau_syn = 5 ms > 0 ms;
        local v_th = 20 mV;
        state v = 0 mV;
        state i = 0 mV;
        di/dt = -i / tau_syn;
        dv/dt = (i - v) / tau;
        spike when v > v_th { v = 0 mV; }
    }
}

network! {
    /// Everything that can be set by name.
    pub struct Net {
        clock 0.1 ms;
        param strength = 12 mV;
        source noise: poisson[50] { rate: 20 Hz };
        source beat: regular[3] { rate: 100 Hz };
        population exc: Cell[60] { v: uniform(0 mV, 10 mV) };
        population inh: Cell[20] { tau: 5 ms };
        population other: LifConductance[10];
        projection drive: noise -> exc { target: i, connect: fixed_prob(0.5), weight: strength, delay: 1 ms };
        projection beat -> other { target: g_exc, connect: all_to_all, weight: 1 nS };
        projection ee: exc -> (exc, inh) { target: i, connect: fixed_prob(0.2), weight: 1 mV, delay: 1.5 ms };
        projection eo: exc -> other {
            synapse: TsodyksMarkram { w: 2 nS }, target: g_exc, connect: fixed_prob(0.2), delay: 0.3 ms,
        };
        projection dense: inh -> inh { target: i, connect: dense, weight: rust(vec![vec![0.5; 20]; 20]) };
        record exc.spikes;
        record exc.v[0..5];
    }
}

network! {
    /// The same for binary neurons.
    pub struct Bin {
        asynchronous;
        param drive = 0.5;
        population e: Binary[80] { threshold: drive, tau: 10 ms, init: bernoulli(0.3) };
        population i: Binary[20] { threshold: 0.2, tau: 5 ms };
        projection ei: e -> i { connect: fixed_prob(0.5), weight: 0.05 };
        projection back: i -> (e, i) { connect: fixed_prob(0.5), weight: -0.4 };
        record flips;
    }
}

fn message<T>(result: binnet::Result<T>) -> String {
    result.err().map(|error| error.to_string()).expect("an error")
}

fn build(settings: &[(&str, &str)]) -> binnet::Result<Net> {
    settings.iter().try_fold(Net::builder().seed(4), |builder, (name, value)| builder.set(name, *value))?.build()
}

#[test]
fn everything_is_reached_by_name() {
    let net = build(&[
        ("exc.tau", "0.02 s"),
        ("exc.v_th", "normal(15 mV, 1 mV)"),
        ("exc.v", "3 mV"),
        ("inh.tau", "7 ms"),
        ("inh.v_th", "12 mV"),
        ("drive.weight", "0.25 mV"),
        ("ee.weight", "0.7 mV"),
        ("ee.delay", "2 ms"),
        ("eo.tau_f", "80 ms"),
        ("eo.w", "3 nS"),
        ("eo.delay", "0.5 ms"),
        ("noise.rate", "1 kHz"),
        ("beat.rate", "200 Hz"),
    ])
    .unwrap();
    let value = |population: &str, field: &str| net.values(population, field).unwrap();
    assert_eq!((value("exc", "tau")[0], value("inh", "tau")[0], value("inh", "v_th")[7]), (20.0, 7.0, 12.0));
    assert!(value("exc", "v").iter().all(|v| *v == 3.0));
    let thresholds = value("exc", "v_th");
    assert!(thresholds.windows(2).any(|pair| pair[0] != pair[1]) && thresholds.iter().all(|v| (9.0..21.0).contains(v)));
    assert!(net.synapses("drive").unwrap().iter().all(|synapse| (synapse.weight, synapse.delay) == (0.25, 10)));
    for pair in ["ee/exc->exc", "ee/exc->inh"] {
        assert!(net.synapses(pair).unwrap().iter().all(|synapse| (synapse.weight, synapse.delay) == (0.7, 20)));
    }
    assert!(net.synapses("eo").unwrap().iter().all(|synapse| (synapse.weight, synapse.delay) == (3.0, 5)));
    assert!(net.synapse_values("eo", "tau_f").unwrap().iter().all(|tau| *tau == 80.0));
}

#[test]
fn quantities_text_and_declarations_give_the_same_bits() {
    let run = |builder: NetBuilder| {
        let mut net = builder.seed(9).build().unwrap();
        net.run(60.ms()).unwrap();
        (net.records().exc.spikes.clone(), net.records().exc.v.clone())
    };
    let declared = run(Net::builder());
    assert!(declared.0.len() > 50, "{}", declared.0.len());
    let same = Net::builder().set("ee.weight", 1.mV()).unwrap().set("exc.v", "uniform(0 mV, 0.01 V)").unwrap();
    let same = same.set("clock", "0.1 ms").unwrap().set("noise.rate", 20.Hz()).unwrap().strength(12.0);
    assert_eq!(run(same), declared, "the declared values, said again");
    let quantity = run(Net::builder().set("exc.tau_syn", 6.ms()).unwrap().set("strength", 13.mV()).unwrap());
    assert_ne!(quantity, declared);
    assert_eq!(quantity, run(Net::builder().set("exc.tau_syn", "6 ms").unwrap().set("strength", "0.013 V").unwrap()));
    assert_eq!(
        quantity,
        run(Net::builder().threads(2).set("strength", "13mV").unwrap().set("exc.tau_syn", 6.ms()).unwrap())
    );
}

#[test]
fn the_clock_is_set_when_building() {
    let net = Net::builder().seed(4).clock(0.05.ms()).build().unwrap();
    assert_eq!(net.clock().ms(), 0.05);
    assert!(net.synapses("ee/exc->exc").unwrap().iter().all(|synapse| synapse.delay == 30), "delays follow");
    // 1.5 ms and 0.3 ms are no multiples of 0.2 ms.
    let error = message(Net::builder().clock(0.4.ms()).build());
    assert!(error.contains("1 ms") && error.contains("is no multiple of the clock, 0.4 ms"), "{error}");
    let error = message(build(&[("clock", "0.2 ms")]));
    assert!(error.contains("`ee.delay`, 1.5 ms, is no multiple of the clock, 0.2 ms\nhelp: 1.4 or 1.6 ms?"), "{error}");
    assert!(
        build(&[("clock", "0.2 ms"), ("ee.delay", "1.6 ms"), ("eo.delay", "0.4 ms")]).is_ok(),
        "both were replaced"
    );
    assert!(message(build(&[("ee.delay", "0.25 ms")])).contains("`ee.delay` is no multiple of the clock, 0.1 ms"));
    assert!(build(&[("ee.delay", "uniform(0.2 ms, 1 ms)")]).is_ok(), "delays that differ are rounded");
    // Coefficients follow: the potential relaxes as exp(-t/tau), whatever the step.
    let relaxed = |clock: Time| {
        let quiet = Net::builder().clock(clock).set("noise.rate", 0.Hz()).unwrap().set("exc.v", 10.mV()).unwrap();
        let mut net = quiet.build().unwrap();
        net.run(10.ms()).unwrap();
        net.values("exc", "v").unwrap()[0]
    };
    for clock in [0.1.ms(), 0.05.ms()] {
        assert!((relaxed(clock) - 10.0 * (-1.0_f64).exp()).abs() < 1e-9, "{clock:?}");
    }
}

#[test]
fn mistakes_are_told_at_once() {
    for (name, value, part) in [
        ("exc.taw", "5 ms", "did you mean `tau`?"),
        ("exk.tau", "5 ms", "did you mean `exc.tau`?"),
        ("tau_syn", "5 ms", "did you mean `exc.tau_syn`?"),
        ("strengt", "5 mV", "did you mean `strength`?"),
        ("clok", "1 ms", "did you mean `clock`?"),
        ("ee.wieght", "1 mV", "did you mean `weight`?"),
        ("eo.tau_g", "5 ms", "did you mean `tau_"),
        ("eo.weight", "5 nS", "no value of projection `eo` `weight`"),
        ("dense.weight", "1 mV", "its rule brings a weight for each synapse"),
        ("noise.ratee", "5 Hz", "did you mean `rate`?"),
        ("exc.tau", "5 mV", "`exc.tau` is a time (ms), but `5 mV` is a voltage"),
        ("exc.tau", "5", "is a pure number"),
        ("exc.tau", "0 ms", "`exc.tau` cannot be 0 ms\nhelp: it must be above 0 ms"),
        ("exc.tau", "uniform(1 ms, 2 ms)", "is one value for all"),
        ("ee.weight", "1 nS", "`ee.weight` is a voltage (mV), but `1 nS` is a conductance"),
        ("ee.delay", "-1 ms", "a delay is 0 ms or above"),
        ("noise.rate", "-5 Hz", "a rate is not negative"),
        ("clock", "0 ms", "a step is above 0 ms"),
        ("clock", "1 mV", "is a time"),
        ("other.i", "1 nA", "no parameter, local or state"),
        ("", "1", "no parameter of `Net` ``"),
        (".", "1", "no parameter of `Net` `.`"),
    ] {
        let error = message(Net::builder().set(name, value));
        assert!(error.contains(part), "{name} = {value}: {error}");
    }
    let error = message(Net::builder().set("exc.tau", 5.mV()));
    assert!(error.contains("`5 mV` is a voltage"), "{error}");
    assert!(message(build(&[("exc.v_th", "[1 mV, 2 mV]")])).contains("expected 60 values, found 2"));
}

#[test]
fn between_runs() {
    let mut net = build(&[]).unwrap();
    net.run(5.ms()).unwrap();
    net.set("exc.tau", 12.ms()).unwrap();
    net.set("exc.v_th", "uniform(10 mV, 12 mV)").unwrap();
    net.set("ee.weight", 0.5.mV()).unwrap();
    net.set("eo.u_0", 0.3).unwrap();
    net.set("eo.w", "4 nS").unwrap();
    net.set("noise.rate", 0.Hz()).unwrap();
    net.set("beat.rate", 50.Hz()).unwrap();
    net.run(5.ms()).unwrap();
    assert_eq!(net.values("exc", "tau").unwrap()[3], 12.0);
    assert!(net.values("exc", "v_th").unwrap().iter().all(|v| (10.0..12.0).contains(v)));
    for pair in ["ee/exc->exc", "ee/exc->inh"] {
        assert!(net.synapses(pair).unwrap().iter().all(|synapse| synapse.weight == 0.5));
    }
    assert!(net.synapse_values("eo", "u_0").unwrap().iter().all(|u| *u == 0.3));
    assert!(net.synapse_values("eo", "w").unwrap().iter().all(|w| *w == 4.0));
    for (name, value, part) in [
        ("exc.tau", "-1 ms", "it must be above 0 ms"),
        ("exc.tua", "1 ms", "did you mean `tau`?"),
        ("exx.tau", "1 ms", "did you mean `exc`?"),
        ("ee.weight", "1 nS", "is a voltage (mV)"),
        ("ee.delay", "1 ms", "is fixed once the network is built"),
        ("clock", "1 ms", "is fixed once the network is built"),
        ("strength", "1 mV", "is fixed once the network is built"),
        ("noise.size", "1", "no value of source `noise` `size`"),
    ] {
        let error = message(net.set(name, value));
        assert!(error.contains(part), "{name} = {value}: {error}");
    }
    assert_eq!(net.values("exc", "tau").unwrap()[3], 12.0, "what was refused changed nothing");
}

#[test]
fn setting_between_runs_is_as_good_as_before() {
    let run = |builder: NetBuilder, after: Option<(&str, &str)>| {
        let mut net = builder.seed(2).build().unwrap();
        if let Some((name, value)) = after {
            net.set(name, value).unwrap();
        }
        net.run(50.ms()).unwrap();
        net.records().exc.spikes.clone()
    };
    for (name, value) in [("exc.tau", "8 ms"), ("ee.weight", "1.5 mV"), ("drive.weight", "20 mV"), ("inh.v_th", "5 mV")]
    {
        let before = run(Net::builder().set(name, value).unwrap(), None);
        assert_eq!(before, run(Net::builder(), Some((name, value))), "{name}");
        assert!(!before.is_empty());
    }
}

#[test]
fn asynchronous_networks() {
    let builder = Bin::builder().seed(1).set("e.threshold", 0.25).unwrap().set("i.tau", 4.ms()).unwrap();
    let builder = builder.set("e.init", "exact(0.5)").unwrap().set("ei.weight", "0.1").unwrap();
    let mut net = builder.set("back.weight", -0.8).unwrap().set("drive", 0.7).unwrap().build().unwrap();
    assert_eq!(net.states()[..80].iter().map(|s| u32::from(*s)).sum::<u32>(), 40);
    assert!(net.thresholds()[..80].iter().all(|threshold| *threshold == 0.25), "the later word counts");
    assert_eq!(net.sections().populations()[1].tau, 4.0);
    let weights = net.weights();
    assert!(weights.iter().all(|w| [0.0, 0.1, -0.8].iter().any(|known| (w - known).abs() < 1e-12)));
    assert!(weights.iter().any(|w| (w + 0.8).abs() < 1e-12));
    net.run(50.ms()).unwrap();
    net.set("i.threshold", "0.3").unwrap();
    assert!(net.thresholds()[80..].iter().all(|threshold| *threshold == 0.3));
    for (name, value, part) in [
        ("i.treshold", "1", "did you mean `threshold`?"),
        ("j.threshold", "1", "no population `j`"),
        ("e.threshold", "1 mV", "is a pure number"),
        ("e.tau", "1 ms", "is fixed once the network is built"),
        ("e.init", "1", "says how neurons start"),
    ] {
        let error = message(net.set(name, value));
        assert!(error.contains(part), "{name} = {value}: {error}");
    }
    for (name, value, part) in [
        ("e.tau", "0 ms", "above 0 ms"),
        ("clock", "1 ms", "no parameter of `Bin` `clock`"),
        ("ei.delay", "1 ms", "no value of projection `ei` `delay`"),
        ("ei.weight", "uniform(0, 1)", "give one number"),
        ("e.thresold", "1", "did you mean `threshold`?"),
    ] {
        let error = message(Bin::builder().set(name, value));
        assert!(error.contains(part), "{name} = {value}: {error}");
    }
}

#[test]
fn what_was_set_is_listed() {
    let builder = Net::builder().set("exc.tau", 6.ms()).unwrap().set("strength", "3 mV").unwrap().clock(0.05.ms());
    let builder = builder.set("exc.tau", "7 ms").unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(builder.written(), [pair("strength", "3 mV"), pair("clock", "0.05 ms"), pair("exc.tau", "7 ms")]);
    let info = Net::INFO;
    assert_eq!((info.clock, info.populations[0].size, info.populations[0].model), (Some("0.1 ms"), 60, "Cell"));
    assert_eq!(info.populations[0].keys, [("v", "uniform(0 mV, 10 mV)")]);
    assert_eq!(info.sources[0].kind, "poisson[50]");
    assert_eq!((info.projections[2].name, info.projections[2].post), (Some("ee"), "(exc, inh)"));
    assert_eq!(info.projections[3].key("synapse"), Some("TsodyksMarkram { w: 2 nS }"));
    assert_eq!(info.others[1], ("record", "exc.v[0..5]"));
    assert_ne!(info.structural_hash(), Bin::INFO.structural_hash());
}
