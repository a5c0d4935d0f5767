//! Tables for the encodings of before Unicode that a bundle names, as a module for
//! the prelude's `legacy.js`. Those of all of them would be larger than the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use encoding_rs::{
    EUC_JP, Encoding, GB18030, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1252,
};
use serde::Serialize;

/// Every decoder has these.
const ALWAYS: [&Encoding; 4] = [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252];

/// What decodes nothing at all: the standard's decoder refuses its labels.
const NEVER: &Encoding = REPLACEMENT;

/// What the prelude's `japanese.js` reads with two tables of its own.
const JAPANESE: [&Encoding; 2] = [EUC_JP, ISO_2022_JP];

/// Labels of encodings are not longer.
const LONGEST_LABEL: usize = 24;

/// In the place of what there is not, and of what another table has.
const NONE: char = '\u{fffd}';
const OTHER: char = '\u{fffe}';

const LEADS: RangeInclusive<u8> = 0x81..=0xfe;
const TRAILS: RangeInclusive<u8> = 0x40..=0xfe;

/// Numbers of GB18030's four bytes below which a table is needed.
const FOURS: u16 = 39420;

#[derive(Default, Serialize)]
struct Table {
    /// What the bytes from 0x80 are when they stand alone; [`OTHER`] if they do not.
    bytes: String,
    /// What each lead and trail are.
    #[serde(skip_serializing_if = "String::is_empty")]
    pairs: String,
    /// The places of pairs that are two units of UTF-16, and these units.
    at: String,
    text: String,
    /// Where a range of four bytes begins, and with which character.
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    to: String,
}

/// The module with the tables, if the bundle decodes text and names such an encoding
/// in quotes, by any of its labels.
pub fn tables(bundle: &str) -> Option<String> {
    if !bundle.contains("TextDecoder") {
        return None;
    }
    let mut labels = BTreeMap::new();
    let mut encodings = BTreeMap::new();
    let mut japanese = BTreeSet::new();
    for word in bundle.split(['"', '\'', '`']).filter(|word| word.len() <= LONGEST_LABEL) {
        let Some(encoding) = Encoding::for_label(word.as_bytes()) else { continue };
        if ALWAYS.contains(&encoding) || encoding == NEVER {
            continue;
        }
        let name = encoding.name().to_ascii_lowercase();
        labels.insert(word.trim_ascii().to_ascii_lowercase(), name.clone());
        labels.insert(name.clone(), name.clone());
        if JAPANESE.contains(&encoding) {
            japanese.insert(encoding.name());
        } else {
            encodings.entry(name).or_insert_with(|| table(encoding));
        }
    }
    if labels.is_empty() {
        return None;
    }
    let labels = serde_json::to_string(&labels).ok()?;
    let encodings = serde_json::to_string(&encodings).ok()?;
    let jis0208 = square(&[], !japanese.is_empty());
    let jis0212 = square(&[0x8f], japanese.contains(EUC_JP.name()));
    Some(format!(
        "export const labels = {labels};\nexport const encodings = {encodings};\n\
         export const jis0208 = \"{jis0208}\";\nexport const jis0212 = \"{jis0212}\";\n"
    ))
}

/// The 94 rows of 94 characters that EUC-JP has behind `prefix`, if they are `wanted`.
/// None of the characters has a meaning in a string of JavaScript.
fn square(prefix: &[u8], wanted: bool) -> String {
    let rows = (0xa1..=0xfe).take_while(|_| wanted);
    let places = rows.flat_map(|row| (0xa1..=0xfe).map(move |column| [row, column]));
    places
        .map(|place| decode(EUC_JP, &[prefix, &place].concat()))
        .map(|text| text.and_then(|text| text.chars().next()).unwrap_or(NONE))
        .collect()
}

