//! Runs: how far they go, what they record, and how they are saved, set, reset and swept.
//!
//! One program for many tests: an optimised program for each topic takes minutes to compile and link.
#![allow(unreachable_pub, reason = "models are declared as users declare them")]

mod asynchronous;
mod log_cases;
mod numpy;
mod recording;
mod resetting;
mod running;
mod settings;
mod snapshots;
mod sweep;
