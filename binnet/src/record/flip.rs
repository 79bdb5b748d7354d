//! One change of one neuron.

/// A change of state: neuron `neuron` became 1 (`up`) or 0 in update `update`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flip {
    /// The update, counted from the start of the log.
    pub update: u64,
    /// The neuron; ids run over the populations in order of declaration.
    pub neuron: u32,
    /// Whether the neuron became active.
    pub up: bool,
}

impl Flip {
    /// The change of the state: 1 or -1.
    #[must_use]
    pub const fn delta(self) -> i8 {
        if self.up { 1 } else { -1 }
    }
}

/// A flip as an engine hands it over: relative to the first update of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct PackedFlip {
    /// The update, counted from the base of the block.
    pub offset: u32,
    /// Twice the neuron, plus 1 if it became active.
    pub neuron_up: u32,
}

impl PackedFlip {
    /// Packs a flip. `neuron` is below 2^31, which [`Sections`](super::Sections) guarantees.
    #[inline]
    #[must_use]
    pub const fn new(offset: u32, neuron: u32, up: bool) -> Self {
        Self { offset, neuron_up: neuron << 1 | up as u32 }
    }

    /// The neuron.
    #[inline]
    #[must_use]
    pub const fn neuron(self) -> u32 {
        self.neuron_up >> 1
    }

    /// Whether the neuron became active.
    #[inline]
    #[must_use]
    pub const fn up(self) -> bool {
        self.neuron_up & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_large_ids() {
        for neuron in [0, 65_535, 65_536, 69_999, (1 << 31) - 1] {
            for up in [false, true] {
                let flip = PackedFlip::new(7, neuron, up);
                assert_eq!((flip.neuron(), flip.up()), (neuron, up));
            }
        }
    }
}
