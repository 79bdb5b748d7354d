//! Records: when they are taken, what is made of them, and the files that they go to.
#![allow(clippy::print_stdout, reason = "a test program that another one reads")]

use binnet::analysis::SpikeTrains;
use binnet::clocked::{Clocked, Record, Records};
use binnet::models::synapses::PairStdp;
use binnet::prelude::*;
use binnet::run::Reset;

neuron! {
    /// A noisy neuron.
    pub struct Cell {
        param tau = 20 ms;
        state v = 0 mV;
        input g: nS;
        let twice = 2 * v;
        dv/dt = (8 mV - v) / tau + g * 1 mV / ms / 1 nS + 5 mV * sqrt(2 / tau) * xi;
        spike when v > 10 mV { v = 0 mV; }
    }
}

network! {
    /// Two populations with plastic synapses.
    pub struct Net {
        clock 0.1 ms;
        population a: Cell[40];
        population b: Cell[20];
        source noise: poisson[10] { rate: 100 Hz };
        projection ab: a -> b { synapse: PairStdp { w: uniform(0, 1) }, target: g, connect: fixed_prob(0.3) };
        projection noise -> a { target: g, connect: fixed_prob(0.5), weight: 2 nS };
    }
}

network! {
    /// Every form of record, in the block.
    pub struct Declared {
        clock 0.1 ms;
        population a: Cell[40];
        population b: Cell[20];
        projection ab: a -> b { synapse: PairStdp { w: uniform(0, 1) }, target: g, connect: fixed_prob(0.3) };
        record a.v[0..4] every 1 ms from 0.5 ms;
        record b.twice during 2 ms..5 ms every 0.5 ms;
        record a.spikes;
        record ab.w every 2 ms;
        record dendrite: ab.apre onto 3 every 1 ms;
        record mean: mean(a.v) every 1 ms;
        record spread: variance(a.v[..10]);
        record moments: over_time(b.v);
        record values: histogram(a.twice, -20 mV..0.02 V, 40) every 1 ms;
        record numbers: counts(a.spikes);
        record rate: rate(a.spikes[..20]) every 5 ms during 0 ms..20 ms;
        record intervals: intervals(a.spikes);
        record rhythm: autocorrelation(a.spikes, 10) every 1 ms;
    }
}

network! {
    /// A sheet of neurons, of which some are recorded.
    pub struct Sheet {
        clock 0.1 ms;
        population grid: Cell[6, 10];
        source noise: poisson[60] { rate: 200 Hz };
        projection noise -> grid { target: g, connect: one_to_one, weight: 70 nS };
        record grid.v[1..3, ..4];
        record all: grid.v;
        record grid.spikes[2.., 5];
        record whole: grid.spikes;
        record mean: mean(grid.twice[5, 7..]);
        record numbers: counts(grid.spikes[1, ..2]);
        record intervals: intervals(grid.spikes[..2, 9]);
    }
}

