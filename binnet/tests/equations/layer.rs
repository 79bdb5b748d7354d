//! `DynapSim`: rasters, batches, state and parameters of a ready layer of DPI neurons.

use binnet::connect::fixed_in_degree;
use binnet::models::dynapsim::{Currents, Gains, Times};
use binnet::models::dynapsim::{DpiNeuron, DynapSim, Evolution, Family, LayerState, Layout, Misfit, default_weights};
use binnet::prelude::*;
use binnet::rng::Streams;
use ndarray::{Array2, Array3, Axis, s};
use rand::RngExt as _;

const STATES: [&str; 5] = ["i_mem", "i_syn", "i_ahp", "v_mem", "timer"];

/// Events of 20 Hz a channel.
fn events(steps: usize, channels: usize, seed: u64) -> Array2<u32> {
    let mut rng = Streams::new(seed).named("events");
    Array2::from_shape_fn((steps, channels), |_| u32::from(rng.random::<f64>() < 0.02))
}

/// A recurrent layer with adaptation and mismatch, all states recorded.
fn recurrent<const N: usize>(seed: u64) -> DynapSim<N> {
    let layer = DynapSim::<N>::builder().seed(seed).default_recurrent().set("i_w_ahp", 1e4).set("i_pulse_ahp", 3.5e4);
    layer.mismatch_of(["i_tau_mem", "i_gain_mem"], 0.2, 1.0).record(STATES).build().unwrap()
}

/// The bits of all that an evolution holds.
fn bits(evolution: &Evolution) -> Vec<u64> {
    let values = evolution.recorded.iter().flat_map(|series| series.values.iter().map(|x| x.to_bits()));
    values.chain(evolution.spikes.iter().map(|count| u64::from(*count))).collect()
}

network! {
    /// What one would write.
    struct Written {
        clock 1 ms;
        given w_rec: [64][64];
        source events: external[64];
        population core: DpiNeuron[64] { i_w_ahp: 10 nA };
        projection events -> core { target: x, connect: one_to_one, weight: 0.6 };
        projection core -> core { target: x, connect: dense, weight: w_rec };
        record core.spikes;
        record core.i_mem;
    }
}

#[test]
fn a_layer_is_the_network_that_one_would_write() {
    let (weights, counts) = (default_weights(64, 7), events(300, 64, 7));
    let mut net = Written::builder().w_rec(&weights).build().unwrap();
    net.source_mut("events").unwrap().give(counts.view()).unwrap();
    net.run(300.ms()).unwrap();
    let layer = DynapSim::<64>::builder().seed(7).w_rec(&weights).set("i_w_ahp", 1e4).w_event(0.6).record(["i_mem"]);
    let evolution = layer.build().unwrap().evolve(counts.view()).unwrap();
    let mut spikes = Array2::<u32>::zeros((300, 64));
    let train = net.records().core.spikes;
    train.steps().iter().zip(train.ids()).for_each(|(step, id)| spikes[[*step as usize, *id as usize]] += 1);
    assert!(spikes.sum() > 50);
    assert_eq!(evolution.spikes, spikes);
    // A row is the state after its step, a sample the one before.
    let series = evolution.series("i_mem").unwrap();
    assert_eq!((series.unit, series.times[0], series.times[299]), ("pA", 1.0, 300.0));
    assert_eq!(series.values.slice(s![..299, ..]), net.records().core.i_mem.values().slice(s![1.., ..]));
    assert_eq!(series.values.row(299).to_vec(), net.values("core", "i_mem").unwrap());
    assert!(evolution.series("i_men").unwrap_err().to_string().contains("i_mem"));
}

