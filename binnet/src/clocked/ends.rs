//! Where a projection starts and ends, by number.

use super::{Clocked, Populations};
use crate::error::Result;

impl<P: Populations> Clocked<P> {
    /// The ends of a projection: populations in order, then sources.
    ///
    /// # Errors
    /// For an unknown projection, with the nearest one.
    pub(crate) fn projection_ends(&self, projection: &str) -> Result<(usize, usize)> {
        self.wiring().find(projection).map(|link| self.wiring().ends(link))
    }
}