#[test]
fn patches_and_lists_of_neurons() {
    let mut net = Sheet::builder().seed(2).build().unwrap();
    net.record(Record::of("grid", "twice").only([33, 7, 33, 2]).named("some")).unwrap();
    net.record(Record::spikes("noise").only([59, 0]).named("channels")).unwrap();
    net.record(Record::of("grid", "v").only([3, 50]).over_time().named("moments")).unwrap();
    let path = file("patches");
    net.stream_records(&path, 3000).unwrap();
    net.run(40.ms()).unwrap();
    net.finish_stream().unwrap();
    let read = Records::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let in_memory = {
        let mut net = Sheet::builder().seed(2).build().unwrap();
        net.record(Record::of("grid", "twice").only([2, 7, 33]).named("some")).unwrap();
        net.record(Record::spikes("noise").only([0, 59]).named("channels")).unwrap();
        net.record(Record::of("grid", "v").only([3, 50]).over_time().named("moments")).unwrap();
        net.run(40.ms()).unwrap();
        net
    };
    let records = (*in_memory).records();
    for records in [&read, records] {
        let (all, patch) = (records.trace("all").unwrap().values(), records.trace("grid.v").unwrap());
        let neurons = [10, 11, 12, 13, 20, 21, 22, 23];
        assert_eq!((patch.columns(), patch.neurons()), (neurons.to_vec(), 10..24));
        assert_eq!(patch.values(), all.select(ndarray::Axis(1), &neurons));
        let some = records.trace("some").unwrap();
        assert_eq!(some.columns(), [2, 7, 33]);
        assert_eq!(some.values(), 2.0 * all.select(ndarray::Axis(1), &[2, 7, 33]));
        let (column, whole) = (records.spikes("grid.spikes").unwrap(), records.spikes("whole").unwrap());
        assert_eq!((column.chosen(), column.neurons()), (vec![25, 35, 45, 55], 25..56));
        let of = |neurons: &[u32]| {
            let own = whole.steps().iter().zip(whole.ids()).filter(|(_, id)| neurons.contains(id));
            own.map(|(step, id)| (*step, *id)).collect::<Vec<_>>()
        };
        let found: Vec<_> = column.steps().iter().zip(column.ids()).map(|(step, id)| (*step, *id)).collect();
        assert_eq!(found, of(&[25, 35, 45, 55]));
        assert!(column.len() > 10);
        assert!(column.places().iter().zip(column.ids()).all(|(place, id)| 25 + 10 * place == *id));
        assert!(records.spikes("channels").unwrap().ids().iter().all(|id| [0, 59].contains(id)));
        let mean = records.trace("mean").unwrap().values();
        let expected = 2.0 * all.select(ndarray::Axis(1), &[57, 58, 59]).mean_axis(ndarray::Axis(1)).unwrap();
        assert!(mean.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12));
    }
    let (records, whole) = (net.records(), in_memory.records().whole.clone());
    let path = file("csv");
    in_memory.records().grid.v.save_csv(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("time (ms),v[10] (mV),v[11] (mV),v[12] (mV),v[13] (mV),v[20] (mV)"), "{text}");
    assert_eq!(text.lines().count(), 401);
    in_memory.records().whole.save_csv(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1 + whole.len());
    std::fs::remove_file(&path).unwrap();
    let count = |id: u32| whole.ids().iter().filter(|other| **other == id).count() as u64;
    assert_eq!(records.counts("numbers").unwrap().counts(), [count(10), count(11)]);
    assert_eq!(records.intervals("intervals").unwrap().counts(), [9, 19].map(|id| count(id).saturating_sub(1)));
    assert_eq!(records.over_time("moments").unwrap().means().len(), 2);
    let mut refused = |record: Record, words: &str| {
        let error = net.record(record.named("other")).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(Record::of("grid", "v").patch(0..7, 0..1), "`grid` has 6 x 10");
    refused(Record::of("grid", "v").patch(3..3, 0..1), "choose some of [0..6, 0..10]");
    refused(Record::spikes("noise").patch(0..1, 0..1), "`noise` has none");
    refused(Record::of("grid", "v").only([]), "choose some of 0..60");
    refused(Record::of("grid", "v").only([60]), "`grid` has 60");
    refused(Record::of("grid", "v").only([usize::MAX]), "`grid` has 60");
    refused(Record::of("grid", "v").only([3, usize::MAX]), "`grid` has 60");
}

#[test]
fn records_of_the_block() {
    let mut net = Declared::builder().seed(2).build().unwrap();
    net.run(40.ms()).unwrap();
    let records = net.records();
    assert_eq!((records.a.v.times()[..2].to_vec(), records.a.v.values().shape()), (vec![0.5, 1.5], &[40, 4][..]));
    assert_eq!(records.b.twice.times(), [2.0, 2.5, 3.0, 3.5, 4.0, 4.5]);
    assert_eq!((records.ab.w.len(), records.ab.w.columns().len()), (20, net.synapses("ab").unwrap().len()));
    assert_eq!((records.dendrite.len(), records.mean.len(), records.spread.len()), (40, 40, 400));
    assert_eq!((records.mean.variable(), records.spread.unit(), records.dendrite.variable()), ("v", "mV2", "apre"));
    assert_eq!(records.over_time("moments").unwrap().samples(), 400);
    let values = records.histogram("values").unwrap();
    assert_eq!((values.edges()[0], values.edges()[40]), (-20.0, 20.0));
    assert_eq!(values.counts().iter().sum::<u64>() + values.outside().iter().sum::<u64>(), 1600);
    let counts = records.counts("numbers").unwrap().counts().to_vec();
    assert_eq!(counts.iter().sum::<u64>(), records.a.spikes.len() as u64);
    assert_eq!(records.rate("rate").unwrap().times(), [0.0, 5.0, 10.0, 15.0]);
    assert_eq!(records.intervals("intervals").unwrap().counts().len(), 40);
    assert_eq!(records.autocorrelation("rhythm").unwrap().len(), 40);
}

