//! For code that the macros generate; nothing here is part of the public interface.

pub use crate::asynchronous::{
    Asynchronous, BinaryPopulation, BuildOptions, Drive, Gains, NetworkPlan, PopulationSpec, ProjectionSpec, Source,
};
pub use crate::connect;
pub use crate::connect::Pairs;
pub use crate::error::{BuildError, Error};
pub use crate::network::{Network, NetworkBuilder, NetworkInfo, ParamInfo, ParamValue};
pub use crate::population::*;
pub use crate::rng::{Stream, Streams};
pub use binnet_macros::network_block;
pub use binnet_units::Dimension;

/// The error that a `let` or a `connect` of the user's may return.
pub type UserError = Box<dyn std::error::Error + Send + Sync>;

/// A scalar or a matrix `[post][pre]` for the blocks of a projection.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit the {POST} x {PRE} blocks of this projection (post x pre)",
    note = "give one value for all blocks, or an array of {POST} arrays of {PRE}"
)]
pub trait IntoBlocks<T, const POST: usize, const PRE: usize> {
    /// The value of each block.
    fn into_blocks(self) -> [[T; PRE]; POST];
}

impl<const POST: usize, const PRE: usize> IntoBlocks<f64, POST, PRE> for f64 {
    fn into_blocks(self) -> [[f64; PRE]; POST] {
        [[self; PRE]; POST]
    }
}

impl<const POST: usize, const PRE: usize> IntoBlocks<f64, POST, PRE> for [[f64; PRE]; POST] {
    fn into_blocks(self) -> [[f64; PRE]; POST] {
        self
    }
}

impl<const POST: usize, const PRE: usize> IntoBlocks<connect::InDegree, POST, PRE> for f64 {
    fn into_blocks(self) -> [[connect::InDegree; PRE]; POST] {
        [[self.into(); PRE]; POST]
    }
}

impl<const POST: usize, const PRE: usize> IntoBlocks<connect::InDegree, POST, PRE> for usize {
    fn into_blocks(self) -> [[connect::InDegree; PRE]; POST] {
        [[self.into(); PRE]; POST]
    }
}

impl<T: Copy + Into<connect::InDegree>, const POST: usize, const PRE: usize> IntoBlocks<connect::InDegree, POST, PRE>
    for [[T; PRE]; POST]
{
    fn into_blocks(self) -> [[connect::InDegree; PRE]; POST] {
        self.map(|row| row.map(Into::into))
    }
}
