//! Runs of asynchronous networks: ranges, conditions, callbacks, resets.

use core::ops::ControlFlow;

use binnet::models::ClusteredEi;
use binnet::prelude::*;
use binnet::run::{Reset, Why};

fn model() -> ClusteredEi {
    ClusteredEi { q: 4, n_e: 400, n_i: 100, r_e_plus: 3.0, m_x: 0.13, ..ClusteredEi::default() }
}

#[test]
fn callbacks_and_conditions_change_nothing() {
    let (mut plain, mut watched) = (model().build(1).unwrap(), model().build(1).unwrap());
    plain.run(0.ms()..200.ms()).unwrap();
    let (mut active, mut times) = (Vec::new(), Vec::new());
    let ended = watched
        .every(7.ms(), |net| {
            active.push(net.states().iter().map(|state| u32::from(*state)).sum::<u32>());
            times.push(net.time().ms());
        })
        .at(33.ms(), |_| ())
        .until("never", |net| net.updates() > u64::MAX / 2)
        .run(200.ms())
        .unwrap();
    assert!(ended.is_complete() && watched.updates() == plain.updates());
    assert_eq!(watched.states(), plain.states());
    assert_eq!(times.len(), 28);
    let update = 1.0 / watched.updates_per_ms();
    assert!(times.iter().zip(1..).all(|(time, k)| (time - 7.0 * f64::from(k)).abs() <= update), "{times:?}");
    assert!(active.iter().all(|n| *n > 0));
}

#[test]
fn runs_end_early() {
    let mut net = model().build(1).unwrap();
    let ended = net.run_until(1.s(), |net| net.flips() >= 100).unwrap();
    assert!(ended.condition().is_some() && ended.time.ms() < 999.0 && net.flips() >= 100, "{ended}");
    let now = net.time();
    let ended = net.at(now, |_| ControlFlow::Break(())).run(1.s()).unwrap();
    assert_eq!((ended.why, net.time()), (Why::Callback, now));
    assert!(net.run(0.ms()..1.s()).unwrap_err().to_string().contains("cannot run from 0 ms"));
    assert!(net.every(0.ms(), |_| ()).run(1.s()).is_err());
    assert!(net.at(0.ms(), |_| ()).run(1.s()).is_err());
    // From now on, up to the last digit or not.
    net.run(net.time()..net.time()).unwrap();
}

#[test]
fn a_reset_network_is_a_fresh_one() {
    let mut fresh = model().build(1).unwrap();
    fresh.record_flips().unwrap();
    let start = fresh.states();
    fresh.run(100.ms()).unwrap();
    let mut net = model().build(1).unwrap();
    net.record_flips().unwrap();
    net.run(61.ms()).unwrap();
    net.reset(Reset::STATE | Reset::RECORDERS).unwrap();
    assert_eq!((net.updates(), net.flips(), net.states()), (0, 0, start));
    net.run(100.ms()).unwrap();
    assert_eq!(net.states(), fresh.states());
    assert_eq!(net.log().unwrap(), fresh.log().unwrap());
    net.reset(Reset::RECORDERS).unwrap();
    assert!(net.log().unwrap().is_empty() && net.updates() > 0);
    net.reset_seeded(Reset::STATE, 2).unwrap();
    net.run(100.ms()).unwrap();
    assert_ne!(net.states(), fresh.states());
    let message = net.reset(Reset::WEIGHTS).unwrap_err().to_string();
    assert!(message.contains("build it again"), "{message}");
}
