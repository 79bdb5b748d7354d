//! Spiking networks as the examples have them, against the statistics of other simulators.
#![allow(missing_docs, reason = "a test")]

#[allow(dead_code, reason = "the programs around the networks are not run")]
#[path = "../examples/coba.rs"]
pub mod coba;
#[allow(dead_code, reason = "the programs around the networks are not run")]
#[path = "../examples/cuba.rs"]
pub mod cuba;

use core::ops::DerefMut;

use binnet::clocked::{Clocked, Populations};
use binnet::prelude::*;
use binnet_examples::spiking::{MEASURES, Reference, measure};

/// The means over 10 networks of rates, CV and correlation lie within 3 standard deviations (of one network) of the
/// mean over networks in Brian2: 500 ms are skipped, 1 s is measured.
fn agrees<N, P>(reference: &Reference, build: impl Fn(u64) -> binnet::Result<N>)
where
    N: DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    let mut means = [0.0; 9];
    for seed in 1..=10 {
        let mut net = build(seed).unwrap();
        net.run(1500.ms()).unwrap();
        let records = net.records();
        let (exc, inh) = (records.spikes("exc").unwrap(), records.spikes("inh").unwrap());
        let run = measure(exc, inh, 500.0..1500.0, seed).unwrap();
        means.iter_mut().zip(run).for_each(|(mean, value)| *mean += value / 10.0);
    }
    for k in [0, 1, 4, 5] {
        let (expected, reach) = (reference.means[k], 3.0 * reference.deviations[k]);
        let off = (means[k] - expected).abs();
        assert!(off <= reach, "{}: {}, not {expected} ± {reach}", MEASURES[k], means[k]);
    }
}

#[test]
fn coba_is_that_of_brian2() {
    agrees(&coba::BRIAN2, |seed| coba::Coba::builder().seed(seed).build());
}

#[test]
fn coba_without_delay_is_that_of_brian2() {
    agrees(&coba::BRIAN2, |seed| coba::Coba::builder().seed(seed).lag(0.0).build());
}

#[test]
fn cuba_is_that_of_brian2() {
    agrees(&cuba::BRIAN2, |seed| cuba::Cuba::builder().seed(seed).build());
}
