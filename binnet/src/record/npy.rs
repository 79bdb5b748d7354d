//! The `.npy` format: a text header, then the values in row-major order, little-endian.

/// A number that a `.npy` array can hold.
pub trait NpyItem: Copy + sealed::Sealed {
    /// The type in numpy's notation, as `<f8`.
    const DESCR: &'static str;

    /// Appends the value in little-endian order.
    fn put(self, out: &mut Vec<u8>);
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! items {
    ($($item:ty: $descr:literal),* $(,)?) => { $(
        impl sealed::Sealed for $item {}
        impl NpyItem for $item {
            const DESCR: &'static str = $descr;
            #[inline]
            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )* };
}

items! {
    f64: "<f8", f32: "<f4",
    i64: "<i8", i32: "<i4", i16: "<i2", i8: "|i1",
    u64: "<u8", u32: "<u4", u16: "<u2", u8: "|u1",
}

impl sealed::Sealed for bool {}
impl NpyItem for bool {
    const DESCR: &'static str = "|b1";
    #[inline]
    fn put(self, out: &mut Vec<u8>) {
        out.push(u8::from(self));
    }
}

/// The magic string and version 1.0.
const MAGIC: [u8; 8] = *b"\x93NUMPY\x01\x00";

/// The header of an array, at least `least` bytes long; `descr` is a Python expression.
pub(super) fn header(descr: &str, shape: &[usize], least: usize) -> Vec<u8> {
    let shape = match shape {
        [one] => format!("({one},)"),
        several => format!("({})", several.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    };
    let mut text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
    // Data starts at a multiple of 64 bytes, as numpy itself writes it.
    let total = (MAGIC.len() + 2 + text.len() + 1).max(least).next_multiple_of(64);
    let length = total - MAGIC.len() - 2;
    text.extend(std::iter::repeat_n(' ', length - text.len() - 1));
    text.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&(length as u16).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// Takes apart a file that holds a one-dimensional array of type `descr`: its length and its data.
pub(super) fn parse_vector<'a>(bytes: &'a [u8], descr: &str) -> Result<(usize, &'a [u8]), String> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or("not a .npy file of version 1.0")?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or("the header is cut off")?;
    let (text, data) =
        rest.split_at_checked(usize::from(u16::from_le_bytes(*length))).ok_or("the header is cut off")?;
    let text = std::str::from_utf8(text).map_err(|_| "the header is not text")?;
    if !text.contains(&format!("'descr': {descr},")) || !text.contains("'fortran_order': False") {
        return Err(format!("not an array of {descr}"));
    }
    let count = text
        .split_once("'shape': (")
        .and_then(|(_, shape)| shape.split_once(",)"))
        .and_then(|(count, _)| count.trim().parse().ok())
        .ok_or("not a one-dimensional array")?;
    Ok((count, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_aligned_and_read_back() {
        for (shape, text) in [(&[][..], "()"), (&[3], "(3,)"), (&[2, 5], "(2, 5)")] {
            let bytes = header("'<f8'", shape, 0);
            assert_eq!(bytes.len() % 64, 0);
            assert_eq!(*bytes.last().unwrap(), b'\n');
            assert!(String::from_utf8_lossy(&bytes).contains(&format!("'shape': {text}, }}")));
        }
        let mut bytes = header("'|u1'", &[2], 192);
        assert_eq!(bytes.len(), 192);
        bytes.extend([7, 8]);
        assert_eq!(parse_vector(&bytes, "'|u1'").unwrap(), (2, &[7, 8][..]));
        assert!(parse_vector(&bytes, "'<f8'").is_err());
        for cut in 0..192 {
            assert!(parse_vector(&bytes[..cut], "'|u1'").is_err());
        }
        assert!(parse_vector(&header("'|u1'", &[2, 2], 0), "'|u1'").is_err());
    }
}
