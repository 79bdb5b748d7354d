//! What the examples of spiking networks share: their flags, and the measures of a run beside those of a reference.

use core::ops::{DerefMut, Range};
use std::time::Instant;

use binnet::analysis::{Moments, Spectrum, SpikeTrains};
use binnet::cli::Assignment;
use binnet::clocked::{Clocked, Populations, SpikeTrain};
use binnet::plot;
use binnet::units::Time;

use crate::output::{Checks, Output};

/// Flags of a program that runs a spiking network, several times if asked to.
#[derive(Clone, Debug, clap::Args)]
pub struct SpikingFlags {
    /// Seed of all random numbers; further networks take the next ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Networks to run, each with its own connections
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub networks: u64,
    /// Sets a parameter of the model; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<Assignment>,
    /// Time to measure, with its unit
    #[arg(long, value_name = "TIME", default_value = "1 s")]
    pub duration: Time,
    /// Time to run before measuring, with its unit
    #[arg(long, value_name = "TIME", default_value = "500 ms")]
    pub warmup: Time,
    /// Files and checks.
    #[command(flatten)]
    pub output: Output,
}

impl SpikingFlags {
    /// The seeds of the networks to run.
    pub fn seeds(&self) -> impl Iterator<Item = u64> {
        let seed = self.seed;
        (0..self.networks).map(move |k| seed.wrapping_add(k))
    }

    /// The time to run.
    #[must_use]
    pub fn total(&self) -> Time {
        Time::from_ms(self.warmup.ms() + self.duration.ms())
    }

    /// The time that is measured, in ms.
    #[must_use]
    pub fn window(&self) -> Range<f64> {
        self.warmup.ms()..self.total().ms()
    }
}

/// Runs a network with an excitatory population `exc` and an inhibitory one `inh`, once for each seed; prints what it
/// is, measures it, compares it with a reference, and draws its spikes. Returns the [`MEASURES`] of each run, and the
/// checks so far.
///
/// # Errors
/// If a network cannot be built or run, or a file not be written.
#[allow(clippy::print_stdout, reason = "programs print their results")]
pub fn run<N, P>(
    flags: &SpikingFlags,
    name: &str,
    reference: Option<&Reference>,
    build: impl Fn(u64) -> binnet::Result<N>,
) -> binnet::Result<(Vec<[f64; 9]>, Checks)>
where
    N: DerefMut<Target = Clocked<P>>,
    P: Populations,
{
    // Better to learn now than after the run that there is nowhere to write.
    flags.output.file("")?;
    let mut runs = Vec::new();
    for seed in flags.seeds() {
        let start = Instant::now();
        let mut net = build(seed)?;
        let built = start.elapsed().as_secs_f64();
        net.run_with_progress(flags.total())?;
        let records = net.records();
        let (exc, inh) = (records.spikes("exc")?, records.spikes("inh")?);
        if seed == flags.seed {
            println!("build       {built:.2} s");
            print!("{}", net.summary());
            let npz = flags.output.file(&format!("{name}.npz"))?;
            records.save_npz(&npz)?;
            println!("written     {}", npz.display());
            let spikes = [exc, inh];
            let shown = Time::from_ms((flags.total().ms() - 300.0).max(0.0));
            let title = format!("{}, seed {seed}", net.name());
            flags.output.save(name, &plot::raster(&spikes).title(title).window(shown, flags.total()))?;
        }
        runs.push(measure(exc, inh, flags.window(), seed)?);
    }
    let mut checks = Checks::new(flags.output.check);
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