type Inner = Clocked<NetPopulations>;

fn build(records: impl IntoIterator<Item = Record>) -> Net {
    let mut net = Net::builder().seed(4).build().unwrap();
    records.into_iter().for_each(|record| net.record(record).unwrap());
    net
}

fn all() -> [Record; 6] {
    [
        Record::spikes("a"),
        Record::spikes("noise"),
        Record::of("a", "v"),
        Record::of("b", "twice").neurons(3..9).every(0.5.ms()),
        Record::of("b", "tau").every(1.ms()),
        Record::synapses("ab", "w").every(2.ms()),
    ]
}

#[test]
fn times_of_samples() {
    let mut net = build([
        Record::of("a", "v"),
        Record::of("a", "v").neurons(0..1).every(1.ms()).from(0.5.ms()).named("late"),
        Record::of("a", "v").neurons(0..1).every(0.4.ms()).during(1.ms()..2.5.ms()).named("window"),
        Record::spikes("a").during(5.ms()..30.ms()),
        Record::spikes("a").neurons(7..40).paused().named("waits"),
        Record::spikes("a").named("whole"),
    ]);
    net.run(10.ms()).unwrap();
    net.pause_record("a.v").unwrap();
    net.resume_record("waits").unwrap();
    net.run(10.ms()).unwrap();
    net.resume_record("a.v").unwrap();
    net.pause_record("waits").unwrap();
    net.run(20.ms()).unwrap();
    let records = (*net).records();
    let times = |name| records.trace(name).unwrap().times();
    let expected: Vec<f64> = (0..40).map(|k| 0.5 + f64::from(k)).collect();
    assert_eq!(times("late"), expected);
    assert_eq!(times("window"), [1.2, 1.6, 2.0, 2.4]);
    let paused: Vec<f64> = (0..100).chain(200..400).map(|k| f64::from(k) / 10.0).collect();
    assert_eq!(times("a.v"), paused);
    let column: Vec<f64> = records.trace("a.v").unwrap().values().column(0).to_vec();
    let late = records.trace("late").unwrap().values();
    assert_eq!((column[5], column[115]), (late[[0, 0]], late[[21, 0]]));

    let (whole, window, waits) =
        (records.spikes("whole").unwrap(), records.spikes("a").unwrap(), records.spikes("waits").unwrap());
    let within = |from: u64, to: u64, ids: core::ops::Range<u32>| -> Vec<(u64, u32)> {
        let all = whole.steps().iter().copied().zip(whole.ids().iter().copied());
        all.filter(|(step, id)| (from..to).contains(step) && ids.contains(id)).collect()
    };
    let pairs = |train: &binnet::clocked::SpikeTrain| -> Vec<(u64, u32)> {
        train.steps().iter().copied().zip(train.ids().iter().copied()).collect()
    };
    assert_eq!(pairs(window), within(50, 300, 0..40));
    assert_eq!(pairs(waits), within(100, 200, 7..40));
    assert!(!waits.is_empty() && window.len() > 10);
    assert_eq!((window.span(), waits.span()), ((5.ms(), 30.ms()), (10.ms(), 20.ms())));
    // As declared again.
    net.reset(Reset::STATE | Reset::RECORDERS).unwrap();
    net.run(10.ms()).unwrap();
    assert_eq!(
        ((*net).records().trace("a.v").unwrap().len(), (*net).records().spikes("waits").unwrap().len()),
        (100, 0)
    );
}

