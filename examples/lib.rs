//! What the examples share with each other and with the tests.

pub mod activity;
pub mod output;
pub mod spiking;
