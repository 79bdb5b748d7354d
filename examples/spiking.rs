//! What the examples of spiking networks share: their program, and the measures of a run beside those of a reference.

use core::ops::{DerefMut, Range};
use std::time::Instant;

use binnet::analysis::{Moments, Spectrum, SpikeTrains};
use binnet::cli::{App, RunFlags};
use binnet::clocked::{Clocked, Populations, SpikeTrain};
use binnet::plot;
use binnet::prelude::*;
use binnet::results::Manifest;

use crate::output::{Checks, Output};

/// Flags of a program that runs a spiking network, besides those of all networks.
#[derive(Clone, Debug, clap::Args)]
pub struct SpikingFlags {
    /// Networks to run, each with its own connections; further ones take the next seeds
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub networks: u64,
    /// Compares the results with what is expected; fails if they differ
    #[arg(long)]
    pub check: bool,
}

/// The program of a network with an excitatory population `exc` and an inhibitory one `inh`, which measures one second
/// if nothing else is said. `end` gets the [`MEASURES`] of each run, and the checks so far.
#[must_use]
pub fn app<N, P>(
    name: &'static str,
    reference: Option<&'static Reference>,
    end: impl Fn(&[[f64; 9]], &mut Checks) + 'static,
) -> App<N, SpikingFlags>
where
    N: Network + DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    App::<N, SpikingFlags>::new().warmup("500 ms").run(move |flags, own| {
        let (runs, mut checks) = run::<N, P>(flags, own, name, reference)?;
        end(&runs, &mut checks);
        Ok(checks.met)
    })
}

/// Runs the network, once for each seed; prints what it is, measures it, compares it with a reference, and draws its
/// spikes.
#[allow(clippy::print_stdout, reason = "programs print their results")]
fn run<N, P>(
    flags: &RunFlags,
    own: &SpikingFlags,
    name: &str,
    reference: Option<&Reference>,
) -> binnet::Result<(Vec<[f64; 9]>, Checks)>
where
    N: Network + DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    // Better to learn now than after the run that there is nowhere to write.
    flags.file("")?;
    let output = Output::of(flags, own.check)?;
    let (window, first) = (flags.warmup.ms()..flags.total().ms(), flags.model.seed);
    let mut runs = Vec::new();
    for seed in (0..own.networks).map(|k| first.wrapping_add(k)) {
        let builder = flags.configure(N::new_builder())?.seed(seed);
        let start = Instant::now();
        let mut net = builder.clone().build()?;
        let built = start.elapsed().as_secs_f64();
        net.run_with_progress(flags.total())?;
        if seed == first {
            println!("build       {built:.2} s");
            print!("{}", net.summary());
            for path in Manifest::of(&builder, &net).save(&*net, &flags.out, name, flags.csv)? {
                println!("written     {}", path.display());
            }
        }
        let records = net.records();
        let (exc, inh) = (records.spikes("exc")?, records.spikes("inh")?);
        if seed == first {
            let spikes = [exc, inh];
            let shown = Time::from_ms((flags.total().ms() - 300.0).max(0.0));
            let title = format!("{}, seed {seed}", net.name());
            output.save(name, &plot::raster(&spikes).title(title).window(shown, flags.total()))?;
        }
        runs.push(measure(exc, inh, window.clone(), seed)?);
    }
    let mut checks = Checks::new(own.check);
    compare(&runs, reference, &mut checks);
    Ok((runs, checks))
}

/// The spikes of several populations in a window, as those of one: neurons in the order of the records.
///
/// # Errors
/// If the window is empty.
pub fn joined(trains: &[&SpikeTrain], window: Range<f64>) -> binnet::Result<SpikeTrains> {
    let (mut neurons, mut times, mut first) = (Vec::new(), Vec::new(), 0);
    for train in trains {
        let start = train.neurons().start as u32;
        neurons.extend(train.ids().iter().map(|id| id - start + first));
        times.extend(train.times());
        first += train.neurons().len() as u32;
    }
    Ok(SpikeTrains::new(&neurons, &times, first as usize, window)?)
}

