//! Text that is put together while compiling, for the messages of constant assertions.

const CAPACITY: usize = 512;

/// A text of up to 512 bytes; what does not fit is cut.
pub struct Text {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Text {
    /// An empty text.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only used in constants, where Default cannot be called")]
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], len: 0 }
    }

    /// Appends a string.
    #[must_use]
    pub const fn text(mut self, s: &str) -> Self {
        let s = s.as_bytes();
        if self.len + s.len() > CAPACITY {
            return self; // whole words only, so the text stays valid UTF-8
        }
        let mut i = 0;
        while i < s.len() {
            self.bytes[self.len] = s[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// Appends a number.
    #[must_use]
    pub const fn number(self, n: usize) -> Self {
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut n = n;
        loop {
            at -= 1;
            digits[at] = b'0' + (n % 10) as u8;
            n /= 10;
            if n == 0 {
                break;
            }
        }
        let (_, digits) = digits.split_at(at);
        match core::str::from_utf8(digits) {
            Ok(s) => self.text(s),
            Err(_) => self,
        }
    }

    /// The text so far.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let (bytes, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(bytes) {
            Ok(s) => s,
            Err(_) => "",
        }
    }
}
