//! Bytes as cases write them, and as reports show them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes: text, text with escapes, a pattern of any length, or a list of these one after the other.
///
/// `${upstream.NAME}` in a text stands for the address of an upstream server of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "bytes are a text, { escaped = \"%E9\" }, { generated = N }, { repeat = \"text\", times = N } or a list of these"
)]
pub enum Data {
    /// The text in UTF-8.
    Text(String),
    /// Text in which `%` and two hexadecimal digits stand for one byte.
    Escaped(Escaped),
    /// So many bytes; byte i is `i mod 251`.
    Generated(Generated),
    /// The text so many times.
    Repeat(Repeat),
    /// One after the other.
    List(Vec<Data>),
}

/// See [`Data::Escaped`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escaped {
    pub escaped: String,
}

/// See [`Data::Generated`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    pub generated: usize,
}

/// See [`Data::Repeat`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    pub repeat: String,
    pub times: usize,
}

/// What `${...}` may stand for: `upstream.NAME` and the address of that server.
pub type Variables = BTreeMap<String, String>;

/// The most bytes that one [`Data`] may stand for.
const LIMIT: usize = 256 << 20;

impl Default for Data {
    fn default() -> Data {
        Data::Text(String::new())
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Data {
        Data::Text(text.to_owned())
    }
}

impl Data {
    /// The bytes, with variables filled in.
    ///
    /// # Errors
    /// If an escape is malformed, a variable is unknown, or the length is beyond reason.
    pub fn bytes(&self, variables: &Variables) -> Result<Vec<u8>> {
        Ok(match self {
            Data::Text(text) => substitute(text, variables)?.into_bytes(),
            Data::Escaped(Escaped { escaped }) => unescape(&substitute(escaped, variables)?)?,
            Data::Generated(Generated { generated }) => pattern(bounded(*generated)?),
            Data::Repeat(Repeat { repeat, times }) => {
                let unit = substitute(repeat, variables)?;
                bounded(unit.len().saturating_mul(*times))?;
                unit.repeat(*times).into_bytes()
            }
            Data::List(parts) => {
                let mut bytes = Vec::new();
                for part in parts {
                    bytes.extend(part.bytes(variables)?);
                    bounded(bytes.len())?;
                }
                bytes
            }
        })
    }
}

fn bounded(length: usize) -> Result<usize> {
    if length > LIMIT {
        bail!("{length} bytes are more than a case may send or expect ({LIMIT})");
    }
    Ok(length)
}

/// The bytes of `/bytes/N` and of `generated = N`: byte i is `i mod 251`.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

/// Fills in `${name}`.
fn substitute(text: &str, variables: &Variables) -> Result<String> {
    let mut rest = text;
    let mut filled = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            bail!("`${{` without a `}}` in {text:?}");
        };
        match variables.get(name) {
            Some(value) => filled.push_str(value),
            None => bail!(
                "`${{{name}}}` stands for nothing; an upstream server is `${{upstream.NAME}}`"
            ),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// `%` and two hexadecimal digits become one byte.
///
/// # Errors
/// If `%` is followed by anything else.
pub fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|_| !after.starts_with(b"+"))
        {
            Some(byte) => bytes.push(byte),
            None => bail!("`%` must be followed by two hexadecimal digits in {text:?}"),
        }
        rest = &after[2..];
    }
    Ok(bytes)
}

/// Bytes as a person reads them in a report: printable ASCII as it is, the rest as `\n`, `\r`, `\t` or `\xHH`.
pub fn show(bytes: &[u8]) -> String {
    const SHOWN: usize = 600;
    let mut text = show_all(&bytes[..bytes.len().min(SHOWN)]);
    if bytes.len() > SHOWN {
        text.push_str(&format!(" ... ({} bytes in all)", bytes.len()));
    }
    text
}

/// As [`show`], however long it gets.
pub fn show_all(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            0x20..=0x7e => text.push(byte as char),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}

/// The SHA-256 digest in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_data_gives_its_bytes() {
        let variables = Variables::from([("upstream.a".to_owned(), "127.0.0.1:9".to_owned())]);
        let bytes = |data: Data| {
            data.bytes(&variables).map(|bytes| show(&bytes)).map_err(|error| error.to_string())
        };
        assert_eq!(bytes("http://${upstream.a}/x".into()), Ok("http://127.0.0.1:9/x".into()));
        assert_eq!(
            bytes(Data::Escaped(Escaped { escaped: "caf%E9%0a".into() })),
            Ok("caf\\xe9\\n".into())
        );
        assert_eq!(
            bytes(Data::Repeat(Repeat { repeat: "ab".into(), times: 3 })),
            Ok("ababab".into())
        );
        assert_eq!(bytes(Data::List(vec!["a".into(), "b".into()])), Ok("ab".into()));
        assert_eq!(pattern(252)[250..], [250, 0]);
        assert!(bytes("${upstream.b}".into()).is_err());
        assert!(bytes("${upstream.a".into()).is_err());
        assert!(bytes(Data::Escaped(Escaped { escaped: "%f".into() })).is_err());
        assert!(bytes(Data::Escaped(Escaped { escaped: "%+1".into() })).is_err());
        assert!(bytes(Data::Repeat(Repeat { repeat: "ab".into(), times: usize::MAX })).is_err());
    }
}