#[test]
fn synapses_are_recorded() {
    let mut net = build([
        Record::synapses("ab", "w").every(1.ms()),
        Record::synapses("ab", "apre").onto(5).named("dendrite"),
        Record::synapses("ab", "w").neurons(10..12).named("two"),
        Record::synapses("ab", "w").mean().named("mean"),
    ]);
    net.run(50.ms()).unwrap();
    let (w, apre) = (net.synapse_values("ab", "w").unwrap(), net.synapse_values("ab", "apre").unwrap());
    let synapses = net.synapses("ab").unwrap();
    net.run(0.1.ms()).unwrap();
    let records = (*net).records();
    let onto: Vec<usize> = (0..synapses.len()).filter(|i| synapses[*i].post == 5).collect();
    let dendrite = records.trace("dendrite").unwrap();
    assert!(onto.len() > 3 && dendrite.columns() == onto);
    // The last sample is the value now, at the beginning of the last step.
    assert_eq!(dendrite.values().row(500).to_vec(), onto.iter().map(|i| apre[*i]).collect::<Vec<_>>());
    assert_eq!(records.trace("ab.w").unwrap().values().row(50).to_vec(), w);
    let two = records.trace("two").unwrap();
    assert_eq!((two.columns(), two.values().row(500).to_vec()), (vec![10, 11], w[10..12].to_vec()));
    let mean = w.iter().sum::<f64>() / w.len() as f64;
    assert_eq!(records.trace("mean").unwrap().values()[[500, 0]], mean);
    let rows = records.trace("ab.w").unwrap().values();
    assert!(rows.row(0) != rows.row(50), "weights change");
    let ends = |places: &[usize]| {
        places.iter().map(|i| (synapses[*i].pre as u32, synapses[*i].post as u32)).collect::<Vec<_>>()
    };
    assert_eq!((dendrite.ends(), two.ends()), (&ends(&onto)[..], &ends(&[10, 11])[..]));
    assert!(records.trace("mean").unwrap().ends().is_empty());
    let path = file("ends");
    two.save_csv(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let named = ends(&[10]).iter().map(|(pre, post)| format!("w[{pre}->{post}]")).collect::<String>();
    assert!(text.starts_with(&format!("time (ms),{named},")), "{}", text.lines().next().unwrap_or_default());
    net.stream_records(&path, 10_000).unwrap();
    net.run(3.ms()).unwrap();
    net.finish_stream().unwrap();
    let read = Records::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.trace("dendrite").unwrap().ends(), ends(&onto));
    assert!(read.trace("mean").unwrap().ends().is_empty());
}

