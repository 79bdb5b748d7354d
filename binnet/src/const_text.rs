//! Text that is put together while compiling, for the messages of constant assertions.

pub(crate) use binnet_units::Text;