fn table(encoding: &'static Encoding) -> Table {
    let mut table = Table::default();
    table.bytes.extend((0x80..=0xff).map(|byte| alone(encoding, byte)));
    if encoding.is_single_byte() {
        return table;
    }
    let mut places = 0_u16..;
    for (lead, trail) in LEADS.flat_map(|lead| TRAILS.map(move |trail| (lead, trail))) {
        let text = match alone(encoding, lead) {
            OTHER => decode(encoding, &[lead, trail]),
            _ => None,
        };
        let place = places.next().map(u32::from).and_then(char::from_u32);
        let mut characters = text.as_deref().unwrap_or_default().chars();
        match (characters.next(), characters.next()) {
            (None, _) => table.pairs.push(NONE),
            (Some(only), None) if only.len_utf16() == 1 => table.pairs.push(only),
            _ => {
                table.pairs.push(OTHER);
                table.at.extend(place);
                table.text.extend(text);
            }
        }
    }
    if [GBK, GB18030].contains(&encoding) {
        add_fours(&mut table);
    }
    table
}

/// The ranges of four bytes in which characters follow each other.
fn add_fours(table: &mut Table) {
    let mut expected = None;
    for number in 0..FOURS {
        let digits =
            [(number / 12600, 0x81), (number / 1260 % 10, 0x30), (number / 10 % 126, 0x81)];
        let mut bytes = [0; 4];
        for (byte, (digit, first)) in
            bytes.iter_mut().zip(digits.into_iter().chain([(number % 10, 0x30)]))
        {
            *byte = u8::try_from(digit).unwrap_or_default() + first;
        }
        let found = decode(GB18030, &bytes).and_then(|text| text.chars().next());
        if found.is_some() && found != expected {
            table.from.extend(char::from_u32(number.into()));
            table.to.extend(found);
        }
        expected = found.and_then(|found| char::from_u32(u32::from(found) + 1));
    }
}

/// What a byte is without another.
fn alone(encoding: &'static Encoding, byte: u8) -> char {
    if let Some(text) = decode(encoding, &[byte]) {
        return text.chars().next().unwrap_or(NONE);
    }
    // A lead takes with it what can be no trail.
    let bytes = [byte, 0xff];
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    if text.chars().count() == 1 && !encoding.is_single_byte() { OTHER } else { NONE }
}

fn decode(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_has_a_table() {
        assert_eq!(tables("new TextDecoder()"), None);
        assert_eq!(tables("new TextDecoder('utf-8')"), None);
        assert_eq!(tables("'koi8-r'"), None);
        let module = tables("new TextDecoder('sjis')").unwrap();
        assert!(module.contains(r#"{"shift_jis":"shift_jis","sjis":"shift_jis"}"#));
        assert!(!module.contains("koi8-r"));
    }

    #[test]
    fn the_two_of_japan_share_a_table() {
        let module = tables("new TextDecoder('iso-2022-jp')").unwrap();
        assert!(module.contains("encodings = {};") && module.contains("jis0212 = \"\""));
        assert_eq!(square(&[], true).encode_utf16().count(), 94 * 94);
        assert_eq!(square(&[0x8f], true).encode_utf16().count(), 94 * 94);
        assert!(!square(&[], true).contains(['"', '\\', '\n', '\r']));
        assert!(tables("new TextDecoder('x-euc-jp')").unwrap().contains(r#""x-euc-jp":"euc-jp""#));
    }

    #[test]
    fn each_table_has_every_place() {
        for name in ["koi8-r", "shift_jis", "big5", "euc-kr", "gb18030", "x-user-defined"] {
            let table = table(Encoding::for_label(name.as_bytes()).unwrap());
            assert_eq!(table.bytes.chars().count(), 128, "{name}");
            let pairs = table.pairs.encode_utf16().count();
            assert_eq!(pairs, if table.pairs.is_empty() { 0 } else { 126 * 191 }, "{name}");
            assert_eq!(2 * table.at.chars().count(), table.text.encode_utf16().count(), "{name}");
            assert_eq!(table.from.chars().count(), table.to.chars().count(), "{name}");
        }
    }
}