#[test]
fn reducers_are_what_whole_records_give() {
    let reducers = [
        Record::of("a", "v").every(0.5.ms()).mean().named("mean"),
        Record::of("a", "v").every(0.5.ms()).variance().named("variance"),
        Record::of("a", "v").every(0.5.ms()).over_time().named("moments"),
        Record::of("a", "v").every(0.5.ms()).neurons(3..20).histogram(-5.0..10.0, 30).named("values"),
        Record::of("a", "twice").every(0.5.ms()).autocorrelation(20).named("fluctuation"),
        Record::spikes("a").neurons(5..40).counts().named("counts"),
        Record::spikes("a").rate(2.ms()).named("rate"),
        Record::spikes("a").intervals().named("intervals"),
        Record::spikes("a").every(1.ms()).autocorrelation(10).named("rhythm"),
    ];
    let whole = [Record::of("a", "v").every(0.5.ms()), Record::spikes("a")];
    let mut net = build(reducers.into_iter().chain(whole));
    let empty = net.records().bytes();
    net.run(500.ms()).unwrap();
    let records = (*net).records();
    let (v, spikes) = (records.trace("a.v").unwrap().values(), records.spikes("a").unwrap());
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + b.abs());

    let (mean, variance) = (records.trace("mean").unwrap(), records.trace("variance").unwrap());
    assert_eq!((mean.unit(), variance.unit(), mean.values().shape()), ("mV", "mV2", &[1000, 1][..]));
    for (k, row) in v.outer_iter().enumerate() {
        assert!(close(mean.values()[[k, 0]], row.mean().unwrap()) && close(variance.values()[[k, 0]], row.var(0.0)));
    }
    let moments = records.over_time("moments").unwrap();
    assert_eq!(moments.samples(), 1000);
    for (i, column) in v.columns().into_iter().enumerate() {
        assert!(close(moments.means()[i], column.mean().unwrap()) && close(moments.variances()[i], column.var(0.0)));
    }
    let histogram = records.histogram("values").unwrap();
    let part: Vec<f64> = v.slice(ndarray::s![.., 3..20]).iter().copied().collect();
    let edges = histogram.edges();
    for (i, count) in histogram.counts().iter().enumerate() {
        let within = part.iter().filter(|x| (edges[i]..edges[i + 1]).contains(x)).count() as u64;
        assert!(count.abs_diff(within) <= 1, "a value at an edge may be on either side");
    }
    assert_eq!(histogram.counts().iter().sum::<u64>() + histogram.outside().iter().sum::<u64>(), part.len() as u64);
    assert!(histogram.outside()[0] > 0);

    let counts = records.counts("counts").unwrap();
    let of = |id: usize| spikes.ids().iter().filter(|own| **own as usize == id).count() as u64;
    assert_eq!(counts.counts(), (5..40).map(of).collect::<Vec<_>>());
    assert!(close(counts.rates()[0], of(5) as f64 / 0.5));
    let rate = records.rate("rate").unwrap();
    let binned: Vec<u64> =
        (0..250).map(|bin| spikes.steps().iter().filter(|step| **step / 20 == bin).count() as u64).collect();
    assert_eq!((rate.counts(), rate.times()[3]), (&binned[..], 6.0));
    assert!(close(rate.hertz()[7], binned[7] as f64 / (40.0 * 2e-3)));
    let intervals = records.intervals("intervals").unwrap();
    let trains = SpikeTrains::new(spikes.ids(), &spikes.times(), 40, 0.0..500.0).unwrap();
    assert!(close(intervals.cv(2).unwrap(), trains.isi_cv(2).unwrap()));
    assert_eq!(intervals.counts()[9], of(9) - 1);

    let twice: Vec<f64> = v.outer_iter().map(|row| 2.0 * row.mean().unwrap()).collect();
    let per_ms: Vec<f64> =
        (0..500).map(|bin| spikes.steps().iter().filter(|step| **step / 10 == bin).count() as f64).collect();
    for (series, name) in [(twice, "fluctuation"), (per_ms, "rhythm")] {
        let found = records.autocorrelation(name).unwrap();
        let mean = series.iter().sum::<f64>() / series.len() as f64;
        assert!(found.len() == series.len() as u64 && close(found.mean(), mean));
        for (lag, c) in found.covariances().into_iter().enumerate() {
            let pairs = series.iter().zip(&series[lag..]);
            let sum: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
            assert!(close(c, sum / (series.len() - lag) as f64), "{name} {lag}");
        }
    }

    // All but rates, mean and variance take what they took at the start.
    let grown = (*net).records().bytes() - empty;
    let kept = v.len() * 8 + spikes.len() * 12 + 2 * 1000 * 8 + 250 * 16;
    assert!(grown >= kept && grown < kept + 200, "{grown} {kept}");
    let file = std::env::temp_dir().join(format!("binnet-reducers-{}.npz", std::process::id()));
    records.save_npz(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    for name in ["rate.times", "intervals.cv", "values.edges", "moments.variance", "rhythm.covariance", "counts.counts"]
    {
        assert!(bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
    }
    net.clear_records();
    assert!((*net).records().counts("counts").unwrap().counts().iter().all(|n| *n == 0));
}

#[test]
fn bins_and_intervals_around_a_pause() {
    let mut net = build([
        Record::spikes("a").rate(2.ms()).named("rate"),
        Record::spikes("a").intervals().named("intervals"),
        Record::spikes("a"),
    ]);
    net.run(21.3.ms()).unwrap();
    ["rate", "intervals"].into_iter().for_each(|name| net.pause_record(name).unwrap());
    net.run(24.2.ms()).unwrap();
    ["rate", "intervals"].into_iter().for_each(|name| net.resume_record(name).unwrap());
    net.run(54.5.ms()).unwrap();
    let records = (*net).records();
    let steps = records.spikes("a").unwrap().steps();
    let rate = records.rate("rate").unwrap();
    let starts: Vec<f64> = (0..10).chain(23..50).map(|bin| 2.0 * f64::from(bin)).collect();
    assert_eq!(rate.times(), starts, "whole bins only");
    let count =
        |from: f64| steps.iter().filter(|step| (from..from + 2.0).contains(&(**step as f64 / 10.0))).count() as u64;
    assert_eq!(rate.counts(), starts.iter().map(|from| count(*from)).collect::<Vec<_>>());
    let ids = records.spikes("a").unwrap().ids();
    let (mut n, mut last) = (vec![0; 40], vec![None; 40]);
    for (step, id) in steps.iter().zip(ids) {
        let part = if *step < 213 { 0 } else { 1 };
        if *step < 213 || *step >= 455 {
            n[*id as usize] += u64::from(last[*id as usize].replace(part) == Some(part));
        }
    }
    assert_eq!(records.intervals("intervals").unwrap().counts(), n);
}

#[test]
fn records_change_nothing() {
    let (mut with, mut without) = (build(all()), build([]));
    with.record(Record::synapses("ab", "apre").onto(3)).unwrap();
    with.run(60.ms()).unwrap();
    without.run(60.ms()).unwrap();
    for population in ["a", "b"] {
        assert_eq!(with.values(population, "v").unwrap(), without.values(population, "v").unwrap());
    }
    assert_eq!(with.synapses("ab").unwrap(), without.synapses("ab").unwrap());
}

#[test]
fn what_does_not_fit_is_named() {
    let mut net = build(all());
    for (record, part) in [
        (Record::of("a", "v"), "is there already"),
        (Record::of("noise", "v"), "no population `noise`"),
        (Record::spikes("nois"), "did you mean `noise`?"),
        (Record::of("a", "v").every(0.25.ms()).named("n"), "every 0.25 ms, which is no multiple"),
        (Record::of("a", "v").every(0.ms()).named("n"), "every 0 ms"),
        (Record::of("a", "v").from(0.05.ms()).named("n"), "from 0.05 ms, which is no multiple"),
        (Record::of("a", "v").during(5.ms()..5.ms()).named("n"), "ends before it begins"),
        (Record::of("a", "v").neurons(30..41).named("n"), "is of neurons 30..41, but `a` has 40"),
        (Record::synapses("ab", "ww").named("n"), "field of `PairStdp`"),
        (Record::synapses("ac", "w"), "no projection `ac`"),
        (Record::synapses("noise -> a", "w"), "have no equations"),
        (Record::synapses("ab", "w").onto(77).named("n"), "is onto neuron 77, but `b` has"),
        (Record::spikes("a").mean().named("n"), "is of spikes, which have no values"),
        (Record::of("a", "v").counts().named("n"), "is of values, not of spikes"),
        (Record::of("a", "v").histogram(1.0..1.0, 5).named("n"), "5 bins from 1 to 1"),
        (Record::of("a", "v").histogram(0.0..1.0, 0).named("n"), "0 bins"),
    ] {
        let message = net.record(record.clone()).unwrap_err().to_string();
        assert!(message.contains(part), "{record:?}: {message}");
    }
    assert!(net.pause_record("a.u").is_err() && (*net).records().rate("a.v").is_err());
}

fn file(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("binnet-recording-{name}-{}", std::process::id()))
}