#[test]
fn chunks_and_saved_states_go_on_as_if_nothing_had_happened() {
    let counts = events(300, 64, 1);
    let mut layer = recurrent::<64>(1);
    let whole = layer.evolve(counts.view()).unwrap();
    let end = layer.state().unwrap();
    assert!(whole.spikes.sum() > 50);

    let mut pieces = recurrent::<64>(1);
    let mut found = Vec::new();
    for (from, to) in [(0, 1), (1, 130), (130, 300)] {
        found.push(pieces.evolve(counts.slice(s![from..to, ..])).unwrap());
    }
    let all = |of: &dyn Fn(&Evolution) -> Array2<f64>| {
        let parts: Vec<_> = found.iter().map(of).collect();
        ndarray::concatenate(Axis(0), &parts.iter().map(|part| part.view()).collect::<Vec<_>>()).unwrap()
    };
    for name in STATES {
        let values = all(&|part| part.series(name).unwrap().values.clone());
        assert_eq!(values, whole.series(name).unwrap().values, "{name}");
    }
    assert_eq!(all(&|part| part.spikes.mapv(f64::from)), whole.spikes.mapv(f64::from));
    assert_eq!(pieces.state().unwrap(), end);
    assert_eq!(found[2].series("i_mem").unwrap().times[0], 131.0);

    // Out, and into a layer that was built anew, in the middle of activity.
    let mut first = recurrent::<64>(1);
    let at = (1..300).find(|k| whole.spikes.row(k - 1).sum() > 1).unwrap();
    first.evolve(counts.slice(s![..at, ..])).unwrap();
    let saved = first.state().unwrap();
    assert!(saved.spikes.iter().sum::<u32>() > 1 && saved.arrived.iter().any(|x| *x != 0.0));
    let mut second = recurrent::<64>(1);
    second.set_state(&saved).unwrap();
    let rest = second.evolve(counts.slice(s![at.., ..])).unwrap();
    let spikes = whole.spikes.slice(s![at.., ..]).to_owned();
    let tail = |name: &str| whole.series(name).unwrap().values.slice(s![at.., ..]).to_owned();
    assert_eq!(rest.spikes, spikes);
    STATES.iter().for_each(|name| assert_eq!(rest.series(name).unwrap().values, tail(name)));
    assert_eq!(second.state().unwrap(), end);

    second.reset_state().unwrap();
    assert_eq!(bits(&second.evolve(counts.view()).unwrap()), bits(&whole));
}

#[test]
fn states_that_do_not_fit_change_nothing() {
    let mut layer = recurrent::<16>(1);
    let state = layer.state().unwrap();
    let refused = |layer: &mut DynapSim<16>, bad: LayerState, text: &str| {
        let error = layer.set_state(&bad).unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    };
    let mut fewer = state.clone();
    fewer.states[1].1.pop();
    refused(&mut layer, fewer, "expected 16 values, found 15");
    let mut missing = state.clone();
    missing.states.remove(0);
    refused(&mut layer, missing, "lacks `i_ahp`");
    let mut unknown = state.clone();
    unknown.states.push(("iampa".to_owned(), vec![0.0; 16]));
    refused(&mut layer, unknown, "no state `iampa`");
    let spikes = LayerState { spikes: vec![0; 17], ..state.clone() };
    refused(&mut layer, spikes, "expected 16 values, found 17");
    assert_eq!(layer.state().unwrap(), state);
}

#[test]
fn a_batch_is_its_trials() {
    let layer = {
        let mut layer = recurrent::<32>(3);
        layer.evolve(events(50, 32, 9).view()).unwrap();
        layer
    };
    let before = layer.state().unwrap();
    let trials: Vec<_> = (0..5).map(|seed| events(120, 32, seed)).collect();
    let views: Vec<_> = trials.iter().map(|trial| trial.view()).collect();
    let batch: Array3<u32> = ndarray::stack(Axis(0), &views).unwrap();
    let one = layer.evolve_batch(batch.view(), 1).unwrap();
    for (b, trial) in trials.iter().enumerate() {
        let mut own = layer.clone();
        let alone = own.evolve(trial.view()).unwrap();
        assert_eq!(one.spikes.index_axis(Axis(0), b), alone.spikes);
        for name in STATES {
            assert_eq!(one.values(name).unwrap().index_axis(Axis(0), b), alone.series(name).unwrap().values);
        }
        assert_eq!(one.ends[b], own.state().unwrap());
    }
    assert!(one.spikes.sum() > 50);
    for threads in [0, 2, 3, 9] {
        assert_eq!(layer.evolve_batch(batch.view(), threads).unwrap(), one, "{threads} threads");
    }
    assert_eq!(layer.state().unwrap(), before);
    let none = layer.evolve_batch(batch.slice(s![..0, .., ..]), 2).unwrap();
    assert_eq!((none.spikes.dim(), none.ends.len()), ((0, 120, 32), 0));
}

