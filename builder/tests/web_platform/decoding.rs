//! Text in the encodings of Japan, held against `encoding_rs`: every character, every
//! pair of bytes, every switch between sets, and what only chance comes upon.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP};
use libtest_mimic::Failed;

/// What stands between two sequences, and is text in every state.
const END: &[u8] = b"\x1b(B\n";

/// How long the pieces are that the bytes come in; 0 for all at once.
const PIECES: [usize; 4] = [0, 1, 2, 7];

/// `decode` is given an encoding's name, the length of pieces and bytes, and gives text.
///
/// # Errors
/// If a text is another, with where it begins to be.
pub fn as_the_standard(
    decode: impl Fn(&str, usize, &[u8]) -> Result<String, Failed>,
) -> Result<(), Failed> {
    for (encoding, bytes) in [(EUC_JP, euc_jp()), (ISO_2022_JP, iso_2022_jp())] {
        for pieces in PIECES {
            let text = decode(encoding.name(), pieces, &bytes)?;
            compare(encoding, pieces, &bytes, &text)?;
        }
    }
    Ok(())
}

fn compare(
    encoding: &'static Encoding,
    pieces: usize,
    bytes: &[u8],
    text: &str,
) -> Result<(), Failed> {
    let (expected, _) = encoding.decode_without_bom_handling(bytes);
    let same = text.chars().zip(expected.chars()).take_while(|(one, other)| one == other).count();
    if same == expected.chars().count() && text.len() == expected.len() {
        return Ok(());
    }
    let from = |text: &str| text.chars().skip(same.saturating_sub(8)).take(24).collect::<String>();
    let (text, expected) = (from(text), from(&expected));
    Err(format!("{} in pieces of {pieces}: {text:?} and not {expected:?}", encoding.name()).into())
}

/// Every pair of bytes of which the first is not ASCII, and every three that begin
/// with 0x8f, each followed by a line feed; then what chance gives.
fn euc_jp() -> Vec<u8> {
    let mut bytes = Vec::new();
    for first in 0x80..=0xff {
        for second in 0..=0xff {
            bytes.extend([first, second, b'\n']);
        }
    }
    for second in 0xa1..=0xfe {
        for third in 0..=0xff {
            bytes.extend([0x8f, second, third, b'\n']);
        }
    }
    bytes.extend(chance(&[0x8e, 0x8f, 0xa1, 0xa4, 0xdf, 0xfe, 0xff, 0x41, 0x80, 0xb0], 20_000));
    bytes.push(0x8f);
    bytes
}

/// Every three bytes that may switch, with text behind them; every pair in the sets of
/// two bytes; every byte in those of one; then what chance gives.
fn iso_2022_jp() -> Vec<u8> {
    let mut bytes = Vec::new();
    for second in [b'$', b'(', b'A', 0x1b] {
        for third in 0..=0xff {
            bytes.extend([0x1b, second, third, b'$', b'"', 0x5c, 0x7e]);
            bytes.extend(END);
        }
    }
    bytes.extend(b"\x1b$B");
    for first in 0x20..=0x7f {
        for second in 0x20..=0x7f {
            bytes.extend([first, second]);
        }
    }
    for set in [b"\x1b$B", b"\x1b$@", b"\x1b(B", b"\x1b(I", b"\x1b(J"] {
        for byte in 0..=0xff {
            bytes.extend(set);
            bytes.extend([byte, b'!']);
            bytes.extend(END);
        }
    }
    bytes.extend(chance(b"\x1b\x1b\x1b$$((BJI@!~\\A\n\x0e\x80", 20_000));
    bytes.extend(b"\x1b$");
    bytes
}

/// Bytes out of a few, by a generator that gives the same ones each time.
fn chance(of: &[u8], count: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize
    };
    std::iter::repeat_with(|| of[next() % of.len()]).take(count).collect()
}
