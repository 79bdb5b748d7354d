//! Models: what their equations say, as methods integrate them.
//!
//! One program for many tests: an optimised program for each topic takes minutes to compile and link.
#![allow(unreachable_pub, reason = "models are declared as users declare them")]

mod clocked;
mod dynapsim;
mod integrators;
mod layer;
mod neuron;
mod neurons;
