//! Elementary functions.

mod double;
mod dual;
mod floats;
mod scalar;
mod single;

pub use dual::Dual;
pub use scalar::Scalar;
