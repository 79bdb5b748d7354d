//! Programs that hold binnet against references, and the cases that they know. They take as long to compile as binnet
//! itself, so they are no part of the examples.

pub mod conformance;
pub mod statistics;
