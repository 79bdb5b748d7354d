//! The unit table of binnet and the algebra of dimensions.
//!
//! Both the macros (while a model is expanded) and the run time (for values given as text, such as
//! `--set tau_exc=6ms`) read units from here, so a unit means the same in both places.
//!
//! ```
//! use binnet_units::{Unit, Dimension};
//! let density = Unit::parse("mS/cm2").unwrap();
//! assert_eq!(density.dimension, Dimension::CONDUCTANCE.per(Dimension::LENGTH.powi(2)));
//! assert!((density.scale - 10.0).abs() < 1e-12); // in S/m2
//! ```

mod dimension;
pub mod sizes;
mod suggest;
mod table;
mod text;

pub use dimension::Dimension;
pub use suggest::{distance, is_near, nearest};
pub use table::{Unit, UnitError, is_unit, prefixed};
pub use text::Text;
