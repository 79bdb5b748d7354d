//! The flip log: states at the start, then every change.

use super::bits::Bits;
use super::cursor::Cursor;
use super::{Flip, PackedFlip, Sections, varint};
use crate::error::{RecordError, Result};
use crate::snapshot::persist;

/// Every change of state of a network, and the states at the start.
///
/// Updates are counted from the start of the log; [`first_update`](Self::first_update) tells where
/// in the life of the network that is. Each flip takes a variable-length gap to the one before and
/// a variable-length id, 3 to 4 bytes in all for 10 000 neurons. A log is always consistent: a flip
/// that contradicts the states is refused.
#[derive(Clone, Debug)]
pub struct FlipLog {
    pub(super) sections: Sections,
    pub(super) initial: Bits,
    cursor: Cursor,
    encoded: Vec<u8>,
    last: u64,
}

persist!([] FlipLog { initial, cursor, encoded, last } fixed {} built { sections });

impl FlipLog {
    /// An empty log that starts at update `first_update` of the network, in states `initial`
    /// (one 0 or 1 a neuron).
    ///
    /// # Errors
    /// If `initial` does not fit the populations or holds anything but 0 and 1.
    pub fn new(sections: Sections, initial: &[u8], first_update: u64) -> Result<Self> {
        if initial.len() != sections.neurons() {
            return Err(RecordError::Inconsistent(format!(
                "{} states at the start for {} neurons",
                initial.len(),
                sections.neurons()
            ))
            .into());
        }
        Ok(Self::from_bits(sections, Bits::pack(initial)?, first_update))
    }

    pub(super) fn from_bits(sections: Sections, initial: Bits, first_update: u64) -> Self {
        let cursor = Cursor::new(initial.clone(), first_update);
        Self { sections, initial, cursor, encoded: Vec::new(), last: 0 }
    }

    /// Adds a block of flips; `base` is the update of the network at which the block starts.
    ///
    /// # Errors
    /// At the first flip that goes back in time, names no neuron or contradicts the states; those
    /// before it are kept.
    pub fn append(&mut self, base: u64, flips: &[PackedFlip]) -> Result<()> {
        let mut used = self.encoded.len();
        // Room for the worst case at once, so that the loop below only writes. Memory grows by an
        // eighth, since a log may be the largest thing there is.
        let most = flips.len() * 2 * varint::MAX_BYTES;
        if self.encoded.capacity() - used < most {
            self.encoded.reserve_exact(most.max(used / 8));
        }
        self.encoded.resize(used + most, 0);
        let mut outcome = Ok(());
        for flip in flips {
            let accepted = self.cursor.relative(base, flip.offset).and_then(|update| {
                self.cursor.accept(update, flip.neuron(), flip.up())?;
                Ok(update)
            });
            match accepted {
                Ok(update) => {
                    used += varint::put(&mut self.encoded[used..], update - self.last);
                    used += varint::put(&mut self.encoded[used..], u64::from(flip.neuron_up));
                    self.last = update;
                }
                Err(error) => {
                    outcome = Err(error.into());
                    break;
                }
            }
        }
        self.encoded.truncate(used);
        outcome
    }

    /// Adds one flip; its update counts from the start of the log.
    pub(super) fn push(&mut self, flip: Flip) -> Result<(), RecordError> {
        self.cursor.accept(flip.update, flip.neuron, flip.up)?;
        let mut buffer = [0; 2 * varint::MAX_BYTES];
        let mut used = varint::put(&mut buffer, flip.update - self.last);
        used += varint::put(&mut buffer[used..], u64::from(flip.neuron) << 1 | u64::from(flip.up));
        self.encoded.extend_from_slice(&buffer[..used]);
        self.last = flip.update;
        Ok(())
    }

    /// Notes that the network has made `updates` updates in all, whether or not they were flips.
    ///
    /// # Errors
    /// If that lies before the start of the log.
    pub fn advance_to(&mut self, updates: u64) -> Result<()> {
        Ok(self.cursor.advance_to(updates)?)
    }

    /// The populations.
    #[must_use]
    pub fn sections(&self) -> &Sections {
        &self.sections
    }

    /// The update of the network at which the log starts.
    #[must_use]
    pub fn first_update(&self) -> u64 {
        self.cursor.first
    }

    /// The number of updates covered.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.cursor.updates
    }

    /// The time covered, in ms.
    #[must_use]
    pub fn duration_ms(&self) -> f64 {
        self.updates() as f64 * self.sections.ms_per_update()
    }

    /// The number of flips.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.cursor.flips
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory used, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.encoded.capacity() + self.initial.bytes() + self.cursor.states.bytes()
    }

    /// All flips in order.
    #[must_use]
    pub fn iter(&self) -> Flips<'_> {
        Flips { encoded: &self.encoded, update: 0 }
    }

    /// The states before the first update, one 0 or 1 a neuron.
    #[must_use]
    pub fn initial_state(&self) -> Vec<u8> {
        self.initial.unpack()
    }

    /// The states after the last update, one 0 or 1 a neuron.
    #[must_use]
    pub fn final_state(&self) -> Vec<u8> {
        self.cursor.states.unpack()
    }

    /// The share of updates that changed a state; 0 without updates.
    #[must_use]
    pub fn flip_share(&self) -> f64 {
        if self.updates() == 0 { 0.0 } else { self.len() as f64 / self.updates() as f64 }
    }

    /// The updates `from..to` (ends beyond the log are cut), as a log of their own: to drop a warm-up.
    #[must_use]
    pub fn slice(&self, from: u64, to: u64) -> Self {
        let to = to.min(self.updates());
        let from = from.min(to);
        let mut flips = self.iter().peekable();
        let mut start = self.initial.clone();
        while let Some(flip) = flips.next_if(|flip| flip.update < from) {
            // A flip of a log always fits its states.
            let _ = start.flip(flip.neuron, flip.up);
        }
        let mut part = Self::from_bits(self.sections.clone(), start, self.cursor.first.saturating_add(from));
        for flip in flips.take_while(|flip| flip.update < to) {
            let fits = part.push(Flip { update: flip.update - from, ..flip });
            debug_assert!(fits.is_ok(), "{fits:?}");
        }
        part.cursor.updates = to - from;
        part
    }
}

