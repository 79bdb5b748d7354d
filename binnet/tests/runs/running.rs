//! Runs of networks with a clock: how far they go, why they end, and what is called meanwhile.

use core::ops::ControlFlow;

use binnet::RunError;
use binnet::clocked::{Condition, Part, Stimulus};
use binnet::models::neurons::Lif;
use binnet::prelude::*;
use binnet::run::Why;

neuron! {
    /// Integrates its drive.
    pub struct Integrator {
        local drive = 0.1 mV/ms;
        state v = 0 mV;
        input i: mV/ms;
        let twice = 2 * v;
        dv/dt = drive + i;
        spike when v > 10 mV { v = 0 mV; }
    }
}

network! {
    /// Neuron k of `a` reaches k + 1 mV after 10 ms; `b` spikes.
    pub struct Net {
        clock 0.1 ms;
        param limit = 0.0205 V;
        population a: Integrator[5] { drive: |k| 0.1 * (k as f64 + 1.0) };
        population b: Integrator[3] { drive: 1 mV/ms };
        record a.v;
        stop high: when any(a.twice > limit);
        stop when all(b.spikes) && any(a.v[..2] > 1.45 mV);
    }
}

network! {
    /// Nothing stops it.
    pub struct Free {
        clock 0.1 ms;
        population a: Integrator[5] { drive: |k| 0.1 * (k as f64 + 1.0) };
        record a.v every 1 ms;
    }
}

fn free() -> Free {
    Free::builder().build().unwrap()
}

#[test]
fn conditions_of_the_block() {
    let mut net = Net::builder().build().unwrap();
    // Neurons of `b` spike at 10.0 or 10.1 ms and so on; those of `a[..2]` reach 1.45 mV at 7.3 ms.
    let ended = net.run(1.s()).unwrap();
    assert_eq!(ended.condition(), Some("all(b.spikes) && any(a.v[..2] > 1.45 mV)"));
    assert!((10.0..10.2).contains(&ended.time.ms()), "{ended}");
    assert_eq!((net.time(), net.ended()), (ended.time, Some(&ended)));
    assert!(net.summary().contains(&ended.to_string()), "{}", net.summary());
    // They are looked at after each step only, so the run goes on.
    let again = net.run(3.ms()).unwrap();
    assert_eq!((again.why.clone(), again.is_complete()), (Why::Complete, true));
    // The limit is a parameter: neuron 4 of `a` reaches 10.25 mV at 20.5 ms, but spikes at 20.1 ms before.
    let mut net = Net::builder().limit(0.0195).build().unwrap();
    net.clear_stops();
    assert!(net.run(15.ms()).unwrap().is_complete());
    let mut net = Net::builder().limit(0.0095).build().unwrap();
    let ended = net.run(1.s()).unwrap();
    assert_eq!((ended.condition(), ended.time), (Some("high"), 9.6.ms()));
    assert_eq!(net.records().a.v.len(), 96);
}