/// The same spikes and samples, whatever they were declared as.
#[track_caller]
fn same(a: &Records, b: &Records) {
    assert_eq!((a.all_spikes().len(), a.all_traces().len()), (b.all_spikes().len(), b.all_traces().len()));
    for (a, b) in a.all_spikes().iter().zip(b.all_spikes()) {
        assert_eq!((a.name(), a.neurons(), a.watched()), (b.name(), b.neurons(), b.watched()));
        assert!(a.steps() == b.steps() && a.ids() == b.ids());
    }
    for (a, b) in a.all_traces().iter().zip(b.all_traces()) {
        assert_eq!((a.name(), a.unit(), a.variable(), a.columns()), (b.name(), b.unit(), b.variable(), b.columns()));
        assert!(a.times() == b.times() && a.values() == b.values());
    }
}

#[test]
fn a_stream_is_the_record() {
    const BOUND: usize = 100_000;
    let path = file("stream");
    let (mut streamed, mut kept) = (build(all()), build(all()));
    let run = |net: &mut Net, mut look: Box<dyn FnMut(&Inner) + '_>| {
        net.every(0.1.ms(), |net| look(net)).run(100.ms()).unwrap();
        net.pause_record("a.v").unwrap();
        net.record(Record::of("b", "v").neurons(0..3)).unwrap();
        net.every(0.1.ms(), |net| look(net)).run(33.3.ms()).unwrap();
        net.resume_record("a.v").unwrap();
        net.every(0.1.ms(), |net| look(net)).run(100.ms()).unwrap();
    };
    streamed.run(1.ms()).unwrap();
    kept.run(1.ms()).unwrap();
    streamed.stream_records(&path, BOUND).unwrap();
    let mut most = 0;
    run(&mut streamed, Box::new(|net| most = most.max(net.records().bytes())));
    run(&mut kept, Box::new(|_| ()));
    let total = (*kept).records().bytes();
    // A step may go beyond half of the bound before it is written.
    assert!(total > 7 * BOUND && most <= BOUND / 2 + 1000, "{most} of {total}");
    streamed.finish_stream().unwrap();
    same(&Records::open(&path).unwrap(), (*kept).records());
    // After the end, records go to memory.
    streamed.run(1.ms()).unwrap();
    assert_eq!((*streamed).records().trace("a.v").unwrap().len(), 10);

    // What is cleared is gone from the file, too; a network that is dropped writes its last samples.
    let mut again = build(all());
    again.stream_records(&path, BOUND).unwrap();
    again.run(50.ms()).unwrap();
    let copy = again.clone_inner();
    again.reset(Reset::STATE | Reset::WEIGHTS).unwrap();
    again.run(20.ms()).unwrap();
    drop(again);
    let mut fresh = build(all());
    fresh.run(20.ms()).unwrap();
    same(&Records::open(&path).unwrap(), (*fresh).records());
    // A copy records into memory.
    let mut copy = copy;
    copy.clear_records();
    copy.run(1.ms()).unwrap();
    assert_eq!(copy.records().trace("a.v").unwrap().len(), 10);
    std::fs::remove_file(&path).unwrap();
}

