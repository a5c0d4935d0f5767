//! A book-sized text of our own making, and its words counted another way.

use std::collections::HashMap;
use std::fmt::Write;

const SYLLABLES: &[&str] = &[
    "an", "be", "co", "du", "el", "fi", "go", "hu", "is", "ja", "ki", "lo", "mü", "né", "ör", "pa",
];

/// About `size` bytes of made-up prose: always the same. Short words are
/// frequent, as in a language; some hold apostrophes, capitals and letters
/// beyond ASCII.
pub fn book(size: usize) -> String {
    let mut text = String::with_capacity(size + 64);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |limit: u64| {
        // xorshift64 (Marsaglia, 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % limit
    };
    let mut sentence = 0;
    while text.len() < size {
        let length = 1 + next(3).min(next(4));
        let mut word: String = (0..length)
            .map(|_| SYLLABLES[next(SYLLABLES.len() as u64).min(next(16)) as usize])
            .collect();
        if sentence == 0
            && let Some(first) = word.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
        if next(50) == 0 {
            word.push_str("'s");
        }
        sentence += 1;
        let end = match next(12) {
            0 => ", ",
            1 if sentence > 4 => {
                sentence = 0;
                ".\n"
            }
            _ => " ",
        };
        text.push_str(&word);
        text.push_str(end);
    }
    text
}

/// What every language must answer for `text`, by way of a plain hash map.
pub fn expected(text: &str) -> String {
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'\'' || *byte >= 0x80;
    let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut total = 0_u64;
    for word in text.as_bytes().split(|byte| !is_word(byte)).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_ascii_lowercase()).or_default() += 1;
        total += 1;
    }
    let mut sorted: Vec<(&Vec<u8>, &u64)> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let mut json = format!("{{\"words\":{total},\"distinct\":{},\"top\":[", counts.len());
    for (index, (word, count)) in sorted.iter().take(20).enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(json, "{comma}[\"{}\",{count}]", std::str::from_utf8(word).unwrap()).unwrap();
    }
    json.push_str("]}\n");
    json
}
