//! Spike trains whose statistics are known in closed form.

use rand::RngExt as _;

use super::SpikeTrains;
use crate::rng::{Stream, Streams};

/// An exponentially distributed number of mean 1.
fn exponential(rng: &mut Stream) -> f64 {
    -(1.0 - rng.random::<f64>()).ln()
}

/// Independent Poisson neurons of a rate in Hz, for `duration` ms.
pub(super) fn poisson(n: u32, rate: f64, duration: f64, seed: u64) -> SpikeTrains {
    trains(n, duration, &mut Streams::new(seed).named("poisson"), |draw| draw() * 1e3 / rate)
}

/// Neurons whose intervals are what `interval` says in ms; it is handed draws of an exponential distribution of mean 1.
pub(super) fn renewal(n: u32, duration: f64, interval: impl Fn(&mut dyn FnMut() -> f64) -> f64) -> SpikeTrains {
    trains(n, duration, &mut Streams::new(0).named("renewal"), interval)
}

/// Neurons that each take a spike of one Poisson process with probability `p`; each then fires at `rate` Hz.
pub(super) fn thinned(n: u32, rate: f64, p: f64, duration: f64, seed: u64) -> SpikeTrains {
    let mut rng = Streams::new(seed).named("thinned");
    let (mut neurons, mut times, mut ms) = (Vec::new(), Vec::new(), 0.0);
    loop {
        ms += exponential(&mut rng) * 1e3 * p / rate;
        if ms >= duration {
            return SpikeTrains::new(&neurons, &times, n as usize, 0.0..duration).unwrap();
        }
        let takers: Vec<u32> = (0..n).filter(|_| rng.random::<f64>() < p).collect();
        times.resize(times.len() + takers.len(), ms);
        neurons.extend(takers);
    }
}

fn trains(n: u32, duration: f64, rng: &mut Stream, interval: impl Fn(&mut dyn FnMut() -> f64) -> f64) -> SpikeTrains {
    let (mut neurons, mut times) = (Vec::new(), Vec::new());
    for neuron in 0..n {
        let mut ms = interval(&mut || exponential(rng));
        while ms < duration {
            neurons.push(neuron);
            times.push(ms);
            ms += interval(&mut || exponential(rng));
        }
    }
    SpikeTrains::new(&neurons, &times, n as usize, 0.0..duration).unwrap()
}