/// Networks of `network!` are no `Clone`; what is in them is.
trait CloneInner {
    fn clone_inner(&self) -> Inner;
}

impl CloneInner for Net {
    fn clone_inner(&self) -> Inner {
        (**self).clone()
    }
}

#[test]
fn damaged_files_are_read_up_to_the_damage() {
    use rand::{RngExt as _, SeedableRng as _};
    let path = file("damaged");
    let mut net = build(all());
    net.stream_records(&path, 6000).unwrap();
    net.run(10.ms()).unwrap();
    net.finish_stream().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let whole = Records::open(&path).unwrap();
    let values: Vec<_> = whole.all_traces().iter().map(|trace| (trace.values(), trace.times())).collect();
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let (mut refused, mut shorter) = (0, 0);
    for trial in 0..10_000 {
        let mut damaged = bytes.clone();
        if trial % 2 == 0 {
            let place = rng.random_range(0..8 * bytes.len());
            damaged[place / 8] ^= 1 << (place % 8);
        } else {
            damaged.truncate(rng.random_range(0..bytes.len()));
        }
        std::fs::write(&path, &damaged).unwrap();
        let Ok(read) = Records::open(&path) else {
            refused += 1;
            continue;
        };
        assert!(read.all_traces().len() <= whole.all_traces().len());
        for (part, all) in read.all_spikes().iter().zip(whole.all_spikes()) {
            assert_eq!(part.steps(), &all.steps()[..part.len()]);
            assert_eq!(part.ids(), &all.ids()[..part.len()]);
        }
        for (part, (all, times)) in read.all_traces().iter().zip(&values) {
            let n = part.len();
            assert_eq!(part.values(), all.slice(ndarray::s![..n, ..]));
            assert_eq!(part.times(), times[..n]);
        }
        shorter += usize::from(read != whole);
    }
    assert!(refused < 300 && shorter > 9_600, "{refused} {shorter}");
    std::fs::remove_file(&path).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let mut net = build(all());
    // Every write to this device fails for want of room.
    let message = net.stream_records("/dev/full", 100_000).unwrap_err().to_string();
    assert!(message.contains("No space left") || message.contains("os error 28"), "{message}");
    net.run(1.ms()).unwrap();
    assert!(build([]).stream_records("/no/such/folder/file", 1000).is_err());
}

/// Tells a copy of this test program where to write.
const FOLDER: &str = "BINNET_TEST_STREAMS_TO";

/// Whether `part` is the beginning of `whole`, and not nothing.
#[track_caller]
fn begins(part: &Records, whole: &Records) {
    let (spikes, v) = (part.spikes("a").unwrap(), part.trace("a.v").unwrap());
    assert!(!v.is_empty());
    assert_eq!(spikes.steps(), &whole.spikes("a").unwrap().steps()[..spikes.len()]);
    assert_eq!(v.values(), whole.trace("a.v").unwrap().values().slice(ndarray::s![..v.len(), ..]));
}

