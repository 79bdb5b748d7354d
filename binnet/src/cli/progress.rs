//! A progress bar that only shows on a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// Starts a bar for `total_ms` of biological time; silent unless the error stream is a terminal.
#[must_use]
pub fn progress(total_ms: f64) -> Progress {
    let bar = ProgressBar::new(micros(total_ms));
    // The template is fixed; were it wrong, the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template("{bar:36} {percent:>3} %  {msg}  {eta} left") {
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
    }
    Progress { bar, updates: AtomicU64::new(0), start: Instant::now() }
}

/// A progress bar with the rate of updates and the time left. Threads may share it.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    updates: AtomicU64,
    start: Instant,
}

impl Progress {
    /// Notes that `ms` of biological time went by in `updates` updates.
    pub fn advance(&self, ms: f64, updates: u64) {
        let total = self.updates.fetch_add(updates, Ordering::Relaxed) + updates;
        self.bar.inc(micros(ms));
        if !self.bar.is_hidden() {
            let rate = total as f64 / self.start.elapsed().as_secs_f64().max(1e-9);
            self.bar.set_message(format!("{:.1} M updates/s", rate * 1e-6));
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// Bars count whole steps, a run may last less than a millisecond.
fn micros(ms: f64) -> u64 {
    (ms * 1e3).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_a_bar() {
        let bar = progress(20.0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| bar.advance(1.0, 1200)));
            }
        });
        assert_eq!((bar.bar.position(), bar.updates.load(Ordering::Relaxed)), (20_000, 24_000));
        bar.finish();
        progress(f64::NAN).finish();
    }
}
