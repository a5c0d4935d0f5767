//! Counts words.

use std::collections::HashMap;

/// How many of the most frequent words are told.
const TOP: usize = 20;

/// The words of a text that comes in pieces: runs of ASCII letters,
/// apostrophes and bytes from 0x80 up, with ASCII letters in lower case.
#[derive(Default)]
pub struct Words {
    counts: HashMap<Vec<u8>, u64>,
    total: u64,
    /// The word that the last piece ended in.
    current: Vec<u8>,
}

impl Words {
    pub fn take(&mut self, piece: &[u8]) {
        for byte in piece {
            match byte {
                b'a'..=b'z' | b'\'' | 0x80.. => self.current.push(*byte),
                b'A'..=b'Z' => self.current.push(byte.to_ascii_lowercase()),
                _ => self.end_of_word(),
            }
        }
    }

    fn end_of_word(&mut self) {
        if self.current.is_empty() {
            return;
        }
        self.total += 1;
        match self.counts.get_mut(&self.current) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(self.current.clone(), 1);
            }
        }
        self.current.clear();
    }

    /// What was counted. No word holds a character that JSON would escape.
    pub fn json(mut self) -> String {
        self.end_of_word();
        let distinct = self.counts.len();
        let mut counts: Vec<(Vec<u8>, u64)> = self.counts.into_iter().collect();
        counts.sort_unstable_by(|(a, many), (b, others)| others.cmp(many).then(a.cmp(b)));
        let top: Vec<String> = counts
            .iter()
            .take(TOP)
            .map(|(word, count)| format!("[\"{}\",{count}]", String::from_utf8_lossy(word)))
            .collect();
        let (total, top) = (self.total, top.join(","));
        format!("{{\"words\":{total},\"distinct\":{distinct},\"top\":[{top}]}}\n")
    }
}
