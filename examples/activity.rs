//! What the examples share: running replicas on several threads, and what to print about them.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use binnet::asynchronous::{Asynchronous, Gains, run_in_parallel};
use binnet::cli::{Progress, RunFlags, progress};
use binnet::record::{By, FlipLog};
use binnet::units::Time;

/// What the replicas of a network did.
#[derive(Debug)]
pub struct Runs {
    /// The flips of each replica, after the warm-up.
    pub logs: Vec<FlipLog>,
    /// Updates of all replicas, the warm-up included.
    pub updates: u64,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs independent replicas of a network, with a progress bar: first the warm-up, then what is
/// recorded. The first replica is the network itself, the others differ in their random numbers
/// from here on; connections are shared. The results do not depend on the number of threads.
///
/// # Errors
/// For durations that cannot be run.
pub fn run_replicas<G: Gains>(net: &Asynchronous<G>, flags: &RunFlags, replicas: NonZeroUsize) -> binnet::Result<Runs> {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = flags.model.threads.unwrap_or_else(cores).min(replicas).get();
    let replicas = replicas.get();
    let bar = progress((flags.warmup.ms() + flags.duration.ms()) * replicas as f64);
    let start = Instant::now();
    let mut networks = net.replicas(replicas);
    run_in_parallel(&mut networks, threads, |_, net| {
        net.stop_recording()?;
        advance(net, flags.warmup, &bar)?;
        net.record_flips()?;
        advance(net, flags.duration, &bar)
    })?;
    let mut runs = Runs { logs: Vec::with_capacity(replicas), updates: 0, elapsed: start.elapsed() };
    bar.finish();
    for mut net in networks {
        runs.updates += net.updates();
        runs.logs.extend(net.stop_recording()?);
    }
    Ok(runs)
}

/// Runs for a time in a hundred parts, so that the bar moves.
fn advance<G: Gains>(net: &mut Asynchronous<G>, duration: Time, bar: &Progress) -> binnet::Result<()> {
    let updates = net.updates_for(duration)?;
    for part in 0..100 {
        let share = updates * (part + 1) / 100 - updates * part / 100;
        net.run_updates(share)?;
        bar.advance(duration.ms() / 100.0, share);
    }
    Ok(())
}

/// Mean activity of a clustered network.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The mean share of active neurons of each population.
    pub rates: Vec<f64>,
    /// The mean number of clusters of the first population with more than 30 % of their neurons active.
    pub active: f64,
    /// How often, in a second, a cluster of the first population crossed 30 % upwards.
    pub switches: f64,
}

impl Activity {
    /// Reads it off a log, sampled every ms.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn of(log: &FlipLog) -> binnet::Result<Self> {
        let every = log.sections().updates_in(1.0);
        let rates = log.rates_every(every, By::Population)?;
        let samples = rates.values.nrows().max(1) as f64;
        let means = rates.values.columns().into_iter().map(|c| c.iter().map(|&r| f64::from(r)).sum::<f64>() / samples);

        let clusters = log.rates_of(every, &log.sections().clusters_of(0))?;
        let (mut active, mut switches) = (0_u32, 0_u32);
        for cluster in clusters.values.columns() {
            active += cluster.iter().map(|&rate| u32::from(rate > 0.3)).sum::<u32>();
            switches +=
                cluster.iter().zip(cluster.iter().skip(1)).map(|(&a, &b)| u32::from(a <= 0.3 && b > 0.3)).sum::<u32>();
        }
        let seconds = (log.duration_ms() * 1e-3).max(1e-9);
        Ok(Self {
            rates: means.collect(),
            active: f64::from(active) / samples,
            switches: f64::from(switches) / seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use binnet::record::{PackedFlip, Section, Sections};

    use super::*;

    #[test]
    fn activity_of_a_cluster_that_switches_on_halfway() {
        // Four neurons with tau 4 ms: one update is 1 ms.
        let sections = Sections::new([Section::new("e", 4).clusters(2).tau(4.0)]).unwrap();
        let mut log = FlipLog::new(sections, &[0; 4], 0).unwrap();
        log.append(0, &[PackedFlip::new(50, 0, true)]).unwrap();
        log.advance_to(100).unwrap();
        assert_eq!(Activity::of(&log).unwrap(), Activity { rates: vec![0.125], active: 0.5, switches: 10.0 });
    }
}
