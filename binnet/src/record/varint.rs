//! Whole numbers in as few bytes as they need: seven bits a byte, low ones first.

/// The longest encoding of a `u64`.
pub(super) const MAX_BYTES: usize = 10;

/// Writes `value` at the start of `out`, which holds [`MAX_BYTES`]; returns the bytes used.
#[inline]
pub(super) fn put(out: &mut [u8], mut value: u64) -> usize {
    let mut used = 0;
    while value >= 0x80 {
        out[used] = value as u8 | 0x80;
        value >>= 7;
        used += 1;
    }
    out[used] = value as u8;
    used + 1
}

/// Takes a number off the front of `bytes`; `None` at the end.
#[inline]
pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut buffer = [0; MAX_BYTES];
            let used = put(&mut buffer, value);
            let mut rest = &buffer[..used];
            assert_eq!(take(&mut rest), Some(value));
            assert!(rest.is_empty());
            assert_eq!(take(&mut &buffer[..used - 1]), None);
        }
    }
}
