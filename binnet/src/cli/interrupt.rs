//! Ctrl-C ends a run, not the program.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Once};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::run::interrupt_flag;

/// From now on, Ctrl-C (and SIGTERM, which clusters send first) ends runs cleanly: the current one and all later ones
/// return [`Why::Interrupt`](crate::run::Why::Interrupt) after the step that they are in, and the program goes on, to save what was recorded.
/// A second Ctrl-C kills it, with exit code 130.
///
/// `run_with_progress` calls this by itself.
pub fn catch_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
            // In this order: the second signal finds the flag set by the first one, and ends the program. Where no
            // handler can be installed, the signal kills as ever.
            let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(interrupt_flag()));
            let _ = flag::register(signal, Arc::clone(interrupt_flag()));
        }
    });
}

/// Whether Ctrl-C was pressed.
#[must_use]
pub fn interrupted() -> bool {
    crate::run::interrupted()
}

/// Forgets that Ctrl-C was pressed, so that runs can be made again; returns whether it was.
pub fn clear_interrupt() -> bool {
    interrupt_flag().swap(false, Ordering::Relaxed)
}
