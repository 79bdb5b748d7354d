//! Timing: several rounds, the median of nanoseconds per item.

use std::time::Instant;

/// Nanoseconds an item, as median, least and most of several rounds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The median.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// Times `rounds` rounds of `items` items each.
pub fn time(rounds: usize, items: u64, mut round: impl FnMut()) -> Timing {
    let mut ns: Vec<f64> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_nanos() as f64 / items as f64
        })
        .collect();
    ns.sort_by(f64::total_cmp);
    Timing { median: ns[ns.len() / 2], least: ns[0], most: ns[ns.len() - 1] }
}

/// The seconds that this thread has spent on a processor, where the system tells: on a shared machine a fairer
/// measure than the time on the wall.
pub fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|ns| ns * 1e-9)
}

/// The most memory that the process has held, in MB, where the system tells.
pub fn peak_megabytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

impl core::fmt::Display for Timing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:7.2} ({:.2} to {:.2})", self.median, self.least, self.most)
    }
}
