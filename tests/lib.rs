//! Helpers of the tests. `renamed` is the library as a crate that re-exports it would offer it.

pub use binnet as renamed;
