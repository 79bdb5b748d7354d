//! Promises of the clock-driven engine: what a step does and in which order, the same bits whatever
//! the instructions and recorders, and errors that say what to do.

use binnet::asynchronous::Instructions;
use binnet::clocked::{Cells, Clocked, ClockedOptions, Operator, Record, Stimulus};
use binnet::neuron::Own;
use binnet::prelude::*;
use binnet::rng::Streams;
use ndarray::{Array1, Array2, array};

/// Izhikevich (2003) neuron.
#[derive(Population, Clone, Debug)]
pub struct Izhikevich {
    #[local(0.02 / ms)]
    a: f64,
    #[local(0.2 / ms)]
    b: f64,
    #[local(-65 mV)]
    c: f64,
    #[local(8 mV/ms)]
    d: f64,
    #[state(-65 mV)]
    v: f64,
    #[state(-13 mV/ms)]
    u: f64,
    #[input(mV/ms)]
    i: f64,
}

impl Neuron for Izhikevich {
    #[inline]
    fn step(&mut self, cx: &StepContext) -> Spikes {
        let dv = 0.04 * self.v * self.v + 5.0 * self.v + 140.0 - self.u + self.i;
        let du = self.a * (self.b * self.v - self.u);
        self.v += cx.dt * dv;
        self.u += cx.dt * du;
        let spike = self.v >= 30.0;
        if spike {
            self.v = self.c;
            self.u += self.d;
        }
        spike.into()
    }
}

/// Counts its steps, and shows what it is given.
#[derive(Population, Clone, Debug)]
pub struct Counter {
    #[param(2)]
    factor: f64,
    #[local(1)]
    gain: f64,
    #[state(0)]
    steps: f32,
    #[state(0)]
    total: f64,
    #[input(1)]
    x: f64,
}

impl Neuron for Counter {
    fn step(&mut self, cx: &StepContext) -> Spikes {
        self.steps += 1.0;
        self.total += self.gain * self.factor * self.x;
        // Neuron 2 spikes twice in each third step, a step after it did not.
        let twice = cx.index == 2 && (cx.t / cx.dt).round() as u64 % 3 == 1;
        assert!(!twice || cx.spikes == 0, "it knows its spikes of the step before");
        if twice { 2.into() } else { false.into() }
    }

    fn reset(&mut self, _: &StepContext, spikes: Spikes) {
        self.total += 1000.0 * f64::from(spikes.0);
    }
}

fn counters() -> Clocked<Cells<Counter, Own, 5>> {
    let cells = Cells::build("c", vec![], &Streams::new(0)).unwrap();
    Clocked::new("counters", 0.1.ms(), ClockedOptions::default(), cells).unwrap()
}

fn izhikevich(change: impl FnOnce(&mut ClockedOptions)) -> Clocked<Cells<Izhikevich, Own, 1000>> {
    let mut options = ClockedOptions::seeded(7);
    change(&mut options);
    let values = vec![("v", Init::Uniform(-70.0, -60.0)), ("d", Init::Normal(8.0, 0.5))];
    let cells = Cells::build("rs", values, &Streams::new(options.seed)).unwrap();
    let mut net = Clocked::new("rs", 0.1.ms(), options, cells).unwrap();
    net.stimulate("rs", "i", Stimulus::white_noise(10.0, 1.0)).unwrap();
    net
}

