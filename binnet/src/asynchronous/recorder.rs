//! Where the flips of a run go.

use crate::error::Result;
use crate::record::{FlipLog, FlipStream, PackedFlip};

/// Where the flips of a run go.
#[derive(Debug, Default)]
pub(crate) enum Recorder {
    /// Nowhere.
    #[default]
    Off,
    /// Into memory.
    Memory(FlipLog),
    /// Onto disk.
    Disk(Box<FlipStream>),
}

impl Recorder {
    /// Takes the flips of a block that began at update `base` and ended before `updates`.
    pub(crate) fn block(&mut self, base: u64, flips: &[PackedFlip], updates: u64) -> Result<()> {
        match self {
            Self::Off => Ok(()),
            Self::Memory(log) => log.append(base, flips).and_then(|()| log.advance_to(updates)),
            Self::Disk(stream) => stream.append(base, flips).and_then(|()| stream.advance_to(updates)),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Memory(log) => log.bytes(),
            Self::Off | Self::Disk(_) => 0,
        }
    }
}

impl Clone for Recorder {
    /// A copy of a network does not write into the files of the original: it records nothing.
    fn clone(&self) -> Self {
        match self {
            Self::Memory(log) => Self::Memory(log.clone()),
            Self::Off | Self::Disk(_) => Self::Off,
        }
    }
}
