//! Records of asynchronous networks: the flip log, what follows from it, and its files.
//!
//! A [`FlipLog`] holds the states at the start and every change since, in about 3 to 4 bytes a
//! change. Sampled states, rates, onsets and means are computed from it when they are asked for:
//!
//! ```
//! use binnet::record::{By, FlipLog, PackedFlip, Section, Sections};
//!
//! let sections = Sections::new([Section::new("e", 4).clusters(2), Section::new("i", 2).tau(5.0)])?;
//! let mut log = FlipLog::new(sections, &[0, 1, 0, 0, 0, 1], 0)?;
//! log.append(0, &[PackedFlip::new(3, 0, true), PackedFlip::new(7, 5, false)])?;
//! log.advance_to(10)?;
//!
//! let rates = log.rates_every(5, By::Cluster)?;
//! assert_eq!(rates.names, ["e0", "e1", "i"]);
//! assert_eq!(rates.times, [0, 5]);
//! assert_eq!(rates.values[[1, 0]], 1.0);
//! # Ok::<(), binnet::Error>(())
//! ```
//!
//! | to | call |
//! | --- | --- |
//! | keep a run in memory | [`FlipLog`] |
//! | stream a long run to disk | [`FlipStream`], read back by [`FlipLog::open`] |
//! | drop a warm-up | [`FlipLog::slice`] |
//! | hand it to Python | [`FlipLog::save_npz`], [`FlipLog::save_npz_dense`] |
//! | write arrays of one's own | [`Npz`] |

mod bits;
mod cursor;
mod dense;
mod flip;
mod log;
mod npy;
mod npz;
mod sample;
mod save;
mod sections;
mod stream;
#[cfg(test)]
mod testing;
mod varint;

pub use flip::{Flip, PackedFlip};
pub use log::{FlipLog, Flips};
pub use npy::NpyItem;
pub use npz::Npz;
pub use sample::Rates;
pub use sections::{By, Group, Section, Sections};
pub use stream::FlipStream;