#[test]
fn wrong_shapes_are_errors_with_both() {
    let mut layer = recurrent::<16>(1);
    let text = |error: binnet::Error| error.to_string();
    let counts = events(10, 12, 1);
    let error = text(layer.evolve(counts.view()).unwrap_err());
    assert!(error.contains("expected a matrix of 10 x 16, found 10 x 12"), "{error}");
    let error = text(layer.evolve_batch(Array3::zeros((2, 10, 12)).view(), 1).unwrap_err());
    assert!(error.contains("expected a matrix of 10 x 16, found 10 x 12"), "{error}");
    let error = text(layer.evolve_weighted(Array2::zeros((7, 17)).view()).unwrap_err());
    assert!(error.contains("expected a matrix of 7 x 16, found 7 x 17"), "{error}");
    let error = text(layer.set_w_rec(&Array2::zeros((16, 4))).unwrap_err());
    assert!(error.contains("expected a matrix of 16 x 16, found 16 x 4"), "{error}");
    // Gates: four inputs a neuron are the other model.
    let error = text(DynapSim::<4>::builder().w_rec(Array2::<f64>::zeros((4, 16))).build().unwrap_err());
    assert!(error.contains("the matrix is 4 x 16 ([pre][post]), the populations are 4 -> 4"), "{error}");
    let error = text(DynapSim::<4>::builder().w_in(Array2::<f64>::zeros((3, 5))).build().unwrap_err());
    assert!(error.contains("the matrix is 3 x 5 ([pre][post]), the populations are 3 -> 4"), "{error}");
    let error = text(DynapSim::<4>::builder().set("i_tau_mem", vec![1.0; 3]).build().unwrap_err());
    assert!(error.contains("expected 4 values, found 3"), "{error}");
}

#[test]
fn inputs_through_a_matrix_are_weighted_events() {
    let w_in = Array2::from_shape_fn((3, 8), |(i, j)| 0.9 * (i + 1) as f64 * f64::from(u8::from((i + j) % 2 == 0)));
    let mut counts = events(200, 3, 4);
    counts[[20, 1]] = 3;
    let mut layer = DynapSim::<8>::builder().w_in(&w_in).record(["i_syn"]).build().unwrap();
    assert_eq!((layer.channels(), layer.w_in().unwrap().unwrap()), (3, w_in.clone()));
    assert_eq!(layer.w_rec().unwrap(), None);
    let through = layer.evolve(counts.view()).unwrap();
    let mut plain = DynapSim::<8>::builder().record(["i_syn"]).build().unwrap();
    let weighted = plain.evolve_weighted(counts.mapv(f64::from).dot(&w_in).view()).unwrap();
    assert!(through.spikes.sum() > 10);
    assert_eq!(through.spikes, weighted.spikes);
    let worst =
        (&through.recorded[0].values - &weighted.recorded[0].values).mapv(f64::abs).fold(0.0, |a: f64, b| a.max(*b));
    assert!(worst <= 1e-12 * through.recorded[0].values.fold(0.0, |a: f64, b| a.max(*b)), "{worst}");
}

