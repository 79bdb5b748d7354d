//! `run`: build, run, measure, write.
#![allow(clippy::print_stdout, reason = "a command prints its results")]

use std::path::PathBuf;

use super::{RunFlags, progress};
use crate::error::Result;
use crate::network::{Measure, Network, NetworkBuilder as _, Simulation};
use crate::results::Manifest;
use crate::run::{Ended, Why};
use crate::units::Time;

/// What files of a network are called: `ClusteredEi` writes `clustered_ei.npz`.
#[must_use]
pub fn stem(name: &str) -> String {
    let mut stem = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !stem.is_empty() {
            stem.push('_');
        }
        stem.extend(letter.to_lowercase());
    }
    stem
}

/// Runs any network for a time, with a progress bar on a terminal, or until something ends the run: a condition of
/// its block, or Ctrl-C, if that is [caught](super::catch_interrupts).
///
/// # Errors
/// As for [`Simulation::run`].
pub fn advance(net: &mut dyn Simulation, duration: Time, bar: &super::Progress) -> Result<Ended> {
    let steps = net.steps_for(duration)?;
    for part in 0..100 {
        let share = (u128::from(steps) * (part + 1) / 100 - u128::from(steps) * part / 100) as u64;
        let ended = net.run_steps(share)?;
        bar.advance(duration.ms() / 100.0, share);
        if ended.why != Why::Complete {
            return Ok(ended);
        }
    }
    Ok(Ended { time: net.time(), why: Why::Complete })
}

pub(super) fn run<N: Network>(flags: &RunFlags) -> Result<bool> {
    // Better to learn now than after the run that there is nowhere to write.
    flags.file("")?;
    let builder = flags.configure(N::new_builder())?;
    let mut network = builder.clone().build()?;
    let bar = progress(flags.total().ms());
    let net = &mut *network;
    flags.begin(net)?;
    let warm = advance(net, flags.warmup, &bar)?;
    let begin = net.begin()?;
    let ran = if warm.why == Why::Complete { advance(net, flags.duration, &bar) } else { Ok(warm) };
    bar.finish();
    if ran.is_ok() {
        flags.end(net)?;
    }
    // Whatever went wrong, what was recorded up to there is kept.
    let mut manifest = Manifest::of(&builder, &network);
    let net = &*network;
    manifest.measure(net, &begin);
    match &ran {
        Ok(Ended { why: Why::Complete, .. }) => {}
        Ok(ended) => manifest.put("ended", ended.to_string()),
        Err(error) => manifest.put("error", error.to_string()),
    }
    let stem = stem(N::INFO.name);
    let mut paths = manifest.save(net, &flags.out, &stem, flags.csv)?;
    if ran.is_ok() {
        paths.extend(figures(net, flags, &stem)?);
        paths.extend(flags.save.clone());
    }
    if flags.json {
        say!("{:#}", manifest.json());
    } else {
        print!("{}", net.summary());
        if let Ok(ended) = &ran
            && ended.why != Why::Complete
        {
            say!("ended       {ended}");
        }
        for Measure { name, unit, value } in net.measures(&begin)? {
            let unit = if unit == "1" { "" } else { &unit };
            say!("measured    {name:<20} {value:>12.4} {unit}");
        }
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        say!("written     {}", paths.join(", "));
    }
    ran.map(|_| true)
}

/// The raster, if there is something to draw.
#[cfg(feature = "plot")]
fn figures(net: &dyn Simulation, flags: &RunFlags, stem: &str) -> Result<Vec<PathBuf>> {
    let title = format!("{}, seed {}", net.name(), flags.model.seed);
    let mut paths = Vec::new();
    for ending in ["svg", "png"] {
        let path = flags.file(&format!("{stem}.{ending}"))?;
        if flags.duration.ms() > 0.0 && net.save_raster(&path, &title)? {
            paths.push(path);
        }
    }
    Ok(paths)
}

#[cfg(not(feature = "plot"))]
fn figures(_: &dyn Simulation, _: &RunFlags, _: &str) -> Result<Vec<PathBuf>> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        assert_eq!((stem("Coba"), stem("ClusteredEi")), ("coba".to_owned(), "clustered_ei".to_owned()));
    }
}
