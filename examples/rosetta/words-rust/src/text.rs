//! Encodings of text.

/// Checks that a text which comes in pieces is UTF-8.
#[derive(Default)]
pub struct Utf8 {
    /// The beginning of a character whose end is in the next piece.
    begun: Vec<u8>,
    invalid: bool,
}

impl Utf8 {
    pub fn take(&mut self, mut piece: &[u8]) {
        while !self.begun.is_empty() && !piece.is_empty() && !self.invalid {
            self.begun.push(piece[0]);
            piece = &piece[1..];
            let begun = std::mem::take(&mut self.begun);
            self.check(&begun);
        }
        if !self.invalid {
            self.check(piece);
        }
    }

    fn check(&mut self, bytes: &[u8]) {
        if let Err(error) = std::str::from_utf8(bytes) {
            match error.error_len() {
                Some(_) => self.invalid = true,
                None => self.begun = bytes[error.valid_up_to()..].to_vec(),
            }
        }
    }

    /// Whether the text is UTF-8 if it ends here.
    pub fn is_valid(&self) -> bool {
        !self.invalid && self.begun.is_empty()
    }
}

/// The text with `%41` as `A`; what is no such escape stays as it is.
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