#[test]
fn a_population_is_the_plain_loop() {
    let mut net = izhikevich(|_| {});
    net.stimulate("rs", "i", Stimulus::of(|t, i| t + i as f64)).unwrap();
    let mut plain: Vec<Izhikevich> = (0..1000).map(|i| net.populations().neurons().get(i).unwrap()).collect();
    net.record(Record::spikes("rs")).unwrap();
    net.record(Record::of("rs", "i")).unwrap();
    net.record(Record::of("rs", "v")).unwrap();
    net.run(20.ms()).unwrap();
    let (inputs, voltages) = (net.records().trace("rs.i").unwrap(), net.records().trace("rs.v").unwrap());
    let mut spikes = Vec::new();
    for k in 0..200 {
        let row = voltages.as_f64().unwrap().row(k).to_vec();
        assert_eq!(row, plain.iter().map(|n| n.v).collect::<Vec<_>>(), "sample {k} is the value before step {k}");
        for (i, neuron) in plain.iter_mut().enumerate() {
            neuron.i = inputs.as_f64().unwrap()[[k, i]];
            let cx = StepContext { t: k as f64 / 10.0, dt: 0.1, index: i, spikes: 0 };
            if neuron.step(&cx).any() {
                spikes.push((k as u64, i as u32));
            }
        }
    }
    let train = net.records().spikes("rs").unwrap();
    assert!(train.len() > 1000, "the neurons are alive");
    let recorded: Vec<_> = train.steps().iter().copied().zip(train.ids().iter().copied()).collect();
    assert_eq!(recorded, spikes);
    assert_eq!(net.spike_count(0), spikes.len() as u64);
}

#[test]
fn same_bits_for_all_instructions_and_recorders() {
    let mut all = Vec::new();
    for instructions in [Instructions::Detect, Instructions::UpToAvx2, Instructions::Baseline] {
        for recorders in [false, true] {
            let mut net = izhikevich(|o| (o.instructions, o.sentinel) = (instructions, recorders));
            if recorders {
                net.record(Record::of("rs", "u").neurons(5..9).every(0.3.ms())).unwrap();
                net.record(Record::spikes("rs")).unwrap();
            }
            net.run(100.ms()).unwrap();
            let bits = |field| net.values("rs", field).unwrap().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            all.push((bits("v"), bits("u"), net.spike_count(0)));
        }
    }
    assert!(all[0].2 > 1000);
    assert!(all.iter().all(|run| *run == all[0]));
    let mut other = izhikevich(|o| o.seed = 8);
    other.run(100.ms()).unwrap();
    assert_ne!(other.spike_count(0), all[0].2);
}

#[test]
fn samples_labels_and_counts() {
    let mut net = counters();
    net.record(Record::of("c", "steps").every(0.2.ms()).named("n")).unwrap();
    net.record(Record::of("c", "factor")).unwrap();
    net.record(Record::spikes("c").neurons(1..3)).unwrap();
    net.run_steps(3).unwrap();
    net.run(0.4.ms()).unwrap();
    assert_eq!((net.steps(), net.time().ms()), (7, 0.7));
    let n = net.records().trace("n").unwrap();
    assert_eq!(n.as_f32().unwrap().column(4).to_vec(), [0.0, 2.0, 4.0, 6.0]);
    assert!(n.as_f64().is_none());
    assert_eq!(n.times(), [0.0, 0.2, 0.4, 0.6]);
    assert_eq!(net.records().trace("c.factor").unwrap().values(), Array2::from_elem((7, 1), 2.0));
    let train = net.records().spikes("c").unwrap();
    assert_eq!((train.steps(), train.ids()), (&[1, 1, 4, 4][..], &[2, 2, 2, 2][..]));
    assert_eq!(net.values("c", "total").unwrap(), [0.0, 0.0, 4000.0, 0.0, 0.0]);
    net.clear_records();
    net.run_steps(2).unwrap();
    let n = net.records().trace("n").unwrap();
    assert_eq!((n.values().row(0).to_vec(), n.times()), (vec![8.0; 5], vec![0.8]));
}

