//! States of many neurons, one bit each.

use crate::error::RecordError;
use crate::snapshot::persist;

/// The states of `len` neurons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

persist!([] Bits {} fixed { words } built { len });

impl Bits {
    /// Packs one byte a neuron; each is 0 or 1.
    pub(super) fn pack(states: &[u8]) -> Result<Self, RecordError> {
        let mut words = vec![0_u64; states.len().div_ceil(64)];
        for (neuron, &state) in states.iter().enumerate() {
            if state > 1 {
                return Err(RecordError::Inconsistent(format!(
                    "neuron {neuron} starts in state {state}; a binary neuron is 0 or 1"
                )));
            }
            words[neuron / 64] |= u64::from(state) << (neuron % 64);
        }
        Ok(Self { words, len: states.len() })
    }

    /// One byte a neuron.
    pub(super) fn unpack(&self) -> Vec<u8> {
        (0..self.len).map(|neuron| (self.words[neuron / 64] >> (neuron % 64) & 1) as u8).collect()
    }

    /// The number of neurons.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The memory used.
    pub(super) fn bytes(&self) -> usize {
        self.words.len() * 8
    }

    /// Sets neuron `neuron` to `up`, or `None` if it does not exist or is in that state already.
    #[inline]
    pub(super) fn flip(&mut self, neuron: u32, up: bool) -> Option<()> {
        let neuron = neuron as usize;
        if neuron >= self.len {
            return None;
        }
        let word = &mut self.words[neuron / 64];
        let bit = neuron % 64;
        if (*word >> bit & 1 == 1) == up {
            return None;
        }
        *word ^= 1 << bit;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_flips_and_unpacks() {
        let states: Vec<u8> = (0..130).map(|k| u8::from(k % 3 == 0)).collect();
        let mut bits = Bits::pack(&states).unwrap();
        assert_eq!(bits.unpack(), states);
        assert_eq!(bits.flip(129, false), Some(()));
        assert_eq!(bits.flip(129, false), None);
        assert_eq!(bits.flip(130, true), None);
        assert_eq!(bits.unpack()[129], 0);
        assert!(Bits::pack(&[0, 2]).is_err());
    }
}
