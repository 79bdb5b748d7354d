//! Networks: what arrives where and when, and in which order.
//!
//! One program for many tests: an optimised program for each topic takes minutes to compile and link.
#![allow(unreachable_pub, reason = "models are declared as users declare them")]

mod asynchronous;
mod clocked;
mod delayed;
mod delivery;
mod language;
mod plastic;
mod projections;
mod receptors;
mod schedule;
mod sizes;
mod synapses;
