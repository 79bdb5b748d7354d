//! What the benches share: networks at full size, the straightforward kernel they are held against,
//! and timing.

pub mod network;
pub mod plain;
pub mod timing;
