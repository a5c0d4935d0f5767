//! Query values: percent-decoded to raw bytes.

use isospin::http::Uri;

/// The pairs of the query, in their order.
pub fn pairs(uri: &Uri) -> Vec<(String, Vec<u8>)> {
    let query = uri.query().unwrap_or("");
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (String::from_utf8_lossy(&decode(name)).into_owned(), decode(value))
        })
        .collect()
}

/// The first value of that name.
pub fn value(uri: &Uri, name: &str) -> Option<Vec<u8>> {
    pairs(uri).into_iter().find_map(|(found, value)| (found == name).then_some(value))
}

/// All values of that name as text.
pub fn texts(uri: &Uri, name: &str) -> Vec<String> {
    pairs(uri)
        .into_iter()
        .filter(|(found, _)| found == name)
        .map(|(_, value)| String::from_utf8_lossy(&value).into_owned())
        .collect()
}

fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while position < bytes.len() {
        let escaped = match bytes.get(position..position + 3) {
            Some([b'%', high, low]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                decoded.push(high * 16 + low);
                position += 3;
            }
            None => {
                decoded.push(bytes[position]);
                position += 1;
            }
        }
    }
    decoded
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Every byte outside `0x21..=0x7e`, and `%`, as `%` and two digits.
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'%' => text.push_str("%25"),
            0x21..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