#[test]
fn values_by_name_and_family_and_back() {
    let mut layer = recurrent::<16>(2);
    let tau = layer.values("i_tau_mem").unwrap();
    let nominal = DpiNeuron::<f64>::default().i_tau_mem;
    assert!(tau.iter().all(|tau| *tau != nominal), "mismatch");
    let weights = layer.w_rec().unwrap().unwrap();
    assert_eq!(weights, default_weights(16, 2));

    layer.set("i_tau_mem", 7.0).unwrap();
    layer.set("i_gain_mem", Init::Uniform(20.0, 30.0)).unwrap();
    layer.set("i_mem", vec![5.0; 16]).unwrap();
    layer.set("i_scale", 2e4).unwrap();
    layer.set_w_rec(&(&weights * 2.0)).unwrap();
    let names = |family| layer.family(family).unwrap().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let mut taus = names(Family::Taus);
    taus.sort_unstable();
    assert_eq!(taus, ["i_tau_ahp", "i_tau_mem", "i_tau_syn"]);
    assert_eq!(names(Family::Gains).len(), 3);
    let count: usize =
        [Family::Taus, Family::Gains, Family::Biases, Family::Layout].into_iter().map(|f| names(f).len()).sum();
    assert_eq!(count, 25, "24 of a neuron, and the scale");
    assert!(layer.family(Family::Taus).unwrap().iter().any(|(_, values)| *values == [7.0; 16]));

    layer.reset_family(Family::Taus).unwrap();
    assert_eq!(layer.values("i_tau_mem").unwrap(), tau);
    assert_eq!(layer.values("i_scale").unwrap(), [2e4; 16]);
    assert_eq!(layer.w_rec().unwrap().unwrap(), &weights * 2.0);
    layer.reset("i_mem").unwrap();
    assert_eq!(layer.values("i_mem").unwrap(), [0.5; 16]);
    layer.reset_parameters().unwrap();
    assert_eq!(layer.values("i_scale").unwrap(), [1e4; 16]);
    assert_eq!(layer.w_rec().unwrap().unwrap(), weights);
    assert_eq!(
        bits(&layer.evolve(events(60, 16, 1).view()).unwrap()),
        bits(&recurrent::<16>(2).evolve(events(60, 16, 1).view()).unwrap())
    );

    let error = layer.reset("i_tau_men").unwrap_err().to_string();
    assert!(error.contains("did you mean `i_tau_mem`?"), "{error}");
    let error = layer.set("i_tau_mem", -1.0).unwrap_err().to_string();
    assert!(error.contains("must be above 0 pA"), "{error}");
    let error = DynapSim::<4>::builder().record(["i_men"]).build().unwrap_err().to_string();
    assert!(error.contains("did you mean `i_mem`?"), "{error}");
}

/// Currents start at the dark current of their own neuron, in Rockpool at the nominal one.
#[test]
fn mismatch_of_all_parameters() {
    let build = || DynapSim::<200>::builder().seed(5).mismatch(0.3, 3.0).build().unwrap();
    let layer = build();
    let mut seen = 0;
    for family in [Family::Taus, Family::Gains, Family::Biases, Family::Layout] {
        for (name, values) in layer.family(family).unwrap().into_iter().filter(|(name, _)| *name != "i_scale") {
            let stock = DynapSim::<1>::builder().build().unwrap().values(name).unwrap()[0];
            let deviation = (values.iter().map(|x| (x / stock - 1.0).powi(2)).sum::<f64>() / 200.0).sqrt();
            // 5 standard errors of a deviation of 0.1.
            assert!((deviation - 0.1).abs() < 5.0 * 0.1 / 20.0, "{name}: {deviation}");
            seen += 1;
        }
    }
    assert_eq!(seen, 24);
    assert_ne!(layer.values("i_tau_mem").unwrap(), layer.values("i_tau_ahp").unwrap());
    assert_eq!(layer.values("i_syn").unwrap(), layer.values("i_o").unwrap());
    assert_eq!(build().values("c_mem").unwrap(), layer.values("c_mem").unwrap());
}

#[test]
fn times_and_gains_become_currents() {
    let times = Times { tau_mem: 12.0, t_ref: 3.0, ..Times::default() };
    let currents = Currents::of(&Layout::default(), &times, &Gains { mem: 2.0, ..Gains::default() }).unwrap();
    let layer = DynapSim::<2>::builder().currents(&currents).build().unwrap();
    assert_eq!(layer.values("i_tau_mem").unwrap(), [currents.i_tau_mem; 2]);
    assert_eq!(layer.values("i_gain_mem").unwrap(), [2.0 * currents.i_tau_mem; 2]);
    assert_eq!(layer.values("i_tau_syn").unwrap(), [currents.i_tau_ampa; 2]);
    assert_eq!(layer.values("i_ref").unwrap(), [currents.i_ref; 2]);
}