/// Measures of a network with an excitatory and an inhibitory population, and their names.
pub const MEASURES: [&str; 9] = [
    "rate of E, Hz",
    "rate of I, Hz",
    "deviation of rates over neurons, Hz",
    "silent neurons, share",
    "CV of intervals",
    "pair correlation, 5 ms",
    "deviation of the rate in 1 ms, Hz",
    "peak of the spectrum, Hz",
    "peak over median",
];

/// What [`MEASURES`] names, of one run:
///
/// - the CV is the mean over neurons with at least 4 intervals;
/// - the correlation is that of counts in 5 ms, over all pairs of up to 300 active neurons, chosen at random;
/// - the spectrum is that of the population's rate in bins of 1 ms, from segments of 256 bins, its peak at 4 Hz or more.
///
/// What can't be measured, as there are too few spikes or too little time, is not a number.
///
/// # Errors
/// If the window is empty, or shorter than 5 ms.
pub fn measure(exc: &SpikeTrain, inh: &SpikeTrain, window: Range<f64>, seed: u64) -> binnet::Result<[f64; 9]> {
    let of = |train| joined(&[train], window.clone());
    let all = joined(&[exc, inh], window.clone())?;
    let correlation = all.some_active(300, seed).map(|some| some.pair_correlation(5.0)).transpose()?.flatten();
    let spectrum = Spectrum::welch(&all.binned_rate(1.0)?, 1.0, 256);
    let (hz, height) = spectrum.as_ref().and_then(|s| s.peak(4.0)).unwrap_or((f64::NAN, f64::NAN));
    Ok([
        of(exc)?.rate(),
        of(inh)?.rate(),
        Moments::of(all.rates()).deviation(),
        all.silent_fraction(),
        all.isi_cv(4).unwrap_or(f64::NAN),
        correlation.unwrap_or(f64::NAN),
        all.rate_deviation(1.0)?,
        hz,
        height / spectrum.map_or(f64::NAN, |s| s.median()),
    ])
}

/// Mean and standard deviation over networks of each of the [`MEASURES`], in a simulator to compare with.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// What made it.
    pub simulator: &'static str,
    /// Its networks.
    pub networks: u32,
    /// The mean over networks.
    pub means: [f64; 9],
    /// The standard deviation over networks, for one of them.
    pub deviations: [f64; 9],
}

/// Prints the means over runs beside those of a reference, and checks that rates, CV, correlation and the deviation of
/// the rate lie within 3 of its standard deviations: whatever else differs between the simulators, networks do, and by
/// so much. (The spectrum has no sharp peak and is not checked.)
#[allow(clippy::print_stdout, reason = "programs print their results")]
pub fn compare(runs: &[[f64; 9]], reference: Option<&Reference>, checks: &mut Checks) {
    let title = reference.map_or_else(String::new, |r| format!("{:>22} ({} networks)", r.simulator, r.networks));
    println!("measured    {:<36} {:>18}{title}", "", format!("binnet ({})", runs.len()));
    for (k, name) in MEASURES.iter().enumerate() {
        let own = Moments::of(runs.iter().map(|run| run[k]));
        let spread = if runs.len() > 1 {
            format!(" ± {:.4}", (own.second * runs.len() as f64 / (runs.len() - 1) as f64).sqrt())
        } else {
            String::new()
        };
        let other = reference.map_or_else(String::new, |r| format!("{:.4} ± {:.4}", r.means[k], r.deviations[k]));
        let line = format!("            {name:<36} {:>18}{other:>28}", format!("{:.4}{spread}", own.mean));
        println!("{}", line.trim_end());
    }
    if let Some(reference) = reference {
        for k in [0, 1, 4, 5, 6] {
            let (mean, reach) = (reference.means[k], 3.0 * reference.deviations[k]);
            let own = Moments::of(runs.iter().map(|run| run[k])).mean;
            checks.within(MEASURES[k], own, mean - reach..=mean + reach);
        }
    }
}