impl PartialEq for FlipLog {
    fn eq(&self, other: &Self) -> bool {
        self.sections == other.sections
            && self.initial == other.initial
            && self.first_update() == other.first_update()
            && self.updates() == other.updates()
            && self.encoded == other.encoded
    }
}

impl<'a> IntoIterator for &'a FlipLog {
    type Item = Flip;
    type IntoIter = Flips<'a>;
    fn into_iter(self) -> Flips<'a> {
        self.iter()
    }
}

/// The flips of a [`FlipLog`] in order.
#[derive(Clone, Debug)]
pub struct Flips<'a> {
    encoded: &'a [u8],
    update: u64,
}

impl Iterator for Flips<'_> {
    type Item = Flip;

    #[inline]
    fn next(&mut self) -> Option<Flip> {
        self.update += varint::take(&mut self.encoded)?;
        let neuron_up = varint::take(&mut self.encoded)?;
        Some(Flip { update: self.update, neuron: (neuron_up >> 1) as u32, up: neuron_up & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Section;

    /// A log of pseudo-random flips: `(base, block)` pairs as an engine makes them.
    fn log_of(neurons: usize, updates: u64, first: u64) -> (FlipLog, Vec<Flip>) {
        let sections = Sections::new([Section::new("e", neurons)]).unwrap();
        let mut log = FlipLog::new(sections, &vec![0; neurons], first).unwrap();
        let mut states = vec![false; neurons];
        let (mut flips, mut block) = (Vec::new(), Vec::new());
        let mut x = 1_u64;
        for update in 0..updates {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if (x >> 40) % 100 < 3 {
                let neuron = ((x >> 33) % neurons as u64) as u32;
                let up = !states[neuron as usize];
                states[neuron as usize] = up;
                block.push(PackedFlip::new((update % 1000) as u32, neuron, up));
                flips.push(Flip { update, neuron, up });
            }
            if update % 1000 == 999 {
                log.append(first + update - 999, &block).unwrap();
                log.advance_to(first + update + 1).unwrap();
                block.clear();
            }
        }
        (log, flips)
    }

    #[test]
    fn keeps_every_flip_in_few_bytes() {
        let (log, flips) = log_of(70_000, 300_000, 1_000_000_007);
        assert_eq!(log.iter().collect::<Vec<_>>(), flips);
        assert_eq!((log.updates(), log.len()), (300_000, flips.len() as u64));
        assert!((log.encoded.len() as f64) < 4.1 * flips.len() as f64);
        assert!(flips.iter().any(|flip| flip.neuron > 65_536));
        let mut states = vec![0; 70_000];
        for flip in &log {
            states[flip.neuron as usize] = u8::from(flip.up);
        }
        assert_eq!(states, log.final_state());
    }

    #[test]
    fn slices_are_logs_of_their_own() {
        let (log, flips) = log_of(50, 10_000, 0);
        let part = log.slice(2000, 7000);
        assert_eq!((part.first_update(), part.updates()), (2000, 5000));
        let expected: Vec<Flip> = flips.iter().filter(|f| (2000..7000).contains(&f.update)).copied().collect();
        assert!(
            part.iter().zip(&expected).all(|(a, b)| (a.update + 2000, a.neuron, a.up) == (b.update, b.neuron, b.up))
        );
        assert_eq!(part.len(), expected.len() as u64);
        assert_eq!(part.final_state(), log.slice(0, 7000).final_state());
        assert_eq!(log.slice(0, u64::MAX), log);
        assert_eq!(log.slice(20_000, 5).updates(), 0);
        assert_eq!(log.slice(10_000, 10_000).initial_state(), log.final_state());
    }

    #[test]
    fn bad_flips_are_refused_and_the_rest_kept() {
        let sections = Sections::new([Section::new("e", 3)]).unwrap();
        assert!(FlipLog::new(sections.clone(), &[0; 4], 0).is_err());
        assert!(FlipLog::new(sections.clone(), &[0, 0, 3], 0).is_err());
        let mut log = FlipLog::new(sections, &[0; 3], 10).unwrap();
        assert!(log.append(9, &[PackedFlip::new(0, 0, true)]).is_err());
        let error = log.append(10, &[PackedFlip::new(4, 1, true), PackedFlip::new(5, 1, true)]).unwrap_err();
        assert!(error.to_string().contains("neuron 1 becomes 1 in update 5, but is 1 already"), "{error}");
        assert_eq!(log.iter().collect::<Vec<_>>(), [Flip { update: 4, neuron: 1, up: true }]);
        assert!(log.append(10, &[PackedFlip::new(9, 3, true)]).is_err());
        assert!(log.append(10, &[PackedFlip::new(3, 0, true)]).is_err());
        log.append(10, &[PackedFlip::new(9, 1, false)]).unwrap();
        assert_eq!((log.updates(), log.flip_share()), (10, 0.2));
    }
}
