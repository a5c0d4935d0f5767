//! Header fields between the world and the `http` crate.

use http::{HeaderMap, HeaderName, HeaderValue};
use wasip2::http::types::{Fields, HeaderError};

use crate::logging::say;

/// Takes the fields over, repeats in their order. Fields that HTTP does not
/// allow are left out; a host does not let any through.
pub(super) fn read(fields: &Fields) -> HeaderMap {
    let entries = fields.entries();
    let mut map = HeaderMap::with_capacity(entries.len());
    for (name, value) in entries {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_maybe_shared(bytes::Bytes::from(value));
        if let (Ok(name), Ok(value)) = (name, value) {
            map.append(name, value);
        }
    }
    map
}

/// Makes fields of the map. Those that are the host's own business, such as
/// `connection` or `transfer-encoding`, are left out.
pub(super) fn write(map: &HeaderMap) -> Fields {
    let fields = Fields::new();
    for (name, value) in map {
        match fields.append(name.as_str(), value.as_bytes()) {
            Ok(()) | Err(HeaderError::Forbidden) => {}
            Err(_) => say(&["the host does not take the header field `", name.as_str(), "`"]),
        }
    }
    fields
}