#[cfg(unix)]
#[test]
fn a_kill_leaves_what_was_written() {
    if let Some(path) = std::env::var_os(FOLDER) {
        let mut net = build(all());
        net.stream_records(path, 50_000).unwrap();
        net.run(1e9.s()).unwrap();
        unreachable!("it is killed before");
    }
    let path = file("killed");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "recording::a_kill_leaves_what_was_written"])
        .env(FOLDER, &path)
        .spawn()
        .unwrap();
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 1_000_000 {
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(child.try_wait().unwrap().is_none(), "it runs");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let read = Records::open(&path).unwrap();
    let mut net = build(all());
    // The kill may have come between the block of one record and that of another.
    let spikes = read.spikes("a").unwrap().steps().last().map_or(0, |step| step + 1);
    net.run_steps(spikes.max(read.trace("a.v").unwrap().len() as u64)).unwrap();
    begins(&read, (*net).records());
    std::fs::remove_file(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn no_room_keeps_what_was_written() {
    if let Some(path) = std::env::var_os(FOLDER) {
        let mut net = build(all());
        net.stream_records(path, 20_000).unwrap();
        for _ in 0..2 {
            let message = net.run(1.s()).unwrap_err().to_string();
            assert!(message.contains("Records::open"), "{message}");
        }
        // In memory is what is not in the file; the steps of the failures were made.
        assert!(net.steps() < 9000 && net.records().bytes() > 5000);
        println!("refused");
        return;
    }
    let path = file("no-room");
    // Files of 64 blocks at most; what would be longer is refused to the program, not killed.
    let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "recording::no_room_keeps_what_was_written", "--nocapture"])
        .env(FOLDER, &path)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("refused"), "{output:?}");
    let mut net = build(all());
    net.run(900.ms()).unwrap();
    begins(&Records::open(&path).unwrap(), (*net).records());
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn memory_is_told_and_bounded() {
    let mut net = build(all());
    let estimate = net.memory_estimate(1.s()).unwrap();
    let of = |name: &str| estimate.records.iter().find(|(own, _)| own == name).unwrap().1;
    assert_eq!((of("a.v"), of("b.twice"), of("b.tau")), (10_000 * 40 * 8, 2000 * 6 * 8, 1000 * 8));
    assert_eq!((of("a.spikes"), estimate.recorded), (40 * 10 * 12, 0));
    assert!(estimate.network > 60 * 8 && estimate.to_string().contains("record a.v: 3.2 MB"));
    net.run(200.ms()).unwrap();
    let before = (*net).records().bytes() as u64;
    let estimate = net.memory_estimate(200.ms()).unwrap();
    net.run(200.ms()).unwrap();
    let after = (*net).records().bytes() as u64;
    assert_eq!(estimate.recorded, before);
    // Spikes are as many as before, within some deviations.
    assert!(estimate.of_records().abs_diff(after) < after / 50, "{} {after}", estimate.of_records());

    let path = file("budget");
    let mut net = Net::builder().seed(4).options(|o| o.memory_budget = Some(1_000_000)).build().unwrap();
    net.record(Record::of("a", "v")).unwrap();
    net.run(100.ms()).unwrap();
    let message = net.run(500.ms()).unwrap_err().to_string();
    assert!(message.contains("1.0 MB") && message.contains("a.v") && message.contains("stream_records"), "{message}");
    assert_eq!(net.time(), 100.ms());
    net.stream_records(&path, 200_000).unwrap();
    net.run(500.ms()).unwrap();
    net.finish_stream().unwrap();
    assert_eq!(Records::open(&path).unwrap().trace("a.v").unwrap().len(), 6000);
    std::fs::remove_file(&path).unwrap();
}

network! {
    /// So few synapses that some neurons have none.
    pub struct Thin {
        clock 0.1 ms;
        population a: Cell[40];
        population b: Cell[20];
        projection ab: a -> b { synapse: PairStdp, target: g, connect: fixed_prob(0.02) };
        projection none: a -> b { synapse: PairStdp, target: g, connect: fixed_prob(0) };
        record mean: mean(none.w);
        record none.w;
    }
}

#[test]
fn neurons_without_synapses_are_recorded_as_tables_without_columns() {
    let mut net = Thin::builder().seed(4).build().unwrap();
    for neuron in 0..20 {
        net.record(Record::synapses("ab", "w").onto(neuron).named(format!("n{neuron}"))).unwrap();
    }
    let path = file("thin");
    net.stream_records(&path, 10_000).unwrap();
    net.run(2.ms()).unwrap();
    net.finish_stream().unwrap();
    let read = Records::open(&path).unwrap();
    read.save_npz(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let synapses = net.synapses("ab").unwrap();
    let count = |neuron: usize| synapses.iter().filter(|synapse| synapse.post == neuron).count();
    assert!((0..20).any(|neuron| count(neuron) == 0) && (0..20).any(|neuron| count(neuron) > 0));
    for neuron in 0..20 {
        let trace = read.trace(&format!("n{neuron}")).unwrap();
        assert_eq!((trace.columns().len(), trace.ends().len()), (count(neuron), count(neuron)));
        assert_eq!(trace.len(), if count(neuron) > 0 { 20 } else { 0 });
    }
}