#[test]
fn conditions_at_run_time() {
    let mut net = free();
    net.stop_when(&Condition::all("a", "v").at_least(0.55).named("all up")).unwrap();
    net.stop_when(&Condition::any_spike("a").and(Condition::any("a", "v").below(-1.0))).unwrap();
    assert_eq!(net.run(1.s()).unwrap().condition(), Some("all up"));
    assert!(net.is_met(&Condition::all("a", "v").above(0.5)).unwrap());
    assert!(!net.is_met(&Condition::all("a", "v").neurons(3..5).at_most(2.0)).unwrap());
    for (wrong, part) in [
        (Condition::any("b", "v").above(1.0), "no population `b`"),
        (Condition::any("a", "vv").above(1.0), "no variable of `Integrator` `vv`"),
        (Condition::any("a", "v").neurons(3..6).above(1.0), "`a` has 5"),
        (Condition::any("a", "v").above(f64::NAN), "compares with NaN"),
    ] {
        let message = net.stop_when(&wrong).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
    let (a, b, c) = (Condition::any_spike("a"), Condition::all_spike("b"), Condition::any("c", "v").below(1.5));
    assert_eq!(a.or(b).and(c).to_string(), "(any(a.spikes) || all(b.spikes)) && any(c.v < 1.5)");
}

#[test]
fn until_a_function_says_so() {
    let mut net = free();
    let v = |net: &binnet::clocked::Clocked<FreePopulations>| net.populations().a.neurons().v[4];
    let ended = net.run_until(100.ms(), |net| v(net) > 1.02).unwrap();
    assert!(ended.condition().is_some() && ended.time == 2.1.ms(), "{ended}");
    assert!(net.run_until(1.ms(), |net| v(net) > 1e3).unwrap().is_complete());
    // Of a condition and the end at the same step, the condition is said.
    assert!(net.run_until(0.1.ms(), |_| true).unwrap().condition().is_some());
    assert!(net.run_until(0.ms(), |_| true).unwrap().is_complete());
}

#[test]
fn ranges_start_now() {
    let mut net = free();
    net.run(0.ms()..2.5.ms()).unwrap();
    net.run(2.5.ms()..4.ms()).unwrap();
    net.run(4.ms()..4.ms()).unwrap();
    assert_eq!(net.steps(), 40);
    for (from, to, part) in [(3.9, 5.0, "it is 4 ms now"), (4.0, 3.0, "-1 ms"), (-1.0, 5.0, "it is 4 ms now")] {
        let message = net.run(from.ms()..to.ms()).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
    assert!(net.run(4.ms()..f64::INFINITY.ms()).is_err() && net.run(f64::NAN.ms()..5.ms()).is_err());
    assert_eq!(net.steps(), 40);
}

#[test]
fn callbacks_are_called_in_time() {
    let (mut net, mut calls) = (free(), std::cell::RefCell::new(Vec::new()));
    net.run(0.2.ms()).unwrap();
    let note = |what: &'static str, ms: f64| calls.borrow_mut().push((what, ms));
    let ended = net
        .every(0.5.ms(), |net| note("every", net.time().ms()))
        .at(0.2.ms(), |net| note("start", net.time().ms()))
        .at(1.ms(), |net| note("middle", net.time().ms()))
        .at(2.ms(), |net| note("end", net.time().ms()))
        .at(2.1.ms(), |_| note("beyond the end", 2.1))
        .run(0.2.ms()..2.ms())
        .unwrap();
    assert!(ended.is_complete());
    let expected =
        [("start", 0.2), ("every", 0.5), ("every", 1.0), ("middle", 1.0), ("every", 1.5), ("every", 2.0), ("end", 2.0)];
    assert_eq!(calls.get_mut()[..], expected);

    let ended = net.at(3.ms(), |_| ControlFlow::Break(())).every(0.3.ms(), |_| ()).run(1.s()).unwrap();
    assert_eq!((ended.why, net.time()), (Why::Callback, 3.ms()));
    let error = net.at(4.ms(), |net| net.set_values("a", "w", 1.0)).run(1.s()).unwrap_err().to_string();
    assert!(error.contains("field of `Integrator`") && net.time() == 4.ms(), "{error}");
    for (run, part) in [
        (net.at(3.9.ms(), |_| ()).run(1.ms()), "it is 4 ms already"),
        (net.every(0.25.ms(), |_| ()).run(1.ms()), "no multiple of the clock"),
        (net.every(0.ms(), |_| ()).run(1.ms()), "no multiple of the clock"),
    ] {
        let message = run.unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
    assert!(matches!(net.run(binnet::units::Time::from_ms(-1.0)), Err(binnet::Error::Run(RunError::Duration(_)))));
}

#[test]
fn a_callback_may_change_the_network() {
    let (mut calls, mut parts) = (free(), free());
    let set = |net: &mut binnet::clocked::Clocked<FreePopulations>| net.set_values("a", "drive", 0.5);
    calls.at(3.ms(), set).every(3.ms(), |net| net.step()).run(10.ms()).unwrap();
    // A step in a callback is one of those to be made.
    parts.run(3.ms()).unwrap();
    set(&mut parts).unwrap();
    parts.run(7.ms()).unwrap();
    assert_eq!(calls.steps(), parts.steps());
    assert_eq!(calls.values("a", "v").unwrap(), parts.values("a", "v").unwrap());
    assert_eq!(calls.records().a.v, parts.records().a.v);
}

network! {
    /// Small, for many steps.
    pub struct One {
        clock 0.1 ms;
        population cell: Lif[1];
    }
}

#[test]
fn time_never_drifts() {
    let mut net = One::builder().build().unwrap();
    let mut last = 0.0;
    for part in 1..=1000 {
        net.every(10.ms(), |net| last = net.time().ms()).run(100.ms()).unwrap();
        assert_eq!((net.steps(), net.time().ms(), last), (part * 1000, part as f64 * 100.0, part as f64 * 100.0));
    }
}

#[test]
fn stages_are_timed_on_demand() {
    let (mut timed, mut plain) = (free(), free());
    assert!(timed.stage_times().is_empty());
    timed.profile(true);
    timed.run(100.ms()).unwrap();
    plain.run(100.ms()).unwrap();
    assert_eq!(timed.values("a", "v").unwrap(), plain.values("a", "v").unwrap());
    let times = timed.stage_times();
    let total: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    assert!(total > 0.0 && total <= timed.wall().as_secs_f64());
    assert!(times.iter().any(|(part, time)| *part == Part::Neurons && !time.is_zero()));
    assert!(timed.summary().contains("neurons: 0.") && !plain.summary().contains("neurons: 0."));
    timed.profile(false);
    assert!(timed.stage_times().is_empty());
}

neuron! {
    /// Adds up what it is given.
    pub struct Sum {
        input x: mV;
        local gain = 1;
        state v = 0 mV;
        dv/dt = gain * x / 1 ms;
        spike when v > 100 mV { v = 0 mV; }
    }
}

network! {
    /// A sheet, of which a patch is driven and another one watched.
    pub struct Driven {
        clock 1 ms;
        population grid: Sum[4, 5];
        stimulus grid.x[1..3, 3..] += 2 mV;
        stimulus grid.gain[.., 4] = 3;
        stop when all(grid.v[1..3, 3] >= 10 mV) && any(grid.v[2, ..] > 29 mV);
    }
}

#[test]
fn rows_and_columns_are_driven_and_watched() {
    let mut net = Driven::builder().build().unwrap();
    net.run(3.ms()).unwrap();
    let v = net.values("grid", "v").unwrap();
    let expected = [0.0, 0.0, 0.0, 6.0, 18.0];
    assert_eq!(v[..5], [0.0; 5]);
    for row in [1, 2] {
        assert!(v[5 * row..5 * row + 5].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{v:?}");
    }
    assert_eq!(v[15..], [0.0; 5]);
    let outcome = net.run(1.s()).unwrap();
    assert_eq!(net.steps(), 5, "5 steps of 2 mV, and of 6 mV in the last column: {outcome:?}");
    // The same from the API, with one amount for each of a list.
    let mut net = Driven::builder().build().unwrap();
    net.stimulate("grid", "x", Stimulus::constant([1.0, 5.0]).only([7, 0, 7])).unwrap();
    net.stimulate("grid", "x", Stimulus::of(|_, neuron| neuron as f64).patch(0..1, 1..3)).unwrap();
    net.step().unwrap();
    let v = net.values("grid", "v").unwrap();
    assert!([1.0, 1.0, 2.0, 0.0].iter().zip(&v).all(|(a, b)| (a - b).abs() < 1e-9), "{v:?}");
    assert!((v[7] - 5.0).abs() < 1e-9);
    net.stop_when(&Condition::any("grid", "v").only([19, 7]).above(9.0)).unwrap();
    net.run(1.s()).unwrap();
    assert_eq!(net.steps(), 2);
    let mut refused = |stimulus: Stimulus, words: &str| {
        let error = net.stimulate("grid", "x", stimulus).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(Stimulus::constant(1.0).patch(0..5, 0..1), "the stimulus of `grid.x` acts on rows 0..5 and columns 0..1");
    refused(Stimulus::constant(1.0).only([]), "choose some of 0..20");
    refused(Stimulus::constant(1.0).on(3..21), "`grid` has 20");
    refused(Stimulus::constant([1.0, 2.0]).only([3]), "1");
    let condition = Condition::all("grid", "v").patch(0..1, 4..6).above(1.0);
    assert_eq!(condition.to_string(), "all(grid.v[0..1, 4..6] > 1)");
    assert!(net.stop_when(&condition).unwrap_err().to_string().contains("`grid` has 4 x 5"));
}