#[test]
fn cores_and_whether_they_fit_the_chip() {
    let builder = DynapSim::<300, 2>::builder().recurrent(fixed_in_degree(20), 0.4).set_core(1, "i_dc", 30.0);
    let layer = builder.clone().mismatch_of(["i_dc"], 0.2, 1.0).build().unwrap();
    let report = layer.fit().unwrap();
    report.check().unwrap();
    let dc = |core: usize| report.cores[core].biases.iter().find(|bias| bias.bias == "i_dc").unwrap().wanted;
    assert_eq!((report.cores.len(), report.cores[0].neurons, report.cores[0].synapses), (2, 150, 21));
    assert_eq!((dc(0), dc(1)), (0.5, 30.0), "what was asked for, without mismatch");
    let text = layer.explain();
    assert!(
        text.contains("DpiNeuron advances by its own step") && text.contains("core `core 1` on chip 0: 150 of 256")
    );
    assert!(text.contains("fits the chip"), "{text}");

    let crowded = DynapSim::<300, 2>::builder().recurrent(fixed_in_degree(65), 0.4).build().unwrap();
    let report = crowded.fit().unwrap();
    assert!(matches!(report.misfits[0], Misfit::Synapses { neuron: 0, found: 66, limit: 64, .. }));
    let error = report.check().unwrap_err().to_string();
    assert!(error.contains("neuron 0 of `core 0` has 66 incoming synapses, the limit is 64 (and 299 more)"), "{error}");

    let error = builder.set_core(2, "i_dc", 1.0).build().unwrap_err().to_string();
    assert!(error.contains("core 2") && error.contains("the layer has cores 0..2"), "{error}");
}

#[test]
fn single_precision_and_another_clock() {
    let mut layer = DynapSim::<64, 1, f32>::builder()
        .seed(1)
        .clock(0.5.ms())
        .default_recurrent()
        .record(["i_mem"])
        .build()
        .unwrap();
    let counts = events(400, 64, 1);
    let evolution = layer.evolve(counts.view()).unwrap();
    let mut double = DynapSim::<64>::builder().seed(1).clock(0.5.ms()).default_recurrent().build().unwrap();
    let spikes = double.evolve(counts.view()).unwrap().spikes.sum();
    assert_eq!(evolution.recorded[0].times[399], 200.0);
    // Rounding shifts spikes, but makes no other network.
    assert!(spikes > 40 && evolution.spikes.sum().abs_diff(spikes) * 10 < spikes, "{spikes}");
    let weighted = layer.evolve_weighted(Array2::from_elem((30, 64), 0.5).view()).unwrap();
    assert!(weighted.spikes.sum() > 64);
}

/// A failed run leaves nothing behind that the next one would take for its own.
#[test]
fn a_failed_run_is_forgotten() {
    let mut layer = DynapSim::<4>::builder().build().unwrap();
    layer.set("i_mem", 1.0).unwrap();
    assert!(layer.set("i_mem", vec![2.0, 3.0, f64::NAN, 4.0]).unwrap_err().to_string().contains("is NaN (neuron 2)"));
    assert_eq!(layer.values("i_mem").unwrap(), [1.0; 4], "what is refused changes nothing");
    layer.set("i_mem", f64::INFINITY).unwrap();
    layer.evolve(Array2::from_elem((20, 4), 5).view()).unwrap_err();
    layer.reset_state().unwrap();
    let after = layer.evolve(Array2::zeros((60, 4)).view()).unwrap();
    assert_eq!(after.spikes.sum(), 0);
}

/// Of two mismatches of one parameter, the last one counts.
#[test]
fn mismatch_is_replaced_not_multiplied() {
    let built = |builder: binnet::models::dynapsim::DynapSimBuilder<32, 1, f64>| {
        let layer = builder.seed(3).build().unwrap();
        ["i_tau_mem", "i_dc"].map(|name| layer.values(name).unwrap())
    };
    let once = built(DynapSim::<32>::builder().mismatch(0.1, 3.0));
    assert_eq!(built(DynapSim::<32>::builder().mismatch(0.2, 3.0).mismatch(0.1, 3.0)), once);
    let [tau, dc] = built(DynapSim::<32>::builder().mismatch(0.1, 3.0).mismatch_of(["i_dc"], 0.0, 3.0));
    assert_eq!((&tau, dc), (&once[0], vec![0.5; 32]));
    let large = DynapSim::<256>::builder().mismatch(0.9, 1.0).build().map(|_| ()).unwrap_err().to_string();
    assert!(large.contains("the mismatch is so large that") && large.contains("raise `sigma_rule`"), "{large}");
}