#[test]
fn records_are_read_by_numpy_names() {
    let mut net = counters();
    net.record(Record::of("c", "total")).unwrap();
    net.record(Record::spikes("c")).unwrap();
    net.run_steps(4).unwrap();
    let path = std::env::temp_dir().join(format!("binnet-clocked-{}.npz", std::process::id()));
    net.records().save_npz(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for name in ["c.total.npy", "c.total.times.npy", "c.spikes.steps.npy", "c.spikes.neurons.npy", "units.npy"] {
        assert!(bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
    }
}

/// The input of each step, under one stimulus.
fn driven(field: &str, stimulus: Stimulus, steps: u64) -> Array2<f64> {
    let mut net = counters();
    net.stimulate("c", field, stimulus).unwrap();
    net.record(Record::of("c", field)).unwrap();
    net.run_steps(steps).unwrap();
    net.records().trace(&format!("c.{field}")).unwrap().values()
}

#[test]
fn stimuli_of_each_kind() {
    let first = |stimulus, steps| driven("x", stimulus, steps).column(0).to_vec();
    assert_eq!(first(Stimulus::constant(1.5), 3), [1.5; 3]);
    assert_eq!(
        driven("x", Stimulus::constant(array![1.0, 2.0]).on(1..3), 2).row(1).to_vec(),
        [0.0, 1.0, 2.0, 0.0, 0.0]
    );
    let steps = Stimulus::steps([(0.0, 0.2.ms()), (1.5, 0.3.ms())]);
    assert_eq!(first(steps, 7), [0.0, 0.0, 1.5, 1.5, 1.5, 0.0, 0.0]);
    let pulses = Stimulus::pulses(2.0, 0.1.ms(), 0.1.ms()).every(0.3.ms(), 2);
    assert_eq!(first(pulses, 8), [0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0]);
    let ramp = Stimulus::ramp(1.0, 3.0, 0.1.ms(), 0.4.ms());
    assert_eq!(first(ramp, 7), [0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.0]);
    let sine = first(Stimulus::sine(2.0, 2500.0, 0.0), 3);
    assert!((sine[1] - 2.0).abs() < 1e-12 && sine[0] == 0.0, "a quarter of 0.4 ms is a step: {sine:?}");
    let rows = driven("x", Stimulus::rows(array![[1.0, 2.0], [3.0, 4.0]]).on(1..3), 3);
    assert_eq!(rows, array![[0.0, 1.0, 2.0, 0.0, 0.0], [0.0, 3.0, 4.0, 0.0, 0.0], [0.0; 5]]);
    let each = driven("x", Stimulus::steps([(Array1::range(0.0, 5.0, 1.0), 0.1.ms())]).by(Operator::Subtract), 1);
    assert_eq!(each, array![[0.0, -1.0, -2.0, -3.0, -4.0]]);
    assert_eq!(driven("x", Stimulus::of(|t, i| t * 10.0 + i as f64), 2).row(1).to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn noise_has_its_moments() {
    // 5 neurons, 20 000 steps; correlation time 20 steps, so about 2500 independent values.
    let x = driven("x", Stimulus::ornstein_uhlenbeck(1.0, 0.5, 2.ms()), 20_000);
    let mean = x.mean().unwrap();
    assert!((mean - 1.0).abs() < 5.0 * 0.5 / 2500_f64.sqrt(), "{mean}");
    assert!((x.std(0.0) - 0.5).abs() < 0.05);
    let lagged: f64 = (0..19_980).map(|k| (x[[k, 0]] - mean) * (x[[k + 20, 0]] - mean)).sum::<f64>() / 19_980.0;
    assert!((lagged / 0.25 - (-1_f64).exp()).abs() < 0.2, "{lagged}");
    let x = driven("x", Stimulus::white_noise(0.0, 2.0), 20_000);
    assert!((x.std(0.0) - 2.0 / 0.1_f64.sqrt()).abs() < 0.1);
    assert_eq!(x, driven("x", Stimulus::white_noise(0.0, 2.0), 20_000), "one seed, the same noise");
}

#[test]
fn operators_act_on_parameters_as_they_were_set_and_on_states_in_each_step() {
    let pulse = || Stimulus::pulses(3.0, 0.1.ms(), 0.2.ms());
    assert_eq!(driven("factor", pulse(), 4).column(0).to_vec(), [2.0, 5.0, 5.0, 2.0]);
    assert_eq!(
        driven("gain", pulse().by(Operator::Divide).on(1..2), 4).column(1).to_vec(),
        [1.0, 1.0 / 3.0, 1.0 / 3.0, 1.0]
    );
    assert_eq!(driven("total", pulse(), 4).column(0).to_vec(), [0.0, 3.0, 6.0, 6.0]);
    assert_eq!(driven("steps", pulse().by(Operator::Set), 4).column(0).to_vec(), [0.0, 3.0, 3.0, 4.0]);

    let mut net = counters();
    net.stimulate("c", "factor", pulse().by(Operator::Multiply)).unwrap();
    net.run_steps(2).unwrap();
    assert_eq!(net.values("c", "factor").unwrap(), [6.0; 5]);
    net.set_values("c", "factor", Init::Value(10.0)).unwrap();
    net.run_steps(1).unwrap();
    assert_eq!(net.values("c", "factor").unwrap(), [30.0; 5]);
    net.run_steps(1).unwrap();
    assert_eq!(net.values("c", "factor").unwrap(), [10.0; 5]);
}

#[test]
fn a_state_that_is_no_number_stops_the_run() {
    let mut net = izhikevich(|_| {});
    net.stimulate("rs", "i", Stimulus::of(|t, i| if t >= 1.0 && i == 700 { f64::NAN } else { 0.0 })).unwrap();
    let mut blind = net.clone();
    let error = net.run(20.ms()).unwrap_err().to_string();
    assert!(error.contains("of neuron 700 of `rs`"), "{error}");
    assert!(
        error.contains("`v`")
            && error.contains("is NaN at 1.1 ms")
            && error.contains("help: the step of 0.1 ms may be too long"),
        "{error}"
    );
    assert!(net.time().ms() < 2.0, "it stops at once");
    blind.set_sentinel(false);
    blind.run(20.ms()).unwrap();
}

#[test]
fn mistakes_are_errors() {
    let mut net = counters();
    let text = |result: binnet::Result<()>| result.unwrap_err().to_string();
    assert!(text(net.record(Record::of("c", "totl"))).contains("did you mean `total`?"));
    assert!(text(net.record(Record::spikes("d"))).contains("no population `d`"));
    assert!(text(net.record(Record::spikes("c").neurons(3..6))).contains("neurons 3..6, but `c` has 5"));
    assert!(text(net.record(Record::of("c", "x").every(0.25.ms()))).contains("no multiple of the clock"));
    assert!(text(net.record(Record::of("c", "x").every(0.ms()))).contains("no multiple of the clock"));
    net.record(Record::of("c", "x")).unwrap();
    assert!(text(net.record(Record::of("c", "x"))).contains("is there already"));
    let each = Stimulus::steps([(vec![1.0; 4], 1.ms())]);
    assert!(text(net.stimulate("c", "x", each.clone())).contains("expected 5 values, found 4"));
    assert!(text(net.stimulate("c", "factor", each)).contains("all share one value"));
    assert!(text(net.stimulate("c", "factor", Stimulus::sine(1.0, 1.0, 0.0).on(0..2))).contains("all share"));
    assert!(text(net.stimulate("c", "x", Stimulus::sine(f64::NAN, 1.0, 0.0))).contains("finite"));
    assert!(text(net.stimulate("c", "x", Stimulus::steps([(1.0, (-1).ms())]))).contains("duration"));
    assert!(text(net.stimulate("c", "x", Stimulus::ornstein_uhlenbeck(0.0, 1.0, 0.ms()))).contains("correlation"));
    assert!(text(net.stimulate("c", "x", Stimulus::rows(Array2::zeros((3, 4))))).contains("3 x 5"));
    assert!(text(net.run((-1).ms()).map(drop)).contains("not negative"));
    assert!(text(net.set_values("c", "gain", Init::Each(vec![0.0]))).contains("expected 5"));
    let build = |field| Cells::<Counter, Own, 5>::build("c", vec![(field, Init::Value(1.0))], &Streams::new(0));
    assert!(text(build("x").map(drop)).contains("stimulus"));
    assert!(text(build("gian").map(drop)).contains("did you mean `gain`?"));
    let clock = |dt: f64| Clocked::new("c", dt.ms(), ClockedOptions::default(), build("gain").unwrap()).map(drop);
    assert!(text(clock(0.0)).contains("above 0 ms"));
    assert!(text(clock(f64::NAN)).contains("above 0 ms"));
}

#[test]
fn reports_in_words() {
    let mut net = izhikevich(|_| {});
    net.run(1.ms()).unwrap();
    assert!(net.explain().contains("rs: Izhikevich advances by its own step (its model is written by hand)"));
    assert!(net.summary().contains("rs: 1000 neurons, 1 ms in 10 steps"), "{}", net.summary());
}
